import Warehouse

extension SourcesScreen {
  mutating func turn(_ step: Int, _ context: Context) {
    let parts = parts(context)
    guard let index = parts.firstIndex(of: focus) else {
      focus = parts.first ?? .files
      return
    }
    focus = parts[(index + step + parts.count) % parts.count]
  }

  mutating func move(_ movement: Movement, _ context: Context) {
    let height = height(of: focus, context)
    switch focus {
    case .sources: show(movement.isBackward ? .events : .songs)
    case .files:
      known[kind]?.files.move(movement, height: height)
    case .buckets: walk?.move(movement, height: height)
    case .record: scrollRecord(movement.rows(height: height), context)
    case .fields: fields.move(movement, count: profileFields.count, height: height)
    case .refusals: refusals.move(movement, count: profileRefusals.count, height: height)
    }
  }

  /// Shows another source.
  private mutating func show(_ kind: SourceKind) {
    guard kind != self.kind else { return }
    self.kind = kind
    record.close()
    (fields, refusals) = (ListPosition(), ListPosition())
  }

  private mutating func scrollRecord(_ rows: Int, _ context: Context) {
    let room = recordRoom(context)
    let count = TextPane.broken(recordLines(context), columns: room.columns).count
    record.top = min(max(0, record.top + rows), max(0, count - room.rows))
  }

  mutating func click(_ pane: Pane, _ item: Int?, _ context: Context) -> Bool {
    guard let part = Part.allCases.first(where: { $0.pane == pane }) else { return false }
    let wasFocused = focus == part
    focus = part
    guard let item else { return false }
    let height = height(of: part, context)
    switch part {
    case .sources:
      let isShown = SourceKind.allCases.firstIndex(of: kind) == item
      if SourceKind.allCases.indices.contains(item) { show(SourceKind.allCases[item]) }
      return wasFocused && isShown
    case .files:
      let wasSelected = source.files.position.selected == item
      known[kind]?.files.choose(item, height: height)
      return wasFocused && wasSelected
    case .buckets:
      let wasSelected = walk?.level.position.selected == item
      walk?.choose(item, height: height)
      return wasFocused && wasSelected
    case .record: return false
    case .fields:
      let wasSelected = fields.selected == item
      fields.select(item, count: profileFields.count, height: height)
      return wasFocused && wasSelected
    case .refusals:
      let wasSelected = refusals.selected == item
      refusals.select(item, count: profileRefusals.count, height: height)
      return wasFocused && wasSelected
    }
  }

  mutating func scroll(_ pane: Pane, _ rows: Int, _ context: Context) {
    guard let part = Part.allCases.first(where: { $0.pane == pane }) else { return }
    let height = height(of: part, context)
    switch part {
    case .sources: break
    case .files:
      known[kind]?.files.scroll(rows, height: height)
    case .buckets: walk?.scroll(rows, height: height)
    case .record: scrollRecord(rows, context)
    case .fields: fields.scroll(rows, count: profileFields.count, height: height)
    case .refusals: refusals.scroll(rows, count: profileRefusals.count, height: height)
    }
  }
}

extension Movement {
  fileprivate var isBackward: Bool {
    switch self {
    case .up, .pageUp, .halfPageUp, .first: true
    case .down, .pageDown, .halfPageDown, .last: false
    }
  }

  /// The rows that a text scrolls by.
  fileprivate func rows(height: Int) -> Int {
    switch self {
    case .up: -1
    case .down: 1
    case .pageUp: -max(1, height - 1)
    case .pageDown: max(1, height - 1)
    case .halfPageUp: -max(1, height / 2)
    case .halfPageDown: max(1, height / 2)
    case .first: -1_000_000
    case .last: 1_000_000
    }
  }
}
