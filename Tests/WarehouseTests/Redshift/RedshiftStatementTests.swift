import Testing

@testable import Warehouse

/// The plan of a COPY, with what a test is about changed.
private func plan(
  _ table: StagingTable = .events, _ fields: CopyPlan.Fields = .ownPaths("s3://w/p.jsonpaths"),
  _ change: (inout CopyPlan) -> Void = { _ in }
) -> CopyPlan {
  var plan = CopyPlan(
    table: table, input: .manifest("s3://w/m.manifest"), fields: fields, compression: .none,
    roleARN: "arn:aws:iam::123456789012:role/r", region: "us-west-2", maxRejects: 0)
  change(&plan)
  return plan
}

@Suite("A COPY")
struct CopyStatementTests {
  @Test("states everything that decides what is stored")
  func whole() {
    #expect(
      plan().statement.hasSuffix(
        """
        FROM 's3://w/m.manifest'
        IAM_ROLE 'arn:aws:iam::123456789012:role/r'
        FORMAT AS JSON 's3://w/p.jsonpaths'
        TIMEFORMAT 'epochmillisecs'
        REGION 'us-west-2'
        MANIFEST
        MAXERROR 0
        COMPUPDATE OFF
        STATUPDATE ON
        """))
    #expect(plan().statement.hasPrefix("COPY \"staging_events\" (\"ts\", \"start_time\", "))
  }

  @Test("asks for nothing that Redshift cannot know: files and lines")
  func columns() {
    #expect(!plan().statement.contains("source_line"))
    #expect(!RedshiftTables(design: .init()).create(.events).contains("source_file"))
  }

  @Test("fails at one error more than are borne, and says so within Redshift's bounds")
  func errors() {
    #expect(plan { $0.maxRejects = 3 }.statement.contains("MAXERROR 4\n"))
    #expect(plan { $0.maxRejects = 5_000_000 }.statement.contains("MAXERROR 100000\n"))
  }

  @Test("takes the cluster's own role when none is configured, and names the compression")
  func options() {
    let text = plan(.songs, .columns) {
      $0.roleARN = nil
      $0.compression = .zstd
      $0.region = nil
      $0.input = .prefix("s3://b/it's/")
    }.statement
    #expect(text.contains("IAM_ROLE default\n"))
    #expect(text.contains("\nZSTD\n"))
    #expect(text.contains("FROM 's3://b/it''s/'\n"))
    #expect(text.contains("JSON 'auto'\n"))
    #expect(!text.contains("MANIFEST") && !text.contains("REGION") && !text.contains("TIMEFORMAT"))
  }

  @Test("without paths of our own goes by the members' names, and adds the time up afterwards")
  func members() throws {
    let plan = plan(.events, .members)
    #expect(plan.statement.hasPrefix("COPY \"staging_events_raw\" (\"ts\", \"sessionid\", "))
    #expect(plan.statement.contains("JSON 'auto ignorecase'"))
    let insert = try #require(plan.transferStatements.first)
    #expect(insert.contains("\n  DATEADD(ms, CAST(\"ts\" % 60000 AS INTEGER), DATEADD(minute, "))
    #expect(plan.transferStatements.last == "DROP TABLE \"staging_events_raw\"")
  }

  @Test("with somebody's paths has a column for each of them, wanted or not")
  func paths() throws {
    let members = ["artist", "weather", "ts", "sessionId", "itemInSession", "page"]
    let plan = plan(.events, .paths("s3://b/p.json", members: members))
    #expect(
      plan.statement.contains(
        "(\"artist\", \"unused_2\", \"ts\", \"sessionid\", \"iteminsession\", \"page\")"))
    try plan.requireMembers()
    #expect(plan.transferStatements[0].contains("CAST(NULL AS VARCHAR(1024))"))
    #expect(
      plan.prepareStatements(RedshiftTables(design: .init())).last?.contains(
        "\"ts\" BIGINT NOT NULL") == true)
  }

  @Test("refuses paths that leave out what is never null")
  func missing() {
    let plan = plan(.events, .paths("s3://b/p.json", members: ["ts", "page"]))
    #expect {
      try plan.requireMembers()
    } throws: {
      ($0 as? WarehouseError)?.detail == "it has no path for itemInSession, sessionId"
    }
  }
}

@Suite("Files for COPY")
struct CopyFileTests {
  @Test("our JSONPaths have one path a column, the time twice")
  func ownPaths() throws {
    let file = JSONPathsFile(.events)
    #expect(file.members.count == StagingTable.events.copiedColumns.count)
    #expect(file.members.prefix(3) == ["ts", "ts", "sessionId"])
    #expect(try JSONPathsFile(parsing: file.text, url: "s3://b/p") == file)
  }

  @Test(
    "paths are read in every spelling, and deeper ones are nobody's",
    arguments: [
      ("$['artist']", "artist"), ("$.artist", "artist"), ("$[\\\"artist\\\"]", "artist"),
      ("$.a.b", "$.a.b"), ("$['a'][0]", "$['a'][0]"), ("artist", "artist"),
    ])
  func spelling(_ path: String, _ member: String) throws {
    let text = Array("{\"jsonpaths\": [\"\(path)\"]}".utf8)
    #expect(try JSONPathsFile(parsing: text, url: "s3://b/p").members == [member])
  }

  @Test("another name than jsonpaths, which COPY would take for 'auto', is an error")
  func misnamed() {
    for text in ["{\"jsonPaths\": [\"$.a\"]}", "{\"jsonpaths\": []}", "[]", "{\"jsonpaths\": [1]}"]
    {
      #expect(throws: WarehouseError.self) {
        try JSONPathsFile(parsing: Array(text.utf8), url: "s3://b/p")
      }
    }
  }

  @Test("the manifest names every file with its size, and all must be there")
  func manifest() {
    let date = Timestamp(milliseconds: 0)
    let listing = ObjectListing([
      SourceObject(path: "s3://b/a \"1\".json", size: 3, modified: date, compression: .none),
      SourceObject(path: "s3://b/b.json", size: 4, modified: date, compression: .none),
    ])
    #expect(
      String(decoding: CopyManifest.text(listing), as: UTF8.self) == """
        {"entries":[{"url":"s3://b/a \\"1\\".json","mandatory":true,"meta":{"content_length":3}},
        {"url":"s3://b/b.json","mandatory":true,"meta":{"content_length":4}}]}
        """)
  }
}

@Suite("Tables on Redshift")
struct RedshiftTableTests {
  @Test("lie as is usual for a star: the fact beside its songs, the rest on every node")
  func usual() {
    let tables = RedshiftTables(design: .init())
    #expect(tables.create(.songplays).hasSuffix("DISTKEY (\"song_id\")\nSORTKEY (\"start_time\")"))
    #expect(
      tables.create(StarTable.songs).hasSuffix("DISTKEY (\"song_id\")\nSORTKEY (\"song_id\")"))
    #expect(tables.create(.users).hasSuffix("DISTSTYLE ALL\nSORTKEY (\"user_id\")"))
    #expect(tables.create(.songplays).contains("\"start_time\" TIMESTAMP NOT NULL ENCODE RAW"))
    #expect(tables.create(.songplays).contains("\"location\" VARCHAR(1024) ENCODE ZSTD"))
  }

  @Test("lie as configured")
  func configured() {
    var design = RedshiftSettings()
    design.distribution = .userID
    design.sortKey = .auto
    design.dimensions = .even
    design.encoding = .auto
    let tables = RedshiftTables(design: design)
    #expect(tables.create(.songplays).hasSuffix("DISTKEY (\"user_id\")"))
    #expect(tables.create(.users).hasSuffix("DISTKEY (\"user_id\")\nSORTKEY (\"user_id\")"))
    #expect(tables.create(StarTable.songs).contains("DISTSTYLE EVEN"))
    #expect(!tables.create(StarTable.songs).contains("ENCODE"))
  }

  @Test("declare no key before it is proved, and are backed up")
  func keys() {
    let text = RedshiftTables(design: .init()).createBuild.joined()
    #expect(!text.contains("PRIMARY KEY") && !text.contains("UNIQUE") && !text.contains("BACKUP"))
  }

  @Test("are filled by the same queries as on PostgreSQL")
  func queries() {
    for table in StarTable.all {
      let load = RedshiftTables(design: .init()).load(table)
      #expect(load.filling.last?.hasSuffix(table.query) == true)
    }
  }
}

@Suite("A dry run on Redshift")
struct RedshiftDryRunTests {
  private func steps(
    _ change: (inout RunSettings) -> Void = { _ in }
  ) throws -> [String: [String]] {
    var settings = RunSettings(
      eventSource: "s3://lake/log_data", songSource: "s3://lake/song_data/", startedBy: "me@here")
    change(&settings)
    return try DryRun(.all, engine: .redshift, settings: settings).parts.reduce(into: [:]) {
      $0[$1.name] = $1.steps
    }
  }

  @Test("writes nothing that Redshift has not: sequences, indexes, its own COPY, truncation")
  func postgresOnly() throws {
    let text = try steps().values.joined().joined(separator: "\n")
    for word in [
      "SET LOCAL", "advisory", "FROM STDIN", "COLLATE", "autovacuum", "INDEX", "TRUNCATE",
      "SET SCHEMA", "to_regclass", "ON CONFLICT", "work_mem",
    ] { #expect(!text.contains(word), "\(word)") }
  }

  @Test("reads a prefix that ends with a slash, or a manifest where one can be written")
  func inputs() throws {
    let plain = try #require(steps()["stage-events"])
    #expect(plain.contains { $0.contains("FROM 's3://lake/log_data/'\n") })
    let listed = try #require(
      steps { $0.copy.work = .s3(bucket: "work", prefix: "x/") }["stage-events"])
    #expect(listed.contains { $0.contains("FROM 's3://work/x/run-N/staging_events.manifest'\n") })
  }

  @Test("vacuums and analyses outside transactions")
  func care() throws {
    let steps = try #require(steps()["load-songplays"])
    let end = try #require(steps.lastIndex(of: "COMMIT"))
    #expect(steps[..<end].allSatisfy { !$0.hasPrefix("VACUUM") && !$0.hasPrefix("ANALYZE") })
    #expect(steps[end...].contains("VACUUM \"sparkify_build\".\"songplays\""))
  }

  @Test("locks before it reads, and swaps schemas in one transaction")
  func publish() throws {
    let steps = try #require(steps()["publish"])
    let start = try #require(steps.firstIndex(of: "BEGIN"))
    #expect(steps[start + 1].hasPrefix("LOCK \"sparkify\".\"songplays\", "))
    let swapped = try #require(
      steps.firstIndex(of: "ALTER SCHEMA \"sparkify_build\" RENAME TO \"sparkify\""))
    #expect(swapped < (try #require(steps.firstIndex(of: "COMMIT"))))
    #expect(!steps.contains { $0.contains("CASCADE") })
  }

  @Test("says that a folder cannot be read")
  func folder() throws {
    let steps = try #require(steps { $0.eventSource = "/data" }["stage-events"])
    #expect(steps.contains { $0.contains("/data is a folder") })
  }

  @Test("gives every stage the warehouse to itself")
  func lanes() {
    #expect(Stage.all(for: .redshift).waves().count == Stage.all(for: .postgres).count)
  }
}

@Suite("What Redshift tells")
struct RedshiftAnswerTests {
  @Test("counts beside the answer to a COPY are read")
  func notices() {
    let said = [
      "Load into table 'staging_events' completed, 12 record(s) loaded successfully.",
      "Load into table 'staging_events' completed, 3 record(s) could not be loaded.  Check …",
    ].map { ServerNotice(severity: "INFO", message: $0) }
    #expect(CopyNotice.counts(said).rows == 12)
    #expect(CopyNotice.counts(said).rejects == 3)
    #expect(CopyNotice.counts([]).rows == nil)
  }

  @Test("refused records are grouped by reason and column, with a hint for the most frequent")
  func loadErrors() {
    func entry(
      _ reason: String, _ column: String?, _ code: Int, line: Int, in file: String = "s3://b/a"
    ) -> LoadErrors.Entry {
      LoadErrors.Entry(
        reject: Reject(
          file: file, line: line, byteOffset: 0, column: column, reason: reason + ": \"x\"",
          rawText: "", isCut: false), code: code, reason: reason)
    }
    let long = "String length exceeds DDL length"
    let errors = LoadErrors(
      entries: [
        entry("Invalid value.", nil, 1216, line: 1), entry(long, "song", 1204, line: 2),
        entry(long, "song", 1204, line: 9), entry(long, "song", 1204, line: 3, in: "s3://b/b"),
      ], total: 4)
    #expect(
      errors.summary == """
        3 × String length exceeds DDL length (song) in 2 files, 2 of them in s3://b/a
        1 × Invalid value. in s3://b/a
        the first: s3://b/a, line 1
        """)
    #expect(errors.hint.contains("more bytes than its column"))
  }

  @Test("a COPY is begun again after a lost connection, a conflict and a role that is too new")
  func delays() {
    let lost = WarehouseError(.connection, "lost")
    let conflict = WarehouseError(
      .server, "1023", detail: "Serializable isolation violation on table - 1", sqlState: "XX000")
    let role = WarehouseError(.server, "User x is not authorized to assume IAM Role y")
    let other = WarehouseError(.server, "Access Denied", sqlState: "XX000")
    #expect(RedshiftCopy.delay(after: lost, 1) != nil)
    #expect(RedshiftCopy.delay(after: lost, 3) == nil)
    #expect(RedshiftCopy.delay(after: conflict, 1) != nil)
    #expect(RedshiftCopy.delay(after: role, 11) == .seconds(5))
    #expect(RedshiftCopy.delay(after: role, 12) == nil)
    #expect(RedshiftCopy.delay(after: other, 1) == nil)
  }

  @Test("what was granted is granted again to the same kind of holder")
  func grants() {
    func grant(_ table: String?, _ kind: String, grantable: Bool = false) -> String {
      RedshiftGrant(
        table: table, privilege: "SELECT", granteeKind: kind, grantee: "an\"a",
        isGrantable: grantable
      ).statement(in: "s")
    }
    #expect(grant("users", "role") == "GRANT SELECT ON TABLE \"s\".\"users\" TO ROLE \"an\"\"a\"")
    #expect(grant("users", "group") == "GRANT SELECT ON TABLE \"s\".\"users\" TO GROUP \"an\"\"a\"")
    #expect(grant(nil, "public") == "GRANT SELECT ON SCHEMA \"s\" TO PUBLIC")
    #expect(
      grant("users", "user", grantable: true)
        == "GRANT SELECT ON TABLE \"s\".\"users\" TO \"an\"\"a\" WITH GRANT OPTION")
  }

  @Test("skew is noted from four times on, and not known is not even")
  func skew() {
    var table = TableHealth([
      "songplays", "9", "12", "KEY(song_id)", "start_time", "8.48", "0", "0",
    ])
    #expect(RedshiftSkew.result([table]).verdict == .noted)
    #expect(
      table.text == "! wants another REDSHIFT.DISTKEY: 9 rows, 12 MB, KEY(song_id), "
        + "sorted by start_time, skew 8.5, 0 % unsorted, statistics 0 % off")
    #expect(TableHealth.result([table]).verdict == .passed)
    (table.skew, table.unsorted, table.staleness) = (4, 20.5, 10.04)
    #expect(table.advice == ["VACUUM", "ANALYZE"])
    #expect(TableHealth.result([table]).detail == "songplays wants VACUUM and ANALYZE")
    #expect(TableHealth(["users", "9", "6", "ALL", nil, nil, nil, "0.00"]).advice == [])
    #expect(RedshiftSkew.result([]).verdict == .passed)
    let denied = RedshiftSkew.unknown(WarehouseError(.server, "permission denied"))
    #expect(denied.verdict == .noted)
  }

  @Test("members are looked for as COPY will: exactly, in any capitals, and with their widths")
  func members() throws {
    func sample(_ names: (String, Int)...) -> MemberComparison {
      var members = MemberComparison(.songs)
      let found = names.map {
        SampledMember(name: $0.0, type: .text, text: "", byteCount: $0.1)
      }
      let record = SampledRecord(
        line: 3, byteOffset: 0, rawText: "", members: found, refusedColumn: nil, refusal: nil)
      members.take([record], of: "s3://lake/a.json")
      return members
    }
    let whole = sample(("song_id", 18), ("artist_id", 33), ("title", 2), ("year", 4))
    let notes = try whole.notes(for: .columns, source: "s3://lake/")
    #expect(
      notes == [
        "artist_id has 33 bytes in s3://lake/a.json, line 3, and artist_id takes 32: "
          + "COPY will refuse it",
        "no record of 1 looked at has num_songs, duration, artist_latitude, artist_longitude, "
          + "artist_name, artist_location",
      ])
    let capitals = sample(("Song_ID", 1), ("artist_id", 1))
    #expect(throws: Never.self) { try capitals.notes(for: .members, source: "s3://lake/") }
    #expect(throws: WarehouseError.self) {
      try capitals.notes(for: .columns, source: "s3://lake/")
    }
    let missing = #expect(throws: WarehouseError.self) {
      try sample(("song-id", 1), ("x", 1)).notes(for: .columns, source: "s3://lake/")
    }
    #expect(missing?.detail?.hasSuffix("has song_id; they have song-id") == true)
    #expect(try MemberComparison(.songs).notes(for: .columns, source: "").isEmpty)
  }

  @Test("a backslash in a key does not end a constant")
  func literal() {
    #expect("a\\'b".redshiftLiteral == "'a\\\\''b'")
  }
}
