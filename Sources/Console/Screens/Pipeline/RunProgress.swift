import Warehouse

/// How a stage stands, on the screen.
enum StageState: Equatable, Sendable {
  /// It belongs to the run, and its turn will come.
  case waiting
  case running(since: Duration, Progress)
  case done(StageSummary)
  case failed(WarehouseError, after: Duration)
  case cancelled(after: Duration)
  /// The run ended before its turn came.
  case skipped
}

/// A line of a stage's log.
struct LogLine: Equatable, Sendable {
  var time: Timestamp
  var text: Line
}

/// A run as its events tell it.
struct RunProgress: Equatable, Sendable {
  /// Its number; nil until the warehouse has given it one.
  private(set) var id: Int?
  let selection: StageSelection
  let startedAt: Duration
  /// The stages that it takes, in order.
  private(set) var stages: [StageID] = []
  private(set) var states: [StageID: StageState] = [:]
  private(set) var checks: [CheckResult] = []
  private(set) var outcome: RunOutcome?
  private(set) var duration: Duration?
  private var logs: [StageID: [LogLine]] = [:]
  private var general: [LogLine] = []

  /// A stage keeps its last lines only.
  static let logLimit = 1000

  /// A run that was asked for.
  init(_ selection: StageSelection, at moment: Duration) {
    self.selection = selection
    startedAt = moment
  }

  /// Takes in an event.
  mutating func take(_ event: PipelineEvent, at moment: Moment) {
    switch event {
    case .runStarted(let id, let stages, _):
      self.id = id
      self.stages = stages
      for stage in stages { states[stage] = .waiting }
    case .stageStarted(let stage, let time):
      states[stage] = .running(since: moment.uptime, Progress())
      log(stage, time, Line("started", .muted))
    case .stageProgressed(let stage, let progress):
      let since = since(stage) ?? moment.uptime
      states[stage] = .running(since: since, progress)
    case .logged(let stage, let text, let time): log(stage, time, Line(text))
    case .rejected(let stage, let reject): log(stage, moment.time, RunProgress.line(reject))
    case .checked(let check):
      checks.append(check)
      log(.check, moment.time, RunProgress.line(check))
    case .stageFinished(let stage, let summary):
      states[stage] = .done(summary)
      let took = "done in " + Quantity.duration(summary.duration)
      log(stage, moment.time, Line(took, .success))
    case .stageFailed(let stage, let error, let after): fail(stage, error, after, moment.time)
    case .runFinished(_, let outcome, let after):
      duration = after
      end(outcome, at: moment)
    }
  }

  /// The call that ran it has returned, whether events told the end or not.
  mutating func end(_ outcome: RunOutcome, at moment: Moment) {
    guard self.outcome == nil else { return }
    self.outcome = outcome
    duration = duration ?? (moment.uptime - startedAt)
    for (stage, state) in states {
      if state == .waiting { states[stage] = .skipped }
      if case .running(let since, _) = state { stop(stage, outcome, moment.uptime - since) }
    }
    if case .failed(nil, let error) = outcome {
      general += RunProgress.lines(error).map { LogLine(time: moment.time, text: $0) }
    }
  }

  /// A stage that was going on when its run ended without a word about it.
  private mutating func stop(_ stage: StageID, _ outcome: RunOutcome, _ after: Duration) {
    switch outcome {
    case .failed(_, let error): states[stage] = .failed(error, after: after)
    case .cancelled, .succeeded: states[stage] = .cancelled(after: after)
    }
  }

  private mutating func fail(
    _ stage: StageID, _ error: WarehouseError, _ after: Duration, _ time: Timestamp
  ) {
    guard error.kind != .cancelled else {
      states[stage] = .cancelled(after: after)
      log(stage, time, Line("cancelled after " + Quantity.duration(after), .warning))
      return
    }
    states[stage] = .failed(error, after: after)
    for line in RunProgress.lines(error) { log(stage, time, line) }
  }

  // MARK: Log

  private mutating func log(_ stage: StageID?, _ time: Timestamp, _ text: Line) {
    let line = LogLine(time: time, text: text)
    guard let stage else {
      general.append(line)
      return
    }
    logs[stage, default: []].append(line)
    let surplus = (logs[stage]?.count ?? 0) - RunProgress.logLimit
    if surplus > 0 { logs[stage]?.removeFirst(surplus) }
  }

  /// What a stage logged, and what the run logged around it.
  func log(of stage: StageID) -> [LogLine] {
    guard let own = logs[stage], !own.isEmpty else { return general }
    return own + general
  }

  /// Whether a stage's first lines are gone.
  func isLogCut(of stage: StageID) -> Bool { logs[stage]?.count == RunProgress.logLimit }

  static func line(_ check: CheckResult) -> Line {
    let style: Style =
      switch check.verdict {
      case .passed: .success
      case .noted: .warning
      case .failed: .failure
      }
    let mark = check.verdict == .passed ? "✓ " : check.verdict == .noted ? "! " : "✗ "
    return Line(mark, style) + Line(check.title) + Line("  " + check.detail, .muted)
  }

  private static func line(_ reject: Reject) -> Line {
    let column = reject.column.map { ", column \($0)" } ?? ""
    return Line("rejected ", .warning)
      + Line("\(reject.file), line \(reject.line)\(column): \(reject.reason)")
  }

  static func lines(_ error: WarehouseError) -> [Line] {
    [Line("✗ " + error.message, .failure)]
      + (error.detail.map { TextPane.lines($0) } ?? [])
      + (error.hint.map { [Line("→ " + $0, .accent)] } ?? [])
  }

  // MARK: Sums

  /// The stage that goes on.
  var current: StageID? { stages.first { since($0) != nil } }

  /// Stages that are done.
  var finishedCount: Int {
    states.values.count { if case .done = $0 { true } else { false } }
  }

  /// How long it has taken so far, or took.
  func elapsed(at moment: Duration) -> Duration { duration ?? (moment - startedAt) }

  /// How long it will take, by how long stages took before; nil when one of them never ran. Of lanes
  /// that run side by side the longest counts.
  func remaining(
    at moment: Duration, past: (StageID) -> Duration?, lane: (StageID) -> Lane
  ) -> Duration? {
    guard outcome == nil, !stages.isEmpty else { return nil }
    var sum = Duration.zero
    var beside: [Lane: Duration] = [:]
    for stage in stages {
      guard let left = remaining(of: stage, at: moment, past) else { return nil }
      let lane = lane(stage)
      guard lane == .alone else {
        beside[lane, default: .zero] += left
        continue
      }
      sum += (beside.values.max() ?? .zero) + left
      beside = [:]
    }
    return sum + (beside.values.max() ?? .zero)
  }

  private func remaining(
    of stage: StageID, at moment: Duration, _ past: (StageID) -> Duration?
  ) -> Duration? {
    switch states[stage] {
    case .waiting: past(stage)
    case .running(let since, let progress):
      (progress.remaining ?? past(stage).map { $0 - (moment - since) }).map { max(.zero, $0) }
    case .done, .failed, .cancelled, .skipped, nil: .zero
    }
  }

  private func since(_ stage: StageID) -> Duration? {
    if case .running(let since, _)? = states[stage] { since } else { nil }
  }
}
