/// A step through a list or a text.
enum Movement: String, Hashable, CaseIterable, Sendable {
  case up, down, pageUp, pageDown, halfPageUp, halfPageDown, first, last
}

extension Movement {
  /// The movement of a key that is no text; nil for others.
  init?(_ key: Key) {
    switch key {
    case .up: self = .up
    case .down: self = .down
    case .pageUp: self = .pageUp
    case .pageDown: self = .pageDown
    default: return nil
    }
  }
}

/// Which item of a list is selected, and which is the topmost on the screen.
struct ListPosition: Equatable, Sendable {
  private(set) var selected = 0
  private(set) var top = 0

  /// Moves the selection, and the list below it only as far as needed.
  mutating func move(_ movement: Movement, count: Int, height: Int) {
    let page = max(1, height - 1)
    switch movement {
    case .up: select(selected - 1, count: count, height: height)
    case .down: select(selected + 1, count: count, height: height)
    case .pageUp: scrollAndSelect(-page, count: count, height: height)
    case .pageDown: scrollAndSelect(page, count: count, height: height)
    case .halfPageUp: scrollAndSelect(-max(1, height / 2), count: count, height: height)
    case .halfPageDown: scrollAndSelect(max(1, height / 2), count: count, height: height)
    case .first: select(0, count: count, height: height)
    case .last: select(count - 1, count: count, height: height)
    }
  }

  /// Selects an item, or the nearest that there is.
  mutating func select(_ index: Int, count: Int, height: Int) {
    selected = min(max(0, index), max(0, count - 1))
    top = firstRow(count: count, height: height)
  }

  /// Moves the list below the selection by so many rows, as a wheel does.
  mutating func scroll(_ rows: Int, count: Int, height: Int) {
    guard height > 0 else { return }
    top = min(max(0, firstRow(count: count, height: height) + rows), max(0, count - height))
    selected = min(max(selected, top), max(0, min(top + height, count) - 1))
  }

  private mutating func scrollAndSelect(_ rows: Int, count: Int, height: Int) {
    top = min(max(0, top + rows), max(0, count - height))
    select(selected + rows, count: count, height: height)
  }

  /// The topmost row for a list of this length on this height: `top`, moved as far as needed to
  /// show the selection and no emptiness.
  func firstRow(count: Int, height: Int) -> Int {
    guard height > 0 else { return 0 }
    let selected = selection(count: count)
    var first = min(top, max(0, count - height))
    if selected < first { first = selected }
    if selected >= first + height { first = selected - height + 1 }
    return max(0, first)
  }

  /// The selected place in a list that may have become shorter.
  func selection(count: Int) -> Int { min(selected, max(0, count - 1)) }
}
