/// A text with lines broken to its width, that scrolls.
struct TextPane {
  var lines: [Line]
  /// The topmost broken line.
  var top: Int
  var pane: Pane

  /// Draws it, and returns how many broken lines there are.
  @discardableResult
  func draw(in place: Rect, of frame: inout Frame) -> Int {
    draw(broken: TextPane.broken(lines, columns: place.columns), in: place, of: &frame)
  }

  /// Draws its lines as they were broken before.
  @discardableResult
  func draw(broken: [Line], in place: Rect, of frame: inout Frame) -> Int {
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
      line.fits(in: columns) ? [line] : LineBreaker(columns: columns).broken(line)
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
    var count = 0
    for character in text {
      let isTab = character == "\t"
      let gap = 4 - count % 4
      result += isTab ? String(repeating: " ", count: gap) : String(character)
      count += isTab ? gap : 1
    }
    return result
  }
}

/// Breaks one line of several styles. Each character is looked at a few times, however long the line.
private struct LineBreaker {
  let columns: Int

  func broken(_ line: Line) -> [Line] {
    let indent = min(line.hang ?? line.text.prefix { $0 == " " }.count, columns / 2)
    var result: [Line] = []
    var current = Line()
    var width = 0
    for (word, style) in words(line) {
      var rest = word
      while !rest.isEmpty {
        // No further than a line reaches: a word may be megabytes long.
        let text = CellText(rest, limit: columns)
        if !text.isCut, width + text.width <= columns {
          current += Line(String(rest), style)
          width += text.width
          break
        }
        let fitsNext = !text.isCut && text.width <= columns - indent || rest.first == " "
        if width > indent, fitsNext {
          rest = rest.drop { $0 == " " }
        } else {
          let head = prefix(of: rest, cells: max(1, columns - width))
          current += Line(String(head), style)
          rest = rest[head.endIndex...]
        }
        result.append(current)
        current = Line(String(repeating: " ", count: indent))
        width = indent
      }
    }
    result.append(current)
    return result
  }

  /// Words and the spaces between them, each by itself.
  private func words(_ line: Line) -> [(Substring, Style)] {
    line.spans.flatMap { span -> [(Substring, Style)] in
      var parts: [(Substring, Style)] = []
      var rest = span.text[...]
      while let first = rest.first {
        let part = rest.prefix { ($0 == " ") == (first == " ") }
        parts.append((part, span.style))
        rest = rest[part.endIndex...]
      }
      return parts
    }
  }

  /// As many characters as fit into so many cells, one at least.
  private func prefix(of word: Substring, cells: Int) -> Substring {
    var end = word.startIndex
    var width = 0
    for character in word {
      let next = character.utf8.count == 1 ? 1 : CellText.width(of: String(character))
      if end > word.startIndex, width + next > cells { break }
      width += next
      end = word.index(after: end)
    }
    return word[..<end]
  }
}
