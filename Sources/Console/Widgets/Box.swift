extension Frame {
  /// A frame of lines with a title on its upper edge, and returns the room inside.
  @discardableResult
  mutating func box(
    _ place: Rect, title: Line = Line(), trailing: Line = Line(), style: Style = .border
  ) -> Rect {
    guard place.rows >= 2, place.columns >= 2 else { return place }
    edge(place.line(0), ("┌", "─", "┐"), style: style)
    edge(place.line(place.rows - 1), ("└", "─", "┘"), style: style)
    for row in place.row + 1..<place.endRow - 1 {
      write("│", row: row, column: place.column, style: style)
      write("│", row: row, column: place.endColumn - 1, style: style)
    }
    label(place.line(0), title: title, trailing: trailing)
    return place.inset(rows: 1, columns: 2)
  }

  /// A line across a box, which parts it; `place` is the whole row of the box.
  mutating func divider(
    _ place: Rect, title: Line = Line(), trailing: Line = Line(), style: Style = .border
  ) {
    edge(place, ("├", "─", "┤"), style: style)
    label(place, title: title, trailing: trailing)
  }

  private mutating func edge(
    _ place: Rect, _ glyphs: (left: String, middle: Unicode.Scalar, right: String), style: Style
  ) {
    fill(place.inset(columns: 1), with: glyphs.middle, style: style)
    write(glyphs.left, row: place.row, column: place.column, style: style)
    write(glyphs.right, row: place.row, column: place.endColumn - 1, style: style)
  }

  /// Takes away what is written on an edge when it begins before a column: half of it is covered.
  mutating func clearEdge(row: Int, from column: Int) {
    let edge: Set<Unicode.Scalar> = ["─", "┘", "└", "┴", "-", "+"]
    guard !edge.contains(self[row, column].scalar) || !edge.contains(self[row, column + 1].scalar)
    else { return }
    for place in column..<max(column, size.columns - 1)
    where !edge.contains(self[row, place].scalar) {
      write("─", row: row, column: place, style: .border)
    }
  }

  /// Writes onto an edge: the title at its left, the rest at its right when there is room for both.
  mutating func label(_ place: Rect, title: Line, trailing: Line = Line()) {
    let room = max(0, place.columns - 4)
    let trailingWidth = trailing.isEmpty ? 0 : trailing.width + 2
    let fitsBoth = title.width + 2 + trailingWidth + 1 <= room
    let titleRoom = fitsBoth ? room - trailingWidth : room
    if !title.isEmpty {
      write(
        Line(" ") + title + Line(" "), row: place.row, column: place.column + 2,
        width: min(titleRoom, title.width + 2))
    }
    guard !trailing.isEmpty, fitsBoth || title.isEmpty else { return }
    write(
      Line(" ") + trailing + Line(" "), row: place.row,
      column: place.endColumn - 2 - trailingWidth, width: trailingWidth)
  }
}
