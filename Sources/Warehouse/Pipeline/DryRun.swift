/// What a run would do, in order, without doing any of it.
public struct DryRun: Sendable, Equatable {
  /// What belongs together: the work of a stage, or what comes before, between and after stages.
  public struct Part: Sendable, Equatable {
    /// The stage's name, or what to call it.
    public let name: String
    /// What it does, in one line.
    public let about: String
    /// The stage whose work it is; nil for what is no stage's.
    public let stage: StageID?
    /// Statements and, in comments, what else is done. Values are `$1`, `$2` as they travel.
    public let steps: [String]
  }

  /// The parts, in order.
  public let parts: [Part]

  /// The plan of a selection on an engine.
  ///
  /// - Throws: `.usage` when the engine has no such stage.
  public init(
    _ selection: StageSelection, engine: Engine, settings: RunSettings
  ) throws(WarehouseError) {
    let loading = engine.loading(settings.redshift)
    let selected = try Stage.all(for: engine, restages: settings.restage != nil).selected(selection)
    // The warehouse is made before there is a session that could tell of any stage.
    let provisions = selected.contains { $0.id == .provision }
    var parts = [
      Part(
        name: "begin", about: "what every run begins with", stage: nil,
        steps: (provisions ? settings.provisioning : []) + loading.opening(settings))
    ]
    for wave in selected.waves() {
      parts.append(
        Part(
          name: "side by side", about: "what comes before stages that run at the same time",
          stage: nil, steps: Run.steps(before: wave)))
      for stage in wave {
        let steps = stage.id == .provision ? [] : loading.steps(stage, settings)
        parts.append(
          Part(
            name: stage.id.rawValue, about: stage.about, stage: stage.id,
            steps: Self.recorded(steps)))
      }
    }
    parts.append(
      Part(name: "end", about: "what every run ends with", stage: nil, steps: loading.closing))
    self.parts = parts.filter { !$0.steps.isEmpty }
  }

  /// All steps, in order.
  public var steps: [String] { parts.flatMap(\.steps) }

  /// The steps of a stage between the records of its beginning and its end, which the run's first
  /// session writes.
  private static func recorded(_ steps: [String]) -> [String] {
    let journal = "-- on the run's first session:"
    return steps.isEmpty
      ? [journal, JournalStatement.beginStage, JournalStatement.endStage]
      : [journal, JournalStatement.beginStage] + steps + [journal, JournalStatement.endStage]
  }

  /// A step as it stands in a script: a statement ends with a semicolon, a comment does not.
  public static func terminated(_ step: String) -> String {
    let isComment = step.split(separator: "\n").allSatisfy { $0.hasPrefix("--") }
    return isComment || step.hasSuffix(";") ? step : step + ";"
  }
}

extension Stage {
  /// The statements that the stage runs on an engine, and in words what it does besides.
  public func steps(_ settings: RunSettings, engine: Engine) -> [String] {
    engine.loading(settings.redshift).steps(self, settings)
  }
}
