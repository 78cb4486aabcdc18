/// Writes what a run does into `sparkify_ops`, as it happens.
///
/// Each record is a transaction of its own: what was done is remembered even when what follows
/// fails. Values are parameters; NUL, which PostgreSQL's text cannot hold, is shown as `␀`.
struct RunJournal: Sendable {
  let session: any Session
  let runID: Int

  /// The table that is made last: where it is, all are.
  static let lastTable = TableName(StarSchema.operations, "publications")

  /// What stands for a byte that is not known: the column takes no NULL, and in warehouses that are
  /// there already it could not be made to.
  static let unknownByte = -1

  /// Makes the schema and its tables where they are missing.
  static func prepare(_ session: any Session) async throws(WarehouseError) {
    if try await session.hasTable(lastTable) { return }
    for piece in StatementSplitter.split(SQLText.createOperations) {
      try await session.executeUntilClear(Statement(piece.text))
    }
  }

  /// Records that a run begins, and that any run whose holder died was interrupted.
  ///
  /// Call it with the run lock held: nobody else can then be running.
  static func begin(
    on session: any Session, selection: String, startedBy: String, at start: Timestamp,
    configuration: [(key: String, value: String)]
  ) async throws(WarehouseError) -> RunJournal {
    for table in ["runs", "stage_runs"] {
      try await session.executeUntilClear(
        Statement(
          "UPDATE sparkify_ops.\(table) SET state = $1 WHERE state = $2",
          .text(RunState.interrupted.rawValue), .text(RunState.running.rawValue)))
    }
    let engine = await session.engine
    if engine == .postgres {
      // On the disk before anything is done: a run whose server dies is known to have been.
      try await session.execute("SET synchronous_commit TO on")
    }
    try await session.executeUntilClear(
      Statement(
        """
        INSERT INTO sparkify_ops.runs
          (run_id, selection, state, started_by, started_at, configuration)
        SELECT coalesce(max(run_id), 0) + 1, CAST($1 AS VARCHAR(1024)), CAST($2 AS VARCHAR(16)),
          CAST($3 AS VARCHAR(512)), CAST($4 AS TIMESTAMP), CAST($5 AS VARCHAR(65535))
        FROM sparkify_ops.runs
        """, .text(selection), .text(RunState.running.rawValue), .text(startedBy),
        .text(start.sqlText), .text(encode(configuration))))
    if engine == .postgres { try await session.execute("SET synchronous_commit TO DEFAULT") }
    let id = try await session.execute("SELECT max(run_id) FROM sparkify_ops.runs").scalar
    return RunJournal(session: session, runID: id.flatMap { Int($0) } ?? 0)
  }

  /// Records that a stage began.
  func stageBegan(_ stage: StageID, at start: Timestamp) async throws(WarehouseError) {
    try await session.executeUntilClear(
      Statement(
        """
        INSERT INTO sparkify_ops.stage_runs (run_id, stage, state, started_at)
        VALUES ($1, $2, $3, CAST($4 AS TIMESTAMP))
        """, Parameter(runID), .text(stage.rawValue), .text(RunState.running.rawValue),
        .text(start.sqlText)))
  }

  /// Records how a stage ended.
  func stageEnded(
    _ stage: StageID, _ state: RunState, _ summary: StageSummary, error: WarehouseError?
  ) async throws(WarehouseError) {
    try await session.executeUntilClear(
      Statement(
        """
        UPDATE sparkify_ops.stage_runs SET state = $3, seconds = CAST($4 AS DOUBLE PRECISION),
          stored_rows = CAST($5 AS BIGINT), read_bytes = CAST($6 AS BIGINT),
          rejects = CAST($7 AS BIGINT), note = $8, error = $9
        WHERE run_id = $1 AND stage = $2
        """, Parameter(runID), .text(stage.rawValue), .text(state.rawValue),
        .real(summary.duration.seconds), Parameter(summary.rows), Parameter(summary.bytes),
        Parameter(summary.rejects), .text(summary.note), Parameter(error?.description.storable)))
  }

  /// Records how the run ended.
  func runEnded(
    _ state: RunState, after duration: Duration, error: WarehouseError?
  ) async throws(WarehouseError) {
    try await session.executeUntilClear(
      Statement(
        """
        UPDATE sparkify_ops.runs
        SET state = $2, seconds = CAST($3 AS DOUBLE PRECISION), error = $4 WHERE run_id = $1
        """, Parameter(runID), .text(state.rawValue), .real(duration.seconds),
        Parameter(error?.description.storable)))
  }

  /// Records what the checks found, in order.
  func checked(_ results: [CheckResult]) async throws(WarehouseError) {
    try await insert(
      results.enumerated().map { index, result in
        [
          Parameter(runID), Parameter(index + 1), .text(result.name), .text(result.title),
          .text(result.verdict.rawValue), Parameter(result.count), .text(result.detail.storable),
          Parameter(result.offendingRowsSQL),
        ]
      },
      into: """
        checks (run_id, position, name, title, verdict, row_count, detail, offending_rows_sql)
        """)
  }

  /// Records rejects, many in one statement.
  func rejected(_ rejects: [Reject], in stage: StageID) async throws(WarehouseError) {
    try await insert(
      rejects.map { reject in
        [
          Parameter(runID), .text(stage.rawValue), .text(reject.file.storable),
          Parameter(reject.line), Parameter(reject.byteOffset ?? Self.unknownByte),
          Parameter(reject.column),
          .text(reject.reason.storable), .text(reject.rawText.storable), .boolean(reject.isCut),
        ]
      },
      into: """
        rejects
          (run_id, stage, file, line, byte_offset, column_name, reason, raw_text, is_cut)
        """)
  }

  /// Inserts rows into a table of the journal, a hundred with each statement.
  private func insert(
    _ rows: [[Parameter]], into target: String
  ) async throws(WarehouseError) {
    for start in stride(from: 0, to: rows.count, by: 100) {
      let batch = rows[start..<min(start + 100, rows.count)]
      var parameters: [Parameter] = []
      let places = batch.map { values in
        let numbers = values.indices.map { "$\(parameters.count + $0 + 1)" }
        parameters += values
        return "(" + numbers.joined(separator: ", ") + ")"
      }
      try await session.executeUntilClear(
        Statement(
          """
          INSERT INTO sparkify_ops.\(target)
          VALUES \(places.joined(separator: ", "))
          """, parameters: parameters))
    }
  }

  /// One setting a line: `SECTION.KEY=value`, line breaks in values shown as `␤`.
  private static func encode(_ configuration: [(key: String, value: String)]) -> String {
    configuration.map { "\($0.key)=\($0.value.map { $0.isNewline ? "␤" : String($0) }.joined())" }
      .joined(separator: "\n").storable
  }
}

extension String {
  /// The text without NUL, which no text column of PostgreSQL can hold.
  var storable: String {
    guard utf8.contains(0) else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\0" ? "␀" : $0 }))
  }
}

extension Timestamp {
  /// As both engines read it into a TIMESTAMP column: UTC, without a zone.
  var sqlText: String { "\(dateText) \(timeText)" }
}

extension Duration {
  /// The whole of it in seconds.
  public var seconds: Double {
    let parts = components
    return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
  }
}
