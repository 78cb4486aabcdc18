import Warehouse

/// A place in a text: between two characters.
struct TextPosition: Hashable, Comparable, Sendable {
  var line: Int
  /// From the line's start, in UTF-8 bytes: what characters join to does not change it.
  var column: Int

  static func < (left: TextPosition, right: TextPosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }

  static let start = TextPosition(line: 0, column: 0)
}

/// Lines of SQL, with what the lexer found at the start of each, so that a change costs what it
/// touches and not what the text holds.
struct TextBuffer: Equatable, Sendable {
  /// What is known of a line.
  struct Reading: Equatable, Sendable {
    /// What is open at its start.
    var state = SQLLexer.State.code
    /// Where statements end in it, in bytes.
    var semicolons: [Int] = []
  }

  /// At least one.
  private(set) var lines: [String]
  private(set) var readings: [Reading]

  /// A text.
  init(_ text: String = "") {
    lines = [""]
    readings = [Reading()]
    replace(.start..<(.start), with: text)
  }

  /// The whole text.
  var text: String { lines.joined(separator: "\n") }

  /// Whether there is no character in it.
  var isEmpty: Bool { lines.count == 1 && line(0).isEmpty }

  /// The place behind the last character.
  var end: TextPosition {
    TextPosition(line: lines.count - 1, column: line(lines.count - 1).utf8.count)
  }

  /// A line; empty outside of the text.
  func line(_ index: Int) -> String { lines.indices.contains(index) ? lines[index] : "" }

  /// What is known of a line.
  func reading(_ index: Int) -> Reading {
    readings.indices.contains(index) ? readings[index] : Reading()
  }

  /// The nearest place that there is.
  func clamped(_ position: TextPosition) -> TextPosition {
    let line = min(max(0, position.line), lines.count - 1)
    return TextPosition(
      line: line, column: min(max(0, position.column), self.line(line).utf8.count))
  }

  /// The text between two places.
  func text(in range: Range<TextPosition>) -> String {
    let low = clamped(range.lowerBound)
    let high = clamped(range.upperBound)
    guard low.line < high.line else {
      return String(line(low.line).slice(low.column..<max(low.column, high.column)))
    }
    var text = String(line(low.line).tail(low.column))
    for index in low.line + 1..<high.line {
      text += "\n"
      text += line(index)
    }
    return text + "\n" + line(high.line).head(high.column)
  }

  /// Puts a text in the place of another.
  ///
  /// - Returns: the place behind it.
  @discardableResult
  mutating func replace(_ range: Range<TextPosition>, with text: String) -> TextPosition {
    let low = clamped(range.lowerBound)
    let high = clamped(range.upperBound)
    let before = line(low.line).head(low.column)
    let after = line(high.line).tail(high.column)
    var parts = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(Substring($0)) }
    let lastLength = parts.last?.utf8.count ?? 0
    let end = TextPosition(
      line: low.line + parts.count - 1, column: (parts.count == 1 ? low.column : 0) + lastLength)
    parts[0] = before + parts[0]
    parts[parts.count - 1] += after
    let replaced = low.line..<high.line + 1
    lines.replaceSubrange(replaced, with: parts)
    read(replaced, becameLines: parts.count)
    return end
  }

  /// Reads changed lines, and those below until nothing changes any more.
  private mutating func read(_ old: Range<Int>, becameLines count: Int) {
    var state = reading(old.lowerBound).state
    readings.replaceSubrange(old, with: repeatElement(Reading(), count: count))
    for index in old.lowerBound..<lines.count {
      let isBelow = index >= old.lowerBound + count
      if isBelow, readings[index].state == state { return }
      (readings[index], state) = TextBuffer.read(lines[index], state)
    }
  }

  private static func read(
    _ line: String, _ state: SQLLexer.State
  ) -> (Reading, end: SQLLexer.State) {
    var reading = Reading(state: state)
    if line.isEmpty, state == .code { return (reading, .code) }
    var lexer = SQLLexer(Array(line.utf8) + [UInt8(ascii: "\n")], resuming: state)
    while let token = lexer.next() {
      if token.kind == .semicolon { reading.semicolons.append(token.range.lowerBound) }
    }
    return (reading, lexer.state)
  }

  /// The tokens of a line, by their bytes in it.
  func tokens(of index: Int) -> [SQLToken] {
    var lexer = SQLLexer(Array(line(index).utf8), resuming: reading(index).state)
    var tokens: [SQLToken] = []
    while let token = lexer.next() { tokens.append(token) }
    return tokens
  }
}

extension String {
  /// The index of a byte, or the nearest before it where a character of Unicode begins.
  func index(ofByte offset: Int) -> Index {
    let place = utf8.index(utf8.startIndex, offsetBy: min(max(0, offset), utf8.count))
    return place.samePosition(in: unicodeScalars) ?? unicodeScalars.index(before: place)
  }

  /// The first bytes.
  func head(_ bytes: Int) -> Substring { self[..<index(ofByte: bytes)] }
  /// Some of its bytes.
  func slice(_ bytes: Range<Int>) -> Substring {
    self[index(ofByte: bytes.lowerBound)..<index(ofByte: bytes.upperBound)]
  }
  /// What follows the first bytes.
  func tail(_ bytes: Int) -> Substring { self[index(ofByte: bytes)...] }
}
