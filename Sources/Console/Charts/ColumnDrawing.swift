/// Upright bars over an axis, exact to an eighth of a cell, with ticks at their left.
struct ColumnDrawing {
  let chart: BarChart
  let selected: Int?

  /// What the ticks and the axis take.
  static let axisWidth = 9

  private static let eighths = ["", "▁", "▂", "▃", "▄", "▅", "▆", "▇"]

  func draw(in place: Rect, of frame: inout Frame) {
    let plot = Rect(
      row: place.row + 1, column: place.column + ColumnDrawing.axisWidth, rows: place.rows - 3,
      columns: place.columns - ColumnDrawing.axisWidth)
    let values = chart.bars.compactMap(\.value)
    let scale = NiceScale(values, count: min(5, max(2, plot.rows / 2)), holdsZero: true)
    frame.write(
      chart.yTitle, row: place.row, column: place.column, width: place.columns, style: .muted)
    PlotAxis(scale: scale).draw(in: plot, of: &frame)
    let width = min(8, plot.columns / max(1, chart.bars.count))
    for (index, bar) in chart.bars.enumerated() {
      let column = plot.column + index * width
      draw(bar, index, at: column, width: width, plot, scale, of: &frame)
    }
    frame.write(
      chart.xTitle, row: place.endRow - 1, column: plot.column, width: plot.columns, style: .muted)
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
      let zero = scale.fraction(0)
      let top = scale.fraction(value)
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
    let label = Rect(row: plot.endRow, column: column, rows: 1, columns: width)
    frame.write(
      bar.value == nil ? bar.label + "∅" : bar.label, row: label.row, column: column,
      width: inner, style: isSelected ? .accent.bold : .muted)
    if isSelected { frame.restyle(label) { _ in Style(role: .selection) } }
    frame.mark(
      Rect(row: plot.row, column: column, rows: plot.rows + 1, columns: width),
      as: .item("chart", index))
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
  }

  /// The row in which a height lies.
  static func row(of fraction: Double, in plot: Rect) -> Int {
    let up = Int((fraction * Double(max(0, plot.rows - 1))).rounded())
    return plot.endRow - 1 - up
  }
}
