/// A piece of SQL: what it is, and where it lies in UTF-8 bytes.
public struct SQLToken: Sendable, Equatable {
  /// What it is.
  public enum Kind: Sendable, Equatable {
    case blank
    case comment
    /// A string constant: in quotes, with escapes, or between dollars.
    case string
    case quotedName
    case number
    /// A name or a keyword.
    case word
    /// `:name`.
    case namedParameter
    /// `$1`.
    case numberedParameter
    /// The end of a statement.
    case semicolon
    /// Any other mark.
    case symbol
  }

  /// What it is.
  public let kind: Kind
  /// Its place.
  public let range: Range<Int>
}

/// Cuts SQL into tokens, as PostgreSQL's documentation describes them under "Lexical Structure".
///
/// Everything is read as bytes: the marks are all ASCII. A text may be read in parts that end
/// with a line break: `state` says what is open at the end, and the next lexer resumes with it.
public struct SQLLexer: Sendable {
  /// What is open.
  public enum State: Sendable, Hashable {
    case code
    /// In a string constant; `escapes` where a backslash escapes.
    case string(escapes: Bool)
    case quotedName
    /// In a block comment; they nest.
    case comment(depth: Int)
    /// In a dollar quote; the tag with its dollars.
    case dollar([UInt8])
  }

  /// What is open where the lexer stands.
  public private(set) var state: State
  private let bytes: [UInt8]
  private var position = 0

  /// A lexer at the start of `bytes`.
  public init(_ bytes: [UInt8], resuming state: State = .code) {
    self.bytes = bytes
    self.state = state
  }

  /// The next token; nil at the end.
  public mutating func next() -> SQLToken? {
    guard position < bytes.count else { return nil }
    let start = position
    let kind = state == .code ? begin() : proceed()
    return SQLToken(kind: kind, range: start..<position)
  }

  private func byte(at index: Int) -> UInt8 {
    index >= 0 && index < bytes.count ? bytes[index] : 0
  }

  // MARK: Tokens that begin here

  private mutating func begin() -> SQLToken.Kind {
    let first = byte(at: position)
    switch first {
    case UInt8(ascii: ";"):
      position += 1
      return .semicolon
    case UInt8(ascii: "'"):
      return open(.string(escapes: false), marks: 1)
    case UInt8(ascii: "\""):
      return open(.quotedName, marks: 1)
    case UInt8(ascii: "$"): return dollar()
    case UInt8(ascii: ":"): return colon()
    case UInt8(ascii: "-") where byte(at: position + 1) == UInt8(ascii: "-"):
      skip { $0 != UInt8(ascii: "\n") }
      return .comment
    case UInt8(ascii: "/") where byte(at: position + 1) == UInt8(ascii: "*"):
      return open(.comment(depth: 1), marks: 2)
    case _ where first.isBlank:
      skip(\.isBlank)
      return .blank
    case _ where first.isDigit: return number()
    case _ where first.isWord: return word()
    default:
      position += 1
      return .symbol
    }
  }

  private mutating func skip(_ isWanted: (UInt8) -> Bool) {
    while position < bytes.count, isWanted(bytes[position]) { position += 1 }
  }

  private mutating func open(_ opened: State, marks: Int) -> SQLToken.Kind {
    position += marks
    state = opened
    return proceed()
  }

  private mutating func number() -> SQLToken.Kind {
    skip { $0.isWord || $0 == UInt8(ascii: ".") }
    return .number
  }

  /// A dollar may stand in a name, but not at its start. An `E` right before a quote belongs to it.
  private mutating func word() -> SQLToken.Kind {
    let start = position
    skip { $0.isWord || $0 == UInt8(ascii: "$") }
    guard position == start + 1, byte(at: start) | 0x20 == UInt8(ascii: "e"),
      byte(at: position) == UInt8(ascii: "'")
    else { return .word }
    return open(.string(escapes: true), marks: 1)
  }

  /// `:name`; not a cast (`::type`), an assignment (`:=`) or a slice (`a[1:n]`, after a word).
  private mutating func colon() -> SQLToken.Kind {
    let before = byte(at: position - 1)
    let start = position
    skip { $0 == UInt8(ascii: ":") }
    let after = byte(at: position)
    guard position == start + 1, after.isWord, !after.isDigit,
      !before.isWord, before != UInt8(ascii: "]")
    else { return .symbol }
    skip(\.isWord)
    return .namedParameter
  }

  /// `$$…$$`, `$tag$…$tag$`, or `$1`.
  private mutating func dollar() -> SQLToken.Kind {
    let start = position
    position += 1
    if byte(at: position).isDigit {
      skip(\.isDigit)
      return .numberedParameter
    }
    var end = position
    while byte(at: end).isWord { end += 1 }
    guard byte(at: end) == UInt8(ascii: "$") else { return .symbol }
    position = start
    return open(.dollar(Array(bytes[start...end])), marks: end - start + 1)
  }

  // MARK: Tokens that are open

  private mutating func proceed() -> SQLToken.Kind {
    switch state {
    case .code: return begin()
    case .string(let escapes):
      closeQuoted(UInt8(ascii: "'"), escapes: escapes)
      return .string
    case .quotedName:
      closeQuoted(UInt8(ascii: "\""), escapes: false)
      return .quotedName
    case .comment(let depth):
      closeComment(depth)
      return .comment
    case .dollar(let tag):
      closeDollar(tag)
      return .string
    }
  }

  private mutating func closeQuoted(_ quote: UInt8, escapes: Bool) {
    while position < bytes.count {
      if escapes, bytes[position] == UInt8(ascii: "\\") {
        position = min(position + 2, bytes.count)
      } else if bytes[position] != quote {
        position += 1
      } else if byte(at: position + 1) == quote {
        // A doubled quote is one quote inside the text.
        position += 2
      } else {
        position += 1
        state = .code
        return
      }
    }
  }

  private mutating func closeComment(_ opened: Int) {
    var depth = opened
    while position < bytes.count {
      let pair = (bytes[position], byte(at: position + 1))
      if pair == (UInt8(ascii: "/"), UInt8(ascii: "*")) {
        depth += 1
        position += 2
      } else if pair == (UInt8(ascii: "*"), UInt8(ascii: "/")) {
        depth -= 1
        position += 2
      } else {
        position += 1
      }
      if depth == 0 {
        state = .code
        return
      }
    }
    state = .comment(depth: depth)
  }

  private mutating func closeDollar(_ tag: [UInt8]) {
    while position + tag.count <= bytes.count {
      if bytes[position..<position + tag.count].elementsEqual(tag) {
        position += tag.count
        state = .code
        return
      }
      position += 1
    }
    position = bytes.count
  }
}

extension UInt8 {
  fileprivate var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
  fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
  fileprivate var isWord: Bool {
    isDigit || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
      || self == UInt8(ascii: "_") || self >= 0x80
  }
}
