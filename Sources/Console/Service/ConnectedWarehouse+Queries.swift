import Warehouse

extension ConnectedWarehouse {
  func runQuery(
    _ run: QueryRun, for owner: QueryOwner, gate: RowGate,
    receive: @escaping @Sendable (QueryRun.Event) -> Void
  ) async throws(WarehouseError) -> QueryRun.End {
    try await queries.use(try target(), for: owner) { session throws(WarehouseError) in
      try await run.perform(on: session, gate: gate, receive: receive)
    }
  }

  func explain(
    _ statement: Statement, analyze: Bool, for owner: QueryOwner
  ) async throws(WarehouseError) -> QueryPlan {
    try await queries.use(try target(), for: owner) { session throws(WarehouseError) in
      try await QueryPlan.explain(statement, analyze: analyze, on: session)
    }
  }

  func terminateQueries(of owner: QueryOwner) async throws(WarehouseError) {
    let backends = queries.backends(of: owner)
    let writing = owner == .changes ? await writer.backend : nil
    // Of a login that may end both: what reads may not end what writes.
    try await reader.use(try target()) { session throws(WarehouseError) in
      for backend in backends { try await session.terminate(backend: backend) }
      if let writing { try await session.terminate(backend: writing) }
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
        listing.paths[name] = library.path(of: name)
        guard let query = try library.query(name) else { continue }
        listing.queries.append(query)
        // It can be run all the same, as a table.
        if let chart = query.chart { try ChartSpec.check(header: chart) }
      } catch {
        listing.problems.append(.init(name: name, error: error))
      }
    }
    listing.queries.sort { ($0.group, $0.title, $0.name) < ($1.group, $1.title, $1.name) }
    return listing
  }

  func copyQuery(_ name: String, to copy: String) async throws(WarehouseError) -> String {
    let library = library
    guard let query = try library.query(name) else {
      throw WarehouseError(.usage, "could not find the query \(name)")
    }
    return try library.create(copy, query.copiedText)
  }

  func createQuery(_ name: String, _ text: String) async throws(WarehouseError) -> String {
    _ = try SavedQuery(name: name, text: text)
    return try library.create(name, text)
  }
}

extension SavedQuery {
  /// Its text with a title that says that it is a copy: two of one title cannot be told apart.
  fileprivate var copiedText: String {
    let lines = sql.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let title = lines.firstIndex(where: { $0.hasPrefix("-- title:") }) else { return sql }
    var copied = lines
    copied[title] += " (copy)"
    return copied.joined(separator: "\n")
  }
}
