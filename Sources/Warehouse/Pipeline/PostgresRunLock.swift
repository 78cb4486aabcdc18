/// The lock that keeps a second run off a warehouse: on PostgreSQL an advisory lock of the session
/// that holds it, so the server gives it back when its holder dies, however it dies.
enum PostgresRunLock {
  /// "SPAR" and "RUN" in ASCII: two-key advisory locks live apart from one-key ones.
  private static let key = "1397768530, 5395790"

  static let lockStatement = "SELECT pg_try_advisory_lock(\(key))"
  static let releaseStatement = "SELECT pg_advisory_unlock(\(key))"

  /// Takes the lock for as long as `session` lives, or until it is released.
  ///
  /// - Returns: nil when another session holds it.
  static func acquire(on session: any Session) async throws(WarehouseError) -> Hold? {
    try await session.execute(endWithClient)
    let isTaken = try await session.execute(lockStatement).scalar
    return isTaken == "t" ? Hold(session: session) : nil
  }

  /// The lock on the session of a run's journal.
  struct Hold: RunLockHold {
    fileprivate let session: any Session

    var heartbeat: Duration? { nil }
    func confirm() async throws(WarehouseError) {}
    func release() async { _ = try? await session.execute(releaseStatement) }
  }

  /// Ends a statement whose client died, also while it waits: without it, a session that waits for
  /// something when its console is killed would hold the lock for as long. PostgreSQL 14 and later
  /// (documentation, "TCP Settings").
  static let endWithClient =
    "SELECT set_config(name, '1s', false) FROM pg_settings "
    + "WHERE name = 'client_connection_check_interval'"

  /// Gives a session of a run its name in the server's list of sessions.
  static func nameStatement(run: String) -> String {
    "SET application_name TO \("\(sessionName) \(run)".sqlLiteral)"
  }

  /// Ends all sessions of the run that goes on, for one that does not answer a cancel. The server
  /// rolls their work back, and the run fails.
  static func terminateHolder(on session: any Session) async throws(WarehouseError) {
    try await session.execute(
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE '\(sessionName) %'
      """)
  }

  private static let sessionName = "sparkify run"

  /// Whether anybody holds it.
  static func isHeld(asSeenBy session: any Session) async throws(WarehouseError) -> Bool {
    try await session.execute("SELECT count(*) > 0 FROM pg_locks WHERE \(condition)").scalar == "t"
  }

  /// What finds the lock in `pg_locks`.
  private static var condition: String {
    let keys = key.split(separator: ", ")
    return """
      locktype = 'advisory' AND classid = \(keys[0]) AND objid = \(keys[1]) AND objsubid = 2
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      """
  }
}
