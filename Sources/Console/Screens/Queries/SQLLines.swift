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

  /// The lines around a place.
  private static func excerpt(_ sql: String, _ position: Int) -> [Line] {
    guard let place = SQLErrorPlace(sql, position) else { return [] }
    let width = String(place.row + 3).count
    var lines: [Line] = []
    for index in max(0, place.row - 2)...min(place.rows.count - 1, place.row + 2) {
      let number = String(index + 1)
      let gutter = String(repeating: " ", count: max(0, width - number.count)) + number + " │ "
      let room = SQLErrorPlace.columns - width - 3
      guard index == place.row else {
        lines.append(Line(gutter, .muted) + Line(SQLErrorPlace.cut(place.rows[index], room)))
        continue
      }
      let parts = place.parts(columns: room)
      lines.append(
        Line(gutter, .failure) + Line(parts.before)
          + Line(parts.word, .failure.bold.with(.underline)) + Line(parts.after))
      let blanks = String(repeating: " ", count: CellText.width(of: gutter + parts.before))
      lines.append(Line(blanks + "▲ here", .failure.bold))
    }
    return lines
  }
}

/// The place in a text that an error is about.
struct SQLErrorPlace {
  /// The text's lines.
  let rows: [String]
  /// The line that it is about, from 0.
  let row: Int
  /// The Unicode scalars before it in this line.
  private let offset: Int

  /// Lines of an excerpt are cut to so many cells, so that they break nowhere and a mark below them
  /// stands below its word.
  static let columns = 72

  /// - Parameter position: one-based and in characters as the server counts them: in Unicode
  ///   scalars.
  init?(_ sql: String, _ position: Int) {
    guard position > 0 else { return nil }
    let lines = sql.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    var (rest, row) = (position - 1, 0)
    while row < lines.count - 1, rest > lines[row].count {
      rest -= lines[row].count + 1
      row += 1
    }
    guard lines.indices.contains(row) else { return nil }
    (rows, self.row, offset) = (lines.map { String($0) }, row, rest)
  }

  /// The line as it fits into so many cells: what is before the place, its word, and the rest.
  func parts(columns: Int) -> (before: String, word: String, after: String) {
    let scalars = rows[row].unicodeScalars
    let tail = scalars.dropFirst(offset)
    let named = tail.prefix { $0.properties.isAlphabetic || $0 == "_" }
    let word = String(String.UnicodeScalarView(named))
    let after = String(String.UnicodeScalarView(tail.dropFirst(named.count)))
    let before = String(String.UnicodeScalarView(scalars.prefix(offset)))
    if CellText(rows[row], limit: columns).isCut == false { return (before, word, after) }
    var head = CellText(before)
    head.keepEnd(limit: columns / 2, glyphs: .unicode)
    let shown = SQLErrorPlace.cut(word, columns / 3)
    let room = columns - head.width - CellText.width(of: shown)
    return (head.plainText, shown, SQLErrorPlace.cut(after, room))
  }

  static func cut(_ text: String, _ columns: Int) -> String {
    var cells = CellText(text, limit: columns)
    guard cells.isCut else { return text }
    cells.closeWithEllipsis(limit: columns, glyphs: .unicode)
    return cells.plainText
  }

  /// The line with its number and a mark below the place, for a report of plain text.
  ///
  /// - Parameter first: the number of the text's first line.
  func report(countingFrom first: Int) -> String {
    let parts = parts(columns: SQLErrorPlace.columns)
    let head = "line \(first + row): "
    let blanks = String(repeating: " ", count: CellText.width(of: head + parts.before))
    return head + parts.before + parts.word + parts.after + "\n" + blanks + "^"
  }
}

extension WarehouseError {
  /// The same with the line of a text that it is about, and a mark at the place.
  ///
  /// - Parameters:
  ///   - statement: the statement that was refused, as it stands in the text.
  ///   - text: the whole text, whose lines are counted.
  func located(in statement: String, of text: String) -> WarehouseError {
    guard let position, let place = SQLErrorPlace(statement, position) else { return self }
    let start = text.firstRange(of: statement)?.lowerBound ?? text.startIndex
    let first = text[..<start].utf8.count { $0 == UInt8(ascii: "\n") } + 1
    var error = self
    error.detail = [detail, place.report(countingFrom: first)].compactMap { $0 }
      .joined(separator: "\n")
    return error
  }
}
