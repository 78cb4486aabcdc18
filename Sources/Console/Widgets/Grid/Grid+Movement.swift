extension Grid {
  /// How many rows fit into a place: all but the header's.
  static func height(in place: Rect) -> Int { max(0, place.rows - 1) }

  /// What it would like to hold: rows within a page of what is seen, which are not there yet.
  func need(in place: Rect) -> GridNeed? {
    let height = Grid.height(in: place)
    let first = firstRow(height: height)
    if extent.hasAfter, owed > 0 || rows.count - (first + height) < 2 * height { return .after }
    if extent.hasBefore, owed < 0 || first < 2 * height { return .before }
    return nil
  }

  /// Moves the cursor up or down.
  ///
  /// - Returns: the end of the table that it wants to go to, when that is not held.
  mutating func move(_ movement: Movement, in place: Rect) -> GridNeed? {
    let height = Grid.height(in: place)
    let page = max(1, height - 1)
    switch movement {
    case .up: step(-1, height: height)
    case .down: step(1, height: height)
    case .pageUp: turn(-page, height: height)
    case .pageDown: turn(page, height: height)
    case .halfPageUp: turn(-max(1, height / 2), height: height)
    case .halfPageDown: turn(max(1, height / 2), height: height)
    case .first:
      setOwed(0)
      if extent.hasBefore { return .first }
      select(row: 0, height: height)
    case .last:
      setOwed(0)
      if extent.hasAfter { return .last }
      select(row: rows.count - 1, height: height)
    }
    return nil
  }

  /// Moves the cursor by so many rows. What lies beyond the rows held is owed, some pages at most,
  /// so that a held key does not run on for long after it was let go.
  mutating func step(_ count: Int, height: Int) {
    let wanted = row + count
    select(row: wanted, height: height)
    let missing = wanted - row
    let isOwed = missing > 0 ? extent.hasAfter : missing < 0 && extent.hasBefore
    setOwed(isOwed ? min(max(owed + missing, -4 * height), 4 * height) : 0)
  }

  private mutating func turn(_ count: Int, height: Int) {
    let before = row
    setTop(firstRow(height: height) + count, height: height)
    step(count - (row - before), height: height)
  }

  /// Scrolls the rows, as a wheel does.
  mutating func scroll(_ count: Int, in place: Rect) {
    let height = Grid.height(in: place)
    setTop(firstRow(height: height) + count, height: height)
  }

  /// Moves the cursor to a neighbouring column that is shown.
  mutating func moveColumn(_ step: Int, in place: Rect) {
    let shown = displayOrder(room: place.columns)
    let current = shown.firstIndex(of: column) ?? 0
    let next = min(max(0, current + step), max(0, shown.count - 1))
    guard shown.indices.contains(next) else { return }
    setColumn(shown[next])
    setLeft(layout(room: place.columns).left)
  }

  /// Moves the cursor to the first or the last column.
  mutating func moveColumn(toEnd isEnd: Bool, in place: Rect) {
    moveColumn(isEnd ? columns.count : -columns.count, in: place)
  }

  /// Puts the cursor on a column; it is shown again when it was hidden.
  mutating func go(toColumn index: Int, in place: Rect) {
    guard columns.indices.contains(index) else { return }
    setColumns { $0[index].isHidden = false }
    setColumn(index)
    setLeft(layout(room: place.columns).left)
  }

  // MARK: The mouse

  /// The number under which a cell is marked in a frame.
  func item(_ row: Int, _ column: Int) -> Int { row * max(1, columns.count) + column }

  /// Takes a click on a cell: whether it was under the cursor already.
  mutating func click(_ item: Int, in place: Rect) -> Bool {
    guard item >= 0, !columns.isEmpty else { return false }
    let (row, column) = item.quotientAndRemainder(dividingBy: columns.count)
    let wasCurrent = row == self.row && column == self.column
    select(row: row, height: Grid.height(in: place))
    go(toColumn: column, in: place)
    return wasCurrent
  }
}
