/// What a server says of itself, the most important first.
public struct ServerFacts: Sendable {
  /// Reads the facts through a session: label and value.
  ///
  /// - Parameter configuration: says where it is, and what it costs there.
  /// - Throws: what the session throws.
  public static func read(
    from session: PostgresSession, _ configuration: Configuration? = nil
  ) async throws(WarehouseError) -> [(label: String, value: String)] {
    switch await session.engine {
    case .postgres: try await readPostgres(session)
    case .redshift: try await readRedshift(session, configuration)
    }
  }

  /// Asked one by one: what this user may not see, or a serverless warehouse does not have, is left
  /// out.
  private static func readRedshift(
    _ session: PostgresSession, _ configuration: Configuration?
  ) async throws(WarehouseError) -> [(label: String, value: String)] {
    var facts = [(label: "server", value: redshiftVersion(await session.version))]
    let account = try await session.execute("SELECT current_user, current_database()").rows.first
    facts.append((label: "user", value: account?.text(0) ?? "?"))
    facts.append((label: "database", value: account?.text(1) ?? "?"))
    func ask(_ label: String, _ sql: String) async throws(WarehouseError) {
      do throws(WarehouseError) {
        guard let value = try await session.execute(Statement(sql)).scalar else { return }
        facts.append((label: label, value: value))
      } catch {
        guard error.kind == .server else { throw error }
      }
    }
    try await ask("slices", "SELECT count(*) FROM stv_slices")
    try await ask("sessions", "SELECT count(*) FROM stv_sessions")
    try await ask(
      "isolation",
      "SELECT trim(isolation_level) FROM stv_db_isolation_level WHERE db_name = current_database()")
    try await ask("timezone", "SELECT current_setting('timezone')")
    try await ask("statement_timeout", "SELECT current_setting('statement_timeout')")
    if case .workgroup? = configuration.flatMap(CloudName.init),
      let charged = try await charged(session, configuration)
    {
      facts.append((label: "charged", value: charged))
    }
    return try await facts + health(session, user: account?.text(0) ?? "…")
  }

  /// What a serverless warehouse was charged for. Superusers alone see that, of the last seven days
  /// (developer guide, "SYS_SERVERLESS_USAGE").
  private static func charged(
    _ session: PostgresSession, _ configuration: Configuration?
  ) async throws(WarehouseError) -> String? {
    do throws(WarehouseError) {
      let row =
        try await session.execute(
          """
          SELECT CAST(sum(charged_seconds) AS DOUBLE PRECISION) / 3600, trunc(min(start_time))
          FROM sys_serverless_usage
          """
        ).rows.first ?? []
      guard let hours = row.optional(0).flatMap({ Double($0) }) else { return nil }
      let price = configuration.flatMap { configuration in
        (try? AWSClient(CloudName.settings(configuration)).region).flatMap {
          CloudPrice(units: 1, region: $0, configured: configuration.cluster.unitPrice)
        }
      }
      let cost = price.map { ", about \(CloudPrice.text($0.perHour * hours))" } ?? ""
      return "\(CloudPrice.digits(hours)) unit hours since \(row.text(1))\(cost)"
    } catch {
      guard error.kind == .server else { throw error }
      return nil
    }
  }

  /// How the published tables lie, a fact each.
  private static func health(
    _ session: PostgresSession, user: String
  ) async throws(WarehouseError) -> [(label: String, value: String)] {
    do throws(WarehouseError) {
      let rows = try await session.execute(TableHealth.query(of: StarSchema.published)).rows
      let tables = rows.map(TableHealth.init)
      guard !tables.isEmpty else { return [] }
      // The summaries are small: of them only those that want something.
      let main = StarSchema.stagingTables.map(\.name) + StarTable.all.map(\.name)
      let size = tables.reduce(0) { $0 + $1.megabytes }
      return [(label: "size", value: "\(size) MB in \(tables.count) published tables")]
        + tables.filter { main.contains($0.table) || !$0.advice.isEmpty }
        .map { (label: $0.table, value: $0.text) }
    } catch {
      guard error.kind == .server else { throw error }
      return [
        (label: "table health", value: "not shown: \(TableHealth.remedy(for: user))")
      ]
    }
  }

  /// "Redshift 1.0.12345" of "PostgreSQL 8.0.2 on …, Redshift 1.0.12345".
  private static func redshiftVersion(_ version: String) -> String {
    version.firstRange(of: "Redshift").map { String(version[$0.lowerBound...]) } ?? version
  }

  private static func readPostgres(
    _ session: PostgresSession
  ) async throws(WarehouseError) -> [(label: String, value: String)] {
    let row =
      try await session.execute(
        """
        SELECT date_trunc('second', now() - pg_postmaster_start_time())::text,
          pg_size_pretty(pg_database_size(current_database())),
          (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
          current_setting('max_connections'), current_user, current_database(),
          current_setting('server_encoding')
        """
      ).rows.first ?? []
    var facts = [
      // "PostgreSQL 15.18 (Debian …) on x86_64 …": the rest says how it was built.
      (
        label: "server",
        value: await session.version.split(separator: " ").prefix(2).joined(separator: " ")
      ),
      (label: "up for", value: row.text(0)),
      (label: "database", value: "\(row.text(5)), \(row.text(1)), \(row.text(6))"),
      (label: "user", value: row.text(4)),
      (label: "sessions", value: "\(row.text(2)) of \(row.text(3))"),
    ]
    let settings = try await session.execute(
      """
      SELECT name, current_setting(name) FROM pg_settings
      WHERE name IN ('shared_buffers', 'work_mem', 'max_wal_size', 'wal_level',
        'synchronous_commit', 'fsync', 'full_page_writes')
      ORDER BY name
      """)
    facts += settings.rows.map { (label: $0.text(0), value: $0.text(1)) }
    return facts
  }
}
