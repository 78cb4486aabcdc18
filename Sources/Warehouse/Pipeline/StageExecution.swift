/// Does the work of one stage of a run.
struct StageExecution: Sendable {
  let run: Run
  let stage: Stage

  private var engine: any LoadEngine { run.engine }

  /// Does the work and says what came of it.
  func perform() async throws(WarehouseError) -> StageSummary {
    switch stage.work {
    case .provision: return StageSummary(note: "connected")
    case .restage:
      guard let restage = run.settings.restage else { return StageSummary() }
      return try await RestageStage(execution: self, restage: restage).perform()
    case .create: return try await withSession(create)
    case .stage(let table): return try await engine.stage(table, self)
    case .load(let table):
      return try await withSession { session throws(WarehouseError) in
        try await load(table, on: session)
      }
    case .check: return try await withSession(check)
    case .publish: return try await withSession(publish)
    }
  }

  /// The line goes to whoever listens.
  func log(_ text: String) { run.observe(.logged(stage.id, text, at: .now())) }

  /// Opens a session for building, and closes it after `body`, whatever happens.
  func withSession<Value: Sendable>(
    _ body: (any Session) async throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value {
    let session = try await openSession()
    do {
      let value = try await engine.watch(session, run.open) { () async throws(WarehouseError) in
        try await body(session)
      }
      await session.close()
      return value
    } catch {
      await session.close()
      throw error
    }
  }

  /// A session with the build schema first on its search path.
  func openSession() async throws(WarehouseError) -> any Session {
    let session = try await run.open { line in log(line) }
    do {
      try await session.execute(engine.nameStatement(run: "\(run.journal.runID)"))
      for setting in engine.sessionSettings { try await session.execute(setting) }
      return session
    } catch {
      await session.close()
      throw error
    }
  }

  /// Runs `body` in a transaction, as often as the engine advises.
  func transaction<Value: Sendable>(
    on session: any Session, _ body: () async throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value {
    try await session.transaction(attempts: engine.transactionAttempts, log, body)
  }

  /// Writes the mark of this stage in the transaction that is open on `session`.
  func mark(
    on session: any Session, rows: Int? = nil, rejects: Int = 0
  ) async throws(WarehouseError) {
    try await BuildSchema(session: session).mark(
      stage.id, StageMark(runID: run.journal.runID, rows: rows, rejects: rejects),
      undoing: run.stages.dependents(of: stage.id))
  }

  private func create(_ session: any Session) async throws(WarehouseError) -> StageSummary {
    try await transaction(on: session) { () async throws(WarehouseError) in
      for statement in engine.createStatements { try await session.execute(statement) }
      try await mark(on: session)
    }
    let count = StarTable.all.count + StarSchema.stagingTables.count
    return StageSummary(note: "\(count) tables")
  }

  private func load(
    _ table: StarTable, on session: any Session
  ) async throws(WarehouseError) -> StageSummary {
    let load = engine.load(table)
    let rows = try await transaction(on: session) { () async throws(WarehouseError) -> Int? in
      // The stage is not done again until its last statement is.
      try await BuildSchema(session: session).unmark(
        [stage.id] + run.stages.dependents(of: stage.id))
      var rows: Int?
      for statement in load.filling {
        let result = try await session.execute(statement)
        rows = rows ?? result.affectedRows.flatMap { isFilling(statement) ? $0 : nil }
      }
      let removed = try await remove(load.repeats, on: session)
      for statement in load.keys { try await session.execute(statement) }
      return rows.map { $0 - removed }
    }
    try await finish(load.finishing)
    try await transaction(on: session) { () async throws(WarehouseError) in
      try await mark(on: session, rows: rows)
    }
    await care(engine.careStatements(table), on: session)
    return StageSummary(rows: rows, note: table.about)
  }

  /// - Returns: how many rows were taken out.
  private func remove(
    _ repeats: TableLoad.Repeats?, on session: any Session
  ) async throws(WarehouseError) -> Int {
    guard let repeats,
      let count = try await session.execute(repeats.count).rows.first?.integer(0), count > 0
    else { return 0 }
    for statement in repeats.removal { try await session.execute(statement) }
    return count
  }

  /// Runs each list of statements in a transaction on a session of its own, all at the same time.
  private func finish(_ lists: [[String]]) async throws(WarehouseError) {
    let failures = await withTaskGroup(of: WarehouseError?.self) { group in
      for statements in lists { group.addTask { await finish(statements) } }
      return await group.reduce(into: []) { $0 += [$1].compactMap { $0 } }
    }
    if let failure = failures.first { throw failure }
  }

  private func finish(_ statements: [String]) async -> WarehouseError? {
    do throws(WarehouseError) {
      try await withSession { session throws(WarehouseError) in
        try await transaction(on: session) { () async throws(WarehouseError) in
          for statement in statements { try await session.execute(statement) }
        }
      }
      return nil
    } catch { return error }
  }

  /// Whether a statement's count is that of the rows it stored: `CREATE TABLE AS` and `INSERT`.
  private func isFilling(_ statement: String) -> Bool {
    statement.hasPrefix("CREATE") || statement.hasPrefix("INSERT")
  }

  /// Runs statements that no result depends on: what one fails with is worth a line.
  func care(_ statements: [String], on session: any Session) async {
    for statement in statements {
      do throws(WarehouseError) { try await session.execute(statement) } catch {
        log("left out: \(statement): \(error.message)")
      }
    }
  }

  private func check(_ session: any Session) async throws(WarehouseError) -> StageSummary {
    // A verdict from before says nothing about the build as it is now.
    try await transaction(on: session) { () async throws(WarehouseError) in
      try await BuildSchema(session: session).unmark([stage.id])
    }
    let (keys, facts) = try await engine.inspect(self, on: session)
    let marks = try await BuildSchema(session: session).stagesDone()
    let results = keys + StarChecks.judge(facts, marks: marks)
    for result in results { run.observe(.checked(result)) }
    try await run.journal.checked(results)
    let failed = results.filter { $0.verdict == .failed }
    guard failed.isEmpty else { throw failure(failed, of: results.count) }
    try await transaction(on: session) { () async throws(WarehouseError) in
      for statement in engine.createRowCounts { try await session.execute(statement) }
      for count in facts.rowCounts {
        try await session.execute(
          Statement(
            TableDefinition.insertRowCount, .text(count.table), .integer(Int64(count.rows))))
      }
      try await mark(on: session)
    }
    let noted = results.count { $0.verdict == .noted }
    return StageSummary(
      note: "\(results.count) checks passed" + (noted > 0 ? ", \(noted) with a note" : ""))
  }

  private func failure(_ failed: [CheckResult], of count: Int) -> WarehouseError {
    let rows = failed.first { $0.hasRows }.map { check in
      " Its rows: x on the stage check, or `sparkify runs \(run.journal.runID) "
        + "--check \(check.name)`."
    }
    return WarehouseError(
      .check, "could not pass \(failed.count) of \(count) checks",
      detail: failed.map { "\($0.name): \($0.detail)" }.joined(separator: "\n"),
      hint: "The published star is as it was." + (rows ?? ""))
  }

  private func publish(_ session: any Session) async throws(WarehouseError) -> StageSummary {
    try await engine.publish(self, on: session)
    return StageSummary(note: "published as \(StarSchema.published)")
  }
}
