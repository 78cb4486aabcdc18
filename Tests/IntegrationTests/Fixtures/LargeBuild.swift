@testable import Warehouse

/// Warehouses whose build is large enough that its stages work for a while: databases copied from
/// one that is made once.
///
/// The rows are multiplied in SQL: reading as many would take longer than all the tests of them.
enum LargeBuild {
  /// How many rows become of each, so that the least of the stages takes some tenths of a second.
  private static let copies = 20_000

  private static let staged = Task { try await makeStaged() }
  private static let loaded = Task { try await makeLoaded() }

  /// A warehouse whose published star is that of `TwoStars.old`, with a large build that has come to
  /// just before `stage`: one that loads a table, or `check`.
  static func warehouse(before stage: StageID) async throws -> TestWarehouse {
    let template = try await (stage == .check ? loaded : staged).value
    return try await TestWarehouse(
      at: try await ThrowawayCluster.shared().makeDatabase(like: template))
  }

  private static func makeStaged() async throws -> ConnectionSettings {
    let warehouse = try await TestWarehouse()
    try await StageBlock.prepare(
      warehouse, before: .loadUsers, published: TwoStars.old.get(), building: TwoStars.new.get())
    for table in StarSchema.stagingTables { try await multiply(table, in: warehouse) }
    await warehouse.session.close()
    return warehouse.settings
  }

  private static func makeLoaded() async throws -> ConnectionSettings {
    let settings = try await ThrowawayCluster.shared().makeDatabase(like: staged.value)
    let warehouse = try await TestWarehouse(at: settings)
    let loads = StageID.allCases.filter { $0 >= .loadUsers && $0 <= .loadSongplays }
    let report = await warehouse.run(try TwoStars.new.get(), .only(loads))
    if let error = report.error { throw error }
    await warehouse.session.close()
    return settings
  }

  private static func multiply(_ table: StagingTable, in warehouse: TestWarehouse) async throws {
    let values = table.columns.map { column in
      switch column.name {
      case "ts": "ts + 1000 * n"
      case "start_time": "start_time + n * interval '1 second'"
      case "session_id", "user_id": "\(column.name) + 10 * n"
      case "song_id", "artist_id": "\(column.name) || '_' || n"
      case "song", "title": "\(column.name) || ' ' || n"
      default: Identifier(column.name).sql
      }
    }
    let name = TableName(StarSchema.build, table.name).sql
    let columns = table.columns.map { Identifier($0.name).sql }.joined(separator: ", ")
    try await warehouse.session.execute(
      """
      INSERT INTO \(name) (\(columns))
      SELECT \(values.joined(separator: ", ")) FROM \(name), generate_series(1, \(copies)) AS n
      """)
    try await warehouse.session.execute("ANALYZE \(name)")
  }
}
