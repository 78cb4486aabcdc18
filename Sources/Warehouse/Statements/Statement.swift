/// A value that travels beside the SQL text as `$1`, `$2`, …, never inside it.
public enum Parameter: Sendable, Equatable {
  /// SQL NULL.
  case null
  /// Text, or any type that the server reads from text.
  case text(String)
  /// A whole number.
  case integer(Int64)
  /// A double precision number.
  case real(Double)
  /// True or false.
  case boolean(Bool)
  /// A value of a kind that a person declared, as its text. Of other values the server infers the
  /// type from where they stand, as of a quoted literal, which fails where several would do.
  case declared(String, QueryParameter.Kind)

  /// How the server reads it in text format; nil is NULL.
  public var textFormat: String? {
    switch self {
    case .null: nil
    case .text(let text): text
    case .integer(let value): String(value)
    case .real(let value): String(value)
    case .boolean(let value): value ? "t" : "f"
    case .declared(let text, _): text
    }
  }
}

extension Parameter: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral
{
  /// Text.
  public init(stringLiteral value: String) { self = .text(value) }
  /// A whole number.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// A double precision number.
  public init(floatLiteral value: Double) { self = .real(value) }
  /// True or false.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  /// SQL NULL.
  public init(nilLiteral: ()) { self = .null }
}

extension Parameter {
  /// Text, or NULL for nil.
  public init(_ value: String?) { self = value.map(Parameter.text) ?? .null }
  /// A whole number, or NULL for nil.
  public init(_ value: (some BinaryInteger)?) { self = value.map { .integer(Int64($0)) } ?? .null }
  /// A double precision number, or NULL for nil.
  public init(_ value: Double?) { self = value.map(Parameter.real) ?? .null }
}

/// SQL text and the values for its `$1`, `$2`, ….
public struct Statement: Sendable, Equatable {
  /// The SQL, exactly as it is sent.
  public var sql: String
  /// The values, in order.
  public var parameters: [Parameter]
  /// The names that a person gave the values, in order; none where they have numbers alone.
  public var names: [String] = []

  /// A statement with its values.
  public init(_ sql: String, _ parameters: Parameter...) {
    self.sql = sql
    self.parameters = parameters
  }

  /// A statement with its values as a list, and their names where they have some.
  public init(_ sql: String, parameters: [Parameter], names: [String] = []) {
    self.sql = sql
    self.parameters = parameters
    self.names = names
  }
}
