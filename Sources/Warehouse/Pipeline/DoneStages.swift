import Synchronization

/// The stages that are done in the build at hand: found at the start, kept up while a run goes on.
final class DoneStages: Sendable {
  private struct State {
    var stages: Set<StageID>
    var buildExists: Bool
  }

  private let state: Mutex<State>

  /// What the build says of itself.
  init(in build: BuildSchema) async throws(WarehouseError) {
    let marks = try await build.stagesDone()
    state = Mutex(State(stages: Set(marks.keys), buildExists: !marks.isEmpty))
  }

  /// Adds a stage and takes away those whose result came from its old one.
  func insert(_ stage: StageID, of stages: [Stage]) {
    state.withLock { state in
      state.stages.subtract(stages.dependents(of: stage))
      state.stages.insert(stage)
      switch stage {
      case .create: state = State(stages: [.create], buildExists: true)
      case .publish: state = State(stages: [], buildExists: false)
      default: break
      }
    }
  }

  /// Throws a sentence that says what is missing, when something is.
  func requireDependencies(of stage: Stage) throws(WarehouseError) {
    let (done, buildExists) = state.withLock { ($0.stages, $0.buildExists) }
    try stage.requireDependencies(among: done, buildExists: buildExists)
  }

  /// The first of these stages that would miss something when they run in order, and what; nil when
  /// none would.
  func obstacle(of selected: [Stage], of stages: [Stage]) -> (stage: Stage, error: WarehouseError)?
  {
    let ahead = DoneStages(state.withLock { $0 })
    for stage in selected {
      do throws(WarehouseError) { try ahead.requireDependencies(of: stage) } catch {
        return (stage, error)
      }
      ahead.insert(stage.id, of: stages)
    }
    return nil
  }

  private init(_ state: State) { self.state = Mutex(state) }
}
