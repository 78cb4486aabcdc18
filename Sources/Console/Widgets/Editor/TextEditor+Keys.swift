extension TextEditor {
  /// What a key did.
  enum Answer: Equatable, Sendable {
    /// Nothing: the key is somebody else's.
    case ignored
    case taken
    /// It was taken, and this goes to the terminal's clipboard too.
    case copied(String)
    /// It would have, but there is nothing to do; says what.
    case refused(String)
  }

  /// Takes a key that types, edits or moves.
  ///
  /// - Parameter page: the lines that are shown.
  mutating func take(_ key: Key, page: Int) -> Answer {
    if let character = key.typed, character.isTypable {
      type(character)
      return .taken
    }
    guard let (action, selects) = Keymap.edit(for: key) else { return .ignored }
    // Where nothing is selected, the key to copy may mean something else to others.
    if action == .copy, selection == nil { return .ignored }
    return perform(action, selects: selects, page: page)
  }

  /// Edits or moves.
  ///
  /// - Parameters:
  ///   - selects: whether the selection grows with a move.
  ///   - page: the lines that are shown.
  mutating func perform(_ action: EditAction, selects: Bool = false, page: Int) -> Answer {
    switch action {
    case .move(let movement): move(movement, selects: selects, page: page)
    case .breakLine: breakLine()
    case .indent: indent()
    case .outdent: outdent()
    case .complete: return .ignored
    case .deleteBack: remove(selection ?? target(of: .left)..<cursor)
    case .deleteForward: remove(selection ?? cursor..<target(of: .right))
    case .deleteWordBack: remove(selection ?? target(of: .wordLeft)..<cursor)
    case .deleteWordForward: remove(selection ?? cursor..<target(of: .wordRight))
    case .selectAll: selectAll()
    case .cut: return cut(selection ?? wholeLine)
    case .cutRest: return cut(selection ?? restOfLine)
    case .copy: return copySelection()
    case .paste:
      guard !clipboard.isEmpty else { return .refused("nothing was cut or copied here yet") }
      insert(clipboard)
    case .undo: return undo() ? .taken : .refused("nothing to undo")
    case .redo: return redo() ? .taken : .refused("nothing to redo")
    }
    return .taken
  }

  private mutating func copySelection() -> Answer {
    guard let selection else { return .refused("nothing is selected") }
    clipboard = buffer.text(in: selection)
    return .copied(clipboard)
  }

  private mutating func cut(_ range: Range<TextPosition>) -> Answer {
    guard !range.isEmpty else { return .refused("nothing to cut") }
    clipboard = buffer.text(in: range)
    remove(range)
    return .copied(clipboard)
  }

  /// The cursor's line with its line break.
  private var wholeLine: Range<TextPosition> {
    let start = TextPosition(line: cursor.line, column: 0)
    let next = TextPosition(line: cursor.line + 1, column: 0)
    return start..<(next.line < buffer.lines.count ? next : max(start, buffer.end))
  }

  /// To the end of the line; at its end, its line break.
  private var restOfLine: Range<TextPosition> {
    let end = target(of: .lineEnd)
    return cursor..<(cursor == end ? target(of: .right) : end)
  }

  // MARK: Indents

  /// Breaks the line; the next one begins where this one does.
  private mutating func breakLine() {
    let start = (selection?.lowerBound ?? cursor)
    let indent = buffer.line(start.line).head(start.column).prefix { $0 == " " || $0 == "\t" }
    insert("\n" + indent)
  }

  /// Two cells more for the selected lines, or spaces up to the next even cell.
  private mutating func indent() {
    guard let selection, selection.lowerBound.line < selection.upperBound.line else {
      let cell = TextCells.cell(of: cursor.column, in: buffer.line(cursor.line))
      insert(cell % 2 == 0 ? "  " : " ")
      return
    }
    changeLines(of: selection) { $0.isEmpty ? $0 : "  " + $0 }
  }

  /// Two cells less for the selected lines, or the cursor's.
  private mutating func outdent() {
    changeLines(of: selection ?? cursor..<cursor) { line in
      String(line.dropFirst(min(2, line.prefix { $0 == " " }.count)))
    }
  }

  private mutating func changeLines(
    of range: Range<TextPosition>, _ change: (String) -> String
  ) {
    let hadSelection = selection != nil
    // A selection that ends at a line's start does not mean that line.
    let isOpen = range.upperBound.column == 0 && range.upperBound.line > range.lowerBound.line
    let last = range.upperBound.line - (isOpen ? 1 : 0)
    let lines = (range.lowerBound.line...max(range.lowerBound.line, last)).map { buffer.line($0) }
    let changed = lines.map(change)
    guard changed != lines else { return }
    let start = TextPosition(line: range.lowerBound.line, column: 0)
    let end = TextPosition(line: last, column: buffer.line(last).utf8.count)
    let shift = (changed.last?.utf8.count ?? 0) - (lines.last?.utf8.count ?? 0)
    let column = max(0, cursor.column + shift)
    let line = cursor.line
    replace(start..<end, with: changed.joined(separator: "\n"))
    if hadSelection {
      anchor = start
    } else {
      cursor = buffer.clamped(TextPosition(line: line, column: column))
    }
  }
}

extension Character {
  /// Whether typing it means its text: a control character does not.
  fileprivate var isTypable: Bool {
    unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 }
  }
}
