/// What a run would do, in order, without doing any of it.
public struct DryRun: Sendable, Equatable {
  /// The stages and, for each, its statements and calls as text.
  public let stages: [(stage: Stage, steps: [String])]
  /// What comes before the first stage; empty where the stage `provision` does it.
  public let opening: [String]
  /// What comes after the last one.
  public let closing: [String]

  /// The plan of a selection on an engine.
  ///
  /// - Throws: `.usage` when the engine has no such stage.
  public init(
    _ selection: StageSelection, engine: Engine, settings: RunSettings
  ) throws(WarehouseError) {
    let all = Stage.all(for: engine, restages: settings.restage != nil)
    let stages = try all.selected(selection).map { stage in
      (stage, stage.steps(settings, engine: engine))
    }
    self.stages = stages
    opening =
      stages.contains { $0.0.id == .provision }
      ? [] : engine.loading(settings.redshift).opening(settings)
    closing = [JournalStatement.endRun, "-- give the run lock back, and close all sessions"]
  }

  /// The steps of a stage between the records of its beginning and its end.
  public static func recorded(_ steps: [String]) -> [String] {
    [JournalStatement.beginStage] + steps + [JournalStatement.endStage]
  }

  /// Equal when the stages and their steps are.
  public static func == (left: DryRun, right: DryRun) -> Bool {
    left.stages.elementsEqual(right.stages) { $0.stage == $1.stage && $0.steps == $1.steps }
  }
}

extension Stage {
  /// The statements that the stage runs on an engine, and in words what it does besides.
  public func steps(_ settings: RunSettings, engine: Engine) -> [String] {
    engine.loading(settings.redshift).steps(work, settings)
  }
}
