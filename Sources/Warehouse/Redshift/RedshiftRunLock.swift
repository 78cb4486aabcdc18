/// The lock that keeps a second run off a warehouse: on Redshift, which has no advisory locks, the
/// lock of a table that nobody reads, held by a transaction that stays open on a session of its
/// own. The server gives it back when that session ends, however it ends.
enum RedshiftRunLock {
  static let table = TableName(StarSchema.operations, "run_lock")

  static let createStatements = [
    "CREATE SCHEMA IF NOT EXISTS \(Identifier(StarSchema.operations).sql)",
    "CREATE TABLE IF NOT EXISTS \(table.sql) (holder VARCHAR(64)) DISTSTYLE ALL",
  ]

  static let lockStatement = "LOCK \(table.sql)"

  /// How long another holder is waited for: a look before finds nearly all of them.
  static let waitStatement = "SET statement_timeout TO 3000"

  /// Takes the lock for as long as its session lives, or until it is released.
  ///
  /// - Returns: nil when another session holds it.
  static func acquire(
    on session: any Session, _ open: SessionOpener
  ) async throws(WarehouseError) -> Hold? {
    if try await !session.hasTable(table) {
      for statement in createStatements {
        try await session.executeUntilClear(Statement(statement))
      }
    }
    if try await isHeld(asSeenBy: session) { return nil }
    let holder = try await open { _ in }
    do throws(WarehouseError) {
      try await holder.execute(waitStatement)
      // Nothing is read before the lock, and nothing after it: the transaction sees no snapshot that
      // would keep rows of others from being vacuumed.
      try await holder.execute("BEGIN")
      try await holder.execute(lockStatement)
      return Hold(session: holder)
    } catch {
      await holder.close()
      if error.isTimeout, !Task.isCancelled { return nil }
      throw error
    }
  }

  /// The lock and the session that holds it.
  struct Hold: RunLockHold {
    fileprivate let session: any Session

    /// Redshift ends transactions that were idle for six hours and sessions that were for four, and
    /// the network may forget a connection much earlier (management guide, "Quotas and limits").
    var heartbeat: Duration? { .seconds(60) }

    /// Asks for the same lock again, which is granted at once.
    func confirm() async throws(WarehouseError) {
      do throws(WarehouseError) {
        try await session.execute(RedshiftRunLock.lockStatement)
      } catch  where error.kind != .cancelled {
        throw WarehouseError(
          .locked, "could not keep the lock of this run",
          detail: [error.message, error.detail].compactMap { $0 }.joined(separator: ": "),
          hint: "Another run may begin now. Run again from the stage that was not finished.",
          sqlState: error.sqlState)
      }
    }

    func release() async {
      _ = try? await session.execute("ROLLBACK")
      await session.close()
    }
  }

  /// The processes that hold the lock. Every user sees every row of the view.
  private static let holders = """
    SELECT pid FROM svv_transactions
    WHERE lockable_object_type = 'relation' AND relation = $1 AND granted
      AND lock_mode = 'AccessExclusiveLock'
    """

  /// What looks whether anybody holds it.
  static var lookStatements: [String] { [tableID, holders] }

  private static let tableID = """
    SELECT c.oid FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relname = $2
    """

  private static func holders(
    asSeenBy session: any Session
  ) async throws(WarehouseError) -> [Int] {
    let names = [Parameter.text(table.schema.name), .text(table.table.name)]
    let id = try await session.execute(Statement(tableID, parameters: names)).scalar
    guard let id = id.flatMap({ Int($0) }) else { return [] }
    let rows = try await session.execute(Statement(holders, Parameter(id))).rows
    return rows.compactMap { $0.integer(0) }
  }

  /// Whether anybody holds it.
  static func isHeld(asSeenBy session: any Session) async throws(WarehouseError) -> Bool {
    try await !holders(asSeenBy: session).isEmpty
  }

  /// Ends the session that holds it. The run that it belongs to finds that out and ends.
  static func terminateHolder(on session: any Session) async throws(WarehouseError) {
    for process in try await holders(asSeenBy: session) {
      try await session.execute(Statement("SELECT pg_terminate_backend($1)", Parameter(process)))
    }
  }
}

extension WarehouseError {
  /// Whether the server stopped a statement because it took too long. Redshift says the same of a
  /// timeout and of a cancel.
  var isTimeout: Bool { sqlState == SQLState.queryCanceled }
}
