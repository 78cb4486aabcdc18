/// Where a cursor can go.
enum TextMovement: Hashable, Sendable {
  case left, right, wordLeft, wordRight
  case up, down, pageUp, pageDown
  case lineStart, lineEnd, textStart, textEnd
}

extension TextEditor {
  /// Moves the cursor.
  ///
  /// - Parameters:
  ///   - selects: whether the selection grows with it; else it goes away.
  ///   - page: the lines that are shown.
  mutating func move(_ movement: TextMovement, selects: Bool = false, page: Int = 20) {
    endTyping()
    if let selection, !selects, movement == .left || movement == .right {
      go(to: movement == .left ? selection.lowerBound : selection.upperBound)
      return
    }
    let rows: Int
    switch movement {
    case .up: rows = -1
    case .down: rows = 1
    case .pageUp: rows = -max(1, page - 1)
    case .pageDown: rows = max(1, page - 1)
    case .left, .right, .wordLeft, .wordRight, .lineStart, .lineEnd, .textStart, .textEnd:
      go(to: target(of: movement), selects: selects)
      return
    }
    moveLines(rows, selects: selects)
  }

  /// Puts the cursor at a place.
  mutating func go(to position: TextPosition, selects: Bool = false) {
    endTyping()
    if selects { anchor = anchor ?? cursor } else { anchor = nil }
    cursor = buffer.clamped(position)
    goal = nil
  }

  /// Selects the whole text.
  mutating func selectAll() {
    go(to: .start)
    go(to: buffer.end, selects: true)
  }

  private mutating func moveLines(_ rows: Int, selects: Bool) {
    let aim = goal ?? TextCells.cell(of: cursor.column, in: buffer.line(cursor.line))
    let wanted = cursor.line + rows
    if wanted < 0 {
      go(to: .start, selects: selects)
    } else if wanted >= buffer.lines.count {
      go(to: buffer.end, selects: selects)
    } else {
      let column = TextCells.column(of: aim, in: buffer.line(wanted))
      go(to: TextPosition(line: wanted, column: column), selects: selects)
    }
    goal = aim
  }

  /// Where a movement along the text leads.
  func target(of movement: TextMovement) -> TextPosition {
    let line = buffer.line(cursor.line)
    switch movement {
    case .left: return before
    case .right: return after
    case .wordLeft: return wordStart
    case .wordRight: return wordEnd
    case .lineStart:
      // First to where the text of the line begins, then to its very start.
      let indent = line.prefix { $0 == " " || $0 == "\t" }.utf8.count
      return TextPosition(line: cursor.line, column: cursor.column == indent ? 0 : indent)
    case .lineEnd: return TextPosition(line: cursor.line, column: line.utf8.count)
    case .textStart: return .start
    case .textEnd: return buffer.end
    case .up, .down, .pageUp, .pageDown: return cursor
    }
  }

  /// The place one character before the cursor.
  private var before: TextPosition {
    guard cursor.column > 0 else {
      guard cursor.line > 0 else { return cursor }
      let line = cursor.line - 1
      return TextPosition(line: line, column: buffer.line(line).utf8.count)
    }
    let line = buffer.line(cursor.line)
    let place = line.index(before: line.index(ofByte: cursor.column))
    return position(place, in: line)
  }

  /// The place one character behind the cursor.
  private var after: TextPosition {
    let line = buffer.line(cursor.line)
    guard cursor.column < line.utf8.count else {
      guard cursor.line + 1 < buffer.lines.count else { return cursor }
      return TextPosition(line: cursor.line + 1, column: 0)
    }
    return position(line.index(after: line.index(ofByte: cursor.column)), in: line)
  }

  private func position(_ index: String.Index, in line: String) -> TextPosition {
    TextPosition(
      line: cursor.line, column: line.utf8.distance(from: line.utf8.startIndex, to: index))
  }

  private var wordStart: TextPosition {
    guard cursor.column > 0 else { return before }
    let head = buffer.line(cursor.line).head(cursor.column)
    let rest = head.reversed().drop { !$0.isWordPart }.drop(while: \.isWordPart)
    return TextPosition(line: cursor.line, column: rest.reduce(0) { $0 + $1.utf8.count })
  }

  private var wordEnd: TextPosition {
    let tail = buffer.line(cursor.line).tail(cursor.column)
    guard !tail.isEmpty else { return after }
    let rest = tail.drop { !$0.isWordPart }.drop(while: \.isWordPart)
    return TextPosition(
      line: cursor.line, column: buffer.line(cursor.line).utf8.count - rest.utf8.count)
  }

  /// Scrolls as little as shows the cursor in so many rows and cells.
  mutating func reveal(rows: Int, columns: Int) {
    guard rows > 0, columns > 0 else { return }
    top = min(max(top, cursor.line - rows + 1), cursor.line)
    top = max(0, min(top, max(0, buffer.lines.count - 1)))
    if buffer.lines.count <= rows { top = 0 }
    let cell = TextCells.cell(of: cursor.column, in: buffer.line(cursor.line))
    if cell < left { left = max(0, cell - columns / 4) }
    if cell >= left + columns { left = cell - columns + 1 + columns / 4 }
    if cell < columns { left = 0 }
  }

  /// Scrolls without moving the cursor, as a wheel does.
  mutating func scroll(_ rows: Int) {
    top = min(max(0, top + rows), max(0, buffer.lines.count - 1))
  }
}

extension Character {
  /// Whether it belongs to a word: a letter, a digit or an underscore.
  var isWordPart: Bool { isLetter || isNumber || self == "_" }
}
