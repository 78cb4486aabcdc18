import Warehouse

/// What is marked in a text besides the cursor.
struct TextMarks: Equatable, Sendable {
  /// The statement that would run.
  var statement: Range<TextPosition>?
  /// Where the server found something wrong.
  var error: TextPosition?
}

extension TextEditor {
  /// The cells at the left for the numbers of the lines.
  var gutter: Int { max(2, String(buffer.lines.count).count) + 3 }

  /// Draws the text with line numbers and colours.
  ///
  /// - Parameter isTyping: whether keys go here: then the cursor is shown.
  func draw(
    in place: Rect, of frame: inout Frame, pane: Pane, marks: TextMarks, isTyping: Bool,
    placeholder: Line
  ) {
    guard place.rows > 0, place.columns > gutter + 2 else { return }
    frame.markCells(place, of: pane)
    let room = Rect(
      row: place.row, column: place.column + gutter, rows: place.rows,
      columns: place.columns - gutter)
    let brackets = isTyping ? buffer.brackets(at: cursor) : []
    for row in 0..<place.rows where top + row < buffer.lines.count {
      let line = top + row
      drawNumber(line, marks, row: place.row + row, column: place.column, of: &frame)
      draw(line, in: room.line(row), marks, brackets, of: &frame)
    }
    if buffer.isEmpty {
      frame.write(placeholder, row: room.row, column: room.column, width: room.columns)
    }
    if isTyping { frame.cursor = cursorPlace(in: room) }
    frame.scrollBar(
      first: top, count: max(buffer.lines.count, top + 1), in: place, column: place.endColumn + 1)
  }

  /// The place of the text over a cell, counted from the upper left one of where it is drawn.
  func position(row: Int, column: Int) -> TextPosition {
    let line = min(max(0, top + row), max(0, buffer.lines.count - 1))
    let cell = max(0, left + column - gutter)
    return TextPosition(line: line, column: TextCells.column(of: cell, in: buffer.line(line)))
  }

  /// Where the cursor lies on the screen; nil when it is scrolled away.
  func cursorPlace(in room: Rect) -> (row: Int, column: Int)? {
    let cell = TextCells.cell(of: cursor.column, in: buffer.line(cursor.line)) - left
    let place = (row: room.row + cursor.line - top, column: room.column + cell)
    return room.contains(row: place.row, column: place.column) ? place : nil
  }

  private func drawNumber(
    _ line: Int, _ marks: TextMarks, row: Int, column: Int, of frame: inout Frame
  ) {
    let isIn = marks.statement.map { ($0.lowerBound.line...$0.upperBound.line).contains(line) }
    let style: Style = line == cursor.line ? .accent.bold : .muted
    frame.write(
      "\(line + 1)", row: row, column: column, width: gutter - 3, style: style, align: .right)
    if marks.error?.line == line {
      frame.write("✗", row: row, column: column + gutter - 2, style: .failure.bold)
    } else if isIn == true {
      frame.write("│", row: row, column: column + gutter - 2, style: .accent)
    }
  }

  /// Draws one line: runs of one style, cut to the cells that are shown.
  private func draw(
    _ index: Int, in room: Rect, _ marks: TextMarks, _ brackets: [TextPosition],
    of frame: inout Frame
  ) {
    let line = buffer.line(index)
    let tokens = buffer.tokens(of: index)
    var token = 0
    var cell = 0
    var column = 0
    var run = ""
    var runStyle = Style.plain
    var runStart = 0
    func flush(_ frame: inout Frame) {
      frame.write(run, row: room.row, column: room.column + runStart - left, style: runStyle)
      run = ""
    }
    for character in line {
      while token < tokens.count, tokens[token].range.upperBound <= column { token += 1 }
      let width = TextCells.width(of: character, at: cell)
      if cell + width > left + room.columns { break }
      if cell >= left {
        var style = token < tokens.count ? TextEditor.style(of: tokens[token], in: line) : .plain
        decorate(&style, TextPosition(line: index, column: column), marks, brackets)
        if style != runStyle {
          flush(&frame)
          runStyle = style
        }
        if run.isEmpty { runStart = cell }
        run += character == "\t" ? String(repeating: " ", count: width) : String(character)
      }
      cell += width
      column += character.utf8.count
    }
    flush(&frame)
    decorateEnd(index, cell: cell, isWhole: column == line.utf8.count, marks, in: room, of: &frame)
  }

  private func decorate(
    _ style: inout Style, _ place: TextPosition, _ marks: TextMarks, _ brackets: [TextPosition]
  ) {
    if brackets.contains(place) { style = style.with([.bold, .underline]) }
    if selection?.contains(place) == true { style = Style(role: .selection) }
    if marks.error == place { style = .failure.with([.bold, .reverse]) }
  }

  /// A selected line break, or an error at the line's end, is one cell behind the text.
  private func decorateEnd(
    _ index: Int, cell: Int, isWhole: Bool, _ marks: TextMarks, in room: Rect,
    of frame: inout Frame
  ) {
    let place = TextPosition(line: index, column: buffer.line(index).utf8.count)
    guard isWhole, cell >= left, cell - left < room.columns else { return }
    let column = room.column + cell - left
    if marks.error == place {
      frame.write(" ", row: room.row, column: column, style: .failure.with([.bold, .reverse]))
    } else if selection?.contains(place) == true {
      frame.write(" ", row: room.row, column: column, style: Style(role: .selection))
    }
  }

  private static func style(of token: SQLToken, in line: String) -> Style {
    switch token.kind {
    case .comment: .muted
    case .string: .success
    case .number: .active
    case .quotedName: .warning
    case .namedParameter, .numberedParameter: .key.bold
    case .word:
      SQLKeywords.contains(String(line.slice(token.range))) ? .accent.bold : .plain
    case .blank, .semicolon, .symbol: .plain
    }
  }
}
