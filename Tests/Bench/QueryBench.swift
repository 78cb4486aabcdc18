import Warehouse

/// Every saved query that is shipped, over the warehouse that a load left: on a session of its own,
/// so that nothing is planned or known beforehand, and with each of its choices.
struct QueryBench {
  let connection: ConnectionSettings
  /// The folder of the queries.
  let folder: String

  private static let repeats = 5

  /// Measures all and says the slowest; the rows are fetched whole.
  func run() async throws(WarehouseError) -> Goal {
    let library = QueryLibrary(folders: [folder])
    var slowest: (name: String, time: Duration) = ("none", .zero)
    for name in library.names {
      guard let query = try library.query(name) else { continue }
      for values in Self.cases(of: query) {
        let time = try await median(query, values)
        if time > slowest.time { slowest = (name, time) }
      }
    }
    return Goal(
      "slowest of \(library.names.count) saved queries, ms (\(slowest.name))", slowest.time,
      reach: 100)
  }

  /// The standard values, and each choice of each parameter beside them.
  private static func cases(of query: SavedQuery) -> [[String: String]] {
    [[:]]
      + query.parameters.flatMap { parameter in
        parameter.choices.filter { $0 != parameter.standard }.map { [parameter.name: $0] }
      }
  }

  private func median(
    _ query: SavedQuery, _ values: [String: String]
  ) async throws(WarehouseError) -> Duration {
    let script = try query.script(values)
    var times: [Duration] = []
    for _ in 0..<Self.repeats {
      let session = try await PostgresSession.connect(connection)
      try await session.execute("SET search_path TO \(StarSchema.published)")
      let start = ContinuousClock.now
      for statement in script.statements { try await session.execute(statement) }
      times.append(ContinuousClock.now - start)
      await session.close()
    }
    return times.median
  }
}
