import Warehouse

/// Rows and columns with a cell cursor, wherever the rows come from: a result in memory, or a
/// window over a table of any size.
///
/// A value: it does nothing by itself. Whoever owns it asks `need` after each move and hands the
/// rows in with `append`, `prepend` or `replace`.
struct Grid: Equatable, Sendable {
  /// In the order in which they are shown.
  private(set) var columns: [GridColumn]
  /// The rows held; each value by its column's `source`. nil is NULL.
  private(set) var rows: [[String?]]
  var extent: GridExtent
  /// The row under the cursor, by its place in `rows`.
  private(set) var row = 0
  /// The column under the cursor, by its place in `columns`.
  private(set) var column = 0
  /// The topmost row.
  private(set) var top = 0
  /// The first column that scrolls.
  private(set) var left = 0
  /// Steps that wait for rows that are not here yet.
  private(set) var owed = 0
  /// Which values tell rows apart; empty where only their numbers do.
  private(set) var keySources: [Int]
  private(set) var marks = GridMarks()
  /// What is looked for in the rows.
  var search = ""
  /// So many rows were here when none contained it; other rows may. nil when one does.
  var missedRows: Int?
  /// What the rows are sorted by, for the arrow in the header.
  var sort: GridSort?

  /// A grid over rows. Widths come from the first of them.
  ///
  /// - Parameter keySources: the columns that tell rows apart, when there are such.
  init(
    columns: [ResultColumn] = [], rows: [[String?]] = [], extent: GridExtent? = nil,
    keySources: [Int] = []
  ) {
    self.columns = columns.enumerated().map { index, column in
      GridColumn(
        title: column.name, kind: column.kind, source: index, width: GridColumn.leastWidth)
    }
    self.rows = rows
    self.extent = extent ?? .all(rows.count)
    self.keySources = keySources
    takeSample()
  }

  /// A grid over a result in memory.
  init(_ result: ResultSet) {
    let count = result.rows.count
    let total: GridExtent.Total = result.isTruncated ? .moreThan(count) : .exact(count)
    self.init(
      columns: result.columns, rows: result.rows, extent: GridExtent(first: 0, total: total))
  }

  // MARK: Looking

  /// The value of a row in one of `columns`; nil for NULL, and for what is not there.
  func value(_ row: Int, _ column: Int) -> String? {
    guard rows.indices.contains(row), columns.indices.contains(column) else { return nil }
    return value(rows[row], columns[column])
  }

  /// The value of a row in a column.
  func value(_ values: [String?], _ column: GridColumn) -> String? {
    values.indices.contains(column.source) ? values[column.source] : nil
  }

  /// Whether there is a cell under the cursor.
  var hasCell: Bool { rows.indices.contains(row) && columns.indices.contains(column) }

  /// The column under the cursor.
  var currentColumn: GridColumn? { columns.indices.contains(column) ? columns[column] : nil }

  /// The values of the row under the cursor, by the columns' sources.
  var currentRow: [String?]? { rows.indices.contains(row) ? rows[row] : nil }

  /// The value under the cursor: nil where there is no cell, `.some(nil)` for NULL.
  var currentValue: String?? { hasCell ? .some(value(row, column)) : nil }

  /// The columns that are not hidden, by their places.
  var shownColumns: [Int] { columns.indices.filter { !columns[$0].isHidden } }

  /// What tells a row apart.
  func identity(_ row: Int) -> GridRowID? {
    guard rows.indices.contains(row) else { return nil }
    guard keySources.isEmpty else {
      let values = rows[row]
      return .key(keySources.map { values.indices.contains($0) ? values[$0] : nil })
    }
    return .number((extent.first ?? 0) + row)
  }

  // MARK: Changing, for the parts of it in other files

  mutating func setColumns(_ change: (inout [GridColumn]) -> Void) { change(&columns) }
  mutating func setMarks(_ change: (inout GridMarks) -> Void) { change(&marks) }
  mutating func setRows(_ rows: [[String?]]) { self.rows = rows }
  mutating func changeRows(_ change: (inout [[String?]]) -> Void) { change(&rows) }
  mutating func setColumn(_ column: Int) { self.column = column }
  mutating func setLeft(_ left: Int) { self.left = left }
  mutating func setOwed(_ owed: Int) { self.owed = owed }

  /// Puts the cursor on a row, or the nearest, and scrolls as far as needed to show it.
  mutating func select(row: Int, height: Int) {
    self.row = min(max(0, row), max(0, rows.count - 1))
    top = firstRow(height: height)
  }

  /// Puts the cursor on a cell that is held; drawing scrolls to it.
  mutating func point(row: Int, column: Int) { (self.row, self.column) = (row, column) }

  /// Scrolls, and moves the cursor only as far as needed to stay in sight.
  mutating func setTop(_ top: Int, height: Int) {
    self.top = min(max(0, top), max(0, rows.count - max(1, height)))
    row = min(max(row, self.top), max(self.top, min(self.top + height, rows.count) - 1))
  }

  /// Puts cursor and sight on the first row.
  mutating func rewind() { (row, top) = (0, 0) }

  /// After rows were added in front or taken away there: what was seen stays where it is.
  mutating func shift(by count: Int) {
    row = min(max(0, row + count), max(0, rows.count - 1))
    top = max(0, top + count)
  }

  /// The topmost row at a height: `top`, moved as far as needed to show the cursor.
  func firstRow(height: Int) -> Int {
    guard height > 0 else { return 0 }
    var first = min(top, max(0, rows.count - height))
    if row < first { first = row }
    if row >= first + height { first = row - height + 1 }
    return max(0, first)
  }
}

/// What tells a row of a grid apart.
enum GridRowID: Hashable, Sendable {
  case number(Int)
  case key([String?])
}

/// What a grid's rows are sorted by.
struct GridSort: Hashable, Sendable {
  /// The column, by its `source`.
  var source: Int
  var isDescending: Bool
}
