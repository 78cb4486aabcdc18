import Warehouse

/// Upright bars over an axis, exact to an eighth of a cell, with ticks at their left.
struct ColumnDrawing {
  let chart: BarChart
  let selected: Int?
  let showsValues: Bool

  /// What the ticks and the axis take.
  static let axisWidth = 9
  /// No bar is wider, its gap included.
  static let widest = 8

  /// What stands above a bar: its value, short.
  static func text(of bar: BarChart.Bar) -> String {
    guard let value = bar.value else { return "NULL" }
    let text = ChartNumber.text(value)
    return text.count < widest ? text : Quantity.short(value)
  }

  private static let eighths = ["", "▁", "▂", "▃", "▄", "▅", "▆", "▇"]

  func draw(in place: Rect, of frame: inout Frame) {
    let plot = Rect(
      row: place.row + 1, column: place.column + ColumnDrawing.axisWidth, rows: place.rows - 4,
      columns: place.columns - ColumnDrawing.axisWidth)
    let values = chart.bars.compactMap(\.value)
    let scale = NiceScale(values, count: min(5, max(2, plot.rows / 2)), holdsZero: true)
    frame.write(
      chart.yTitle, row: place.row, column: place.column, width: place.columns, style: .muted)
    PlotAxis(scale: scale).draw(in: plot, of: &frame)
    let width = min(ColumnDrawing.widest, plot.columns / max(1, chart.bars.count))
    let stride = labelStride(width)
    for (index, bar) in chart.bars.enumerated() {
      let column = plot.column + index * width
      draw(bar, index, at: column, width: width, plot, scale, of: &frame)
      guard index % stride == 0 else { continue }
      frame.write(
        bar.label, row: plot.endRow + 1, column: column, width: width * stride - 1, style: .muted)
    }
    frame.write(
      chart.xTitle, row: place.endRow - 1, column: plot.column, width: plot.columns, style: .muted)
  }

  /// How many bars share the room for one label.
  private func labelStride(_ width: Int) -> Int {
    max(1, (chart.widestLabel + width) / max(1, width))
  }

  private func draw(
    _ bar: BarChart.Bar, _ index: Int, at column: Int, width: Int, _ plot: Rect,
    _ scale: NiceScale, of frame: inout Frame
  ) {
    let isSelected = index == selected
    let inner = max(1, width - 1)
    let style: Style =
      isSelected ? .accent.bold : (bar.value ?? 0) < 0 ? .warning : .active
    if let value = bar.value {
      let zero = ColumnDrawing.zero(scale, rows: plot.rows)
      let top = zero + value * ColumnDrawing.unit(scale, zero: zero)
      for row in 0..<max(0, plot.rows) {
        let glyph = ColumnDrawing.glyph(
          lower: Double(plot.rows - 1 - row) / Double(plot.rows), rows: plot.rows,
          from: min(zero, top), to: max(zero, top), isNegative: value < 0,
          isSmallest: value > 0)
        if glyph.isEmpty { continue }
        frame.write(
          String(repeating: glyph, count: inner), row: plot.row + row, column: column,
          style: style)
      }
    }
    if showsValues { drawValue(of: bar, at: column, width: inner, plot, scale, of: &frame) }
    let base = Rect(row: plot.endRow, column: column, rows: 1, columns: inner)
    if isSelected { frame.fill(base, with: "▲", style: .accent.bold) }
    frame.mark(
      Rect(row: plot.row, column: column, rows: plot.rows + 1, columns: width),
      as: .item("chart", index))
  }

  /// The value above the bar, or on its uppermost row where there is no room above.
  private func drawValue(
    of bar: BarChart.Bar, at column: Int, width: Int, _ plot: Rect, _ scale: NiceScale,
    of frame: inout Frame
  ) {
    let zero = ColumnDrawing.zero(scale, rows: plot.rows)
    let top = max(zero, zero + (bar.value ?? 0) * ColumnDrawing.unit(scale, zero: zero))
    let filled = Int((top * Double(plot.rows)).rounded(.up))
    frame.write(
      ColumnDrawing.text(of: bar), row: max(plot.row - 1, plot.endRow - 1 - filled),
      column: column, width: width, style: .bold, align: .center)
  }

  /// The height of zero: between two rows, so that bars in both directions begin at an edge.
  private static func zero(_ scale: NiceScale, rows: Int) -> Double {
    let rows = Double(max(1, rows))
    return (scale.fraction(0) * rows).rounded() / rows
  }

  /// The height of one, the same in both directions.
  private static func unit(_ scale: NiceScale, zero: Double) -> Double {
    let up = scale.upper > 0 ? (1 - zero) / scale.upper : .infinity
    let down = scale.lower < 0 ? zero / -scale.lower : .infinity
    return min(up, down)
  }

  /// What a cell shows of a bar from one fraction of the height to another.
  private static func glyph(
    lower: Double, rows: Int, from: Double, to: Double, isNegative: Bool, isSmallest: Bool
  ) -> String {
    let cell = 1 / Double(rows)
    let filled = (min(to, lower + cell) - max(from, lower)) / cell
    guard filled > 0 else { return "" }
    var parts = Int((filled * 8).rounded())
    if parts >= 8 { return "█" }
    if isNegative { return parts >= 4 ? "▀" : "" }
    if parts == 0, isSmallest, lower <= from { parts = 1 }
    return eighths.indices.contains(parts) ? eighths[parts] : ""
  }
}

/// The line at the left of a plot with its ticks, and the line below it.
struct PlotAxis {
  var scale: NiceScale

  /// Draws it around a plot: ticks need eight cells at its left.
  func draw(in plot: Rect, of frame: inout Frame) {
    guard plot.rows > 0 else { return }
    for row in plot.row..<plot.endRow {
      frame.write("│", row: row, column: plot.column - 1, style: .border)
    }
    var last = Int.max
    for tick in scale.ticks {
      let row = PlotAxis.row(of: scale.fraction(tick), in: plot)
      guard row <= last - 2 || last == .max else { continue }
      last = row
      frame.write(
        scale.label(tick), row: row, column: plot.column - 9, width: 7, style: .muted,
        align: .right)
      frame.write("┤", row: row, column: plot.column - 1, style: .border)
    }
    frame.write("└", row: plot.endRow, column: plot.column - 1, style: .border)
    frame.write(
      String(repeating: "─", count: max(0, plot.columns)), row: plot.endRow, column: plot.column,
      style: .border)
  }

  /// The row in which a height lies.
  static func row(of fraction: Double, in plot: Rect) -> Int {
    let up = Int((fraction * Double(max(0, plot.rows - 1))).rounded())
    return plot.endRow - 1 - up
  }
}
