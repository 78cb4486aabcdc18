/// Text as cells: cleaned of all that could act on a terminal, and measured.
///
/// It is the only way from a string into a `Frame`, so that no text reaches the terminal unfiltered.
struct CellText: Sendable {
  /// One character with its marks.
  struct Element: Equatable, Sendable {
    var scalar: Unicode.Scalar
    var marks: Marks = .none
    /// 1 or 2.
    var width: Int
  }

  /// The characters that fit.
  private(set) var elements: [Element] = []
  /// The cells that they take.
  private(set) var width = 0
  /// Whether there was more than `limit`.
  private(set) var isCut = false

  /// Cleans and measures `text`, and stops after `limit` cells.
  init(_ text: some StringProtocol, limit: Int = .max, glyphs: GlyphSet = .unicode) {
    elements.reserveCapacity(min(limit, text.utf8.count))
    for scalar in text.unicodeScalars where !append(scalar, limit: limit, glyphs: glyphs) {
      isCut = true
      return
    }
  }

  /// The characters as a string again: fit for a terminal.
  var plainText: String {
    var scalars = String.UnicodeScalarView()
    for element in elements {
      scalars.append(element.scalar)
      scalars.append(contentsOf: element.marks.scalars)
    }
    return String(scalars)
  }

  /// The cells that `text` takes.
  static func width(of text: String) -> Int { CellText(text).width }

  /// Adds one scalar; `false` when there is no room for it.
  private mutating func append(
    _ scalar: Unicode.Scalar, limit: Int, glyphs: GlyphSet
  ) -> Bool {
    switch CellWidth(scalar) {
    case .narrow: return append(glyphs.shown(scalar), width: 1, limit: limit)
    case .replaced(let other): return append(glyphs.shown(other), width: 1, limit: limit)
    case .mark:
      if glyphs == .unicode, !elements.isEmpty { elements[elements.count - 1].marks.add(scalar) }
      return true
    case .dropped: return true
    case .wide:
      if CellWidth.isSkinTone(scalar), elements.last?.width == 2 { return true }
      guard glyphs == .ascii else { return append(scalar, width: 2, limit: limit) }
      return append("?", width: 1, limit: limit) && append("?", width: 1, limit: limit)
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar, width: Int, limit: Int) -> Bool {
    guard self.width + width <= limit else { return false }
    elements.append(Element(scalar: scalar, width: width))
    self.width += width
    return true
  }

  /// Makes room for an ellipsis and appends it, when the text was cut.
  mutating func closeWithEllipsis(limit: Int, glyphs: GlyphSet) {
    guard isCut, limit > 0 else { return }
    while width >= limit, let last = elements.popLast() { width -= last.width }
    elements.append(Element(scalar: glyphs.ellipsis, width: 1))
    width += 1
  }

  /// Keeps the end instead of the beginning: what does not fit is left out in front.
  mutating func keepEnd(limit: Int, glyphs: GlyphSet) {
    guard width > limit, limit > 0 else { return }
    var kept = 0
    var start = elements.count
    while start > 0, kept + elements[start - 1].width < limit {
      start -= 1
      kept += elements[start].width
    }
    elements.replaceSubrange(..<start, with: [Element(scalar: glyphs.ellipsis, width: 1)])
    width = kept + 1
  }
}

/// Up to four combining marks: ncurses keeps no more on a character.
struct Marks: Hashable, Sendable {
  private var values = SIMD4<UInt32>()
  static let none = Marks()

  /// Adds a mark; a fifth is left out.
  mutating func add(_ mark: Unicode.Scalar) {
    for index in 0..<4 where values[index] == 0 {
      values[index] = mark.value
      return
    }
  }

  /// The marks in order.
  var scalars: [Unicode.Scalar] {
    (0..<4).compactMap { values[$0] == 0 ? nil : Unicode.Scalar(values[$0]) }
  }
}
