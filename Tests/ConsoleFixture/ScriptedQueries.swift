#if DEBUG
  @testable import Console
  import Glibc
  @testable import Warehouse

  /// Saved queries that answer without a server.
  extension ScriptedService {
    static let texts: [(name: String, text: String)] = [
      (
        "plays-by-hour",
        """
        -- title: Plays by hour
        -- about: When people listen, over the hours of the day (UTC).
        -- group: Time
        -- param: level text = all | free | paid
        -- chart: bar x=hour y=plays
        -- rows: songplays WHERE date_part('hour', start_time) = :hour
        SELECT t.hour, count(*) AS plays
        FROM songplays AS p JOIN time AS t ON t.start_time = p.start_time
        WHERE :level = 'all' OR p.level = :level
        GROUP BY t.hour ORDER BY t.hour
        """
      ),
      (
        "level-changes",
        """
        -- title: Level changes
        -- about: When listeners went from free to paid or back.
        -- group: Listeners
        SELECT user_id, level FROM songplays
        """
      ),
      (
        "broken",
        """
        -- title: A query with a mistake
        -- group: Listeners
        SELECT levle FROM songplays
        """
      ),
      (
        "slow",
        """
        -- title: A query without an end
        -- group: Listeners
        SELECT pg_sleep(1000)
        """
      ),
    ]

    /// The queries that the demo shows.
    static let demoTexts = ["top-songs", "locations", "weekday-hours"].map { name in
      (
        name: name,
        text: """
        -- title: \(name)
        -- group: Demo
        -- chart: bar x=hour y=plays
        -- rows: songplays WHERE date_part('hour', start_time) = :hour
        SELECT hour, plays FROM plays_by_hour
        """
      )
    }

    func savedQueries() async -> QueryListing {
      let texts = script.isDemo ? Self.texts + Self.demoTexts : Self.texts
      let queries = texts.compactMap { try? SavedQuery(name: $0.name, text: $0.text) }
      return QueryListing(
        queries: queries.sorted { ($0.group, $0.title) < ($1.group, $1.title) }, problems: [],
        folder: "queries")
    }

    func runQuery(
      _ run: QueryRun, for owner: QueryOwner, gate: RowGate,
      receive: @escaping @Sendable (QueryRun.Event) -> Void
    ) async throws(WarehouseError) -> QueryRun.End {
      let statement = run.statements.last ?? Statement("")
      if statement.sql.contains("pg_sleep") {
        try? await Task.sleep(for: .seconds(3600))
        throw .cancelled
      }
      if let place = statement.sql.firstRange(of: "levle") {
        throw WarehouseError(
          .server, "column \"levle\" does not exist",
          hint: "Perhaps you meant to reference the column \"songplays.level\".",
          sqlState: "42703",
          position: statement.sql.distance(from: statement.sql.startIndex, to: place.lowerBound) + 1
        )
      }
      if statement.sql.hasPrefix("SELECT * FROM songplays") {
        receive(
          .columns([
            ResultColumn(name: "songplay_id", kind: .integer),
            ResultColumn(name: "start_time", kind: .timestamp),
          ]))
        receive(.rows([["4711", "2018-11-01 05:01:46.796"]]))
        return .complete(affectedRows: 1)
      }
      receive(
        .columns([
          ResultColumn(name: "hour", kind: .integer), ResultColumn(name: "plays", kind: .integer),
        ]))
      receive(.rows((0..<24).map { ["\($0)", "\(120 + ($0 * 37) % 401)"] }))
      return .complete(affectedRows: 24)
    }

    func explain(
      _ statement: Statement, analyze: Bool, for owner: QueryOwner
    ) async throws(WarehouseError) -> QueryPlan {
      try QueryPlan(
        json: """
          [{"Plan": {"Node Type": "Sort", "Total Cost": 310.5, "Plan Rows": 24,
            "Sort Key": ["t.hour"], "Plans": [{"Node Type": "Hash Join", "Join Type": "Inner",
            "Total Cost": 300.0, "Plan Rows": 6820, "Plans": [
            {"Node Type": "Seq Scan", "Relation Name": "songplays", "Total Cost": 210.0,
            "Plan Rows": 6820}, {"Node Type": "Hash", "Total Cost": 40.0, "Plan Rows": 6813,
            "Plans": [{"Node Type": "Seq Scan", "Relation Name": "time", "Total Cost": 38.0,
            "Plan Rows": 6813}]}]}]}, "Planning Time": 0.2}]
          """)
    }

    func terminateQueries(of owner: QueryOwner) async throws(WarehouseError) {}

    func createQuery(_ name: String, _ text: String) async throws(WarehouseError) -> String {
      "queries/\(name).sql"
    }

    func copyQuery(_ name: String, to copy: String) async throws(WarehouseError) -> String {
      "queries/\(copy).sql"
    }

    func fileExists(_ path: String) async -> Bool { path == "taken.csv" }

    func export(
      _ request: ExportRequest, progress: @escaping @Sendable (Int) -> Void
    ) async throws(WarehouseError) -> Int {
      guard request.path != "endless.csv" else {
        progress(120_000)
        try? await Task.sleep(for: .seconds(3600))
        throw .cancelled
      }
      return 24
    }
  }
#endif
