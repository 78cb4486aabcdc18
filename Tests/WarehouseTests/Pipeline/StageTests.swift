import Testing

@testable import Warehouse

@Suite("Stages")
struct StageTests {
  private let stages = Stage.all(for: .postgres)

  private func selected(_ selection: StageSelection) throws -> [StageID] {
    try stages.selected(selection).map(\.id)
  }

  @Test("stand in the order of their names, each after all that it needs")
  func order() {
    #expect(stages.map(\.id) == stages.map(\.id).sorted())
    for (position, stage) in stages.enumerated() {
      #expect(Set(stage.dependencies).isSubset(of: stages[..<position].map(\.id)))
    }
    #expect(!stages.contains { $0.id == .teardown })
  }

  @Test("are selected: all, some in the pipeline's order and once, or from one on")
  func selection() throws {
    #expect(try selected(.all) == stages.map(\.id))
    #expect(
      try selected(.only([.check, .create, .check, .stageEvents]))
        == [.create, .stageEvents, .check])
    #expect(try selected(.from(.check)) == [.check, .publish])
    #expect(try selected(.from(.provision)) == stages.map(\.id))
    #expect(try selected(.only([])) == [])
  }

  @Test("that this warehouse does not have are refused, with those that it has")
  func unknown() {
    for selection in [StageSelection.only([.create, .teardown]), .from(.restage)] {
      let error = #expect(throws: WarehouseError.self) { try selected(selection) }
      #expect(error?.kind == .usage)
      #expect(error?.detail == "this warehouse has no such stage")
      #expect(error?.hint?.contains("provision, create, stage-events") == true)
    }
  }

  @Test("run side by side where they may: the dimensions beside the fact, all others alone")
  func waves() {
    let waves = stages.waves().map { $0.map(\.id) }
    #expect(
      waves == [
        [.provision], [.create], [.stageEvents], [.stageSongs],
        [.loadUsers, .loadSongs, .loadArtists, .loadTime, .loadSongplays], [.check], [.publish],
      ])
    for wave in stages.waves() where wave.count > 1 {
      let ids = wave.map(\.id)
      #expect(wave.allSatisfy { Set($0.dependencies).isDisjoint(with: ids) })
    }
    #expect([Stage]().waves().isEmpty)
  }

  @Test(
    "know what was made from their work",
    arguments: [
      (StageID.publish, []), (.check, [.publish]), (.loadUsers, [.check, .publish]),
      (.stageSongs, [.loadSongs, .loadArtists, .loadSongplays, .check, .publish]),
      (
        .stageEvents, [.loadUsers, .loadTime, .loadSongplays, .check, .publish]
      ),
      (.provision, []),
    ] as [(StageID, [StageID])])
  func dependents(of stage: StageID, expected: [StageID]) {
    #expect(stages.dependents(of: stage) == expected)
  }

  @Test("say in a sentence what is missing")
  func missing() throws {
    func refusal(_ id: StageID, _ done: Set<StageID>, _ exists: Bool = true) -> WarehouseError? {
      let stage = stages.first { $0.id == id }
      return #expect(throws: WarehouseError.self) {
        try stage?.requireDependencies(among: done, buildExists: exists)
      }
    }
    let one = refusal(.loadSongplays, [.create, .stageEvents])
    #expect(one?.kind == .dependency)
    #expect(one?.message == "could not run load-songplays")
    #expect(one?.detail == "it needs stage-songs, which has not been done in this build")
    #expect(one?.hint == "Run stage-songs first, or everything from stage-songs.")
    let two = refusal(.loadSongplays, [.create])
    #expect(
      two?.detail == "it needs stage-events, stage-songs, which have not been done in this build")
    #expect(two?.hint == "Run stage-events, stage-songs first, or everything from stage-events.")
    let none = refusal(.publish, [], false)
    #expect(none?.detail == "there is no build: none was begun, or the last one was published")
    #expect(none?.hint == "Run everything from create.")
    let stage = try #require(stages.first { $0.id == .create })
    try stage.requireDependencies(among: [], buildExists: false)
  }

  @Test("have titles as people say them")
  func titles() {
    #expect(StageSelection.all.title == "all")
    #expect(StageSelection.from(.check).title == "from check")
    #expect(StageSelection.only([.loadUsers, .check]).title == "load-users, check")
  }
}

@Suite("A dry run")
struct DryRunTests {
  private let settings = RunSettings(
    eventSource: "/data/logs", songSource: "/data/songs", connections: 3, startedBy: "me@here")

  private func plan(_ selection: StageSelection) throws -> [String: [String]] {
    let plan = try DryRun(selection, engine: .postgres, settings: settings)
    return plan.parts.reduce(into: [:]) { plan, part in
      if part.stage != nil { plan[part.name] = part.steps }
    }
  }

  @Test("holds what each stage would do, in order")
  func steps() throws {
    let plan = try plan(.all)
    #expect(plan.count == 11)
    let events = try #require(plan["stage-events"])
    #expect(
      events.contains(
        "-- on 3 connections, with the records of /data/logs, and client_min_messages at error "
          + "meanwhile"))
    #expect(events.contains { $0.hasPrefix("COPY \"staging_events\" (\"ts\", \"start_time\"") })
    #expect(events.contains("SET search_path TO sparkify_build"))
    let songplays = try #require(plan["load-songplays"])
    #expect(songplays.last == JournalStatement.endStage)
    #expect(songplays.filter { $0 == "BEGIN" }.count == songplays.filter { $0 == "COMMIT" }.count)
    #expect(songplays.contains { $0.contains(SQLText.loadSongplays) })
    for summary in SummaryTable.all {
      #expect(songplays.contains { $0.hasSuffix("AS\n" + summary.query) })
    }
    let check = try #require(plan["check"])
    #expect(check.contains { $0.contains("CREATE TABLE row_counts") })
    let publish = try #require(plan["publish"])
    for table in StarSchema.publishedTables {
      #expect(
        publish.contains("ALTER TABLE \"sparkify_build\".\"\(table)\" SET SCHEMA \"sparkify\""))
    }
    // Nothing that people hung on a table goes with it.
    #expect(!publish.contains { $0.contains("DROP TABLE") && $0.contains("CASCADE") })
  }

  @Test("takes a selection, and is the same for the same")
  func selection() throws {
    #expect(try plan(.from(.check)).keys.sorted() == ["check", "publish"])
    let once = try DryRun(.all, engine: .postgres, settings: settings)
    #expect(try DryRun(.all, engine: .postgres, settings: settings) == once)
    #expect(try DryRun(.from(.check), engine: .postgres, settings: settings) != once)
  }

  @Test("begins with the lock and the run's record, whatever stages there are")
  func beginning() throws {
    for selection in [StageSelection.all, .only([.provision]), .from(.check)] {
      let plan = try DryRun(selection, engine: .postgres, settings: settings)
      let steps = plan.steps
      let places = [
        "SELECT version()", PostgresRunLock.lockStatement, JournalStatement.beginRun,
        JournalStatement.beginStage, JournalStatement.endStage, JournalStatement.endRun,
        PostgresRunLock.releaseStatement,
      ].map { steps.firstIndex(of: $0) ?? -1 }
      #expect(places == places.sorted() && places.first ?? -1 >= 0, "\(places)")
    }
  }

  @Test("is a script: what begins with a comment ends with a semicolon, a comment alone does not")
  func script() throws {
    #expect(DryRun.terminated("-- why\nSELECT 1") == "-- why\nSELECT 1;")
    #expect(DryRun.terminated("-- why\n--   DELETE FROM t") == "-- why\n--   DELETE FROM t")
    let steps = try DryRun(.all, engine: .postgres, settings: settings).steps
    #expect(steps.contains { $0.hasSuffix("CREATE SCHEMA IF NOT EXISTS sparkify_ops") })
    let script = steps.map(DryRun.terminated).joined(separator: "\n")
    let statements = steps.filter { DryRun.terminated($0) != $0 }
    #expect(StatementSplitter.split(script).count == statements.count)
    #expect(!script.split(separator: "\n").contains { $0.contains("--") && $0.hasSuffix(";") })
  }
}

@Suite("Checks")
struct StarChecksTests {
  /// Facts of a build with nothing wrong.
  private var facts: StarFacts {
    var facts = StarFacts()
    (facts.stagedEvents, facts.stagedPlays, facts.stagedUsers) = (12, 10, 3)
    (facts.stagedSongs, facts.distinctSongs, facts.distinctArtists) = (5, 5, 4)
    (facts.songplays, facts.matchedSongplays, facts.times) = (10, 2, 9)
    (facts.users, facts.songs, facts.artists) = (3, 5, 4)
    facts.userSongplays = 8
    facts.proofs = SummaryTable.all.flatMap(\.proofs).map { proof in
      switch proof {
      case .plays: 10
      case .cataloguePlays: 2
      case .userPlays: 8
      case .contradictions: 0
      }
    }
    (facts.firstPlay, facts.lastPlay) = ("2018-11-01 00:00:00", "2018-11-30 00:00:00")
    return facts
  }

  private let marks: [StageID: StageMark] = [
    .stageEvents: StageMark(runID: 1, rows: 12), .stageSongs: StageMark(runID: 1, rows: 5),
  ]

  private func judged(
    _ change: (inout StarFacts) -> Void = { _ in }
  ) -> [String: CheckResult.Verdict] {
    var facts = facts
    change(&facts)
    return StarChecks.judge(facts, marks: marks).reduce(into: [:]) { $0[$1.name] = $1.verdict }
  }

  @Test("pass where nothing is wrong, and have names that differ")
  func passed() {
    let results = StarChecks.judge(facts, marks: marks)
    #expect(results.allSatisfy { $0.verdict == .passed })
    let names = (KeyChecks.primaryKeys + results).map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test("count one row as one")
  func oneRow() throws {
    var facts = facts
    (facts.artists, facts.distinctArtists, facts.strangeYears) = (1, 2, 1)
    let details = StarChecks.judge(facts, marks: marks).map(\.detail)
    #expect(details.contains("1 row, 2 were expected") && details.contains("1 row"))
    let key = try #require(StarSchema.foreignKeys.first)
    #expect(KeyChecks.result(key, orphanCount: 1).detail == "1 row names no row")
    #expect(KeyChecks.result(key, orphanCount: 2).detail == "2 rows name no row")
  }

  @Test("fail where the star contradicts its source")
  func failed() {
    let cases: [(String, (inout StarFacts) -> Void)] = [
      ("staged-events", { $0.stagedEvents = 11 }), ("staged-songs", { $0.stagedSongs = 6 }),
      ("songplays-complete", { $0.stagedPlays = 11 }), ("users-complete", { $0.users = 4 }),
      ("songs-complete", { $0.songs = 4 }), ("artists-complete", { $0.artists = 5 }),
      ("time-ranges", { $0.strangeTimes = 1 }), ("catalogue-ids", { $0.namelessSongs = 1 }),
      (
        "events-present",
        {
          ($0.songplays, $0.stagedPlays, $0.matchedSongplays, $0.userSongplays) = (0, 0, 0, 0)
          $0.proofs = $0.proofs.map { _ in nil }
        }
      ),
      ("plays_by_hour-plays", { $0.proofs[0] = 9 }),
      ("plays_by_hour-catalogue-plays", { $0.proofs[1] = nil }),
      ("song_charts-contradictions", { $0.proofs[5] = 1 }),
      ("sessions_by_user-user-plays", { $0.proofs[$0.proofs.count - 1] = 7 }),
      ("songs-present", { ($0.songs, $0.distinctSongs) = (0, 0) }),
    ]
    for (name, change) in cases {
      let failed = judged(change).filter { $0.value == .failed }.keys
      #expect(Array(failed) == [name])
    }
  }

  @Test("that two counts are equal shows both where they are not")
  func counts() {
    var facts = facts
    (facts.stagedEvents, facts.stagedSongs) = (11, 6)
    facts.proofs[0] = 9
    let results = StarChecks.judge(facts, marks: marks).filter { $0.verdict == .failed }
    #expect(
      results.map(\.offendingRowsSQL).prefix(2) == [
        "SELECT count(*) AS stored, 12 AS read FROM \"staging_events\"",
        "SELECT count(*) AS stored, 5 AS read FROM \"staging_songs\"",
      ])
    #expect(results.count == 3)
    #expect(
      results.last?.offendingRowsSQL?.hasSuffix("(SELECT count(*) FROM songplays) AS plays") == true
    )
  }

  @Test("note what is odd in the source, and let it pass")
  func noted() {
    let cases: [(String, (inout StarFacts) -> Void)] = [
      ("song-years", { $0.strangeYears = 1 }), ("song-durations", { $0.strangeDurations = 1 }),
      ("artist-coordinates", { $0.strangeCoordinates = 1 }),
      ("songplay-levels", { $0.unknownLevels = 1 }),
      ("duplicate-deliveries", { ($0.duplicateDeliveries, $0.stagedPlays) = (2, 12) }),
    ]
    for (name, change) in cases {
      let verdicts = judged(change).filter { $0.value != .passed }
      #expect(verdicts == [name: .noted])
    }
  }

  @Test("tell rejects, and show rows only where there are some")
  func details() {
    var marks = marks
    marks[.stageSongs]?.rejects = 4
    let results = StarChecks.judge(facts, marks: marks)
    let rejects = results.first { $0.name == "rejects" }
    #expect(rejects?.count == 4)
    #expect(rejects?.verdict == .noted)
    #expect(rejects?.offendingRowsSQL?.contains("run_id = 1 AND stage = 'stage-songs'") == true)
    #expect(rejects?.whyNoRows == nil)
    for passed in results where passed.verdict == .passed && !passed.hasRows {
      #expect(passed.whyNoRows?.contains("nothing amiss") == true)
    }
    #expect(results.first { $0.name == "song-years" }?.offendingRowsSQL == nil)
    let key = StarSchema.foreignKeys[0]
    #expect(KeyChecks.result(key, orphanCount: 0).verdict == .passed)
    let orphans = KeyChecks.result(key, orphanCount: 2)
    #expect(orphans.verdict == .failed)
    #expect(orphans.offendingRowsSQL == KeyChecks.orphans(key))
  }
}
