import Warehouse

/// One statement that was run, and what came of it.
struct SQLResult: Equatable, Sendable {
  /// How far it is.
  enum State: Equatable, Sendable {
    case waiting
    case running(since: Duration)
    /// There are more rows, and the server waits for somebody to want them.
    case paused
    /// All rows came, or the server was let go before.
    case done(isCut: Bool, affected: Int?)
    case failed(WarehouseError)
    /// Stopped by somebody; how long the server took for it.
    case cancelled(after: Duration)
    /// One before it failed.
    case skipped
  }

  var sql: String
  /// Where it stands in the editor, as long as the text has this version.
  var origin: TextPosition
  var version: Int
  var state = State.waiting
  /// What it could do when it ran.
  var access = QueryRun.Access.reading
  /// Its rows, as they are looked at.
  var view = ResultView()
  /// How an earlier run of the same statement was looked at; nil when there was none.
  var look: QueryLook?
  /// So many rows were asked for.
  var limit = SQLResult.page
  /// The row to go back to, once it is here again.
  var wantedRow: Int?
  /// How long the server took; while it runs, up to the first pause.
  var took: Duration?
  /// What is held of it.
  private(set) var held = RowBudget()

  /// Rows come in pages of so many.
  static let page = 1000

  init(sql: String, origin: TextPosition, version: Int) {
    (self.sql, self.origin, self.version) = (sql, origin, version)
  }

  /// Whether nothing more may be held.
  var isFull: Bool { held.isSpent }

  /// The rows that are here.
  var count: Int { view.grid.rows.count }

  /// Takes what came of it.
  mutating func take(_ event: QueryRun.Event) {
    switch event {
    case .columns(let columns):
      view.begin(columns, look: view.look ?? look)
      held = RowBudget()
    case .rows(let rows):
      held.spend(on: rows)
      view.grid.takeStream(rows)
      view.grid.extent = GridExtent(first: 0, total: .unknown)
      if let row = wantedRow, count > row {
        view.grid.select(row: row, height: 1)
        wantedRow = nil
      }
    case .paused:
      state = .paused
      view.grid.extent = GridExtent(first: 0, total: .moreThan(count))
      view.draw()
    }
  }

  /// Takes its end.
  mutating func finish(_ end: Result<QueryRun.End, WarehouseError>, cancelled: Duration?) {
    switch end {
    case .success(.complete(let affected)):
      state = .done(isCut: false, affected: affected)
      view.grid.extent = .all(count)
    case .success(.cut):
      state = .done(isCut: true, affected: nil)
      view.grid.extent = GridExtent(first: 0, total: .moreThan(count))
    case .failure(let error):
      state = error.kind == .cancelled ? .cancelled(after: cancelled ?? .zero) : .failed(error)
      view.grid.extent = GridExtent(first: 0, total: count > 0 ? .moreThan(count) : .exact(0))
    }
    view.draw()
  }

  /// Whether the server works on it, or waits.
  var isOpen: Bool {
    switch state {
    case .running, .paused: true
    case .waiting, .done, .failed, .cancelled, .skipped: false
    }
  }
}
