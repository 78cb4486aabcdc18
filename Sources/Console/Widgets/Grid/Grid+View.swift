import Warehouse

extension Grid {
  /// How NULL is shown, told from the empty text.
  static func null(_ glyphs: GlyphSet) -> String { glyphs == .unicode ? "∅" : "NULL" }

  /// The pane of a grid's header; its items are columns.
  static func headerPane(of pane: Pane) -> Pane { Pane(stringLiteral: pane.name + "-header") }

  /// Draws header and rows.
  ///
  /// - Parameters:
  ///   - pane: the name that cells are marked with for the mouse.
  ///   - placeholder: what is shown when there is no row.
  func draw(
    in place: Rect, of frame: inout Frame, pane: Pane, isFocused: Bool = true,
    placeholder: Line = Line("No rows.", .muted)
  ) {
    guard !place.isEmpty else { return }
    frame.mark(place, as: .pane(pane))
    let layout = layout(room: place.columns)
    drawHeader(layout, in: place.line(0), of: &frame, pane: pane)
    let height = Grid.height(in: place)
    guard !rows.isEmpty else {
      frame.write(
        placeholder, row: place.row + 1, column: place.column + GridLayout.gutter,
        width: place.columns - GridLayout.gutter)
      return
    }
    let first = firstRow(height: height)
    for row in first..<max(first, min(rows.count, first + height)) {
      draw(
        row, layout, in: place.line(row - first + 1), of: &frame, pane: pane, isFocused: isFocused)
    }
    if !search.isEmpty {
      let body = Rect(
        row: place.row + 1, column: place.column, rows: height, columns: place.columns)
      frame.highlight(search, in: body)
    }
    drawDivider(layout, in: place, rows: min(height, rows.count - first), of: &frame)
  }

  private func drawHeader(
    _ layout: GridLayout, in line: Rect, of frame: inout Frame, pane: Pane
  ) {
    for cell in layout.columns {
      guard columns.indices.contains(cell.index) else { continue }
      let column = columns[cell.index]
      let start = line.column + cell.start
      let isCurrent = cell.index == self.column
      // The arrow of a sort may take a cell of the gap, so that the name stays whole.
      let arrow = sort?.source == column.source && column.alignment == .left ? 1 : 0
      frame.write(
        header(column, isCurrent: isCurrent, glyphs: frame.glyphs), row: line.row, column: start,
        width: cell.width + arrow, align: column.alignment)
      frame.mark(
        Rect(row: line.row, column: start, rows: 1, columns: cell.width),
        as: .item(Grid.headerPane(of: pane), cell.index))
    }
    if layout.before > 0 {
      frame.write("←", row: line.row, column: line.column, style: .accent.bold)
    }
    if layout.after > 0 {
      frame.write("→", row: line.row, column: line.endColumn - 1, style: .accent.bold)
    }
  }

  private func header(_ column: GridColumn, isCurrent: Bool, glyphs: GlyphSet) -> Line {
    var line = Line(column.title, isCurrent ? .accent.bold : .accent)
    if let sort, sort.source == column.source {
      line += Line(sort.isDescending ? "▼" : "▲", .warning.bold)
    } else if !column.mark.isEmpty {
      line += Line(" " + column.mark, .muted)
    }
    return line
  }

  private func draw(
    _ row: Int, _ layout: GridLayout, in line: Rect, of frame: inout Frame, pane: Pane,
    isFocused: Bool
  ) {
    let isMarked = identity(row).map { marks.contains($0) } ?? false
    if isMarked { frame.write("●", row: line.row, column: line.column, style: .warning.bold) }
    for cell in layout.columns {
      guard columns.indices.contains(cell.index) else { continue }
      let column = columns[cell.index]
      let value = value(row, cell.index)
      let area = Rect(
        row: line.row, column: line.column + cell.start, rows: 1, columns: cell.width)
      frame.write(
        Grid.shown(value, column, width: area.columns, frame.glyphs), row: area.row,
        column: area.column, width: area.columns,
        style: value == nil
          ? .muted : isMarked ? .warning : column.hasSparklines ? .active : .plain,
        align: column.alignment)
      frame.mark(area, as: .item(pane, item(row, cell.index)))
      guard row == self.row else { continue }
      let isCurrent = cell.index == self.column
      frame.restyle(area) { old in
        isCurrent && isFocused
          ? Style(role: .selection) : isCurrent ? old.with([.bold, .underline]) : old.bold
      }
    }
  }

  /// A value as it fits. What must not be cut is covered, as in spreadsheets.
  private static func shown(
    _ value: String?, _ column: GridColumn, width: Int, _ glyphs: GlyphSet
  ) -> String {
    guard let value else { return null(glyphs) }
    if case .sparkline(let scale) = column.look {
      let values = Sparkline.fitted(Sparkline.values(value), width)
      return Sparkline.text(values, scale: scale, glyphs: glyphs)
    }
    let text = column.text(value)
    guard column.mustBeWhole, CellText(text, limit: width).isCut else { return text }
    return String(repeating: "#", count: max(0, width))
  }

  private func drawDivider(
    _ layout: GridLayout, in place: Rect, rows: Int, of frame: inout Frame
  ) {
    guard let divider = layout.divider, divider < place.columns else { return }
    for row in 0...max(0, rows) {
      frame.write("│", row: place.row + row, column: place.column + divider, style: .border)
    }
  }

  /// Which rows are seen: `rows 41–80 of about 1.2M (estimate)`, and what is marked and hidden.
  func status(in place: Rect) -> String {
    let height = Grid.height(in: place)
    let first = firstRow(height: height)
    var parts = [extent.text(top: first, count: min(height, rows.count - first), held: rows.count)]
    if !marks.isEmpty { parts.append("\(Quantity.count(marks.count)) marked") }
    let hidden = columns.count - shownColumns.count
    if hidden > 0 { parts.append("\(hidden) hidden") }
    if let scaleText { parts.append(scaleText) }
    if !search.isEmpty {
      parts.insert(hasMissed ? "nothing here is like \(search)" : "/ \(search)", at: 0)
    }
    return parts.joined(separator: " · ")
  }
}
