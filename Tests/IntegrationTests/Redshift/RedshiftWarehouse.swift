import Synchronization
import Testing

@testable import Warehouse

/// A cluster of its own on the stand-in, a bucket with a source, and the pipeline over both.
struct RedshiftWarehouse: Sendable {
  let aws: AWSStandIn
  let settings: ConnectionSettings
  let session: PostgresSession
  private let bucket: String
  private let role: String
  private let attempts: Int

  /// - Parameters:
  ///   - name: of the bucket, the role and the cluster; no other test has it.
  ///   - attempts: how often a call to AWS is tried.
  init(
    _ name: String, _ source: SourceFolder, own: Bool = false, isServerless: Bool = false,
    attempts: Int = 4
  ) async throws {
    self.attempts = attempts
    aws = own ? try await AWSStandIn.own() : try await AWSStandIn.shared()
    bucket = name
    try aws.makeBucket(name)
    for (prefix, folder) in [("logs/", source.events), ("songs/", source.songs)] {
      let store = FolderStore(folder)
      for object in try store.list(Cancellation()) {
        let bytes = try FileSystem.read(object.path, limit: 1 << 24)
        try aws.s3.put(bytes, to: prefix + FileSystem.name(of: object.path), in: name)
      }
    }
    role = try aws.makeRole(
      name,
      policy: """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
        "Action":["s3:GetObject","s3:ListBucket"],"Resource":"*"}]}
        """)
    settings = try aws.makeCluster(name, roles: [role], isServerless: isServerless)
    session = try await .connect(settings)
  }

  /// Writes an object of the bucket.
  func put(_ text: String, to key: String) throws {
    try aws.s3.put(Array(text.utf8), to: key, in: bucket)
  }

  /// How many objects there are under a prefix.
  func objects(under prefix: String) throws -> Int {
    try aws.s3.page(of: bucket, prefix: prefix).objects.count
  }

  /// The settings of a run; what it writes goes under `work/`.
  var runSettings: RunSettings {
    var settings = RunSettings(
      eventSource: "s3://\(bucket)/logs/", songSource: "s3://\(bucket)/songs/",
      startedBy: "test@here",
      aws: AWSClient(aws.settings, retry: RetryPolicy(attempts: attempts)))
    settings.copy = CopySettings(
      roleARN: role, work: .s3(bucket: bucket, prefix: "work/"), owner: bucket)
    return settings
  }

  @discardableResult
  func run(
    _ selection: StageSelection = .all, _ change: (inout RunSettings) -> Void = { _ in }
  ) async -> TestWarehouse.Report {
    var settings = runSettings
    change(&settings)
    let heard = Mutex<[PipelineEvent]>([])
    let pipeline = Pipeline(
      settings: settings, open: { _ throws(WarehouseError) in try await open() },
      observe: { event in heard.withLock { $0.append(event) } })
    let outcome = await pipeline.run(selection)
    return TestWarehouse.Report(outcome: outcome, events: heard.withLock { $0 })
  }

  /// One more session, as the console opens it.
  func open() async throws(WarehouseError) -> PostgresSession {
    let session = try await PostgresSession.connect(settings)
    try await session.execute("SET search_path TO sparkify, public")
    return session
  }

  func scalar(_ sql: String) async throws -> String? { try await session.execute(sql).scalar }

  /// Waits until a stage of a run is recorded so.
  func waitUntil(_ stage: StageID, ofRun run: Int, is state: RunState) async throws {
    try await eventually("\(stage.rawValue) is \(state.rawValue)") {
      guard try await session.hasTable(RunJournal.lastTable) else { return false }
      let query = "SELECT state FROM sparkify_ops.stage_runs WHERE run_id = $1 AND stage = $2"
      let found = try await session.execute(
        Statement(query, Parameter(run), .text(stage.rawValue)))
      return found.scalar == state.rawValue
    }
  }

  /// Waits until a COPY that was slowed down has read its first file.
  func waitUntilCopying() async throws {
    let query = """
      SELECT count(*) FROM sys_load_history WHERE status = 'running' AND file_count_scanned > 0
      """
    try await eventually("a COPY goes on") { try await scalar(query) == "1" }
  }

  /// Every table of the published star, row by row, as `TestWarehouse.star` tells it.
  func star() async throws -> [String: [[String?]]] { try await Self.star(on: session) }

  static func star(on session: PostgresSession) async throws -> [String: [[String?]]] {
    var star: [String: [[String?]]] = [:]
    for table in StarTable.all.map(\.name) + SummaryTable.all.map(\.name) {
      let result = try await session.execute("SELECT * FROM sparkify.\(Identifier(table).sql)")
      star[table] = result.rows.sorted { "\($0)" < "\($1)" }
    }
    return star
  }
}
