/// The schema in which the pipeline builds, and its memory of which stages are done.
///
/// That memory lies in the build schema itself and is written in the same transaction as the work
/// that it tells of, so it is true whatever dies, and gone when the build is.
struct BuildSchema: Sendable {
  let session: any Session

  /// The stages that are done, with what they stored; empty when there is no build.
  func stagesDone() async throws(WarehouseError) -> [StageID: StageMark] {
    let name = TableName(StarSchema.build, StarSchema.buildStages)
    guard try await session.hasTable(name) else { return [:] }
    let result = try await session.execute(Self.stagesQuery)
    return result.rows.reduce(into: [:]) { marks, row in
      guard let stage = StageID(rawValue: row.text(0)) else { return }
      marks[stage] = StageMark(
        runID: row.integer(1) ?? 0, rows: row.integer(2), rejects: row.integer(3) ?? 0)
    }
  }

  static let stagesQuery =
    "SELECT stage, run_id, stored_rows, rejects FROM "
    + TableName(StarSchema.build, StarSchema.buildStages).sql

  /// Says that a stage is done, and that whatever was made from its old result is not.
  ///
  /// To be called in the transaction of the stage's last work.
  func mark(
    _ stage: StageID, _ mark: StageMark, undoing dependents: [StageID]
  ) async throws(WarehouseError) {
    try await unmark([stage] + dependents)
    try await session.execute(
      Statement(
        Self.markStatement,
        .text(stage.rawValue), Parameter(mark.runID), Parameter(mark.rows),
        Parameter(mark.rejects)))
  }

  static let markStatement =
    "INSERT INTO \(StarSchema.buildStages) (stage, run_id, stored_rows, rejects) "
    + "VALUES ($1, $2, $3, $4)"

  /// What marks a stage as done.
  static func markStatements(_ stage: StageID) -> [String] {
    [unmarkStatement(stage), markStatement]
  }

  /// What says that neither a stage is done nor any that depends on it.
  static func unmarkStatement(_ stage: StageID) -> String {
    unmarkStatement(1 + Stage.usual.dependents(of: stage).count)
  }

  static func unmarkStatement(_ count: Int = 1) -> String {
    let places = (0..<count).map { "$\($0 + 1)" }.joined(separator: ", ")
    return "DELETE FROM \(StarSchema.buildStages) WHERE stage IN (\(places))"
  }

  /// Says that these stages are not done, or no longer.
  func unmark(_ stages: [StageID]) async throws(WarehouseError) {
    try await session.execute(
      Statement(
        Self.unmarkStatement(stages.count),
        parameters: stages.map { .text($0.rawValue) }))
  }
}

/// What a finished stage of the build stored.
struct StageMark: Sendable, Equatable {
  var runID: Int
  var rows: Int?
  var rejects: Int = 0
}

extension Stage {
  /// Throws a sentence that says what is missing, when something is.
  func requireDependencies(
    among done: Set<StageID>, buildExists: Bool
  ) throws(WarehouseError) {
    let missing = dependencies.filter { !done.contains($0) }
    guard let first = missing.min() else { return }
    let names = missing.map(\.rawValue).joined(separator: ", ")
    let isOne = missing.count == 1
    throw WarehouseError(
      .dependency, "could not run \(id.rawValue)",
      detail: buildExists
        ? "it needs \(names), which \(isOne ? "has" : "have") not been done in this build"
        : "there is no build: none was begun, or the last one was published",
      hint: buildExists
        ? "Run \(names) first, or everything from \(first.rawValue)."
        : "Run everything from create.")
  }
}
