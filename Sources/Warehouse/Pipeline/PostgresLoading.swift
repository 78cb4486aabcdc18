/// The stages of a run on PostgreSQL: rows come over the connection, keys are real.
struct PostgresLoading: LoadEngine {
  /// How long each step of a cancel is waited for before a stronger one.
  private let patience: Duration

  init(patience: Duration = .seconds(5)) { self.patience = patience }

  let engine = Engine.postgres

  /// Once: under PostgreSQL's usual isolation none is in another's way.
  let transactionAttempts = 1

  /// Sorts and hashes of this size stay in memory for a month of events; at a year's, small hashes
  /// in batches that fit the processor's cache beat large ones.
  let sessionSettings = [
    "SET search_path TO \(StarSchema.build)",
    PostgresRunLock.endWithClient,
    "SET work_mem TO '64MB'",
    "SET maintenance_work_mem TO '64MB'",
  ]

  func nameStatement(run: String) -> String { PostgresRunLock.nameStatement(run: run) }

  var createStatements: [String] { TableDefinition.createBuild }

  func load(_ table: StarTable) -> TableLoad { TableDefinition.load(table) }

  /// None: a table is analysed in the transaction that fills it.
  func careStatements(_ table: StarTable) -> [String] { [] }

  var createRowCounts: [String] { TableDefinition.createRowCounts }

  func steps(_ stage: Stage, _ settings: RunSettings) -> [String] {
    let session = sessionOpening
    switch stage.work {
    case .provision: return opening(settings)
    case .restage: return RestageStage.steps(settings)
    case .create: return createSteps(stage)
    case .stage(let table):
      return StagingLoad.steps(
        stage.id, table, connections: settings.connections, source: settings.source(of: table),
        session: session)
    case .load(let table):
      return load(table).steps(stage.id, session: session)
    case .check: return checkSteps(stage, inspection: inspectionSteps)
    case .publish: return session + Publication.outline
    }
  }

  private var inspectionSteps: [String] {
    let keys = StarSchema.foreignKeys
    return keys.map(KeyChecks.drop) + ["-- at the same time:"] + sessionOpening + StarFacts.steps
      + ["-- on the stage's first session:"]
      + keys.flatMap { ["BEGIN"] + Self.settings(verifying: $0) + [KeyChecks.add($0), "COMMIT"] }
  }

  func opening(_ settings: RunSettings) -> [String] {
    ["-- start the warehouse where it is ours, and connect"] + engine.connectStatements
      + [PostgresRunLock.endWithClient, PostgresRunLock.lockStatement]
      + JournalStatement.opening(on: engine, name: nameStatement(run: "N"))
  }

  var closing: [String] {
    [JournalStatement.commitToDisk, JournalStatement.endRun, PostgresRunLock.releaseStatement]
  }

  func acquireLock(
    on session: any Session, _ open: SessionOpener
  ) async throws(WarehouseError) -> (any RunLockHold)? {
    try await PostgresRunLock.acquire(on: session)
  }

  func isLockHeld(asSeenBy session: any Session) async throws(WarehouseError) -> Bool {
    try await PostgresRunLock.isHeld(asSeenBy: session)
  }

  func terminate(run: Int, on session: any Session) async throws(WarehouseError) {
    try await PostgresRunLock.terminate(run: run, on: session)
  }

  /// A cancel is sent until PostgreSQL follows it; a process that never does is ended, and a network
  /// that carries nothing is found out by the cancel itself (see `Canceller`).
  func watch<Value: Sendable>(
    _ session: any Session, _ open: @escaping SessionOpener,
    _ body: () async throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value {
    try await CancelEscalation.watch(
      session, steps: [.terminate], patience: patience, open, body)
  }

  func stage(
    _ table: StagingTable, _ execution: StageExecution
  ) async throws(WarehouseError) -> StageSummary {
    try await StagingLoad(execution: execution, table: table).perform()
  }

  func inspect(
    _ execution: StageExecution, on session: any Session
  ) async throws(WarehouseError) -> (keys: [CheckResult], facts: StarFacts) {
    for key in StarSchema.foreignKeys { try await session.execute(KeyChecks.drop(key)) }
    // Adding a key lets others read, so that the facts are taken at the same time.
    async let taken = takeFacts(execution)
    var results = KeyChecks.primaryKeys
    for key in StarSchema.foreignKeys { results.append(try await verify(key, on: session)) }
    return (results, try await taken.get())
  }

  /// Takes the facts of the build on a session of its own.
  private func takeFacts(_ execution: StageExecution) async -> Result<StarFacts, WarehouseError> {
    do throws(WarehouseError) {
      return .success(
        try await execution.withSession { session throws(WarehouseError) in
          try await StarFacts.take(from: session)
        })
    } catch { return .failure(error) }
  }

  /// Adds a foreign key, which the server verifies; counts the orphans when it refuses.
  private func verify(
    _ key: ForeignKey, on session: any Session
  ) async throws(WarehouseError) -> CheckResult {
    do throws(WarehouseError) {
      try await session.transaction { () async throws(WarehouseError) in
        for setting in Self.settings(verifying: key) { try await session.execute(setting) }
        try await session.execute(KeyChecks.add(key))
      }
      return KeyChecks.result(key, orphanCount: 0)
    } catch  where error.sqlState == "23503" {
      let count = try await session.execute("SELECT count(*) FROM (\(KeyChecks.orphans(key))) AS o")
      return KeyChecks.result(key, orphanCount: count.rows.first?.integer(0) ?? 1)
    }
  }

  /// How the server best joins the fact with a dimension.
  private static func settings(verifying key: ForeignKey) -> [String] {
    // A hash in batches that fit the processor's cache beats one that fills the memory. Where there
    // are nearly as many keys as plays, both lie in the order of the key, and sorting what is
    // sorted beats either.
    key.dimension == StarTable.time.name
      ? [
        "SET LOCAL enable_hashjoin TO off", "SET LOCAL enable_indexscan TO off",
        "SET LOCAL enable_indexonlyscan TO off",
      ] : ["SET LOCAL maintenance_work_mem TO '8MB'"]
  }

  func publish(
    _ execution: StageExecution, on session: any Session
  ) async throws(WarehouseError) {
    try await Publication(session: session, observe: { line in execution.log(line) })
      .publish(runID: execution.run.journal.runID, at: .now())
  }
}
