/// What a sort costs, as the server's planner sees it.
public struct SortCost: Sendable, Equatable {
  /// Whether an index gives the rows in their order, so that a page costs nothing much.
  public var isIndexed: Bool
  /// The planner's estimate for a page, in its own units (a page read in sequence is 1).
  public var cost: Double

  /// What a sort costs.
  public init(isIndexed: Bool, cost: Double) {
    self.isIndexed = isIndexed
    self.cost = cost
  }
}

extension Browse {
  /// What a page in the query's order costs. Nothing is run.
  public func sortCost(_ query: BrowseQuery, limit: Int) async throws(WarehouseError) -> SortCost {
    // Redshift has no index, and its plan names its sorts in its own words.
    if await session.engine == .redshift { return SortCost(isIndexed: false, cost: 0) }
    var builder = BrowseBuilder(query)
    var statement = builder.page(.values, beyond: nil, isBackward: false, limit: limit)
    statement.sql = "EXPLAIN " + statement.sql
    let lines = try await run(statement, query).rows.map { $0.text(0) }
    let sorts = lines.contains { $0.contains("Sort  (cost") && !$0.contains("Incremental") }
    return SortCost(
      isIndexed: !sorts, cost: lines.first.flatMap { Self.number($0, after: "..") } ?? 0)
  }

  private static func number(_ line: String, after mark: String) -> Double? {
    guard let range = line.firstRange(of: mark) else { return nil }
    return Double(line[range.upperBound...].prefix { $0.isNumber || $0 == "." })
  }
}
