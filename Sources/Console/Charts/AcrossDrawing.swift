import Warehouse

/// Bars across the screen, a line each: as many as fit, around the selected one.
struct AcrossDrawing {
  private let chart: BarChart
  private let place: Rect
  private let selected: Int?
  /// The bars that are shown, by their places.
  let shown: Range<Int>
  /// What the last line tells of the bars that are not shown; nil where it is a bar like others.
  private let rest: BarChart.Bar?
  private let sum: String
  private let labelWidth: Int
  private let valueWidth: Int

  init(_ chart: BarChart, in place: Rect, selected: Int?) {
    (self.chart, self.place, self.selected) = (chart, place, selected)
    let count = chart.bars.count
    let lines = max(0, place.rows - 1)
    let isTold = selected == nil || !chart.isOrdered && (selected ?? 0) < lines - 1
    let tells = count > lines && lines > 1 && isTold
    let first = tells ? 0 : min(max(0, (selected ?? 0) - lines + 1), max(0, count - lines))
    shown = first..<(tells ? lines - 1 : min(count, first + lines))
    rest = tells ? AcrossDrawing.rest(chart, from: lines - 1, hasKey: selected != nil) : nil
    sum = rest?.value.map { ChartNumber.text($0) } ?? ""
    let restLabel = rest?.value == nil ? 0 : CellText.width(of: rest?.label ?? "")
    labelWidth = min(
      max(chart.widestLabel, CellText.width(of: chart.xTitle), restLabel), place.columns * 2 / 5)
    valueWidth = max(chart.widestValue, sum.count, min(CellText.width(of: chart.yTitle), 12))
  }

  /// The bars behind a place as one: their sum where they may be added, or else how many there are.
  private static func rest(_ chart: BarChart, from first: Int, hasKey: Bool) -> BarChart.Bar {
    let bars = chart.bars.dropFirst(first)
    let number = Quantity.count(bars.count)
    guard chart.spec.addsUp else {
      return BarChart.Bar(
        label: "and \(number) more" + (hasKey ? ": → goes to them" : ""), value: nil, rows: [])
    }
    return BarChart.Bar(
      label: "other (\(number))", value: bars.compactMap(\.value).reduce(0, +), rows: [])
  }

  func draw(of frame: inout Frame) {
    drawHead(of: &frame)
    for index in shown {
      let row = place.row + 1 + index - shown.lowerBound
      draw(chart.bars[index], BarChart.text(of: chart.bars[index]), row: row, of: &frame)
      let line = Rect(row: row, column: place.column, rows: 1, columns: place.columns)
      frame.mark(line, as: .item("chart", index))
      guard index == selected else { continue }
      let name = Rect(
        row: row, column: place.column, rows: 1, columns: labelWidth + valueWidth + 2)
      frame.restyle(name) { _ in Style(role: .selection) }
    }
    if let rest { draw(rest: rest, row: place.row + 1 + shown.count, of: &frame) }
  }

  /// The titles. That of the values may reach over the bars, where nothing else stands.
  private func drawHead(of frame: inout Frame) {
    frame.write(
      chart.xTitle, row: place.row, column: place.column, width: labelWidth, style: .muted)
    let isWide = CellText.width(of: chart.yTitle) > valueWidth
    frame.write(
      chart.yTitle, row: place.row, column: place.column + labelWidth + 2,
      width: isWide ? place.columns - labelWidth - 2 : valueWidth, style: .muted,
      align: isWide ? .left : .right)
  }

  private func draw(_ bar: BarChart.Bar, _ text: String, row: Int, of frame: inout Frame) {
    frame.write(bar.label, row: row, column: place.column, width: labelWidth)
    frame.write(
      text, row: row, column: place.column + labelWidth + 2, width: valueWidth, style: .muted,
      align: .right)
    let (low, high) = (chart.reach.lowerBound, chart.reach.upperBound)
    let span = high - low > 0 ? high - low : 1
    let room = max(0, place.columns - labelWidth - valueWidth - 4)
    let zero = low < 0 ? Int((Double(room) * (-low / span)).rounded()) : 0
    HorizontalBar(value: bar.value ?? 0, span: span, room: room, zero: zero).draw(
      row: row, column: place.column + labelWidth + valueWidth + 4, isBounded: low < 0, of: &frame)
  }

  private func draw(rest: BarChart.Bar, row: Int, of frame: inout Frame) {
    if rest.value != nil {
      draw(rest, sum, row: row, of: &frame)
    } else {
      frame.write(
        rest.label, row: row, column: place.column, width: place.columns, style: .muted)
    }
    frame.mark(place.line(row - place.row), as: .item("chart", shown.upperBound))
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

  /// Marks a bar that goes on beyond the room.
  private static let cut = "▶"

  private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  func draw(row: Int, column: Int, isBounded: Bool, of frame: inout Frame) {
    // A sum may be beyond all numbers.
    let cells = min(Double(room) + 1, Double(room) * (abs(value) / span))
    if value >= 0 {
      let eighths = max(value > 0 ? 1 : 0, Int((cells * 8).rounded()))
      let most = max(0, room - zero)
      let text =
        String(repeating: "█", count: min(most, eighths / 8))
        + (eighths / 8 < most ? HorizontalBar.eighths[eighths % 8] : "")
      frame.write(text, row: row, column: column + zero, style: .active)
      if value > 0, cells > Double(most) + 0.5, most > 0 {
        frame.write(
          HorizontalBar.cut, row: row, column: column + room - 1, style: .active.bold)
      }
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
