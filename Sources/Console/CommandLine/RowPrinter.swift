import Synchronization
import Warehouse

/// How rows are written.
enum OutputFormat: Sendable, Equatable {
  /// Aligned columns for people.
  case table
  /// A form for programs.
  case rows(RowFormat)

  /// What `--format` or `--json` says; a table on a terminal and CSV elsewhere when neither does.
  ///
  /// - Throws: `.usage` for a format that there is not, and for two at once.
  init(_ invocation: Invocation) throws(WarehouseError) {
    guard let text = try Self.name(invocation) else {
      self = invocation.output.isTerminal ? .table : .rows(.csv)
      return
    }
    if text == "table" {
      self = .table
    } else if let format = RowFormat(rawValue: text) {
      self = .rows(format)
    } else {
      throw WarehouseError(
        .usage, "there is no format \"\(text)\"",
        hint: "The formats are table, csv, json, jsonl and markdown; `query` also draws a chart.")
    }
  }

  /// What `--format` or `--json` says; nil when neither does.
  ///
  /// - Throws: `.usage` when both do, and differ.
  static func name(_ invocation: Invocation) throws(WarehouseError) -> String? {
    let format = invocation.arguments.value("--format")
    guard invocation.isJSON else { return format }
    guard let format, format != "json" else { return "json" }
    throw WarehouseError(
      .usage, "--json and --format \(format) do not go together", hint: "Give one of the two.")
  }
}

/// Runs a statement and writes its rows as they come, in constant memory.
struct RowPrinter: Sendable {
  let format: OutputFormat
  let output: Output
  /// So many rows come at a time; the first of them give a table its widths.
  static let batch = 1000

  /// Writes the rows of `statement`. Stops the server when the reader goes away.
  func print(_ statement: Statement, on session: some Session) async throws(WarehouseError) {
    let printing = Mutex<Printing?>(nil)
    try await session.stream(statement, batch: Self.batch) { result in
      printing.withLock { printing in
        if printing == nil { printing = Printing(format, result, output) }
        printing?.write(result)
      }
      return output.isBroken ? .stop : .proceed
    }
    printing.withLock { $0?.finish() }
    if output.isBroken { throw .cancelled }
  }

  /// Writes rows that are at hand.
  func print(_ result: ResultSet) {
    var printing = Printing(format, result, output)
    printing.write(result)
    printing.finish()
  }
}

/// What was begun to be written.
private struct Printing {
  private var formatter: RowFormatter?
  private var table: TableText?
  private let output: Output

  init(_ format: OutputFormat, _ first: ResultSet, _ output: Output) {
    self.output = output
    switch format {
    case .rows(let format):
      let formatter = RowFormatter(format, columns: first.columns)
      output.write(formatter.header())
      self.formatter = formatter
    case .table:
      let table = TableText(first, glyphs: output.glyphs)
      output.write(table.header())
      self.table = table
    }
  }

  mutating func write(_ result: ResultSet) {
    for row in result.rows {
      if let table { output.write(table.row(row)) }
      if let text = formatter?.row(row) { output.write(clean(text)) }
    }
  }

  mutating func finish() {
    if let formatter { output.write(formatter.footer()) }
    output.flush()
  }

  /// A terminal gets no control characters but the line breaks of the format itself.
  private func clean(_ text: String) -> String {
    guard output.isTerminal else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { Output.clean(String($0)) }.joined(separator: "\n")
  }
}

/// Rows as aligned columns. Widths come from the first rows; a value that is wider than its column
/// is written whole and shifts the rest of its line, as nothing may be lost.
private struct TableText {
  private static let widest = 60
  /// The columns of texts, where more rows come than those that widths are taken from.
  private static let leastText = 24
  private let widths: [Int]
  private let isNumeric: [Bool]
  private let names: [String]
  private let glyphs: GlyphSet
  private let null: String

  init(_ result: ResultSet, glyphs: GlyphSet) {
    self.glyphs = glyphs
    let null = Grid.null(glyphs)
    self.null = null
    names = result.columns.map(\.name)
    let isNumeric = result.columns.map(\.kind.isNumeric)
    self.isNumeric = isNumeric
    widths = result.columns.indices.map { column in
      let values = result.rows.map { $0[column] ?? null } + [result.columns[column].name]
      let widest = min(TableText.widest, values.map { CellText.width(of: $0) }.max() ?? 1)
      let mayGrow = result.rows.count >= RowPrinter.batch && !isNumeric[column]
      return mayGrow ? max(TableText.leastText, widest) : widest
    }
  }

  func header() -> String {
    line(names) + line(widths.map { String(repeating: "─", count: $0) })
  }

  func row(_ values: [String?]) -> String { line(values.map { $0 ?? null }) }

  private func line(_ values: [String]) -> String {
    let cells = zip(values, widths).enumerated().map { column, cell in
      let (value, width) = cell
      let text = CellText(value, limit: .max, glyphs: glyphs)
      let blanks = String(repeating: " ", count: max(0, width - text.width))
      return isNumeric[column] ? blanks + text.plainText : text.plainText + blanks
    }
    var line = cells.joined(separator: "  ")
    while line.last == " " { line.removeLast() }
    return line + "\n"
  }
}
