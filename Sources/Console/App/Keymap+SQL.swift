extension Keymap {
  /// The keys of the SQL screen. While text is typed, letters are text.
  static let sql: [Binding] =
    [
      at(
        .screen(.sql), ["i"], .sql(.write), "write", "Write SQL; Esc leaves the editor.",
        hint: "write"),
      at(
        .screen(.sql), [.enter], .open, "open",
        "Show the result's row in full, or the rows of a chart's part. Without a result: write."),
      at(
        .screen(.sql), [Key(code: .function(5)), .control("j"), "r"], .sql(.run), "run",
        "Run the selection, or the statement at the cursor. Also while typing (not r).",
        hint: "run"),
      at(
        .screen(.sql),
        [Key(code: .function(9)), Key(code: .enter, modifiers: .alt), "a"], .sql(.runAll),
        "run all", "Run all statements, one after the other. Also while typing (not a).",
        hint: "run all"),
      at(
        .screen(.sql), ["c"], .sql(.cancel), "cancel",
        "Stop the statement, and say when the server has stopped. Ctrl-C does it while typing.",
        hint: "cancel"),
      at(.screen(.sql), ["m"], .sql(.more), "more rows", "Fetch 1,000 more rows.", hint: "more"),
      at(
        .screen(.sql), ["w"], .sql(.unlock), "allow changes",
        "Let statements change things, each committed by itself; again: read-only.",
        hint: "lock/unlock"),
      at(
        .screen(.sql), [.control("r")], .sql(.history), "history",
        "Find what was run before.", hint: "history"),
      at(
        .screen(.sql), ["E"], .sql(.export), "export",
        "Write the result to a file: all rows, the first ones, or those that are marked.",
        hint: "export"),
      at(.screen(.sql), ["]"], .sql(.nextResult), "next result", "The next result."),
      at(.screen(.sql), ["["], .sql(.previousResult), "result before", "The result before."),
      at(
        .screen(.sql), ["u"], .sql(.edit(.undo)), "undo", "Take the last change of the text back."),
      at(
        .screen(.sql), [.control("y")], .sql(.edit(.redo)), "redo",
        "Make the change of the text again that was taken back."),
      at(
        .screen(.sql), ["x"], .sql(.explain), "plan",
        "How the server would run the statement: the plan as a tree.", hint: "plan"),
      at(
        .screen(.sql), ["X"], .sql(.analyze), "plan and times",
        "Run the statement read-only, and show the plan with the time and rows of every step."),
      at(
        .screen(.sql), ["e"], .sql(.editOutside), "edit outside",
        "Open the text in $VISUAL or $EDITOR.", hint: "edit"),
      at(
        .screen(.sql), ["S"], .sql(.saveQuery), "save as a query",
        "Save the statement as a query, for the Queries screen.", hint: "save"),
    ] + result(.screen(.sql)) + grid(.screen(.sql))
}
