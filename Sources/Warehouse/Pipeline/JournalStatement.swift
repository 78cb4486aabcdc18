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

  /// Whether there is a table: `$1` its schema, `$2` its name; on both engines.
  static let hasTable = """
    SELECT count(*) FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relname = $2
    """

  /// What PostgreSQL is told before a record that must outlive it, and after.
  static let commitToDisk = "SET synchronous_commit TO on"
  static let commitAsUsual = "SET synchronous_commit TO DEFAULT"

  /// A table that rows are inserted into, many with each statement.
  struct Table {
    let name: String
    let columns: [String]

    /// Inserts so many rows.
    func insert(_ rows: Int = 1) -> String {
      let places = (0..<rows).map { row in
        let numbers = columns.indices.map { "$\(row * columns.count + $0 + 1)" }
        return "(" + numbers.joined(separator: ", ") + ")"
      }
      return """
        INSERT INTO sparkify_ops.\(name) (\(columns.joined(separator: ", ")))
        VALUES \(places.joined(separator: ", "))
        """
    }
  }

  static let checks = Table(
    name: "checks",
    columns: [
      "run_id", "position", "name", "title", "verdict", "row_count", "detail", "offending_rows_sql",
    ])

  static let rejects = Table(
    name: "rejects",
    columns: [
      "run_id", "stage", "file", "line", "byte_offset", "column_name", "reason", "raw_text",
      "is_cut",
    ])

  /// What the beginning of a run records, once its lock is held, and what it then asks of the build.
  ///
  /// - Parameter name: gives the session the run's name.
  static func opening(on engine: Engine, name: String) -> [String] {
    let begin = engine == .postgres ? [commitToDisk, beginRun, commitAsUsual] : [beginRun]
    return ["-- the tables of the runs, made where the last of them is missing", hasTable]
      + StatementSplitter.split(SQLText.createOperations).map(\.text)
      + ["-- the record of this run", interrupt("runs"), interrupt("stage_runs")] + begin
      + [lastRun, name, "-- the stages that are done in the build, where there is one", hasTable]
      + [BuildSchema.stagesQuery]
  }
}
