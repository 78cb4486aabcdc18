/// JSON that AWS, a credential process or a metadata service sent: small documents, read whole.
extension JSONValue {
  /// The value that `bytes` are; nil when they are not one whole JSON value.
  init?(parsing bytes: [UInt8]) {
    guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
    var reader = JSONDocumentReader(bytes)
    guard let value = reader.document() else { return nil }
    self = value
  }

  /// The member of that name; nil when there is none, or this is no object.
  subscript(_ name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.0 == name }?.1
  }

  /// The text of a string.
  var text: String? { if case .string(let text) = self { text } else { nil } }

  /// A whole number.
  var integer: Int? { if case .integer(let number) = self { number } else { nil } }

  /// The elements of an array.
  var elements: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
}

private struct JSONDocumentReader {
  private static let deepest = 64

  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() -> JSONValue? {
    guard let value = value(depth: 0) else { return nil }
    skipBlanks()
    return place == bytes.count ? value : nil
  }

  private mutating func value(depth: Int) -> JSONValue? {
    skipBlanks()
    guard depth < Self.deepest, let byte = peek() else { return nil }
    switch byte {
    case UInt8(ascii: "{"): return object(depth: depth)
    case UInt8(ascii: "["): return array(depth: depth)
    case UInt8(ascii: "\""): return string().map(JSONValue.string)
    case UInt8(ascii: "t"): return word("true", .boolean(true))
    case UInt8(ascii: "f"): return word("false", .boolean(false))
    case UInt8(ascii: "n"): return word("null", .null)
    default: return number()
    }
  }

  private mutating func object(depth: Int) -> JSONValue? {
    var members: [(String, JSONValue)] = []
    place += 1
    skipBlanks()
    if take(UInt8(ascii: "}")) { return .object([]) }
    repeat {
      skipBlanks()
      guard peek() == UInt8(ascii: "\""), let name = string() else { return nil }
      skipBlanks()
      guard take(UInt8(ascii: ":")), let value = value(depth: depth + 1) else { return nil }
      members.append((name, value))
      skipBlanks()
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}")) ? .object(members) : nil
  }

  private mutating func array(depth: Int) -> JSONValue? {
    var values: [JSONValue] = []
    place += 1
    skipBlanks()
    if take(UInt8(ascii: "]")) { return .array([]) }
    repeat {
      guard let value = value(depth: depth + 1) else { return nil }
      values.append(value)
      skipBlanks()
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]")) ? .array(values) : nil
  }

  private mutating func string() -> String? {
    var text: [UInt8] = []
    place += 1
    while let byte = peek() {
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        text += String(Character(scalar)).utf8
      case 0..<0x20: return nil
      default: text.append(byte)
      }
    }
    return nil
  }

  private static let escapes: [UInt8: Unicode.Scalar] = [
    UInt8(ascii: "n"): "\n", UInt8(ascii: "t"): "\t", UInt8(ascii: "r"): "\r",
    UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{c}", UInt8(ascii: "/"): "/",
    UInt8(ascii: "\\"): "\\", UInt8(ascii: "\""): "\"",
  ]

  private mutating func escape() -> Unicode.Scalar? {
    guard let byte = peek() else { return nil }
    place += 1
    guard byte == UInt8(ascii: "u") else { return Self.escapes[byte] }
    guard let first = codeUnit() else { return nil }
    guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
    guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")), let second = codeUnit(),
      (0xDC00..<0xE000).contains(second)
    else { return nil }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
  }

  private mutating func codeUnit() -> UInt32? {
    guard bytes.count - place >= 4 else { return nil }
    let digits = bytes[place..<place + 4]
    place += 4
    return digits.allSatisfy { Unicode.Scalar($0).properties.isHexDigit }
      ? UInt32(String(decoding: digits, as: UTF8.self), radix: 16) : nil
  }

  private mutating func number() -> JSONValue? {
    let start = place
    while let byte = peek(), Array("0123456789+-.eE".utf8).contains(byte) { place += 1 }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    if let number = Int(text) { return .integer(number) }
    return Double(text).map(JSONValue.real)
  }

  private mutating func word(_ word: String, _ value: JSONValue) -> JSONValue? {
    for byte in word.utf8 { guard take(byte) else { return nil } }
    return value
  }

  private func peek() -> UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    place += 1
    return true
  }

  private mutating func skipBlanks() {
    while let byte = peek(), [9, 10, 13, 32].contains(byte) { place += 1 }
  }
}
