import Testing

@testable import Warehouse

/// Paging against a real server: what the pages show is what ORDER BY gives.
@Suite struct BrowseTests {
  private func warehouse(_ statements: String...) async throws -> TestWarehouse {
    let warehouse = try await TestWarehouse()
    try await warehouse.session.execute("CREATE SCHEMA sparkify")
    try await warehouse.session.execute("SET search_path TO sparkify, public")
    for statement in statements { try await warehouse.session.execute(statement) }
    return warehouse
  }

  private func table(_ name: String, _ warehouse: TestWarehouse) async throws -> BrowsedTable {
    let browse = Browse(warehouse.session)
    let summary = try #require(try await browse.tables().first { $0.name.table.name == name })
    return try await browse.table(summary)
  }

  /// All rows, from page to page forwards; then backwards from the end.
  private func walk(
    _ query: BrowseQuery, _ warehouse: TestWarehouse, limit: Int
  ) async throws -> (forward: [[String?]], backward: [[String?]]) {
    let browse = Browse(warehouse.session)
    var forward: [[String?]] = []
    var page = try await browse.page(query, .first, limit: limit)
    forward += page.rows
    while page.hasMore, let last = page.rows.last {
      page = try await browse.page(
        query, .after(Browse.position(of: last, in: query)), limit: limit)
      forward += page.rows
    }
    page = try await browse.page(query, .last, limit: limit)
    var backward = page.rows
    while page.hasMore, let first = page.rows.first {
      page = try await browse.page(
        query, .before(Browse.position(of: first, in: query)), limit: limit)
      backward = page.rows + backward
    }
    return (forward, backward)
  }

  private static let things = """
    CREATE TABLE things AS
    SELECT n AS id, CASE WHEN n % 7 = 0 THEN NULL ELSE n % 5 END AS grade,
      CASE WHEN n % 11 = 0 THEN '' WHEN n % 13 = 0 THEN NULL ELSE 'näme ' || n % 9 END
        COLLATE "C" AS name,
      (n % 17) / 3.0::float8 AS share, timestamp '2018-11-01' + n % 19 * interval '1.001 s' AS at
    FROM generate_series(1, 500) AS n
    """

  @Test(arguments: [nil, "grade", "name", "share", "at", "id"], [false, true])
  func `Pages over ties and NULLs equal ORDER BY on the whole table`(
    column: String?, isDescending: Bool
  ) async throws {
    let warehouse = try await warehouse(
      Self.things, "ALTER TABLE things ADD PRIMARY KEY (id)", "ANALYZE things")
    let table = try await table("things", warehouse)
    let order = column.flatMap { table.place(of: $0) }.map {
      BrowseOrder(column: $0, isDescending: isDescending)
    }
    let query = BrowseQuery(table, order: order)
    let direction = isDescending && column != nil ? " DESC" : ""
    let terms = (column.map { [$0] } ?? []) + (column == "id" ? [] : ["id"])
    let sorted = try await warehouse.session.execute(
      "SELECT * FROM things ORDER BY " + terms.map { $0 + direction }.joined(separator: ", ")
    ).rows
    for limit in [1000, 500, 37] {
      let (forward, backward) = try await walk(query, warehouse, limit: limit)
      #expect(forward == sorted)
      #expect(backward == sorted)
    }
  }

  @Test(arguments: [nil, "grade"])
  func `A table without a key is paged in the order of its file`(column: String?) async throws {
    let warehouse = try await warehouse(
      Self.things, "INSERT INTO things SELECT * FROM things",
      "INSERT INTO things SELECT * FROM things", "DELETE FROM things WHERE id % 3 = 0")
    let table = try await table("things", warehouse)
    #expect(table.identity == .address)
    let query = BrowseQuery(
      table, order: column.flatMap { table.place(of: $0) }.map { BrowseOrder(column: $0) },
      filters: [.expression("id > 20 -- not the first")])
    let sorted = try await warehouse.session.execute(
      "SELECT *, ctid FROM things WHERE id > 20 ORDER BY " + (column.map { $0 + ", " } ?? "")
        + "ctid"
    ).rows
    let (forward, backward) = try await walk(query, warehouse, limit: 83)
    #expect(forward == sorted)
    #expect(backward == sorted)
  }

  @Test func `Filters built from values travel as parameters`() async throws {
    let warehouse = try await warehouse(
      "CREATE TABLE quotes (id int PRIMARY KEY, said text)",
      "INSERT INTO quotes VALUES (1, 'it''s'), (2, ''), (3, NULL), (4, '1; DROP TABLE quotes'), (5, 'ITS')"
    )
    let table = try await table("quotes", warehouse)
    func ids(_ filters: BrowseFilter...) async throws -> [String?] {
      let query = BrowseQuery(table, filters: filters)
      return try await Browse(warehouse.session).page(query, .first, limit: 10).rows.map { $0[0] }
    }
    #expect(try await ids(.equals("said", "it's")) == ["1"])
    #expect(try await ids(.equals("said", nil)) == ["3"])
    #expect(try await ids(.equals("said", "")) == ["2"])
    #expect(try await ids(.differs("said", "")) == ["1", "3", "4", "5"])
    #expect(try await ids(.differs("said", nil)) == ["1", "2", "4", "5"])
    #expect(try await ids(.contains("said", "Drop")) == ["4"])
    #expect(try await ids(.contains("said", "it"), .differs("id", "1")) == ["5"])
  }

  @Test func `A typed filter cannot write, whatever it calls`() async throws {
    let warehouse = try await warehouse(
      "CREATE TABLE notes (id int PRIMARY KEY)", "INSERT INTO notes VALUES (1)",
      """
      CREATE FUNCTION sparkify.wipe() RETURNS boolean LANGUAGE plpgsql AS
        $$ BEGIN DELETE FROM sparkify.notes; RETURN true; END $$
      """)
    let table = try await table("notes", warehouse)
    let browse = Browse(warehouse.session)
    for text in [
      "sparkify.wipe()",
      "set_config('transaction_read_only', 'off', true) = 'off' AND sparkify.wipe()",
      "true); DELETE FROM sparkify.notes; SELECT (true",
    ] {
      await #expect(throws: WarehouseError.self) {
        _ = try await browse.page(
          BrowseQuery(table, filters: [.expression(text)]), .first, limit: 10)
      }
    }
    #expect(try await warehouse.scalar("SELECT count(*) FROM notes") == "1")
  }

  @Test(
    arguments: [
      ("grade = 1 AND wrong > 2", 15), ("é = 1", 1), ("grade =", 8), ("name = 'x", 8),
    ])
  func `A mistake in a typed filter has its place in what was typed`(
    typed: String, place: Int
  ) async throws {
    let warehouse = try await warehouse(Self.things, "ALTER TABLE things ADD PRIMARY KEY (id)")
    let table = try await table("things", warehouse)
    let query = BrowseQuery(table, filters: [.equals("grade", "2"), .expression(typed)])
    let error = try await failure { () async throws(WarehouseError) in
      try await Browse(warehouse.session).page(query, .first, limit: 10)
    }
    #expect(error.kind == .server && error.position == place)
  }

  @Test func `A fraction of a dense key is met, and of text by its histogram`() async throws {
    let warehouse = try await warehouse(
      "CREATE TABLE plays AS SELECT n AS id, md5(n::text) AS code FROM generate_series(1, 20000) AS n",
      "ALTER TABLE plays ADD PRIMARY KEY (id)", "ANALYZE plays")
    let table = try await table("plays", warehouse)
    let browse = Browse(warehouse.session)
    let half = try await browse.page(BrowseQuery(table), .fraction(0.5), limit: 3)
    #expect(half.rows.map { $0[0] } == ["10001", "10002", "10003"])
    let query = BrowseQuery(table, order: BrowseOrder(column: 1))
    let third = try await browse.page(query, .fraction(0.25), limit: 1)
    let before = try await warehouse.session.execute(
      Statement("SELECT count(*) FROM plays WHERE code < $1", Parameter(third.rows.first?[1])))
    let rank = before.scalar.flatMap { Int($0) } ?? 0
    #expect((4500..<5500).contains(rank))
    let key = try await browse.page(BrowseQuery(table), .value("777"), limit: 1)
    #expect(key.rows.first?.first == "777")
  }

  @Test func `Large tables of the star have the count of the check, and no lock is waited for`()
    async throws
  {
    let warehouse = try await warehouse(
      "CREATE TABLE songplays AS SELECT n AS songplay_id, repeat('x', 100) AS agent FROM generate_series(1, 60000) AS n",
      "CREATE TABLE row_counts (table_name text, row_count bigint)",
      "INSERT INTO row_counts VALUES ('songplays', 60000), ('row_counts', 99)")
    let browse = Browse(warehouse.session)
    func rows(_ name: String) async throws -> TableSummary.Count? {
      try await browse.tables().first { $0.name.table.name == name }?.rows
    }
    #expect(try await rows("songplays") == .exact(60_000))
    // What is small is counted itself.
    #expect(try await rows("row_counts") == .exact(2))
    let other = try await warehouse.open()
    try await other.execute("BEGIN")
    try await other.execute("LOCK TABLE sparkify.songplays IN ACCESS EXCLUSIVE MODE")
    let error = try await failure { () async throws(WarehouseError) in try await browse.tables() }
    #expect(error.sqlState == "55P03")
    #expect(try await warehouse.scalar("SHOW lock_timeout") == "0")
    await other.close()
  }

  @Test func `A sort says whether an index serves it`() async throws {
    let warehouse = try await warehouse(
      "CREATE TABLE plays AS SELECT n AS id, n % 100 AS hour, -n AS back FROM generate_series(1, 50000) AS n",
      "ALTER TABLE plays ADD PRIMARY KEY (id)", "CREATE INDEX ON plays (back)", "ANALYZE plays")
    var large = try await table("plays", warehouse)
    large.summary.bytes = 1 << 30
    let table = large
    let browse = Browse(warehouse.session)
    let none = try await browse.sortCost(BrowseQuery(table), limit: 50)
    let hour = try await browse.sortCost(
      BrowseQuery(table, order: BrowseOrder(column: 1)), limit: 50)
    let back = try await browse.sortCost(
      BrowseQuery(table, order: BrowseOrder(column: 2, isDescending: true)), limit: 50)
    #expect(none.isCheap)
    #expect(!hour.isCheap)
    #expect(back.isCheap)
    #expect(hour.cost > 10 * none.cost)
  }

  @Test func `A sort of few rows is not told as one without an index`() async throws {
    let warehouse = try await warehouse(
      "CREATE TABLE plays AS SELECT n AS id, -n AS back FROM generate_series(1, 100) AS n",
      "ALTER TABLE plays ADD PRIMARY KEY (id)", "ANALYZE plays")
    var table = try await table("plays", warehouse)
    let browse = Browse(warehouse.session)
    let queries = (0...1).map { BrowseQuery(table, order: BrowseOrder(column: $0)) }
    for query in queries { #expect(try await browse.sortCost(query, limit: 50).isCheap) }
    // As a large table, the planner still sorts it, but there is an index for the key.
    table.summary.bytes = 1 << 30
    let large = (0...1).map { BrowseQuery(table, order: BrowseOrder(column: $0)) }
    #expect(try await browse.sortCost(large[0], limit: 50).isCheap)
    #expect(try await !browse.sortCost(large[1], limit: 50).isCheap)
  }

  @Test func `Rows behind a filter are counted where the table is small`() async throws {
    let warehouse = try await warehouse(
      Self.things, "ALTER TABLE things ADD PRIMARY KEY (id)", "ANALYZE things")
    let table = try await table("things", warehouse)
    let browse = Browse(warehouse.session)
    func page(
      _ filter: String, _ start: PageStart, of large: BrowsedTable? = nil
    ) async throws -> BrowsePage {
      try await browse.page(
        BrowseQuery(large ?? table, filters: [.expression(filter)]), start, limit: 20)
    }
    #expect(try await page("id > 100", .first).total == 400)
    #expect(try await page("id > 100", .last).total == 400)
    #expect(try await page("id > 490", .first).total == nil)
    // It fails at a row that the page does not show.
    #expect(try await page("100 / (400 - id) < 1000", .first).total == nil)
    #expect(try await browse.page(BrowseQuery(table), .first, limit: 20).total == nil)
    var large = table
    large.summary.bytes = 1 << 30
    #expect(try await page("id > 100", .first, of: large).total == nil)
  }

  @Test(arguments: [
    ("true) or (id is null", 5), ("id > 1 or (id < 0", 11), ("id > 1)", 7),
  ])
  func `A filter cannot reach over its own parentheses`(filter: String, place: Int) async throws {
    let warehouse = try await warehouse(
      Self.things, "ALTER TABLE things ADD PRIMARY KEY (id)", "ANALYZE things")
    let table = try await table("things", warehouse)
    let query = BrowseQuery(table, filters: [.equals("id", "1"), .expression(filter)])
    let error = try await failure { () async throws(WarehouseError) in
      try await Browse(warehouse.session).page(query, .first, limit: 20)
    }
    #expect(error.kind == .usage)
    #expect(error.position == place)
  }

  @Test func `Parentheses in texts, names and comments do not count`() async throws {
    let warehouse = try await warehouse(
      Self.things, "ALTER TABLE things ADD PRIMARY KEY (id)", "ANALYZE things")
    let filter = "((id) < 4) AND name <> ':)' AND ')' = $$)$$ -- ("
    let query = BrowseQuery(try await table("things", warehouse), filters: [.expression(filter)])
    let page = try await Browse(warehouse.session).page(query, .first, limit: 20)
    #expect(page.rows.count == 3)
  }

  @Test func `A view shows its first rows`() async throws {
    let warehouse = try await warehouse(
      Self.things, "CREATE VIEW grades AS SELECT grade FROM things")
    let table = try await table("grades", warehouse)
    #expect(table.identity == .none)
    let page = try await Browse(warehouse.session).page(BrowseQuery(table), .first, limit: 30)
    #expect(page.rows.count == 30)
    #expect(page.hasMore)
  }

  @Test(arguments: ["grade", "name", "share", "at"], [false, true])
  func `A view sorted by a column shows its NULL rows, too`(
    column: String, isDescending: Bool
  ) async throws {
    let warehouse = try await warehouse(
      Self.things, "CREATE VIEW seen AS SELECT grade, name, share, at FROM things")
    let table = try await table("seen", warehouse)
    let place = try #require(table.place(of: column))
    let query = BrowseQuery(table, order: BrowseOrder(column: place, isDescending: isDescending))
    let browse = Browse(warehouse.session)
    let whole = try await browse.page(query, .first, limit: 1000)
    let sorted = try await warehouse.session.execute(
      "SELECT \(column) FROM seen ORDER BY \(column)\(isDescending ? " DESC" : "")")
    #expect(whole.rows.map { $0[place] } == sorted.rows.map { $0[0] })
    #expect(!whole.hasMore)
    let first = try await browse.page(query, .first, limit: 30)
    #expect(first.rows.map { $0[place] } == sorted.rows.prefix(30).map { $0[0] })
    #expect(first.hasMore)
  }

  @Test func `A profile tells nulls, distinct values, ends, frequencies and a histogram`()
    async throws
  {
    let warehouse = try await warehouse(
      Self.things, "ALTER TABLE things ADD PRIMARY KEY (id)", "ANALYZE things")
    let table = try await table("things", warehouse)
    let browse = Browse(warehouse.session)
    let grade = try await browse.profile(BrowseQuery(table), column: table.columns[1])
    #expect(grade.rows == 500)
    #expect(grade.nulls == 71)
    #expect(grade.distinct == 5)
    #expect(grade.least == "0")
    #expect(grade.greatest == "4")
    #expect(grade.top.reduce(0) { $0 + $1.count } == 500)
    #expect(grade.histogram.reduce(0, +) == 429)
    #expect(!grade.isSample)
    let filtered = try await browse.profile(
      BrowseQuery(table, filters: [.equals("grade", "3"), .expression("id <= 100")]),
      column: table.columns[4])
    #expect(filtered.least?.hasPrefix("2018-11-01 00:00:0") == true)
    #expect(filtered.histogram.reduce(0, +) == filtered.rows)
    let name = try await browse.profile(BrowseQuery(table), column: table.columns[2])
    #expect(name.top.count == 10 && name.top.allSatisfy { $0.count > 30 })
    #expect(name.histogram.isEmpty)
  }

  @Test func `From a play to its staged event, file and line; and broken down by a dimension`()
    async throws
  {
    let source = try SourceFolder.small(users: 20)
    let warehouse = try await TestWarehouse()
    let report = await warehouse.run(source)
    #expect(report.outcome == .succeeded)
    let browse = Browse(warehouse.session)
    let summary = try #require(
      try await browse.tables().first { $0.name == TableName("sparkify", "songplays") })
    let table = try await browse.table(summary)
    #expect(table.links.count == 4)
    #expect(table.key == [0])
    let page = try await browse.page(BrowseQuery(table), .first, limit: 100)
    for row in page.rows {
      let play = Dictionary(
        uniqueKeysWithValues: zip(table.columns.map(\.name), row.map(Optional.some)))
      let origin = try #require(
        try await browse.origin(ofPlay: play.mapValues { $0 ?? nil }, in: Identifier("sparkify")))
      #expect(origin.path != nil)
      #expect(origin.line != nil)
    }
    let attributes = try await browse.attributes(of: table)
    let gender = try #require(attributes.first { $0.title == "users.gender" })
    let result = try await browse.breakdown(BrowseQuery(table), by: gender, limit: 100)
    let sum = result.rows.reduce(0) { $0 + ($1.integer(1) ?? 0) }
    #expect(sum == page.rows.count)
    try await measures(of: table, by: attributes, warehouse)
  }

  /// Each row of each breakdown is made of as many rows as a filter by its value lets through.
  private func measures(
    of table: BrowsedTable, by attributes: [BreakdownAttribute], _ warehouse: TestWarehouse
  ) async throws {
    let browse = Browse(warehouse.session)
    #expect(
      table.measures == [
        .rows, .distinct("user_id"), .distinct("song_id"), .distinct("artist_id"),
        .distinct("session_id"),
      ])
    let query = BrowseQuery(table, filters: [.expression("session_id > 1")])
    for title in ["users.gender", "time.hour", "songs.duration", "songs.title", "level"] {
      let attribute = try #require(attributes.first { $0.title == title })
      let result = try await browse.breakdown(
        query, .distinct("user_id"), by: attribute, limit: 100)
      #expect(!result.rows.isEmpty)
      for row in result.rows.prefix(5) {
        var behind = query
        behind.filters.append(.linked(attribute, row[0]))
        #expect(try await browse.exactCount(behind) == row.integer(2))
      }
    }
    let songs = try await self.table("songs", warehouse)
    #expect(songs.measures.contains(.mean("duration")) && !songs.measures.contains(.sum("year")))
    let artist = BreakdownAttribute(link: nil, column: "artist_id", type: "text")
    let mean = try await browse.breakdown(
      BrowseQuery(songs), .mean("duration"), by: artist, limit: 3)
    let expected = try await warehouse.session.execute(
      "SELECT artist_id, avg(duration::float8) FROM sparkify.songs GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3"
    )
    #expect(mean.rows.map { Array($0.prefix(2)) } == expected.rows)
  }
}
