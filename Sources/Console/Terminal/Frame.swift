/// One cell of the screen.
struct Cell: Hashable, Sendable {
  var scalar: Unicode.Scalar = " "
  var marks: Marks = .none
  var style: Style = .plain
  /// 1 or 2; 0 for the right half of the character before it.
  var width: UInt8 = 1

  static let blank = Cell()
}

/// What the mouse can point at.
enum Target: Hashable, Sendable {
  /// Something that stands for a key: a tab, a hint in the footer.
  case key(Key)
  /// An item of a pane, by its place.
  case item(Pane, Int)
  /// Any other place of a pane.
  case pane(Pane)
  /// A cell of a pane, counted from its upper left one.
  case cell(Pane, row: Int, column: Int)
}

/// A part of the screen that scrolls or has a selection, by its name.
struct Pane: Hashable, Sendable, ExpressibleByStringLiteral {
  let name: String
  init(stringLiteral value: String) { name = value }
}

/// The whole screen as cells: drawn anew from the model each time, compared by the terminal.
///
/// Drawing outside of it is no error: what does not fit is left out.
struct Frame: Sendable {
  let size: Size
  /// The characters that may be used.
  let glyphs: GlyphSet
  /// Where the cursor blinks; nil hides it.
  var cursor: (row: Int, column: Int)?
  private(set) var cells: [Cell]
  private var targets: [(place: Rect, target: Target)] = []

  /// An empty screen.
  init(_ size: Size, glyphs: GlyphSet = .unicode) {
    self.size = Size(columns: max(0, size.columns), rows: max(0, size.rows))
    self.glyphs = glyphs
    cells = Array(repeating: .blank, count: self.size.columns * self.size.rows)
  }

  /// All of it.
  var bounds: Rect { Rect(row: 0, column: 0, rows: size.rows, columns: size.columns) }

  /// The cell at a place; a blank one outside.
  subscript(row: Int, column: Int) -> Cell {
    guard bounds.contains(row: row, column: column) else { return .blank }
    return cells[row * size.columns + column]
  }

  /// The cells of one row.
  func row(_ index: Int) -> ArraySlice<Cell> {
    guard index >= 0, index < size.rows else { return [] }
    return cells[index * size.columns..<(index + 1) * size.columns]
  }

  // MARK: Writing

  /// How text lies in the room that it is given.
  enum Alignment: Sendable { case left, center, right }
  /// Which end of the text gives way when it does not fit.
  enum Clipping: Sendable { case end, start }

  /// Writes text into one row, cleaned, and cut with an ellipsis when it takes more than `width`.
  ///
  /// - Returns: the column after the last one written.
  @discardableResult
  mutating func write(
    _ text: String, row: Int, column: Int, width: Int? = nil, style: Style = .plain,
    align: Alignment = .left, clip: Clipping = .end
  ) -> Int {
    let room = min(width ?? .max, size.columns - column)
    guard room > 0, row >= 0, row < size.rows else { return column }
    var content = CellText(text, limit: clip == .end ? room : .max, glyphs: glyphs)
    switch clip {
    case .end: content.closeWithEllipsis(limit: room, glyphs: glyphs)
    case .start: content.keepEnd(limit: room, glyphs: glyphs)
    }
    let spare = room == .max ? 0 : room - content.width
    var place = column
    switch align {
    case .left: break
    case .center: place += spare / 2
    case .right: place += spare
    }
    for element in content.elements { place = put(element, row: row, column: place, style: style) }
    return place
  }

  /// Writes a line of several styles; it is cut where `width` ends.
  @discardableResult
  mutating func write(
    _ line: Line, row: Int, column: Int, width: Int? = nil, align: Alignment = .left
  ) -> Int {
    let room = min(width ?? .max, size.columns - column)
    let spare = align == .left ? 0 : max(0, room - line.width)
    var place = column + (align == .right ? spare : align == .center ? spare / 2 : 0)
    let end = column + room
    for (index, span) in line.spans.enumerated() where place < end {
      let isLast = index == line.spans.count - 1
      // A span that just fits is cut by one cell when more follows, to make room for the ellipsis.
      let rest = isLast ? 0 : line.spans[(index + 1)...].reduce(0) { $0 + $1.text.utf8.count }
      let fits = CellText(span.text, limit: end - place, glyphs: glyphs)
      if !fits.isCut, fits.width == end - place, rest > 0 {
        place = write(
          span.text + "…", row: row, column: place, width: end - place, style: span.style)
      } else {
        place = write(span.text, row: row, column: place, width: end - place, style: span.style)
      }
    }
    return place
  }

  private mutating func put(
    _ element: CellText.Element, row: Int, column: Int, style: Style
  ) -> Int {
    let end = column + element.width
    guard column >= 0, end <= size.columns else { return end }
    clearHalves(row: row, from: column, to: end)
    let index = row * size.columns + column
    cells[index] = Cell(
      scalar: element.scalar, marks: element.marks, style: style, width: UInt8(element.width))
    if element.width == 2 { cells[index + 1] = Cell(style: style, width: 0) }
    return end
  }

  /// A character of two cells that loses one of them becomes a space.
  private mutating func clearHalves(row: Int, from column: Int, to end: Int) {
    let start = row * size.columns
    if cells[start + column].width == 0, column > 0 {
      cells[start + column - 1] = Cell(style: cells[start + column - 1].style)
    }
    if end < size.columns, cells[start + end].width == 0 {
      cells[start + end] = Cell(style: cells[start + end].style)
    }
  }

  /// Blanks a part.
  mutating func clear(_ place: Rect, style: Style = .plain) { fill(place, with: " ", style: style) }

  /// Fills a part with one character of one cell.
  mutating func fill(_ place: Rect, with scalar: Unicode.Scalar, style: Style = .plain) {
    let element = CellText.Element(scalar: glyphs.shown(scalar), width: 1)
    for row in max(0, place.row)..<max(0, place.row, min(place.endRow, size.rows)) {
      for column in max(0, place.column)..<max(0, place.column, min(place.endColumn, size.columns))
      {
        _ = put(element, row: row, column: column, style: style)
      }
    }
  }

  /// Changes the style of a part and leaves its text.
  mutating func restyle(_ place: Rect, _ change: (Style) -> Style) {
    for row in max(0, place.row)..<max(0, place.row, min(place.endRow, size.rows)) {
      for column in max(0, place.column)..<max(0, place.column, min(place.endColumn, size.columns))
      {
        let index = row * size.columns + column
        cells[index].style = change(cells[index].style)
      }
    }
  }

  /// Shows where a text stands in a part, in capitals or not.
  mutating func highlight(_ text: String, in place: Rect) {
    let wanted = Array(CellText(text.lowercased(), glyphs: glyphs).elements.map(\.scalar))
    guard !wanted.isEmpty else { return }
    for row in place.row..<max(place.row, place.endRow) {
      let columns = (place.column..<max(place.column, place.endColumn)).filter {
        self[row, $0].width > 0
      }
      let letters = columns.map { self[row, $0].scalar.properties.lowercaseMapping }
      for start in letters.indices where letters[start...].starts(with: wanted.map(String.init)) {
        let found = Rect(
          row: row, column: columns[start], rows: 1,
          columns: columns[start + wanted.count - 1] - columns[start] + 1)
        restyle(found) { $0.with([.reverse, .bold]) }
      }
    }
  }

  // MARK: Pointing

  /// Says what the mouse points at in a part; what is marked later lies on top.
  mutating func mark(_ place: Rect, as target: Target) {
    guard !place.isEmpty else { return }
    targets.append((place, target))
  }

  /// What lies below the pointer.
  func target(row: Int, column: Int) -> Target? {
    guard let found = targets.last(where: { $0.place.contains(row: row, column: column) }) else {
      return nil
    }
    guard case .cell(let pane, _, _) = found.target else { return found.target }
    return .cell(pane, row: row - found.place.row, column: column - found.place.column)
  }

  /// Says that the mouse points at single cells of a part.
  mutating func markCells(_ place: Rect, of pane: Pane) {
    mark(place, as: .cell(pane, row: 0, column: 0))
  }

  /// Forgets what could be pointed at: what comes on top takes the mouse for itself.
  mutating func coverTargets() { targets = [] }

  // MARK: For tests

  /// The text of all rows, without the spaces at their ends.
  var text: String {
    (0..<size.rows).map { line(row($0)) }.joined(separator: "\n")
  }

  private func line(_ cells: ArraySlice<Cell>) -> String {
    var text = String.UnicodeScalarView()
    for cell in cells where cell.width > 0 {
      text.append(cell.scalar)
      text.append(contentsOf: cell.marks.scalars)
    }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
