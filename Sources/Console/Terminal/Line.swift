/// Text of one style.
struct Span: Hashable, Sendable {
  var text: String
  var style: Style
}

/// One line of text in several styles.
struct Line: Hashable, Sendable {
  var spans: [Span]
  /// Where its next rows begin when it is broken, in cells; nil goes by the spaces at its start.
  var hang: Int?

  /// Text in one style.
  init(_ text: String, _ style: Style = .plain) { spans = [Span(text: text, style: style)] }

  /// Nothing.
  init() { spans = [] }

  /// The text without its styles.
  var text: String { spans.map(\.text).joined() }
  /// The cells that it takes.
  var width: Int { spans.reduce(0) { $0 + CellText.width(of: $1.text) } }
  /// Whether it takes so many cells at most; looks no further than that.
  func fits(in columns: Int) -> Bool {
    var room = columns
    for span in spans {
      let text = CellText(span.text, limit: room)
      if text.isCut { return false }
      room -= text.width
    }
    return true
  }

  /// Whether there is no text in it.
  var isEmpty: Bool { spans.allSatisfy { $0.text.isEmpty } }

  /// One line behind the other.
  static func + (left: Line, right: Line) -> Line {
    var line = left
    line.spans += right.spans
    return line
  }

  /// The same line, with the place where its next rows begin.
  func hanging(_ hang: Int) -> Line {
    var line = self
    line.hang = hang
    return line
  }

  /// Appends a line.
  static func += (left: inout Line, right: Line) { left.spans += right.spans }
}

extension Line: ExpressibleByStringInterpolation {
  init(stringLiteral value: String) { self.init(value) }
}
