#if DEBUG
  @testable import Console
  import Warehouse

  /// Names and a history for the SQL screen.
  extension ScriptedService {
    func catalogNames() async throws(WarehouseError) -> CatalogNames { Self.names }

    static let names = CatalogNames(
      tables: [
        .init(
          schema: "sparkify", name: "songplays",
          columns: [
            .init("songplay_id", "bigint"), .init("start_time", "timestamp"),
            .init("user_id", "integer"), .init("level", "text"),
          ]),
        .init(
          schema: "sparkify", name: "songs",
          columns: [.init("song_id", "text"), .init("title", "text"), .init("year", "smallint")]),
        .init(
          schema: "sparkify_ops", name: "runs",
          columns: [.init("id", "bigint"), .init("Odd Name", "text")]),
      ], functions: ["own_function"])

    func runWriting(
      _ run: QueryRun, gate: RowGate, receive: @escaping @Sendable (QueryRun.Event) -> Void
    ) async throws(WarehouseError) -> QueryRun.End {
      try await runQuery(run, for: .changes, gate: gate, receive: receive)
    }

    func openTransaction() async -> OpenTransaction? { nil }

    func endWriting() async {}

    func sqlHistory() async -> [String] {
      ["SELECT count(*)\nFROM songplays", "SELECT title FROM songs ORDER BY year"]
    }

    func rememberSQL(_ sql: String) async throws(WarehouseError) -> [String] {
      [sql] + (await sqlHistory())
    }
  }
#endif
