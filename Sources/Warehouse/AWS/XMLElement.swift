/// An element of an XML document, as AWS writes them: elements, text, no mixed content.
///
/// A strict reader of the XML that AWS sends: truncated documents, HTML pages, document types and
/// unknown entities are errors. Attributes, comments and namespaces are read over.
struct XMLElement: Sendable, Equatable {
  var name: String
  /// The text directly in it.
  var text = ""
  var children: [XMLElement] = []

  /// The first child of that name.
  subscript(_ name: String) -> XMLElement? { children.first { $0.name == name } }

  /// All children of that name.
  func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// The text at the end of a path of names; nil when there is no such element.
  func text(_ path: String...) -> String? {
    var element = self
    for name in path {
      guard let child = element[name] else { return nil }
      element = child
    }
    return element.text
  }

  /// The one element of a document; nil when the document is not whole and well-formed.
  init?(parsing bytes: [UInt8]) {
    var reader = XMLReader(bytes)
    guard let root = reader.document() else { return nil }
    self = root
  }

  /// An element that a document did not have.
  init(named name: String, text: String = "", children: [XMLElement] = []) {
    self.name = name
    self.text = text
    self.children = children
  }
}

/// Reads a document without recursion: however deep it is, nothing overflows.
private struct XMLReader {
  private static let deepest = 64

  private let bytes: [UInt8]
  private var place = 0
  /// The elements that are open, the root first.
  private var open: [XMLElement] = []
  private var texts: [[UInt8]] = []

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() -> XMLElement? {
    if starts(with: [0xEF, 0xBB, 0xBF]) { place += 3 }
    var root: XMLElement?
    while place < bytes.count {
      if bytes[place] != UInt8(ascii: "<") {
        guard readText(isInside: !open.isEmpty) else { return nil }
      } else if starts(with: Array("<!--".utf8)) {
        guard skip(past: Array("-->".utf8)) else { return nil }
      } else if starts(with: Array("<?".utf8)) {
        guard skip(past: Array("?>".utf8)) else { return nil }
      } else if starts(with: Array("<![CDATA[".utf8)) {
        guard readCharacterData() else { return nil }
      } else if starts(with: Array("</".utf8)) {
        guard let closed = closeElement() else { return nil }
        if open.isEmpty { root = closed }
      } else {
        guard root == nil, let closed = openElement() else { return nil }
        if closed, open.count == 1 { root = popElement() } else if closed { _ = attachElement() }
      }
    }
    return open.isEmpty ? root : nil
  }

  // MARK: Pieces

  /// `<name attributes>` or `<name/>`; true when it is closed at once. Nil when it is neither.
  private mutating func openElement() -> Bool? {
    place += 1
    guard let name = readName(), open.count < Self.deepest else { return nil }
    open.append(XMLElement(named: name))
    texts.append([])
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: ">"):
        place += 1
        return false
      case UInt8(ascii: "/"):
        guard starts(with: Array("/>".utf8)) else { return nil }
        place += 2
        return true
      case _ where Self.isBlank(byte): place += 1
      default: guard readAttribute() else { return nil }
      }
    }
    return nil
  }

  private mutating func readAttribute() -> Bool {
    guard readName() != nil else { return false }
    skipBlanks()
    guard peek() == UInt8(ascii: "=") else { return false }
    place += 1
    skipBlanks()
    guard let quote = peek(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      return false
    }
    place += 1
    while let byte = peek(), byte != UInt8(ascii: "<") {
      place += 1
      if byte == quote { return true }
    }
    return false
  }

  private mutating func closeElement() -> XMLElement? {
    place += 2
    guard let name = readName(), open.last?.name == name else { return nil }
    skipBlanks()
    guard peek() == UInt8(ascii: ">") else { return nil }
    place += 1
    return open.count == 1 ? popElement() : attachElement()
  }

  private mutating func popElement() -> XMLElement? {
    guard var element = open.popLast(), let bytes = texts.popLast(),
      let text = String(validating: bytes, as: UTF8.self)
    else { return nil }
    // Between children stands only the document's own layout.
    element.text = element.children.isEmpty ? text : ""
    return element
  }

  private mutating func attachElement() -> XMLElement? {
    guard let element = popElement(), !open.isEmpty else { return nil }
    open[open.count - 1].children.append(element)
    return element
  }

  private mutating func readText(isInside: Bool) -> Bool {
    while let byte = peek(), byte != UInt8(ascii: "<") {
      if !isInside {
        guard Self.isBlank(byte) else { return false }
        place += 1
      } else if byte == UInt8(ascii: "&") {
        guard readEntity() else { return false }
      } else {
        texts[texts.count - 1].append(byte)
        place += 1
      }
    }
    return true
  }

  private mutating func readCharacterData() -> Bool {
    guard !open.isEmpty else { return false }
    place += 9
    let start = place
    guard skip(past: Array("]]>".utf8)) else { return false }
    texts[texts.count - 1] += bytes[start..<place - 3]
    return true
  }

  private static let entities: [String: Unicode.Scalar] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'",
  ]

  private mutating func readEntity() -> Bool {
    let end = bytes[place...].prefix(12).firstIndex(of: UInt8(ascii: ";"))
    guard let end else { return false }
    let name = String(decoding: bytes[(place + 1)..<end], as: UTF8.self)
    let scalar: Unicode.Scalar?
    if name.hasPrefix("#x") {
      scalar = UInt32(name.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
    } else if name.hasPrefix("#") {
      scalar = UInt32(name.dropFirst()).flatMap(Unicode.Scalar.init)
    } else {
      scalar = Self.entities[name]
    }
    guard let scalar else { return false }
    texts[texts.count - 1] += String(Character(scalar)).utf8
    place = end + 1
    return true
  }

  // MARK: Bytes

  private mutating func readName() -> String? {
    let start = place
    while let byte = peek(), Self.isNamed(byte) { place += 1 }
    guard place > start else { return nil }
    return String(validating: bytes[start..<place], as: UTF8.self)
  }

  private func peek() -> UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipBlanks() {
    while let byte = peek(), Self.isBlank(byte) { place += 1 }
  }

  private func starts(with mark: [UInt8]) -> Bool {
    bytes.count - place >= mark.count && bytes[place..<place + mark.count].elementsEqual(mark)
  }

  private mutating func skip(past mark: [UInt8]) -> Bool {
    while place < bytes.count {
      if starts(with: mark) {
        place += mark.count
        return true
      }
      place += 1
    }
    return false
  }

  private static func isBlank(_ byte: UInt8) -> Bool { [9, 10, 13, 32].contains(byte) }

  private static func isNamed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: ":"), 0x80...0xFF:
      true
    default: false
    }
  }
}
