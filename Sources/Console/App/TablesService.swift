import Warehouse

/// What the Tables screen asks of the warehouse.
enum TablesQuestion: Equatable, Sendable {
  case list
  /// A table and its first page.
  case open(TableSummary, BrowseOrder?, [BrowseFilter])
  case page(BrowseQuery, PageStart)
  case sortCost(BrowseQuery)
  case count(BrowseQuery)
  case profile(BrowseQuery, TableColumn)
  case attributes(BrowsedTable)
  case breakdown(BrowseQuery, BreakdownMeasure, BreakdownAttribute)
  case origin([String: String?], Identifier)

  /// At most so many rows come with a page.
  static let pageLimit = 200
  /// A view cannot be paged, so that more of it comes at a time.
  static let viewLimit = 1000
  /// At most so many values of a breakdown.
  static let breakdownLimit = 1000
}

/// What comes back.
enum TablesAnswer: Equatable, Sendable {
  case list([TableSummary])
  case opened(BrowseQuery, BrowsePage)
  case page(BrowsePage)
  case sortCost(SortCost)
  case count(Int)
  case profile(ColumnProfile)
  case attributes([BreakdownAttribute])
  case breakdown(ResultSet)
  case origin(PlayOrigin?)
}

/// What may go on side by side: pages never wait for a count or a profile.
enum TablesChannel: Hashable, Sendable {
  case list, pages, figures
}

enum TablesEffect: Equatable, Sendable {
  case ask(TablesChannel, Int, TablesQuestion)
  case cancel(TablesChannel)
  /// Runs what reads a view, and lets so many rows come.
  case stream(Int, QueryRun, limit: Int)
  /// Lets so many more come.
  case streamMore(Int)
  /// Wants no more of them.
  case releaseStream
}

enum TablesMessage: Equatable, Sendable {
  case answered(TablesChannel, Int, Result<TablesAnswer, WarehouseError>)
  case streamed(Int, QueryRun.Event)
  case streamEnded(Int, Result<QueryRun.End, WarehouseError>)
}

/// The part of the warehouse behind the Tables screen.
protocol TablesService: Sendable {
  /// Answers a question. Calls on different channels run side by side.
  func answer(
    _ question: TablesQuestion, on channel: TablesChannel
  ) async throws(WarehouseError) -> TablesAnswer
}
