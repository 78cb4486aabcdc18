extension Model {
  /// What is asked before the program ends while statements run or a transaction is open; nil when
  /// nothing would be lost.
  var leavingStatement: Choice? {
    if sql.transaction != nil { return .leavingTransaction }
    if sql.isRunning { return .leavingStatement(changes: sql.isUnlocked) }
    return queries.isRunning ? .leavingStatement(changes: false) : nil
  }
}

extension Choice {
  /// Asks before an open transaction is lost.
  static let leavingTransaction = Choice(
    title: "A transaction is open", text: "What it changed and did not commit is rolled back.",
    answers: [
      .init(key: "r", title: "roll it back and quit", meaning: .stopStatementsAndQuit),
      .init(key: .escape, title: "stay: COMMIT on the SQL screen keeps it", meaning: .stay),
    ])

  /// Asks before a statement is stopped that still runs.
  static func leavingStatement(changes: Bool) -> Choice {
    Choice(
      title: "A statement runs",
      text: changes
        ? "What it changes is rolled back." : "What it answers is lost; it changes nothing.",
      answers: [
        .init(key: "s", title: "stop it and quit", meaning: .stopStatementsAndQuit),
        .init(key: .escape, title: "stay, and let it go on", meaning: .stay),
      ])
  }
}
