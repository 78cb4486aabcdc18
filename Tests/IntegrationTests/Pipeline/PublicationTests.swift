import Synchronization
import Testing

@testable import Warehouse

@Suite("Publishing")
struct PublicationTests {
  /// A warehouse with a published star of five users.
  private func published() async throws -> TestWarehouse {
    let warehouse = try await TestWarehouse()
    #expect(await warehouse.run(try TwoStars.new.get()).outcome == .succeeded)
    return warehouse
  }

  private func publishOld(
    on warehouse: TestWarehouse, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) async throws {
    let report = await warehouse.run(try TwoStars.old.get())
    #expect(report.outcome == .succeeded, "\(report.outcome)", sourceLocation: sourceLocation)
    #expect(
      try await warehouse.star() == TwoStars.stars().old, sourceLocation: sourceLocation)
  }

  /// A role of this test's own; roles belong to the whole cluster.
  private func role(on warehouse: TestWarehouse) async throws -> String {
    let name = "Reader of \"\(warehouse.settings.database ?? "")\""
    try await warehouse.session.execute("CREATE ROLE \(Identifier(name).sql)")
    return name
  }

  @Test("keeps what was granted: on tables, on columns, to all, with the right to grant")
  func grants() async throws {
    let warehouse = try await published()
    let session = warehouse.session
    let name = try await role(on: warehouse)
    let role = Identifier(name).sql
    for grant in [
      "GRANT USAGE ON SCHEMA sparkify TO \(role)",
      "GRANT SELECT ON sparkify.songplays TO \(role) WITH GRANT OPTION",
      "GRANT SELECT, TRIGGER ON sparkify.staging_events TO \(role)",
      "GRANT SELECT ON sparkify.songs TO PUBLIC",
      "GRANT SELECT (first_name), UPDATE (level) ON sparkify.users TO \(role)",
      "GRANT SELECT (hour) ON sparkify.time TO PUBLIC",
      "GRANT SELECT (name) ON sparkify.artists TO \(role) WITH GRANT OPTION",
    ] { try await session.execute(grant) }
    let query = """
      SELECT c.relname, t.attname, a.privilege_type, a.is_grantable,
        CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END
      FROM pg_class AS c LEFT JOIN pg_attribute AS t ON t.attrelid = c.oid AND t.attacl IS NOT NULL
      CROSS JOIN LATERAL aclexplode(coalesce(t.attacl, c.relacl)) AS a
      WHERE c.relnamespace = CAST('sparkify' AS regnamespace) AND c.relkind = 'r'
        AND a.grantee <> c.relowner
      ORDER BY 1, 2, 3, 5
      """
    let before = try await warehouse.rows(query)
    #expect(before.count == 8)
    try await publishOld(on: warehouse)
    #expect(try await warehouse.rows(query) == before)
    try await session.execute("SET ROLE \(role)")
    #expect(try await warehouse.scalar("SELECT count(*) FROM sparkify.songplays") == "9")
    #expect(try await warehouse.scalar("SELECT count(first_name) FROM sparkify.users") == "3")
    let refused = try await failure { () throws(WarehouseError) in
      try await session.execute("SELECT * FROM sparkify.users")
    }
    #expect(refused.sqlState == "42501")
  }

  @Test("sends autovacuum away from a published table, however long that would take")
  func autovacuum() async throws {
    let cluster = try await ThrowawayCluster(["autovacuum_naptime = 1"])
    let warehouse = try await TestWarehouse(at: cluster.settings)
    #expect(await warehouse.run(try TwoStars.new.get()).outcome == .succeeded)
    try await warehouse.session.execute(
      """
      DO $$ BEGIN
        FOR i IN 1..2000 LOOP UPDATE sparkify.songplays SET level = level; END LOOP;
      END $$
      """)
    try await warehouse.session.execute(
      """
      ALTER TABLE sparkify.songplays SET (autovacuum_vacuum_threshold = 0,
        autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)
      """)
    try await eventually("autovacuum works on the table") {
      try await warehouse.scalar("SELECT count(*) FROM pg_stat_progress_vacuum") == "1"
    }
    try await publishOld(on: warehouse)
    await cluster.cluster.leave()
  }

  @Test("makes the views over it again, those on views too, with all that hangs on them")
  func views() async throws {
    let warehouse = try await published()
    let session = warehouse.session
    let role = Identifier(try await role(on: warehouse)).sql
    for statement in [
      "CREATE SCHEMA \"Reports; DROP\"",
      "CREATE VIEW sparkify.plays AS SELECT songplay_id, user_id, hour "
        + "FROM sparkify.songplays JOIN sparkify.time USING (start_time)",
      "CREATE VIEW \"Reports; DROP\".\"by hour\" WITH (security_barrier = true) AS "
        + "SELECT hour, count(*) AS plays FROM sparkify.plays GROUP BY hour",
      "COMMENT ON VIEW \"Reports; DROP\".\"by hour\" IS 'it''s; \"mine\"'",
      "CREATE MATERIALIZED VIEW sparkify.people AS SELECT u.user_id, p.hour "
        + "FROM sparkify.users AS u LEFT JOIN sparkify.plays AS p USING (user_id)",
      "CREATE INDEX people_by_hour ON sparkify.people (hour, user_id)",
      "CREATE UNIQUE INDEX \"people; one\" ON sparkify.people (user_id, hour) WHERE hour > 99",
      "GRANT SELECT ON sparkify.plays, sparkify.people TO \(role)",
      "GRANT SELECT ON \"Reports; DROP\".\"by hour\" TO PUBLIC",
      "ALTER VIEW sparkify.plays OWNER TO \(role)",
      "GRANT SELECT ON sparkify.songplays, sparkify.time TO \(role)",
      "GRANT USAGE, CREATE ON SCHEMA sparkify TO \(role)",
    ] { try await session.execute(statement) }
    let catalog = """
      SELECT n.nspname, c.relname, c.relkind, pg_get_userbyid(c.relowner), c.reloptions,
        coalesce(c.relacl, acldefault('r', c.relowner)), obj_description(c.oid, 'pg_class'),
        CASE WHEN c.relkind <> 'i' THEN pg_get_viewdef(c.oid) ELSE pg_get_indexdef(c.oid) END
      FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE (n.nspname = 'Reports; DROP' OR n.nspname = 'sparkify')
        AND (c.relkind IN ('v', 'm') OR c.relname LIKE 'people%')
      ORDER BY 1, 2
      """
    let before = try await warehouse.rows(catalog)
    #expect(before.count == 5)
    try await publishOld(on: warehouse)
    for (row, old) in zip(try await warehouse.rows(catalog), before) { #expect(row == old) }
    #expect(try await warehouse.rows(catalog).count == before.count)
    #expect(try await warehouse.scalar("SELECT count(*) FROM sparkify.people") == "9")
    #expect(
      try await warehouse.scalar("SELECT sum(plays) FROM \"Reports; DROP\".\"by hour\"") == "9")
  }

  @Test("leaves other tables in the published schema alone, and a function that reads the star")
  func others() async throws {
    let warehouse = try await published()
    let session = warehouse.session
    try await session.execute("CREATE TABLE sparkify.notes (text text)")
    try await session.execute("INSERT INTO sparkify.notes VALUES ('mine')")
    try await session.execute(
      "CREATE FUNCTION sparkify.plays() RETURNS bigint LANGUAGE sql "
        + "AS 'SELECT count(*) FROM sparkify.songplays'")
    try await session.execute("COMMENT ON TABLE sparkify.songs IS 'the catalogue'")
    try await session.execute("COMMENT ON COLUMN sparkify.songs.year IS '0 is unknown'")
    try await publishOld(on: warehouse)
    #expect(try await warehouse.rows("SELECT * FROM sparkify.notes") == ["mine"])
    #expect(try await warehouse.scalar("SELECT sparkify.plays()") == "9")
    #expect(
      try await warehouse.scalar(
        "SELECT obj_description(CAST('sparkify.songs' AS regclass), 'pg_class')")
        == "the catalogue")
    #expect(
      try await warehouse.scalar(
        "SELECT col_description(CAST('sparkify.songs' AS regclass), attnum) FROM pg_attribute "
          + "WHERE attrelid = CAST('sparkify.songs' AS regclass) AND attname = 'year'")
        == "0 is unknown")
  }

  @Test("stops where somebody's table hangs on a published one, instead of cutting the tie")
  func foreignKeyOfOthers() async throws {
    let warehouse = try await published()
    try await warehouse.session.execute(
      "CREATE TABLE sparkify.favourites (song_id varchar(32) REFERENCES sparkify.songs)")
    let report = await warehouse.run(try TwoStars.old.get())
    #expect(report.failedStage == .publish)
    #expect(report.error?.description.contains("favourites") == true, "\(report.outcome)")
    #expect(try await warehouse.star() == TwoStars.stars().new)
    #expect(
      try await warehouse.scalar(
        "SELECT count(*) FROM pg_constraint WHERE contype = 'f' "
          + "AND conrelid = CAST('sparkify.favourites' AS regclass)") == "1")
    try await warehouse.session.execute("DROP TABLE sparkify.favourites")
    let publish = await warehouse.run(try TwoStars.old.get(), .only([.publish]))
    #expect(publish.outcome == .succeeded)
  }

  @Test("stops with the name of a view that no longer fits, and the old star stays")
  func viewThatNoLongerFits() async throws {
    let warehouse = try await published()
    let session = warehouse.session
    // Fits now, and not what the next run builds.
    try await session.execute("ALTER TABLE sparkify.users ADD COLUMN shoe_size integer")
    try await session.execute(
      "CREATE VIEW sparkify.\"shoe sizes\" AS SELECT shoe_size FROM sparkify.users")
    try await session.execute("CREATE VIEW sparkify.fine AS SELECT count(*) FROM sparkify.songs")
    let report = await warehouse.run(try TwoStars.old.get())
    #expect(report.failedStage == .publish)
    #expect(
      report.error?.message
        == "could not make the view sparkify.shoe sizes again over the new star")
    #expect(report.error?.hint == "Drop or change that view, then run publish again.")
    #expect(try await warehouse.star() == TwoStars.stars().new)
    #expect(try await warehouse.scalar("SELECT count(*) FROM sparkify.\"shoe sizes\"") == "5")
    #expect(try await warehouse.scalar("SELECT * FROM sparkify.fine") == "5")
    try await session.execute("DROP VIEW sparkify.\"shoe sizes\"")
    let publish = await warehouse.run(try TwoStars.old.get(), .only([.publish]))
    #expect(publish.outcome == .succeeded)
    #expect(try await warehouse.star() == TwoStars.stars().old)
    #expect(try await warehouse.scalar("SELECT * FROM sparkify.fine") == "3")
  }

  @Test("waits for a reader in the middle of the old star, who reads on undisturbed")
  func waitsForReader() async throws {
    let warehouse = try await published()
    let reader = try await warehouse.open()
    try await reader.execute("BEGIN")
    #expect(try await reader.execute("SELECT count(*) FROM songplays").scalar == "15")
    let run = Task { await warehouse.run(try TwoStars.old.get()) }
    try await warehouse.waitUntilRunIsBlocked()
    #expect(try await reader.execute("SELECT count(*) FROM songplays").scalar == "15")
    let fresh = try await warehouse.open()
    #expect(try await fresh.execute("SELECT count(*) FROM users").scalar != nil)
    try await reader.execute("COMMIT")
    #expect(try await run.value.outcome == .succeeded)
    #expect(try await reader.execute("SELECT count(*) FROM songplays").scalar == "9")
  }

  @Test("gives way to a reader who comes to the tables in another order")
  func givesWay() async throws {
    let warehouse = try await published()
    let reader = try await warehouse.open()
    try await reader.execute("BEGIN")
    try await reader.execute("SELECT * FROM source_files")
    let run = Task { await warehouse.run(try TwoStars.old.get()) }
    try await warehouse.waitUntilRunIsBlocked()
    // Each now has what the other wants: one must give way, and it is not the reader.
    for table in ["songplays", "users", "songs", "artists", "time", "staging_events"] {
      try await reader.execute("SELECT * FROM \(table)")
    }
    try await reader.execute("COMMIT")
    #expect(try await run.value.outcome == .succeeded)
  }

  @Test("shows readers the old star or the new one in each statement, never a mix, never none")
  func readersInALoop() async throws {
    let warehouse = try await published()
    let reader = try await warehouse.open()
    let answers = Mutex<[String: Int]>([:])
    let isOver = Mutex(false)
    let reading = Task {
      while !isOver.withLock({ $0 }) {
        // Both tables in one statement: it locks them before it looks.
        let row = try await reader.execute(
          "SELECT (SELECT count(*) FROM songplays) || ' ' || (SELECT count(*) FROM users) || ' ' "
            + "|| (SELECT count(*) FROM songplays JOIN users USING (user_id))")
        answers.withLock { $0[row.scalar ?? "", default: 0] += 1 }
      }
    }
    for _ in 1...4 {
      #expect(await warehouse.run(try TwoStars.old.get()).outcome == .succeeded)
      #expect(await warehouse.run(try TwoStars.new.get()).outcome == .succeeded)
    }
    isOver.withLock { $0 = true }
    try await reading.value
    #expect(answers.withLock { Set($0.keys) } == ["15 5 15", "9 3 9"])
  }
}
