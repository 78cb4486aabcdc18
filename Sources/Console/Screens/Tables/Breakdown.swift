import Warehouse

/// A measure of a table's rows, told for each value of an attribute.
struct Breakdown: Equatable, Sendable {
  var query: BrowseQuery
  var attribute: BreakdownAttribute
  var measure: BreakdownMeasure

  var title: String { "\(query.table.name): \(measure.title) by \(attribute.title)" }

  /// The table's rows that one of its rows was made of.
  func rows(behind row: [String?]) -> BrowseQuery? {
    guard let value = row.first else { return nil }
    var rows = query
    rows.filters.append(
      attribute.link == nil ? .equals(attribute.column, value) : .linked(attribute, value))
    return rows
  }

  /// Its rows as bars.
  ///
  /// - Throws: `.usage` when the measure is no number.
  func chart(of grid: Grid) throws(WarehouseError) -> Chart {
    let columns = Self.columns(of: grid)
    guard columns.count > 1 else {
      throw WarehouseError(.usage, "there is nothing to draw")
    }
    return try Chart(
      ChartSpec(.bar, x: columns[0].name, y: columns[1].name, addsUp: measure.addsUp),
      columns: columns, rows: grid.rows)
  }

  /// Its rows in the order of numbers and times, as bars of these stand, or the greatest measure
  /// first. Names stay as they are.
  func ordered(_ grid: Grid, byValue: Bool) -> [[String?]] {
    let columns = Self.columns(of: grid)
    guard columns.count > 1, columns[0].kind.isNumeric || columns[0].kind.isTime else {
      return grid.rows
    }
    let place = byValue ? 0 : 1
    let keyed = grid.rows.map { row in
      let number = row.indices.contains(place) ? row[place] : nil
      return (row: row, key: ChartAxis.number(number, columns[place].kind))
    }
    return keyed.sorted { left, right in
      // NULL comes last.
      guard let first = left.key, let second = right.key else { return left.key != nil }
      return byValue ? first < second : first > second
    }.map(\.row)
  }

  private static func columns(of grid: Grid) -> [ResultColumn] {
    grid.columns.sorted { $0.source < $1.source }
      .map { ResultColumn(name: $0.title, kind: $0.kind) }
  }
}

extension BreakdownMeasure {
  /// Whether the measures of several values of an attribute may be added.
  fileprivate var addsUp: Bool {
    switch self {
    case .rows, .sum: true
    case .distinct, .mean: false
    }
  }
}

extension ColumnKind {
  fileprivate var isTime: Bool { self == .date || self == .timestamp }
}

extension TablesScreen {
  /// Asks for a measure by the menu's attribute.
  mutating func breakDown(
    _ measure: BreakdownMeasure, by attribute: BreakdownAttribute, _ context: Context
  ) -> [Request] {
    guard let query = view?.query else { return [] }
    awaited = Breakdown(query: query, attribute: attribute, measure: measure)
    return askFigure(
      "counting by \(attribute.title)", .breakdown(query, measure, attribute), context)
  }

  /// Shows a breakdown over the table that it is of.
  mutating func show(_ result: ResultSet) -> [Request] {
    guard let breakdown = awaited else { return [] }
    awaited = nil
    let requests = stopStream()
    push(TableView(title: breakdown.title, breakdown: breakdown, grid: Grid(result)))
    return requests
  }

  /// Enter on a value: the rows that have it.
  mutating func openRows(of breakdown: Breakdown, _ context: Context) -> [Request] {
    guard let row = view?.grid.currentRow, let rows = breakdown.rows(behind: row) else { return [] }
    return open(rows.table.summary, filters: rows.filters, context)
  }

  /// Shows a breakdown as bars, or as a table again.
  mutating func toggleBars() -> [Request] {
    guard var grid = view?.grid, let breakdown = view?.breakdown else { return [] }
    let showsBars = view?.chart == nil
    grid.setRows(breakdown.ordered(grid, byValue: showsBars))
    grid.rewind()
    do throws(WarehouseError) {
      let chart = showsBars ? try breakdown.chart(of: grid) : nil
      changeView { ($0.grid, $0.chart) = (grid, chart) }
      return []
    } catch {
      return [.notice(error.message)]
    }
  }

  /// Bars, and a line for the selected one.
  static func chartParts(of place: Rect) -> [Rect] { place.splitRows([.flexible(), .fixed(1)]) }

  /// Draws a breakdown as bars; the one of the row under the cursor is selected.
  func draw(_ chart: Chart, _ view: TableView, in place: Rect, of frame: inout Frame) {
    let parts = TablesScreen.chartParts(of: place)
    chart.draw(in: parts[0], of: &frame, selected: view.grid.row)
    guard let item = chart.item(view.grid.row) else { return }
    frame.write(
      Line("▸ ", .accent.bold) + Line(item.text, .bold) + Line("   Enter shows its rows", .muted),
      row: parts[1].row, column: parts[1].column, width: parts[1].columns)
  }
}
