/// A value without its outer quotes and the comment after it.
///
/// Every project pastes these values into text, with or without quotes of its own, so both forms
/// are in the wild. A comment is only cut where what stands before it is whole by itself, and
/// never in a secret: a password may hold ` #`.
struct QuotedValue: Equatable {
  enum Quotes { case none, straight, curly }
  enum Comment { case none, cut, kept }

  private(set) var text: String
  private(set) var quotes = Quotes.none
  private(set) var comment = Comment.none
  /// Where `text` stands within the raw value, in scalars.
  private(set) var range: Range<Int>

  init(_ raw: String, isSecret: Bool) {
    let scalars = Array(raw.unicodeScalars)
    text = raw
    range = 0..<scalars.count
    if let kind = scalars.first.flatMap(Kind.init) {
      readQuoted(scalars, kind: kind, isSecret: isSecret)
    } else if !isSecret {
      readBare(scalars)
    }
  }

  private mutating func readQuoted(_ scalars: [Unicode.Scalar], kind: Kind, isSecret: Bool) {
    let closing = scalars.indices.dropFirst().first { index in
      Kind(scalars[index]) == kind && scalars[(index + 1)...].trimmed.first.isCommentMark
    }
    if let closing {
      comment = isSecret ? .kept : .cut
      if !isSecret { return take(scalars, 1..<closing, kind) }
    }
    guard scalars.count > 1, scalars.last.flatMap(Kind.init) == kind else { return }
    comment = .none
    take(scalars, 1..<(scalars.count - 1), kind)
  }

  private mutating func readBare(_ scalars: [Unicode.Scalar]) {
    let mark = scalars.indices.dropFirst().first { index in
      Optional(scalars[index]).isCommentMark && scalars[index - 1].isBlank
    }
    guard let mark else { return }
    let head = scalars[..<mark].trimmed
    guard head.text.isWhole else {
      comment = .kept
      return
    }
    comment = .cut
    text = head.text
    range = head.startIndex..<head.endIndex
  }

  private mutating func take(_ scalars: [Unicode.Scalar], _ range: Range<Int>, _ kind: Kind) {
    text = scalars[range].text
    quotes = kind.isCurly ? .curly : .straight
    self.range = range
  }

  /// Quotes that close each other.
  private enum Kind {
    case single, double, curlySingle, curlyDouble

    init?(_ scalar: Unicode.Scalar) {
      switch scalar {
      case "'": self = .single
      case "\"": self = .double
      case "\u{2018}", "\u{2019}": self = .curlySingle
      case "\u{201C}", "\u{201D}", "\u{201E}": self = .curlyDouble
      default: return nil
      }
    }

    var isCurly: Bool { self == .curlySingle || self == .curlyDouble }
  }
}

extension Unicode.Scalar? {
  fileprivate var isCommentMark: Bool { self == "#" || self == ";" }
}

extension String {
  /// Whether it is a value that nobody continues with ` # …`: a number, a size, a word that we
  /// know, a region, a node type, an ARN or an S3 address.
  fileprivate var isWhole: Bool {
    let folded = lowercased()
    if folded.unicodeScalars.contains(where: \.isBlank) { return ByteSize(self) != nil }
    return Double(folded) != nil || ByteSize(self) != nil || AWSRegion.isRegion(folded)
      || Self.knownWords.contains(folded) || folded.hasPrefix("arn:")
      || ["s3://", "s3a://", "s3n://"].contains { folded.hasPrefix($0) }
      || AWSRegion.isNodeType(folded)
  }

  private static let knownWords: Set<String> = Set(
    ["multi-node", "single-node", "tcp", "udp", "icmp"] + OnOff.words
      + SSLMode.allCases.map(\.rawValue) + ConsoleTheme.allCases.map(\.rawValue))
}
