/// How a stage stands in the build that is open.
public enum BuildPart: Sendable, Equatable {
  /// What it made is there.
  case done
  /// It is yet to be done, and waits for these stages; for none when it could run now.
  case open(waitsFor: [StageID])
}

/// What the stages would say if they were run alone now.
public struct BuildStatus: Sendable, Equatable {
  /// Why stages cannot run alone: the ones that can are not in it.
  public private(set) var obstacles: [StageID: String] = [:]
  /// How the stages that work on the build stand in it; empty when none is open.
  public private(set) var parts: [StageID: BuildPart] = [:]

  /// Asks the build.
  public init(on session: any Session) async throws(WarehouseError) {
    let done = Set(try await BuildSchema(session: session).stagesDone().keys)
    for stage in Stage.all(for: await session.engine, restages: true) {
      do throws(WarehouseError) {
        try stage.requireDependencies(among: done, buildExists: !done.isEmpty)
      } catch { obstacles[stage.id] = error.detail ?? error.message }
      guard !done.isEmpty, stage.worksOnBuild else { continue }
      parts[stage.id] =
        done.contains(stage.id)
        ? .done : .open(waitsFor: stage.dependencies.filter { !done.contains($0) })
    }
  }
}

extension Stage {
  fileprivate var worksOnBuild: Bool {
    switch work {
    case .provision, .restage: false
    case .create, .stage, .load, .check, .publish: true
    }
  }
}
