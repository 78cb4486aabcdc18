/// Writes what a run does into `sparkify_ops`, as it happens.
///
/// Each record is a transaction of its own: what was done is remembered even when what follows
/// fails. Values are parameters; NUL, which PostgreSQL's text cannot hold, is shown as `␀`, and what
/// is longer than its column is cut.
struct RunJournal: Sendable {
  let session: any Session
  let runID: Int

  /// The table that is made last: where it is, all are.
  static let lastTable = TableName(StarSchema.operations, "publications")

  /// What stands for a byte that is not known: the column takes no NULL, and in warehouses that are
  /// there already it could not be made to.
  static let unknownByte = -1

  /// The rows of one INSERT.
  static let rowsAtOnce = 100

  /// How long last words may take after a cancel: somebody waits for them.
  static let patience = Duration.seconds(4)

  /// The bytes that the columns of texts take (`ops-create.sql`).
  private enum Width {
    static let selection = 1024
    static let startedBy = 512
    static let note = 1024
    static let long = 65535
    static let detail = 4096
    static let file = 4096
    static let column = 128
    static let reason = 1024
  }

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
          JournalStatement.interrupt(table),
          .text(RunState.interrupted.rawValue), .text(RunState.running.rawValue)))
    }
    let engine = await session.engine
    if engine == .postgres {
      // On the disk before anything is done: a run whose server dies is known to have been.
      try await session.execute(JournalStatement.commitToDisk)
    }
    try await session.executeUntilClear(
      Statement(
        JournalStatement.beginRun, .text(selection.storable(Width.selection)),
        .text(RunState.running.rawValue), .text(startedBy.storable(Width.startedBy)),
        .text(start.sqlText), .text(encode(configuration))))
    if engine == .postgres { try await session.execute(JournalStatement.commitAsUsual) }
    return RunJournal(session: session, runID: try await latestRun(on: session) ?? 0)
  }

  /// The number of the run that began last; nil when none did.
  static func latestRun(on session: any Session) async throws(WarehouseError) -> Int? {
    try await session.execute(JournalStatement.lastRun).scalar.flatMap { Int($0) }
  }

  /// Records that a stage began.
  func stageBegan(_ stage: StageID, at start: Timestamp) async throws(WarehouseError) {
    try await session.executeUntilClear(
      Statement(
        JournalStatement.beginStage, Parameter(runID), .text(stage.rawValue),
        .text(RunState.running.rawValue),
        .text(start.sqlText)))
  }

  /// Records how a stage ended.
  func stageEnded(
    _ stage: StageID, _ state: RunState, _ summary: StageSummary, error: WarehouseError?
  ) async throws(WarehouseError) {
    try await session.executeUntilClear(
      Statement(
        JournalStatement.endStage, Parameter(runID), .text(stage.rawValue), .text(state.rawValue),
        .real(summary.duration.seconds), Parameter(summary.rows), Parameter(summary.bytes),
        Parameter(summary.rejects), .text(summary.note.storable(Width.note)),
        Parameter(error?.description.storable(Width.long))))
  }

  /// Records how the run ended.
  func runEnded(
    _ state: RunState, after duration: Duration, error: WarehouseError?
  ) async throws(WarehouseError) {
    if await session.engine == .postgres {
      // And with it everything before it: what a run says is done outlives the server.
      try await session.execute(JournalStatement.commitToDisk)
    }
    try await session.executeUntilClear(
      Statement(
        JournalStatement.endRun, Parameter(runID), .text(state.rawValue), .real(duration.seconds),
        Parameter(error?.description.storable(Width.long))))
  }

  /// Records what the checks found, in order.
  func checked(_ results: [CheckResult]) async throws(WarehouseError) {
    try await insert(
      results.enumerated().map { index, result in
        [
          Parameter(runID), Parameter(index + 1), .text(result.name), .text(result.title),
          .text(result.verdict.rawValue), Parameter(result.count),
          .text(result.detail.storable(Width.detail)), Parameter(result.offendingRowsSQL),
        ]
      },
      into: JournalStatement.checks)
  }

  /// Records rejects, many in one statement.
  func rejected(_ rejects: [Reject], in stage: StageID) async throws(WarehouseError) {
    try await insert(
      rejects.map { reject in
        [
          Parameter(runID), .text(stage.rawValue), .text(reject.file.storable(Width.file)),
          Parameter(reject.line), Parameter(reject.byteOffset ?? Self.unknownByte),
          Parameter(reject.column?.storable(Width.column)),
          .text(reject.reason.storable(Width.reason)), .text(reject.rawText.storable(Width.long)),
          .boolean(reject.isCut),
        ]
      },
      into: JournalStatement.rejects)
  }

  /// Inserts rows into a table of the journal, many with each statement.
  private func insert(
    _ rows: [[Parameter]], into table: JournalStatement.Table
  ) async throws(WarehouseError) {
    for start in stride(from: 0, to: rows.count, by: Self.rowsAtOnce) {
      let batch = rows[start..<min(start + Self.rowsAtOnce, rows.count)]
      try await session.executeUntilClear(
        Statement(table.insert(batch.count), parameters: batch.flatMap { $0 }))
    }
  }

  /// One setting a line: `SECTION.KEY=value`, line breaks in values shown as `␤`.
  private static func encode(_ configuration: [(key: String, value: String)]) -> String {
    configuration.map { "\($0.key)=\($0.value.map { $0.isNewline ? "␤" : String($0) }.joined())" }
      .joined(separator: "\n").storable(Width.long)
  }
}

extension String {
  /// The text without NUL, which no text column of PostgreSQL can hold, and cut to so many bytes,
  /// the last of which are then an ellipsis: a column of Redshift takes no more, and one of
  /// PostgreSQL no more characters.
  func storable(_ limit: Int) -> String {
    let text =
      utf8.contains(0)
      ? String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\0" ? "␀" : $0 })) : self
    guard text.utf8.count > limit else { return text }
    let ellipsis = "…"
    var room = limit - ellipsis.utf8.count
    let kept = text.unicodeScalars.prefix { scalar in
      room -= scalar.utf8.count
      return room >= 0
    }
    return String(kept) + ellipsis
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
