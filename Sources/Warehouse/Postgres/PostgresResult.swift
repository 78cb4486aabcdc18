import CLibPQ

/// Owns one libpq result and turns it into values.
struct PostgresResult: ~Copyable {
  private let raw: OpaquePointer

  init(_ raw: OpaquePointer) { self.raw = raw }

  deinit { PQclear(raw) }

  var status: ExecStatusType { PQresultStatus(raw) }

  var rowCount: Int { Int(PQntuples(raw)) }

  /// Rows that the statement returned or changed, as the server counted; nil when it does not.
  var affectedRows: Int? {
    guard let text = PQcmdTuples(raw) else { return nil }
    return Int(String(cString: text))
  }

  var columns: [ResultColumn] {
    (0..<PQnfields(raw)).map { column in
      let typeID = PQftype(raw, column)
      return ResultColumn(
        name: PQfname(raw, column).map { String(cString: $0) } ?? "",
        kind: ColumnKind(typeID: typeID), typeID: typeID)
    }
  }

  /// The values of one row in text form. A row that is not there gives no values.
  func values(row: Int) -> [String?] {
    let row = Int32(clamping: row)
    guard row >= 0, row < PQntuples(raw) else { return [] }
    let count = PQnfields(raw)
    return [String?](unsafeUninitializedCapacity: Int(count)) { buffer, initialized in
      for column in 0..<count {
        buffer.initializeElement(at: Int(column), to: value(row, column))
        initialized += 1
      }
    }
  }

  private func value(_ row: Int32, _ column: Int32) -> String? {
    guard PQgetisnull(raw, row, column) == 0, let text = PQgetvalue(raw, row, column) else {
      return nil
    }
    let bytes = UnsafeRawBufferPointer(start: text, count: Int(PQgetlength(raw, row, column)))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What the server said against the statement, in its own words.
  ///
  /// SQLSTATE 57014 is also what a statement timeout gives; that one is nobody's wish.
  var error: WarehouseError {
    let sqlState = field(CPQ_DIAG_SQLSTATE)
    let message = field(CPQ_DIAG_MESSAGE_PRIMARY) ?? text
    let details = [field(CPQ_DIAG_MESSAGE_DETAIL), field(CPQ_DIAG_CONTEXT)].compactMap { $0 }
    let isCancelled = sqlState == SQLState.queryCanceled && !message.contains("timeout")
    return WarehouseError(
      isCancelled ? .cancelled : .server, message,
      detail: details.isEmpty ? nil : details.joined(separator: "\n"),
      hint: field(CPQ_DIAG_MESSAGE_HINT) ?? ownHint(sqlState, message), sqlState: sqlState,
      position: field(CPQ_DIAG_STATEMENT_POSITION).flatMap { Int($0) })
  }

  private func ownHint(_ sqlState: String?, _ message: String) -> String? {
    sqlState == "42601" && message.hasPrefix("cannot insert multiple commands")
      ? "Run the statements one at a time." : nil
  }

  private var text: String {
    PQresultErrorMessage(raw).map { String(cString: $0).trimmed } ?? "the server gave no reason"
  }

  private func field(_ code: Int32) -> String? {
    PQresultErrorField(raw, code).map { String(cString: $0) }
  }
}

/// The few SQLSTATEs that decide something here; PostgreSQL documentation, appendix A.
enum SQLState {
  static let queryCanceled = "57014"
}

extension String {
  /// Without white space at either end.
  var trimmed: String {
    let isBlank: (Character) -> Bool = { $0.isWhitespace }
    guard let first = firstIndex(where: { !isBlank($0) }),
      let last = lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(self[first...last])
  }
}
