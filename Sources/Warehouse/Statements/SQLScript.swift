/// SQL as people write it, with named parameters, as statements with numbered ones.
///
/// `:name` outside strings, quoted names and comments is a parameter; `::type` is a cast. Values
/// travel as parameters, never inside the text. Their types are the server's to infer
/// where nobody declared them.
public struct SQLScript: Sendable, Equatable {
  /// The statements, in order.
  public let statements: [Statement]

  /// Splits `text` and puts numbers for the names of `values`.
  ///
  /// - Throws: `.usage` when a parameter has no value, or a value no parameter.
  public init(text: String, values: [String: Parameter]) throws(WarehouseError) {
    var unused = Set(values.keys)
    var statements: [Statement] = []
    for piece in StatementSplitter.split(text) {
      let (sql, names) = NamedParameters.number(piece.text)
      var parameters: [Parameter] = []
      for name in names {
        guard let value = values[name] else {
          throw WarehouseError(
            .usage, "the parameter :\(name) has no value", hint: "Give it with --param \(name)=….")
        }
        unused.remove(name)
        parameters.append(value)
      }
      statements.append(Statement(sql, parameters: parameters, names: names))
    }
    guard let name = unused.sorted().first else {
      self.statements = statements
      return
    }
    throw WarehouseError(
      .usage, "there is no parameter :\(name) in it", hint: "Leave it out, or correct its name.")
  }
}

/// Finds `:name` in SQL and puts `$1`, `$2`, … in its place.
enum NamedParameters {
  /// The SQL with numbers, and the names in the order of the numbers, each once.
  static func number(_ sql: String) -> (sql: String, names: [String]) {
    var names: [String] = []
    var numbered: [UInt8] = []
    let bytes = Array(sql.utf8)
    var copied = 0
    for place in StatementSplitter.namedParameters(in: bytes) {
      let name = String(decoding: bytes[place.dropFirst()], as: UTF8.self)
      let index = names.firstIndex(of: name) ?? names.count
      if index == names.count { names.append(name) }
      numbered += bytes[copied..<place.lowerBound]
      numbered += "$\(index + 1)".utf8
      copied = place.upperBound
    }
    numbered += bytes[copied...]
    return (String(decoding: numbered, as: UTF8.self), names)
  }
}
