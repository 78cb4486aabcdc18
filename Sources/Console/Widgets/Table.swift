/// Rows and columns with a header, a selection and a scroll bar. Columns keep their places.
struct Table {
  /// One column.
  struct Column {
    var title: String
    var width: Rect.Share
    var alignment: Frame.Alignment = .left
    /// Which end of a value gives way.
    var clipping: Frame.Clipping = .end
  }

  /// What a row shows.
  struct Row {
    var cells: [Line]
    /// Whether its first cell takes the whole row.
    var isHeading = false
  }

  var columns: [Column]
  var count: Int
  var position: ListPosition
  var pane: Pane
  /// Whether keys go here: else the selection is shown more quietly.
  var isFocused = true
  /// Whether the columns' titles are shown.
  var hasHeader = true
  /// What is shown when there is nothing.
  var placeholder = Line()
  /// The row at a place; asked for the visible ones only.
  var row: (Int) -> Row

  /// How many rows fit.
  static func height(in place: Rect, hasHeader: Bool = true) -> Int {
    max(0, place.rows - (hasHeader ? 1 : 0))
  }

  /// Draws it.
  func draw(in place: Rect, of frame: inout Frame) {
    guard !place.isEmpty else { return }
    frame.mark(place, as: .pane(pane))
    var body = place
    if hasHeader {
      drawHeader(place.line(0), of: &frame)
      body = Rect(
        row: place.row + 1, column: place.column, rows: place.rows - 1, columns: place.columns)
    }
    guard count > 0 else {
      frame.write(placeholder, row: body.row, column: body.column, width: body.columns)
      return
    }
    let first = position.firstRow(count: count, height: body.rows)
    for index in first..<max(first, min(count, first + body.rows)) {
      draw(index, in: body.line(index - first), of: &frame)
    }
    drawScrollBar(first: first, in: body, of: &frame)
  }

  /// The places of a row's cells, two columns apart. A width of 0 hides a column and its gap.
  private func cells(of line: Rect) -> [Rect] {
    let gaps = columns.map { if case .fixed(0) = $0.width { 0 } else { 2 } }
    let room = line.columns - gaps.reduce(0, +) + (gaps.last { $0 > 0 } ?? 0)
    let inner = Rect(row: line.row, column: line.column, rows: 1, columns: room)
    var shift = 0
    return zip(inner.splitColumns(columns.map(\.width)), gaps).map { cell, gap in
      defer { shift += gap }
      return Rect(row: cell.row, column: cell.column + shift, rows: 1, columns: cell.columns)
    }
  }

  private func drawHeader(_ line: Rect, of frame: inout Frame) {
    for (column, cell) in zip(columns, cells(of: line)) where cell.columns > 0 {
      frame.write(
        column.title, row: cell.row, column: cell.column, width: cell.columns,
        style: .muted, align: column.alignment)
    }
  }

  private func draw(_ index: Int, in line: Rect, of frame: inout Frame) {
    let row = row(index)
    if row.isHeading, let text = row.cells.first {
      frame.write(text, row: line.row, column: line.column, width: line.columns)
    }
    for ((column, cell), text) in zip(zip(columns, cells(of: line)), row.cells)
    where cell.columns > 0 && !row.isHeading {
      draw(text, column: column, in: cell, of: &frame)
    }
    frame.mark(line, as: .item(pane, index))
    guard index == position.selection(count: count) else { return }
    frame.select(line, isFocused: isFocused)
  }

  private func draw(_ text: Line, column: Column, in cell: Rect, of frame: inout Frame) {
    if text.spans.count == 1, let span = text.spans.first {
      frame.write(
        span.text, row: cell.row, column: cell.column, width: cell.columns, style: span.style,
        align: column.alignment, clip: column.clipping)
    } else {
      frame.write(
        text, row: cell.row, column: cell.column, width: cell.columns, align: column.alignment)
    }
  }

  private func drawScrollBar(first: Int, in body: Rect, of frame: inout Frame) {
    frame.scrollBar(
      first: first, count: count, in: body, column: body.endColumn + 1)
  }
}

extension Frame {
  /// Shows that a line is selected: in the selection's colours where keys go, in bold elsewhere.
  mutating func select(_ line: Rect, isFocused: Bool) {
    let wide = Rect(row: line.row, column: line.column - 1, rows: 1, columns: line.columns + 2)
    restyle(wide) { isFocused ? Style(role: .selection) : $0.bold }
  }

  /// Shows on a box's right edge which part of a list is seen; nothing when all is.
  mutating func scrollBar(first: Int, count: Int, in body: Rect, column: Int) {
    guard count > body.rows, body.rows > 1 else { return }
    let length = max(1, body.rows * body.rows / count)
    let room = body.rows - length
    let start = count == body.rows ? 0 : room * first / (count - body.rows)
    for row in body.row + start..<min(body.endRow, body.row + start + length) {
      write("┃", row: row, column: column, style: .muted)
    }
  }
}
