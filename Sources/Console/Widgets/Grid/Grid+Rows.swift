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
    missedRows = nil
    setRows(rows)
    widen(for: rows)
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
    widen(for: more)
    extent.hasAfter = hasAfter
    let excess = min(rows.count - Grid.windowLimit, top - height)
    if excess > 0 { dropFirst(excess) }
    payOwed(height: height)
    if !hasAfter { takeEnd() }
  }

  /// Adds the rows that stand before, and forgets those far below.
  mutating func prepend(_ more: [[String?]], hasBefore: Bool, height: Int) {
    setRows(more + rows)
    widen(for: more)
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

  /// Adds rows of a result that is still coming, all of which are held. Its first row comes alone,
  /// so that widths follow as long as few are here.
  mutating func takeStream(_ more: [[String?]]) {
    let isYoung = rows.count < Grid.sampleSize
    changeRows { $0 += more }
    if isYoung { takeSample() }
    widen(for: more)
  }

  /// Puts rows in the place of those from a place on, and behind them: those of a stream that began
  /// anew.
  mutating func overwrite(from offset: Int, with more: [[String?]], height: Int) {
    changeRows { rows in
      let start = min(max(0, offset), rows.count)
      rows.replaceSubrange(start..<min(rows.count, start + more.count), with: more)
    }
    widen(for: more)
    payOwed(height: height)
  }

  /// Makes columns of numbers and times as wide as the widest of some values: a part of a number
  /// would be another number. Text may be cut, as that is seen.
  private mutating func widen(for more: [[String?]]) {
    setColumns { columns in
      for index in columns.indices where columns[index].mustBeWhole && !columns[index].isWidthChosen
      {
        let column = columns[index]
        let values = more.lazy.map { row in
          row.indices.contains(column.source) ? row[column.source].map(column.text) : nil
        }
        columns[index].width = max(
          column.width, Grid.width(of: values, cap: GridColumn.greatestWidth))
      }
    }
  }

  /// Widths from the first rows, for the columns whose width nobody chose.
  mutating func takeSample() {
    let sample = rows.prefix(Grid.sampleSize)
    setColumns { columns in
      for index in columns.indices where !columns[index].isWidthChosen {
        let column = columns[index]
        let widest = Grid.width(
          of: sample.lazy.map { row in
            row.indices.contains(column.source) ? row[column.source].map(column.text) : nil
          }, cap: GridColumn.greatestWidth)
        let cap = column.mustBeWhole ? GridColumn.greatestWidth : GridColumn.sampleCap
        let title = min(column.titleWidth, GridColumn.sampleCap)
        columns[index].width = max(GridColumn.leastWidth, title, min(widest, cap))
        columns[index].fullWidth = max(column.titleWidth, widest)
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
}
