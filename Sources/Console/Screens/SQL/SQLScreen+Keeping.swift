import Warehouse

extension SQLScreen {
  // MARK: As a saved query

  /// Asks under which name the statement is kept as a query.
  func saveQuery() -> [Request] {
    guard let sql = currentStatement else { return [.notice("there is no statement here")] }
    let fields: [Form.Field] = [
      .init(name: "name", note: "of the file, such as plays-by-city", input: InputField()),
      .init(name: "title", note: "what lists show, such as Plays by city", input: InputField()),
      .init(name: "group", note: "the heading it is listed under", input: InputField("Own")),
    ]
    return [
      .overlay(.form(Form(title: "Save as a query", purpose: .createQuery(sql), fields: fields)))
    ]
  }

  // MARK: In the person's own editor

  /// Takes the text as it came back: one step of undo.
  mutating func takeEdited(_ text: String, _ context: Context) {
    guard text != editor.text else { return }
    let line = editor.cursor.line
    editor.setText(text)
    editor.go(to: TextPosition(line: min(line, editor.buffer.lines.count - 1), column: 0))
    completion = nil
    reveal(context)
  }
}

extension Form {
  /// The text of the query that its values describe: a header, and the statement.
  func queryText(_ sql: String) -> String {
    let members = ["title", "group"].map { ($0, value($0)) }.filter { !$0.1.isEmpty }
    // A comment right behind it would be a part of the header.
    let gap = sql.hasPrefix("--") ? "\n" : ""
    return members.map { "-- \($0): \($1)\n" }.joined() + gap + sql
      + (sql.hasSuffix("\n") ? "" : "\n")
  }
}
