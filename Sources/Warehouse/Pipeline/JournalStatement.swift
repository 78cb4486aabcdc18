/// The statements that record a run, as they run and as a dry run shows them.
enum JournalStatement {
  /// Says of the runs, or their stages, that still count as running that they were interrupted.
  static func interrupt(_ table: String) -> String {
    "UPDATE sparkify_ops.\(table) SET state = $1 WHERE state = $2"
  }

  static let beginRun = """
    INSERT INTO sparkify_ops.runs
      (run_id, selection, state, started_by, started_at, configuration)
    SELECT coalesce(max(run_id), 0) + 1, CAST($1 AS VARCHAR(1024)), CAST($2 AS VARCHAR(16)),
      CAST($3 AS VARCHAR(512)), CAST($4 AS TIMESTAMP), CAST($5 AS VARCHAR(65535))
    FROM sparkify_ops.runs
    """

  static let lastRun = "SELECT max(run_id) FROM sparkify_ops.runs"

  static let beginStage = """
    INSERT INTO sparkify_ops.stage_runs (run_id, stage, state, started_at)
    VALUES ($1, $2, $3, CAST($4 AS TIMESTAMP))
    """

  static let endStage = """
    UPDATE sparkify_ops.stage_runs SET state = $3, seconds = CAST($4 AS DOUBLE PRECISION),
      stored_rows = CAST($5 AS BIGINT), read_bytes = CAST($6 AS BIGINT),
      rejects = CAST($7 AS BIGINT), note = $8, error = $9
    WHERE run_id = $1 AND stage = $2
    """

  static let endRun = """
    UPDATE sparkify_ops.runs
    SET state = $2, seconds = CAST($3 AS DOUBLE PRECISION), error = $4 WHERE run_id = $1
    """

  /// What the beginning of a run records, once its lock is held.
  static var opening: [String] {
    ["-- the tables of the runs, where they are missing"]
      + StatementSplitter.split(SQLText.createOperations).map(\.text)
      + [
        "-- the record of this run", interrupt("runs"), interrupt("stage_runs"), beginRun, lastRun,
      ]
  }
}
