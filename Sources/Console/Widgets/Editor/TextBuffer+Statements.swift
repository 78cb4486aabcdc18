import Warehouse

extension TextBuffer {
  /// The statement at a place, without the blanks around it and the semicolon; nil where there is
  /// none. Right behind a semicolon, with nothing more on the line, it is the one before.
  func statement(at position: TextPosition) -> Range<TextPosition>? {
    let position = clamped(position)
    let before = semicolon(before: position)
    if let before, before.line == position.line,
      line(position.line).tail(before.column + 1).allSatisfy(\.isWhitespace)
    {
      return trimmed(statementStart(before: before)..<before)
    }
    let low = before.map { TextPosition(line: $0.line, column: $0.column + 1) } ?? .start
    let high = semicolon(from: position) ?? end
    if let found = trimmed(low..<high) { return found }
    return before.flatMap { trimmed(statementStart(before: $0)..<$0) }
  }

  private func statementStart(before position: TextPosition) -> TextPosition {
    semicolon(before: position).map { TextPosition(line: $0.line, column: $0.column + 1) } ?? .start
  }

  /// The last end of a statement before a place.
  private func semicolon(before position: TextPosition) -> TextPosition? {
    for index in stride(from: position.line, through: 0, by: -1) {
      let found = reading(index).semicolons.last { index < position.line || $0 < position.column }
      if let found { return TextPosition(line: index, column: found) }
    }
    return nil
  }

  /// The first end of a statement from a place on.
  private func semicolon(from position: TextPosition) -> TextPosition? {
    for index in position.line..<max(position.line, lines.count) {
      let found = reading(index).semicolons.first { index > position.line || $0 >= position.column }
      if let found { return TextPosition(line: index, column: found) }
    }
    return nil
  }

  /// A part without the blanks at its ends; nil when there is nothing else.
  private func trimmed(_ range: Range<TextPosition>) -> Range<TextPosition>? {
    var low = range.lowerBound
    while low.line <= range.upperBound.line {
      if let place = line(low.line).tail(low.column).utf8.firstIndex(where: { $0 > 32 }) {
        let text = line(low.line)
        low.column = text.utf8.distance(from: text.startIndex, to: place)
        break
      }
      low = TextPosition(line: low.line + 1, column: 0)
    }
    guard low < range.upperBound else { return nil }
    var high = range.upperBound
    while high > low {
      let text = line(high.line)
      if let place = text.head(high.column).utf8.lastIndex(where: { $0 > 32 }) {
        high.column = text.utf8.distance(from: text.startIndex, to: place) + 1
        break
      }
      high = TextPosition(line: high.line - 1, column: line(high.line - 1).utf8.count)
    }
    return low < high ? low..<high : nil
  }

  /// The place so many characters (of Unicode, as the server counts) behind another one.
  func position(_ count: Int, after start: TextPosition) -> TextPosition {
    var left = max(0, count)
    var place = clamped(start)
    while place.line < lines.count {
      let rest = line(place.line).tail(place.column).unicodeScalars
      if let found = rest.index(rest.startIndex, offsetBy: left, limitedBy: rest.endIndex) {
        let bytes = line(place.line).utf8
        place.column = bytes.distance(from: bytes.startIndex, to: found)
        return place
      }
      left -= rest.count + 1
      place = TextPosition(line: place.line + 1, column: 0)
    }
    return end
  }

  /// The bracket at a place or right before it, and its partner.
  ///
  /// Brackets in strings, names and comments do not count. Partners more than 1,000 lines away are
  /// not looked for: a frame must not wait for them.
  func brackets(at position: TextPosition) -> [TextPosition] {
    let low = max(0, position.line - 1000)
    let high = min(lines.count - 1, position.line + 1000)
    let own = brackets(of: position.line)
    guard
      let bracket = own.first(where: { $0.place.column == position.column })
        ?? own.first(where: { $0.place.column == position.column - 1 })
    else { return [] }
    var depth = 0
    let step = bracket.opens ? 1 : -1
    for index in stride(from: position.line, through: bracket.opens ? high : low, by: step) {
      let found = brackets(of: index)
      for other in bracket.opens ? found : found.reversed() {
        if bracket.opens ? other.place < bracket.place : other.place > bracket.place { continue }
        depth += other.opens == bracket.opens ? 1 : -1
        if depth == 0 { return [bracket.place, other.place] }
      }
    }
    return [bracket.place]
  }

  private func brackets(of index: Int) -> [(place: TextPosition, opens: Bool)] {
    let bytes = line(index).utf8
    guard bytes.contains(where: { "()[]".utf8.contains($0) }) else { return [] }
    return tokens(of: index).compactMap { token in
      guard token.kind == .symbol else { return nil }
      let byte = bytes[bytes.index(bytes.startIndex, offsetBy: token.range.lowerBound)]
      let place = TextPosition(line: index, column: token.range.lowerBound)
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["): return (place, true)
      case UInt8(ascii: ")"), UInt8(ascii: "]"): return (place, false)
      default: return nil
      }
    }
  }
}
