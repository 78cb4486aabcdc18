import Testing

@testable import Warehouse

@Suite("The pipeline on Redshift")
struct RedshiftPipelineTests {
  private static let source = Result { try SourceFolder.small(users: 6) }

  private static func warehouse(
    _ name: String, own: Bool = false
  ) async throws -> RedshiftWarehouse {
    try await RedshiftWarehouse(name, try source.get(), own: own)
  }

  @Test("gives the star that PostgreSQL gives, by a manifest, by somebody's paths and by names")
  func sameStar() async throws {
    let postgres = try await TestWarehouse()
    #expect(await postgres.run(try Self.source.get()).outcome == .succeeded)
    let expected = try await RedshiftWarehouse.star(on: postgres.session)
    #expect(expected["songplays"]?.count == 18)

    let redshift = try await Self.warehouse("same-star")
    let first = await redshift.run()
    #expect(first.outcome == .succeeded, "\(first.error.map(\.description) ?? "")")
    #expect(try await redshift.star() == expected)
    // What was written for COPY is gone.
    #expect(try redshift.objects(under: "work/") == 0)

    let paths =
      ["page", "ts", "sessionId", "itemInSession", "userId", "level", "song", "artist"]
      + ["length", "location", "userAgent", "firstName", "lastName", "gender", "weather"]
    let list = paths.map { "\"$['\($0)']\"" }.joined(separator: ", ")
    try redshift.put("{\"jsonpaths\": [\(list)]}", to: "paths.json")
    for form in [JSONPaths.file(.s3(bucket: "same-star", prefix: "paths.json")), .auto] {
      let report = await redshift.run {
        $0.copy.work = nil
        $0.copy.eventPaths = form
      }
      #expect(report.outcome == .succeeded, "\(report.error.map(\.description) ?? "")")
      #expect(try await redshift.star() == expected)
    }
  }

  @Test("declares keys once they are proved, keeps grants, and tells the skew")
  func publishing() async throws {
    let redshift = try await Self.warehouse("publishing")
    let first = await redshift.run()
    #expect(first.outcome == .succeeded, "\(first.error.map(\.description) ?? "")")
    #expect(first.checks["songplays-key"]?.verdict == .passed)
    #expect(first.checks["slice-skew"] != nil)
    try await redshift.session.execute("GRANT USAGE ON SCHEMA sparkify TO PUBLIC")
    try await redshift.session.execute("GRANT SELECT ON TABLE sparkify.users TO PUBLIC")
    let second = await redshift.run()
    #expect(second.outcome == .succeeded, "\(second.error.map(\.description) ?? "")")
    let granted = "SELECT count(*) FROM svv_relation_privileges WHERE identity_name = 'public' "
    #expect(try await redshift.scalar(granted + "AND relation_name = 'users'") == "1")
    let schema = "SELECT privilege_type FROM svv_schema_privileges "
    #expect(
      try await redshift.scalar(
        schema + "WHERE namespace_name = 'sparkify' AND identity_name = 'public'") == "USAGE")
  }

  @Test("is stopped by what other people keep in the published schema, and loses nothing")
  func occupied() async throws {
    let redshift = try await Self.warehouse("occupied")
    #expect(await redshift.run().outcome == .succeeded)
    try await redshift.session.execute("CREATE TABLE sparkify.mine (a INTEGER)")
    let table = await redshift.run()
    #expect(table.failedStage == .publish)
    #expect(table.error?.detail == "mine")
    try await redshift.session.execute("DROP TABLE sparkify.mine")
    try await redshift.session.execute("CREATE SCHEMA own")
    try await redshift.session.execute(
      "CREATE VIEW own.plays AS SELECT count(*) AS n FROM sparkify.songplays")
    let view = await redshift.run(.from(.publish))
    #expect(view.error?.message == "could not replace the published star: other objects hang on it")
    #expect(try await redshift.scalar("SELECT n FROM own.plays") == "18")
    try await redshift.session.execute("DROP VIEW own.plays")
    #expect(await redshift.run(.from(.publish)).outcome == .succeeded)
  }

  @Test("records what COPY refused, up to the number that is borne")
  func rejects() async throws {
    let redshift = try await Self.warehouse("rejects")
    try redshift.put(
      [
        Record.event(session: 90, item: 1, level: String(repeating: "é", count: 9)),
        Record.event(session: 90, item: 2, page: ""),
      ].joined(separator: "\n") + "\n{\"ts\": 1,\n", to: "logs/bad.json")
    let strict = await redshift.run(.only([.create, .stageEvents]))
    #expect(strict.failedStage == .stageEvents)
    #expect(strict.error?.kind == .input)
    #expect(strict.error?.detail?.contains("1 × String length exceeds DDL length (level)") == true)
    // What was written for COPY is gone, also after a failure.
    #expect(try redshift.objects(under: "work/") == 0)
    let borne = await redshift.run { $0.maxRejects = 5 }
    #expect(borne.outcome == .succeeded, "\(borne.error.map(\.description) ?? "")")
    let id = try await redshift.scalar("SELECT max(run_id) FROM sparkify_ops.runs")
    let detail = try #require(
      try await RunHistory(redshift.session).detail(of: id.flatMap { Int($0) } ?? 0))
    #expect(detail.rejects.first?.reject.column == "level")
    #expect(detail.rejects.first?.reject.line == 1)
    #expect(detail.rejects.first?.reject.reason.contains("\"ééééééééé\"") == true)
    // COPY tells no byte.
    #expect(detail.rejects.allSatisfy { $0.reject.byteOffset == nil })
    #expect(detail.rejectCount == 2)
  }

  @Test("finds out before it begins what COPY cannot read")
  func unreadable() async throws {
    let redshift = try await Self.warehouse("unreadable")
    try redshift.put("[{\"ts\": 1}]", to: "array/a.json")
    try redshift.put("{}", to: "mixed/a.json")
    try redshift.put("{}", to: "mixed/.hidden/b.json")
    let array = await redshift.run(.only([.create, .stageEvents])) {
      $0.eventSource = "s3://unreadable/array/"
    }
    #expect(array.error?.detail?.contains("stand in an array") == true)
    let hidden = await redshift.run(.only([.create, .stageEvents])) {
      $0.eventSource = "s3://unreadable/mixed/"
      $0.copy.work = nil
    }
    #expect(hidden.error?.message == "could not load s3://unreadable/mixed/ by its prefix")
    let folder = await redshift.run(.only([.create, .stageEvents])) { $0.eventSource = "/data" }
    #expect(folder.error?.detail == "Redshift reads files from S3 alone")
    try redshift.put("{\"jsonpaths\": [\"$['page']\"]}", to: "few.json")
    let paths = await redshift.run(.only([.create, .stageEvents])) {
      $0.copy.eventPaths = .file(.s3(bucket: "unreadable", prefix: "few.json"))
    }
    #expect(paths.error?.detail?.contains("it has no path for") == true)
    #expect(try redshift.objects(under: "work/") == 0)
  }

  @Test("refuses a file of paths that lies in another region than the data")
  func pathsElsewhere() async throws {
    let redshift = try await Self.warehouse("paths-elsewhere")
    try redshift.aws.makeBucket("paths-far")
    try redshift.aws.inject("redirect", "^GET /paths-far/")
    try redshift.aws.s3.put(
      Array("{\"jsonpaths\": [\"$['ts']\"]}".utf8), to: "p.json", in: "paths-far")
    let report = await redshift.run(.only([.create, .stageEvents])) {
      $0.copy.eventPaths = .file(.s3(bucket: "paths-far", prefix: "p.json"))
    }
    #expect(report.failedStage == .stageEvents)
    #expect(
      report.error?.detail?.contains("lies in eu-west-1") == true,
      "\(report.error.map(\.description) ?? "")")
  }

  @Test("removes what a run of this warehouse left that was killed, and nobody else's")
  func leftovers() async throws {
    let redshift = try await Self.warehouse("leftovers")
    try redshift.put("{}", to: "work/leftovers/run-0-1/staging_events.manifest")
    try redshift.put("{}", to: "work/other/run-0-1/staging_events.manifest")
    let report = await redshift.run()
    #expect(report.outcome == .succeeded, "\(report.error.map(\.description) ?? "")")
    #expect(try redshift.objects(under: "work/leftovers/") == 0)
    #expect(try redshift.objects(under: "work/other/") == 1)
    #expect(report.logged.contains { $0.hasPrefix("removed 1 files that an earlier run left") })
  }
}

@Suite("The pipeline on a Redshift that fails")
struct RedshiftFaultTests {
  private static func warehouse(
    _ name: String, own: Bool = false
  ) async throws -> RedshiftWarehouse {
    try await RedshiftWarehouse(name, try SourceFolder.small(users: 4), own: own)
  }

  /// Matches the COPYs of one bucket: other tests have others.
  private static func copies(of name: String) -> String { "sql:^COPY(.|\n)*s3://\(name)/" }

  @Test(
    "a COPY whose connection broke counts once, whether it had begun or not",
    arguments: ["cut", "cut-before"])
  func lostConnection(_ fault: String) async throws {
    let redshift = try await Self.warehouse("connection-\(fault)")
    try redshift.aws.inject(fault, Self.copies(of: "connection-\(fault)"))
    let report = await redshift.run()
    #expect(report.outcome == .succeeded, "\(report.error.map(\.description) ?? "")")
    #expect(report.logged.contains { $0.contains("asking what became of it") })
    #expect(report.logged.contains("the COPY had finished: 12 rows") == (fault == "cut"))
    #expect(try await redshift.scalar("SELECT count(*) FROM sparkify.staging_events") == "12")
  }

  @Test("a transaction that another one was in the way of is done again")
  func serialization() async throws {
    let redshift = try await Self.warehouse("serialization", own: true)
    try redshift.aws.inject("1023", "sql:^INSERT INTO \"songplays\"", times: 2)
    try redshift.aws.inject("1023", "sql:^ALTER SCHEMA")
    try redshift.aws.inject("1023", "sql:^(INSERT INTO|UPDATE) sparkify_ops.stage_runs", times: 2)
    let report = await redshift.run()
    #expect(report.outcome == .succeeded, "\(report.error.map(\.description) ?? "")")
    #expect(report.logged.count { $0.hasPrefix("another transaction was in the way") } == 2)
    #expect(try await redshift.scalar("SELECT count(*) FROM sparkify.songplays") == "12")
  }

  @Test("a second run is refused as long as the lock is held, and no reader waits for it")
  func lock() async throws {
    let redshift = try await Self.warehouse("locked")
    let lock = try #require(
      try await RedshiftRunLock.acquire(on: redshift.session) { _ throws(WarehouseError) in
        try await redshift.open()
      })
    let second = await redshift.run()
    #expect(second.error?.kind == .locked)
    #expect(try await RedshiftRunLock.isHeld(asSeenBy: redshift.session))
    #expect(try await Catalog(redshift.session).tables().rows.isEmpty)
    try await lock.confirm()
    await lock.release()
    let third = await redshift.run()
    #expect(third.outcome == .succeeded, "\(third.error.map(\.description) ?? "")")
    #expect(try await RunHistory(redshift.session).runs(limit: 9).map(\.state) == [.succeeded])
  }

  @Test("a run whose lock is gone does not publish")
  func lostLock() async throws {
    let redshift = try await Self.warehouse("lost-lock")
    #expect(await redshift.run().outcome == .succeeded)
    let block = try await redshift.open()
    try await block.execute("BEGIN")
    try await block.execute("LOCK sparkify_ops.checks")
    let run = Task { await redshift.run() }
    try await redshift.waitUntil(.check, ofRun: 2, is: .running)
    try await RunLock.terminateHolder(on: redshift.session)
    try await block.execute("ROLLBACK")
    let report = await run.value
    #expect(report.failedStage == .publish)
    #expect(report.error?.kind == .locked)
    #expect(
      try await redshift.scalar("SELECT max(run_id) FROM sparkify_ops.publications") == "1")
  }
}
