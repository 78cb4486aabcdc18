import Warehouse

/// A line of text for each series: its values as a sparkline over one axis, and the last of them.
struct SparkChart: Equatable, Sendable {
  /// One series.
  struct Series: Equatable, Sendable {
    var name: String
    /// A value for each place of the axis; nil where there is none.
    var values: [Double?]
    /// The rows of the result that it was made of.
    var rows: [Int]

    var known: [Double] { values.compactMap { $0 } }
  }

  let series: [Series]
  /// What stands at both ends of the axis.
  let ends: (first: String, last: String)
  let spec: ChartSpec
  let xTitle: String
  let yTitle: String
  let seriesTitle: String

  init(_ spec: ChartSpec, _ table: ChartTable) throws(WarehouseError) {
    let (xs, xKind) = try table.column(spec.x)
    let numbers = try table.numbers(spec.y)
    let (names, nameKind) = try table.column(spec.series)
    let axis = ChartAxis(xs, kind: xKind)
    let places = Set(axis.places).sorted()
    try SparkChart.check(places: places.count, series: Set(names).count)
    let order = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($1, $0) })
    var found: [String: Int] = [:]
    var series: [Series] = []
    for row in numbers.indices {
      let name = ChartAxis.label(names[row], nameKind)
      let index = found[name] ?? series.count
      if index == series.count {
        found[name] = index
        series.append(
          Series(name: name, values: Array(repeating: nil, count: places.count), rows: []))
      }
      series[index].rows.append(row)
      guard let value = numbers[row], let place = order[axis.places[row]] else { continue }
      series[index].values[place] = (series[index].values[place] ?? 0) + value
    }
    self.series = series
    let labels = Dictionary(zip(axis.places, axis.labels)) { first, _ in first }
    ends = (
      places.first.flatMap { labels[$0] } ?? "", places.last.flatMap { labels[$0] } ?? ""
    )
    (self.spec, xTitle, yTitle) = (spec, spec.x, spec.measureTitle)
    seriesTitle = spec.series ?? ""
  }

  static func == (left: SparkChart, right: SparkChart) -> Bool {
    left.series == right.series && left.ends == right.ends
      && left.spec == right.spec
  }

  /// So many values are held at most: every series has one for every place.
  private static let mostValues = 2_000_000

  private static func check(places: Int, series: Int) throws(WarehouseError) {
    guard places * series > mostValues else { return }
    throw WarehouseError(
      .usage, "could not draw \(Quantity.count(series)) series of \(Quantity.count(places)) values",
      hint: "Group the rows into fewer series, or coarser times.")
  }

  /// A row for each series: its name, its sparkline, and the last, the least and the greatest value.
  var grid: Grid {
    let isWhole = series.allSatisfy { $0.known.allSatisfy { Int(exactly: $0) != nil } }
    let kind: ColumnKind = isWhole ? .integer : .number
    let columns =
      [
        ResultColumn(name: seriesTitle, kind: .text),
        ResultColumn(name: "\(yTitle) over \(xTitle)", kind: .text),
      ] + ["last", "least", "most"].map { ResultColumn(name: $0, kind: kind) }
    let rows = series.map { line -> [String?] in
      let known = line.known
      return [line.name, Sparkline.cell(line.values)]
        + [known.last, known.min(), known.max()].map { $0.map { ChartNumber.plain($0) } }
    }
    var grid = Grid(columns: columns, rows: rows)
    grid.showSparklines(inColumn: 1)
    return grid
  }

  func item(_ index: Int) -> Chart.Item {
    let line = series[index]
    let facts = [
      ("last", line.known.last), ("least", line.known.min()), ("most", line.known.max()),
    ].map { "\($0) \(spec.amount($1))" }
    return Chart.Item(
      text: "\(seriesTitle) \(line.name)  \(spec.measure): " + facts.joined(separator: "  "),
      rows: line.rows)
  }

  /// The rows that all of it takes.
  var height: Int { series.count + 2 }

  // MARK: Drawing

  func draw(in place: Rect, of frame: inout Frame, selected: Int?, showsValues: Bool) {
    guard !series.isEmpty else {
      frame.write("no rows to draw", row: place.row, column: place.column, style: .muted)
      return
    }
    let lines = max(1, place.rows - 2)
    let first = min(max(0, (selected ?? 0) - lines + 1), max(0, series.count - lines))
    let shown = Array(series[first..<min(series.count, first + lines)])
    let layout = Layout(self, shown, numberColumns(showsValues), in: place)
    drawHead(layout, of: &frame)
    for (offset, line) in shown.enumerated() {
      draw(line, layout, row: place.row + 1 + offset, first + offset == selected, of: &frame)
      frame.mark(
        Rect(row: place.row + 1 + offset, column: place.column, rows: 1, columns: place.columns),
        as: .item("chart", first + offset))
    }
    frame.write(
      "each line between its own least and most value",
      row: min(place.endRow - 1, place.row + 1 + shown.count), column: place.column,
      width: place.columns, style: .muted)
  }

  /// Where names, sparklines and numbers lie.
  private struct Layout {
    var place: Rect
    var nameWidth: Int
    /// The first cell of the sparklines, and how many they take.
    var left: Int
    var room: Int
    var numbers: [(column: NumberColumn, place: Int, width: Int)] = []

    init(_ chart: SparkChart, _ shown: [Series], _ columns: [NumberColumn], in place: Rect) {
      self.place = place
      let widest = shown.map { CellText.width(of: $0.name) }.max() ?? 0
      nameWidth = min(max(widest, CellText.width(of: chart.seriesTitle)), place.columns / 3)
      left = place.column + nameWidth + 2
      let widths = columns.map { column in
        max(column.title.count, shown.map { column.text($0).count }.max() ?? 0)
      }
      let rest = place.columns - nameWidth - 2 - widths.reduce(0) { $0 + $1 + 2 }
      room = min(max(1, rest), chart.series.first?.values.count ?? 1)
      var end = left + room + 2
      for (column, width) in zip(columns, widths) {
        numbers.append((column, end, width))
        end += width + 2
      }
    }
  }

  private func draw(
    _ line: Series, _ layout: Layout, row: Int, _ isSelected: Bool, of frame: inout Frame
  ) {
    frame.write(
      line.name, row: row, column: layout.place.column, width: layout.nameWidth,
      style: isSelected ? Style(role: .selection) : .plain)
    frame.write(
      Sparkline.text(Sparkline.fitted(line.values, layout.room), glyphs: frame.glyphs),
      row: row, column: layout.left, width: layout.room,
      style: isSelected ? .accent.bold : .active)
    for number in layout.numbers {
      frame.write(
        number.column.text(line), row: row, column: number.place, width: number.width,
        align: .right)
    }
  }

  private func drawHead(_ layout: Layout, of frame: inout Frame) {
    let row = layout.place.row
    frame.write(
      seriesTitle, row: row, column: layout.place.column, width: layout.nameWidth, style: .muted)
    let axis = "\(ends.first) – \(ends.last)"
    let fits = CellText.width(of: axis) <= layout.room
    frame.write(
      fits ? axis : yTitle, row: row, column: layout.left, width: layout.room, style: .muted)
    for number in layout.numbers {
      frame.write(
        number.column.title, row: row, column: number.place, width: number.width, style: .muted,
        align: .right)
    }
  }

  private typealias NumberColumn = (title: String, text: (Series) -> String)

  private func numberColumns(_ showsValues: Bool) -> [NumberColumn] {
    func text(_ value: Double?) -> String { value.map { ChartNumber.text($0) } ?? "" }
    let last: NumberColumn = ("last", { text($0.known.last) })
    guard showsValues else { return [last] }
    return [last, ("least", { text($0.known.min()) }), ("most", { text($0.known.max()) })]
  }

}
