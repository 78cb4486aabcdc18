/// A text that is edited: cursor, selection, clipboard, and what can be undone.
///
/// A value: keys come in, and it says whether it took them.
struct TextEditor: Equatable, Sendable {
  private(set) var buffer = TextBuffer()
  var cursor = TextPosition.start
  /// The other end of the selection; nil when there is none.
  var anchor: TextPosition?
  /// The cell that moving up and down aims at; nil after any other move.
  var goal: Int?
  /// The topmost line, and the first cell, that are shown.
  var top = 0
  var left = 0
  /// What was cut or copied last.
  var clipboard = ""
  /// Counts changes, so that what belongs to an older text is known as such.
  private(set) var version = 0
  private var undone: [Change] = []
  private var done: [Change] = []
  /// Whether the next character joins the last change.
  private var isTyping = false

  /// So many changes can be undone.
  private static let historyLimit = 1000

  /// One step of undo.
  private struct Change: Equatable, Sendable {
    var start: TextPosition
    var removed: String
    var inserted: String
    /// Behind `inserted`.
    var end: TextPosition
    var cursorBefore: TextPosition
  }

  /// An editor on a text, the cursor at its start.
  init(_ text: String = "") { buffer = TextBuffer(text) }

  /// The text.
  var text: String { buffer.text }

  /// What is selected; nil when nothing is.
  var selection: Range<TextPosition>? {
    guard let anchor, anchor != cursor else { return nil }
    return min(anchor, cursor)..<max(anchor, cursor)
  }

  // MARK: Changing

  /// Puts a text in the place of the selection, or at the cursor: one step of undo.
  mutating func insert(_ text: String) {
    let range = selection ?? cursor..<cursor
    replace(range, with: TextEditor.normalized(text))
  }

  /// Puts one typed character there; characters in a row are undone together.
  mutating func type(_ character: Character) {
    let joins = isTyping && selection == nil && done.last?.end == cursor
    replace(selection ?? cursor..<cursor, with: String(character), joins: joins)
    isTyping = true
  }

  /// Replaces the whole text; it can be undone.
  mutating func setText(_ text: String) {
    replace(.start..<buffer.end, with: TextEditor.normalized(text))
  }

  /// Removes a part; nothing happens when it is empty.
  mutating func remove(_ range: Range<TextPosition>) {
    guard !range.isEmpty else { return }
    replace(range, with: "")
  }

  /// Puts a text in the place of another, and the cursor behind it.
  mutating func replace(_ range: Range<TextPosition>, with text: String, joins: Bool = false) {
    let removed = range.isEmpty ? "" : buffer.text(in: range)
    let end = buffer.replace(range, with: text)
    if joins, !done.isEmpty {
      done[done.count - 1].inserted += text
      done[done.count - 1].end = end
    } else {
      done.append(
        Change(
          start: range.lowerBound, removed: removed, inserted: text, end: end, cursorBefore: cursor)
      )
      if done.count > TextEditor.historyLimit { done.removeFirst(100) }
    }
    undone = []
    settle(at: end)
  }

  /// Takes the last change back; `false` when there is none.
  mutating func undo() -> Bool {
    guard let change = done.popLast() else { return false }
    buffer.replace(change.start..<change.end, with: change.removed)
    undone.append(change)
    settle(at: change.cursorBefore)
    return true
  }

  /// Makes the change again that was taken back; `false` when there is none.
  mutating func redo() -> Bool {
    guard var change = undone.popLast() else { return false }
    let old = change.start..<TextEditor.end(of: change.removed, from: change.start)
    change.end = buffer.replace(old, with: change.inserted)
    done.append(change)
    settle(at: change.end)
    return true
  }

  private mutating func settle(at position: TextPosition) {
    version += 1
    cursor = buffer.clamped(position)
    anchor = nil
    goal = nil
    isTyping = false
  }

  /// Ends what was being typed: the next character begins a step of undo.
  mutating func endTyping() { isTyping = false }

  private static func end(of text: String, from start: TextPosition) -> TextPosition {
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let last = lines.last?.count ?? 0
    return TextPosition(
      line: start.line + max(1, lines.count) - 1,
      column: lines.count > 1 ? last : start.column + last)
  }

  /// Line breaks as the buffer knows them.
  private static func normalized(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\r")) else { return text }
    var scalars = String.UnicodeScalarView()
    var wasReturn = false
    for scalar in text.unicodeScalars {
      if scalar == "\r" {
        scalars.append("\n")
      } else if scalar != "\n" || !wasReturn {
        scalars.append(scalar)
      }
      wasReturn = scalar == "\r"
    }
    return String(scalars)
  }
}
