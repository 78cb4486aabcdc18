/// Cuts a text of several SQL statements into single ones, the one splitter of the program.
///
/// It knows string constants (with `E''` escapes), quoted identifiers, dollar quotes, line
/// comments and nested block comments, as PostgreSQL's documentation describes them under
/// "Lexical Structure". Everything is read as bytes: the marks are all ASCII.
public enum StatementSplitter {
  /// A statement and where it lies.
  public struct Piece: Sendable, Equatable {
    /// The statement without the semicolon and without blanks around it; comments are kept.
    public let text: String
    /// Its place in the whole text, in UTF-8 bytes.
    public let range: Range<Int>
  }

  /// The statements of `script`, in order. Pieces that hold only blanks or comments are left out.
  public static func split(_ script: String) -> [Piece] {
    var scanner = Scanner(bytes: Array(script.utf8))
    return scanner.pieces()
  }

  /// Where `:name` stands in `sql`, the colon included: not in a string, a quoted name or a
  /// comment, and not as part of a cast (`::type`) or an assignment (`:=`).
  static func namedParameters(in sql: [UInt8]) -> [Range<Int>] {
    var scanner = Scanner(bytes: sql)
    return scanner.namedParameters()
  }
}

private struct Scanner {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func pieces() -> [StatementSplitter.Piece] {
    var pieces: [StatementSplitter.Piece] = []
    var start = 0
    var holdsCode = false
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: ";"):
        if holdsCode { pieces.append(piece(start..<position)) }
        position += 1
        start = position
        holdsCode = false
      case _ where skipComment():
        break
      default:
        if !byte.isBlank { holdsCode = true }
        skipToken()
      }
    }
    if holdsCode { pieces.append(piece(start..<bytes.count)) }
    return pieces
  }

  mutating func namedParameters() -> [Range<Int>] {
    var places: [Range<Int>] = []
    while position < bytes.count {
      if skipComment() { continue }
      guard bytes[position] == UInt8(ascii: ":") else {
        skipToken()
        continue
      }
      let start = position
      position += 1
      while byte(at: position) == UInt8(ascii: ":") { position += 1 }
      guard position == start + 1, byte(at: position).isWord, !byte(at: position).isDigit else {
        continue
      }
      // A slice of an array, `a[1:n]`, also has a colon before a name; it follows a word.
      while byte(at: position).isWord { position += 1 }
      if start > 0 && (bytes[start - 1].isWord || bytes[start - 1] == UInt8(ascii: "]")) {
        continue
      }
      places.append(start..<position)
    }
    return places
  }

  private func piece(_ range: Range<Int>) -> StatementSplitter.Piece {
    var lower = range.lowerBound
    var upper = range.upperBound
    while lower < upper && bytes[lower].isBlank { lower += 1 }
    while upper > lower && bytes[upper - 1].isBlank { upper -= 1 }
    return .init(text: String(decoding: bytes[lower..<upper], as: UTF8.self), range: lower..<upper)
  }

  private func byte(at index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

  /// Steps over a comment that begins here; false when none does.
  private mutating func skipComment() -> Bool {
    let pair = (byte(at: position), byte(at: position + 1))
    if pair == (UInt8(ascii: "-"), UInt8(ascii: "-")) {
      while position < bytes.count && bytes[position] != UInt8(ascii: "\n") { position += 1 }
      return true
    }
    guard pair == (UInt8(ascii: "/"), UInt8(ascii: "*")) else { return false }
    var depth = 0
    repeat {
      let pair = (byte(at: position), byte(at: position + 1))
      if pair == (UInt8(ascii: "/"), UInt8(ascii: "*")) {
        depth += 1
        position += 2
      } else if pair == (UInt8(ascii: "*"), UInt8(ascii: "/")) {
        depth -= 1
        position += 2
      } else {
        position += 1
      }
    } while depth > 0 && position < bytes.count
    position = min(position, bytes.count)
    return true
  }

  private mutating func skipToken() {
    switch bytes[position] {
    case UInt8(ascii: "'"):
      let escapes =
        position > 0 && (bytes[position - 1] | 0x20) == UInt8(ascii: "e")
        && isWordStart(position - 1)
      skipQuoted(UInt8(ascii: "'"), backslashEscapes: escapes)
    case UInt8(ascii: "\""):
      skipQuoted(UInt8(ascii: "\""), backslashEscapes: false)
    case UInt8(ascii: "$"):
      skipDollarQuote()
    default:
      position += 1
    }
  }

  /// Whether the word that holds the byte at `index` begins there.
  private func isWordStart(_ index: Int) -> Bool { index == 0 || !bytes[index - 1].isWord }

  private mutating func skipQuoted(_ quote: UInt8, backslashEscapes: Bool) {
    position += 1
    while position < bytes.count {
      if backslashEscapes && bytes[position] == UInt8(ascii: "\\") {
        position += 2
      } else if bytes[position] == quote {
        position += 1
        // A doubled quote is one quote inside the text.
        guard byte(at: position) == quote else { return }
        position += 1
      } else {
        position += 1
      }
    }
    position = min(position, bytes.count)
  }

  /// `$$…$$` or `$tag$…$tag$`; a `$1` or a dollar inside a word is neither.
  private mutating func skipDollarQuote() {
    let start = position
    position += 1
    guard isWordStart(start) else { return }
    var end = position
    while byte(at: end).isWord && !(end == position && byte(at: end).isDigit) { end += 1 }
    guard byte(at: end) == UInt8(ascii: "$") else { return }
    let tag = bytes[start...end]
    position = end + 1
    while position + tag.count <= bytes.count {
      if bytes[position..<position + tag.count] == tag {
        position += tag.count
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
