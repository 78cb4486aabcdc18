import Warehouse

/// A value for each pair of two columns, in five shades.
struct HeatMap: Equatable, Sendable {
  /// Where two columns meet.
  struct Cell: Equatable, Sendable {
    var column: Int
    var row: Int
    var value: Double?
    var rows: [Int]
  }

  let columns: [String]
  let rows: [String]
  /// What is there, row by row from the left.
  let cells: [Cell]
  let spec: ChartSpec
  let xTitle: String
  let yTitle: String
  let valueTitle: String
  private let index: [Int: Int]
  /// The cells of the widest name of a row, and of the widest value.
  private let widestLabel: Int
  private let widestValue: Int

  init(_ spec: ChartSpec, _ table: ChartTable) throws(WarehouseError) {
    let (xs, xKind) = try table.column(spec.x)
    let (ys, yKind) = try table.column(spec.y)
    let values = try table.numbers(spec.value)
    let (across, down) = (Steps(xs, xKind), Steps(ys, yKind))
    var found: [Int: Cell] = [:]
    for row in values.indices {
      let (x, y) = (across.index[row], down.index[row])
      let key = y * across.labels.count + x
      var cell = found[key] ?? Cell(column: x, row: y, value: nil, rows: [])
      if let value = values[row] { cell.value = (cell.value ?? 0) + value }
      cell.rows.append(row)
      found[key] = cell
    }
    let keys = found.keys.sorted()
    cells = keys.compactMap { found[$0] }
    index = Dictionary(uniqueKeysWithValues: keys.enumerated().map { ($1, $0) })
    (columns, rows) = (across.labels, down.labels)
    widestLabel = rows.map { CellText.width(of: $0) }.max() ?? 0
    widestValue = cells.compactMap(\.value).map { ChartNumber.text($0).count }.max() ?? 0
    (self.spec, xTitle, yTitle) = (spec, spec.x, spec.y ?? "")
    valueTitle = spec.measureTitle
  }

  /// The different values of a column in their order.
  private struct Steps {
    var labels: [String]
    /// For each row of the result: which label.
    var index: [Int]

    init(_ values: [String?], _ kind: ColumnKind) {
      let axis = ChartAxis(values, kind: kind)
      let places = Set(axis.places).sorted()
      let order = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($1, $0) })
      index = axis.places.map { order[$0] ?? 0 }
      labels = Array(repeating: "", count: places.count)
      for (place, label) in zip(index, axis.labels) { labels[place] = label }
    }
  }

  func item(_ index: Int) -> Chart.Item {
    let cell = cells[index]
    return Chart.Item(
      text: "\(yTitle) \(rows[cell.row])  \(xTitle) \(columns[cell.column])  "
        + "\(spec.measure) \(spec.amount(cell.value))",
      rows: cell.rows)
  }

  var height: Int { rows.count + 3 }

  /// The next cell that is there in a direction.
  func neighbour(of item: Int, right: Int, down: Int) -> Int {
    guard cells.indices.contains(item) else { return 0 }
    var (x, y) = (cells[item].column + right, cells[item].row + down)
    while columns.indices.contains(x), rows.indices.contains(y) {
      if let found = index[y * columns.count + x] { return found }
      (x, y) = (x + right.signum(), y + down.signum())
    }
    return item
  }

  // MARK: Drawing

  /// From light to dark, also where there are only letters.
  private static func shades(_ glyphs: GlyphSet) -> [String] {
    glyphs == .unicode ? ["·", "░", "▒", "▓", "█"] : [".", ":", "+", "%", "#"]
  }

  private static let styles: [Style] = [.muted, .active, .active, .active, .active]

  func draw(in place: Rect, of frame: inout Frame, selected: Int?, showsValues: Bool) {
    guard !cells.isEmpty else {
      frame.write("no rows to draw", row: place.row, column: place.column, style: .muted)
      return
    }
    let layout = Layout(self, place, selected, showsValues)
    let (labelWidth, width, height, view) = (
      layout.labelWidth, layout.width, layout.height, layout.view
    )
    let left = place.column + labelWidth + 2
    let values = cells.compactMap(\.value)
    let scale = (low: min(0, values.min() ?? 0), high: values.max() ?? 0)
    frame.write(
      "\(yTitle) ↓  \(xTitle) →", row: place.row, column: place.column, width: place.columns,
      style: .muted)
    drawLabels(
      layout, row: place.row + 1, left..<max(left, place.endColumn), showsValues, of: &frame)
    for row in view.rows {
      frame.write(
        rows[row], row: place.row + 2 + (row - view.rows.lowerBound) * height,
        column: place.column, width: labelWidth, style: .muted, align: .right)
    }
    for (item, cell) in cells.enumerated()
    where view.rows.contains(cell.row) && view.columns.contains(cell.column) {
      let step = HeatMap.step(of: cell.value, scale)
      let area = Rect(
        row: place.row + 2 + (cell.row - view.rows.lowerBound) * height,
        column: left + (cell.column - view.columns.lowerBound) * width, rows: height,
        columns: width)
      let glyph = cell.value == nil ? "∅" : HeatMap.shades(frame.glyphs)[step]
      frame.mark(area, as: .item("chart", item))
      if showsValues {
        frame.write(
          cell.value.map { ChartNumber.text($0) } ?? Grid.null(frame.glyphs), row: area.row,
          column: area.column, width: width - 1,
          style: item == selected
            ? Style(role: .selection) : step == 4 ? .active.bold : HeatMap.styles[step],
          align: .right)
        continue
      }
      for row in area.row..<area.endRow {
        frame.write(
          String(repeating: glyph, count: width), row: row, column: area.column,
          style: HeatMap.styles[step])
      }
      guard item == selected else { continue }
      frame.restyle(area) { _ in Style(role: .selection, attributes: [.reverse]) }
      frame.write(
        width > 2 ? "[\(String(repeating: glyph, count: width - 2))]" : "◆", row: area.row,
        column: area.column, style: Style(role: .selection))
    }
    drawKey(scale, place.line(min(place.rows - 1, 3 + view.rows.count * height)), of: &frame)
  }

  /// The columns that all of it takes, with values or at its narrowest without.
  func width(showsValues: Bool) -> Int {
    labelNeed + 2 + columns.count * columnNeed(showsValues)
  }

  /// The columns that the names of the rows take.
  private var labelNeed: Int { max(widestLabel, CellText.width(of: yTitle)) }

  /// The columns that a column of the map takes at its narrowest.
  private func columnNeed(_ showsValues: Bool) -> Int { showsValues ? 1 + widestValue : 1 }

  /// Which columns and rows are seen: `1–16 of 24 →`; nil when all are.
  func position(in place: Rect, selected: Int?, showsValues: Bool) -> String? {
    let view = Layout(self, place, selected, showsValues).view
    let across = ChartPosition.text(view.columns, of: columns.count).map { text in
      (view.columns.lowerBound > 0 ? "← " : "") + text
        + (view.columns.upperBound < columns.count ? " →" : "")
    }
    let down = ChartPosition.text(view.rows, of: rows.count).map { "rows " + $0 }
    let parts = [across, down].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: " · ")
  }

  /// Where its parts lie in a place.
  private struct Layout {
    var labelWidth: Int
    /// The cells of one column, and the lines of one row.
    var width: Int
    var height: Int
    var view: View

    init(_ map: HeatMap, _ place: Rect, _ selected: Int?, _ showsValues: Bool) {
      labelWidth = min(map.labelNeed, place.columns / 4)
      let room = max(0, place.columns - labelWidth - 2)
      let widest = map.columnNeed(showsValues)
      width = min(max(5, widest), max(widest, room / max(1, map.columns.count)))
      let lines = max(1, place.rows - 3)
      // Cells are about twice as high as wide: rows may be higher where there is room.
      height = showsValues ? 1 : min(2, max(1, lines / max(1, map.rows.count)))
      view = View(map, columns: room / width, rows: max(1, lines / height), selected: selected)
    }
  }

  /// The part of the map that is seen.
  private struct View {
    var columns: Range<Int>
    var rows: Range<Int>

    init(_ map: HeatMap, columns: Int, rows: Int, selected: Int?) {
      let cell = selected.flatMap { map.cells.indices.contains($0) ? map.cells[$0] : nil }
      self.columns = View.part(of: map.columns.count, room: columns, around: cell?.column ?? 0)
      self.rows = View.part(of: map.rows.count, room: rows, around: cell?.row ?? 0)
    }

    private static func part(of count: Int, room: Int, around place: Int) -> Range<Int> {
      let room = min(max(1, room), count)
      let first = min(max(0, place - room + 1), count - room)
      return first..<first + room
    }
  }

  /// The names of the columns, within the map.
  private func drawLabels(
    _ layout: Layout, row: Int, _ room: Range<Int>, _ isRight: Bool, of frame: inout Frame
  ) {
    var end = room.lowerBound - 1
    for column in layout.view.columns {
      let name = columns[column]
      let shift = isRight ? max(0, layout.width - 1 - CellText.width(of: name)) : 0
      let first = room.lowerBound + (column - layout.view.columns.lowerBound) * layout.width
      let start = first + shift
      guard start >= end, start < room.upperBound else { continue }
      end =
        frame.write(
          name, row: row, column: start, width: room.upperBound - start, style: .muted) + 1
    }
  }

  private static func step(of value: Double?, _ scale: (low: Double, high: Double)) -> Int {
    guard let value, scale.high > scale.low else { return 0 }
    let fraction = (value - scale.low) / (scale.high - scale.low)
    return min(4, max(0, Int((fraction * 5).rounded(.down))))
  }

  private func drawKey(
    _ scale: (low: Double, high: Double), _ place: Rect, of frame: inout Frame
  ) {
    var line = Line("\(valueTitle):", .muted)
    for step in 0..<5 {
      let lower = scale.low + (scale.high - scale.low) * Double(step) / 5
      line += Line(
        "  " + String(repeating: HeatMap.shades(frame.glyphs)[step], count: 2),
        HeatMap.styles[step])
      line += Line(" from \(ChartNumber.text(NiceRound.threeDigits(lower)))", .muted)
    }
    frame.write(line, row: place.row, column: place.column, width: place.columns)
  }
}

/// Numbers that only tell where a step begins.
private enum NiceRound {
  static func threeDigits(_ value: Double) -> Double {
    let step = NiceScale.niceStep(abs(value) / 1000)
    return value == 0 ? 0 : (value / step).rounded() * step
  }
}
