import Synchronization
import Testing

@testable import Warehouse

/// A database of its own on the shared cluster, and the pipeline over it.
struct TestWarehouse: Sendable {
  let settings: ConnectionSettings
  /// For looking, and for standing in the way.
  let session: PostgresSession

  init() async throws {
    try await self.init(at: ThrowawayCluster.shared().makeDatabase())
  }

  init(at settings: ConnectionSettings) async throws {
    self.settings = settings
    session = try await .connect(settings)
  }

  /// One more session, as the console opens it.
  func open() async throws(WarehouseError) -> PostgresSession {
    let session = try await PostgresSession.connect(settings)
    try await session.execute("SET search_path TO sparkify, public")
    return session
  }

  /// Runs the pipeline in this process.
  @discardableResult
  func run(
    _ source: SourceFolder, _ selection: StageSelection = .all, maxRejects: Int = 0,
    connections: Int = PipelineSettings.usualConnections, restage: RestageSettings? = nil,
    aws: AWSClient? = nil
  ) async -> Report {
    await run(
      events: source.events, songs: source.songs, selection, maxRejects: maxRejects,
      connections: connections, restage: restage, aws: aws)
  }

  @discardableResult
  func run(
    events: String, songs: String, _ selection: StageSelection = .all, maxRejects: Int = 0,
    connections: Int = PipelineSettings.usualConnections, restage: RestageSettings? = nil,
    aws: AWSClient? = nil
  ) async -> Report {
    let heard = Mutex<[PipelineEvent]>([])
    let pipeline = Pipeline(
      settings: RunSettings(
        eventSource: events, songSource: songs, maxRejects: maxRejects,
        connections: connections, startedBy: "test@here", aws: aws, restage: restage),
      open: { _ throws(WarehouseError) in try await open() },
      observe: { event in heard.withLock { $0.append(event) } })
    let outcome = await pipeline.run(selection)
    return Report(outcome: outcome, events: heard.withLock { $0 })
  }

  /// What a run came to.
  struct Report {
    var outcome: RunOutcome
    var events: [PipelineEvent]

    var error: WarehouseError? {
      if case .failed(_, let error) = outcome { error } else { nil }
    }
    var failedStage: StageID? {
      if case .failed(let stage, _) = outcome { stage } else { nil }
    }
    var stagesStarted: [StageID] {
      events.compactMap { if case .stageStarted(let stage, _) = $0 { stage } else { nil } }
    }
    var logged: [String] {
      events.compactMap { if case .logged(_, let line, _) = $0 { line } else { nil } }
    }
    var checks: [String: CheckResult] {
      events.reduce(into: [:]) { if case .checked(let check) = $1 { $0[check.name] = check } }
    }
  }

  /// The arguments with which the program works on this warehouse.
  var arguments: [String] {
    [
      "--set", "CLUSTER.HOST=\(settings.host ?? "")",
      "--set", "CLUSTER.DB_NAME=\(settings.database ?? "")",
      "--set", "CLUSTER.DB_USER=\(settings.user ?? "")",
    ]
  }

  /// The same, with a source.
  func arguments(_ source: SourceFolder) -> [String] { arguments + source.arguments }

  /// The rows of a query, NULL as `∅`, values joined by `|`.
  func rows(_ sql: String) async throws -> [String] {
    try await session.execute(sql).rows.map { $0.map { $0 ?? "∅" }.joined(separator: "|") }
  }

  func scalar(_ sql: String) async throws -> String? { try await session.execute(sql).scalar }

  /// How runs stand, oldest first.
  func runStates() async throws -> [RunState] {
    try await RunHistory(session).runs(limit: 100).map(\.state).reversed()
  }

  /// A digest of each published table, summaries and all; of the staging tables without the place in the source.
  func star(in schema: String = StarSchema.published) async throws -> [String: String] {
    var digests: [String: String] = [:]
    for table in StarTable.all {
      digests[table.name] = try await digest(table.name, table.columns.map(\.name), schema)
    }
    for table in SummaryTable.all.map(\.name) + [StarSchema.rowCounts] {
      let names = try await rows(
        """
        SELECT attname FROM pg_attribute
        WHERE attrelid = CAST('\(TableName(schema, table).sql)' AS regclass) AND attnum > 0
        ORDER BY attnum
        """)
      digests[table] = try await digest(table, names, schema)
    }
    for table in StarSchema.stagingTables {
      let columns = table.columns.map(\.name).filter { !$0.hasPrefix("source_") }
      digests[table.name] = try await digest(table.name, columns, schema)
    }
    return digests
  }

  private func digest(
    _ table: String, _ columns: [String], _ schema: String
  ) async throws -> String {
    let list = columns.map { Identifier($0).sql }.joined(separator: ", ")
    let result = try await session.execute(
      """
      SELECT count(*) || ' ' || coalesce(md5(string_agg(line, E'\\n' ORDER BY line)), '')
      FROM (SELECT CAST(ROW(\(list)) AS text) COLLATE "C" AS line
            FROM \(TableName(schema, table).sql)) AS lines
      """)
    return result.scalar ?? ""
  }

  /// How many sessions of runs there are on this database.
  func runSessions() async throws -> Int {
    Int(
      try await scalar(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE 'sparkify run%'
        """) ?? "") ?? -1
  }

  /// Waits until a session of a run waits for a lock.
  func waitUntilRunIsBlocked() async throws {
    try await eventually("a run waits for a lock", within: .seconds(60)) {
      try await scalar(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name LIKE 'sparkify run%'
          AND wait_event_type = 'Lock'
        """) != "0"
    }
  }
}

extension SourceFolder {
  /// The arguments that name it.
  var arguments: [String] {
    ["--set", "S3.LOG_DATA=\(events)", "--set", "S3.SONG_DATA=\(songs)"]
  }
}
