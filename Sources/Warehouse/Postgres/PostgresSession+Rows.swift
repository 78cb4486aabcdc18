import CLibPQ

extension PostgresSession {
  /// Runs one statement and keeps at most `limit` rows; nil keeps all.
  ///
  /// Rows come one by one, so no more than one beyond `limit` is ever held. When there are more, a
  /// plain query is stopped on the server, inside a transaction back to a savepoint set before it
  /// so that the transaction lives on. A statement that may write, and any in a transaction on
  /// Redshift (which has no savepoints), runs to its end and its further rows are thrown away.
  ///
  /// `COPY` to or from the client is refused; see `copy(_:from:)`.
  public func execute(
    _ statement: Statement, limit: Int?
  ) async throws(WarehouseError) -> ResultSet {
    try await run(statement.sql, statement.parameters, rows: { $0.affectedRows ?? $0.rows.count }) {
      ticket throws(WarehouseError) in
      var kept = ResultSet()
      _ = connection.takeNotices()
      let end = try fetch(statement, ticket, mayStop: limit != nil) {
        kept.columns = $0
      } row: {
        if let limit, kept.rows.count >= max(0, limit) {
          kept.isTruncated = true
          return .stop
        }
        kept.rows.append($0)
        return .proceed
      }
      kept.columns = end.columns
      kept.affectedRows = kept.isTruncated ? nil : end.affectedRows
      kept.notices = connection.takeNotices()
      return kept
    }
  }

  /// Runs one statement and hands its rows on, at most `batch` rows at a time, in constant memory.
  ///
  /// `receive` runs on the session's own thread, at least once. What `.stop` does is what more rows
  /// than the limit do in `execute(_:limit:)`; in a read-only transaction on Redshift it stops the
  /// statement, and the transaction can only be rolled back then.
  public func stream(
    _ statement: Statement, batch: Int, _ receive: @Sendable (ResultSet) -> StreamStep
  ) async throws(WarehouseError) {
    _ = try await run(statement.sql, statement.parameters, rows: { $0 }) {
      ticket throws(WarehouseError) -> Int in
      var batchRows = ResultSet()
      var count = 0
      var isOver = false
      let end = try fetch(statement, ticket, mayStop: true, mayFailTransaction: true) {
        batchRows.columns = $0
      } row: {
        batchRows.rows.append($0)
        count += 1
        guard batchRows.rows.count >= max(1, batch) else { return .proceed }
        let step = receive(batchRows)
        batchRows.rows.removeAll(keepingCapacity: true)
        if step == .stop { isOver = true }
        return step
      }
      if !isOver && (count == 0 || !batchRows.rows.isEmpty) {
        batchRows.columns = end.columns
        batchRows.affectedRows = end.affectedRows
        _ = receive(batchRows)
      }
      return count
    }
  }

  /// Sends a statement and hands on its columns, then row after row until `row` says stop.
  ///
  /// Whatever happens, nothing of the statement is left on the connection afterwards.
  private func fetch(
    _ statement: Statement, _ ticket: Canceller.Ticket, mayStop: Bool,
    mayFailTransaction: Bool = false,
    columns receiveColumns: ([ResultColumn]) -> Void, row: ([String?]) -> StreamStep
  ) throws(WarehouseError) -> RowsEnd {
    let brake = mayStop ? brake(for: statement, mayFailTransaction) : .none
    if brake == .savepoint { try connection.run(script: "SAVEPOINT sparkify_limit") }
    guard connection.send(statement, to: engine) else { throw sendFailure() }

    var end = RowsEnd()
    var failure: WarehouseError?
    while let result = connection.nextResult() {
      switch result.status {
      case PGRES_SINGLE_TUPLE:
        if end.columns.isEmpty {
          end.columns = result.columns
          receiveColumns(end.columns)
        }
        guard !end.isStopped, row(result.values(row: 0)) == .stop else { continue }
        end.isStopped = true
        if brake != .none { canceller.stop(ticket) }
      case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
        if end.columns.isEmpty { end.columns = result.columns }
        end.affectedRows = result.affectedRows
      case PGRES_EMPTY_QUERY: break
      case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
        failure = leaveCopy(result.status, ticket)
      default:
        failure = failure ?? result.error
      }
    }
    let isOurStop = end.isStopped && !canceller.isCancelled(ticket)
    // From here on no request can hit what follows.
    canceller.end(ticket)
    guard connection.isOpen else { throw connection.lost(failure) }
    if let failure, !(isOurStop && failure.kind == .cancelled) { throw failure }
    if brake == .savepoint {
      let back = end.isStopped ? "ROLLBACK TO SAVEPOINT sparkify_limit; " : ""
      try connection.run(script: back + "RELEASE SAVEPOINT sparkify_limit")
    }
    return end
  }

  /// Says whether the transaction that is open changes nothing and will be rolled back.
  func setReadOnly(_ isReadOnly: Bool) { self.isReadOnly = isReadOnly }

  /// How a statement whose further rows nobody wants is ended.
  private enum Brake {
    /// Not at all: the rows are fetched and thrown away.
    case none
    /// By cancelling it.
    case cancel
    /// By cancelling it, and going back to before it.
    case savepoint
  }

  private func brake(for statement: Statement, _ mayFailTransaction: Bool) -> Brake {
    guard statement.isPlainRead else { return .none }
    switch connection.transactionStatus {
    case .idle: return .cancel
    case .inTransaction:
      if engine == .postgres { return .savepoint }
      // Nothing is lost with a transaction that only read.
      return mayFailTransaction && isReadOnly ? .cancel : .none
    case .active, .failed, .unknown: return .none
    }
  }

  /// What came of a statement's rows.
  private struct RowsEnd {
    var columns: [ResultColumn] = []
    var affectedRows: Int?
    var isStopped = false
  }

  /// Gets out of a COPY that nobody here takes part in.
  func leaveCopy(_ status: ExecStatusType, _ ticket: Canceller.Ticket) -> WarehouseError {
    if status == PGRES_COPY_OUT {
      canceller.stop(ticket)
      var line: UnsafeMutablePointer<CChar>?
      while PQgetCopyData(connection.raw, &line, 0) > 0 { PQfreemem(line) }
    } else {
      PQputCopyEnd(connection.raw, "not supported here")
    }
    return WarehouseError(
      .server, "could not copy to or from the client in this way",
      hint: "Use the program's own load and export, or COPY with a file of the server.")
  }

  /// The error of a statement that did not go out.
  func sendFailure() -> WarehouseError {
    guard connection.isOpen else { return connection.lost() }
    return WarehouseError(.server, "could not send the statement", detail: connection.errorMessage)
  }
}
