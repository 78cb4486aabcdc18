/// Cuts a text of several SQL statements into single ones, the one splitter of the program.
///
/// `SQLLexer` tells it what is a string, a quoted name or a comment.
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
    let bytes = Array(script.utf8)
    var lexer = SQLLexer(bytes)
    var pieces: [Piece] = []
    var start = 0
    var holdsCode = false
    while let token = lexer.next() {
      switch token.kind {
      case .blank, .comment: break
      case .semicolon:
        if holdsCode { pieces.append(piece(of: bytes, start..<token.range.lowerBound)) }
        start = token.range.upperBound
        holdsCode = false
      default: holdsCode = true
      }
    }
    if holdsCode { pieces.append(piece(of: bytes, start..<bytes.count)) }
    return pieces
  }

  /// Where `:name` stands in `sql`, the colon included: not in a string, a quoted name or a
  /// comment, and not as part of a cast (`::type`) or an assignment (`:=`).
  static func namedParameters(in sql: [UInt8]) -> [Range<Int>] {
    var lexer = SQLLexer(sql)
    var places: [Range<Int>] = []
    while let token = lexer.next() {
      if token.kind == .namedParameter { places.append(token.range) }
    }
    return places
  }

  private static func piece(of bytes: [UInt8], _ range: Range<Int>) -> Piece {
    var lower = range.lowerBound
    var upper = range.upperBound
    while lower < upper && bytes[lower].isBlank { lower += 1 }
    while upper > lower && bytes[upper - 1].isBlank { upper -= 1 }
    return Piece(text: String(decoding: bytes[lower..<upper], as: UTF8.self), range: lower..<upper)
  }
}

extension UInt8 {
  fileprivate var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
