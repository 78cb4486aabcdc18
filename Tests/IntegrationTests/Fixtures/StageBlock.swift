@testable import Warehouse

/// Holds one stage of the next run where it is, until it is released: a session of ours has what
/// the stage needs. No stage is too quick to be hit that way.
struct StageBlock {
  private let holder: PostgresSession

  /// Blocks `stage` of the run that comes next.
  ///
  /// A row that is not committed yet makes whoever inserts the same key wait: `provision` inserts
  /// its record when it begins, the stages that build insert their mark when their work is done.
  init(_ stage: StageID, of warehouse: TestWarehouse) async throws {
    holder = try await PostgresSession.connect(warehouse.settings)
    try await holder.execute("BEGIN")
    switch stage {
    case .provision:
      try await holder.execute(
        """
        INSERT INTO sparkify_ops.stage_runs (run_id, stage, state, started_at)
        SELECT max(run_id) + 1, 'provision', 'running', now() FROM sparkify_ops.runs
        """)
    case .create:
      try await holder.execute("LOCK TABLE sparkify_build.staging_events IN ACCESS SHARE MODE")
    case .publish:
      try await holder.execute("LOCK TABLE sparkify.songplays IN ACCESS SHARE MODE")
    default:
      try await holder.execute(
        Statement(
          "INSERT INTO sparkify_build.build_stages VALUES ($1, 0, NULL, 0)",
          .text(stage.rawValue)))
    }
  }

  /// Lets the stage go on.
  func release() async throws { try await holder.execute("ROLLBACK") }

  /// Prepares a warehouse whose published star is that of `old`, and whose build of `new` has come
  /// to just before `stage`.
  static func prepare(
    _ warehouse: TestWarehouse, before stage: StageID, published old: SourceFolder,
    building new: SourceFolder
  ) async throws {
    try succeeded(await warehouse.run(old))
    let earlier =
      stage <= .create
      ? [StageID.create] : StageID.allCases.filter { $0 != .restage && $0 < stage }
    try succeeded(await warehouse.run(new, .only(earlier)))
  }

  private static func succeeded(_ report: TestWarehouse.Report) throws {
    if let error = report.error { throw error }
  }

  /// The stages there are, as a test's cases.
  static var stages: [StageID] { Stage.all(for: .postgres).map(\.id) }
}

/// Two sources and the stars that come of them, made once.
enum TwoStars {
  static let old = Result { try SourceFolder.small(users: 3, seed: 1) }
  static let new = Result { try SourceFolder.small(users: 5, seed: 2) }
  private static let oldStar = Task { try await star(of: old.get()) }
  private static let newStar = Task { try await star(of: new.get()) }

  static func stars() async throws -> (old: [String: String], new: [String: String]) {
    (try await oldStar.value, try await newStar.value)
  }

  private static func star(of source: SourceFolder) async throws -> [String: String] {
    let warehouse = try await TestWarehouse()
    if let error = await warehouse.run(source).error { throw error }
    return try await warehouse.star()
  }
}
