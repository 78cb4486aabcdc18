import Warehouse

extension Grid {
  /// The rows that leave the grid: the marked ones, or all that are held when none is.
  var outgoing: GridRows { outgoing(marks.isEmpty ? rows : marks.values) }

  /// Rows with the shown columns in their order.
  func outgoing(_ chosen: [[String?]]) -> GridRows { GridRows(columns: displayed, held: chosen) }

  /// The shown columns, the frozen ones first.
  var displayed: [GridColumn] {
    let shown = columns.filter { !$0.isHidden }
    return shown.filter(\.isFrozen) + shown.filter { !$0.isFrozen }
  }

  /// The row under the cursor in a format, with its header; nil where there is no row.
  func rowText(_ format: RowFormat) -> String? {
    currentRow.map { Grid.text(outgoing([$0]), format) }
  }

  /// The values of the column under the cursor, one a line, with NULL as an empty line.
  var columnText: String? {
    guard let currentColumn else { return nil }
    let chosen = marks.isEmpty ? rows : marks.values
    return chosen.map { (value($0, currentColumn) ?? "") + "\n" }.joined()
  }

  /// Rows in a format.
  static func text(_ result: GridRows, _ format: RowFormat) -> String {
    var formatter = RowFormatter(format, columns: result.columns)
    var text = formatter.header()
    for row in result.rows { text += formatter.row(row) }
    return text + formatter.footer()
  }

  /// Every value of the row under the cursor in full, JSON indented; nil where there is no row.
  func detail(title: String, glyphs: GlyphSet) -> TextViewer? {
    guard let currentRow else { return nil }
    let width = columns.map { CellText.width(of: $0.title) }.max() ?? 0
    var lines: [Line] = []
    for column in columns {
      let gap = String(repeating: " ", count: width - CellText.width(of: column.title) + 2)
      let label = Line(column.title + gap, .muted)
      guard let value = value(currentRow, column) else {
        lines.append((label + Line(Grid.null(glyphs) + "  NULL", .muted)).hanging(width + 2))
        continue
      }
      if value.isEmpty {
        lines.append((label + Line("(empty)", .muted)).hanging(width + 2))
        continue
      }
      lines += Grid.detailLines(value, of: column, label: label, indent: width + 2)
    }
    return TextViewer(title: title, lines: lines, copy: rowText(.jsonLines))
  }

  private static func detailLines(
    _ value: String, of column: GridColumn, label: Line, indent: Int
  ) -> [Line] {
    var text = column.kind == .json ? JSONLayout.indented(value) : value
    if column.hasSparklines, let range = Sparkline.range(of: Sparkline.values(value)) {
      text +=
        "\nfrom \(ChartNumber.text(range.lowerBound)) to \(ChartNumber.text(range.upperBound))"
    }
    let parts = TextPane.lines(text)
    return parts.enumerated().map { index, part in
      let head = index == 0 ? label : Line(String(repeating: " ", count: indent))
      return (head + part).hanging(indent)
    }
  }
}
