import Testing
import Warehouse

@testable import Console

@Suite("The Pipeline screen")
struct PipelineScreenTests {
  private static let time = Harness.moment.time

  /// A run that is in the middle of reading events.
  static let someEvents: [PipelineEvent] = [
    .runStarted(id: 4, stages: [.create, .stageEvents, .publish], at: time),
    .stageStarted(.create, at: time),
    .stageFinished(.create, StageSummary(duration: .milliseconds(41), note: "7 tables")),
    .stageStarted(.stageEvents, at: time),
    .logged(.stageEvents, "30 files, 3.8 MB", at: time),
    .stageProgressed(.stageEvents, progress),
  ]

  private static var progress: Progress {
    var progress = Progress()
    (progress.rows, progress.bytes, progress.totalBytes) = (4028, 1_877_799, 3_755_598)
    progress.elapsed = .seconds(1)
    return progress
  }

  private func running() -> Harness {
    var harness = Harness(columns: 80)
    harness.press("a")
    for event in Self.someEvents { harness.answer(.pipeline(event)) }
    harness.wait(.seconds(1))
    return harness
  }

  @Test("runs the selected stage, all, or all from it on")
  func starting() {
    var harness = Harness()
    #expect(harness.press("r") == [.run(.only([.create]))])
    harness = Harness()
    #expect(harness.press("a") == [.run(.all)])
    harness = Harness()
    #expect(harness.press("j", "f") == [.run(.from(.stageEvents))])
  }

  @Test("a stage that misses something says what")
  func obstacle() {
    var harness = Harness()
    #expect(harness.press("G", "r") == [])
    #expect(harness.row(13).hasPrefix("└─ · needs stage-events"))
    #expect(harness.press("f") == [.run(.from(.publish))])
  }

  @Test("a build that is open says what it has; what was done before it is a note")
  func openBuild() {
    func stage(_ id: StageID, _ build: BuildPart?) -> StageDescription {
      let last = StageRecord(
        runID: 26, stage: id, state: .succeeded, startedAt: Self.time,
        summary: StageSummary(rows: 71, duration: .seconds(3)), error: nil)
      return StageDescription(
        id: id, about: "", dependsOn: [], sql: [], pastRuns: [last], obstacle: nil, build: build)
    }
    var harness = Harness(columns: 80)
    _ = harness.model.refreshStages()
    harness.answer(
      .stagesLoaded(
        3,
        .success([
          stage(.provision, nil), stage(.create, .done),
          stage(.stageSongs, .open(waitsFor: [])),
          stage(.loadSongs, .open(waitsFor: [.stageSongs])),
        ])))
    #expect(harness.row(2).hasPrefix("│ ✓ provision       done       run 26 · 71 rows"))
    #expect(harness.row(3).hasPrefix("│ ✓ create          done       run 26 · 71 rows"))
    #expect(harness.row(4).hasPrefix("│ ○ stage-songs     not run    last: run 26 · 71 rows  "))
    #expect(
      harness.row(5).hasPrefix(
        "│ ○ load-songs      waiting    waits for stage-songs · last: run"))
  }

  @Test("an error of several lines takes several in a past run")
  func pastError() {
    let record = StageRecord(
      runID: 3, stage: .create, state: .failed, startedAt: Self.time, summary: nil,
      error: "could not run create\nit needs this\nDo that.")
    let stage = StageDescription(
      id: .create, about: "", dependsOn: [], sql: [], pastRuns: [record], obstacle: nil)
    var harness = Harness(columns: 100, rows: 20)
    _ = harness.model.refreshStages()
    harness.answer(.stagesLoaded(3, .success([stage])))
    #expect(!harness.text.contains("␊"))
    let rows = harness.text.split(separator: "\n")
    let places = ["could not run create", "it needs this", "Do that."].map { words in
      rows.first { $0.contains(words) }.flatMap { row in
        row.firstRange(of: words).map { row.distance(from: row.startIndex, to: $0.lowerBound) }
      }
    }
    #expect(places.first != .some(nil) && Set(places).count == 1, "\(places)")
  }

  @Test("shows a run live")
  func live() {
    var harness = running()
    harness.answer(.resized(Size(columns: 80, rows: 12)))
    #expect(
      harness.text == """
         1 Cluster  2 Pipeline  3 Tables  4 Queries  5 SQL  6 Sources  7 Runs   ● ready
        ┌─ Pipeline run 4 · all · ◑ 1 of 3 stages ───────────────────── 00:01 elapsed ─┐
        │ ✓ create          done       7 tables                                  41 ms │
        │ ▶ stage-events    running    █████╌╌╌╌╌       4.0k rows  4.0k/s    ~1 s left │
        │ ○ publish         waiting    waits for stage-events                          │
        ├─ stage-events log ───────────────────────────────────────────────────────────┤
        │ 20:00:00.000  started                                                        │
        │ 20:00:00.000  30 files, 3.8 MB                                               │
        │                                                                              │
        │                                                                              │
        └──────────────────────────────────────────────────────────────────────────────┘
         c cancel  s SQL  Enter details  x rejects  ? help  : command  q quit
        """)
  }

  @Test("tells rows, what is done of the total, and the rate: in turns where there is little room")
  func doneOfTotal() {
    var harness = running()
    harness.answer(.resized(Size(columns: 140, rows: 12)))
    #expect(harness.row(3).contains("4,028 rows           1.9 of 3.8 MB  4.0k rows/s"))
    var progress = Self.progress
    (progress.files, progress.totalFiles) = (54_112, 100_000)
    harness.answer(.pipeline(.stageProgressed(.stageEvents, progress)))
    #expect(harness.row(3).contains("4,028 rows 54,112 of 100,000 files  4.0k rows/s"))
    (progress.files, progress.totalFiles) = (954_112, 1_000_000)
    harness.answer(.pipeline(.stageProgressed(.stageEvents, progress)))
    #expect(harness.row(3).contains("954k of 1.0M files"))

    harness.answer(.resized(Size(columns: 80, rows: 12)))
    #expect(harness.row(3).contains(" 4.0k rows "))
    progress.elapsed = .seconds(4)
    harness.answer(.pipeline(.stageProgressed(.stageEvents, progress)))
    #expect(harness.row(3).contains(" 954k/1.0M files "))
    progress.totalFiles = 1
    harness.answer(.pipeline(.stageProgressed(.stageEvents, progress)))
    #expect(harness.row(3).contains(" 1.9 of 3.8 MB "))
  }

  @Test("an unknown total has no bar and no time left")
  func unknownTotal() {
    var harness = running()
    var progress = Self.progress
    progress.totalBytes = nil
    harness.answer(.pipeline(.stageProgressed(.stageEvents, progress)))
    #expect(!harness.row(3).contains("█") && !harness.row(3).contains("left"))
    #expect(harness.row(3).contains("4.0k rows"))
    #expect(harness.row(3).hasSuffix("00:01 │"))
  }

  @Test("tells the time left from past runs, when every stage has one")
  func timeLeft() {
    var stages = Harness.stages
    for index in stages.indices {
      stages[index].pastRuns = [
        StageRecord(
          runID: 1, stage: stages[index].id, state: .succeeded, startedAt: Self.time,
          summary: StageSummary(duration: .seconds(10)), error: nil)
      ]
    }
    var harness = running()
    let id = harness.model.refreshStages()
    #expect(id == [.loadStages(3)])
    harness.answer(.stagesLoaded(3, .success(stages)))
    #expect(harness.row(1).hasSuffix("00:01 elapsed · ~00:11 left ─┐"))
  }

  @Test("of lanes that run side by side the longest counts for the time left")
  func timeLeftOfLanes() {
    let lanes: [StageID: Lane] = [
      .loadUsers: .dimensions, .loadSongs: .dimensions, .loadSongplays: .fact,
    ]
    let seconds: [StageID: Int] = [
      .create: 1, .loadUsers: 2, .loadSongs: 3, .loadSongplays: 7, .check: 4,
    ]
    func remaining(of stages: [StageID]) -> Duration? {
      var run = RunProgress(.all, at: .zero)
      run.take(.runStarted(id: 1, stages: stages, at: Self.time), at: Harness.moment)
      return run.remaining(
        at: .seconds(2), past: { seconds[$0].map { .seconds($0) } },
        lane: { lanes[$0] ?? .alone })
    }
    #expect(
      remaining(of: [.create, .loadUsers, .loadSongs, .loadSongplays, .check]) == .seconds(12))
    #expect(remaining(of: [.loadUsers, .loadSongs]) == .seconds(5))
    #expect(remaining(of: [.create, .publish]) == nil)
  }

  @Test("a check that failed shows its rows with the key of the rejects")
  func checkRows() {
    var harness = Harness(columns: 80)
    let check = StageDescription(
      id: .check, about: "", dependsOn: [], sql: [], pastRuns: [], obstacle: nil)
    harness.answer(.stagesLoaded(2, .success([check])))
    _ = harness.model.refreshStages()
    harness.answer(.stagesLoaded(3, .success([check])))
    harness.press("a")
    let results = [(CheckResult.Verdict.noted, "years"), (.failed, "users")].map {
      CheckResult(
        name: $1, title: $1, verdict: $0, count: 1, detail: "", offendingRowsSQL: "SELECT 1")
    }
    harness.answer(.pipeline(.runStarted(id: 4, stages: [.check], at: Self.time)))
    for result in results { harness.answer(.pipeline(.checked(result))) }
    #expect(
      harness.press("x") == [.loadCheckRows(2, run: 4, check: "users", limit: CheckRowList.limit)])
  }

  @Test("the selection follows the run until a person moves it")
  func following() {
    var harness = running()
    #expect(harness.model.pipeline.selected?.id == .stageEvents)
    harness.press("k")
    harness.answer(.pipeline(.stageStarted(.publish, at: Self.time)))
    #expect(harness.model.pipeline.selected?.id == .create)
    harness.press(".")
    #expect(harness.model.pipeline.isFollowing)
  }

  @Test("a cancel says that it is going on, then how long the server took")
  func cancelling() {
    var harness = running()
    #expect(harness.press("c") == [.cancelRun])
    #expect(harness.row(1).contains("cancelling …"))
    #expect(harness.press("c") == [])
    harness.wait(.milliseconds(300))
    harness.answer(.pipeline(.stageFailed(.stageEvents, .cancelled, after: .seconds(1))))
    harness.answer(.pipeline(.runFinished(id: 4, .cancelled, after: .seconds(2))))
    harness.answer(.runEnded(.cancelled))
    #expect(harness.row(1).contains("■ cancelled, server stopped after 0.3 s"))
    #expect(harness.row(3).contains("■ stage-events    cancelled"))
    #expect(harness.row(4).contains("· publish         not run"))
  }

  @Test("a server that does not stop has its sessions ended on request")
  func stubbornServer() {
    var harness = running()
    harness.press("c")
    harness.wait(.seconds(3))
    #expect(harness.row(1).contains("00:03 · c ends the server's sessions"))
    #expect(harness.press("c") == [.terminateRun(4)])
  }

  @Test("a run without a number yet has nothing at the server that may be ended")
  func nothingToTerminate() {
    var harness = Harness(columns: 80)
    harness.press("a", "c")
    harness.wait(.seconds(3))
    #expect(harness.press("c") == [])
    #expect(harness.text.contains("nothing of this run is at the server yet"))
  }

  @Test("a failed stage shows its error in the row, the log, and the details")
  func failing() {
    var harness = running()
    let error = WarehouseError(
      .server, "could not load", detail: "No space left on device", hint: "Free some space.",
      sqlState: "53100")
    harness.answer(.pipeline(.stageFailed(.stageEvents, error, after: .seconds(2))))
    harness.answer(.pipeline(.runFinished(id: 4, .failed(.stageEvents, error), after: .seconds(3))))
    let effects = harness.answer(.runEnded(.failed(.stageEvents, error)))
    #expect(effects == [.loadStages(3), .loadStatus(3), .loadRuns(2, limit: RunsScreen.limit)])
    #expect(harness.row(1).contains("✗ failed"))
    #expect(harness.row(3).contains("✗ stage-events    failed     could not load"))
    #expect(harness.text.contains("→ Free some space."))
    harness.press(.escape, .enter)
    #expect(harness.text.contains("SQLSTATE 53100"))
  }

  @Test("rejects and checks are in the log; rejects are one key away")
  func rejectsAndChecks() {
    var harness = running()
    let reject = Reject(
      file: "2018/11/x.json", line: 7, byteOffset: 3141, column: "ts", reason: "\"x\" is no number",
      rawText: "{\"ts\": \"x\"}", isCut: false)
    harness.answer(.pipeline(.rejected(.stageEvents, reject)))
    #expect(harness.text.contains("rejected 2018/11/x.json, line 7, column ts"))
    #expect(
      harness.press("x") == [
        .loadRejects(1, run: 4, stage: .stageEvents, limit: RejectList.limit)
      ])
    harness.answer(
      .rejectsLoaded(
        1, .success(RejectPage(items: [.init(stage: .stageEvents, reject: reject)], total: 5))))
    #expect(harness.row(1).hasPrefix("┌─ Rejects run 4 · stage-events"))
    #expect(harness.row(1).hasSuffix("first 1 of 5 ─┐"))
    #expect(harness.text.contains("{\"ts\": \"x\"}"))
    #expect(harness.press("y") == [.copy("{\"ts\": \"x\"}")])
    harness.press(.enter)
    #expect(harness.text.contains("byte    3,141"))
  }

  @Test("more rejects are asked for at the end of those that are known, as long as it makes sense")
  func manyRejects() {
    var harness = running()
    harness.press("x")
    func answer(_ id: Int, _ count: Int) {
      let items = (1...count).map { line in
        RejectPage.Item(
          stage: .stageEvents,
          reject: Reject(
            file: "x.json", line: line, byteOffset: nil, column: nil, reason: "no JSON",
            rawText: "{", isCut: false))
      }
      harness.answer(.rejectsLoaded(id, .success(RejectPage(items: items, total: 9000))))
    }
    func load(_ id: Int, _ limit: Int) -> [Effect] {
      [.loadRejects(id, run: 4, stage: .stageEvents, limit: limit)]
    }
    answer(1, 1000)
    #expect(harness.press("j") == [])
    #expect(harness.press("G") == load(2, 4000))
    #expect(harness.press("k", "j") == [], "it is asked for already")
    answer(2, 4000)
    #expect(harness.press("G") == load(3, 8000))
    answer(3, 8000)
    #expect(harness.press("G") == [])
    #expect(harness.row(1).hasSuffix("first 8,000 of 9,000 ─┐"))
  }

  @Test("a stage's statements can be read and copied")
  func statements() {
    var harness = Harness()
    harness.press("s")
    #expect(harness.row(13).contains("create has no SQL"))
    harness.press("j", "s")
    #expect(harness.press("y") == [.copy("SELECT 1;\n\nSELECT 2;")])
  }

  @Test("the number of rejects is asked for, checked, and set")
  func maxRejects() {
    var harness = Harness(columns: 80)
    harness.press("m")
    harness.type("1x")
    #expect(harness.press(.enter) == [])
    #expect(harness.text.contains("A whole number from 0 on, please."))
    harness.press(.backspace, "0")
    #expect(harness.press(.enter) == [.setMaxRejects(10)])
    harness.answer(.maxRejectsSet(10))
    #expect(harness.model.pipeline.maxRejects == 10)
  }

  @Test("a run of another console is named")
  func foreignRun() {
    var harness = Harness(columns: 80)
    _ = harness.model.refreshRuns()
    let foreign = Harness.run(4, .running, by: "bob@desk")
    harness.answer(.runsLoaded(2, .success(RunPage(runs: [foreign], isTruncated: false))))
    #expect(harness.row(1).contains("run 4 by bob@desk goes on elsewhere"))
    harness.press("a")
    let locked = WarehouseError(.locked, "could not start: another console runs the pipeline")
    harness.answer(.runEnded(.failed(nil, locked)))
    #expect(harness.row(13).contains("another console runs the pipeline"))
  }

  @Test("a stage keeps the end of a long log, and says so")
  func longLog() {
    var harness = running()
    for index in 0..<1500 {
      harness.answer(.pipeline(.logged(.stageEvents, "line \(index)", at: Self.time)))
    }
    #expect(harness.text.contains("line 1499"))
    #expect(harness.row(5).contains("last 1,000 lines"))
    harness.press("K", "K")
    #expect(harness.row(5).contains("2 rows back"))
    #expect(!harness.text.contains("line 1499"))
  }
}
