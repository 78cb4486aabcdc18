/// What a run would do, in order, without doing any of it.
public struct DryRun: Sendable, Equatable {
  /// The stages and, for each, its statements and calls as text.
  public let stages: [(stage: Stage, steps: [String])]

  /// The plan of a selection on an engine.
  ///
  /// - Throws: `.usage` when the engine has no such stage.
  public init(
    _ selection: StageSelection, engine: Engine, settings: RunSettings
  ) throws(WarehouseError) {
    stages = try Stage.all(for: engine, restages: settings.restage != nil).selected(selection).map {
      stage in
      (stage, stage.steps(settings))
    }
  }

  /// Equal when the stages and their steps are.
  public static func == (left: DryRun, right: DryRun) -> Bool {
    left.stages.elementsEqual(right.stages) { $0.stage == $1.stage && $0.steps == $1.steps }
  }
}

extension Stage {
  /// The statements that the stage runs, and in words what it does besides.
  public func steps(_ settings: RunSettings) -> [String] {
    let session = StageExecution.sessionSettings
    switch work {
    case .provision: return ["-- start the warehouse where it is ours, and connect"]
    case .restage: return settings.restage.map { RestageStage.steps(settings, $0) } ?? []
    case .create: return session + ["BEGIN"] + BuildSchema.createStatements + ["COMMIT"]
    case .stage(let table):
      let source = table == .events ? settings.eventSource : settings.songSource
      return session
        + StagingLoad.steps(table, connections: settings.connections, source: source)
    case .load(let table):
      return session + ["BEGIN"] + TableDefinition.load(table) + ["COMMIT"]
    case .check:
      return session + StarSchema.foreignKeys.map(KeyChecks.drop)
        + StarSchema.foreignKeys.map(KeyChecks.add)
        + StarFacts.queries + ["BEGIN"] + TableDefinition.createRowCounts
        + [TableDefinition.insertRowCount + "  -- for each table", "COMMIT"]
    case .publish: return Publication.outline
    }
  }
}
