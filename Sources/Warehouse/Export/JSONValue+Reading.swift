// Reading small JSON texts: a file of settings, what a server answers. Records of sources are read
// by the far faster reader in JSON/.

extension JSONValue {
  /// The value that `bytes` are; nil when they are no JSON (RFC 8259), or nested deeper than
  /// `deepest` levels.
  public init?(parsing bytes: [UInt8], deepest: Int = 64) {
    // A text that is not UTF-8 would come out changed: it is none of ours.
    guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
    var reader = JSONReader(bytes, deepest: deepest)
    guard let value = reader.value(depth: 0), reader.isAtEnd() else { return nil }
    self = value
  }

  /// The member `name` of an object; nil when it is none, or has none.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.0 == name }?.1
  }

  /// The text, when it is one.
  public var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The number, when it is a whole one.
  public var number: Int? {
    if case .integer(let number) = self { number } else { nil }
  }

  /// The number, whole or not, when it is one.
  public var real: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .real(let number): number
    case .null, .string, .boolean, .literal, .array, .object: nil
    }
  }

  /// true or false, when it is one of them.
  public var flag: Bool? {
    if case .boolean(let flag) = self { flag } else { nil }
  }

  /// The elements, when it is an array.
  public var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The members, when it is an object; of two with one name the last.
  public var members: [String: JSONValue]? {
    guard case .object(let members) = self else { return nil }
    return Dictionary(members) { $1 }
  }
}

/// Reads one JSON text.
private struct JSONReader {
  private let bytes: [UInt8]
  private var place = 0
  private let deepest: Int

  init(_ bytes: [UInt8], deepest: Int) {
    self.bytes = bytes
    self.deepest = deepest
  }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      place += 1
    }
  }

  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard next == UInt8(ascii: byte) else { return false }
    place += 1
    return true
  }

  mutating func isAtEnd() -> Bool {
    skipBlanks()
    return place == bytes.count
  }

  mutating func value(depth: Int) -> JSONValue? {
    guard depth < deepest else { return nil }
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): return object(depth)
    case UInt8(ascii: "["): return array(depth)
    case UInt8(ascii: "\""): return string().map { .string($0) }
    case UInt8(ascii: "t"): return word("true", .boolean(true))
    case UInt8(ascii: "f"): return word("false", .boolean(false))
    case UInt8(ascii: "n"): return word("null", .null)
    default: return number()
    }
  }

  private mutating func object(_ depth: Int) -> JSONValue? {
    guard take("{") else { return nil }
    var members: [(String, JSONValue)] = []
    if take("}") { return .object([]) }
    repeat {
      skipBlanks()
      guard let name = string(), take(":"), let value = value(depth: depth + 1) else { return nil }
      members.append((name, value))
    } while take(",")
    return take("}") ? .object(members) : nil
  }

  private mutating func array(_ depth: Int) -> JSONValue? {
    guard take("[") else { return nil }
    var elements: [JSONValue] = []
    if take("]") { return .array([]) }
    repeat {
      guard let value = value(depth: depth + 1) else { return nil }
      elements.append(value)
    } while take(",")
    return take("]") ? .array(elements) : nil
  }

  private mutating func word(_ word: String, _ value: JSONValue) -> JSONValue? {
    guard bytes[place...].starts(with: word.utf8) else { return nil }
    place += word.utf8.count
    return value
  }

  private mutating func number() -> JSONValue? {
    let start = place
    while let byte = next, byte > 0x20, !",]}".utf8.contains(byte) { place += 1 }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    guard text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil else {
      return nil
    }
    return Int(text).map { .integer($0) } ?? Double(text).map { .real($0) }
  }

  private mutating func string() -> String? {
    guard next == UInt8(ascii: "\"") else { return nil }
    place += 1
    var text: [UInt8] = []
    while let byte = next {
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escaped() else { return nil }
        text.append(contentsOf: String(Character(scalar)).utf8)
      case 0..<0x20: return nil
      default: text.append(byte)
      }
    }
    return nil
  }

  private mutating func escaped() -> Unicode.Scalar? {
    guard let byte = next else { return nil }
    place += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "u"): return codePoint()
    default: return nil
    }
  }

  /// Four digits, and four more where they are half of a pair.
  private mutating func codePoint() -> Unicode.Scalar? {
    guard let high = digits() else { return nil }
    guard high >= 0xD800, high < 0xDC00 else { return Unicode.Scalar(high) }
    guard bytes[place...].starts(with: "\\u".utf8) else { return nil }
    place += 2
    guard let low = digits(), low >= 0xDC00, low < 0xE000 else { return nil }
    return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
  }

  private mutating func digits() -> UInt32? {
    guard bytes.count - place >= 4 else { return nil }
    let text = bytes[place..<place + 4]
    place += 4
    guard text.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    return UInt32(String(decoding: text, as: UTF8.self), radix: 16)
  }
}
