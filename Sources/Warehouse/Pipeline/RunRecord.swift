/// How a recorded run or stage stands.
public enum RunState: String, Sendable, CaseIterable {
  /// Its holder is alive.
  case running
  /// Done.
  case succeeded
  /// Ended with an error.
  case failed
  /// Somebody asked for it to stop.
  case cancelled
  /// Its holder died before it ended.
  case interrupted
}

/// A run as `sparkify_ops.runs` keeps it.
public struct RunRecord: Sendable, Equatable, Identifiable {
  /// Its number.
  public var id: Int
  /// What was asked for: "all", "from check", "load-users".
  public var selection: String
  /// How it stands.
  public var state: RunState
  /// Who asked: user and host.
  public var startedBy: String
  /// When it began.
  public var startedAt: Timestamp
  /// How long it took; nil while it runs, or when its holder died.
  public var duration: Duration?
  /// The error, when there was one.
  public var error: String?
  /// The configuration that it ran with, without secrets: "SECTION.KEY" and value.
  public var configuration: [(key: String, value: String)]

  /// A record.
  public init(
    id: Int, selection: String, state: RunState, startedBy: String, startedAt: Timestamp,
    duration: Duration?, error: String?, configuration: [(key: String, value: String)]
  ) {
    self.id = id
    self.selection = selection
    self.state = state
    self.startedBy = startedBy
    self.startedAt = startedAt
    self.duration = duration
    self.error = error
    self.configuration = configuration
  }

  /// Equal when all their fields are.
  public static func == (left: RunRecord, right: RunRecord) -> Bool {
    left.id == right.id && left.selection == right.selection && left.state == right.state
      && left.startedBy == right.startedBy && left.startedAt == right.startedAt
      && left.duration == right.duration && left.error == right.error
      && left.configuration.elementsEqual(right.configuration, by: ==)
  }
}

/// A stage of a run as `sparkify_ops.stage_runs` keeps it.
public struct StageRecord: Sendable, Equatable {
  /// The run.
  public var runID: Int
  /// The stage.
  public var stage: StageID
  /// How it stands.
  public var state: RunState
  /// When it began.
  public var startedAt: Timestamp
  /// Rows, bytes, rejects, time and note; nil while it runs.
  public var summary: StageSummary?
  /// The error, when there was one.
  public var error: String?

  /// A record.
  public init(
    runID: Int, stage: StageID, state: RunState, startedAt: Timestamp, summary: StageSummary?,
    error: String?
  ) {
    self.runID = runID
    self.stage = stage
    self.state = state
    self.startedAt = startedAt
    self.summary = summary
    self.error = error
  }
}

/// Everything that is recorded of one run.
public struct RunDetail: Sendable, Equatable {
  /// The run.
  public var run: RunRecord
  /// Its stages, in the order in which they began.
  public var stages: [StageRecord]
  /// Its checks, in order.
  public var checks: [CheckResult]
  /// Its first rejects, by stage, file and line.
  public var rejects: [(stage: StageID, reject: Reject)]
  /// How many rejects there are in all.
  public var rejectCount: Int

  /// A detail.
  public init(
    run: RunRecord, stages: [StageRecord], checks: [CheckResult],
    rejects: [(stage: StageID, reject: Reject)], rejectCount: Int
  ) {
    self.run = run
    self.stages = stages
    self.checks = checks
    self.rejects = rejects
    self.rejectCount = rejectCount
  }

  /// Equal when all their fields are.
  public static func == (left: RunDetail, right: RunDetail) -> Bool {
    left.run == right.run && left.stages == right.stages && left.checks == right.checks
      && left.rejectCount == right.rejectCount
      && left.rejects.elementsEqual(right.rejects) {
        $0.stage == $1.stage && $0.reject == $1.reject
      }
  }
}

/// Which stages a run takes.
public enum StageSelection: Sendable, Equatable {
  /// All that this engine has, but for `teardown`.
  case all
  /// These, in the order of the pipeline.
  case only([StageID])
  /// This one and all after it.
  case from(StageID)
}
