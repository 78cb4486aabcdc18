import Warehouse

/// One table as it is looked at: its query, its grid, and what is being fetched for it.
struct TableView: Equatable, Sendable {
  /// What is on its way.
  struct Fetch: Equatable, Sendable {
    var start: PageStart
    var since: Duration
  }

  var title: String
  /// nil until the table is known, and for a breakdown, which is all there is of it.
  var query: BrowseQuery?
  /// The query that the rows came of: until an answer comes, not always the one that was asked for.
  var answered: BrowseQuery?
  /// What it is a breakdown of; nil for a table.
  var breakdown: Breakdown?
  /// The breakdown as bars; nil while it is shown as a table.
  var chart: Chart?
  var grid = Grid()
  var fetch: Fetch?
  /// The rows of a view on their way; nil as long as the first ones do.
  var stream: RowStream?
  var error: WarehouseError?
  /// Why what was asked for last was refused, while rows of an earlier query are shown.
  var refusal: WarehouseError?
  /// The filter that was typed last and refused; nil when it was taken.
  var refusedFilter: String?
  /// What the order costs, once the server has said so.
  var cost: SortCost?
  /// How long the last page took.
  var took: Duration?
  /// Exactly counted rows of this query.
  var counted: Int?

  /// The total as far as it is known.
  var total: GridExtent.Total {
    if let counted { return .exact(counted) }
    guard let query, query.filters.isEmpty else { return .unknown }
    switch query.table.summary.rows {
    case .exact(let count): return .exact(count)
    case .estimate(let count): return .estimate(count)
    case .unknown: return .unknown
    }
  }

  private var totalCount: Int? {
    switch total {
    case .exact(let count), .estimate(let count): count
    case .moreThan, .unknown: nil
    }
  }

  private var isTotalExact: Bool { if case .exact = total { true } else { false } }

  /// Changes what is asked for. The old rows stay until new ones are here.
  mutating func ask(for changed: BrowseQuery) {
    query = changed
    (error, refusal, refusedFilter) = (nil, nil, nil)
    counted = nil
    cost = nil
    grid.sort = changed.order.map { GridSort(source: $0.column, isDescending: $0.isDescending) }
  }

  /// Nobody waits for rows any more: those that are here are of their own query again.
  mutating func cancelFetch() {
    fetch = nil
    if let answered, answered != query { ask(for: answered) }
  }

  /// The server refused what was asked for: rows that are here are of their own query again. What
  /// was typed is kept, so that it can be corrected.
  mutating func refuse(_ error: WarehouseError) {
    guard let answered, let refused = query, answered != refused else {
      self.error = error
      return
    }
    ask(for: answered)
    refusal = error
    if case .expression(let sql)? = refused.filters.last, answered.filters != refused.filters {
      refusedFilter = sql
    }
  }

  /// Takes the rows of a fetch.
  mutating func take(_ page: BrowsePage, _ start: PageStart, height: Int) {
    if let total = page.total { counted = total }
    switch start {
    case .after: grid.append(page.rows, hasAfter: page.hasMore, height: height)
    case .before: grid.prepend(page.rows, hasBefore: page.hasMore, height: height)
    case .first, .last, .fraction, .value: place(page, start, height: height)
    }
    if case .exact(let count) = grid.extent.total, query?.filters.isEmpty == false {
      counted = count
    }
  }

  private mutating func place(_ page: BrowsePage, _ start: PageStart, height: Int) {
    var extent = GridExtent(total: total)
    var row = 0
    switch start {
    case .last:
      row = page.rows.count - 1
      extent.hasBefore = page.hasMore
      extent.first = totalCount.map { max(0, $0 - page.rows.count) }
      extent.isFirstEstimate = !isTotalExact
      if !page.hasMore { extent = .all(page.rows.count) }
    case .fraction where page.fraction != 0:
      extent.hasAfter = page.hasMore
      extent.hasBefore = true
      extent.first = page.fraction.flatMap { share in totalCount.map { Int(Double($0) * share) } }
      extent.isFirstEstimate = true
    case .value:
      extent.hasAfter = page.hasMore
      extent.hasBefore = true
    case .first, .fraction, .after, .before:
      extent.first = 0
      extent.hasAfter = page.hasMore
      if !page.hasMore { extent = .all(page.rows.count) }
      if query?.table.identity == BrowsedTable.Identity.none, page.hasMore {
        extent = GridExtent(first: 0, total: .moreThan(page.rows.count), hasAfter: true)
      }
    }
    grid.replace(page.rows, extent: extent, row: row, height: height)
  }

  /// The page to fetch next for what is seen; nil when it is held, or on its way.
  func nextPage(in place: Rect) -> PageStart? {
    guard fetch == nil, error == nil, let query else { return nil }
    switch grid.need(in: place) {
    case .after?: return grid.rows.last.map { .after(Browse.position(of: $0, in: query)) }
    case .before?: return grid.rows.first.map { .before(Browse.position(of: $0, in: query)) }
    case .first?: return .first
    case .last?: return .last
    case nil: return nil
    }
  }

  /// The link of the column under the cursor to another table.
  var link: TableLink? {
    guard let query, let column = grid.currentColumn else { return nil }
    return query.table.links.first { $0.column == column.title }
  }

  /// Filters and order in a few words.
  var conditions: String {
    guard let query else { return "" }
    var parts = query.filters.map(\.text)
    if let order = query.order, query.table.columns.indices.contains(order.column) {
      parts.append("by \(query.table.columns[order.column].name) \(order.isDescending ? "▼" : "▲")")
    }
    return parts.joined(separator: " · ")
  }
}
