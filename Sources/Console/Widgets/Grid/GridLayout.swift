/// Where a grid's columns lie in a width.
struct GridLayout: Equatable, Sendable {
  /// A column that is seen.
  struct Column: Equatable, Sendable {
    /// Its place in the grid's columns.
    var index: Int
    /// Its first cell, from the grid's left edge.
    var start: Int
    var width: Int
    var isFrozen: Bool
  }

  var columns: [Column] = []
  /// The first column that scrolls; it may differ from the grid's own when the cursor wants it.
  var left = 0
  /// Where a line parts the frozen columns from the others.
  var divider: Int?
  /// How many columns lie beyond the edges.
  var before = 0
  var after = 0

  /// Room for the mark of a row.
  static let gutter = 2
  static let gap = 2
}

extension Grid {
  /// The frozen columns that half the width holds.
  private func frozen(room: Int) -> [Int] {
    var left = room / 2 - GridLayout.gutter
    var taken: [Int] = []
    for index in shownColumns where columns[index].isFrozen {
      left -= columns[index].width + (taken.isEmpty ? 0 : GridLayout.gap)
      guard left >= 0 else { break }
      taken.append(index)
    }
    return taken
  }

  /// The shown columns as they lie from left to right: the frozen ones first.
  func displayOrder(room: Int) -> [Int] {
    let frozen = frozen(room: room)
    return frozen + shownColumns.filter { !frozen.contains($0) }
  }

  /// Where the columns lie, so that the one under the cursor is seen.
  func layout(room: Int) -> GridLayout {
    var layout = GridLayout()
    let frozen = frozen(room: room)
    let widths = widths(room: room, hasDivider: !frozen.isEmpty)
    var place = GridLayout.gutter
    for index in frozen {
      let width = widths[index]
      layout.columns.append(.init(index: index, start: place, width: width, isFrozen: true))
      place += width + GridLayout.gap
    }
    if !frozen.isEmpty {
      layout.divider = place - 1
      place += 1
    }
    let scrolling = shownColumns.filter { !frozen.contains($0) }
    let first = firstScrolling(scrolling, room: room - place)
    layout.left = scrolling.indices.contains(first) ? scrolling[first] : 0
    layout.before = first
    for (offset, index) in scrolling.dropFirst(first).enumerated() {
      let width = min(widths[index], room - place)
      // A number is seen whole, or one scrolls to it.
      let mayBeCut = offset == 0 || !columns[index].mustBeWhole
      guard width == widths[index] || (mayBeCut && width >= GridColumn.leastWidth) else {
        layout.after = scrolling.count - first - offset
        break
      }
      layout.columns.append(.init(index: index, start: place, width: width, isFrozen: false))
      place += widths[index] + GridLayout.gap
    }
    return layout
  }

  /// The columns' widths: where all of them fit, those that cut values share the room that is left.
  private func widths(room: Int, hasDivider: Bool) -> [Int] {
    var widths = columns.map(\.width)
    let shown = shownColumns
    let taken = shown.reduce(GridLayout.gutter + (hasDivider ? 1 : 0)) { $0 + widths[$1] }
    var spare = room - taken - GridLayout.gap * max(0, shown.count - 1)
    // Those that lack least first: what they leave goes to the others.
    let cut = shown.filter { !columns[$0].isWidthChosen && columns[$0].fullWidth > widths[$0] }
      .sorted { columns[$0].fullWidth - widths[$0] < columns[$1].fullWidth - widths[$1] }
    for (place, index) in cut.enumerated() where spare > 0 {
      let more = min(columns[index].fullWidth - widths[index], spare / (cut.count - place))
      widths[index] += more
      spare -= more
    }
    return widths
  }

  /// The first scrolling column, by its place among them: `left`, moved as far as needed.
  private func firstScrolling(_ scrolling: [Int], room: Int) -> Int {
    guard !scrolling.isEmpty else { return 0 }
    var first = scrolling.firstIndex { $0 >= left } ?? scrolling.count - 1
    let widths = scrolling.map { columns[$0].width + GridLayout.gap }
    while first > 0,
      widths[(first - 1)...].reduce(0, +) - GridLayout.gap <= room
    { first -= 1 }
    guard let cursor = scrolling.firstIndex(of: column) else { return first }
    if cursor < first { return cursor }
    while first < cursor, widths[first...cursor].reduce(0, +) - GridLayout.gap > room { first += 1 }
    return first
  }
}
