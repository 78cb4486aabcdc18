/// A parameter of a saved query, as its header declares it.
public struct QueryParameter: Sendable, Equatable {
  /// What kind of value it takes.
  public enum Kind: String, Sendable, CaseIterable {
    /// Any text.
    case text
    /// A whole number.
    case integer
    /// A number.
    case number
    /// A date: `2018-11-30`.
    case date
  }

  /// Its name: `:name` in the SQL.
  public let name: String
  /// What kind of value it takes.
  public let kind: Kind
  /// The values to choose from; empty when any will do.
  public let choices: [String]
  /// The value when none is given; nil when one must be.
  public let standard: String?

  /// The value of `text` as it travels to the server.
  ///
  /// - Throws: `.usage` when it is of another kind, or none of the choices.
  public func value(_ text: String) throws(WarehouseError) -> Parameter {
    guard choices.isEmpty || choices.contains(text) else {
      throw refusal(of: text, "Choose \(choices.joined(separator: ", ")).")
    }
    switch kind {
    case .text: return .text(text)
    case .integer:
      guard let number = Int64(text) else { throw refusal(of: text, "Give a whole number.") }
      return .integer(number)
    case .number:
      guard let number = Double(text), number.isFinite else {
        throw refusal(of: text, "Give a number.")
      }
      return .real(number)
    case .date:
      guard text.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil else {
        throw refusal(of: text, "Give a date like 2018-11-30.")
      }
      return .text(text)
    }
  }

  private func refusal(of text: String, _ hint: String) -> WarehouseError {
    WarehouseError(.usage, "\(name) cannot be \"\(text)\"", hint: hint)
  }
}
