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
  /// The cells of the widest name.
  let widestLabel: Int

  /// A bar for each row.
  init(_ spec: ChartSpec, _ table: ChartTable) throws(WarehouseError) {
    let (names, kind) = try table.column(spec.x)
    let values = try table.numbers(spec.y)
    let axis = ChartAxis(names, kind: kind)
    widestLabel = axis.labels.map { CellText.width(of: $0) }.max() ?? 0
    bars = zip(axis.labels, values).enumerated().map { index, bar in
      Bar(label: bar.0, value: bar.1, rows: [index])
    }
    isOrdered = kind.isNumeric || kind == .date || kind == .timestamp
    (self.spec, xTitle, yTitle) = (spec, spec.x, spec.measureTitle)
  }

  /// A bar for each range of equal width, and how many values fall into it.
  init(histogram spec: ChartSpec, _ table: ChartTable) throws(WarehouseError) {
    let values = try table.numbers(spec.x)
    let scale = NiceScale(values.compactMap { $0 }, count: 12, holdsZero: false)
    let ticks = scale.ticks
    var bars = zip(ticks, ticks.dropFirst()).map { lower, upper in
      Bar(label: "\(scale.label(lower)) – \(scale.label(upper))", value: 0, rows: [])
    }
    for (row, value) in values.enumerated() {
      guard let value, !bars.isEmpty else { continue }
      let place = Int((scale.fraction(value) * Double(bars.count)).rounded(.down))
      let index = min(max(0, place), bars.count - 1)
      bars[index].value = (bars[index].value ?? 0) + 1
      bars[index].rows.append(row)
    }
    let missing = values.indices.filter { values[$0] == nil }
    if !missing.isEmpty {
      bars.append(Bar(label: "NULL", value: Double(missing.count), rows: missing))
    }
    self.bars = bars
    widestLabel = bars.map { CellText.width(of: $0.label) }.max() ?? 0
    isOrdered = true
    (self.spec, xTitle, yTitle) = (spec, spec.measureTitle, "rows")
  }

  private func value(of bar: Bar) -> String {
    spec.kind == .histogram
      ? "rows \(bar.value.map { ChartNumber.text($0) } ?? "NULL")"
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

  /// So many bars are drawn in a text before the rest is one bar.
  private static let mostLines = 40

  // MARK: Drawing

  func draw(in place: Rect, of frame: inout Frame, selected: Int?, showsValues: Bool) {
    guard !bars.isEmpty else {
      frame.write("no rows to draw", row: place.row, column: place.column, style: .muted)
      return
    }
    if standsUpright(columns: place.columns, showsValues: showsValues), place.rows >= 8 {
      ColumnDrawing(chart: self, selected: selected, showsValues: showsValues)
        .draw(in: place, of: &frame)
    } else {
      drawAcross(in: place, of: &frame, selected: selected)
    }
  }

  /// Whether the bars fit side by side with their names below, and their values above where these
  /// are wanted.
  func standsUpright(columns: Int, showsValues: Bool = false) -> Bool {
    guard isOrdered, bars.count >= 3, widestLabel <= 6 else { return false }
    let width = min(ColumnDrawing.widest, (columns - ColumnDrawing.axisWidth) / bars.count)
    guard width >= 2, showsValues else { return width >= 2 }
    return width >= bars.map { ColumnDrawing.text(of: $0).count + 1 }.max() ?? 0
  }

  /// The bars that are shown on so many lines: all, those around the selected one, or the first
  /// with the rest as one.
  private func shown(lines: Int, selected: Int?) -> (first: Int, bars: [Bar]) {
    guard bars.count > lines, lines > 1 else { return (0, Array(bars.prefix(max(0, lines)))) }
    if isOrdered || (selected ?? 0) >= lines - 1 {
      let first = min(max(0, (selected ?? 0) - lines + 1), bars.count - lines)
      return (first, Array(bars[first..<first + lines]))
    }
    let rest = bars[(lines - 1)...]
    let sum = rest.compactMap(\.value).reduce(0, +)
    let other = Bar(
      label: "other (\(Quantity.count(rest.count)))", value: sum, rows: rest.flatMap(\.rows))
    return (0, Array(bars[..<(lines - 1)]) + [other])
  }

  private func drawAcross(in place: Rect, of frame: inout Frame, selected: Int?) {
    let (first, shown) = shown(lines: place.rows - 1, selected: selected)
    let scale = NiceScale(shown.compactMap(\.value), count: 4, holdsZero: true)
    let low = min(0, shown.compactMap(\.value).min() ?? 0)
    let high = max(0, shown.compactMap(\.value).max() ?? 0)
    let texts = shown.map { $0.value.map { ChartNumber.text($0) } ?? "NULL" }
    let labelWidth = min(
      max(shown.map { CellText.width(of: $0.label) }.max() ?? 0, CellText.width(of: xTitle)),
      place.columns * 2 / 5)
    let valueWidth = max(texts.map(\.count).max() ?? 0, min(CellText.width(of: yTitle), 12))
    let room = max(0, place.columns - labelWidth - valueWidth - 4)
    let span = high - low > 0 ? high - low : scale.step
    let zero = low < 0 ? Int((Double(room) * -low / span).rounded()) : 0
    frame.write(
      xTitle, row: place.row, column: place.column, width: labelWidth, style: .muted)
    frame.write(
      yTitle, row: place.row, column: place.column + labelWidth + 1, width: valueWidth + 1,
      style: .muted, align: .right)
    for (offset, bar) in shown.enumerated() {
      let row = place.row + 1 + offset
      frame.write(bar.label, row: row, column: place.column, width: labelWidth)
      frame.write(
        texts[offset], row: row, column: place.column + labelWidth + 2, width: valueWidth,
        style: .muted, align: .right)
      let left = place.column + labelWidth + valueWidth + 4
      HorizontalBar(value: bar.value ?? 0, span: span, room: room, zero: zero).draw(
        row: row, column: left, isBounded: low < 0, of: &frame)
      let line = Rect(row: row, column: place.column, rows: 1, columns: place.columns)
      frame.mark(line, as: .item("chart", first + offset))
      if first + offset == selected {
        let name = Rect(
          row: row, column: place.column, rows: 1, columns: labelWidth + valueWidth + 2)
        frame.restyle(name) { _ in Style(role: .selection) }
      }
    }
  }
}

/// A bar from a zero line to its right or left, exact to an eighth of a cell to the right.
private struct HorizontalBar {
  var value: Double
  /// What the whole room stands for.
  var span: Double
  var room: Int
  /// The column of the zero line within the room.
  var zero: Int

  private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  func draw(row: Int, column: Int, isBounded: Bool, of frame: inout Frame) {
    let cells = Double(room) * abs(value) / span
    if value >= 0 {
      let eighths = max(value > 0 ? 1 : 0, Int((cells * 8).rounded()))
      let most = max(0, room - zero)
      let text =
        String(repeating: "█", count: min(most, eighths / 8))
        + (eighths / 8 < most ? HorizontalBar.eighths[eighths % 8] : "")
      frame.write(text, row: row, column: column + zero, style: .active)
      if isBounded, text.isEmpty {
        frame.write("│", row: row, column: column + zero, style: .muted)
      }
    } else {
      let halves = max(1, Int((cells * 2).rounded()))
      let full = min(zero, halves / 2)
      if halves % 2 == 1, full < zero {
        frame.write("▐", row: row, column: column + zero - full - 1, style: .warning)
      }
      frame.write(
        String(repeating: "█", count: full), row: row, column: column + zero - full,
        style: .warning)
      frame.write("│", row: row, column: column + zero, style: .muted)
    }
  }
}
