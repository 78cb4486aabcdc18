/// Writes JSON text, piece by piece, into bytes.
public struct JSONText: Sendable {
  /// What was written so far.
  public private(set) var bytes: [UInt8] = []

  /// Nothing written.
  public init() {}

  /// The text so far.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Writes punctuation or a number as it stands.
  public mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Writes a string in quotes; controls, quotes and backslashes escaped (RFC 8259, section 7).
  public mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): raw("\\\"")
      case UInt8(ascii: "\\"): raw("\\\\")
      case UInt8(ascii: "\n"): raw("\\n")
      case UInt8(ascii: "\r"): raw("\\r")
      case UInt8(ascii: "\t"): raw("\\t")
      case 0..<0x20, 0x7F:
        let digits = String(byte, radix: 16)
        raw("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes an object of members in the order given.
  public mutating func object(_ members: [(String, JSONValue)]) {
    raw("{")
    for (index, member) in members.enumerated() {
      if index > 0 { raw(",") }
      string(member.0)
      raw(":")
      value(member.1)
    }
    raw("}")
  }

  /// Writes a value.
  public mutating func value(_ value: JSONValue) {
    switch value {
    case .null: raw("null")
    case .string(let text): string(text)
    case .integer(let number): raw(String(number))
    case .real(let number): raw(number.isFinite ? String(number) : "null")
    case .boolean(let value): raw(value ? "true" : "false")
    case .literal(let text): raw(text)
    case .array(let values):
      raw("[")
      for (index, element) in values.enumerated() {
        if index > 0 { raw(",") }
        self.value(element)
      }
      raw("]")
    case .object(let members): object(members)
    }
  }
}

/// A JSON value to be written.
public indirect enum JSONValue: Sendable {
  /// null
  case null
  /// A string.
  case string(String)
  /// A whole number.
  case integer(Int)
  /// A number; null when it is not finite.
  case real(Double)
  /// true or false
  case boolean(Bool)
  /// JSON text as it stands.
  case literal(String)
  /// An array.
  case array([JSONValue])
  /// An object, its members in order.
  case object([(String, JSONValue)])

  /// A string, or null for nil.
  public init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }
  /// A whole number, or null for nil.
  public init(_ number: Int?) { self = number.map(JSONValue.integer) ?? .null }
}
