import Warehouse

/// SQL as lines on the screen.
enum SQLLines {
  /// All of it, its comments quieter.
  static func plain(_ sql: String) -> [Line] {
    sql.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      Line(String(line), line.drop { $0 == " " }.hasPrefix("--") ? .muted : .plain)
    }
  }

  /// Without the header of a saved query.
  static func body(_ sql: String) -> [Line] {
    plain(
      String(
        sql.split(separator: "\n", omittingEmptySubsequences: false)
          .drop { $0.hasPrefix("--") }.joined(separator: "\n")))
  }

  /// What the server said, and the part of the SQL that it means, with a mark at the place.
  static func marked(_ sql: String, _ error: WarehouseError) -> [Line] {
    var lines = [Line("✗ " + error.message, .failure.bold)]
    if let detail = error.detail { lines += TextPane.lines(detail) }
    if let hint = error.hint { lines.append(Line("→ " + hint, .accent)) }
    if let state = error.sqlState { lines.append(Line("SQLSTATE \(state)", .muted)) }
    guard let position = error.position, position > 0 else { return lines }
    return lines + [Line()] + excerpt(sql, position)
  }

  /// The lines around a place, one-based and in characters as the server counts them: in Unicode
  /// scalars.
  private static func excerpt(_ sql: String, _ position: Int) -> [Line] {
    let rows = sql.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    var rest = position - 1
    var row = 0
    while row < rows.count - 1, rest > rows[row].count {
      rest -= rows[row].count + 1
      row += 1
    }
    guard rows.indices.contains(row) else { return [] }
    let width = String(row + 3).count
    var lines: [Line] = []
    for index in max(0, row - 3)...min(rows.count - 1, row + 2) {
      let number = String(index + 1)
      let gutter = String(repeating: " ", count: max(0, width - number.count)) + number + " │ "
      let text = String(rows[index])
      guard index == row else {
        lines.append(Line(gutter, .muted) + Line(text))
        continue
      }
      let before = String(String.UnicodeScalarView(rows[index].prefix(rest)))
      let after = rows[index].dropFirst(rest)
      let word = String(
        String.UnicodeScalarView(after.prefix { $0.properties.isAlphabetic || $0 == "_" }))
      let tail = String(String.UnicodeScalarView(after.dropFirst(word.unicodeScalars.count)))
      lines.append(
        Line(gutter, .failure) + Line(before) + Line(word, .failure.bold.with(.underline))
          + Line(tail))
      let blanks = String(repeating: " ", count: CellText.width(of: gutter + before))
      lines.append(Line(blanks + "▲ here", .failure.bold))
    }
    return lines
  }
}
