import Foundation
import Testing

@testable import Warehouse

/// A warehouse with a published star, which tests only read.
private let published = Task {
  let warehouse = try await TestWarehouse()
  if let error = await warehouse.run(try TwoStars.new.get()).error { throw error }
  return warehouse
}

/// The published star's warehouse as arguments.
private func reading() async throws -> [String] { try await published.value.arguments }

@Suite("The query command")
struct QueryCommandTests {
  private func query(
    _ words: [String], input: String = "", shell: String? = nil
  ) async throws -> Program.Outcome {
    try await Program.run(
      ["query"] + words + reading(), input: input, shell: shell)
  }

  private static let odd =
    "SELECT 1 AS n, NULL AS nothing, '' AS empty, E'a\"b,c\\nd\\te\\u001b' AS text, 1.5 AS r, true AS b"

  @Test("writes NULL, '' and control characters so that they can be told apart, in each format")
  func formats() async throws {
    let csv = try await query([Self.odd])
    #expect(csv.status == 0, "\(csv.errors)")
    #expect(
      csv.output
        == "n,nothing,empty,text,r,b\r\n1,,\"\",\"a\"\"b,c\nd\te\u{1B}\",1.5,t\r\n")
    #expect(try await query([Self.odd, "--format", "csv"]).output == csv.output)

    let object: [String: Any] = [
      "n": 1, "nothing": NSNull(), "empty": "", "text": "a\"b,c\nd\te\u{1B}", "r": 1.5, "b": true,
    ]
    for words in [["--format=json"], ["--format", "json"]] {
      let json = try await query([Self.odd] + words).output
      let parsed = try JSONSerialization.jsonObject(with: Data(json.utf8))
      #expect(parsed as? NSArray == [object] as NSArray)
    }
    let lines = try await query([Self.odd, "--format=jsonl"]).output
    #expect(lines.hasSuffix("\n") && lines.count { $0 == "\n" } == 1)
    #expect(Program.Event.all(in: lines).first?.members as? NSDictionary == object as NSDictionary)

    let alias = try await query([Self.odd, "--json"])
    #expect(alias.output == (try await query([Self.odd, "--format", "json"]).output))
    let twice = try await query(["SELECT 1 AS a, 2 AS a", "--json"])
    #expect(twice.output == "[\n{\"a\":1,\"a_2\":2}\n]\n")
    let markdown = try await query(["SELECT 'a|b' AS x, NULL AS y", "--format", "markdown"]).output
    #expect(markdown == "| x | y |\n| --- | --- |\n| a\\|b |  |\n")
    let table = try await query([Self.odd, "--format", "table"]).output
    #expect(!table.contains("\u{1B}"))
    #expect(table.split(separator: "\n").count == 3)
    #expect(table.contains("∅"))
    let plain = try await Program.run(
      ["query", "SELECT NULL AS x, 'é' AS y", "--format", "table"] + reading(),
      environment: ["LC_ALL": "C"]
    ).output
    #expect(plain == "x     y\n----  -\nNULL  e\n")
  }

  @Test("a table keeps texts whole that are wider than the first ones")
  func laterTexts() async throws {
    let sql = """
      SELECT CASE WHEN n < 1500 THEN 'short' ELSE repeat('x', 70) || 'end' END AS t, n
      FROM generate_series(1, 1500) AS n
      """
    let lines = try await query([sql, "--format", "table"]).output.split(separator: "\n")
    #expect(lines.first == "t                            n")
    #expect(lines.last == "\(String(repeating: "x", count: 70))end  1500")
  }

  @Test("without rows still says the columns")
  func noRows() async throws {
    #expect(try await query(["SELECT 1 AS a, 2 AS b WHERE false"]).output == "a,b\r\n")
    let json = try await query(["SELECT 1 AS a WHERE false", "--format", "json"]).output
    #expect(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [Int] == [])
  }

  @Test("sends parameters beside the text, never in it")
  func parameters() async throws {
    let sql = "SELECT :who AS who, :who || '!' AS again, ':who' AS text, 1::int AS n"
    let outcome = try await query([
      sql, "--param", "who='; DROP TABLE songs --", "--format", "jsonl",
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let row = Program.Event.all(in: outcome.output).first
    #expect(row?["who"] as? String == "'; DROP TABLE songs --")
    #expect(row?["again"] as? String == "'; DROP TABLE songs --!")
    #expect(row?["text"] as? String == ":who")
    for (words, message) in [
      ([sql], "the parameter :who has no value"),
      (["SELECT 1", "--param", "x=1"], "there is no parameter :x in it"),
      (["SELECT 1", "--param", "x"], "\"x\" is no parameter"),
    ] {
      let refused = try await query(words)
      #expect(refused.status == 2)
      #expect(refused.errors.contains(message))
    }
  }

  @Test("changes nothing unless it may, and says so in the server's words")
  func readOnly() async throws {
    let warehouse = try await TestWarehouse()
    try await warehouse.session.execute("CREATE TABLE notes (text text)")
    let insert = "INSERT INTO notes VALUES ('x')"
    for (sql, status) in [
      (insert, 1), ("COMMIT; " + insert, 2), ("ROLLBACK; " + insert, 2),
      ("COMMIT; BEGIN READ WRITE; " + insert + "; COMMIT", 2),
      ("SET TRANSACTION READ WRITE; " + insert, 1), ("SELECT 1; " + insert, 1),
      ("WITH n AS (\(insert) RETURNING text) SELECT * FROM n", 1),
    ] as [(String, Int32)] {
      let refused = try await Program.run(["query", sql] + warehouse.arguments)
      #expect(refused.status == status, "\(sql): \(refused.all)")
      #expect(
        refused.errors.contains("read-only transaction")
          || refused.errors.contains("transaction read-write mode"), "\(refused.errors)")
    }
    #expect(try await warehouse.scalar("SELECT count(*) FROM notes") == "0")
    let written = try await Program.run(["query", "--write", insert] + warehouse.arguments)
    #expect(written.status == 0, "\(written.errors)")
    #expect(try await warehouse.scalar("SELECT count(*) FROM notes") == "1")
  }

  @Test("reads an embedded warehouse with a login that reaches nothing outside of the database")
  func reader() async throws {
    let cluster = try await ThrowawayCluster()
    let home = ["--home", cluster.stateFolder]
    let owner = try #require(cluster.settings.user)
    let program = "COPY (SELECT 1) TO PROGRAM 'true'"
    for sql in [
      program, "DO $$ BEGIN COPY (SELECT 1) TO PROGRAM 'true'; END $$",
      "SET ROLE \"\(owner)\"; \(program)", "SELECT pg_read_file('postgresql.conf')",
    ] {
      let refused = try await Program.run(["query", sql] + home)
      #expect(refused.status == 1, "\(sql): \(refused.all)")
      #expect(
        ["permission denied", "must be superuser"].contains { refused.errors.contains($0) },
        "\(sql): \(refused.errors)")
    }
    let session = try await PostgresSession.connect(cluster.settings)
    let large = try await Program.run(["query", "SELECT lo_from_bytea(0, 'hello')"] + home)
    #expect(large.status == 0, "\(large.errors)")
    let kept = try await session.execute("SELECT count(*) FROM pg_largeobject_metadata").scalar
    #expect(kept == "0")
    let user = ["query", "SELECT current_user"]
    #expect(try await Program.run(user + home).output == "current_user\r\nsparkify_reader\r\n")
    let writer = try await Program.run(user + home + ["--write"])
    #expect(writer.output == "current_user\r\n\(owner)\r\n")
    await session.close()
    await cluster.cluster.leave()
  }

  @Test("reads standard input and files, and means the published star")
  func inputs() async throws {
    let sql = "-- the plays\nSELECT count(*) AS plays FROM songplays;\n"
    #expect(try await query(["-"], input: sql).output == "plays\r\n15\r\n")
    let file = try TemporaryFolder.make() + "/plays.sql"
    try FileSystem.write(Array(sql.utf8), to: file)
    #expect(try await query([file]).output == "plays\r\n15\r\n")
    let wrong = "-- the artists\nSELECT *\nFROM artst\n"
    try FileSystem.write(Array(wrong.utf8), to: file)
    for words in [[file], [file, "--format", "chart"]] {
      let refused = try await query(words)
      #expect(
        refused.errors.contains("\nline 3: FROM artst\n             ^\n"), "\(refused.errors)")
    }
    let two = try await query(["SELECT 1 AS a; SELECT 2 AS b"])
    #expect(two.output == "b\r\n2\r\n")
  }

  @Test("draws a saved query as the chart that its header names, with values on request")
  func chart() async throws {
    let words = ["plays-by-hour", "--format", "chart", "--width", "40"]
    let drawn = try await query(words)
    #expect(drawn.status == 0, "\(drawn.errors)")
    #expect(drawn.output.hasPrefix("plays by hour\n"))
    #expect(drawn.output.contains("█"))
    #expect(drawn.output.split(separator: "\n").allSatisfy { $0.count <= 40 })
    let plain = try await Program.run(
      ["query"] + words + reading(), environment: ["LC_ALL": "C"])
    #expect(plain.output.utf8.allSatisfy { $0 < 0x80 } && plain.output.contains("#"))
    let sum = try await query(["SELECT sum(plays) AS plays FROM plays_by_hour"]).output
    #expect(sum == "plays\r\n15\r\n")
    let valued = try await query(
      ["SELECT 'a' AS name, 1234 AS plays", "--format", "chart", "--values"])
    #expect(valued.output.contains("1,234"))
    let nothing = try await query(["SELECT 'a' AS a", "--format", "chart"])
    #expect(nothing.status == 2 && nothing.errors.contains("there is nothing to draw in it"))
  }

  @Test("checks values by the types that the header declares")
  func types() async throws {
    let file = try TemporaryFolder.make() + "/since.sql"
    let text = "-- param: since date\nSELECT CAST(:since AS DATE) AS since\n"
    try FileSystem.write(Array(text.utf8), to: file)
    #expect(
      try await query([file, "--param", "since=2018-11-30"]).output == "since\r\n2018-11-30\r\n")
    for value in ["2018-02-30", "yesterday", ""] {
      let refused = try await query([file, "--param", "since=\(value)"])
      #expect(refused.status == 2)
      #expect(refused.errors.contains("Give a date that there is"), "\(refused.errors)")
    }
    let level = try await query(["plays-by-hour", "--param", "level=gold"])
    #expect(level.status == 2 && level.errors.contains("Choose all, free, paid."))
  }

  @Test("says what is wrong with what was typed, with status 2")
  func usage() async throws {
    for (words, message) in [
      ([], "there is nothing to run"), (["nothing.sql"], "could not find the query nothing.sql"),
      ([" "], "there is no statement in it"),
      (["SELECT 1", "SELECT 2"], "\"SELECT 2\" is one word too many"),
      (["SELECT 1", "--format", "xml"], "there is no format \"xml\""),
      (["SELECT 1", "--json", "--format", "csv"], "--json and --format csv do not go together"),
      (["SELECT 1", "--json", "--format=chart"], "--json and --format chart do not go together"),
    ] as [([String], String)] {
      let refused = try await query(words)
      #expect(refused.status == 2, "\(words) \(refused.all)")
      #expect(refused.errors.contains(message), "\(refused.errors)")
      #expect(refused.output == "")
    }
    let wrong = try await query(["SELECT * FROM nowhere"])
    #expect(wrong.status == 1)
    #expect(wrong.errors.contains("relation \"nowhere\" does not exist"))
  }

  @Test("ends quietly when nobody reads on, and not when the disk is full")
  func brokenOutput() async throws {
    let sql = "SELECT repeat('x', 1000) FROM generate_series(1, 1000000)"
    let head = try await query(
      [sql], shell: "{ \"$@\"; echo $? >&2; } | head -n 1")
    #expect(head.errors == "0\n")
    #expect(head.output == "repeat\r\n")
    let warehouse = try await published.value
    try await eventually("the server has stopped") {
      try await warehouse.scalar(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
          + "AND query LIKE '%generate\\_series(1, 1000000)' AND pid <> pg_backend_pid() "
          + "AND state = 'active'") == "0"
    }
    let full = try await query(["SELECT 1"], shell: "\"$@\" > /dev/full")
    #expect(full.status == 1)
    #expect(full.errors.contains("No space left on device"))
  }
}

@Suite("Commands that look")
struct LookingCommandTests {
  @Test("tables lists them with exact counts, and the columns of one")
  func tables() async throws {
    let list = try await Program.run(["tables"] + reading())
    #expect(list.status == 0, "\(list.errors)")
    let lines = list.output.split(separator: "\r\n").map(String.init)
    #expect(lines.first == "schema,table,kind,rows,bytes")
    #expect(lines.contains { $0.hasPrefix("sparkify,songplays,table,15,") })
    #expect(lines.contains { $0.hasPrefix("sparkify_ops,runs,table,1,") })
    for name in ["songs", "sparkify.songs"] {
      let columns = try await Program.run(["tables", name] + reading())
      #expect(columns.output.contains("song_id,character varying(32),f,primary key\r\n"))
      #expect(columns.output.contains("artist_id,character varying(32),f,names "))
    }
    let both = try await Program.run(["tables", "--json", "--format", "csv"])
    #expect(both.status == 2 && both.errors.contains("do not go together"))
    let none = try await Program.run(["tables", "nothing"] + reading())
    #expect(none.status == 2)
    #expect(none.errors.contains("there is no table nothing"))
    #expect(none.errors.contains("sparkify.songs"))
  }

  @Test("runs lists the recorded runs, and all about one")
  func runs() async throws {
    let list = try await Program.run(["runs"] + reading())
    #expect(list.status == 0)
    #expect(list.output.contains("succeeded"))
    let one = try await Program.run(["runs", "1", "--json"] + reading())
    let run = Program.Event.all(in: one.output).first
    #expect(run?["state"] as? String == "succeeded")
    let stages = run?["stages"] as? [[String: Any]]
    #expect(
      stages?.compactMap { $0["stage"] as? String }.sorted()
        == StageBlock.stages.map(\.rawValue).sorted())
    #expect((run?["checks"] as? [Any])?.count ?? 0 > 10)
    let text = try await Program.run(["runs", "1"] + reading())
    #expect(text.output.contains("run 1: all, succeeded"))
    for (word, message) in [("99", "there is no run 99"), ("x", "\"x\" is no run")] {
      let refused = try await Program.run(["runs", word] + reading())
      #expect(refused.status == 2)
      #expect(refused.errors.contains(message))
    }
    let rows = try await Program.run(["runs", "--format", "csv"] + reading())
    #expect(rows.output.hasPrefix("run,state,selection,started_at,seconds,started_by,error\r\n1,"))
    for (words, message) in [
      (["1", "--format", "csv"], "all about one run is no list of rows"),
      (["--json", "--format", "csv"], "do not go together"),
    ] {
      let refused = try await Program.run(["runs"] + words + reading())
      #expect(refused.status == 2 && refused.errors.contains(message), "\(refused.all)")
    }
    let empty = try await TestWarehouse()
    let none = try await Program.run(["runs", "--json"] + empty.arguments)
    #expect(none.status == 0 && none.output == "")
  }

  @Test("runs shows the rows that a check is about")
  func checkRows() async throws {
    let text = try await Program.run(["runs", "1"] + reading())
    #expect(text.output.contains("(--check catalogue-coverage shows the rows)"))
    let words = ["runs", "1", "--check", "catalogue-coverage"]
    let rows = try await Program.run(words + ["--limit", "3"] + reading())
    #expect(rows.status == 0, "\(rows.errors)")
    #expect(rows.output.hasPrefix("songplay_id,start_time,"))
    #expect(rows.output.split(separator: "\r\n").count == 4)
    #expect(rows.errors.contains("(first 3 rows, in sparkify)"))
    let json = try await Program.run(words + ["--format", "jsonl"] + reading())
    #expect(Program.Event.all(in: json.output).allSatisfy { $0["song_id"] is NSNull })
    let alone = try await Program.run(["runs", "--check", "freshness"] + reading())
    #expect(alone.status == 2 && alone.errors.contains("a check is one of a run"))
    let nothing = try await Program.run(["runs", "1", "--check", "freshness"] + reading())
    #expect(nothing.status == 2 && nothing.errors.contains("has no rows to show"))
  }

  @Test("status says where the warehouse is and what is published")
  func status() async throws {
    let text = try await Program.run(["status"] + reading())
    #expect(text.status == 0)
    #expect(text.output.contains("PostgreSQL"))
    #expect(text.output.contains("run 1"))
    let json = try await Program.run(["status", "--json"] + reading())
    let facts = try #require(Program.Event.all(in: json.output).first)
    #expect(facts["target"] as? String == "server")
    #expect(facts["published_run"] as? Int == 1 && facts["last_run_number"] as? Int == 1)
    #expect(facts["last_run_state"] as? String == "succeeded")
    #expect(facts["last_run_selection"] as? String == "all")
    let at = try #require(facts["published_at"] as? String)
    #expect(facts["published"] as? String == "run 1, " + at)
    let empty = try await TestWarehouse()
    let nothing = try await Program.run(["status", "--json"] + empty.arguments)
    let none = try #require(Program.Event.all(in: nothing.output).first)
    #expect(none["published_run"] is NSNull && none["last_run_state"] is NSNull)
    let nowhere = try await Program.run(["status", "--set", "CLUSTER.HOST=/nonexistent"])
    #expect(nowhere.status == 1)
    #expect(nowhere.errors.contains("could not connect"))
  }

  @Test("config check lists all findings at once, with status 2 when one is an error")
  func configCheck() async throws {
    let folder = try TemporaryFolder.make()
    let text = "[CLUSTER]\nHOST=localhost\nDB_PORT=many\n\n[PIPELINE]\nMAX_REJECTS=-1\nCOLOUR=red\n"
    try FileSystem.write(Array(text.utf8), to: folder + "/dwh.cfg")
    let outcome = try await Program.run(["config", "check"], workingFolder: folder)
    #expect(outcome.status == 2)
    for place in ["dwh.cfg:3", "dwh.cfg:6", "dwh.cfg:7"] {
      #expect(
        outcome.output.contains(place)
          || outcome.output.contains(place.replacing(":", with: ", line ")), "\(outcome.output)")
    }
    let run = try await Program.run(["run"], workingFolder: folder)
    #expect(run.status == 2)
    let flagged = try await Program.run(
      ["--endpoint-url", "nowhere", "config", "check", "--region", "eu-west-1"])
    #expect(flagged.status == 2)
    #expect(flagged.output.contains("--endpoint-url"), "\(flagged.output)")
    for (words, environment, line) in [
      ([], [:], "warehouse  embedded"), ([], ["PGHOST": "h.example"], "warehouse  h.example"),
      ([], ["PGSERVICE": "stars"], "warehouse  service stars"),
      (["--set", "CLUSTER.HOST=h", "--set", "CLUSTER.DB_PORT=5"], [:], "warehouse  h:5"),
      (
        ["--set", "DWH.DWH_CLUSTER_IDENTIFIER=stars"], [:],
        "warehouse  stars at AWS, whose HOST is not known yet"
      ),
      (["--set", "S3.LOG_DATA=/", "--set", "S3.SONG_DATA=/"], [:], "events     /"),
      ([], [:], "songs      sample data"), ([], [:], "read       no file"),
    ] as [([String], [String: String], String)] {
      let told = try await Program.run(["config", "check"] + words, environment: environment)
      #expect(told.status == 0, "\(told.all)")
      #expect(told.output.contains("\n\(line)\n"), "\(told.output)")
    }
    let local = try TemporaryFolder.make()
    try FileSystem.write(
      Array("[CLUSTER]\nHOST=h\n".utf8), to: local + "/dwh_local.cfg", mode: 0o600)
    let beside = try await Program.run(["config", "check"], workingFolder: local)
    #expect(beside.output.contains("\nread       \(local)/dwh_local.cfg\nwarehouse  h\n"))
    let missing = try await Program.run(["config", "check", "--config", "/nonexistent"])
    #expect(missing.status == 2 && missing.output.contains("could not read the file"))
    #expect(!missing.output.contains("embedded"), "\(missing.output)")
    let half = try await Program.run(["config", "check", "--set", "S3.LOG_DATA=/"])
    #expect(half.status == 2 && half.output.contains("there is no S3.SONG_DATA"))
    let clean = try await Program.run(["config", "check", "--json"])
    #expect(clean.status == 0)
    #expect(Program.Event.all(in: clean.output).first?["has_errors"] as? Bool == false)
  }
}

@Suite("The run command")
struct RunCommandTests {
  @Test("tells every event as one JSON object a line")
  func json() async throws {
    let warehouse = try await TestWarehouse()
    let outcome = try await Program.run(
      ["run", "--json"] + warehouse.arguments(try TwoStars.new.get()))
    #expect(outcome.status == 0, "\(outcome.all)")
    let lines = outcome.output.split(separator: "\n")
    #expect(outcome.events.count == lines.count)
    #expect(outcome.events.allSatisfy { !$0.name.isEmpty })
    let finished = outcome.events.filter { $0.name == "stage-finished" }.compactMap(\.stage)
    #expect(finished.sorted() == StageBlock.stages.map(\.rawValue).sorted())
    #expect(outcome.events.last?.name == "run-finished")
    #expect(outcome.events.last?["state"] as? String == "succeeded")
    let staged = outcome.events.first { $0.name == "stage-finished" && $0.stage == "stage-events" }
    #expect(staged?["rows"] as? Int == 15)
  }

  @Test("writes plain lines to a pipe, without a terminal's control sequences")
  func plain() async throws {
    let warehouse = try await TestWarehouse()
    let outcome = try await Program.run(["run"] + warehouse.arguments(try TwoStars.new.get()))
    #expect(outcome.status == 0)
    #expect(!outcome.all.contains("\u{1B}") && !outcome.all.contains("\r"))
    for stage in StageBlock.stages { #expect(outcome.output.contains("✓ \(stage.rawValue)")) }
    #expect(outcome.output.contains("run 1 succeeded after"))
  }

  @Test("writes in the characters of the locale, as the other commands do")
  func ascii() async throws {
    let warehouse = try await TestWarehouse()
    let words = warehouse.arguments(try TwoStars.new.get())
    for command in [
      ["run"], ["cluster", "status"], ["runs", "1"], ["--help"], ["run", "--help"],
    ] {
      let arguments = command.contains("--help") ? command : command + words
      let told = try await Program.run(arguments, environment: ["LC_ALL": "C"])
      #expect(told.status == 0, "\(told.all)")
      #expect(told.all.utf8.allSatisfy { $0 < 0x80 }, "\(told.all)")
      if command == ["run"] { #expect(told.output.contains("\n+ check")) }
    }
  }

  @Test("a run that could not begin has no number")
  func unrecorded() async throws {
    let run = try await Program.run(["run", "--json", "--set", "CLUSTER.HOST=/nonexistent"])
    #expect(run.status == 1)
    let end = try #require(run.events.first { $0.name == "run-finished" }, "\(run.all)")
    #expect(end["run"] is NSNull)
  }

  @Test("tells rejects, and takes --max-rejects over the configuration's")
  func rejects() async throws {
    let warehouse = try await TestWarehouse()
    let source = try SourceFolder(
      events: [Record.event(), "{\"broken\u{1B}[31m"], songs: [Record.song("S1", artist: "A1")])
    let failed = try await Program.run(["run"] + warehouse.arguments(source))
    #expect(failed.status == 1)
    #expect(failed.output.contains("reject \(source.events)/a.json:2"))
    #expect(failed.errors.contains("MAX_REJECTS is 0"))
    #expect(!failed.errors.contains("\u{1B}"))
    let borne = try await Program.run(
      ["run", "--max-rejects", "1", "--json"] + warehouse.arguments(source))
    #expect(borne.status == 0, "\(borne.all)")
    let reject = borne.events.first { $0.name == "reject" }
    #expect(reject?["line"] as? Int == 2)
    #expect(reject?["raw_text"] as? String == "{\"broken\u{1B}[31m")
    let record = try await Program.run(["runs", "2"] + warehouse.arguments)
    #expect(record.output.contains("PIPELINE.MAX_REJECTS = 1\n"), "\(record.all)")
    let set = try await Program.run(
      ["run", "--set", "PIPELINE.MAX_REJECTS=1"] + warehouse.arguments(source))
    #expect(set.status == 0)
  }

  @Test("says what is wrong with what was typed, with status 2")
  func usage() async throws {
    for (words, message) in [
      (["run", "everything"], "there is no stage \"everything\""),
      (["run", "restage"], "could not run restage"),
      (["run", "teardown"], "could not run teardown"),
      (["run", "--from"], "--from needs a value"),
      (["run", "check", "--from", "check"], "--from and single stages do not go together"),
      (["run", "--fast"], "unknown option --fast"), (["frobnicate"], "unknown command"),
      (["run", "--json=yes"], "--json takes no value"),
      (["run", "--max-rejects", "-1"], "--max-rejects cannot be \"-1\""),
      (["run", "--set", "S3.LOG_DATA=/x"], "there is no S3.SONG_DATA"),
      (["run", "--set", "NONSENSE"], "not SECTION.KEY=VALUE"),
    ] {
      let needsWarehouse = words.contains("restage") || words.contains("teardown")
      let more =
        needsWarehouse
        ? try await published.value.arguments(try TwoStars.new.get()) : []
      let refused = try await Program.run(words + more)
      #expect(refused.status == 2, "\(words): \(refused.all)")
      #expect(refused.errors.contains(message), "\(words): \(refused.errors)")
    }
  }

  @Test("--help says it all and asks nothing of anybody")
  func help() async throws {
    let program = try await Program.run(["--help"])
    #expect(program.status == 0)
    for name in ["run", "query", "tables", "sources", "status", "runs", "config check"] {
      #expect(program.output.contains("\n  \(name)"))
      let help = try await Program.run(name.split(separator: " ").map(String.init) + ["--help"])
      #expect(help.status == 0)
      #expect(help.output.hasPrefix("sparkify \(name)"))
      #expect(help.output.contains("--home DIR"))
    }
  }

  @Test("the first word of several commands lists them, and help that cannot be written fails")
  func groups() async throws {
    for word in ["config", "cluster"] {
      let help = try await Program.run([word, "--help"])
      #expect(help.status == 0 && help.output.hasPrefix("sparkify \(word) COMMAND\n"))
      for words in [[word], [word, "--home", "/x"]] {
        let alone = try await Program.run(words)
        #expect(alone.status == 2 && alone.errors.contains("\n  \(word) "), "\(alone.all)")
      }
      let wrong = try await Program.run([word, "nonsense"])
      #expect(wrong.status == 2 && wrong.errors.contains("unknown command \"\(word) nonsense\""))
    }
    for words in [
      ["--help"], ["--version"], ["run", "--help"], ["demo", "-h"], ["config", "-h"],
    ] {
      let full = try await Program.run(words, shell: "\"$@\" > /dev/full")
      #expect(full.status == 1, "\(words)")
      #expect(full.errors.contains("No space left on device"))
    }
    let blank = try await Program.run(["status", "--home", ""])
    #expect(blank.status == 2 && blank.errors.contains("the value of --home is blank"))
  }

  @Test("sample says what was asked for and was not met")
  func unmetSample() async throws {
    let folder = try TemporaryFolder.make()
    for (words, line) in [
      (["--users", "5000", "--events", "10"], "asked for 5,000 users: 10 events are of "),
      (
        ["--days", "1", "--users", "1", "--events", "3000"], "asked for 1 day: 3,000 events are of"
      ),
      (["--days", "60", "--events", "10"], "asked for 60 days: "),
      (["--events", "3000"], ""), (["--users", "40", "--days", "30"], ""),
    ] {
      let made = try await Program.run(
        ["sample", "--songs", "50", "--out", folder + "/made"] + words)
      #expect(made.status == 0 && made.errors.hasPrefix(line), "\(words): \(made.all)")
      if line.isEmpty { #expect(made.errors == "", "\(words)") }
    }
  }

  @Test("--dry-run writes every statement and makes nothing: no cluster, no folder, no connection")
  func dryRun() async throws {
    let home = try TemporaryFolder.make() + "/home"
    let source = try TwoStars.new.get()
    for words in [["--home", home], ["--home", home, "--set", "CLUSTER.HOST=/nonexistent"]] {
      let outcome = try await Program.run(["run", "--dry-run"] + words + source.arguments)
      #expect(outcome.status == 0, "\(outcome.errors)")
      for text in [
        "-- provision", "CREATE SCHEMA \"sparkify_build\";", "COPY \"staging_events\"",
        "CREATE TABLE \"songplays\"", "FOREIGN KEY", "SET SCHEMA \"sparkify\";", source.events,
      ] { #expect(outcome.output.contains(text), "\(text)") }
    }
    let json = try await Program.run(
      ["run", "--from", "check", "--dry-run", "--json", "--home", home] + source.arguments)
    #expect(json.status == 0)
    let stages = Program.Event.all(in: json.output).compactMap(\.stage)
    #expect(stages == ["check", "publish"])
    #expect(!FileSystem.exists(home))
    let sample = try await Program.run(["run", "--dry-run", "--home", home])
    #expect(sample.status == 0)
    #expect(!FileSystem.exists(home))
  }

  @Test("works with nothing but a state folder: the embedded warehouse is made, and stopped after")
  func embedded() async throws {
    let home = try TemporaryFolder.make() + "/home"
    let outcome = try await Program.run(
      ["run", "--home", home] + (try TwoStars.new.get().arguments))
    #expect(outcome.status == 0, "\(outcome.all)")
    #expect(!FileSystem.exists(home + "/cluster/data/postmaster.pid"))
    let plays = try await Program.run(
      ["query", "SELECT count(*) AS plays FROM songplays"],
      environment: ["SPARKIFY_HOME": home])
    #expect(plays.output == "plays\r\n15\r\n")
  }
}

@Suite("Secrets")
struct SecretOutputTests {
  private static let planted = "hunter2-correct-horse"

  @Test("are in no output of any command, no error and no record")
  func nowhere() async throws {
    let warehouse = try await TestWarehouse()
    let folder = try TemporaryFolder.make()
    let source = try TwoStars.new.get()
    let settings = warehouse.settings
    let main = """
      [CLUSTER]
      HOST=\(settings.host ?? "")
      DB_NAME=\(settings.database ?? "")
      DB_USER=\(settings.user ?? "")
      [S3]
      LOG_DATA=\(source.events)
      SONG_DATA=\(source.songs)
      """
    let local = """
      [CLUSTER]
      DB_PASSWORD=\(Self.planted)-1
      [AWS]
      KEY=\(Self.planted)-2
      SECRET=\(Self.planted)-3
      [UNKNOWN]
      PASSWORD=\(Self.planted)-4
      """
    try FileSystem.write(Array(main.utf8), to: folder + "/dwh.cfg")
    try FileSystem.write(Array(local.utf8), to: folder + "/dwh_local.cfg", mode: 0o644)
    let environment = [
      "PGPASSWORD": Self.planted + "-5", "AWS_SECRET_ACCESS_KEY": Self.planted + "-6",
      "AWS_SESSION_TOKEN": Self.planted + "-7", "AWS_ACCESS_KEY_ID": Self.planted + "-8",
    ]
    let override = ["--set", "CLUSTER.DB_PASSWORD=\(Self.planted)-9"]
    for words in [
      ["config", "check"], ["config", "check", "--json"], ["run"], ["run", "--json"],
      ["run", "--dry-run"], ["run", "nothing"], ["runs"], ["runs", "1"], ["runs", "1", "--json"],
      ["status"], ["status", "--json"], ["tables"], ["query", "SELECT current_user AS me"],
      ["query", "SELECT nothing FROM nowhere"], ["--help"],
      ["status", "--set", "CLUSTER.HOST=/nonexistent"],
      ["status", "--set", "CLUSTER.DB_NAME=nowhere"],
      ["status", "--set", "CLUSTER.DB_PASSWORD:\(Self.planted)"],
    ] {
      for more in [[], override] {
        let outcome = try await Program.run(
          words + (words == ["--help"] ? [] : more), environment: environment,
          workingFolder: folder)
        #expect(!outcome.all.contains(Self.planted), "\(words)")
      }
    }
    for table in ["runs", "stage_runs", "checks", "rejects", "publications"] {
      let rows = try await warehouse.rows("SELECT t::text FROM sparkify_ops.\(table) AS t")
      #expect(!rows.joined().contains(Self.planted))
    }
    let recorded = try await warehouse.scalar(
      "SELECT configuration FROM sparkify_ops.runs ORDER BY run_id LIMIT 1")
    #expect(recorded?.contains("S3.LOG_DATA=\(source.events)") == true)
  }
}

@Suite("The sources command")
struct SourcesCommandTests {
  private func folder() throws -> String {
    let folder = try TemporaryFolder.make()
    for (name, text) in [
      (
        "log/a.json",
        "{\"ts\":1,\"page\":\"Home\",\"sessionId\":1,\"itemInSession\":0}\n{\"ts\":\"x\"}"
      ),
      ("log/_SUCCESS", ""), ("log/notes.txt", "hello"),
      ("song/b.json", "{\"song_id\":\"S\",\"artist_id\":\"A\",\"mood\":\"blue\"}"),
    ] {
      try FileSystem.makeFolder(FileSystem.parent(of: folder + "/" + name))
      try FileSystem.write(Array(text.utf8), to: folder + "/" + name)
    }
    return folder
  }

  private func sources(_ words: [String], in folder: String) async throws -> Program.Outcome {
    try await Program.run(
      ["sources"] + words + [
        "--set", "S3.LOG_DATA=\(folder)/log", "--set", "S3.SONG_DATA=\(folder)/song",
      ])
  }

  @Test("tells both sources, what is left out, and makes nothing")
  func inventory() async throws {
    let folder = try folder()
    let outcome = try await sources(["--files", "--home", folder + "/home"], in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("1 that begin with . or _ (_SUCCESS)"))
    #expect(outcome.output.contains("1 of other kinds"))
    #expect(outcome.output.contains("\(folder)/song/b.json"))
    #expect(!FileSystem.exists(folder + "/home"))
  }

  @Test("profiles a sample: refusals with file, line and reason, and members that are not loaded")
  func profile() async throws {
    let folder = try folder()
    let events = try await sources(["events", "--profile", "--json"], in: folder)
    #expect(events.status == 0, "\(events.errors)")
    let source = try #require(events.events.first)
    #expect(source["hidden"] as? Int == 1)
    let profile = try #require(source["profile"] as? [String: Any])
    #expect(profile["records"] as? Int == 2)
    #expect(profile["refused"] as? Int == 1)
    let refusals = try #require(profile["refusals"] as? [[String: Any]])
    #expect(refusals.first?["line"] as? Int == 2)
    #expect(refusals.first?["file"] as? String == folder + "/log/a.json")
    #expect(refusals.first?["reason"] as? String == "not a number")
    let songs = try await sources(["songs", "--profile"], in: folder)
    #expect(songs.output.contains("· not loaded"))
    #expect(songs.output.contains("no record of it would be refused"))
  }

  @Test("says what to set where nothing can be read, and tells the other source all the same")
  func missing() async throws {
    let folder = try folder()
    let one = try await Program.run(
      ["sources", "--set", "S3.LOG_DATA=\(folder)/none", "--set", "S3.SONG_DATA=\(folder)/song"])
    #expect(one.status == 1)
    #expect(one.errors.contains("named by S3.LOG_DATA, --set"))
    #expect(one.output.contains("files    1"))
    let word = try await Program.run(["sources", "plays"])
    #expect(word.status == 2)
    #expect(word.errors.contains("The sources are events and songs; an address"))
    let nothing = try await Program.run(["sources", "events"])
    #expect(nothing.status == 1)
    #expect(nothing.errors.contains("the sample data is not made yet"))
  }
}
