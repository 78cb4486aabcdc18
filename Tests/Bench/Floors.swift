import Glibc
import Warehouse

/// What a piece of work took, in this process and in the server.
struct Cost {
  var seconds = 0.0
  var cpu = 0.0

  /// Does `body` and says what it took.
  static func of(
    _ server: ServerWatch, _ body: () async throws(WarehouseError) -> Void
  ) async throws(WarehouseError) -> Cost {
    let before = server.cpuSeconds + rusage.ofThisProcess().cpuSeconds
    let start = ContinuousClock.now
    try await body()
    let seconds = (ContinuousClock.now - start).inSeconds
    let after = server.cpuSeconds + rusage.ofThisProcess().cpuSeconds
    return Cost(seconds: seconds, cpu: after - before)
  }
}

/// The least that the parts of a load can take on this machine.
struct Floors {
  let connection: ConnectionSettings
  let server: ServerWatch
  /// Where events lie, and the rows that were made of them.
  let events: String
  let rowFiles: [String]

  /// The schema that all this is done in; the published star is only read.
  static let schema = "bench"

  /// Makes the rows of all events once, in as many equal files as there will be connections.
  func makeRows() throws(WarehouseError) {
    if rowFiles.allSatisfy({ access($0, R_OK) == 0 }) { return }
    say("making the rows of \(events) for the raw COPY")
    let store = FolderStore(events)
    var options = FeedOptions()
    options.consumers = rowFiles.count
    let feed = SourceFeed(try store.list(Cancellation()), in: store, options: options) { _ in }
    var outputs: [(rows: StagingRows, file: OutputFile, hasMore: Bool)] = []
    for path in rowFiles {
      outputs.append((feed.rows(for: .events), try OutputFile(path + ".new"), true))
    }
    var buffer: [UInt8] = []
    while outputs.contains(where: \.hasMore) {
      for index in outputs.indices where outputs[index].hasMore {
        buffer.removeAll(keepingCapacity: true)
        outputs[index].hasMore = try outputs[index].rows.fill(&buffer)
        try outputs[index].file.write(buffer)
      }
    }
    for path in rowFiles { rename(path + ".new", path) }
  }

  /// Reads all events, as they lie on the disk, on one thread.
  func readFiles() async throws(WarehouseError) -> Cost {
    let store = FolderStore(events)
    return try await Cost.of(server) { () throws(WarehouseError) in
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
      defer { buffer.deallocate() }
      for object in try store.list(Cancellation()) {
        let stream = try store.open(object)
        while try stream.read(into: buffer) > 0 {}
      }
    }
  }

  /// Copies the rows as they were made into an unlogged table, over one connection a file.
  func copyRows() async throws(WarehouseError) -> Cost {
    let session = try await PostgresSession.connect(connection)
    let table = "\(Self.schema).staging_events"
    for statement in [
      "DROP SCHEMA IF EXISTS \(Self.schema) CASCADE", "CREATE SCHEMA \(Self.schema)",
      """
      CREATE UNLOGGED TABLE \(table) (LIKE \(StarSchema.published).staging_events)
        WITH (autovacuum_enabled = false)
      """, "CHECKPOINT",
    ] { try await session.execute(statement) }
    let cost = try await Cost.of(server) { () throws(WarehouseError) in
      let failure = await withTaskGroup(of: WarehouseError?.self) { group in
        for path in rowFiles { group.addTask { await copy(path, into: table) } }
        return await group.first { $0 != nil } ?? nil
      }
      if let failure { throw failure }
    }
    try await session.execute("DROP SCHEMA \(Self.schema) CASCADE")
    await session.close()
    return cost
  }

  private func copy(_ path: String, into table: String) async -> WarehouseError? {
    do throws(WarehouseError) {
      let session = try await PostgresSession.connect(connection)
      _ = try await session.copy(
        "COPY \(table) FROM STDIN (FORMAT binary)", from: try InputFile(path))
      await session.close()
      return nil
    } catch { return error }
  }

  /// Runs the statements of the load stages, one after the other in one session, on what is
  /// published.
  func runLoads() async throws(WarehouseError) -> Cost {
    let session = try await PostgresSession.connect(connection)
    for statement in [
      "DROP SCHEMA IF EXISTS \(Self.schema) CASCADE", "CREATE SCHEMA \(Self.schema)", "CHECKPOINT",
    ] { try await session.execute(statement) }
    let plan = try DryRun(
      .all, engine: .postgres,
      settings: RunSettings(eventSource: "", songSource: "", startedBy: ""))
    let steps = plan.parts.filter { $0.name.hasPrefix("load-") }.flatMap(\.steps)
    let cost = try await Cost.of(server) { () throws(WarehouseError) in
      for step in steps where !step.hasPrefix("--") && !step.hasPrefix("DROP TABLE") {
        // What a run notes of itself is no part of the loads.
        if step.contains("sparkify_ops.") || step.contains("build_stages") { continue }
        try await session.execute(step)
        guard step.hasPrefix("SET search_path") else { continue }
        // Tables are made in the first schema, and the staged ones are found in the second.
        try await session.execute("SET search_path TO \(Self.schema), \(StarSchema.published)")
      }
    }
    try await session.execute("DROP SCHEMA \(Self.schema) CASCADE")
    await session.close()
    return cost
  }
}
