/// Lets Redshift read a source's files into a staging table, by one COPY.
///
/// The table is made first, the COPY is a transaction of its own, and the stage's mark is written
/// last: so a COPY whose connection broke can be found again and what it did be taken for done.
struct RedshiftStaging: Sendable {
  let execution: StageExecution
  let table: StagingTable
  let tables: RedshiftTables

  private var settings: RunSettings { execution.run.settings }
  private var runID: Int { execution.run.journal.runID }

  /// All that is done, in words where it is no statement.
  ///
  /// - Parameter session: what each session begins with.
  static func steps(
    _ stage: StageID, _ table: StagingTable, _ settings: RunSettings, _ tables: RedshiftTables,
    session: [String]
  ) -> [String] {
    let source = settings.restage?.output.text ?? settings.source(of: table)
    guard DataLocation(s3: source) != nil else {
      return ["-- Redshift reads files from S3 alone, and \(source) is a folder"]
    }
    let plan = CopyPreparation.outline(table, settings)
    let (before, after) = calls(table, plan, settings)
    var finish = plan.transferStatements + BuildSchema.markStatements(stage)
    finish = session + ["BEGIN"] + finish + ["COMMIT"] + (plan.isRaw ? [analyze(table)] : [])
    return before + session + ["BEGIN", BuildSchema.unmarkStatement(stage)]
      + plan.prepareStatements(tables) + ["COMMIT"] + session
      + [CopyIdentity.query, plan.statement, CopyOutcome.countQuery]
      + ["-- meanwhile, on another session: the first of these that tells something"]
      + CopyState.queries + ["-- what was refused, by the first of these that there is"]
      + LoadErrors.countQueries + finish + after
  }

  /// What is asked of S3 before the tables are made, and when the rows are in.
  private static func calls(
    _ table: StagingTable, _ plan: CopyPlan, _ settings: RunSettings
  ) -> (before: [String], after: [String]) {
    var before: [String] = []
    var written: [String] = []
    if let restage = settings.restage {
      before = [
        "-- call: s3:ListObjectsV2 \(restage.output.text), for the newest restaging",
        "-- call: s3:GetObject its _run.json and \(plan.input.url)",
      ]
    } else {
      let source = settings.source(of: table)
      before = [
        "-- call: s3:ListObjectsV2 \(source)",
        "-- call: s3:GetObject some of its files, for what their first records are like",
      ]
      if case .manifest(let url) = plan.input { written.append(url) }
    }
    if case .s3(let bucket, let prefix) = settings.copy.work {
      before.append("-- call: s3:ListObjectsV2 s3://\(bucket)/\(prefix), whether it can be used")
    }
    switch plan.fields {
    case .ownPaths(let url): written.append(url)
    case .paths(let url, _): before.append("-- call: s3:GetObject \(url)")
    case .columns, .members: break
    }
    before += written.map { "-- call: s3:PutObject \($0)" }
    return (before, written.map { "-- call: s3:DeleteObjects \($0)" })
  }

  private static func analyze(_ table: StagingTable) -> String {
    "ANALYZE \(TableName(StarSchema.build, table.name).sql)"
  }

  func perform() async throws(WarehouseError) -> StageSummary {
    let written = WrittenObjects()
    do throws(WarehouseError) {
      let summary = try await load(written)
      await remove(written.keys)
      return summary
    } catch {
      await remove(written.keys)
      throw error
    }
  }

  private func load(_ written: WrittenObjects) async throws(WarehouseError) -> StageSummary {
    let prepared = try await prepare(written)
    let copy = RedshiftCopy(
      plan: prepared.plan, execution: execution, totalBytes: prepared.listing.totalBytes,
      totalFiles: prepared.listing.count)
    try await execution.withSession { session throws(WarehouseError) in
      try await execution.transaction(on: session) { () async throws(WarehouseError) in
        try await prepareTables(prepared.plan, on: session)
      }
    }
    let loaded = try await copy.perform()
    try settings.requireFewRejects(loaded.rejects, in: table.name)
    try await execution.withSession { session throws(WarehouseError) in
      try await finish(prepared.plan, loaded, on: session)
    }
    return StageSummary(
      rows: loaded.rows, bytes: prepared.listing.totalBytes, rejects: loaded.rejects,
      note: "\(Quantity.counted(prepared.listing.count, "file")) into \(table.name)")
  }

  private func prepare(
    _ written: WrittenObjects
  ) async throws(WarehouseError) -> CopyPreparation.Result {
    execution.log("listing \(settings.source(of: table))")
    let cancellation = Cancellation()
    let preparation = CopyPreparation(
      table: table, settings: settings,
      folder: CopyFolder(owner: settings.copy.owner, runID: runID, time: .now()),
      written: written, cancellation: cancellation)
    let prepared = try await onThread(cancellation) { () throws(WarehouseError) in
      try preparation.prepare()
    }
    execution.log(prepared.listing.summary)
    for note in prepared.notes { execution.log(note) }
    return prepared
  }

  private func prepareTables(
    _ plan: CopyPlan, on session: any Session
  ) async throws(WarehouseError) {
    try await BuildSchema(session: session).unmark(
      [execution.stage.id] + execution.run.stages.dependents(of: execution.stage.id))
    for statement in plan.prepareStatements(tables) { try await session.execute(statement) }
  }

  private func finish(
    _ plan: CopyPlan, _ loaded: CopyOutcome, on session: any Session
  ) async throws(WarehouseError) {
    try await execution.transaction(on: session) { () async throws(WarehouseError) in
      for statement in plan.transferStatements { try await session.execute(statement) }
      try await execution.mark(on: session, rows: loaded.rows, rejects: loaded.rejects)
    }
    if plan.isRaw { await execution.care([Self.analyze(table)], on: session) }
  }

  /// Removes the files that were written for the COPY, also when the stage was cancelled. What stays
  /// behind, the next run removes.
  private func remove(_ keys: [String]) async {
    guard case .s3(let bucket, _) = settings.copy.work, let aws = settings.aws, !keys.isEmpty else {
      return
    }
    await Task {
      let cancellation = Cancellation()
      do throws(WarehouseError) {
        try await onThread(cancellation) { () throws(WarehouseError) in
          try S3Client(aws).delete(keys, in: bucket, cancellation)
        }
      } catch { execution.log("could not remove what was written for COPY: \(error.message)") }
    }.value
  }
}
