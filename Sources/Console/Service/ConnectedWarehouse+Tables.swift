import Warehouse

extension ConnectedWarehouse {
  func answer(
    _ question: TablesQuestion, on channel: TablesChannel
  ) async throws(WarehouseError) -> TablesAnswer {
    let target = try target()
    switch channel {
    case .pages:
      return try await browser.use(target) { session throws(WarehouseError) in
        try await question.answer(from: Browse(session))
      }
    case .figures:
      return try await figures.use(target) { session throws(WarehouseError) in
        try await question.answer(from: Browse(session))
      }
    // The list counts small tables: no page waits for that.
    case .list:
      return try await queries.use(target, for: .tables) { session throws(WarehouseError) in
        try await question.answer(from: Browse(session))
      }
    }
  }
}

extension TablesQuestion {
  /// The answer, as `browse` finds it.
  func answer(from browse: Browse) async throws(WarehouseError) -> TablesAnswer {
    switch self {
    case .list: return .list(try await browse.tables())
    case .open(let summary, let order, let filters):
      let query = BrowseQuery(try await browse.table(summary), order: order, filters: filters)
      return .opened(query, try await browse.page(query, .first, limit: Self.limit(query)))
    case .page(let query, let start):
      return .page(try await browse.page(query, start, limit: Self.limit(query)))
    case .sortCost(let query):
      return .sortCost(try await browse.sortCost(query, limit: Self.pageLimit))
    case .count(let query): return .count(try await browse.exactCount(query))
    case .profile(let query, let column):
      return .profile(try await browse.profile(query, column: column))
    case .attributes(let table): return .attributes(try await browse.attributes(of: table))
    case .breakdown(let query, let measure, let attribute):
      return .breakdown(
        try await browse.breakdown(query, measure, by: attribute, limit: Self.breakdownLimit))
    case .origin(let play, let schema):
      return .origin(try await browse.origin(ofPlay: play, in: schema))
    }
  }

  private static func limit(_ query: BrowseQuery) -> Int {
    query.table.identity == .none ? viewLimit : pageLimit
  }
}
