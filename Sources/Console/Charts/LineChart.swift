import Warehouse

/// Lines of Braille dots over an axis, one for each series.
struct LineChart: Equatable, Sendable {
  /// One line.
  struct Series: Equatable, Sendable {
    var name: String
    var points: [Point]
  }

  /// A value at a place of the axis.
  struct Point: Equatable, Sendable {
    var place: Double
    /// nil is NULL: a gap.
    var value: Double?
    var row: Int
  }

  /// A place of the axis that has values.
  struct Stop: Equatable, Sendable {
    var place: Double
    var label: String
    /// What stands below it.
    var tick: String
  }

  let series: [Series]
  let stops: [Stop]
  /// What lies at each stop, by series.
  private let found: [[Found]]
  /// The cells of the widest tick.
  private let widestTick: Int
  /// Whether the axis is one of times, and whether these have a time of the day.
  private let isTime: Bool
  private let hasClock: Bool
  let spec: ChartSpec
  let xTitle: String
  let yTitle: String
  /// Series that are not drawn: more lines than that nobody can tell apart.
  let leftOut: Int

  /// A point of a series.
  private struct Found: Equatable, Sendable {
    var series: Int
    var point: Int
  }

  private static let mostSeries = 6

  init(_ spec: ChartSpec, _ table: ChartTable) throws(WarehouseError) {
    let (xs, kind) = try table.column(spec.x)
    let values = try table.numbers(spec.y)
    let axis = ChartAxis(xs, kind: kind)
    var names: [String] = []
    var points: [String: [Point]] = [:]
    let groups = try spec.series.map { (name) throws(WarehouseError) in try table.column(name) }
    for row in values.indices {
      let name = groups.map { ChartAxis.label($0.values[row], $0.kind) } ?? spec.y ?? ""
      if points[name] == nil { names.append(name) }
      points[name, default: []].append(
        Point(place: axis.places[row], value: values[row], row: row))
    }
    series = names.prefix(LineChart.mostSeries).map { name in
      Series(name: name, points: (points[name] ?? []).sorted { $0.place < $1.place })
    }
    leftOut = max(0, names.count - LineChart.mostSeries)
    var seen = Set<Double>()
    stops = axis.places.indices.filter { seen.insert(axis.places[$0]).inserted }
      .map { Stop(place: axis.places[$0], label: axis.labels[$0], tick: axis.ticks[$0]) }
      .sorted { $0.place < $1.place }
    found = LineChart.found(series, stops)
    (isTime, hasClock) = (axis.isTime, kind == .timestamp)
    widestTick = stops.map { CellText.width(of: $0.tick) }.max() ?? 1
    (self.spec, xTitle, yTitle) = (spec, spec.x, spec.measureTitle)
  }

  private static func found(_ series: [Series], _ stops: [Stop]) -> [[Found]] {
    let indexes = Dictionary(
      stops.enumerated().map { ($1.place, $0) }, uniquingKeysWith: { first, _ in first })
    var found: [[Found]] = Array(repeating: [], count: stops.count)
    for (number, line) in series.enumerated() {
      for (point, place) in line.points.lazy.map(\.place).enumerated() {
        guard let stop = indexes[place] else { continue }
        found[stop].append(Found(series: number, point: point))
      }
    }
    return found
  }

  func item(_ index: Int) -> Chart.Item {
    let points = found[index].map { (series[$0.series].name, series[$0.series].points[$0.point]) }
    let values = points.map { name, point in
      "\(name) \(spec.amount(point.value))"
    }
    return Chart.Item(
      text: "\(xTitle) \(stops[index].label)  " + values.joined(separator: "  "),
      rows: points.map(\.1.row))
  }

  // MARK: Drawing

  func draw(in place: Rect, of frame: inout Frame, selected: Int?, showsValues: Bool) {
    guard !stops.isEmpty else {
      frame.write("no rows to draw", row: place.row, column: place.column, style: .muted)
      return
    }
    let plot = Rect(
      row: place.row + 1, column: place.column + 9, rows: max(1, place.rows - 4),
      columns: max(1, place.columns - 11))
    let values = series.flatMap { $0.points.compactMap(\.value) }
    let scale = NiceScale(
      values, count: min(5, max(2, plot.rows / 2)), holdsZero: holdsZero(values))
    drawLegend(place.line(0), of: &frame)
    PlotAxis(scale: scale).draw(in: plot, of: &frame)
    drawStops(plot, selected, of: &frame)
    for (index, line) in series.enumerated() {
      draw(line, LineChart.styles[index % LineChart.styles.count], plot, scale, of: &frame)
    }
    if showsValues { drawValues(plot, scale, of: &frame) }
    if series.count > 1 { drawLetters(plot, scale, of: &frame) }
    frame.write(
      xTitle, row: place.endRow - 1, column: plot.column, width: plot.columns, style: .muted)
  }

  private static let styles: [Style] = [.active, .success, .warning, .failure, .accent, .plain]

  /// Zero belongs to the axis unless all values are far from it.
  private func holdsZero(_ values: [Double]) -> Bool {
    let low = values.min() ?? 0
    let high = values.max() ?? 0
    return low >= 0 ? low < (high - low) * 2 : true
  }

  private func letter(_ index: Int) -> String {
    String(Character(Unicode.Scalar(UInt8(65 + index % 26))))
  }

  private func drawLegend(_ place: Rect, of frame: inout Frame) {
    var line = Line(yTitle, .muted)
    if series.count > 1 {
      for (index, one) in series.enumerated() {
        line += Line("   \(letter(index)) ", LineChart.styles[index % 6].bold) + Line(one.name)
      }
    }
    if leftOut > 0 { line += Line("   and \(leftOut) more, not drawn", .muted) }
    frame.write(line, row: place.row, column: place.column, width: place.columns)
  }

  /// Where a place lies, from 0 to 1.
  private func across(_ place: Double) -> Double {
    guard let first = stops.first?.place, let last = stops.last?.place, last > first else {
      return 0.5
    }
    return (place - first) / (last - first)
  }

  private func column(_ place: Double, _ plot: Rect) -> Int {
    plot.column + Int((across(place) * Double(plot.columns - 1)).rounded())
  }

  /// What is named below the axis: round times, or else places that have values.
  private func ticks(columns: Int) -> [TimeTicks.Tick] {
    if isTime, let low = stops.first?.place, let high = stops.last?.place {
      let round = TimeTicks(low: low, high: high).ticks(columns: columns, hasClock: hasClock)
      if !round.isEmpty { return round }
    }
    let fitting = max(1, (columns + 2) / (widestTick + 2))
    let stride = max(1, (stops.count + fitting - 1) / fitting)
    var named: [TimeTicks.Tick] = []
    for (index, stop) in stops.enumerated()
    where index % stride == 0 && stop.tick != named.last?.text {
      named.append(TimeTicks.Tick(place: stop.place, text: stop.tick))
    }
    return named
  }

  /// The line below, with as many labels as fit without touching.
  private func drawStops(_ plot: Rect, _ selected: Int?, of frame: inout Frame) {
    let row = plot.endRow
    if let selected, stops.indices.contains(selected) {
      let column = column(stops[selected].place, plot)
      for row in plot.row..<plot.endRow {
        frame.write("╌", row: row, column: column, style: .accent)
      }
      frame.write("▲", row: plot.endRow, column: column, style: .accent.bold)
    }
    var end = plot.column - 1
    for tick in ticks(columns: plot.columns) {
      let column = column(tick.place, plot)
      let width = CellText.width(of: tick.text)
      let start = min(column, plot.endColumn - width)
      guard start > end, start >= plot.column else { continue }
      frame.write("┬", row: row, column: column, style: .border)
      frame.write(tick.text, row: row + 1, column: start, style: .muted)
      end = start + width
    }
    // Of stops that share a column the first can be clicked.
    var marked = plot.column - 1
    for (index, stop) in stops.enumerated() {
      let column = column(stop.place, plot)
      guard column > marked else { continue }
      marked = column
      frame.mark(
        Rect(row: plot.row, column: column, rows: plot.rows + 2, columns: 1),
        as: .item("chart", index))
    }
  }

  private func draw(
    _ line: Series, _ style: Style, _ plot: Rect, _ scale: NiceScale, of frame: inout Frame
  ) {
    var canvas = BrailleCanvas(columns: plot.columns, rows: plot.rows)
    var before: (x: Int, y: Int)?
    for point in line.points {
      guard let value = point.value else {
        before = nil
        continue
      }
      let x = Int((across(point.place) * Double(canvas.width - 1)).rounded())
      let y = Int(((1 - scale.fraction(value)) * Double(canvas.height - 1)).rounded())
      canvas.line(from: before ?? (x, y), to: (x, y))
      before = (x, y)
    }
    canvas.draw(in: plot, of: &frame, style: style)
  }

  /// Values at their points: the greatest, the least and the last of each line first, then all
  /// others that find room.
  private func drawValues(_ plot: Rect, _ scale: NiceScale, of frame: inout Frame) {
    var taken: [Int: [Range<Int>]] = [:]
    for (index, line) in series.enumerated() {
      let points = line.points.compactMap { point in point.value.map { (point.place, $0) } }
      let first = [
        points.max { $0.1 < $1.1 }, points.min { $0.1 < $1.1 }, points.last,
      ].compactMap { $0 }
      // More points than cells find no room anyway.
      let stride = max(1, points.count / max(1, plot.columns))
      let others = points.indices.filter { $0.isMultiple(of: stride) }.map { points[$0] }
      for (place, value) in first + others {
        let text = ChartNumber.text(value)
        let row = max(plot.row, PlotAxis.row(of: scale.fraction(value), in: plot) - 1)
        let start = min(
          max(plot.column, column(place, plot) - text.count / 2), plot.endColumn - text.count)
        let cells = (start - 1)..<(start + text.count + 1)
        guard start >= plot.column, taken[row]?.contains(where: { $0.overlaps(cells) }) != true
        else { continue }
        taken[row, default: []].append(cells)
        frame.write(
          text, row: row, column: start, style: LineChart.styles[index % 6].bold)
      }
    }
  }

  /// A letter at the end of each line, so that nobody needs the colours.
  private func drawLetters(_ plot: Rect, _ scale: NiceScale, of frame: inout Frame) {
    var taken = Set<Int>()
    for (index, line) in series.enumerated() {
      guard let value = line.points.last(where: { $0.value != nil })?.value else { continue }
      var row = PlotAxis.row(of: scale.fraction(value), in: plot)
      while taken.contains(row), row < plot.endRow - 1 { row += 1 }
      taken.insert(row)
      frame.write(
        letter(index), row: row, column: plot.endColumn + 1,
        style: LineChart.styles[index % 6].bold)
    }
  }
}
