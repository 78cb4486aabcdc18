import Warehouse

/// Bars: across the screen for names, upright for what has an order and fits.
struct BarChart: Equatable, Sendable {
  /// One bar.
  struct Bar: Equatable, Sendable {
    var label: String
    /// nil is NULL: no bar at all.
    var value: Double?
    /// The rows of the result that it stands for.
    var rows: [Int]
  }

  let bars: [Bar]
  /// Whether the bars stand in the order of numbers or times, so that none may be left out.
  let isOrdered: Bool
  let spec: ChartSpec
  let xTitle: String
  let yTitle: String
  /// The cells of the widest name, and of the widest value.
  let widestLabel: Int
  let widestValue: Int
  /// What all bars reach over, zero included: the lengths stay while one scrolls.
  let reach: ClosedRange<Double>

  /// A bar for each row.
  init(_ spec: ChartSpec, _ table: ChartTable) throws(WarehouseError) {
    let (names, kind) = try table.column(spec.x)
    let values = try table.numbers(spec.y)
    let axis = ChartAxis(names, kind: kind)
    let bars = zip(axis.labels, values).enumerated().map { index, bar in
      Bar(label: bar.0, value: bar.1, rows: [index])
    }
    self.init(
      spec, bars, isOrdered: kind.isNumeric || kind == .date || kind == .timestamp,
      titles: (spec.x, spec.measureTitle))
  }

  private init(
    _ spec: ChartSpec, _ bars: [Bar], isOrdered: Bool, titles: (x: String, y: String)
  ) {
    (self.spec, self.bars, self.isOrdered) = (spec, bars, isOrdered)
    (xTitle, yTitle) = titles
    widestLabel = bars.map { CellText.width(of: $0.label) }.max() ?? 0
    widestValue = bars.map { BarChart.text(of: $0).count }.max() ?? 0
    let values = bars.compactMap(\.value)
    reach = min(0, values.min() ?? 0)...max(0, values.max() ?? 0)
  }

  /// A bar's value in full.
  static func text(of bar: Bar) -> String {
    bar.value.map { ChartNumber.text($0) } ?? "NULL"
  }

  /// A bar for each range of equal width, and how many values fall into it.
  init(histogram spec: ChartSpec, _ table: ChartTable) throws(WarehouseError) {
    let values = try table.numbers(spec.x)
    var bars = BarChart.ranges(of: values)
    let missing = values.indices.filter { values[$0] == nil }
    if !missing.isEmpty {
      bars.append(Bar(label: "NULL", value: Double(missing.count), rows: missing))
    }
    self.init(spec, bars, isOrdered: true, titles: (spec.measureTitle, "rows"))
  }

  /// A bar for each range of equal width: one where all values are equal, none without a value.
  private static func ranges(of values: [Double?]) -> [Bar] {
    let known = values.compactMap { $0 }
    guard let low = known.min(), let high = known.max() else { return [] }
    if low == high {
      let rows = values.indices.filter { values[$0] != nil }
      return [Bar(label: ChartNumber.text(low), value: Double(rows.count), rows: rows)]
    }
    let scale = NiceScale(known, count: 12, holdsZero: false)
    var bars = zip(scale.ticks, scale.ticks.dropFirst()).map { lower, upper in
      Bar(label: "\(scale.label(lower)) – \(scale.label(upper))", value: 0, rows: [])
    }
    for (row, value) in values.enumerated() {
      guard let value, !bars.isEmpty else { continue }
      let place = Int((scale.fraction(value) * Double(bars.count)).rounded(.down))
      let index = min(max(0, place), bars.count - 1)
      bars[index].value = (bars[index].value ?? 0) + 1
      bars[index].rows.append(row)
    }
    return bars
  }

  private func value(of bar: Bar) -> String {
    spec.kind == .histogram
      ? "rows \(BarChart.text(of: bar))"
      : "\(spec.measure) \(spec.amount(bar.value))"
  }

  func item(_ index: Int) -> Chart.Item {
    let bar = bars[index]
    return Chart.Item(
      text: "\(spec.x) \(bar.label)  \(value(of: bar))",
      rows: bar.rows)
  }

  /// The rows that all bars take.
  func height(width: Int, showsValues: Bool) -> Int {
    standsUpright(columns: width, showsValues: showsValues)
      ? 16 : min(bars.count, BarChart.mostLines) + 1
  }

  /// So many lines are drawn in a text: of more bars the last line tells the rest.
  private static let mostLines = 250

  // MARK: Drawing

  func draw(in place: Rect, of frame: inout Frame, selected: Int?, showsValues: Bool) {
    guard !bars.isEmpty else {
      frame.write("no rows to draw", row: place.row, column: place.column, style: .muted)
      return
    }
    if standsUpright(in: place, showsValues) {
      ColumnDrawing(chart: self, selected: selected, showsValues: showsValues)
        .draw(in: place, of: &frame)
    } else {
      AcrossDrawing(self, in: place, selected: selected).draw(of: &frame)
    }
  }

  /// Which bars are seen: `1–9 of 300`; nil when all are.
  func position(in place: Rect, selected: Int?, showsValues: Bool) -> String? {
    if standsUpright(in: place, showsValues) { return nil }
    let shown = AcrossDrawing(self, in: place, selected: selected).shown
    return ChartPosition.text(shown, of: bars.count)
  }

  private func standsUpright(in place: Rect, _ showsValues: Bool) -> Bool {
    standsUpright(columns: place.columns, showsValues: showsValues) && place.rows >= 8
  }

  /// Whether the bars fit side by side with their names below, and their values above where these
  /// are wanted.
  func standsUpright(columns: Int, showsValues: Bool = false) -> Bool {
    guard isOrdered, bars.count >= 3, widestLabel <= 6 else { return false }
    let width = min(ColumnDrawing.widest, (columns - ColumnDrawing.axisWidth) / bars.count)
    guard width >= 2, showsValues else { return width >= 2 }
    return width >= bars.map { ColumnDrawing.text(of: $0).count + 1 }.max() ?? 0
  }
}
