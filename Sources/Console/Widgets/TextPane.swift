/// A text with lines broken to its width, that scrolls.
struct TextPane {
  var lines: [Line]
  /// The topmost broken line.
  var top: Int
  var pane: Pane

  /// Draws it, and returns how many broken lines there are.
  @discardableResult
  func draw(in place: Rect, of frame: inout Frame) -> Int {
    let broken = TextPane.broken(lines, columns: place.columns)
    let first = min(top, max(0, broken.count - place.rows))
    frame.mark(place, as: .pane(pane))
    for (offset, line) in broken.dropFirst(max(0, first)).prefix(max(0, place.rows)).enumerated() {
      frame.write(line, row: place.row + offset, column: place.column, width: place.columns)
    }
    frame.scrollBar(
      first: max(0, first), count: broken.count, in: place, column: place.endColumn + 1)
    return broken.count
  }

  /// Lines broken to a width: between words where there are any, with the indent of their start.
  static func broken(_ lines: [Line], columns: Int) -> [Line] {
    guard columns > 0 else { return [] }
    return lines.flatMap { line in
      line.width <= columns ? [line] : LineBreaker(columns: columns).broken(line)
    }
  }

  /// A text as lines; tabs become spaces up to the next fourth column.
  static func lines(_ text: String, _ style: Style = .plain) -> [Line] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { part in
      Line(part.contains("\t") ? expandingTabs(part) : String(part), style)
    }
  }

  private static func expandingTabs(_ text: Substring) -> String {
    var result = ""
    for character in text {
      guard character == "\t" else {
        result.append(character)
        continue
      }
      result += String(repeating: " ", count: 4 - result.count % 4)
    }
    return result
  }
}

/// Breaks one line of several styles.
private struct LineBreaker {
  let columns: Int

  func broken(_ line: Line) -> [Line] {
    var result: [Line] = []
    var current = Line()
    var width = 0
    let indent = min(line.hang ?? line.text.prefix { $0 == " " }.count, columns / 2)
    for (word, style) in words(line) {
      var word = word
      while !word.isEmpty {
        let wordWidth = CellText.width(of: word)
        if width + wordWidth <= columns {
          current += Line(word, style)
          width += wordWidth
          word = ""
        } else if width > indent, wordWidth <= columns - indent || word.allSatisfy({ $0 == " " }) {
          result.append(current)
          word = String(word.drop { $0 == " " })
          current = Line(String(repeating: " ", count: indent))
          width = indent
        } else {
          let head = prefix(of: word, cells: max(1, columns - width))
          current += Line(head, style)
          result.append(current)
          word = String(word.dropFirst(head.count))
          current = Line(String(repeating: " ", count: indent))
          width = indent
        }
      }
    }
    result.append(current)
    return result
  }

  /// Words and the spaces between them, each by itself.
  private func words(_ line: Line) -> [(String, Style)] {
    line.spans.flatMap { span -> [(String, Style)] in
      var parts: [(String, Style)] = []
      var part = ""
      for character in span.text {
        if let last = part.last, (last == " ") != (character == " ") {
          parts.append((part, span.style))
          part = ""
        }
        part.append(character)
      }
      if !part.isEmpty { parts.append((part, span.style)) }
      return parts
    }
  }

  /// As many characters as fit into so many cells, one at least.
  private func prefix(of word: String, cells: Int) -> String {
    var result = ""
    var width = 0
    for character in word {
      let next = CellText.width(of: String(character))
      if !result.isEmpty, width + next > cells { break }
      result.append(character)
      width += next
    }
    return result
  }
}
