extension Statement {
  /// Whether stopping the statement half-way loses nothing: it begins like a query, and no word in
  /// it (comments and texts included) is one that writes or locks.
  ///
  /// `false` is always safe: the rest of the rows is then fetched and thrown away. A statement that
  /// writes, in contrast, may be rolled back when it is stopped. (What a function does that a query
  /// calls cannot be told from the query.)
  var isPlainRead: Bool {
    let words = sql.uppercased().split { !($0.isLetter || $0.isNumber || $0 == "_") }
    guard let first = Statement.firstWord(of: sql[...]) else { return false }
    return ["SELECT", "WITH", "VALUES", "TABLE"].contains(first.uppercased())
      && !words.contains { Self.writingWords.contains(String($0)) }
  }

  private static let writingWords: Set = [
    "INSERT", "UPDATE", "DELETE", "MERGE", "INTO", "SHARE", "CALL",
  ]

  /// The first word after blanks, comments and opening parentheses.
  private static func firstWord(of sql: Substring) -> Substring? {
    var rest = sql
    while true {
      rest = rest.drop { $0.isWhitespace || $0 == "(" }
      if rest.hasPrefix("--") {
        rest = rest.drop { !$0.isNewline }
      } else if rest.hasPrefix("/*") {
        rest = afterBlockComment(rest)
      } else {
        let word = rest.prefix { $0.isLetter }
        return word.isEmpty ? nil : word
      }
    }
  }

  /// Block comments nest.
  private static func afterBlockComment(_ sql: Substring) -> Substring {
    var rest = sql.dropFirst(2)
    var depth = 1
    while depth > 0, !rest.isEmpty {
      if rest.hasPrefix("/*") {
        depth += 1
        rest = rest.dropFirst(2)
      } else if rest.hasPrefix("*/") {
        depth -= 1
        rest = rest.dropFirst(2)
      } else {
        rest = rest.dropFirst()
      }
    }
    return rest
  }
}
