/// What a sort costs, as the server's planner sees it.
public struct SortCost: Sendable, Equatable {
  /// Whether a page costs nothing much: an index has the rows in their order, or there are few.
  public var isCheap: Bool
  /// The planner's estimate for a page, in its own units (a page read in sequence is 1).
  public var cost: Double

  /// What a sort costs.
  public init(isCheap: Bool, cost: Double) {
    self.isCheap = isCheap
    self.cost = cost
  }
}

extension Browse {
  /// What a page in the query's order costs. Nothing is run.
  public func sortCost(_ query: BrowseQuery, limit: Int) async throws(WarehouseError) -> SortCost {
    // Redshift has no index, and its plan names its sorts in its own words.
    if await session.engine == .redshift { return SortCost(isCheap: false, cost: 0) }
    if query.table.isSmall { return SortCost(isCheap: true, cost: 0) }
    var builder = BrowseBuilder(query)
    var statement = builder.page(.values, beyond: nil, isBackward: false, limit: limit)
    statement.sql = "EXPLAIN " + statement.sql
    let lines = try await run(statement, query).rows.map { $0.text(0) }
    let sorts = lines.contains { $0.contains("Sort  (cost") && !$0.contains("Incremental") }
    var isCheap = !sorts
    // The planner may sort all the same, where a filter leaves few rows.
    if !isCheap { isCheap = try await hasIndex(query) }
    return SortCost(
      isCheap: isCheap, cost: lines.first.flatMap { Self.number($0, after: "..") } ?? 0)
  }

  /// Whether an index begins with the column that the query sorts by.
  private func hasIndex(_ query: BrowseQuery) async throws(WarehouseError) -> Bool {
    guard let order = query.order, query.table.columns.indices.contains(order.column) else {
      return false
    }
    let names = [query.table.name.schema.name, query.table.name.table.name]
    let parameters = names + [query.table.columns[order.column].name]
    return try await session.execute(
      Statement(SQLText.browseIndexes, parameters: parameters.map { .text($0) })
    ).scalar == "t"
  }

  private static func number(_ line: String, after mark: String) -> Double? {
    guard let range = line.firstRange(of: mark) else { return nil }
    return Double(line[range.upperBound...].prefix { $0.isNumber || $0 == "." })
  }
}
