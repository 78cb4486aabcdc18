/// The stages that are done in the build at hand.
struct DoneStages {
  private var stages: Set<StageID>
  private var buildExists: Bool

  /// What the build says of itself.
  init(in build: BuildSchema) async throws(WarehouseError) {
    stages = Set(try await build.stagesDone().keys)
    buildExists = !stages.isEmpty
  }

  /// The first of these stages that would miss something when they run in order, and a sentence that
  /// says what; nil when none would.
  func obstacle(of selected: [Stage], of all: [Stage]) -> (stage: Stage, error: WarehouseError)? {
    var ahead = self
    for stage in selected {
      do throws(WarehouseError) {
        try stage.requireDependencies(among: ahead.stages, buildExists: ahead.buildExists)
      } catch { return (stage, error) }
      ahead.insert(stage.id, of: all)
    }
    return nil
  }

  /// Adds a stage and takes away those whose result came from its old one.
  private mutating func insert(_ stage: StageID, of all: [Stage]) {
    stages.subtract(all.dependents(of: stage))
    stages.insert(stage)
    switch stage {
    case .create: (stages, buildExists) = ([.create], true)
    case .publish: (stages, buildExists) = ([], false)
    default: break
    }
  }
}
