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

  /// Ends a session whose client is gone: without it, one that waits for something when its console
  /// is killed, or whose network is cut, would hold the lock for as long. A dead client is found
  /// within a second (PostgreSQL 14 and later), a silent one within a minute (documentation, "TCP
  /// Settings"; a Unix socket has no use for those).
  static let endWithClient = """
    SELECT set_config(s.name, w.value, false) FROM pg_settings AS s
    JOIN (VALUES ('client_connection_check_interval', '1s'), ('tcp_keepalives_idle', '30'),
      ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '3'),
      ('tcp_user_timeout', '60s')) AS w (name, value) ON w.name = s.name
    """

  /// Gives a session of a run its name in the server's list of sessions.
  static func nameStatement(run: String) -> String {
    "SET application_name TO \(sessionName(run).sqlLiteral)"
  }

  /// Ends all sessions of a run, for one that does not answer a cancel. The server rolls their work
  /// back, and the run fails.
  static func terminate(run: Int, on session: any Session) async throws(WarehouseError) {
    try await session.execute(
      Statement(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = $1
        """, .text(sessionName("\(run)"))))
  }

  private static func sessionName(_ run: String) -> String { "sparkify run \(run)" }

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
