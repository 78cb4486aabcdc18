import Warehouse

@testable import Console

/// A model with a small warehouse that it is connected to.
struct Harness {
  var model: Model
  private(set) var effects: [Effect] = []

  /// 2018-11-30T20:00:00Z, two seconds after the program began.
  static let moment = Moment(
    uptime: .seconds(2), time: Timestamp(milliseconds: 1_543_608_000_000))

  init(columns: Int = 60, rows: Int = 15, connected: Bool = true) {
    model = Model(
      size: Size(columns: columns, rows: rows), glyphs: .unicode, moment: Harness.moment)
    effects = model.start()
    answer(.stagesLoaded(1, .success(Harness.stages)))
    guard connected else { return }
    answer(.connected(1, .success(ServerDescription(target: "embedded", product: "PostgreSQL 15"))))
    answer(.stagesLoaded(2, .success(Harness.stages)))
    answer(.runsLoaded(1, .success(RunPage(runs: Harness.runs, isTruncated: false))))
    effects = []
  }

  /// Lets a message happen.
  @discardableResult
  mutating func answer(_ message: Message) -> [Effect] {
    effects = model.update(message)
    return effects
  }

  /// Presses keys, and returns what the last asked for.
  @discardableResult
  mutating func press(_ keys: Key...) -> [Effect] {
    for key in keys { effects = model.update(.key(key)) }
    return effects
  }

  /// Types text.
  mutating func type(_ text: String) {
    for character in text { press(.character(character)) }
  }

  /// Lets time pass.
  mutating func wait(_ duration: Duration) {
    let moment = model.moment
    let time = Timestamp(milliseconds: moment.time.milliseconds + Int64(duration.milliseconds))
    answer(.tick(Moment(uptime: moment.uptime + duration, time: time)))
  }

  var text: String { model.view().text }

  /// One row of the screen.
  func row(_ index: Int) -> String {
    let rows = text.split(separator: "\n", omittingEmptySubsequences: false)
    return rows.indices.contains(index) ? String(rows[index]) : ""
  }

  // MARK: The warehouse

  static let stages: [StageDescription] = [
    stage(.create, []), stage(.stageEvents, [.create]),
    stage(.publish, [.stageEvents], obstacle: "needs stage-events"),
  ]

  private static func stage(
    _ id: StageID, _ before: [StageID], obstacle: String? = nil
  ) -> StageDescription {
    StageDescription(
      id: id, about: "what \(id.rawValue) does", dependsOn: before,
      sql: id == .create ? [] : ["SELECT 1", "SELECT 2;"], pastRuns: [], obstacle: obstacle)
  }

  static let runs = [run(3, .succeeded), run(2, .failed), run(1, .succeeded)]

  static func run(_ id: Int, _ state: RunState, by: String = "ana@studio") -> RunRecord {
    RunRecord(
      id: id, selection: "all", state: state, startedBy: by,
      startedAt: Timestamp(milliseconds: 1_543_600_000_000 + Int64(id) * 60_000),
      duration: state == .running ? nil : .milliseconds(4200 + id),
      error: state == .failed ? "could not read" : nil,
      configuration: [("PIPELINE.MAX_REJECTS", "\(id)")])
  }

  static func detail(_ id: Int, plays: Int) -> RunDetail {
    RunDetail(
      run: run(id, .succeeded),
      stages: [
        StageRecord(
          runID: id, stage: .stageEvents, state: .succeeded,
          startedAt: Timestamp(milliseconds: 1_543_600_000_000),
          summary: StageSummary(rows: plays, bytes: 3_755_598, duration: .seconds(1)), error: nil)
      ],
      checks: [
        CheckResult(
          name: "plays", title: "Every play is stored", verdict: .passed, count: plays,
          detail: "yes",
          offendingRowsSQL: nil)
      ], rejects: [], rejectCount: 0)
  }
}
