/// Does the work of one stage of a run.
struct StageExecution: Sendable {
  let run: Run
  let stage: Stage
  let done: DoneStages

  /// Does the work and says what came of it.
  func perform() async throws(WarehouseError) -> StageSummary {
    switch stage.work {
    case .provision: return StageSummary(note: "connected")
    case .restage:
      guard let restage = run.settings.restage else { return StageSummary() }
      return try await RestageStage(execution: self, restage: restage).perform()
    case .create: return try await withSession(create)
    case .stage(let table):
      return try await StagingLoad(execution: self, table: table).perform()
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
      let value = try await body(session)
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
      try await RunLock.name(session, run: run.journal.runID)
      for setting in Self.sessionSettings { try await session.execute(setting) }
      return session
    } catch {
      await session.close()
      throw error
    }
  }

  /// Sorts and hashes of this size stay in memory for a month of events; at a year's, small hashes
  /// in batches that fit the processor's cache beat large ones.
  static let sessionSettings = [
    "SET search_path TO \(StarSchema.build)",
    RunLock.endWithClient,
    "SET work_mem TO '64MB'",
    "SET maintenance_work_mem TO '64MB'",
  ]

  /// Writes the mark of this stage in the transaction that is open on `session`.
  func mark(
    on session: any Session, rows: Int? = nil, rejects: Int = 0
  ) async throws(WarehouseError) {
    try await BuildSchema(session: session).mark(
      stage.id, StageMark(runID: run.journal.runID, rows: rows, rejects: rejects),
      undoing: run.stages.dependents(of: stage.id))
  }

  private func create(_ session: any Session) async throws(WarehouseError) -> StageSummary {
    try await session.transaction { () async throws(WarehouseError) in
      for statement in BuildSchema.createStatements { try await session.execute(statement) }
      try await mark(on: session)
    }
    let count = StarTable.all.count + StarSchema.stagingTables.count
    return StageSummary(note: "\(count) tables")
  }

  private func load(
    _ table: StarTable, on session: any Session
  ) async throws(WarehouseError) -> StageSummary {
    let rows = try await session.transaction { () async throws(WarehouseError) -> Int? in
      var rows: Int?
      for statement in TableDefinition.load(table) {
        let result = try await session.execute(statement)
        rows = rows ?? result.affectedRows.flatMap { statement.hasPrefix("CREATE") ? $0 : nil }
      }
      try await mark(on: session, rows: rows)
      return rows
    }
    return StageSummary(rows: rows, note: table.about)
  }

  private func check(_ session: any Session) async throws(WarehouseError) -> StageSummary {
    // A verdict from before says nothing about the build as it is now.
    try await BuildSchema(session: session).unmark([stage.id])
    for key in StarSchema.foreignKeys { try await session.execute(KeyChecks.drop(key)) }
    // Adding a key lets others read, so that the facts are taken at the same time.
    async let taken = takeFacts()
    var results = KeyChecks.primaryKeys
    for key in StarSchema.foreignKeys { results.append(try await verify(key, on: session)) }
    let marks = try await BuildSchema(session: session).stagesDone()
    let facts = try await taken.get()
    results += StarChecks.judge(facts, marks: marks)
    for (position, result) in results.enumerated() {
      run.observe(.checked(result))
      try await run.journal.checked(result, position: position + 1)
    }
    let failed = results.filter { $0.verdict == .failed }
    guard failed.isEmpty else {
      throw WarehouseError(
        .check, "could not pass \(failed.count) of \(results.count) checks",
        detail: failed.map { "\($0.name): \($0.detail)" }.joined(separator: "\n"),
        hint: "The published star is as it was. Each failed check can show its rows.")
    }
    try await session.transaction { () async throws(WarehouseError) in
      for statement in TableDefinition.createRowCounts { try await session.execute(statement) }
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

  /// Takes the facts of the build on a session of its own.
  private func takeFacts() async -> Result<StarFacts, WarehouseError> {
    do throws(WarehouseError) {
      return .success(
        try await withSession { session throws(WarehouseError) in
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
        // A hash in batches that fit the processor's cache beats one that fills the memory.
        try await session.execute("SET LOCAL maintenance_work_mem TO '8MB'")
        try await session.execute(KeyChecks.add(key))
      }
      return KeyChecks.result(key, orphanCount: 0)
    } catch  where error.sqlState == "23503" {
      let count = try await session.execute("SELECT count(*) FROM (\(KeyChecks.orphans(key))) AS o")
      return KeyChecks.result(key, orphanCount: count.rows.first?.integer(0) ?? 1)
    }
  }

  private func publish(_ session: any Session) async throws(WarehouseError) -> StageSummary {
    try await Publication(session: session, observe: { line in log(line) })
      .publish(runID: run.journal.runID, at: .now())
    return StageSummary(note: "published as \(StarSchema.published)")
  }
}
