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

  /// How rows are shown.
  enum Face: Equatable, Sendable {
    case table
    case chart(ChartSpec)
  }

  /// Some of the rows, by themselves.
  struct Behind: Equatable, Sendable {
    var title: String
    var grid: Grid
  }

  let query: SavedQuery
  let values: [String: String]
  let run: QueryRun
  var beganAt = Duration.zero
  var phase = Phase.running
  var took: Duration?
  var cancelledAt: Duration?
  var columns: [ResultColumn] = []
  var grid = Grid()
  var face = Face.table
  var chart: Chart?
  /// Why there is no chart.
  var chartProblem: WarehouseError?
  var item = 0
  /// The rows behind a part of the chart, over the rest.
  var behind: Behind?
  /// So many rows were asked for.
  var limit: Int
  /// How an earlier run was looked at; nil as the header proposes.
  var look: QueryLook?
  /// The row to go back to, once it is here again.
  private var wantedRow: Int?
  /// Whether a chart shows the values at its parts.
  var showsValues = false

  /// Rows that come at first, and with every further wish.
  static let page = 1000
  static let furtherPage = 10_000
  /// What is held of it.
  private(set) var held = RowBudget()

  init(query: SavedQuery, values: [String: String], run: QueryRun, limit: Int = page) {
    (self.query, self.values, self.run, self.limit) = (query, values, run, limit)
  }

  /// The same to be run anew.
  func again(limit: Int? = nil) -> QueryResult {
    var next = QueryResult(
      query: query, values: values, run: run, limit: limit ?? QueryResult.page)
    next.showsValues = showsValues
    if behind == nil { next.wantedRow = grid.row }
    return next
  }

  /// Another result takes its place at the server: what has not come does not come any more.
  mutating func letGo() {
    if phase == .running || phase == .paused { phase = .cut }
  }

  /// How it is looked at; nil before its columns are known.
  var currentLook: QueryLook? {
    guard !columns.isEmpty else { return nil }
    var kind: ChartSpec.Kind?
    if case .chart(let spec) = face { kind = spec.kind }
    return QueryLook(kind: kind, arrangement: grid.arrangement)
  }

  /// A row in a few words.
  func title(of row: [String?]) -> String {
    zip(columns, row).prefix(3).map { "\($0.name) \($1 ?? "NULL")" }.joined(separator: "  ")
  }

  /// Whether it goes on at the server.
  var isRunning: Bool { phase == .running }

  /// Whether there are more rows than are here.
  var hasMore: Bool { phase == .paused || phase == .cut }

  /// The rows that are here.
  var count: Int { grid.rows.count }

  /// Takes in what came.
  mutating func take(_ event: QueryRun.Event) {
    switch event {
    case .columns(let columns):
      self.columns = columns
      grid = Grid(columns: columns)
      held = RowBudget()
      if let look { grid.arrange(look.arrangement) }
      proposeFace()
    case .rows(let rows):
      grid.takeStream(rows)
      held.spend(on: rows)
      if let row = wantedRow, grid.rows.count > row {
        grid.select(row: row, height: 1)
        wantedRow = nil
      }
      phase = .running
    case .paused:
      phase = .paused
      draw()
    }
    grid.extent = GridExtent(first: 0, total: phase == .complete ? .exact(count) : .moreThan(count))
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
    grid.extent = GridExtent(first: 0, total: phase == .complete ? .exact(count) : .moreThan(count))
    draw()
  }

  // MARK: Faces

  /// Shows it as the last time, or as the header proposes.
  private mutating func proposeFace() {
    if let look {
      guard let kind = look.kind else { return }
      if let spec = possibleCharts.first(where: { $0.kind == kind }) {
        face = .chart(spec)
        return
      }
    }
    do throws(WarehouseError) {
      guard query.chart != nil,
        let spec = try ChartSpec(header: query.chart, columns: columns)
      else { return }
      face = .chart(spec)
    } catch {
      chartProblem = error
    }
  }

  /// The kinds of chart that these columns can make, each with its columns.
  var possibleCharts: [ChartSpec] {
    let header = try? ChartSpec(header: query.chart, columns: columns)
    return ChartSpec.Kind.allCases.compactMap { kind in
      header?.kind == kind && query.chart != nil ? header : .best(kind, for: columns)
    }
  }

  /// Shows it in another way.
  mutating func show(_ face: Face) {
    (self.face, behind) = (face, nil)
    draw()
  }

  /// The way that comes after this one: table, then each kind of chart.
  var nextFace: Face {
    let all = [Face.table] + possibleCharts.map(Face.chart)
    let current = all.firstIndex(of: face) ?? 0
    return all[(current + 1) % all.count]
  }

  /// Makes the chart of the rows that are here.
  mutating func draw() {
    chart = nil
    guard case .chart(let spec) = face else { return }
    do throws(WarehouseError) {
      let made = try Chart(spec, columns: columns, rows: grid.rows, isCut: phase != .complete)
      item = min(item, max(0, made.itemCount - 1))
      (chart, chartProblem) = (made, nil)
    } catch {
      chartProblem = error
    }
  }

  /// Shows the rows behind the part of the chart that is pointed at.
  mutating func openItem() {
    guard let chosen = chart?.item(item) else { return }
    let rows = chosen.rows.compactMap { grid.rows.indices.contains($0) ? grid.rows[$0] : nil }
    behind = Behind(title: chosen.text, grid: Grid(ResultSet(columns: columns, rows: rows)))
  }

  /// Whether a grid is shown, and not a chart.
  var showsGrid: Bool { behind != nil || chart == nil }

  /// The grid that is shown.
  var shownGrid: Grid {
    get { behind?.grid ?? grid }
    set {
      if behind != nil {
        behind?.grid = newValue
      } else {
        grid = newValue
      }
    }
  }

  // MARK: Words

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
