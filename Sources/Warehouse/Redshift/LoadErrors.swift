/// The records that a COPY refused, as Redshift's system views tell.
struct LoadErrors: Sendable, Equatable {
  /// One of them.
  struct Entry: Sendable, Equatable {
    var reject: Reject
    /// Redshift's number of the reason.
    var code: Int
    /// The reason alone; the reject's tells the value, too.
    var reason: String
  }

  /// The first of them, by file and line.
  var entries: [Entry] = []
  /// How many there are.
  var total = 0

  /// At most this many are fetched and recorded.
  static let limit = 10_000

  /// Reads the errors of a session's COPYs since a time, by the view that says most.
  ///
  /// `stl_load_errors` has the records themselves, but does not exist on serverless; the view that
  /// both have does not.
  static func read(
    of copy: CopyIdentity, on session: any Session
  ) async throws(WarehouseError) -> LoadErrors {
    do throws(WarehouseError) {
      return try await read(detailed, count: countDetailed, of: copy, on: session)
    } catch  where error.kind == .server {
      return try await read(plain, count: countPlain, of: copy, on: session)
    }
  }

  private static func read(
    _ query: String, count: String, of copy: CopyIdentity, on session: any Session
  ) async throws(WarehouseError) -> LoadErrors {
    let total = try await session.execute(Statement(count, parameters: copy.parameters))
    var errors = LoadErrors()
    errors.total = total.rows.first?.integer(0) ?? 0
    guard errors.total > 0 else { return errors }
    let rows = try await session.execute(Statement(query, parameters: copy.parameters)).rows
    errors.entries = rows.map(entry)
    return errors
  }

  /// The views pad their texts with blanks.
  private static let detailed = """
    SELECT trim(filename), line_number, trim(colname), err_code, trim(err_reason), trim(raw_line),
      trim(raw_field_value)
    FROM stl_load_errors
    WHERE session = $1 AND starttime >= CAST($2 AS TIMESTAMP)
    ORDER BY filename, line_number LIMIT \(limit)
    """
  private static let countDetailed = """
    SELECT count(*) FROM stl_load_errors
    WHERE session = $1 AND starttime >= CAST($2 AS TIMESTAMP)
    """
  private static let plain = """
    SELECT trim(file_name), line_number, trim(column_name), error_code, trim(error_message), '',
      ''
    FROM sys_load_error_detail
    WHERE session_id = $1 AND start_time >= CAST($2 AS TIMESTAMP)
    ORDER BY file_name, line_number LIMIT \(limit)
    """
  private static let countPlain = """
    SELECT count(*) FROM sys_load_error_detail
    WHERE session_id = $1 AND start_time >= CAST($2 AS TIMESTAMP)
    """

  /// What counts them, by either view.
  static let countQueries = [countDetailed, countPlain]

  /// Redshift keeps the first 1,024 bytes of a record.
  private static let keptBytes = 1024

  private static func entry(_ row: [String?]) -> Entry {
    let column = row.text(2).trimmed
    let reason = row.text(4).trimmed
    let text = row.text(5)
    let value = shown(row.text(6).trimmed)
    return Entry(
      reject: Reject(
        file: row.text(0).trimmed, line: row.integer(1) ?? 0, byteOffset: nil,
        column: column.isEmpty ? nil : column, reason: value.map { "\(reason): \($0)" } ?? reason,
        rawText: text, isCut: text.utf8.count >= keptBytes - 1),
      code: row.integer(3) ?? 0, reason: reason)
  }

  /// The value that was refused, in short; nil when Redshift does not tell it.
  private static func shown(_ value: String) -> String? {
    guard !value.isEmpty else { return nil }
    return value.count > 60 ? "\"\(value.prefix(60))…\"" : "\"\(value)\""
  }

  // MARK: For people

  /// The reasons with the columns that they are about and the files that they are in, the most
  /// frequent first, a line each.
  var summary: String {
    var groups: [String: [String: Int]] = [:]
    for entry in entries {
      let column = entry.reject.column.map { " (\($0))" } ?? ""
      groups[entry.reason + column, default: [:]][entry.reject.file, default: 0] += 1
    }
    let lines = groups.map { reason, files in
      (reason: reason, files: files, count: files.values.reduce(0, +))
    }.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
    let rest = lines.count - 5
    var shown = lines.prefix(5).map { line in
      "\(line.count) × \(line.reason) in \(Self.inWords(line.files))"
    }.joined(separator: "\n")
    if rest > 0 { shown += "\nand \(rest) other reasons" }
    if let first = entries.first?.reject {
      shown += "\nthe first: \(first.file), line \(first.line)"
    }
    return shown
  }

  /// "s3://b/a", "3 files, 7 of them in s3://b/a".
  private static func inWords(_ files: [String: Int]) -> String {
    let most = files.max { ($0.value, $1.key) < ($1.value, $0.key) }
    guard let most else { return "no file" }
    return files.count == 1
      ? most.key : "\(files.count) files, \(most.value) of them in \(most.key)"
  }

  /// What would be right for the most frequent reason.
  var hint: String {
    let codes = Dictionary(grouping: entries, by: \.code).mapValues(\.count)
    let code = codes.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    return switch code {
    case 1204:
      "A value has more bytes than its column. Correct the files, or raise MAX_REJECTS to leave "
        + "such records out."
    case 1206: "A time is no number of milliseconds. Correct the files, or raise MAX_REJECTS."
    case 1207: "A value is no number. Correct the files, or raise MAX_REJECTS."
    case 1213: "A value that is needed is missing. Correct the files, or raise MAX_REJECTS."
    default: "Look at the rejects of this run, correct the files, or raise MAX_REJECTS."
    }
  }
}

/// What tells one COPY from others in Redshift's system views: the server process that ran it, and
/// when, as the server's clock shows.
struct CopyIdentity: Sendable, Equatable {
  var processID: Int
  var since: String
  var table: String

  var parameters: [Parameter] { [Parameter(processID), .text(since)] }

  static let query = "SELECT pg_backend_pid(), GETDATE()"

  /// The identity of what `session` runs from now on.
  static func next(
    on session: any Session, into table: String
  ) async throws(WarehouseError) -> CopyIdentity {
    let row = try await session.execute(query).rows.first ?? []
    return CopyIdentity(processID: row.integer(0) ?? 0, since: row.text(1), table: table)
  }
}
