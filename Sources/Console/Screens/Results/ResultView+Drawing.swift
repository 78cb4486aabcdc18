import Warehouse

extension ResultView {
  /// Where grid or drawing lie in the room for all of it: below a drawing stands what is pointed at,
  /// below a table why there is no drawing.
  func place(in room: Rect) -> Rect {
    let hasFoot = !showsGrid || tableProblem != nil
    return Rect(
      row: room.row, column: room.column, rows: max(0, room.rows - (hasFoot ? 1 : 0)),
      columns: room.columns)
  }

  /// Why there is a table in place of the chart that was wanted; nil when none was.
  private var tableProblem: WarehouseError? { behind == nil ? chartProblem : nil }

  /// Draws it.
  ///
  /// - Parameters:
  ///   - pane: the name of the grid for the mouse.
  ///   - opens: what Enter shows, for the line below a chart.
  ///   - placeholder: what stands there when there is no row.
  func draw(
    in room: Rect, of frame: inout Frame, pane: Pane, isFocused: Bool = true, opens: String,
    placeholder: Line
  ) {
    if showsGrid {
      drawGrid(in: room, of: &frame, pane, isFocused, placeholder)
    } else if let chart {
      chart.draw(
        in: place(in: room), of: &frame, selected: isFocused ? item : nil,
        showsValues: showsValues)
      guard let pointed else { return }
      frame.write(
        Line("▸ ", .accent.bold) + Line(pointed.text, .bold) + Line("   Enter \(opens)", .muted),
        row: room.endRow - 1, column: room.column, width: room.columns)
    }
  }

  private func drawGrid(
    in room: Rect, of frame: inout Frame, _ pane: Pane, _ isFocused: Bool, _ placeholder: Line
  ) {
    guard !columns.isEmpty else { return }
    shownGrid.draw(
      in: place(in: room), of: &frame, pane: pane, isFocused: isFocused, placeholder: placeholder)
    if let tableProblem {
      frame.write(
        "! " + tableProblem.message, row: room.endRow - 1, column: room.column,
        width: room.columns, style: .warning)
    }
  }

  /// What is seen, in a few words for the edge of the box.
  func status(in room: Rect, isFocused: Bool = true) -> String {
    if showsGrid { return shownGrid.rows.isEmpty ? "" : shownGrid.status(in: place(in: room)) }
    guard let chart else { return "" }
    let position = chart.position(
      in: place(in: room), selected: isFocused ? item : nil, showsValues: showsValues)
    return [chart.spec.kind.title, position].compactMap { $0 }.joined(separator: " · ")
  }
}
