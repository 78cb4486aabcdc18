/// Reads what `sparkify_ops` remembers.
public struct RunHistory: Sendable {
  let session: any Session

  /// Reads through `session`, which nothing else should be using at the same time.
  public init(_ session: any Session) { self.session = session }

  /// The latest runs, newest first; none when no run was ever recorded.
  public func runs(limit: Int) async throws(WarehouseError) -> [RunRecord] {
    guard try await isRecorded() else { return [] }
    let isHeld = try await session.engine.loading().isLockHeld(asSeenBy: session)
    let result = try await session.execute(
      Statement("\(Self.selectRuns) ORDER BY run_id DESC LIMIT \(limit)"))
    return result.rows.map { Self.run($0, isHeld: isHeld) }
  }

  /// All that is recorded of one run, with at most `rejectLimit` rejects; nil when there is no such
  /// run.
  public func detail(of id: Int, rejectLimit: Int = 1000) async throws(WarehouseError) -> RunDetail?
  {
    guard try await isRecorded() else { return nil }
    let isHeld = try await session.engine.loading().isLockHeld(asSeenBy: session)
    let runs = try await session.execute(
      Statement("\(Self.selectRuns) WHERE run_id = $1", Parameter(id)))
    guard let row = runs.rows.first else { return nil }
    return RunDetail(
      run: Self.run(row, isHeld: isHeld), stages: try await stages(of: id, isHeld: isHeld),
      checks: try await checks(of: id),
      rejects: try await rejects(of: id, in: nil, upTo: rejectLimit),
      rejectCount: try await rejectCount(of: id, in: nil))
  }

  /// The first rejects of a run, of one stage or of all, and how many there are.
  public func rejects(
    of id: Int, in stage: StageID?, limit: Int
  ) async throws(WarehouseError) -> (rejects: [(stage: StageID, reject: Reject)], total: Int) {
    guard try await isRecorded() else { return ([], 0) }
    return (
      try await rejects(of: id, in: stage, upTo: limit), try await rejectCount(of: id, in: stage)
    )
  }

  /// The latest runs of every stage, newest first, at most `limit` of each.
  public func stageRuns(limit: Int) async throws(WarehouseError) -> [StageID: [StageRecord]] {
    guard try await isRecorded() else { return [:] }
    let isHeld = try await session.engine.loading().isLockHeld(asSeenBy: session)
    let result = try await session.execute(
      """
      SELECT * FROM (
        SELECT s.*, row_number() OVER (PARTITION BY stage ORDER BY run_id DESC) AS recency
        FROM (\(Self.selectStages)) AS s
      ) AS ranked
      WHERE recency <= \(limit) ORDER BY run_id DESC
      """)
    let records = result.rows.compactMap { Self.stage($0, isHeld: isHeld) }
    return Dictionary(grouping: records, by: \.stage)
  }

  /// The run whose star is published, and when; nil when none is.
  public func publication() async throws(WarehouseError) -> (runID: Int, at: Timestamp)? {
    guard try await isRecorded() else { return nil }
    let result = try await session.execute(
      """
      SELECT run_id, CAST(round(date_part('epoch', published_at) * 1000) AS BIGINT)
      FROM sparkify_ops.publications ORDER BY published_at DESC, run_id DESC LIMIT 1
      """)
    guard let row = result.rows.first, let id = row.integer(0), let at = row.integer(1) else {
      return nil
    }
    return (id, Timestamp(milliseconds: Int64(at)))
  }

  private func isRecorded() async throws(WarehouseError) -> Bool {
    try await session.hasTable(RunJournal.lastTable)
  }

  private func stages(of id: Int, isHeld: Bool) async throws(WarehouseError) -> [StageRecord] {
    let result = try await session.execute(
      Statement("\(Self.selectStages) WHERE run_id = $1", Parameter(id)))
    return result.rows.compactMap { Self.stage($0, isHeld: isHeld) }.sorted {
      ($0.startedAt, $0.stage) < ($1.startedAt, $1.stage)
    }
  }

  /// The checks of a run, in order; none when there is no such run.
  func checks(of id: Int) async throws(WarehouseError) -> [CheckResult] {
    guard try await isRecorded() else { return [] }
    let result = try await session.execute(
      Statement(
        """
        SELECT name, title, verdict, row_count, detail, offending_rows_sql
        FROM sparkify_ops.checks WHERE run_id = $1 ORDER BY position
        """, Parameter(id)))
    return result.rows.map { row in
      CheckResult(
        name: row.text(0), title: row.text(1),
        verdict: CheckResult.Verdict(rawValue: row.text(2)) ?? .failed,
        count: row.integer(3) ?? 0, detail: row.text(4), offendingRowsSQL: row.optional(5))
    }
  }

  private func rejects(
    of id: Int, in stage: StageID?, upTo limit: Int
  ) async throws(WarehouseError) -> [(stage: StageID, reject: Reject)] {
    let result = try await session.execute(
      Statement(
        """
        SELECT stage, file, line, byte_offset, column_name, reason, raw_text, is_cut
        FROM sparkify_ops.rejects WHERE run_id = $1 AND stage = coalesce($2, stage)
        ORDER BY stage, file, line, byte_offset LIMIT \(limit)
        """, Parameter(id), Parameter(stage?.rawValue)))
    return result.rows.compactMap { row in
      guard let stage = StageID(rawValue: row.text(0)) else { return nil }
      return (
        stage,
        Reject(
          file: row.text(1), line: row.integer(2) ?? 0,
          byteOffset: row.integer(3).flatMap { $0 == RunJournal.unknownByte ? nil : $0 },
          column: row.optional(4), reason: row.text(5), rawText: row.text(6),
          isCut: row.text(7) == "t")
      )
    }
  }

  private func rejectCount(of id: Int, in stage: StageID?) async throws(WarehouseError) -> Int {
    let result = try await session.execute(
      Statement(
        """
        SELECT count(*) FROM sparkify_ops.rejects
        WHERE run_id = $1 AND stage = coalesce($2, stage)
        """, Parameter(id), Parameter(stage?.rawValue)))
    return result.rows.first?.integer(0) ?? 0
  }

  private static let selectRuns = """
    SELECT run_id, selection, state, started_by,
      CAST(round(date_part('epoch', started_at) * 1000) AS BIGINT), seconds, error, configuration
    FROM sparkify_ops.runs
    """

  private static let selectStages = """
    SELECT run_id, stage, state, CAST(round(date_part('epoch', started_at) * 1000) AS BIGINT),
      seconds, stored_rows, read_bytes, rejects, note, error
    FROM sparkify_ops.stage_runs
    """

  private static func run(_ row: [String?], isHeld: Bool) -> RunRecord {
    RunRecord(
      id: row.integer(0) ?? 0, selection: row.text(1), state: state(row.text(2), isHeld: isHeld),
      startedBy: row.text(3), startedAt: Timestamp(milliseconds: Int64(row.integer(4) ?? 0)),
      duration: row.seconds(5), error: row.optional(6), configuration: settings(row.text(7)))
  }

  private static func stage(_ row: [String?], isHeld: Bool) -> StageRecord? {
    guard let stage = StageID(rawValue: row.text(1)) else { return nil }
    let summary = row.seconds(4).map { duration in
      StageSummary(
        rows: row.integer(5), bytes: row.integer(6), rejects: row.integer(7) ?? 0,
        duration: duration, note: row.text(8))
    }
    return StageRecord(
      runID: row.integer(0) ?? 0, stage: stage, state: state(row.text(2), isHeld: isHeld),
      startedAt: Timestamp(milliseconds: Int64(row.integer(3) ?? 0)), summary: summary,
      error: row.optional(9))
  }

  /// A run that says "running" while nobody holds the lock was interrupted.
  private static func state(_ text: String, isHeld: Bool) -> RunState {
    let state = RunState(rawValue: text) ?? .failed
    return state == .running && !isHeld ? .interrupted : state
  }

  private static func settings(_ text: String) -> [(key: String, value: String)] {
    text.split(separator: "\n").map { line in
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    }
  }
}

extension [String?] {
  /// The value at `index`, or nil when it is NULL or not there.
  func optional(_ index: Int) -> String? { index < count ? self[index] : nil }
  /// The value at `index`, or "" when it is NULL or not there.
  func text(_ index: Int) -> String { optional(index) ?? "" }
  /// The value at `index` as a whole number.
  func integer(_ index: Int) -> Int? { optional(index).flatMap { Int($0) } }
  /// The value at `index`, a number of seconds.
  func seconds(_ index: Int) -> Duration? {
    optional(index).flatMap { Double($0) }.map { .seconds($0) }
  }
}
