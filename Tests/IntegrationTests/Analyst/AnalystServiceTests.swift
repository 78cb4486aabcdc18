import Synchronization
import Testing

@testable import Console
@testable import Warehouse

/// What the analyst's screens ask of a real server.
@Suite("The analyst's part of the service")
struct AnalystServiceTests {
  private struct Place {
    var warehouse: TestWarehouse
    var service: ConnectedWarehouse
    var folder: String

    init() async throws {
      warehouse = try await TestWarehouse()
      folder = try TemporaryFolder.make()
      let options = ConfigurationOptions(
        overrides: [
          "CLUSTER.HOST=\(warehouse.settings.host ?? "")",
          "CLUSTER.DB_NAME=\(warehouse.settings.database ?? "")",
          "CLUSTER.DB_USER=\(warehouse.settings.user ?? "")",
        ], workingFolder: folder, homeFolder: folder, environment: [:])
      service = ConnectedWarehouse(
        options: options, stateFolder: StateFolder(home: folder + "/home", options: options))
      try await warehouse.session.execute("CREATE SCHEMA sparkify")
      try await warehouse.session.execute(
        "CREATE TABLE sparkify.things AS SELECT n AS id, n % 3 AS grade FROM generate_series(1, 5000) AS n"
      )
      try await warehouse.session.execute("ALTER TABLE sparkify.things ADD PRIMARY KEY (id)")
    }

    func query() async throws -> BrowseQuery {
      let browse = Browse(warehouse.session)
      let summary = try #require(
        try await browse.tables().first { $0.name.table.name == "things" })
      return BrowseQuery(try await browse.table(summary))
    }

    /// How many sessions of others work on a statement with this text.
    func working(_ text: String) async throws -> String? {
      try await warehouse.scalar(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND query LIKE '%\(text)%'
          AND pid <> pg_backend_pid()
        """)
    }

    func text(_ name: String) throws -> String {
      String(decoding: try FileSystem.read(folder + "/" + name), as: UTF8.self)
    }

    var files: [String] { get throws { try FileSystem.names(in: folder) } }
  }

  private func run(
    _ sql: String, _ service: ConnectedWarehouse, writes: Bool = false
  ) async throws -> [[String?]] {
    let kept = Mutex<[[String?]]>([])
    let receive: @Sendable (QueryRun.Event) -> Void = { event in
      if case .rows(let rows) = event { kept.withLock { $0 += rows } }
    }
    let gate = RowGate(limit: .max)
    // More than all is all.
    gate.open(for: 1000)
    let run = QueryRun([Statement(sql)], access: writes ? .writing : .reading)
    _ =
      writes
      ? try await service.runWriting(run, gate: gate, receive: receive)
      : try await service.runQuery(run, for: .queries, gate: gate, receive: receive)
    return kept.withLock { $0 }
  }

  @Test("writes what a table shows, in its order, whole")
  func export() async throws {
    let place = try await Place()
    var query = try await place.query()
    query.filters = [.equals("grade", "1")]
    query.order = BrowseOrder(column: 1, isDescending: true)
    let run = QueryRun(Browse.export(query, columns: [1, 0]))
    let request = ExportRequest(source: .run(run, .unknown), path: "~/a.csv")
    #expect(await !place.service.fileExists("~/a.csv"))
    #expect(try await place.service.export(request) { _ in } == 1667)
    #expect(await place.service.fileExists("~/a.csv"))
    let lines = try place.text("a.csv").split(separator: "\r\n")
    #expect(lines.first == "grade,id" && lines.count == 1668)
    #expect(lines[1] == "1,4999" && lines.last == "1,1")
    let again = try await failure { () async throws(WarehouseError) in
      try await place.service.export(request) { _ in }
    }
    #expect(again.kind == .usage)
    var replacing = request
    (replacing.replaces, replacing.format) = (true, .jsonLines)
    #expect(try await place.service.export(replacing) { _ in } == 1667)
    #expect(try place.text("a.csv").hasPrefix("{\"grade\":1,\"id\":4999}\n"))
    await place.service.leave()
  }

  @Test("leaves no file of an export that fails in the middle, or is cancelled")
  func broken() async throws {
    let place = try await Place()
    let failing = ExportRequest(
      source: .run(QueryRun([Statement("SELECT 1 / (4000 - id) FROM things")]), .unknown),
      path: "~/b.csv")
    let error = try await failure { () async throws(WarehouseError) in
      try await place.service.export(failing) { _ in }
    }
    #expect(error.sqlState == "22012")
    let endless = ExportRequest(
      source: .run(
        QueryRun([Statement("SELECT generate_series(1, 1000000000) AS endless")]), .unknown),
      path: "~/c.csv")
    let written = Mutex(0)
    let task = Task {
      try await place.service.export(endless) { count in written.withLock { $0 = count } }
    }
    try await eventually("rows are written") { written.withLock { $0 > 1000 } }
    #expect(try !place.files.contains("c.csv"))
    task.cancel()
    let cancelled = await task.result
    #expect(throws: WarehouseError.self) { try cancelled.get() }
    #expect(try place.files.allSatisfy { !$0.contains(".csv") })
    #expect(
      try await place.warehouse.scalar(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND query LIKE '%AS endless'
          AND pid <> pg_backend_pid()
        """) == "0")
    await place.service.leave()
  }

  @Test("copies a saved query to where a person may write, under a title of its own")
  func copies() async throws {
    let place = try await Place()
    let near = place.folder + "/queries"
    try FileSystem.makeFolder(near, mode: 0o755)
    try FileSystem.create(near + "/songs.sql", "-- title: Songs\n-- group: A\nSELECT 1\n")
    let path = try await place.service.copyQuery("songs", to: "mine")
    #expect(path == near + "/mine.sql")
    #expect(try place.text("queries/mine.sql") == "-- title: Songs (copy)\n-- group: A\nSELECT 1\n")
    for name in ["", "a/b", ".hidden", "mine", "mine.sql"] {
      let error = try await failure { () async throws(WarehouseError) in
        try await place.service.copyQuery("songs", to: name)
      }
      #expect(error.kind == .usage)
    }
    #expect(
      try await place.service.createQuery("own", "-- title: Own\nSELECT 1\n") == near + "/own.sql")
    let refusal = try await failure { () async throws(WarehouseError) in
      try await place.service.createQuery("other", "-- param: level\nSELECT 1\n")
    }
    #expect(refusal.kind == .usage)
    try FileSystem.create(near + "/pie.sql", "-- chart: pie x=a\nSELECT 1 AS a\n")
    let listing = await place.service.savedQueries()
    #expect(listing.queries.contains { $0.title == "Songs (copy)" })
    // It is told at once, and can be run all the same.
    #expect(listing.problems.map(\.name) == ["pie"])
    #expect(listing.problems.first?.error.message == "could not read the chart \"pie x=a\"")
    #expect(listing.queries.contains { $0.name == "pie" })
    #expect(listing.queries.contains { $0.title == "Own" } && listing.paths["other"] == nil)
    await place.service.leave()
  }

  @Test("writes new queries to a folder of the person's own, and makes it when there is none")
  func ownFolder() throws {
    let folder = try TemporaryFolder.make()
    try FileSystem.makeFolder(folder + "/share", mode: 0o755)
    let places = ["here", "config/sparkify/queries", "share"].map { folder + "/" + $0 }
    let library = QueryLibrary(folders: places, own: 2)
    #expect(library.folders == [folder + "/share"])
    #expect(try library.create("a", "SELECT 1") == places[1] + "/a.sql")
    try FileSystem.makeFolder(places[0], mode: 0o755)
    #expect(try library.create("b.sql", "SELECT 1") == places[0] + "/b.sql")
  }

  @Test("gives each query a session of its own, and the idle one to the next")
  func pool() async throws {
    let place = try await Place()
    let first = try await run("SELECT pg_backend_pid()", place.service)
    #expect(try await run("SELECT pg_backend_pid()", place.service) == first)
    let gate = RowGate(limit: 1)
    let isPaused = Mutex(false)
    let paused = Task {
      let run = QueryRun([Statement("SELECT generate_series(1, 100000)")])
      return try await place.service.runQuery(run, for: .queries, gate: gate) { event in
        if event == .paused { isPaused.withLock { $0 = true } }
      }
    }
    try await eventually("a result waits") { isPaused.withLock { $0 } }
    #expect(try await run("SELECT pg_backend_pid()", place.service) != first)
    gate.close()
    #expect(try await paused.value == .cut)
    await place.service.leave()
  }

  @Test("stops the server when a plan that runs its query is cancelled")
  func cancelledPlan() async throws {
    let place = try await Place()
    let task = Task {
      try await place.service.explain(
        Statement("SELECT pg_sleep(599)"), analyze: true, for: .queries)
    }
    try await eventually("it sleeps") { try await place.working("pg_sleep(599)") == "1" }
    task.cancel()
    let ended = await task.result
    #expect(throws: WarehouseError.cancelled) { try ended.get() }
    #expect(try await place.working("pg_sleep(599)") == "0")
    await place.service.leave()
  }

  @Test("ends the sessions of one screen's queries at the server, and nobody else's")
  func terminate() async throws {
    let place = try await Place()
    let task = Task { try await run("SELECT pg_sleep(600)", place.service) }
    try await eventually("it sleeps") { try await place.working("pg_sleep(600)") == "1" }
    _ = try await run("BEGIN", place.service, writes: true)
    let gate = RowGate(limit: 1)
    let isPaused = Mutex(false)
    let other = Task {
      let run = QueryRun([Statement("SELECT generate_series(1, 100000)")])
      return try await place.service.runQuery(run, for: .sql, gate: gate) { event in
        if event == .paused { isPaused.withLock { $0 = true } }
      }
    }
    try await eventually("a result waits") { isPaused.withLock { $0 } }
    try await place.service.terminateQueries(of: .queries)
    let ended = await task.result
    #expect(throws: WarehouseError.self) { try ended.get() }
    gate.close()
    #expect(try await other.value == .cut)
    #expect(await place.service.openTransaction() == .open)
    try await place.service.terminateQueries(of: .changes)
    try await eventually("its transaction is gone") {
      try await place.warehouse.scalar(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state LIKE 'idle in transaction%'
        """) == "0"
    }
    #expect(try await run("SELECT 1", place.service) == [["1"]])
    await place.service.leave()
  }

  @Test("keeps a page that was cancelled apart from those that were asked for after it")
  func pages() async throws {
    let place = try await Place()
    var slow = try await place.query()
    slow.filters = [.expression("(SELECT count(*) FROM (SELECT pg_sleep(598)) AS s) > 0")]
    var quick = slow
    quick.filters = [.expression("id < 3")]
    let (first, next) = (slow, quick)
    let service = place.service
    let cancelled = Task { try await service.answer(.page(first, .first), on: .pages) }
    try await eventually("it sleeps") { try await place.working("pg_sleep(598)") == "1" }
    let late = (0..<20).map { _ in
      Task { try await service.answer(.page(next, .first), on: .pages) }
    }
    cancelled.cancel()
    for task in late.dropLast() { task.cancel() }
    guard case .page(let page)? = try await late.last?.value else {
      Issue.record("no page came")
      return
    }
    #expect(page.rows.map { $0[0] } == ["1", "2"])
    let end = await cancelled.result
    #expect(throws: WarehouseError.cancelled) { try end.get() }
    guard case .list(let tables) = try await service.answer(.list, on: .list) else { return }
    #expect(tables.contains { $0.name.table.name == "things" && $0.rows == .exact(5000) })
    await place.service.leave()
  }

  @Test("runs what changes things on one session, so that a transaction is one")
  func transaction() async throws {
    let place = try await Place()
    _ = try await run("BEGIN", place.service, writes: true)
    #expect(await place.service.openTransaction() == .open)
    _ = try await run("DELETE FROM sparkify.things", place.service, writes: true)
    #expect(try await place.warehouse.scalar("SELECT count(*) FROM sparkify.things") == "5000")
    _ = try await failure { () async throws(WarehouseError) in
      let run = QueryRun([Statement("SELECT nothing")], access: .writing)
      return try await place.service.runWriting(run, gate: RowGate(limit: 1)) { _ in }
    }
    #expect(await place.service.openTransaction() == .failed)
    _ = try await run("ROLLBACK", place.service, writes: true)
    #expect(await place.service.openTransaction() == nil)
    _ = try await run("BEGIN", place.service, writes: true)
    _ = try await run("DELETE FROM sparkify.things WHERE id > 1", place.service, writes: true)
    _ = try await run("COMMIT", place.service, writes: true)
    #expect(try await place.warehouse.scalar("SELECT count(*) FROM sparkify.things") == "1")
    // What is not committed when changes are locked again is gone.
    _ = try await run("BEGIN", place.service, writes: true)
    _ = try await run("DELETE FROM sparkify.things", place.service, writes: true)
    await place.service.endWriting()
    #expect(await place.service.openTransaction() == nil)
    #expect(try await place.warehouse.scalar("SELECT count(*) FROM sparkify.things") == "1")
    await place.service.leave()
  }

  @Test("shows how many rejects this session bears among the values of the configuration")
  func sessionValues() async throws {
    let place = try await Place()
    try await place.service.setMaxRejects(12)
    let status = await place.service.status { _ in }
    let entry = try #require(status.configuration.first { $0.id == .maxRejects })
    #expect(entry.value == "12" && entry.origin.text == "this session")
    #expect(status.maxRejects == 12)
    #expect(status.newConfigurationPath == place.folder + "/dwh.cfg")
    await place.service.leave()
  }

  @Test("names an error's place in the SQL as it was written")
  func errors() async throws {
    let place = try await Place()
    let text = "SELECT :level, * FROM things WHERE grade = :grade AND nothing = 1"
    let query = try SavedQuery(name: "x", text: text)
    let script = try query.script(["level": "paid", "grade": "1"])
    let error = try await failure { () async throws(WarehouseError) in
      try await place.service.runQuery(
        QueryRun(script.statements), for: .queries, gate: RowGate(limit: 1)
      ) { _ in }
    }
    let range = try #require(text.firstRange(of: "nothing"))
    #expect(error.position == text.distance(from: text.startIndex, to: range.lowerBound) + 1)
    let statement = try #require(script.statements.first)
    let plan = try await failure { () async throws(WarehouseError) in
      try await place.service.explain(statement, analyze: false, for: .queries)
    }
    #expect(plan.position == error.position)
    await place.service.leave()
  }
}
