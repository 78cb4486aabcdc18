/// Puts the build in place of the published star: old or new, readers see one of them whole.
///
/// All in one transaction: the views that people made over the published tables are noted and
/// dropped, the old tables are dropped, the new ones move into their schema, grants and
/// comments are repeated, views are made again. What else people keep in that schema stays where it is.
struct Publication: Sendable {
  let session: any Session
  let observe: @Sendable (String) -> Void

  private static let published = Identifier(StarSchema.published).sql
  private static let build = Identifier(StarSchema.build).sql

  /// How long one attempt waits for readers, and how many attempts there are. An exclusive lock
  /// that waits keeps new readers waiting behind it, so it waits briefly and tries again.
  ///
  /// Readers come to the tables in any order, and one may wait for a table that we hold while we
  /// wait for one of his. The server looks for such knots after `deadlock_timeout`, a second, and
  /// ends whoever looked first: we must have given way by then.
  private static let lockTimeout = "400ms"
  private static let attempts = 150

  /// How long one attempt waits for autovacuum, which the server sends away when somebody has
  /// waited for it for `deadlock_timeout` (PostgreSQL documentation, "Routine Vacuuming"). The
  /// lock that conflicts with it does not conflict with readers, so that none of them waits.
  private static let vacuumTimeout = "5s"

  /// The statements that move the tables, for people to read: grants and views come from the
  /// catalog at the time.
  static var outline: [String] {
    let tables = StarSchema.publishedTables.map { TableName(StarSchema.published, $0).sql }
    var steps = [createSchema, "BEGIN", presentTables, "-- the tables that are published already:"]
    for lock in locks {
      steps += [setTimeout(lock.timeout), lockStatement(tables, mode: lock.mode)]
    }
    steps += ["-- the views over them, their grants and comments", SQLText.selectDependentViews]
    steps += [SQLText.selectGrants, SQLText.selectComments, "-- DROP VIEW: each of those views"]
    for table in StarSchema.publishedTables { steps += move(table) }
    return steps + [
      "-- GRANT, COMMENT: each of those on the new tables",
      "-- CREATE VIEW: each of those views, with its owner, indexes, grants and comment",
      dropBuild, insertPublication, "COMMIT",
    ]
  }

  private static let createSchema = "CREATE SCHEMA IF NOT EXISTS \(published)"
  private static let dropBuild = "DROP SCHEMA \(build) CASCADE"
  private static let insertPublication =
    "INSERT INTO sparkify_ops.publications VALUES ($1, CAST($2 AS TIMESTAMP))"
  private static let presentTables =
    "SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename = ANY ($2)"

  /// The locks that are taken, in order: how long each is waited for, and its mode.
  private static let locks = [
    (timeout: vacuumTimeout, mode: "SHARE UPDATE EXCLUSIVE"),
    (timeout: lockTimeout, mode: "ACCESS EXCLUSIVE"),
  ]

  private static func setTimeout(_ timeout: String) -> String {
    "SET LOCAL lock_timeout = '\(timeout)'"
  }

  private static func lockStatement(_ names: [String], mode: String) -> String {
    "LOCK TABLE \(names.joined(separator: ", ")) IN \(mode) MODE"
  }

  private static func move(_ table: String) -> [String] {
    let name = Identifier(table).sql
    return [
      "DROP TABLE IF EXISTS \(published).\(name)",
      "ALTER TABLE \(build).\(name) RESET (autovacuum_enabled)",
      "ALTER TABLE \(build).\(name) SET SCHEMA \(published)",
    ]
  }

  /// Publishes the build of run `runID`.
  ///
  /// - Throws: `.server` when a step is refused; the published star is then as it was.
  func publish(runID: Int, at now: Timestamp) async throws(WarehouseError) {
    try await session.execute(Self.createSchema)
    for attempt in 1... {
      do {
        try await session.transaction { () async throws(WarehouseError) in
          try await swap(runID: runID, at: now)
        }
        return
      } catch  where Self.isForReaders(error) {
        guard attempt < Self.attempts else { throw Self.neverFree(error) }
        observe("waiting for readers of the published star (attempt \(attempt))")
      }
    }
  }

  private static func neverFree(_ error: WarehouseError) -> WarehouseError {
    WarehouseError(
      .server, "could not publish: other sessions read the published star all the time",
      detail: error.message,
      hint: "End those sessions, or wait for them, then run publish again: the build is kept.",
      sqlState: error.sqlState)
  }

  /// Whether a reader was in the way: a lock was not to be had in time, or we were the victim of a
  /// deadlock.
  private static func isForReaders(_ error: WarehouseError) -> Bool {
    ["55P03", "40P01"].contains(error.sqlState)
  }

  private func swap(runID: Int, at now: Timestamp) async throws(WarehouseError) {
    // The server takes the locks first, so that nobody makes a view between the look and the drop.
    try await lockPublishedTables()
    let views = try await dependentViews()
    let repeated = try await grants() + comments()
    for view in views.reversed() { try await session.execute(view.dropStatement) }
    for table in StarSchema.publishedTables { try await replace(table) }
    for statement in repeated { try await session.execute(statement) }
    for view in views {
      for statement in view.createStatements { try await recreate(view, statement) }
    }
    try await session.execute(Self.dropBuild)
    try await session.execute(
      Statement(Self.insertPublication, Parameter(runID), .text(now.sqlText)))
  }

  private func lockPublishedTables() async throws(WarehouseError) {
    let present = try await session.execute(
      Statement(
        Self.presentTables, .text(StarSchema.published),
        .text(Self.arrayLiteral(StarSchema.publishedTables))))
    let found = Set(present.rows.map { $0.text(0) })
    let names = StarSchema.publishedTables.filter(found.contains).map {
      TableName(StarSchema.published, $0).sql
    }
    for lock in Self.locks {
      try await session.execute(Self.setTimeout(lock.timeout))
      guard !names.isEmpty else { continue }
      try await session.execute(Self.lockStatement(names, mode: lock.mode))
    }
  }

  /// Drops the old table and moves the new one in its place. What people hung on the old one beside
  /// views, a foreign key of a table of their own, is theirs to loosen: it is not dropped with it.
  private func replace(_ table: String) async throws(WarehouseError) {
    do throws(WarehouseError) {
      for statement in Self.move(table) { try await session.execute(statement) }
    } catch  where error.sqlState == "2BP01" {
      throw WarehouseError(
        .server, "could not replace \(StarSchema.published).\(table): other objects hang on it",
        detail: error.detail ?? error.message,
        hint: "Drop or change those objects, then run publish again.", sqlState: error.sqlState)
    }
  }

  private func recreate(_ view: DependentView, _ statement: String) async throws(WarehouseError) {
    do {
      try await session.execute(statement)
    } catch  where error.kind == .server {
      throw WarehouseError(
        .server, "could not make the view \(view.name) again over the new star",
        detail: error.message, hint: "Drop or change that view, then run publish again.",
        sqlState: error.sqlState)
    }
  }

  private func grants() async throws(WarehouseError) -> [String] {
    let result = try await session.execute(
      Statement(SQLText.selectGrants, .text(StarSchema.published)))
    return result.rows.compactMap { row in
      guard StarSchema.publishedTables.contains(row.text(0)) else { return nil }
      let columns = row.optional(1).map { " (\(Identifier($0).sql))" } ?? ""
      let grantee = row.optional(4).map { Identifier($0).sql } ?? "PUBLIC"
      return "GRANT \(row.text(2))\(columns) ON \(Self.published).\(Identifier(row.text(0)).sql) "
        + "TO \(grantee)" + (row.text(3) == "t" ? " WITH GRANT OPTION" : "")
    }
  }

  private func comments() async throws(WarehouseError) -> [String] {
    let result = try await session.execute(
      Statement(
        SQLText.selectComments, .text(StarSchema.published), .text(StarSchema.build),
        .text(Self.arrayLiteral(StarSchema.publishedTables))))
    return result.rows.map { row in
      let table = Self.published + "." + Identifier(row.text(0)).sql
      let object = row.optional(1).map { "COLUMN \(table).\(Identifier($0).sql)" }
      return "COMMENT ON \(object ?? "TABLE \(table)") IS \(row.text(2).sqlLiteral)"
    }
  }

  private func dependentViews() async throws(WarehouseError) -> [DependentView] {
    let result = try await session.execute(
      Statement(
        SQLText.selectDependentViews, .text(StarSchema.published),
        .text(Self.arrayLiteral(StarSchema.publishedTables))))
    return result.rows.map(DependentView.init)
  }

  /// Our own table names as an array constant: none needs quoting.
  private static func arrayLiteral(_ names: [String]) -> String {
    "{" + names.joined(separator: ",") + "}"
  }
}

/// A view that people made over the published tables.
private struct DependentView {
  let name: TableName
  let isMaterialized: Bool
  let owner: String
  let definition: String
  let comment: String?
  let options: String?
  let grants: [String]
  let indexes: [String]

  init(row: [String?]) {
    name = TableName(row.text(0), row.text(1))
    isMaterialized = row.text(2) == "t"
    owner = row.text(3)
    definition = row.text(4)
    comment = row.optional(5)
    options = row.optional(6).flatMap { $0.isEmpty ? nil : $0 }
    grants = StatementSplitter.split(row.text(7)).map(\.text)
    indexes = StatementSplitter.split(row.text(8)).map(\.text)
  }

  private var kind: String { isMaterialized ? "MATERIALIZED VIEW" : "VIEW" }

  var dropStatement: String { "DROP \(kind) \(name.sql)" }

  var createStatements: [String] {
    let with = options.map { " WITH (\($0))" } ?? ""
    var statements = [
      "CREATE \(kind) \(name.sql)\(with) AS\n\(definition)",
      "ALTER \(kind) \(name.sql) OWNER TO \(Identifier(owner).sql)",
    ]
    if let comment {
      statements.append("COMMENT ON \(kind) \(name.sql) IS \(comment.sqlLiteral)")
    }
    return statements + indexes + grants
  }
}
