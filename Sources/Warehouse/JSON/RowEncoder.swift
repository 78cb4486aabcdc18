import CSimdJSON

/// Writes records as rows of a staging table, in binary COPY format.
struct RowEncoder: ~Copyable {
  /// What one column takes.
  private struct Column {
    enum Source { case member, sourceFile, sourceLine }
    var source: Source
    /// The place of its member among the members that columns ask for.
    var slot: Int
    var type: StagingType
    var isRequired: Bool
    /// Whether an empty text is as good as none: a key that is empty names nothing.
    var needsText: Bool
  }

  private let table: StagingTable
  private let columns: [Column]
  private var members: MemberTable

  /// The most bytes that one row can take.
  let largestRow: Int

  init(_ table: StagingTable) {
    self.table = table
    var names: [String] = []
    columns = table.columns.map { column in
      var source = Column.Source.member
      var slot = 0
      switch column.value {
      case .member(let name), .epochMilliseconds(let name):
        slot = names.firstIndex(of: name) ?? names.count
        if slot == names.count { names.append(name) }
      case .sourceFile: source = .sourceFile
      case .sourceLine: source = .sourceLine
      }
      return Column(
        source: source, slot: slot, type: column.type, isRequired: column.isRequired,
        needsText: column.isRequired && column.type.textLimit > 0)
    }
    members = MemberTable(names)
    largestRow = table.columns.reduce(2) { $0 + 4 + $1.type.largestValue }
  }

  /// Appends the record that `parser` read last as a row, or says why it cannot be one; then
  /// nothing is appended. The caller made sure that `largestRow` bytes fit.
  mutating func append(
    _ parser: inout JSONParser, file: Int, line: Int, to rows: inout RowBuffer
  ) -> Refusal? {
    members.begin()
    parser.forEachBatch { members.take($0) }
    let start = rows.count
    rows.append(Int16(truncatingIfNeeded: columns.count))
    for (index, column) in columns.enumerated() {
      let before = rows.count
      var problem: ValueProblem? =
        switch column.source {
        case .member: members.write(column.slot, as: column.type, to: &rows)
        case .sourceFile: rows.write(Int64(file), as: column.type)
        case .sourceLine: rows.write(Int64(line), as: column.type)
        }
      // A field is its length and its bytes.
      if column.needsText, problem == nil, rows.count == before + 4 { problem = .empty }
      guard let problem else { continue }
      if problem == .null && !column.isRequired {
        rows.appendNull()
        continue
      }
      rows.cut(to: start)
      return Refusal(problem.reason(for: column.type), column: table.columns[index].name)
    }
    return nil
  }
}

/// Why a value is not in the row.
enum ValueProblem: Equatable {
  /// It is NULL, which is no problem where NULL is allowed.
  case null
  /// It is a text without a character, where a text is required.
  case empty
  case notANumber
  case fraction
  case outOfRange
  case tooLong(Int)
  case holdsNUL
  case brokenString

  /// In words. A value is not quoted: the reject has the whole record.
  func reason(for type: StagingType) -> String {
    switch self {
    case .null: return "required, and it is missing or null"
    case .empty: return "required, and it is empty"
    case .notANumber: return "not a number"
    case .fraction: return "has a fraction, and the column holds whole numbers"
    case .tooLong(let length): return "text of \(length) bytes; the column holds \(type.textLimit)"
    case .holdsNUL: return "text with a NUL character, which no column can hold"
    case .brokenString: return "text with an escape that stands for no character"
    case .outOfRange:
      return switch type {
      case .integer: "out of range: the column holds 32-bit integers"
      case .bigint: "out of range: the column holds 64-bit integers"
      case .timestamp: "out of range: not a time between 1970 and 9999"
      case .double, .varchar: "out of range: the column holds double precision numbers"
      }
    }
  }
}

extension StagingType {
  /// The most bytes that a value takes in a row.
  var largestValue: Int {
    switch self {
    case .integer: 4
    case .bigint, .double, .timestamp: 8
    case .varchar(let limit): max(0, limit)
    }
  }

  /// The most bytes of text; 0 when it holds none.
  var textLimit: Int {
    if case .varchar(let limit) = self { limit } else { 0 }
  }
}
