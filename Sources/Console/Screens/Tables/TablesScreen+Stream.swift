import Warehouse

/// The rows of a view on their way. Nothing tells them apart, so that no page could begin behind one
/// of them: they come as one stream that waits until somebody wants more.
struct RowStream: Equatable, Sendable {
  /// How it stands.
  enum Phase: Equatable, Sendable {
    case running
    case paused
    /// All came, or the server was let go.
    case over
  }

  var phase = Phase.running
  var since: Duration
  /// So many rows were asked for.
  var limit: Int
  /// So many came: from the first one on, in the place of those that were here.
  var held = RowBudget()
  var count: Int { held.rows }
  /// Whether somebody wants to go to the end.
  var wantsEnd = false
  /// Whether the server was asked to stop it.
  var isCancelled = false
}

extension TablesScreen {
  /// Whether the table on top is read as a stream.
  var isStreamed: Bool { view?.query?.table.identity == BrowsedTable.Identity.none }

  /// Lets more rows of a view come; all that may be held when somebody wants to go to the end.
  mutating func streamMore(toEnd: Bool = false, _ context: Context) -> [Request] {
    guard let view, let query = view.query, view.fetch == nil, view.error == nil else { return [] }
    if view.stream?.phase == .running {
      if toEnd { changeView { $0.stream?.wantsEnd = true } }
      return []
    }
    let most = RowBudget.mostRows
    if view.stream?.held.isSpent == true {
      return [.notice("no more rows are held here; E writes all")]
    }
    let limit = toEnd ? most : min(most, view.grid.rows.count + TablesQuestion.viewLimit)
    guard limit > view.grid.rows.count else {
      return [.notice("\(Quantity.count(most)) rows are held at most; E writes all")]
    }
    let before = view.stream
    changeView {
      var next = before?.phase == .paused ? before : nil
      next?.phase = .running
      $0.stream = next ?? RowStream(since: context.moment.uptime, limit: limit)
      $0.stream?.limit = limit
      $0.stream?.wantsEnd = toEnd
    }
    if let before, before.phase == .paused {
      return [.effect(.tables(.streamMore(limit - before.limit)))]
    }
    let run = QueryRun(
      Browse.export(query, columns: Array(query.table.columns.indices)))
    return [.effect(.tables(.stream(nextGeneration(), run, limit: limit)))]
  }

  /// Something is opened above a view: what still comes of it is not waited for.
  mutating func letStreamGo() {
    guard view?.stream != nil else { return }
    changeView { $0.stream = nil }
    _ = nextGeneration()
  }

  /// Something is shown above a view that asks for no rows itself: the server need not hold its
  /// snapshot for the rows that would still come.
  mutating func stopStream() -> [Request] {
    let isOpen = view?.stream.map { $0.phase != .over } ?? false
    letStreamGo()
    return isOpen ? [.effect(.tables(.cancel(.pages)))] : []
  }

  /// Takes what came of a view.
  mutating func take(_ event: QueryRun.Event, _ context: Context) -> [Request] {
    let height = Grid.height(in: TablesScreen.gridPlace(context))
    changeView { view in
      guard var stream = view.stream else { return }
      switch event {
      case .columns: break
      case .rows(let rows):
        view.grid.overwrite(from: stream.count, with: rows, height: height)
        stream.held.spend(on: rows)
        view.grid.extent = GridExtent(
          first: 0, total: .moreThan(view.grid.rows.count), hasAfter: true)
      case .paused: stream.phase = .paused
      }
      view.stream = stream
    }
    if view?.stream?.held.isSpent == true, view?.stream?.phase == .running {
      return [.effect(.tables(.releaseStream))]
    }
    guard case .paused = event, view?.stream?.wantsEnd == true else { return fetchNeeded(context) }
    return endStream(height)
  }

  /// Takes how the stream of a view ended.
  mutating func take(
    _ end: Result<QueryRun.End, WarehouseError>, _ context: Context
  ) -> [Request] {
    let height = Grid.height(in: TablesScreen.gridPlace(context))
    var requests: [Request] = []
    changeView { view in
      view.stream?.phase = .over
      switch end {
      case .success(.complete):
        let count = view.stream?.count ?? 0
        view.grid.setRows(Array(view.grid.rows.prefix(count)))
        view.grid.extent = .all(count)
      case .success(.cut): break
      case .failure(let error) where error.kind == .cancelled:
        requests = [.notice("cancelled: more rows come with the next step down")]
      case .failure(let error):
        view.error = error
        requests = [.failed(error)]
      }
    }
    return requests + (view?.stream?.wantsEnd == true ? endStream(height) : [])
  }

  private mutating func endStream(_ height: Int) -> [Request] {
    changeView {
      $0.stream?.wantsEnd = false
      $0.grid.setOwed(0)
      $0.grid.select(row: $0.grid.rows.count - 1, height: height)
    }
    return []
  }
}
