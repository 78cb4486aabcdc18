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
    #expect(first.checks["table-health"]?.verdict == .passed)
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

  @Test("sees what others were granted also where the views of privileges hide it")
  func grantsOfOthers() async throws {
    let redshift = try await Self.warehouse("grants-of-others")
    for statement in [
      "CREATE USER publisher PASSWORD 'Abcdef12'", "CREATE USER \"a=na\" PASSWORD 'Abcdef12'",
      "CREATE SCHEMA sparkify AUTHORIZATION publisher", "SET SESSION AUTHORIZATION publisher",
      "CREATE TABLE sparkify.users (user_id INTEGER)",
      "GRANT USAGE ON SCHEMA sparkify TO \"a=na\"",
      "GRANT SELECT ON TABLE sparkify.users TO \"a=na\" WITH GRANT OPTION",
      "GRANT SELECT ON TABLE sparkify.users TO PUBLIC",
    ] { try await redshift.session.execute(Statement(statement)) }
    let shown = "SELECT count(*) FROM svv_relation_privileges WHERE identity_name = 'a=na'"
    #expect(try await redshift.scalar(shown) == "0")
    let seen = try await RedshiftGrants.read(from: redshift.session)
    #expect(seen.reader == "publisher")
    #expect(
      Set(seen.all.map { $0.statement(in: "s") }) == [
        "GRANT USAGE ON SCHEMA \"s\" TO \"a=na\"",
        "GRANT SELECT ON TABLE \"s\".\"users\" TO \"a=na\" WITH GRANT OPTION",
        "GRANT SELECT ON TABLE \"s\".\"users\" TO PUBLIC",
      ])
    try await redshift.session.execute("RESET SESSION AUTHORIZATION")
    let whole = try await RedshiftGrants.read(from: redshift.session)
    #expect(whole.reader == nil)
    #expect(whole.all.count { $0.grantee == "a=na" && $0.table == "users" } == 1)
  }

  @Test("is seen by other sessions while it works, and nothing is when nobody does")
  func otherWork() async throws {
    let redshift = try await Self.warehouse("other-work")
    let watcher = try await redshift.open()
    #expect(try await OtherWork.read(from: watcher, except: []).text == nil)
    try redshift.aws.inject("slow", "sql:^COPY(.|\n)*s3://other-work/", seconds: 600)
    let run = Task { await redshift.run() }
    try await redshift.waitUntilCopying()
    #expect(
      try await OtherWork.read(from: watcher, except: []).text == "a run goes on elsewhere")
    run.cancel()
    #expect(await run.value.outcome == .cancelled)
    let busy = try await redshift.open()
    try await busy.execute("BEGIN")
    try await busy.execute("LOCK sparkify_build.staging_songs")
    let work = try await OtherWork.read(from: watcher, except: [])
    #expect(work.text == "another session works: awsuser")
    let own = try #require(work.sessions.keys.first)
    #expect(own == Int(busy.backendID))
    #expect(try await OtherWork.read(from: watcher, except: [own]).text == nil)
    await busy.close()
  }

  @Test("tells how the published tables lie, and what they want")
  func health() async throws {
    let redshift = try await Self.warehouse("health")
    let report = await redshift.run()
    #expect(report.outcome == .succeeded, "\(report.error.map(\.description) ?? "")")
    func plays() async throws -> String {
      let facts = try await ServerFacts.read(from: redshift.session)
      #expect(facts.contains { $0.label == "isolation" && $0.value == "Serializable" })
      return facts.first { $0.label == "songplays" }?.value ?? ""
    }
    let fresh = try await plays()
    #expect(fresh.contains("18 rows"), "\(fresh)")
    #expect(fresh.contains("KEY(song_id), sorted by start_time"), "\(fresh)")
    #expect(!fresh.contains("VACUUM"))
    try await redshift.session.execute(
      "INSERT INTO sparkify.songplays SELECT * FROM sparkify.songplays")
    let stale = try await plays()
    #expect(stale.contains("VACUUM, ANALYZE: 36 rows"), "\(stale)")
    try await redshift.session.execute("VACUUM sparkify.songplays")
    try await redshift.session.execute("ANALYZE sparkify.songplays")
    #expect(try await !plays().contains("VACUUM"))
    try await redshift.session.execute("CREATE USER analyst PASSWORD 'Abcdef12'")
    try await redshift.session.execute("SET SESSION AUTHORIZATION analyst")
    let denied = try await ServerFacts.read(from: redshift.session).last
    #expect(
      denied?.value == "not shown: a superuser can run: GRANT SELECT ON svv_table_info TO analyst")
  }

  @Test("shows plans as trees, and histograms of columns")
  func looking() async throws {
    let redshift = try await Self.warehouse("looking")
    #expect(await redshift.run().outcome == .succeeded)
    let query = Statement(
      "SELECT count(*) FROM sparkify.songplays AS p JOIN sparkify.users AS u "
        + "ON u.user_id = p.user_id WHERE u.level = $1", .text("paid"))
    let plan = try await QueryPlan.explain(query, analyze: false, on: redshift.session)
    #expect(plan.root.title.hasSuffix("Aggregate"), "\(plan.root.title)")
    let join = try #require(plan.root.children.first)
    #expect(join.title.contains("Join") || join.title.contains("Loop"), "\(join.title)")
    #expect(join.details.first?.label == "Distribution")
    #expect(join.children.count == 2)
    let refused = await #expect(throws: WarehouseError.self) {
      try await QueryPlan.explain(query, analyze: true, on: redshift.session)
    }
    #expect(refused?.detail == "Redshift runs nothing for a plan")

    let browse = Browse(redshift.session)
    let table = try #require(
      try await browse.tables().first { $0.name == TableName("sparkify", "songplays") })
    let browsed = try await browse.table(table)
    for name in ["start_time", "session_id"] {
      let column = try #require(browsed.columns.first { $0.name == name })
      let profile = try await browse.profile(BrowseQuery(browsed), column: column)
      #expect(profile.histogram.count == 16, "\(name)")
      #expect(profile.histogram.reduce(0, +) == 18, "\(name)")
    }
  }

  @Test("records what COPY refused where only the views of serverless are, without the record")
  func serverlessRejects() async throws {
    let redshift = try await RedshiftWarehouse(
      "serverless-rejects", try Self.source.get(), isServerless: true)
    try redshift.put(
      Record.event(session: 90, item: 1, level: String(repeating: "é", count: 9)) + "\n",
      to: "logs/bad.json")
    let report = await redshift.run { $0.maxRejects = 5 }
    #expect(report.outcome == .succeeded, "\(report.error.map(\.description) ?? "")")
    let detail = try #require(try await RunHistory(redshift.session).detail(of: 1))
    let reject = try #require(detail.rejects.first?.reject)
    #expect(reject.file == "s3://serverless-rejects/logs/bad.json")
    #expect(reject.line == 1)
    #expect(reject.column == "level")
    #expect(reject.reason.hasPrefix("String length exceeds DDL length"))
    #expect(reject.rawText.isEmpty)
    let facts = try await ServerFacts.read(from: redshift.session).map(\.label)
    #expect(!facts.contains("slices") && facts.contains("songplays"))
  }

  @Test(
    "tells how far a COPY is by the views that there are",
    arguments: [
      (false, [], true, true), (false, ["sys_load_history"], true, true),
      (false, ["sys_load_history", "stv_load_state"], true, false),
      (true, ["sys_load_history"], false, false),
    ] as [(Bool, [String], Bool, Bool)])
  func progress(
    isServerless: Bool, hidden: [String], isSeen: Bool, tellsFiles: Bool
  ) async throws {
    let aws = try await AWSStandIn.shared()
    let name = "copying-\(hidden.count)-\(isServerless)"
    try aws.makeBucket(name)
    try aws.s3.put(Array("{\"a\":1}\n".utf8), to: "in/a.json", in: name)
    let role = try aws.makeRole(
      name,
      policy: """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}
        """)
    let settings = try aws.makeCluster(
      name, roles: [role], isServerless: isServerless, hidden: hidden)
    let session = try await PostgresSession.connect(settings)
    let watcher = try await PostgresSession.connect(settings)
    try await session.execute("CREATE TABLE one (a INTEGER)")
    try aws.inject("slow", "sql:^COPY(.|\n)*s3://\(name)/", seconds: 600)
    let identity = try await CopyIdentity.next(on: session, into: "one")
    let copy = Task {
      try await session.execute(
        "COPY one FROM 's3://\(name)/in/' IAM_ROLE '\(role)' REGION 'us-west-2' JSON 'auto'")
    }
    try await eventually("the COPY has read its file") {
      let begun = "SELECT count(*) FROM pg_internal.loads WHERE files > 0 AND ended IS NULL"
      return try await watcher.execute(begun).scalar == "1"
    }
    let state = try await CopyState.read(of: identity, on: watcher)
    #expect(state.phase == (isSeen ? .running : .unknown))
    #expect((state.files > 0) == tellsFiles)
    copy.cancel()
    #expect(await copy.result.failure == .cancelled)
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
    try redshift.put(
      Record.song("S1", artist: "A1").replacing("\"song_id\"", with: "\"Song_ID\""),
      to: "capitals/a.json")
    let capitals = await redshift.run(.only([.create, .stageSongs])) {
      $0.songSource = "s3://unreadable/capitals/"
    }
    #expect(capitals.error?.detail?.contains("have Song_ID, and COPY looks for song_id") == true)
    try redshift.put("{\"weather\": 1, \"user_id\": 2}", to: "other/a.json")
    let other = await redshift.run(.only([.create, .stageEvents])) {
      $0.eventSource = "s3://unreadable/other/"
    }
    #expect(other.error?.detail?.contains("looked at has ts; they have user_id, weather") == true)
    try redshift.put(
      Record.event(session: 90, item: 1, level: String(repeating: "é", count: 9)),
      to: "wide/a.json")
    let wide = await redshift.run(.only([.create, .stageEvents])) {
      $0.eventSource = "s3://unreadable/wide/"
    }
    #expect(
      wide.logged.contains {
        $0 == "level has 18 bytes in s3://unreadable/wide/a.json, line 1, and level takes 16: "
          + "COPY will refuse it"
      })
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
    try await RunLock.terminate(run: 1, on: redshift.session)
    #expect(try await RedshiftRunLock.isHeld(asSeenBy: redshift.session))
    try await RunLock.terminate(run: 2, on: redshift.session)
    try await block.execute("ROLLBACK")
    let report = await run.value
    #expect(report.failedStage == .publish)
    #expect(report.error?.kind == .locked)
    #expect(
      try await redshift.scalar("SELECT max(run_id) FROM sparkify_ops.publications") == "1")
  }
}
