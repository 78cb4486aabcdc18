/// One line of text that is typed.
struct InputField: Equatable, Sendable {
  private(set) var text: String
  /// The cursor's place, in characters.
  private(set) var cursor: Int

  /// A field that holds `text`, the cursor at its end.
  init(_ text: String = "") {
    self.text = text
    cursor = text.count
  }

  /// Takes a key; `false` when it is not one that edits.
  mutating func take(_ key: Key) -> Bool {
    if let character = key.typed {
      insert(String(character))
      return true
    }
    switch key {
    case .left, .control("b"): cursor = max(0, cursor - 1)
    case .right, .control("f"): cursor = min(text.count, cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = text.count
    case .backspace: remove(cursor - 1..<cursor)
    case .delete, .control("d"): remove(cursor..<cursor + 1)
    case .control("u"): remove(0..<cursor)
    case .control("k"): remove(cursor..<text.count)
    case .control("w"): remove(wordStart..<cursor)
    default: return false
    }
    return true
  }

  /// No longer text can be pasted, in characters.
  static let pasteLimit = 20_000
  /// What is said of a text that is longer.
  static let tooLong = "The text is too long to be pasted here."

  /// Inserts pasted text at the cursor; `false` when it is too long, and then nothing of it.
  mutating func paste(_ more: String) -> Bool {
    guard more.count <= InputField.pasteLimit else { return false }
    insert(more)
    return true
  }

  /// Inserts text at the cursor; line breaks become spaces.
  mutating func insert(_ more: String) {
    let clean = String(more.map { $0.isNewline ? " " : $0 })
    let place = text.index(text.startIndex, offsetBy: cursor)
    let before = text.count
    text.insert(contentsOf: clean, at: place)
    // A combining mark joins the character before it.
    cursor += text.count - before
  }

  private var wordStart: Int {
    let before = text.prefix(cursor)
    let trimmed = before.reversed().drop { $0 == " " }
    return trimmed.drop { $0 != " " }.count
  }

  private mutating func remove(_ range: Range<Int>) {
    let range = range.clamped(to: 0..<text.count)
    guard !range.isEmpty else { return }
    let start = text.index(text.startIndex, offsetBy: range.lowerBound)
    let end = text.index(start, offsetBy: range.count)
    text.removeSubrange(start..<end)
    cursor = range.lowerBound
  }

  /// Draws it with its cursor, scrolled so that the cursor is seen.
  func draw(in place: Rect, of frame: inout Frame, placeholder: String = "") {
    guard place.columns > 1, place.rows > 0 else { return }
    let cursorIndex = text.index(text.startIndex, offsetBy: cursor)
    var start = cursorIndex
    var width = 0
    while start > text.startIndex {
      let next = text.index(before: start)
      let more = CellText.width(of: String(text[next]))
      guard width + more < place.columns else { break }
      (start, width) = (next, width + more)
    }
    let visible = String(text[start...].prefix(width + place.columns))
    if text.isEmpty {
      frame.write(
        placeholder, row: place.row, column: place.column, width: place.columns, style: .muted)
    }
    frame.write(visible, row: place.row, column: place.column, width: place.columns)
    frame.cursor = (place.row, place.column + width)
  }
}
