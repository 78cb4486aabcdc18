/// A small JSON text as a value: what a server answers, not what sources hold.
///
/// Sources go through `JSONParser`, which never holds a document.
indirect enum JSONDocument: Sendable, Equatable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case array([JSONDocument])
  case object([String: JSONDocument])

  /// The value of a text (RFC 8259); nil when it is not one, or nested deeper than 1,000 levels.
  init?(_ text: String) {
    var reader = Reader(bytes: Array(text.utf8))
    guard let value = reader.value(depth: 0), reader.isAtEnd else { return nil }
    self = value
  }

  /// A member of an object; nil when it has none of that name.
  subscript(name: String) -> JSONDocument? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  /// The elements of an array; none of anything else.
  var elements: [JSONDocument] { if case .array(let elements) = self { elements } else { [] } }
  /// A number; nil for anything else.
  var number: Double? { if case .number(let number) = self { number } else { nil } }
  /// A text; nil for anything else.
  var text: String? { if case .string(let text) = self { text } else { nil } }

  /// In words for people.
  var words: String {
    switch self {
    case .null: ""
    case .boolean(let value): value ? "yes" : "no"
    case .number(let number): Int(exactly: number).map(String.init) ?? String(number)
    case .string(let text): text
    case .array(let elements): elements.map(\.words).joined(separator: ", ")
    case .object(let members):
      members.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.words)" }
        .joined(separator: ", ")
    }
  }
}

/// Reads a value after the other. `position` never leaves `bytes`.
private struct Reader {
  let bytes: [UInt8]
  var position = 0

  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  var isAtEnd: Bool {
    mutating get {
      skipBlanks()
      return position == bytes.count
    }
  }

  private mutating func skipBlanks() {
    while let byte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func take(_ wanted: Character) -> Bool {
    skipBlanks()
    guard byte == wanted.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func word(_ word: String, _ value: JSONDocument) -> JSONDocument? {
    guard bytes[position...].starts(with: word.utf8) else { return nil }
    position += word.utf8.count
    return value
  }

  mutating func value(depth: Int) -> JSONDocument? {
    skipBlanks()
    guard depth < 1000, let byte else { return nil }
    switch byte {
    case UInt8(ascii: "{"): return object(depth)
    case UInt8(ascii: "["): return array(depth)
    case UInt8(ascii: "\""): return string().map(JSONDocument.string)
    case UInt8(ascii: "t"): return word("true", .boolean(true))
    case UInt8(ascii: "f"): return word("false", .boolean(false))
    case UInt8(ascii: "n"): return word("null", .null)
    default: return number()
    }
  }

  private mutating func object(_ depth: Int) -> JSONDocument? {
    var members: [String: JSONDocument] = [:]
    position += 1
    if take("}") { return .object(members) }
    repeat {
      skipBlanks()
      guard byte == UInt8(ascii: "\""), let name = string(), take(":"),
        let value = value(depth: depth + 1)
      else { return nil }
      members[name] = value
    } while take(",")
    return take("}") ? .object(members) : nil
  }

  private mutating func array(_ depth: Int) -> JSONDocument? {
    var elements: [JSONDocument] = []
    position += 1
    if take("]") { return .array(elements) }
    repeat {
      guard let value = value(depth: depth + 1) else { return nil }
      elements.append(value)
    } while take(",")
    return take("]") ? .array(elements) : nil
  }

  private mutating func number() -> JSONDocument? {
    let start = position
    while let byte, (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte) { position += 1 }
    return Double(String(decoding: bytes[start..<position], as: UTF8.self)).map(
      JSONDocument.number)
  }

  private mutating func string() -> String? {
    var units: [UInt8] = []
    position += 1
    while let byte {
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escaped() else { return nil }
        units += String(scalar).utf8
      default: units.append(byte)
      }
    }
    return nil
  }

  private mutating func escaped() -> Unicode.Scalar? {
    guard let byte else { return nil }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "u"): return unicode()
    default: return Unicode.Scalar(byte)
    }
  }

  /// Four hexadecimal digits, and the other half when they are one of a surrogate pair.
  private mutating func unicode() -> Unicode.Scalar? {
    guard let first = digits() else { return nil }
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, bytes[position...].starts(with: "\\u".utf8) else { return "\u{FFFD}" }
    position += 2
    guard let second = digits(), (0xDC00...0xDFFF).contains(second) else { return "\u{FFFD}" }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
  }

  private mutating func digits() -> UInt32? {
    guard position + 4 <= bytes.count else { return nil }
    defer { position += 4 }
    return UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
  }
}
