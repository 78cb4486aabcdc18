import Warehouse

extension Grid {
  /// At most so many rows are held; those farthest from the cursor go first.
  static let windowLimit = 1200
  /// Rows looked at for a column's width.
  private static let sampleSize = 200

  /// Takes other rows of the same columns: another place of the table, another order.
  ///
  /// - Parameter row: which of them the cursor goes to.
  mutating func replace(_ rows: [[String?]], extent: GridExtent, row: Int = 0, height: Int) {
    let wasEmpty = self.rows.isEmpty
    setRows(rows)
    self.extent = extent
    setOwed(0)
    rewind()
    if row >= height { setTop(row - height + 1, height: height) }
    select(row: row, height: height)
    if wasEmpty { takeSample() }
  }

  /// Adds the rows that follow, and forgets those far above.
  mutating func append(_ more: [[String?]], hasAfter: Bool, height: Int) {
    setRows(rows + more)
    extent.hasAfter = hasAfter
    let excess = min(rows.count - Grid.windowLimit, top - height)
    if excess > 0 { dropFirst(excess) }
    payOwed(height: height)
    if !hasAfter { takeEnd() }
  }

  /// Adds the rows that stand before, and forgets those far below.
  mutating func prepend(_ more: [[String?]], hasBefore: Bool, height: Int) {
    setRows(more + rows)
    shift(by: more.count)
    extent.hasBefore = hasBefore
    extent.first = extent.first.map { max(0, $0 - more.count) }
    if !hasBefore { (extent.first, extent.isFirstEstimate) = (0, false) }
    let excess = min(rows.count - Grid.windowLimit, rows.count - top - 2 * height)
    if excess > 0 {
      setRows(Array(rows.dropLast(excess)))
      extent.hasAfter = true
    }
    payOwed(height: height)
  }

  private mutating func dropFirst(_ count: Int) {
    setRows(Array(rows.dropFirst(count)))
    shift(by: -count)
    extent.hasBefore = true
    extent.first = extent.first.map { $0 + count }
  }

  /// At the end an exact number of the first row gives the exact count, and the other way round.
  private mutating func takeEnd() {
    guard let first = extent.first else { return }
    if case .exact(let total) = extent.total, extent.isFirstEstimate {
      (extent.first, extent.isFirstEstimate) = (max(0, total - rows.count), false)
    } else if !extent.isFirstEstimate {
      extent.total = .exact(first + rows.count)
    }
  }

  /// Goes on with the steps that had to wait.
  private mutating func payOwed(height: Int) {
    let steps = owed
    guard steps != 0 else { return }
    setOwed(0)
    step(steps, height: height)
  }

  /// Widths from the first rows, for the columns whose width nobody chose.
  mutating func takeSample() {
    let sample = rows.prefix(Grid.sampleSize)
    setColumns { columns in
      for index in columns.indices where !columns[index].isWidthChosen {
        let source = columns[index].source
        let widest = Grid.width(
          of: sample.lazy.map { $0.indices.contains(source) ? $0[source] : nil },
          cap: GridColumn.sampleCap)
        let title = min(columns[index].titleWidth, GridColumn.sampleCap)
        columns[index].width = max(GridColumn.leastWidth, title, widest)
      }
    }
  }

  /// The cells that the widest of some values takes, up to a cap.
  static func width(of values: some Sequence<String?>, cap: Int) -> Int {
    var widest = 1
    for case .some(let value) in values where widest < cap {
      let text = CellText(value, limit: cap)
      widest = max(widest, text.isCut ? cap : text.width)
    }
    return widest
  }

  /// Arranges the columns as they were in another grid: by their titles.
  mutating func arrange(like other: Grid) {
    let known = Dictionary(other.columns.enumerated().map { ($1.title, ($0, $1)) }) { first, _ in
      first
    }
    setColumns { columns in
      for index in columns.indices {
        guard let (_, old) = known[columns[index].title] else { continue }
        columns[index].isHidden = old.isHidden
        columns[index].isFrozen = old.isFrozen
        columns[index].isWidthChosen = old.isWidthChosen
        if old.isWidthChosen { columns[index].width = old.width }
      }
      // Columns that were not there stay behind those that were.
      let order = columns.enumerated().sorted { left, right in
        let places = (known[left.element.title]?.0, known[right.element.title]?.0)
        return (places.0 ?? .max, left.offset) < (places.1 ?? .max, right.offset)
      }
      columns = order.map(\.element)
      if columns.allSatisfy(\.isHidden) { columns.indices.forEach { columns[$0].isHidden = false } }
    }
    setColumn(shownColumns.first ?? 0)
  }
}
