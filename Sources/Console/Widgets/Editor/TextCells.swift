/// How the characters of a line lie in cells.
enum TextCells {
  static let tabWidth = 4

  /// The cells of a character that begins at a cell.
  static func width(of character: Character, at cell: Int) -> Int {
    if character == "\t" { return tabWidth - cell % tabWidth }
    if let ascii = character.asciiValue, ascii >= 32, ascii < 127 { return 1 }
    return CellText.width(of: String(character))
  }

  /// The cell at which the character at a byte begins.
  static func cell(of column: Int, in line: String) -> Int {
    line.head(column).reduce(0) { $0 + width(of: $1, at: $0) }
  }

  /// The byte at which the character over a cell begins.
  static func column(of cell: Int, in line: String) -> Int {
    var place = 0
    var column = 0
    for character in line {
      let width = width(of: character, at: place)
      if place + width > cell { break }
      place += width
      column += character.utf8.count
    }
    return column
  }
}
