/// What others do on a cluster now, in whatever program.
public struct OtherWork: Sendable, Equatable {
  /// Whether a run holds the lock of the pipeline.
  public var isRunGoingOn = false
  /// Who works, each session once: its process at the server, and its user.
  public var sessions: [Int: String] = [:]

  /// Nobody works.
  public init() {}

  /// One line: "a run goes on elsewhere"; nil when nobody works.
  public var text: String? {
    if isRunGoingOn { return "a run goes on elsewhere" }
    guard !sessions.isEmpty else { return nil }
    let users = Set(sessions.values).sorted().joined(separator: ", ")
    return sessions.count == 1
      ? "another session works: \(users)" : "\(sessions.count) other sessions work: \(users)"
  }

  /// Looks for it: a transaction that holds locks, which every user sees of every other, and a
  /// statement that runs, of which users see their own, superusers all (developer guide,
  /// "SVV_TRANSACTIONS", "STV_RECENTS").
  ///
  /// - Parameter own: the processes of this program, which count for nothing here.
  /// - Throws: what the session throws.
  public static func read(
    from session: any Session, except own: Set<Int>
  ) async throws(WarehouseError) -> OtherWork {
    var work = OtherWork()
    for query in queries {
      for row in try await session.execute(Statement(query)).rows {
        work.note(row, except: own)
      }
    }
    work.isRunGoingOn = try await RedshiftRunLock.isHeld(asSeenBy: session)
    return work
  }

  /// Notes a session: its process and its user. AWS's own user looks after tables and takes no harm.
  mutating func note(_ row: [String?], except own: Set<Int>) {
    guard let process = row.integer(0), !own.contains(process), row.text(1) != "rdsdb" else {
      return
    }
    sessions[process] = row.text(1)
  }

  /// All that is asked, in order.
  static let queries = [
    "SELECT DISTINCT pid, trim(txn_owner) FROM svv_transactions WHERE pid <> pg_backend_pid()",
    "SELECT pid, trim(user_name) FROM stv_recents "
      + "WHERE status = 'Running' AND pid > 0 AND pid <> pg_backend_pid()",
  ]
}
