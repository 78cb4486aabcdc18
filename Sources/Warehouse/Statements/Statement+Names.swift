extension Statement {
  /// The SQL as a person wrote it: `:name` in place of numbers.
  public var written: String { naming().sql }

  /// What a server said about this statement, in terms of the SQL as it was written: with names for
  /// numbers, also in its words, and the place where the person looks for it.
  public func explained(_ error: WarehouseError) -> WarehouseError {
    guard !names.isEmpty else { return error }
    var error = error
    error.message = named(error.message)
    error.detail = error.detail.map { named($0) }
    error.hint = error.hint.map { named($0) }
    error.position = error.position.map { place in naming().moved(place) }
    return error
  }

  /// `$1` becomes `:name`, wherever it stands in a text.
  private func named(_ text: String) -> String {
    text.replacing(/\$([0-9]+)/) { match in
      name(of: Int(match.output.1)).map { ":" + $0 } ?? String(match.output.0)
    }
  }

  private func name(of number: Int?) -> String? {
    guard let number, names.indices.contains(number - 1) else { return nil }
    return names[number - 1]
  }

  /// The SQL with names, and where they took the place of numbers.
  private struct Naming {
    var sql = ""
    /// Places in the SQL as it was sent, in Unicode scalars from 0, with what they grew by.
    var changes: [(place: Int, length: Int, growth: Int)] = []

    /// Where a place, counted from 1 as servers do, lies in the SQL as it was written.
    func moved(_ place: Int) -> Int {
      var moved = place
      for change in changes where change.place < place - 1 {
        let isInside = place - 1 < change.place + change.length
        moved += isInside ? change.place - (place - 1) : change.growth
      }
      return moved
    }
  }

  private func naming() -> Naming {
    var naming = Naming()
    let bytes = Array(sql.utf8)
    var lexer = SQLLexer(bytes)
    var scalars = 0
    while let token = lexer.next() {
      let text = String(decoding: bytes[token.range], as: UTF8.self)
      let length = text.unicodeScalars.count
      defer { scalars += length }
      guard token.kind == .numberedParameter, let name = name(of: Int(text.dropFirst())) else {
        naming.sql += text
        continue
      }
      naming.sql += ":" + name
      naming.changes.append((scalars, length, name.unicodeScalars.count + 1 - length))
    }
    return naming
  }
}
