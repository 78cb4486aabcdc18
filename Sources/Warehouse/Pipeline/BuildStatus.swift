/// What a stage would say if it were run alone now.
public enum BuildStatus {
  /// Why stages cannot run alone: the ones that can are not in it.
  public static func obstacles(
    on session: any Session
  ) async throws(WarehouseError) -> [StageID: String] {
    let done = Set(try await BuildSchema(session: session).stagesDone().keys)
    var obstacles: [StageID: String] = [:]
    for stage in Stage.all(for: await session.engine, restages: true) {
      do throws(WarehouseError) {
        try stage.requireDependencies(among: done, buildExists: !done.isEmpty)
      } catch { obstacles[stage.id] = error.detail ?? error.message }
    }
    return obstacles
  }
}
