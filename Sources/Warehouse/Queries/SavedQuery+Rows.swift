extension SavedQuery {
  /// What asks for the rows behind one row of the result: `:name` is that row's value in the column
  /// of this name, or else the query's parameter. `:name` alone is the table that the value names,
  /// as no parameter can stand for a name.
  ///
  /// - Returns: nil when the header does not say where they come from, or the value names no table.
  /// - Throws: `.usage` for a name that is neither.
  public func rowsBehind(
    _ row: [String?], columns: [ResultColumn], _ given: [String: String]
  ) throws(WarehouseError) -> Statement? {
    guard let rows else { return nil }
    if rows.hasPrefix(":"), let place = columns.firstIndex(where: { ":" + $0.name == rows }) {
      guard row.indices.contains(place), let table = row[place] else { return nil }
      return Statement("SELECT * FROM \(Identifier(table).sql)")
    }
    let (sql, names) = NamedParameters.number("SELECT * FROM " + rows)
    var values: [Parameter] = []
    for name in names {
      if let place = columns.firstIndex(where: { $0.name == name }), row.indices.contains(place) {
        values.append(Parameter(row[place]))
      } else if let parameter = parameters.first(where: { $0.name == name }),
        let text = given[name] ?? parameter.standard
      {
        values.append(try parameter.value(text))
      } else {
        throw WarehouseError(
          .usage, "the rows behind name :\(name), which the result does not have",
          detail: "its columns are \(columns.map(\.name).joined(separator: ", "))",
          hint: "Correct the line \"-- rows:\" of the query.")
      }
    }
    return Statement(sql, parameters: values, names: names)
  }

  /// Refuses a header whose rows no result can have: more than one statement, or a name that the
  /// query does not hold at all.
  func checkRows() throws(WarehouseError) {
    guard let rows else { return }
    let pieces = StatementSplitter.split("SELECT * FROM " + rows)
    let whole = pieces.count == 1 && pieces.first?.text.hasSuffix(rows) == true
    guard whole, !rows.isEmpty else {
      throw refusal(of: rows, "Write what stands behind SELECT * FROM: songplays WHERE …")
    }
    let words = Set(Self.words(of: sql))
    for name in NamedParameters.number(rows).names
    where !parameters.contains(where: { $0.name == name }) && !words.contains(name) {
      throw refusal(
        of: rows, ":\(name) must be a column of the result, or a parameter of the query.")
    }
  }

  private func refusal(of rows: String, _ hint: String) -> WarehouseError {
    WarehouseError(
      .usage, "could not read the rows \"\(rows)\"", detail: "\(name).sql", hint: hint)
  }

  /// The names and keywords of a text, comments left out.
  private static func words(of sql: String) -> [String] {
    let bytes = Array(sql.utf8)
    var lexer = SQLLexer(bytes)
    var words: [String] = []
    while let token = lexer.next() {
      let text = String(decoding: bytes[token.range], as: UTF8.self)
      if token.kind == .word { words.append(text) }
      if token.kind == .quotedName { words.append(String(text.dropFirst().dropLast())) }
    }
    return words
  }
}
