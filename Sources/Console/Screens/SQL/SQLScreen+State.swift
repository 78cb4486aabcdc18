import Warehouse

extension SQLScreen {
  /// No longer text is kept over sessions.
  private static let greatestKept = 200_000

  /// The text, with the place in it, and where one was in the history. Whether changes are possible
  /// is never kept, nor a text that may hold a secret.
  var saved: [String: JSONValue] {
    var saved: [String: JSONValue] = [
      "history": .string(lastSearch.field.text),
      "history-place": .integer(lastSearch.position.selected),
    ]
    let text = editor.text
    guard text.utf8.count <= Self.greatestKept, !StatementHistory.mayHoldSecret(text) else {
      return saved
    }
    saved["text"] = .string(text)
    saved["line"] = .integer(editor.cursor.line)
    saved["column"] = .integer(editor.cursor.column)
    return saved
  }

  mutating func restore(_ saved: [String: JSONValue]) {
    lastSearch.field = InputField(saved["history"]?.text ?? "")
    lastSearch.position.select(
      saved["history-place"]?.number ?? 0, count: StatementHistory.limit,
      height: SQLScreen.popupRows)
    guard let text = saved["text"]?.text, text.utf8.count <= Self.greatestKept else { return }
    editor = TextEditor(text)
    editor.go(
      to: TextPosition(
        line: max(0, saved["line"]?.number ?? 0), column: max(0, saved["column"]?.number ?? 0)))
    // The screen's size is not known yet: the line comes to the top.
    editor.top = max(0, editor.cursor.line - 3)
  }
}
