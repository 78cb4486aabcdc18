/// What a COPY came to.
struct CopyOutcome: Sendable, Equatable {
  var rows = 0
  var rejects = 0

  /// How many rows the session's last COPY stored.
  static let countQuery = "SELECT pg_last_copy_count()"
}

/// Runs one COPY to its end: tells how far it is, finds it again when the connection breaks, and
/// records what it refused.
struct RedshiftCopy: Sendable {
  let plan: CopyPlan
  let execution: StageExecution
  let totalBytes: Int
  let totalFiles: Int

  /// A role that was just made is not known everywhere for some seconds: a minute is waited.
  private static let roleAttempts = 12
  /// How often a COPY is begun again that left nothing behind.
  private static let attempts = 3

  private var table: String {
    plan.isRaw ? plan.table.name + "_raw" : plan.table.name
  }

  /// Runs it, and again where that may help and nothing was stored.
  func perform() async throws(WarehouseError) -> CopyOutcome {
    let start = ContinuousClock.now
    var attempt = 1
    while true {
      do throws(WarehouseError) {
        let (identity, result) = try await execution.withSession {
          session throws(WarehouseError) in
          let identity = try await CopyIdentity.next(on: session, into: table)
          return (identity, await run(identity, on: session, since: start))
        }
        return try await settle(result, identity, since: start)
      } catch {
        guard !Task.isCancelled, let delay = Self.delay(after: error, attempt) else { throw error }
        execution.log("\(error.message); beginning the COPY again (attempt \(attempt + 1))")
        try await pause(delay)
        attempt += 1
      }
    }
  }

  /// How long to wait before a COPY that left nothing is begun again; nil when that is of no use.
  static func delay(after error: WarehouseError, _ attempt: Int) -> Duration? {
    if error.isRoleNotReady { return attempt < roleAttempts ? .seconds(5) : nil }
    let isWorthIt = error.isSerializationFailure || error.kind == .connection
    return isWorthIt && attempt < attempts ? .milliseconds(500 * attempt) : nil
  }

  /// Runs the statement while another session watches it.
  private func run(
    _ identity: CopyIdentity, on session: any Session, since start: ContinuousClock.Instant
  ) async -> Result<CopyOutcome, WarehouseError> {
    let watcher = Task { await watch(identity, since: start) }
    let result: Result<CopyOutcome, WarehouseError>
    do throws(WarehouseError) {
      let answer = try await session.execute(plan.statement)
      let counts = try await session.execute(CopyOutcome.countQuery).rows.first
      let told = CopyNotice.counts(answer.notices)
      result = .success(
        CopyOutcome(rows: counts?.integer(0) ?? told.rows ?? 0, rejects: told.rejects ?? 0))
    } catch { result = .failure(error) }
    watcher.cancel()
    await watcher.value
    return result
  }

  /// Makes an outcome or an error of what came back, and records rejects.
  private func settle(
    _ result: Result<CopyOutcome, WarehouseError>, _ identity: CopyIdentity,
    since start: ContinuousClock.Instant
  ) async throws(WarehouseError) -> CopyOutcome {
    switch result {
    case .success(let outcome):
      return try await accept(outcome, identity, since: start)
    case .failure(let error) where error.kind == .connection && !Task.isCancelled:
      execution.log("\(error.message) while COPY ran: asking what became of it")
      let rows = try await fate(of: identity, since: start)
      guard rows == 0 else {
        execution.log("the COPY had finished: \(rows) rows")
        return try await accept(CopyOutcome(rows: rows), identity, since: start)
      }
      throw try await explained(error, identity)
    case .failure(let error) where error.kind == .server:
      throw try await explained(error, identity)
    case .failure(let error):
      // The session was ended because nothing else stopped it.
      throw error.kind == .connection ? .cancelled : error
    }
  }

  private func accept(
    _ outcome: CopyOutcome, _ identity: CopyIdentity, since start: ContinuousClock.Instant
  ) async throws(WarehouseError) -> CopyOutcome {
    var outcome = outcome
    let errors = try await execution.withSession { session throws(WarehouseError) in
      try await LoadErrors.read(of: identity, on: session)
    }
    outcome.rejects = max(outcome.rejects, errors.total)
    await record(errors)
    tell(
      CopyState(
        phase: .completed, rows: outcome.rows, bytes: totalBytes, files: totalFiles),
      rejects: outcome.rejects, since: start)
    return outcome
  }

  // MARK: A lost connection

  /// Asks on new connections until the COPY is over.
  ///
  /// - Returns: how many rows it stored: all of them or none.
  private func fate(
    of identity: CopyIdentity, since start: ContinuousClock.Instant
  ) async throws(WarehouseError) -> Int {
    var refusals = 0
    while true {
      do throws(WarehouseError) {
        return try await execution.withSession { session throws(WarehouseError) in
          try await follow(identity, on: session, since: start)
          return try await settledRows(on: session)
        }
      } catch  where error.isTransient && refusals < 8 && !Task.isCancelled {
        refusals += 1
        try await pause(.milliseconds(min(15_000, 250 << refusals)))
      }
    }
  }

  /// Follows the COPY until the system views do not say that it runs.
  private func follow(
    _ identity: CopyIdentity, on session: any Session, since start: ContinuousClock.Instant
  ) async throws(WarehouseError) {
    while true {
      let state = try await CopyState.read(of: identity, on: session)
      guard state.phase == .running else { return }
      tell(state, rejects: 0, since: start)
      try await pause(.seconds(1))
    }
  }

  /// The rows of the table when nothing writes to it any more. The views may be behind; the lock
  /// waits for a COPY that they do not show.
  private func settledRows(on session: any Session) async throws(WarehouseError) -> Int {
    try await session.transaction { () async throws(WarehouseError) in
      let name = TableName(StarSchema.build, table).sql
      try await session.execute("LOCK \(name)")
      return try await session.execute("SELECT count(*) FROM \(name)").rows.first?.integer(0) ?? 0
    }
  }

  // MARK: Progress

  /// Tells how far the COPY is, until it is cancelled. What goes wrong here costs the display alone.
  private func watch(_ identity: CopyIdentity, since start: ContinuousClock.Instant) async {
    tell(CopyState(phase: .running), rejects: 0, since: start)
    guard (try? await pause(.milliseconds(500))) != nil,
      let session = try? await execution.openSession()
    else { return }
    while !Task.isCancelled {
      guard let state = try? await CopyState.read(of: identity, on: session) else { break }
      if state.phase == .running { tell(state, rejects: 0, since: start) }
      guard (try? await pause(.milliseconds(500))) != nil else { break }
    }
    await session.close()
  }

  private func tell(_ state: CopyState, rejects: Int, since start: ContinuousClock.Instant) {
    var progress = Progress()
    progress.rows = state.rows
    progress.bytes = min(state.bytes, totalBytes)
    progress.totalBytes = totalBytes
    progress.files = min(state.files, totalFiles)
    progress.totalFiles = totalFiles
    progress.rejects = rejects
    progress.elapsed = ContinuousClock.now - start
    execution.run.observe(.stageProgressed(execution.stage.id, progress))
  }

  // MARK: Rejects

  /// At most this many are told one by one.
  private static let told = 20

  private func record(_ errors: LoadErrors) async {
    guard !errors.entries.isEmpty else { return }
    let rejects = errors.entries.map(\.reject)
    for reject in rejects.prefix(Self.told) {
      execution.run.observe(.rejected(execution.stage.id, reject))
    }
    if errors.total > rejects.count {
      execution.log("\(errors.total) records were refused; the first \(rejects.count) are recorded")
    }
    await Task {
      do throws(WarehouseError) {
        try await execution.run.journal.rejected(rejects, in: execution.stage.id)
      } catch {
        execution.log("could not record \(rejects.count) rejects: \(error.message)")
      }
    }.value
  }

  /// The error of a COPY with what the system views say about it.
  private func explained(
    _ error: WarehouseError, _ identity: CopyIdentity
  ) async throws(WarehouseError) -> WarehouseError {
    if error.isRoleNotReady || error.isSerializationFailure { return error }
    let isLost = error.kind == .connection
    let errors = try await execution.withSession { session throws(WarehouseError) in
      try await LoadErrors.read(of: identity, on: session)
    }
    guard errors.total > 0 else {
      if isLost { return error }
      return WarehouseError(
        .server, "could not load \(plan.table.name)",
        detail: [error.message, error.detail].compactMap { $0 }.joined(separator: "\n"),
        hint: error.copyHint ?? error.hint, sqlState: error.sqlState)
    }
    await record(errors)
    return WarehouseError(
      .input, "could not load \(plan.table.name): COPY refused records",
      detail: errors.summary, hint: errors.hint, sqlState: error.sqlState)
  }
}

/// The counts that Redshift tells beside the answer to a COPY.
enum CopyNotice {
  static func counts(_ notices: [ServerNotice]) -> (rows: Int?, rejects: Int?) {
    var (rows, rejects): (Int?, Int?) = (nil, nil)
    for notice in notices {
      if let found = notice.message.firstMatch(of: /([0-9]+) record\(s\) loaded successfully/) {
        rows = Int(found.1)
      }
      if let found = notice.message.firstMatch(of: /([0-9]+) record\(s\) could not be loaded/) {
        rejects = Int(found.1)
      }
    }
    return (rows, rejects)
  }
}

extension WarehouseError {
  /// Whether the cluster may not use its role, or not yet.
  var isRoleNotReady: Bool {
    let words = (message + " " + (detail ?? "")).lowercased()
    return kind == .server && words.contains("not authorized to assume")
  }

  /// What helps against what S3 and IAM say through COPY.
  var copyHint: String? {
    let words = (message + " " + (detail ?? "")).lowercased()
    if words.contains("not authorized to assume") {
      return "Attach the role of IAM_ROLE.ARN to the cluster, and let redshift.amazonaws.com "
        + "assume it."
    }
    if words.contains("access denied") || words.contains("accessdenied") {
      return "Let the cluster's role read the objects (s3:GetObject) and list the bucket "
        + "(s3:ListBucket)."
    }
    if words.contains("region") || words.contains("must be addressed using the specified") {
      return "Set AWS.REGION to the region of the bucket."
    }
    if words.contains("mandatory") || words.contains("does not exist") {
      return "The source changed while it was loaded: run the stage again."
    }
    return nil
  }
}
