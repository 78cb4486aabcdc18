import Synchronization

/// Reads a source's files into a staging table, over one connection or several at once.
///
/// Over one, all is done in one transaction: rows of a table that it made itself need no
/// write-ahead log and are stored as old ones ("frozen", PostgreSQL documentation, COPY), so that
/// the first query need not write every page again. Several cannot share a transaction: the table
/// is then made first, and the stage's mark is written when every row is in; in between, the rows
/// that are there count for nothing.
struct StagingLoad: Sendable {
  let execution: StageExecution
  let table: StagingTable

  /// What makes the table anew.
  static func prepareStatements(_ table: StagingTable) -> [String] {
    ["DROP TABLE IF EXISTS \(Identifier(table.name).sql)", TableDefinition.create(table)]
  }

  /// The COPY of every connection.
  static func copyStatement(_ table: StagingTable, connections: Int) -> String {
    let options = connections > 1 ? "FORMAT binary" : "FORMAT binary, FREEZE"
    let columns = table.columns.map { Identifier($0.name).sql }.joined(separator: ", ")
    return "COPY \(Identifier(table.name).sql) (\(columns)) FROM STDIN (\(options))"
  }

  private static let deleteFiles =
    "DELETE FROM \(Identifier(StarSchema.sourceFiles).sql) WHERE staging_table = $1"
  private static let copyFiles = "COPY \(Identifier(StarSchema.sourceFiles).sql) FROM STDIN"

  private static func analyzeStatement(_ table: StagingTable) -> String {
    "ANALYZE \(Identifier(table.name).sql)"
  }

  /// All that is done over so many connections, in words where it is no statement.
  ///
  /// - Parameter session: what each session begins with.
  static func steps(
    _ stage: StageID, _ table: StagingTable, connections: Int, source: String, session: [String]
  ) -> [String] {
    let copy = copyStatement(table, connections: connections)
    let source = "with the records of \(source), and client_min_messages at error meanwhile"
    let rejects = [
      "-- what is refused, meanwhile, on the run's first session:",
      TableLoad.commented(JournalStatement.rejects.insert()),
    ]
    let prepare =
      session + ["BEGIN", BuildSchema.unmarkStatement(stage)] + prepareStatements(table)
    let finish =
      [analyzeStatement(table), deleteFiles, "-- with the files' names and sizes", copyFiles]
      + BuildSchema.markStatements(stage) + ["COMMIT"]
    guard connections > 1 else {
      return prepare + [CancelEscalation.watchStatement, "-- \(source)", copy]
        + rejects + finish
    }
    let copies = (0..<connections).flatMap { _ in session + [copy] }
    return prepare
      + ["COMMIT", "-- on \(connections) connections, \(source)"] + copies
      + rejects + ["-- on the stage's first session:", "BEGIN"] + finish
  }

  private var settings: RunSettings { execution.run.settings }
  private var source: String { settings.source(of: table) }

  func perform() async throws(WarehouseError) -> StageSummary {
    let (listing, store) = try await listFiles()
    let rejects = RejectSpool()
    var options = FeedOptions()
    options.consumers = settings.connections
    options.maxRecordBytes = settings.maxRecordBytes
    options.maxRejects = settings.maxRejects
    options.maxReaders = settings.readers
    let feed = SourceFeed(
      listing, in: store, options: options, rejected: { rejects.add($0) })
    let progress = try await execution.withSession { session throws(WarehouseError) in
      guard settings.connections > 1 else {
        return try await session.transaction { () async throws(WarehouseError) in
          try await prepare(on: session)
          try await copy(feed, rejects, on: [session])
          return try await finish(feed, listing, on: session)
        }
      }
      try await session.transaction { () async throws(WarehouseError) in
        try await prepare(on: session)
      }
      try await copyOverSeveral(feed, rejects)
      return try await session.transaction { () async throws(WarehouseError) in
        try await finish(feed, listing, on: session)
      }
    }
    return StageSummary(
      rows: progress.rows, bytes: progress.bytes, rejects: progress.rejects,
      note: "\(Quantity.counted(listing.count, "file")) into \(table.name)")
  }

  /// The files of the source, in byte order of their paths, and where they lie: the restaged ones
  /// where restaging is configured. Listing blocks, so it has a thread.
  private func listFiles() async throws(WarehouseError) -> (ObjectListing, any ObjectStore) {
    if let restaged = try await RestagedSource.required(SourceKind(table), settings) {
      execution.log("reading \(restaged.manifest)")
      execution.log(restaged.listing.summary)
      return (
        restaged.listing, settings.store(restaged.run, objects: restaged.listing.count)
      )
    }
    try await settings.makeSources? { execution.log($0) }
    execution.log("listing \(source)")
    let cancellation = Cancellation()
    let listing = try await onThread(cancellation) { () throws(WarehouseError) in
      try settings.store(source).list(cancellation)
    }
    execution.log(listing.summary)
    if let siblings = listing.siblings {
      execution.log(
        "\(siblings.count) of them lie in \(siblings.names.joined(separator: ", ")): end the prefix "
          + "with / to leave them out")
    }
    return (listing, settings.store(source, objects: listing.count))
  }

  private func prepare(on session: any Session) async throws(WarehouseError) {
    let build = BuildSchema(session: session)
    try await build.unmark(
      [execution.stage.id] + execution.run.stages.dependents(of: execution.stage.id))
    for statement in Self.prepareStatements(table) { try await session.execute(statement) }
  }

  private func copyOverSeveral(
    _ feed: SourceFeed, _ rejects: RejectSpool
  ) async throws(WarehouseError) {
    var sessions: [any Session] = []
    let outcome: Result<Void, WarehouseError>
    do throws(WarehouseError) {
      for _ in 0..<settings.connections { sessions.append(try await execution.openSession()) }
      try await copy(feed, rejects, on: sessions)
      outcome = .success(())
    } catch { outcome = .failure(error) }
    for session in sessions { await session.close() }
    try outcome.get()
  }

  /// Copies on all sessions, while rejects are recorded and progress is told.
  private func copy(
    _ feed: SourceFeed, _ rejects: RejectSpool, on sessions: [any Session]
  ) async throws(WarehouseError) {
    let failure = await execution.reporting(rejects, { feed.progress }) {
      await withTaskGroup(of: WarehouseError?.self) { group in
        for session in sessions { group.addTask { await copyOnce(feed, on: session) } }
        var failures: [WarehouseError] = []
        for await case let failure? in group {
          failures.append(failure)
          feed.cancel()
          group.cancelAll()
        }
        // What was cancelled because of another failure is not the cause.
        return failures.first { $0.kind != .cancelled } ?? failures.first
      }
    }
    if let failure { throw failure }
  }

  private func copyOnce(_ feed: SourceFeed, on session: any Session) async -> WarehouseError? {
    do throws(WarehouseError) {
      let statement = Self.copyStatement(table, connections: settings.connections)
      _ = try await execution.run.engine.watch(session, execution.run.open) {
        () async throws(WarehouseError) in
        try await session.copy(statement, from: feed.rows(for: table))
      }
      return nil
    } catch { return error }
  }

  private func finish(
    _ feed: SourceFeed, _ listing: ObjectListing, on session: any Session
  ) async throws(WarehouseError) -> Progress {
    let progress = feed.progress
    try settings.requireFewRejects(progress.rejects, in: table.name)
    try await session.execute(Self.analyzeStatement(table))
    try await session.execute(Statement(Self.deleteFiles, .text(table.name)))
    _ = try await session.copy(
      Self.copyFiles, from: SourceFileRows(table: table.name, listing: listing))
    try await execution.mark(on: session, rows: progress.rows, rejects: progress.rejects)
    return progress
  }
}

/// The rows of `source_files`, in COPY's text format.
private final class SourceFileRows: CopySource {
  private let table: String
  private let listing: ObjectListing
  private let next = Mutex(0)

  init(table: String, listing: ObjectListing) {
    self.table = table
    self.listing = listing
  }

  func fill(_ buffer: inout [UInt8]) throws(WarehouseError) -> Bool {
    next.withLock { next in
      while next < listing.count && buffer.count < 64 << 10 {
        let object = listing[next]
        next += 1
        buffer += "\(table)\t\(next)\t".utf8
        buffer += Self.escaped(object.path)
        buffer += "\t\(object.size)\n".utf8
      }
      return next < listing.count
    }
  }

  private static func escaped(_ text: String) -> [UInt8] {
    text.utf8.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: "\\"): Array("\\\\".utf8)
      case UInt8(ascii: "\t"): Array("\\t".utf8)
      case UInt8(ascii: "\n"): Array("\\n".utf8)
      case UInt8(ascii: "\r"): Array("\\r".utf8)
      default: [byte]
      }
    }
  }
}

/// Runs blocking work on a thread of its own, so that no shared thread waits.
///
/// Cancelling the task cancels `cancellation`, which the work must look at.
func onThread<Value: Sendable>(
  _ cancellation: Cancellation,
  _ body: @escaping @Sendable () throws(WarehouseError) -> Value
) async throws(WarehouseError) -> Value {
  let executor = BlockingWork()
  let result = await withTaskCancellationHandler {
    await executor.perform(body)
  } onCancel: {
    cancellation.cancel()
  }
  return try result.get()
}

private actor BlockingWork {
  private let executor = QueueExecutor(label: "warehouse.blocking")
  nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  func perform<Value: Sendable>(
    _ body: @Sendable () throws(WarehouseError) -> Value
  ) -> Result<Value, WarehouseError> {
    Result { () throws(WarehouseError) in try body() }
  }
}
