import Warehouse

/// A query that runs or ran, with what came of it.
struct QueryResult: Equatable, Sendable {
  /// How it stands.
  enum Phase: Equatable, Sendable {
    case running
    /// More rows wait at the server.
    case paused
    /// All rows are here.
    case complete
    /// There are more rows; the server was let go.
    case cut
    case failed(WarehouseError)
    /// The server has stopped, so long after it was asked to.
    case cancelled(after: Duration)
  }

  let query: SavedQuery
  let values: [String: String]
  let run: QueryRun
  var beganAt = Duration.zero
  var phase = Phase.running
  var took: Duration?
  var cancelledAt: Duration?
  /// Its rows, as they are looked at.
  var view: ResultView
  /// So many rows were asked for.
  var limit: Int
  /// How an earlier run was looked at; nil as the header proposes.
  var look: QueryLook?
  /// The row to go back to, once it is here again.
  private var wantedRow: Int?

  /// Rows that come at first, and with every further wish.
  static let page = 1000
  static let furtherPage = 10_000
  /// What is held of it.
  private(set) var held = RowBudget()

  init(query: SavedQuery, values: [String: String], run: QueryRun, limit: Int = page) {
    (self.query, self.values, self.run, self.limit) = (query, values, run, limit)
    view = ResultView(header: query.chart)
  }

  /// The same to be run anew.
  func again(limit: Int? = nil) -> QueryResult {
    var next = QueryResult(
      query: query, values: values, run: run, limit: limit ?? QueryResult.page)
    next.view.showsValues = view.showsValues
    if view.behind == nil { next.wantedRow = view.grid.row }
    return next
  }

  /// Another result takes its place at the server: what has not come does not come any more.
  mutating func letGo() {
    if phase == .running || phase == .paused { phase = .cut }
  }

  /// Whether it goes on at the server.
  var isRunning: Bool { phase == .running }

  /// Whether there are more rows than are here.
  var hasMore: Bool { phase == .paused || phase == .cut }

  /// The rows that are here.
  var count: Int { view.grid.rows.count }

  /// Takes in what came.
  mutating func take(_ event: QueryRun.Event) {
    switch event {
    case .columns(let columns):
      view.begin(columns, look: look)
      held = RowBudget()
    case .rows(let rows):
      view.grid.takeStream(rows)
      held.spend(on: rows)
      if let row = wantedRow, count > row {
        view.grid.select(row: row, height: 1)
        wantedRow = nil
      }
      phase = .running
    case .paused:
      phase = .paused
    }
    view.grid.extent = extent
    if phase == .paused { view.draw() }
  }

  /// Takes in how it ended.
  mutating func end(_ answer: Result<QueryRun.End, WarehouseError>, at moment: Duration) {
    took = moment - beganAt
    switch answer {
    case .success(.complete): phase = .complete
    case .success(.cut): phase = .cut
    case .failure(let error) where error.kind == .cancelled:
      phase = .cancelled(after: moment - (cancelledAt ?? moment))
    case .failure(let error): phase = .failed(error)
    }
    view.grid.extent = extent
    view.draw()
  }

  private var extent: GridExtent {
    GridExtent(first: 0, total: phase == .complete ? .exact(count) : .moreThan(count))
  }

  // MARK: Words

  /// What Enter shows of what is pointed at in a chart.
  var opens: String {
    if query.rows != nil, view.pointedRow != nil { return "shows the rows behind it" }
    return "shows its " + Quantity.counted(view.pointed?.rows.count ?? 0, "row")
  }

  /// How it stands, in a few words.
  func status(now: Duration, glyphs: GlyphSet) -> Line {
    let rows = Quantity.counted(count, "row")
    let time = took.map { " in " + Quantity.duration($0) } ?? ""
    switch phase {
    case .running:
      let spinner = Spinner.picture(at: now, glyphs: glyphs)
      let clock = Quantity.clock(now - beganAt)
      if let cancelledAt {
        let waits = Quantity.duration(now - cancelledAt)
        return Line("\(spinner) asked the server to stop, \(waits) ago", .warning)
      }
      let came = count > 0 ? " · \(rows) so far" : ""
      return Line("\(spinner) \(clock)\(came) · c cancels", .active)
    case .paused where held.isSpent, .cut where held.isSpent:
      return Line("first \(rows) only: no more are held here · E writes all", .warning)
    case .paused: return Line("first \(rows), more wait · m fetches them", .warning)
    case .complete: return Line("✓ \(rows)\(time)", .success)
    case .cut: return Line("first \(rows) only · m runs it again for more", .warning)
    case .failed: return Line("✗ failed\(time)", .failure)
    case .cancelled(let after):
      return Line("■ cancelled: server stopped after \(Quantity.duration(after))", .warning)
    }
  }
}
