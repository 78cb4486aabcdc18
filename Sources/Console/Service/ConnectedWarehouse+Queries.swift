import Synchronization
import Warehouse

extension ConnectedWarehouse {
  func runQuery(
    _ run: QueryRun, gate: RowGate, receive: @escaping @Sendable (QueryRun.Event) -> Void
  ) async throws(WarehouseError) -> QueryRun.End {
    // What an analyst SETs with writing unlocked stays on the session, so that it serves nobody else.
    try await queries.use(try target(), isReusable: run.access == .reading) {
      session throws(WarehouseError) in
      try await run.perform(on: session, gate: gate, receive: receive)
    }
  }

  func explain(
    _ statement: Statement, analyze: Bool
  ) async throws(WarehouseError) -> QueryPlan {
    try await queries.use(try target()) { session throws(WarehouseError) in
      try await QueryPlan.explain(statement, analyze: analyze, on: session)
    }
  }

  func terminateQueries() async throws(WarehouseError) {
    let backends = queries.backends
    try await queries.use(try target()) { session throws(WarehouseError) in
      for backend in backends { try await session.terminate(backend: backend) }
    }
  }

  // MARK: Files

  private var library: QueryLibrary {
    QueryLibrary(options, program: try? FileSystem.resolved("/proc/self/exe"))
  }

  func savedQueries() async -> QueryListing {
    let library = library
    var listing = QueryListing(queries: [], problems: [], folder: library.folders.first)
    for name in library.names {
      do throws(WarehouseError) {
        if let query = try library.query(name) { listing.queries.append(query) }
      } catch {
        listing.problems.append(.init(name: name, error: error))
      }
    }
    listing.queries.sort { ($0.group, $0.title, $0.name) < ($1.group, $1.title, $1.name) }
    return listing
  }

  func copyQuery(_ name: String, to copy: String) async throws(WarehouseError) -> String {
    guard !copy.isEmpty, !copy.contains("/"), !copy.hasPrefix(".") else {
      throw WarehouseError(
        .usage, "\"\(copy)\" cannot be the name of a query",
        hint: "Give a file's name without folders, such as plays-by-city.")
    }
    let library = library
    guard let query = try library.query(name), let folder = library.folders.first else {
      throw WarehouseError(.usage, "could not find the query \(name)")
    }
    let path = "\(folder)/\(copy.hasSuffix(".sql") ? String(copy.dropLast(4)) : copy).sql"
    try FileSystem.create(path, query.sql)
    return path
  }

  func exportText(_ text: String, to path: String) async throws(WarehouseError) {
    try FileSystem.create(path, text)
  }

  func exportQuery(
    _ run: QueryRun, as format: RowFormat, to path: String,
    progress: @escaping @Sendable (Int) -> Void
  ) async throws(WarehouseError) -> Int {
    let file = try NewFile(path)
    let export = Mutex(Export(file: file, format: format))
    let gate = RowGate(limit: .max)
    do throws(WarehouseError) {
      _ = try await runQuery(run, gate: gate) { event in
        let (count, failed) = export.withLock { export in
          export.take(event)
          return (export.count, export.error != nil)
        }
        progress(count)
        if failed { gate.close() }
      }
      return try export.withLock { (export) throws(WarehouseError) in try export.finish() }
    } catch {
      file.remove()
      throw export.withLock { $0.error } ?? error
    }
  }
}

/// Rows on their way to a file.
private struct Export {
  let file: NewFile
  let format: RowFormat
  var formatter: RowFormatter?
  var count = 0
  var error: WarehouseError?

  init(file: NewFile, format: RowFormat) {
    self.file = file
    self.format = format
  }

  mutating func take(_ event: QueryRun.Event) {
    guard error == nil else { return }
    do throws(WarehouseError) {
      switch event {
      case .columns(let columns):
        let made = RowFormatter(format, columns: columns)
        try file.write(made.header())
        formatter = made
      case .rows(let rows):
        try file.write(rows.map { formatter?.row($0) ?? "" }.joined())
        count += rows.count
      case .paused: break
      }
    } catch {
      self.error = error
    }
  }

  mutating func finish() throws(WarehouseError) -> Int {
    if let error { throw error }
    try file.write(formatter?.footer() ?? "")
    return count
  }
}
