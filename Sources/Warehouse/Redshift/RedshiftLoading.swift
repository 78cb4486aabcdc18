/// The stages of a run on Amazon Redshift: the cluster reads S3 itself, keys are counted.
struct RedshiftLoading: LoadEngine {
  /// How tables lie.
  let tables: RedshiftTables
  /// How long each step of a cancel is waited for before a stronger one.
  private let patience: Duration

  init(_ design: RedshiftSettings, patience: Duration = .seconds(5)) {
    tables = RedshiftTables(design: design)
    self.patience = patience
  }

  let engine = Engine.redshift

  let transactionAttempts = 5

  let sessionSettings = ["SET search_path TO \(StarSchema.build)"]

  /// Shown as the label of every statement in Redshift's own history.
  func nameStatement(run: String) -> String {
    "SET query_group TO \("sparkify run \(run)".redshiftLiteral)"
  }

  var createStatements: [String] { tables.createBuild }

  func load(_ table: StarTable) -> TableLoad { tables.load(table) }

  /// A table that was filled in one batch is sorted; VACUUM finds that out and leaves it, and sorts
  /// what several slices gave in another order.
  func careStatements(_ table: StarTable) -> [String] {
    let names = [table.name] + (table == .songplays ? SummaryTable.all.map(\.name) : [])
    let vacuum = "VACUUM \(TableName(StarSchema.build, table.name).sql)"
    return [vacuum] + names.map { "ANALYZE \(TableName(StarSchema.build, $0).sql)" }
  }

  var createRowCounts: [String] { tables.createRowCounts }

  // MARK: The lock

  func acquireLock(
    on session: any Session, _ open: SessionOpener
  ) async throws(WarehouseError) -> (any RunLockHold)? {
    try await RedshiftRunLock.acquire(on: session, open)
  }

  func isLockHeld(asSeenBy session: any Session) async throws(WarehouseError) -> Bool {
    try await RedshiftRunLock.isHeld(asSeenBy: session)
  }

  func terminate(run: Int, on session: any Session) async throws(WarehouseError) {
    // A run that began later holds the lock now.
    guard try await RunJournal.latestRun(on: session) == run else { return }
    try await RedshiftRunLock.terminateHolder(on: session)
  }

  func watch<Value: Sendable>(
    _ session: any Session, _ open: @escaping SessionOpener,
    _ body: () async throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value {
    try await CancelEscalation.watch(
      session, steps: [.cancel, .terminate], patience: patience, open, body)
  }

  // MARK: The stages

  func stage(
    _ table: StagingTable, _ execution: StageExecution
  ) async throws(WarehouseError) -> StageSummary {
    try await RedshiftStaging(execution: execution, table: table, tables: tables).perform()
  }

  func inspect(
    _ execution: StageExecution, on session: any Session
  ) async throws(WarehouseError) -> (keys: [CheckResult], facts: StarFacts) {
    var results: [CheckResult] = []
    for table in StarTable.all {
      let count = try await session.execute(RedshiftKeys.violations(of: table))
      results.append(RedshiftKeys.result(table, violations: count.rows.first?.integer(0) ?? 1))
    }
    for key in StarSchema.foreignKeys {
      let count = try await session.execute(RedshiftKeys.orphans(key))
      results.append(RedshiftKeys.result(key, orphans: count.rows.first?.integer(0) ?? 1))
    }
    results += try await health(on: session)
    return (results, try await StarFacts.take(from: session))
  }

  private func health(on session: any Session) async throws(WarehouseError) -> [CheckResult] {
    do throws(WarehouseError) {
      let rows = try await session.execute(TableHealth.query(of: StarSchema.build)).rows
      let tables = rows.map(TableHealth.init)
      return [RedshiftSkew.result(tables), TableHealth.result(tables)]
    } catch  where error.kind == .server { return [RedshiftSkew.unknown(error)] }
  }

  func publish(
    _ execution: StageExecution, on session: any Session
  ) async throws(WarehouseError) {
    // Whoever lost the lock must not publish: another run may have begun a build of its own.
    try await execution.run.lock.confirm()
    try await RedshiftPublication(session: session, observe: { line in execution.log(line) })
      .publish(runID: execution.run.journal.runID, at: .now())
  }

  // MARK: In words

  func steps(_ stage: Stage, _ settings: RunSettings) -> [String] {
    switch stage.work {
    case .provision:
      return settings.provisioning + opening(settings)
    case .restage:
      let asks = settings.restage?.asksForSlices == true
      return (asks ? sessionOpening + [RestageStage.slicesQuery] : [])
        + RestageStage.steps(settings)
    case .create: return createSteps(stage)
    case .stage(let table):
      return RedshiftStaging.steps(stage.id, table, settings, tables, session: sessionOpening)
    case .load(let table):
      return load(table).steps(stage.id, session: sessionOpening) + careStatements(table)
    case .check: return checkSteps(stage, inspection: inspectionSteps)
    case .publish:
      return sessionOpening + ["-- on the session of the lock:", RedshiftRunLock.lockStatement]
        + ["-- on the stage's session:"] + RedshiftPublication.outline
    }
  }

  private var inspectionSteps: [String] {
    StarTable.all.map(RedshiftKeys.violations) + StarSchema.foreignKeys.map(RedshiftKeys.orphans)
      + [TableHealth.query(of: StarSchema.build)] + StarFacts.steps
  }

  var closing: [String] {
    [JournalStatement.endRun, "-- on the session of the lock:", "ROLLBACK"]
  }

  func opening(_ settings: RunSettings) -> [String] {
    settings.login + ["-- connect to the cluster, and take the run lock:"]
      + engine.connectStatements + [JournalStatement.hasTable, "-- where it is missing:"]
      + RedshiftRunLock.createStatements
      + ["-- whether another run holds it"] + RedshiftRunLock.lookStatements
      + ["-- on a session of its own, open until the run ends, and the last of them each minute"]
      + engine.connectStatements
      + [RedshiftRunLock.waitStatement, "BEGIN", RedshiftRunLock.lockStatement]
      + ["-- on the run's first session:"]
      + JournalStatement.opening(on: engine, name: nameStatement(run: "N"))
  }
}
