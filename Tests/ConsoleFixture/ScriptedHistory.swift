#if DEBUG
  @testable import Console
  import Warehouse

  /// What a stage is made to look like.
  struct StagePlan: Sendable {
    var seconds: Double
    var rows = 0
    var bytes: Int?
    var files: Int?
    var note = ""
    var firstLine: String
  }

  /// The stages, and the runs that are supposed to have been.
  enum ScriptedHistory {
    static let stages: [StageID] = StageID.allCases.filter { $0 != .restage && $0 != .teardown }
    /// 2018-11-30T20:00:00Z.
    static let noon: Int64 = 1_543_608_000_000

    static func plan(_ stage: StageID) -> StagePlan {
      switch stage {
      case .provision:
        StagePlan(seconds: 0.3, note: "embedded cluster ready", firstLine: "initdb /state/cluster")
      case .create: StagePlan(seconds: 0.1, note: "7 tables", firstLine: "schema sparkify_build")
      case .stageEvents:
        StagePlan(
          seconds: 4, rows: 2_000_000, bytes: 932_000_000, files: 1,
          firstLine: "reading log_data/ … 1 file, 932 MB")
      case .stageSongs:
        StagePlan(
          seconds: 3, rows: 100_000, bytes: 38_100_000, files: 100_000,
          firstLine: "listing song_data/ … 100,000 files, 38.1 MB")
      case .loadUsers: StagePlan(seconds: 0.4, rows: 9_873, firstLine: "users")
      case .loadSongs: StagePlan(seconds: 0.3, rows: 100_000, firstLine: "songs")
      case .loadArtists: StagePlan(seconds: 0.3, rows: 31_207, firstLine: "artists")
      case .loadTime: StagePlan(seconds: 0.6, rows: 1_498_233, firstLine: "time")
      case .loadSongplays: StagePlan(seconds: 1.2, rows: 1_702_118, firstLine: "songplays")
      case .check: StagePlan(seconds: 0.8, note: "14 checks passed", firstLine: "14 checks")
      case .publish: StagePlan(seconds: 0.1, note: "sparkify published", firstLine: "swap")
      case .restage, .teardown: StagePlan(seconds: 0.1, firstLine: "")
      }
    }

    static func dependencies(_ stage: StageID) -> [StageID] {
      switch stage {
      case .provision, .restage, .teardown: []
      case .create: [.provision]
      case .stageEvents, .stageSongs: [.create]
      case .loadUsers, .loadTime: [.stageEvents]
      case .loadSongs, .loadArtists: [.stageSongs]
      case .loadSongplays: [.stageEvents, .stageSongs]
      case .check: [.loadUsers, .loadSongs, .loadArtists, .loadTime, .loadSongplays]
      case .publish: [.check]
      }
    }

    static func sql(_ stage: StageID) -> [String] {
      guard stage != .provision else { return [] }
      return [
        """
        CREATE TABLE sparkify_build.\(stage.rawValue.replacing("-", with: "_")) AS
        SELECT DISTINCT ON (user_id) user_id, first_name, last_name, gender, level
        FROM sparkify_build.staging_events
        WHERE user_id IS NOT NULL
        ORDER BY user_id, ts DESC, session_id DESC, item_in_session DESC
        """,
        "ANALYZE sparkify_build.users",
      ]
    }

    static func descriptions(_ runs: [RunDetail], isHostile: Bool) -> [StageDescription] {
      stages.map { stage in
        StageDescription(
          id: stage,
          about: isHostile ? "\u{1B}[31mred\u{1B}[0m \u{202E}olleh" : about(stage),
          dependsOn: dependencies(stage), sql: sql(stage),
          pastRuns: runs.flatMap { $0.stages.filter { $0.stage == stage } }, obstacle: nil)
      }
    }

    private static func about(_ stage: StageID) -> String {
      switch stage {
      case .provision: "Initialise and start the embedded cluster"
      case .create: "Create the build schema with its seven tables"
      case .stageEvents: "Event files into staging_events"
      case .stageSongs: "Song files into staging_songs"
      case .check: "Counts, keys, orphans, ranges, duplicates, freshness"
      case .publish: "Swap the build into place"
      default: "Fill the table \(stage.rawValue.dropFirst(5))"
      }
    }

    static func failure(_ stage: StageID) -> WarehouseError {
      WarehouseError(
        .server, "could not finish \(stage.rawValue)",
        detail: "ERROR:  could not extend file \"base/16384/24601\": No space left on device",
        hint: "Free some space below the state folder, and run from \(stage.rawValue) again.",
        sqlState: "53100")
    }

    static let checks: [CheckResult] = [
      CheckResult(
        name: "songplays-count", title: "Every play is stored once", verdict: .passed,
        count: 1_702_118, detail: "1,702,118 plays staged and stored", offendingRowsSQL: nil),
      CheckResult(
        name: "songplays-song-orphans", title: "Every song of a play exists", verdict: .passed,
        count: 0, detail: "no orphan", offendingRowsSQL: nil),
      CheckResult(
        name: "songplays-duplicates", title: "No event is delivered twice", verdict: .noted,
        count: 12, detail: "12 events came twice and count once",
        offendingRowsSQL:
          "SELECT session_id, item_in_session, count(*)\nFROM staging_events\nGROUP BY 1, 2\nHAVING count(*) > 1"
      ),
    ]

    static let runs: [RunDetail] = (1...14).reversed().map { run($0) }

    private static func run(_ id: Int) -> RunDetail {
      let state: RunState =
        id == 9 ? .failed : id == 6 ? .cancelled : id == 3 ? .interrupted : .succeeded
      let start = noon - Int64(15 - id) * 7_400_000
      let record = RunRecord(
        id: id, selection: id % 4 == 0 ? "from load-users" : "all", state: state,
        startedBy: id % 3 == 0 ? "ana@studio" : "ops@warehouse",
        startedAt: Timestamp(milliseconds: start),
        duration: state == .interrupted ? nil : .milliseconds(11_200 + id * 137),
        error: id == 9 ? "could not finish stage-songs: 3 records cannot be stored" : nil,
        configuration: [
          ("PIPELINE.MAX_REJECTS", id > 7 ? "10" : "0"), ("S3.LOG_DATA", "shared/data/log_data"),
          ("S3.SONG_DATA", "shared/data/song_data"),
        ])
      let last = id == 9 ? 4 : id == 6 ? 7 : stages.count
      let records = stages.prefix(last).enumerated().map { index, stage in
        stageRecord(id, stage, index, isLast: index == last - 1, state, start)
      }
      return RunDetail(
        run: record, stages: records, checks: state == .succeeded ? checks : [],
        rejects: [], rejectCount: id == 9 ? 3 : 0)
    }

    private static func stageRecord(
      _ id: Int, _ stage: StageID, _ index: Int, isLast: Bool, _ state: RunState, _ start: Int64
    ) -> StageRecord {
      let plan = plan(stage)
      let ended = isLast ? state : .succeeded
      return StageRecord(
        runID: id, stage: stage, state: ended,
        startedAt: Timestamp(milliseconds: start + Int64(index) * 900),
        summary: StageSummary(
          rows: plan.rows > 0 ? plan.rows - (14 - id) * 10 : nil, bytes: plan.bytes,
          rejects: isLast && state == .failed ? 3 : 0,
          duration: .milliseconds(Int(plan.seconds * 1000) + id * 7), note: plan.note),
        error: ended == .failed ? "could not finish stage-songs: 3 records cannot be stored" : nil)
    }

    static func rejects(isHostile: Bool) -> [RejectPage.Item] {
      let raw = [
        #"{"num_songs": 1, "artist_id": "ARD7TVE1187B99BFB1", "artist_latitude": null, "title": "#,
        isHostile
          ? "\u{1B}]0;owned\u{7}\u{1B}[2J{\"title\": \"\u{202E}gnos\u{202C} 東京都渋谷区 👩‍👩‍👧 é\u{301}\"}"
          : #"{"artist_id": "ARMJAGH1187FB546F3", "title": "東京都渋谷区 — «Ωμέγα»", "duration": "long"}"#,
        #"{"artist_id": "AR558FS1187FB45658", "title": "x\u0000y", "year": 1969}"#,
      ]
      let reasons = [
        ("the record ends in the middle", nil as String?), ("\"long\" is no number", "duration"),
        ("text holds a NUL character", "title"),
      ]
      return zip(raw, reasons).enumerated().map { index, item in
        RejectPage.Item(
          stage: .stageSongs,
          reject: Reject(
            file: "song_data/A/B/C/TRABCEI128F424C98\(index).json", line: index + 1,
            byteOffset: index * 1234, column: item.1.1, reason: item.1.0, rawText: item.0,
            isCut: false))
      }
    }
  }
#endif
