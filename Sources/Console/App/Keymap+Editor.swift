extension Keymap {
  /// The keys of a text editor: they count while text is typed, and nowhere else.
  static let editor: [Binding] = moves + changes + clipboard

  private static func on(
    _ keys: [Key], _ action: EditAction, _ title: String, _ help: String
  ) -> Binding {
    at(.editor, keys, .sql(.edit(action)), title, help)
  }

  private static let moves: [Binding] = [
    on([.left], .move(.left), "left", "A character back. With Shift, moves select."),
    on([.right], .move(.right), "right", "A character on."),
    on([.up, .control("p")], .move(.up), "line up", "A line up."),
    on([.down, .control("n")], .move(.down), "line down", "A line down."),
    on(
      [.control(.left), .alt(.left), .alt("b")], .move(.wordLeft), "word left", "A word back."),
    on(
      [.control(.right), .alt(.right), .alt("f")], .move(.wordRight), "word right", "A word on."),
    on([.home], .move(.lineStart), "line start", "To the start of the line."),
    on([.end, .control("e")], .move(.lineEnd), "line end", "To the end of the line."),
    on([.pageUp], .move(.pageUp), "page up", "A page up."),
    on([.pageDown], .move(.pageDown), "page down", "A page down."),
    on(
      [.control(.home), .alt(.home)], .move(.textStart), "text start", "To the start of the text."),
    on([.control(.end), .alt(.end)], .move(.textEnd), "text end", "To the end of the text."),
  ]

  private static let changes: [Binding] = [
    on([.enter], .breakLine, "break line", "A new line, as far in as this one."),
    on(
      [.tab], .indent, "indent",
      "Complete the name before the cursor; else two cells more, for all selected lines."),
    on([.backTab], .outdent, "outdent", "Two cells less, for all selected lines."),
    on([.control(" ")], .complete, "complete", "What fits here: tables, columns, keywords."),
    on(
      [.backspace], .deleteBack, "delete before",
      "Delete the character before, or what is selected."),
    on([.delete, .control("d")], .deleteForward, "delete", "Delete the character at the cursor."),
    on(
      [.control("w"), Key(code: .backspace, modifiers: .alt)], .deleteWordBack,
      "delete word before", "Delete to the start of the word."),
    on([.alt("d")], .deleteWordForward, "delete word", "Delete to the end of the word."),
    on([.alt("u"), .control("_")], .undo, "undo", "Take the last change back."),
    on([.control("y"), .alt("e")], .redo, "redo", "Make the change again that was taken back."),
  ]

  private static let clipboard: [Binding] = [
    on([.control("a")], .selectAll, "select all", "Select the whole text."),
    on([.control("x")], .cut, "cut", "Cut what is selected, or the line."),
    on([.control("k")], .cutRest, "cut rest of line", "Cut to the end of the line."),
    on([.control("c")], .copy, "copy selection", "Copy what is selected."),
    on([.control("v")], .paste, "paste", "Put in what was cut or copied here last."),
  ]

  /// What a key does in an editor, and whether the selection grows with it; nil when nothing.
  static func edit(for key: Key) -> (action: EditAction, selects: Bool)? {
    if case .sql(.edit(let action))? = action(for: key, in: [.editor]) { return (action, false) }
    var plain = key
    guard plain.modifiers.remove(.shift) != nil,
      case .sql(.edit(let action))? = action(for: plain, in: [.editor]), case .move = action
    else { return nil }
    return (action, true)
  }
}
