/// The text forms in which rows leave the program. All are streamed: a row at a time.
public enum RowFormat: String, Sendable, CaseIterable {
  /// RFC 4180 with a header; NULL is an empty field, the empty string is `""`.
  case csv
  /// An array of objects, one a line; of columns with one name the second is `name_2`.
  case json
  /// An object a line, no array around them.
  case jsonLines = "jsonl"
  /// A table for Markdown; NULL is an empty cell.
  case markdown
}

/// Writes rows in a format, in constant memory.
public struct RowFormatter: Sendable {
  private let format: RowFormat
  private let columns: [ResultColumn]
  /// The members of an object, each once.
  private let members: [String]
  private var rowCount = 0

  /// A writer of rows with these columns.
  public init(_ format: RowFormat, columns: [ResultColumn]) {
    self.format = format
    self.columns = columns
    members = Self.members(columns)
  }

  /// The names of the columns, a repeated one with a number: of two members with one name readers of
  /// JSON keep one (RFC 8259, section 4). No name that a column has by itself is taken.
  private static func members(_ columns: [ResultColumn]) -> [String] {
    let own = Set(columns.map(\.name))
    var taken: Set<String> = []
    return columns.map { column in
      var name = column.name
      var number = 1
      while taken.contains(name) || (number > 1 && own.contains(name)) {
        number += 1
        name = "\(column.name)_\(number)"
      }
      taken.insert(name)
      return name
    }
  }

  /// What stands before the rows.
  public func header() -> String {
    switch format {
    case .csv: columns.map { Self.csvField($0.name) }.joined(separator: ",") + "\r\n"
    case .json: "["
    case .jsonLines: ""
    case .markdown:
      markdownLine(columns.map(\.name)) + "|"
        + columns.map { $0.kind.isNumeric ? " ---: |" : " --- |" }.joined() + "\n"
    }
  }

  /// One row.
  public mutating func row(_ values: [String?]) -> String {
    defer { rowCount += 1 }
    switch format {
    case .csv: return values.map(Self.csvField).joined(separator: ",") + "\r\n"
    case .json: return (rowCount == 0 ? "\n" : ",\n") + object(values)
    case .jsonLines: return object(values) + "\n"
    case .markdown: return markdownLine(values)
    }
  }

  /// What stands behind the rows.
  public func footer() -> String {
    switch format {
    case .csv, .jsonLines, .markdown: ""
    case .json: rowCount == 0 ? "]\n" : "\n]\n"
    }
  }

  private static func csvField(_ value: String?) -> String {
    guard let value else { return "" }
    let needsQuotes =
      value.isEmpty
      || value.utf8.contains { byte in
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n")
          || byte == UInt8(ascii: "\r")
      }
    guard needsQuotes else { return value }
    return "\"" + value.doubling("\"") + "\""
  }

  private func object(_ values: [String?]) -> String {
    var json = JSONText()
    json.object(
      zip(members, zip(columns, values)).map { name, cell in (name, cell.0.kind.json(cell.1)) })
    return json.text
  }

  private func markdownLine(_ values: [String?]) -> String {
    "|" + values.map { " " + Self.markdownCell($0 ?? "") + " |" }.joined() + "\n"
  }

  private static func markdownCell(_ value: String) -> String {
    var cell = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "|": cell += "\\|"
      case "\\": cell += "\\\\"
      case "\r": continue
      case "\n": cell += "<br>"
      case "<": cell += "&lt;"
      default: cell.unicodeScalars.append(scalar)
      }
    }
    return cell
  }
}

extension ColumnKind {
  /// The value as JSON: numbers as numbers where JSON has them.
  fileprivate func json(_ value: String?) -> JSONValue {
    guard let value else { return .null }
    switch self {
    case .integer: return .literal(value)
    case .number: return Double(value)?.isFinite == true ? .literal(value) : .string(value)
    case .boolean: return .boolean(value == "t")
    // PostgreSQL keeps the line breaks of a `json` as it was written; here each row has one line.
    // In its strings there are none of these, so that the value stays what it was.
    case .json:
      let isBreak: (UInt8) -> Bool = { $0 == 0x0A || $0 == 0x0D }
      return .literal(String(decoding: value.utf8.map { isBreak($0) ? 0x20 : $0 }, as: UTF8.self))
    case .text, .timestamp, .date, .other: return .string(value)
    }
  }
}
