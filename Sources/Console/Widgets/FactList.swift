/// A label and its value.
struct Fact: Equatable, Sendable {
  var label: String
  var value: Line

  init(_ label: String, _ value: Line) {
    self.label = label
    self.value = value
  }

  init(_ label: String, _ value: String) { self.init(label, Line(value)) }
}

/// Labels with their values beside them, one a row, values in one column.
struct FactList {
  var facts: [Fact]

  /// Draws as many as fit.
  func draw(in place: Rect, of frame: inout Frame) {
    let labels = facts.map { CellText.width(of: $0.label) }.max() ?? 0
    let width = min(labels, place.columns / 2)
    for (index, fact) in facts.prefix(max(0, place.rows)).enumerated() {
      let row = place.row + index
      frame.write(fact.label, row: row, column: place.column, width: width, style: .muted)
      frame.write(
        fact.value, row: row, column: place.column + width + 2, width: place.columns - width - 2)
    }
  }

  /// The same as lines of a text.
  static func lines(_ facts: [Fact]) -> [Line] {
    let width = facts.map { CellText.width(of: $0.label) }.max() ?? 0
    return facts.map { fact in
      let gap = String(repeating: " ", count: width - CellText.width(of: fact.label) + 2)
      return (Line(fact.label + gap, .muted) + fact.value).hanging(width + 2)
    }
  }
}
