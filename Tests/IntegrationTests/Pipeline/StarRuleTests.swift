import Testing

@testable import Warehouse

/// Small sources written here, and exactly the rows that must come of them.
@Suite("The star's rules")
struct StarRuleTests {
  private static let song = Record.song("S1", artist: "A1", title: "T", name: "N", duration: 100.5)

  private func build(
    _ events: [String], _ songs: [String] = [song]
  ) async throws -> TestWarehouse {
    let warehouse = try await TestWarehouse()
    let report = await warehouse.run(try SourceFolder(events: events, songs: songs))
    #expect(report.outcome == .succeeded, "\(report.outcome)")
    try await warehouse.session.execute("SET search_path TO sparkify")
    return warehouse
  }

  private func play(
    _ ts: Int64 = 1_541_100_000_796, _ session: Int = 1, _ item: Int = 0, song: String? = "T",
    artist: String? = "N", length: Any? = 100.5, user: Any? = "1", level: String = "free",
    location: String? = "Lyon"
  ) -> String {
    Record.event(
      ts: ts, user: user, session: session, item: item, song: song, artist: artist, length: length,
      level: level, location: location)
  }

  @Test("a play is one row, matched to a song or not, numbered by its place in time")
  func plays() async throws {
    let warehouse = try await build([
      play(1_541_100_003_000, 2, 0, song: "Unknown"), play(1_541_100_001_796, 1, 1),
      Record.event(ts: 1_541_100_002_000, item: 5, page: "Home"),
      play(1_541_100_003_000, 1, 7, song: nil, artist: nil, length: nil),
    ])
    #expect(
      try await warehouse.rows("SELECT * FROM songplays ORDER BY 1") == [
        "1|2018-11-01 19:20:01.796|1|free|S1|A1|1|Lyon|curl",
        "2|2018-11-01 19:20:03|1|free|∅|∅|1|Lyon|curl",
        "3|2018-11-01 19:20:03|1|free|∅|∅|2|Lyon|curl",
      ])
  }

  @Test("a song matches by title, artist and duration, exactly: no case, no blanks, no rounding")
  func matching() async throws {
    let songs = [
      Record.song("S1", artist: "A1", title: "T", name: "N", duration: 100.5),
      Record.song("S2", artist: "A2", title: "Blank ", name: "N ", duration: 100.5),
      Record.song("S3", artist: "A3", title: "BjÃ¶rk", name: "N\u{19}", duration: 100.5),
      Record.song("S4", artist: "A4", title: 4.6, name: 112, duration: 100.5),
      Record.song("S5", artist: "A5", title: "", name: "", duration: 100.5),
      Record.song("S6", artist: "A6", title: nil, name: nil, duration: nil),
    ]
    let cases: [(title: String?, artist: String?, length: Any?, song: String)] = [
      ("T", "N", 100.5, "S1"), ("t", "N", 100.5, "∅"), ("T", "n", 100.5, "∅"),
      ("T ", "N", 100.5, "∅"), ("T", "N ", 100.5, "∅"), ("T", "N", 100.50001, "∅"),
      ("T", "N", 101, "∅"), ("T", "N", "100.5", "S1"), ("Blank ", "N ", 100.5, "S2"),
      ("Blank", "N ", 100.5, "∅"), ("Blank ", "N", 100.5, "∅"),
      ("BjÃ¶rk", "N\u{19}", 100.5, "S3"), ("Björk", "N\u{19}", 100.5, "∅"),
      ("4.6", "112", 100.5, "S4"), ("", "", 100.5, "S5"), (nil, nil, nil, "∅"),
      ("T", nil, 100.5, "∅"), ("T", "N", nil, "∅"),
    ]
    let events = cases.enumerated().map { item, row in
      play(
        1_541_100_000_000 + Int64(item), 1, item, song: row.title, artist: row.artist,
        length: row.length)
    }
    let warehouse = try await build(events, songs)
    #expect(
      try await warehouse.rows("SELECT song_id FROM songplays ORDER BY songplay_id")
        == cases.map(\.song))
  }

  @Test("two songs with one title, artist and duration: the least song_id counts, bytewise")
  func leastSong() async throws {
    let warehouse = try await build(
      [play()],
      ["a", "B", "C"].map { Record.song($0, artist: "A\($0)", title: "T", name: "N") })
    #expect(try await warehouse.rows("SELECT song_id, artist_id FROM songplays") == ["B|AB"])
    #expect(try await warehouse.scalar("SELECT count(*) FROM songs") == "3")
  }

  @Test("an event that was delivered twice counts once, and the check says how many")
  func duplicates() async throws {
    let source = try SourceFolder([
      "log_data/a.json": [
        play(), play(level: "paid", location: "Paris"),
        play(user: nil), play(user: ""),
        play(1_541_100_000_797), play(1_541_100_000_796, 1, 1), play(1_541_100_000_796, 2),
        play(user: "2"),
      ].joined(separator: "\n"),
      "log_data/b/again.json": play(location: nil),
      "song_data/a.json": Self.song,
    ])
    let warehouse = try await TestWarehouse()
    let report = await warehouse.run(source)
    #expect(report.outcome == .succeeded, "\(report.outcome)")
    let check = report.checks["duplicate-deliveries"]
    #expect(check?.verdict == .noted)
    // Two more of user 1, and one more of nobody.
    #expect(check?.count == 3)
    try await warehouse.session.execute("SET search_path TO sparkify")
    #expect(
      try await warehouse.rows(
        "SELECT start_time, session_id, user_id, level, location FROM songplays ORDER BY 1, 2, 3")
        == [
          "2018-11-01 19:20:00.796|1|1|free|Lyon", "2018-11-01 19:20:00.796|1|1|free|Lyon",
          "2018-11-01 19:20:00.796|1|2|free|Lyon", "2018-11-01 19:20:00.796|1|∅|free|Lyon",
          "2018-11-01 19:20:00.796|2|1|free|Lyon", "2018-11-01 19:20:00.797|1|1|free|Lyon",
        ])
    #expect(try await warehouse.scalar("SELECT count(*) FROM staging_events") == "9")
    let offending = try await warehouse.rows(try #require(check?.offendingRowsSQL))
    #expect(
      offending.sorted() == [
        "2018-11-01 19:20:00.796|1|0|1|3", "2018-11-01 19:20:00.796|1|0|∅|2",
      ])
  }

  @Test("a user is as last seen, on any page: by time, then session, then item")
  func latestUser() async throws {
    func seen(_ ts: Int64, _ session: Int, _ item: Int, _ level: String, user: Any? = "7")
      -> String
    {
      Record.event(
        ts: ts, user: user, session: session, item: item, page: "Home", level: level,
        first: level, last: "L\(session)", gender: "M")
    }
    let warehouse = try await build([
      play(), seen(2000, 9, 9, "early"), seen(3000, 1, 50, "by-item"), seen(3000, 2, 3, "no"),
      seen(3000, 2, 4, "latest"), seen(1000, 99, 99, "oldest"),
      seen(5000, 1, 1, "nobody", user: ""), seen(5000, 1, 2, "nobody", user: nil),
      seen(10, 10, 9, "nine", user: "8"), seen(10, 9, 10, "less", user: 8),
    ])
    #expect(
      try await warehouse.rows("SELECT * FROM users ORDER BY user_id") == [
        "1|Ava|Robinson|F|free", "7|latest|L2|M|latest", "8|nine|L10|M|nine",
      ])
    #expect(
      try await warehouse.scalar("SELECT count(*) FROM staging_events WHERE user_id IS NULL") == "2"
    )
  }

  @Test("a change of level is found between groups of plays and within those that overlap")
  func levelChanges() async throws {
    let minute: Int64 = 60_000
    let hour = 60 * minute
    let warehouse = try await build([
      // One after the other, in one hour, and a session later.
      play(1 * minute, 1, 0), play(2 * minute, 1, 1, level: "paid"),
      play(3 * minute, 1, 2, level: "paid"), play(9 * hour, 2, 0),
      // There and back within an hour, and another session meanwhile.
      play(1 * minute, 3, 0, user: "2"), play(2 * minute, 4, 0, user: "2", level: "paid"),
      play(3 * minute, 3, 1, user: "2"), play(4 * minute, 4, 1, user: "2", level: "paid"),
      // Never another level, in overlapping sessions; and nobody.
      play(1 * minute, 5, 0, user: "3"), play(2 * minute, 6, 0, user: "3"),
      play(3 * minute, 5, 1, user: "3"), play(1 * minute, 7, 0, user: ""),
      play(2 * minute, 7, 1, user: "", level: "paid"),
    ])
    #expect(
      try await warehouse.rows("SELECT * FROM level_changes ORDER BY 1, 2") == [
        "1|1970-01-01 00:02:00|free|paid", "1|1970-01-01 09:00:00|paid|free",
        "2|1970-01-01 00:02:00|free|paid", "2|1970-01-01 00:03:00|paid|free",
        "2|1970-01-01 00:04:00|free|paid",
      ])
  }

  @Test("a song_id twice is one song; an artist with several names is that of its least song_id")
  func songsAndArtists() async throws {
    let warehouse = try await build(
      [play()],
      [
        Record.song(
          "S2", artist: "A1", title: "Second", name: "A / B", year: 1999, location: "York",
          latitude: 1.5, longitude: -2.25),
        Record.song(
          "S1", artist: "A1", title: "First", name: "A", year: 0, location: "", latitude: nil),
        Record.song("S3", artist: "A2", title: "B", name: "Late"),
        Record.song("S3", artist: "A2", title: "A", name: "Later"),
        Record.song("S0", artist: "A3", title: "Zero", name: 311, year: 0, location: 112),
      ])
    #expect(
      try await warehouse.rows("SELECT * FROM songs ORDER BY 1") == [
        "S0|Zero|A3|0|100.5", "S1|First|A1|0|100.5", "S2|Second|A1|1999|100.5",
        "S3|A|A2|2001|100.5",
      ])
    #expect(
      try await warehouse.rows("SELECT * FROM artists ORDER BY 1") == [
        "A1|A||∅|∅", "A2|Later||∅|∅", "A3|311|112|∅|∅",
      ])
  }

  @Test("time is UTC, with the ISO week, Sunday as 0, one row for each moment of a play")
  func time() async throws {
    let moments: [(Int64, String)] = [
      (0, "1970-01-01 00:00:00|0|1|1|1|1970|4"),
      (1_230_768_000_000, "2009-01-01 00:00:00|0|1|1|1|2009|4"),
      (1_262_390_399_999, "2010-01-01 23:59:59.999|23|1|53|1|2010|5"),
      (1_293_839_999_001, "2010-12-31 23:59:59.001|23|31|52|12|2010|5"),
      (1_325_376_000_796, "2012-01-01 00:00:00.796|0|1|52|1|2012|0"),
      (1_356_912_000_000, "2012-12-31 00:00:00|0|31|1|12|2012|1"),
      (1_541_375_999_796, "2018-11-04 23:59:59.796|23|4|44|11|2018|0"),
      (1_541_808_000_000, "2018-11-10 00:00:00|0|10|45|11|2018|6"),
    ]
    let events =
      moments.enumerated().flatMap { index, moment in
        [play(moment.0, index, 0), play(moment.0, index, 1)]
      } + [Record.event(ts: 1_600_000_000_000, session: 77, page: "Home")]
    let warehouse = try await build(events)
    #expect(try await warehouse.rows("SELECT * FROM time ORDER BY 1") == moments.map(\.1))
  }

  @Test("every staged record names the file and line that it came from")
  func provenance() async throws {
    let source = try SourceFolder([
      "log_data/2018/11/b.json": play() + "\n\n" + play(1_541_100_000_797),
      "log_data/2018/a.json": play(1_541_100_000_798),
      "log_data/.ipynb_checkpoints/b.json": play(1_541_100_000_799),
      "log_data/_SUCCESS": "", "log_data/empty.json": "", "log_data/notes.txt": "no",
      "song_data/a.json": Self.song,
    ])
    let warehouse = try await TestWarehouse()
    let report = await warehouse.run(source)
    #expect(report.outcome == .succeeded, "\(report.outcome)")
    #expect(report.logged.contains { $0.contains("2 hidden") && $0.contains("1 of other kinds") })
    try await warehouse.session.execute("SET search_path TO sparkify")
    let rows = try await warehouse.rows(
      """
      SELECT f.path, e.source_line, e.ts FROM staging_events AS e
      JOIN source_files AS f ON f.source_file = e.source_file
        AND f.staging_table = 'staging_events' ORDER BY e.ts
      """)
    #expect(
      rows == [
        "\(source.events)/2018/11/b.json|1|1541100000796",
        "\(source.events)/2018/11/b.json|3|1541100000797",
        "\(source.events)/2018/a.json|1|1541100000798",
      ])
    #expect(
      try await warehouse.rows(
        "SELECT bytes FROM source_files WHERE path LIKE '%empty.json'") == ["0"])
  }

  @Test("a second run of the same source gives the same star, and so does the source cut otherwise")
  func repeatable() async throws {
    let source = try SourceFolder.small(users: 20)
    let warehouse = try await TestWarehouse()
    #expect(await warehouse.run(source).outcome == .succeeded)
    let star = try await warehouse.star()
    #expect(await warehouse.run(source).outcome == .succeeded)
    #expect(try await warehouse.star() == star)
    // One object a file, spread over lines, the other way round.
    let lines = try String(
      decoding: FileSystem.read(source.events + "/a.json"), as: UTF8.self
    ).split(separator: "\n")
    let cut = try SourceFolder([
      "song_data/a.json": String(
        decoding: try FileSystem.read(source.songs + "/a.json"), as: UTF8.self)
    ])
    for (number, line) in lines.enumerated() {
      let text = String(line).replacing(",\"", with: ",\n  \"")
      try cut.write(text, to: "log_data/\(lines.count + 100 - number).json")
    }
    #expect(await warehouse.run(cut).outcome == .succeeded)
    #expect(try await warehouse.star() == star)
  }

  @Test("is the same over one connection, which needs one transaction, and over several")
  func connections() async throws {
    let warehouse = try await TestWarehouse()
    let source = try TwoStars.new.get()
    for connections in [1, 3, 1] {
      let report = await warehouse.run(source, connections: connections)
      #expect(report.outcome == .succeeded, "\(report.outcome)")
      #expect(try await warehouse.star() == TwoStars.stars().new)
    }
  }

  @Test("a staging stage that fails leaves the last one as it was, or counts for nothing")
  func failedStaging() async throws {
    let warehouse = try await TestWarehouse()
    let source = try TwoStars.new.get()
    let broken = try SourceFolder(events: ["{"], songs: [Self.song])
    for (connections, isKept) in [(1, true), (2, false)] {
      #expect(await warehouse.run(source, .only([.create, .stageEvents])).outcome == .succeeded)
      let report = await warehouse.run(broken, .only([.stageEvents]), connections: connections)
      #expect(report.failedStage == .stageEvents)
      let next = await warehouse.run(source, .only([.loadUsers]))
      #expect((next.outcome == .succeeded) == isKept, "\(next.outcome)")
    }
  }
}

@Suite("Sources that are not as they should be")
struct RejectTests {
  /// Events of which `bad` cannot be stored, each for a reason of its own.
  private static let lines = [
    Record.event(),
    #"{"ts": 12, "broken"#,
    Record.event(ts: 1_541_100_000_797, with: ["sessionId": 1e10]),
    Record.event(ts: 1_541_100_000_798, with: ["page": "a\u{0}b"]),
  ]

  private func source() throws -> SourceFolder {
    try SourceFolder(events: Self.lines, songs: [Record.song("S1", artist: "A1")])
  }

  @Test("are recorded with file, line, byte, column, reason and text; their neighbours load")
  func recorded() async throws {
    let source = try source()
    let warehouse = try await TestWarehouse()
    let report = await warehouse.run(source, maxRejects: 3)
    #expect(report.outcome == .succeeded, "\(report.outcome)")
    #expect(report.checks["rejects"]?.count == 3)
    #expect(report.checks["rejects"]?.verdict == .noted)
    #expect(try await warehouse.scalar("SELECT count(*) FROM sparkify.staging_events") == "1")
    let rows = try await warehouse.session.execute(
      """
      SELECT run_id, stage, file, line, byte_offset, column_name, reason, raw_text, is_cut
      FROM sparkify_ops.rejects ORDER BY line
      """
    ).rows
    let offsets = Self.lines.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.utf8.count + 1) }
    try #require(rows.count == 3)
    for (row, index) in zip(rows, 1...) {
      #expect(
        Array(row[...4]) == [
          "1", "stage-events", "\(source.events)/a.json", "\(index + 1)", "\(offsets[index])",
        ])
      #expect(row[7] == Self.lines[index])
      #expect(row[8] == "f")
    }
    #expect(rows.map { $0[5] } == [nil, "session_id", "page"])
    #expect(rows[0][6]?.hasPrefix("broken JSON") == true)
    #expect(rows[2][6]?.contains("NUL") == true)
  }

  @Test("MAX_REJECTS are borne, one more stops the stage; recorded they are in both cases")
  func limit() async throws {
    let old = try TwoStars.old.get()
    let warehouse = try await TestWarehouse()
    #expect(await warehouse.run(old).outcome == .succeeded)
    for limit in [0, 2] {
      let report = await warehouse.run(try source(), maxRejects: limit)
      #expect(report.failedStage == .stageEvents)
      #expect(report.error?.kind == .input)
      #expect(report.error?.detail?.contains("\(limit)") == true)
      #expect(!report.stagesStarted.contains(.stageSongs))
      #expect(try await warehouse.star() == TwoStars.stars().old)
      let recorded = try await warehouse.scalar(
        "SELECT count(*) FROM sparkify_ops.rejects WHERE run_id = (SELECT max(run_id) "
          + "FROM sparkify_ops.runs)")
      #expect(Int(recorded ?? "") ?? 0 > limit)
      let stage = try await RunHistory(warehouse.session).stageRuns(limit: 1)[.stageEvents]?.first
      #expect(stage?.state == .failed)
      // The stage is not done: nothing can be made from it.
      let next = await warehouse.run(old, .only([.loadUsers]))
      #expect(next.error?.kind == .dependency)
    }
    #expect(await warehouse.run(try source(), maxRejects: 3).outcome == .succeeded)
  }

  @Test(
    "that are empty fail the check with status 3, and what is published stays",
    arguments: ["no plays", "no songs", "no files", "empty files"])
  func empty(what: String) async throws {
    let event = Record.event()
    let song = Record.song("S1", artist: "A1")
    let source =
      switch what {
      case "no plays": try SourceFolder(events: [Record.event(page: "Home")], songs: [song])
      case "no songs": try SourceFolder(["log_data/a.json": event, "song_data/a.json": "\n"])
      case "no files": try SourceFolder([:])
      default: try SourceFolder(["log_data/a.json": "", "song_data/a.json": ""])
      }
    let warehouse = try await TestWarehouse()
    #expect(await warehouse.run(try TwoStars.old.get()).outcome == .succeeded)
    let outcome = try await Program.run(["run"] + warehouse.arguments(source))
    #expect(outcome.status == 3, "\(outcome.all)")
    #expect(outcome.errors.contains("could not pass"))
    #expect(try await warehouse.star() == TwoStars.stars().old)
    let run = try await RunHistory(warehouse.session).detail(of: 2)
    #expect(run?.run.state == .failed)
    #expect(run?.checks.contains { $0.verdict == .failed } == true)
  }

  @Test("that are not there are named, before anything of the build is touched")
  func missing() async throws {
    let warehouse = try await TestWarehouse()
    let report = await warehouse.run(
      events: "/nonexistent/events", songs: "/nonexistent/songs", .all)
    #expect(report.failedStage == .stageEvents)
    #expect(report.error?.kind == .input)
    #expect(report.error?.message == "could not read /nonexistent/events")
  }

  @Test("a star that contradicts its source is not published, also when it once passed")
  func tampered() async throws {
    let warehouse = try await TestWarehouse()
    let source = try TwoStars.new.get()
    let stages = StageID.allCases.filter { $0 < .publish && $0 != .restage }
    #expect(await warehouse.run(source, .only(stages)).outcome == .succeeded)
    try await warehouse.session.execute("DELETE FROM sparkify_build.songplays")
    let check = await warehouse.run(source, .only([.check]))
    #expect(check.failedStage == .check)
    #expect(check.checks["songplays-complete"]?.verdict == .failed)
    let publish = await warehouse.run(source, .only([.publish]))
    #expect(publish.error?.kind == .dependency)
    #expect(try await warehouse.scalar("SELECT to_regclass('sparkify.songs')") == nil)
  }

  @Test("what was refused is the rows of its check, also when that star is gone")
  func refusedRows() async throws {
    let warehouse = try await TestWarehouse()
    let source = try SourceFolder.small(users: 4)
    try source.write("{\"song_id\":\"\",\"artist_id\":\"A\"}\nnothing\n", to: "song_data/b.json")
    let report = await warehouse.run(source, maxRejects: 2)
    #expect(report.outcome == .succeeded, "\(report.outcome)")
    #expect(report.checks["rejects"]?.count == 2)
    #expect(await warehouse.run(source, .only([.create])).outcome == .succeeded)
    let found = try await RunHistory(warehouse.session).rows(of: "rejects", run: 1, limit: 9)
    #expect(found.schema == "sparkify_ops")
    #expect(found.rows.rows.map { $0.text(2) } == ["1", "2"])
    #expect(found.rows.rows[0].text(4) == "required, and it is empty")
    #expect(
      try await warehouse.scalar("SELECT count(*) FROM sparkify.songs WHERE song_id = ''") == "0")
  }

  @Test("counts that differ are shown side by side")
  func differingCounts() async throws {
    let warehouse = try await TestWarehouse()
    let source = try SourceFolder.small(users: 4)
    let stages = StageID.allCases.filter { $0 < .check && $0 != .restage }
    #expect(await warehouse.run(source, .only(stages)).outcome == .succeeded)
    for statement in [
      "UPDATE sparkify_build.plays_by_hour SET plays = plays + 1",
      "DELETE FROM sparkify_build.staging_songs WHERE source_line = 1",
      "UPDATE sparkify_build.staging_songs SET song_id = '' WHERE source_line = 2",
    ] { try await warehouse.session.execute(statement) }
    let report = await warehouse.run(source, .only([.check]))
    #expect(report.failedStage == .check)
    let history = RunHistory(warehouse.session)
    let songs = try await history.rows(of: "staged-songs", run: 2, limit: 9)
    #expect(songs.rows.rows == [["3", "4"]])
    let sums = try await history.rows(of: "plays_by_hour-plays", run: 2, limit: 9).rows
    let (counted, plays) = (sums.rows.first?.integer(0) ?? 0, sums.rows.first?.integer(1) ?? 0)
    #expect(plays == 12 && counted > plays)
    #expect(try await history.rows(of: "catalogue-ids", run: 2, limit: 9).rows.rows.count == 1)
  }

  @Test("orphans fail the check, with a query that shows them")
  func orphans() async throws {
    let warehouse = try await TestWarehouse()
    let source = try TwoStars.new.get()
    let stages = StageID.allCases.filter { $0 < .check && $0 != .restage }
    #expect(await warehouse.run(source, .only(stages)).outcome == .succeeded)
    try await warehouse.session.execute("DELETE FROM sparkify_build.users WHERE user_id = 3")
    let report = await warehouse.run(source, .only([.check]))
    let check = report.checks["songplays-user_id-orphans"]
    #expect(check?.verdict == .failed)
    #expect(check?.count == 3)
    #expect(report.checks["users-complete"]?.verdict == .failed)
    let history = RunHistory(warehouse.session)
    let rows = try await history.rows(of: "songplays-user_id-orphans", run: 2, limit: 2)
    #expect(rows.schema == "sparkify_build")
    #expect(rows.rows.rows.count == 2 && rows.rows.isTruncated)
    let users = try await history.rows(of: "users-complete", run: 2, limit: 9)
    #expect(users.rows.rows == [["3", "missing in users"]])
    let none = try await failure { () async throws(WarehouseError) in
      try await history.rows(of: "freshness", run: 2, limit: 9)
    }
    #expect(none.message == "the check freshness of run 2 has no rows to show")
    let unknown = try await failure { () async throws(WarehouseError) in
      try await history.rows(of: "nothing", run: 2, limit: 9)
    }
    #expect(unknown.hint?.contains("users-complete") == true)
    // A build that was changed since is another one.
    #expect(await warehouse.run(source, .from(.loadUsers)).outcome == .succeeded)
    let gone = try await failure { () async throws(WarehouseError) in
      try await history.rows(of: "users-complete", run: 2, limit: 9)
    }
    #expect(gone.message == "could not show the rows of users-complete: the build is gone")
    // What was published is what the run judged, also where others have tables of those names.
    let coverage = try await history.rows(of: "catalogue-coverage", run: 3, limit: 99)
    #expect(coverage.schema == "sparkify")
    #expect(!coverage.rows.rows.isEmpty)
    #expect(await warehouse.session.transactionStatus == .idle)
  }

  @Test(
    "every count that differs shows the rows in which it does",
    arguments: [
      ("users-complete", "INSERT INTO users VALUES (99)", ["99|not in the source"]),
      ("songs-complete", "DELETE FROM songs WHERE song_id = 'S2_2'", ["S2_2|missing in songs"]),
      (
        "artists-complete", "DELETE FROM artists WHERE artist_id = 'A1'", ["A1|missing in artists"]
      ),
      (
        "songplays-complete", "DELETE FROM songplays WHERE songplay_id = 1",
        ["2018-11-01 19:20:01.796|1|1|1|0"]
      ),
    ])
  func differing(check: String, change: String, rows: [String]) async throws {
    let warehouse = try await TestWarehouse()
    let source = try TwoStars.new.get()
    let stages = StageID.allCases.filter { $0 < .check && $0 != .restage }
    #expect(await warehouse.run(source, .only(stages)).outcome == .succeeded)
    try await warehouse.session.execute("SET search_path TO sparkify_build")
    try await warehouse.session.execute(change)
    let report = await warehouse.run(source, .only([.check]))
    #expect(report.checks[check]?.verdict == .failed)
    let found = try await RunHistory(warehouse.session).rows(of: check, run: 2, limit: 9)
    #expect(found.rows.rows.map { $0.map { $0 ?? "∅" }.joined(separator: "|") } == rows)
  }
}
