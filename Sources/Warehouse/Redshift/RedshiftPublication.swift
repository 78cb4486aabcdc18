/// Puts the build in place of the published star on Redshift: readers see one of them whole.
///
/// Redshift moves no table from schema to schema, but renames schemas (developer guide, "ALTER
/// SCHEMA"). So the schemas change names, in one transaction: the published one steps aside, the
/// build takes its name, and the old tables are dropped one by one. What other people keep in that
/// schema, or hang on its tables, stops it and loses nothing.
struct RedshiftPublication: Sendable {
  let session: any Session
  let observe: @Sendable (String) -> Void

  private static let published = Identifier(StarSchema.published).sql
  private static let build = Identifier(StarSchema.build).sql
  /// What the old star is called until it is dropped, in the same transaction.
  private static let replaced = Identifier(StarSchema.published + "_replaced").sql

  /// A table that readers are in waits for them; new readers wait behind it, so it waits briefly and
  /// tries again. In milliseconds.
  private static let waitStatement = "SET statement_timeout TO 2000"
  private static let attempts = 60

  /// The statements, for people to read: grants come from the catalog at the time.
  static var outline: [String] {
    [schemaQuery, tablesQuery, "-- what is granted on the old schema and its tables"]
      + RedshiftGrants.outline
      + [waitStatement, "BEGIN", lock(StarSchema.redshiftTables), "SET statement_timeout TO 0"]
      + RedshiftKeys.declarations(in: StarSchema.build)
      + ["-- GRANT: each of those on the new ones"]
      + swap(isReplacing: StarSchema.redshiftTables)
      + [insertPublication, "COMMIT", "SET statement_timeout TO 0"] + care
  }

  private static let schemaQuery =
    "SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = $1"
  private static let tablesQuery = """
    SELECT c.relname FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relkind IN ('r', 'v')
    """

  private static let insertPublication =
    "INSERT INTO sparkify_ops.publications (run_id, published_at) "
    + "VALUES ($1, CAST($2 AS TIMESTAMP))"

  /// Rows of the pipeline's own memory that were changed are rows that were deleted and added.
  private static let care = ["VACUUM sparkify_ops.runs", "VACUUM sparkify_ops.stage_runs"]

  private static func lock(_ tables: [String]) -> String {
    "LOCK " + tables.map { TableName(StarSchema.published, $0).sql }.joined(separator: ", ")
  }

  /// Renames the schemas; `tables` are those of the old one, none when nothing was published.
  private static func swap(isReplacing tables: [String]?) -> [String] {
    let dropMarks = "DROP TABLE \(published).\(StarSchema.buildStages)"
    guard let tables else { return ["ALTER SCHEMA \(build) RENAME TO \(published)", dropMarks] }
    return [
      "ALTER SCHEMA \(published) RENAME TO \(replaced)",
      "ALTER SCHEMA \(build) RENAME TO \(published)",
    ] + tables.map { "DROP TABLE \(replaced).\(Identifier($0).sql)" }
      + ["DROP SCHEMA \(replaced)", dropMarks]
  }

  /// Publishes the build of run `runID`.
  ///
  /// - Throws: `.server` when a step is refused; the published star is then as it was.
  func publish(runID: Int, at now: Timestamp) async throws(WarehouseError) {
    let old = try await publishedTables()
    let grants = old == nil ? RedshiftGrants() : try await RedshiftGrants.read(from: session)
    if let reader = grants.reader {
      observe(
        "\(reader) is no superuser: what is granted to roles that \(reader) does not hold is not "
          + "carried over")
    }
    for attempt in 1... {
      do throws(WarehouseError) {
        try await session.execute(Self.waitStatement)
        try await session.transaction { () async throws(WarehouseError) in
          try await swap(old, grants.all, runID: runID, at: now)
        }
        break
      } catch  where Self.isForReaders(error) && !Task.isCancelled {
        guard attempt < Self.attempts else { throw Self.neverFree(error) }
        observe("waiting for readers of the published star (attempt \(attempt))")
        // The readers that wait behind us come first now.
        try await pause(.milliseconds(200))
      }
    }
    try await session.execute("SET statement_timeout TO 0")
    await vacuum()
  }

  private static func isForReaders(_ error: WarehouseError) -> Bool {
    error.isTimeout || error.isSerializationFailure
  }

  private static func neverFree(_ error: WarehouseError) -> WarehouseError {
    WarehouseError(
      .server, "could not publish: other sessions use the published star all the time",
      detail: error.message,
      hint: "End those sessions, or wait for them, then run publish again: the build is kept.",
      sqlState: error.sqlState)
  }

  /// Our tables in the published schema; nil when there is no such schema.
  private func publishedTables() async throws(WarehouseError) -> [String]? {
    let schema = try await session.execute(
      Statement(Self.schemaQuery, .text(StarSchema.published)))
    guard schema.scalar != "0" else { return nil }
    let found = try await session.execute(
      Statement(Self.tablesQuery, .text(StarSchema.published)))
    let names = Set(found.rows.map { $0.text(0) })
    let others = names.subtracting(StarSchema.redshiftTables).sorted()
    guard others.isEmpty else { throw Self.occupied(others) }
    return StarSchema.redshiftTables.filter(names.contains)
  }

  private static func occupied(_ names: [String]) -> WarehouseError {
    let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
    return WarehouseError(
      .server, "could not publish: the schema \(StarSchema.published) holds other objects",
      detail: shown,
      hint: "Publishing replaces the whole schema: move them to a schema of their own, then run "
        + "publish again.")
  }

  private func swap(
    _ old: [String]?, _ grants: [RedshiftGrant], runID: Int, at now: Timestamp
  ) async throws(WarehouseError) {
    // The locks come first: what is read after them is as it stays.
    if let old, !old.isEmpty { try await session.execute(Self.lock(old)) }
    try await session.execute("SET statement_timeout TO 0")
    for statement in RedshiftKeys.declarations(in: StarSchema.build) {
      try await session.execute(statement)
    }
    for grant in grants { try await session.execute(grant.statement(in: StarSchema.build)) }
    for statement in Self.swap(isReplacing: old) { try await replace(statement) }
    try await session.execute(
      Statement(Self.insertPublication, Parameter(runID), .text(now.sqlText)))
  }

  /// What people hung on an old table, a view of a schema of their own, is theirs to loosen.
  private func replace(_ statement: String) async throws(WarehouseError) {
    do throws(WarehouseError) {
      try await session.execute(statement)
    } catch  where error.sqlState == "2BP01" {
      throw WarehouseError(
        .server, "could not replace the published star: other objects hang on it",
        detail: error.detail ?? error.message,
        hint: "Make those views WITH NO SCHEMA BINDING, which find their tables by name, or drop "
          + "them; then run publish again.", sqlState: error.sqlState)
    }
  }

  private func vacuum() async {
    for statement in Self.care {
      do throws(WarehouseError) { try await session.execute(statement) } catch {
        observe("left out: \(statement): \(error.message)")
      }
    }
  }
}
