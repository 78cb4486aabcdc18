import Warehouse

/// The saved queries, and the result of the one that ran last.
struct QueriesScreen: Screen {
  /// What is shown.
  enum Mode: Equatable, Sendable {
    case list
    case result
  }

  /// How often the folder of queries is looked at while the screen is shown.
  static let listingInterval = Duration.seconds(2)

  var listing = Loadable<QueryListing>()
  var listedAt = Duration.zero
  var mode = Mode.list
  var position = ListPosition()
  var result: QueryResult?
  /// Results that the one on top was opened from.
  var covered: [QueryResult] = []
  /// The number of the last query that ran.
  var runID = 0
  /// The values that queries had last, by their names.
  var values: [String: [String: String]] = [:]
  /// How results were looked at last, by their queries' names.
  var looks: [String: QueryLook] = [:]
  /// The query to select once the folder was read: that of an earlier session.
  var wantedName: String?
  var plan = Loadable<QueryPlan>()
  /// Since when the server is asked to stop the plan that is awaited.
  var planCancelledAt: Duration?

  var listFilter = ""
  /// In the list the filter; in a result what is looked for in its rows.
  var filter: String? {
    get { mode == .list ? listFilter : result?.showsGrid == true ? result?.shownGrid.search : nil }
    set {
      if mode == .list {
        listFilter = newValue ?? ""
      } else {
        result?.shownGrid.look(for: newValue ?? "")
      }
    }
  }

  /// Whether something goes on whose time is shown.
  var isRunning: Bool { result?.isRunning == true || plan.isLoading }

  /// Whether something goes on that nobody has asked the server to stop.
  var canCancel: Bool {
    plan.isLoading && planCancelledAt == nil
      || result?.isRunning == true && result?.cancelledAt == nil
  }

  /// The queries that the list shows.
  var queries: [SavedQuery] {
    (listing.value?.queries ?? []).filter {
      contains(listFilter, [$0.name, $0.title, $0.about, $0.group])
    }
  }

  /// The query that keys are about.
  var selected: SavedQuery? {
    if mode == .result { return result?.query }
    let queries = queries
    let index = position.selection(count: queries.count)
    return queries.indices.contains(index) ? queries[index] : nil
  }

  // MARK: Actions

  mutating func perform(_ action: Action, _ context: Context) -> [Request] {
    switch action {
    case .move(let movement): move(movement, context)
    case .open: return open(context)
    case .back: return goBack(context)
    case .grid(let action): return perform(action, context)
    case .queries(let action): return perform(action, context)
    case .findNext: return mode == .result ? result?.shownGrid.find(1) ?? [] : []
    case .findPrevious: return mode == .result ? result?.shownGrid.find(-1) ?? [] : []
    default: break
    }
    return []
  }

  private mutating func perform(_ action: QueriesAction, _ context: Context) -> [Request] {
    switch action {
    case .run: return runAgain(context)
    case .cancel: return cancel(context)
    case .terminate: return [.effect(.queries(.terminate))]
    case .fetchMore: return fetchMore(context)
    case .nextView: if let face = result?.nextFace { result?.show(face) }
    case .showTable: result?.show(.table)
    case .draw(let kind):
      if let spec = result?.possibleCharts.first(where: { $0.kind == kind }) {
        result?.show(.chart(spec))
      }
    case .sort:
      result?.shownGrid.sortRows()
    case .explain: return explain(analyze: false, context)
    case .analyze: return explain(analyze: true, context)
    case .showSQL:
      return selected.map {
        [
          .overlay(
            .viewer(TextViewer(title: $0.name, lines: SQLLines.plain($0.sql), copy: $0.sql)))
        ]
      } ?? []
    case .edit:
      let path = selected.flatMap { listing.value?.paths[$0.name] }
      return path.map { [.effect(.edit($0))] } ?? []
    case .saveCopy: return selected.map { [.overlay(.form(QueriesScreen.copyForm($0)))] } ?? []
    case .export: return export(context)
    case .showValues: result?.showsValues.toggle()
    case .reload:
      return [.effect(.queries(.list(listing.begin(at: context.moment.uptime))))]
    }
    return []
  }

  /// Enter: runs a query of the list, opens what is pointed at in a result.
  private mutating func open(_ context: Context) -> [Request] {
    guard let query = selected else { return [] }
    switch mode {
    case .list:
      guard query.parameters.isEmpty else { return [.overlay(.form(form(for: query)))] }
      return run(query, [:], context)
    case .result:
      guard let shown = result else { return [] }
      if case .failed(let error) = shown.phase { return [.overlay(.viewer(error.viewer))] }
      return openRows(of: shown, context)
    }
  }

  mutating func perform(_ action: GridAction, _ context: Context) -> [Request] {
    guard let shown = result else { return [] }
    guard shown.showsGrid else {
      switch action {
      case .left: pointBeside(right: -1, down: 0)
      case .right: pointBeside(right: 1, down: 0)
      case .firstColumn: result?.item = 0
      case .lastColumn: result?.item = max(0, (shown.chart?.items.count ?? 1) - 1)
      default: break
      }
      return []
    }
    let place = resultPlace(context)
    return result?.shownGrid.perform(
      action, in: place, glyphs: context.glyphs) ?? []
  }

  mutating func pointBeside(right: Int, down: Int) {
    guard let shown = result, let chart = shown.chart else { return }
    result?.item = chart.neighbour(of: shown.item, right: right, down: down)
  }

  private mutating func move(_ movement: Movement, _ context: Context) {
    guard mode == .result else {
      position.move(movement, count: queries.count, height: listHeight(context))
      return
    }
    guard result?.showsGrid == false else {
      // All rows that are here are held, so that nothing is asked for.
      let place = resultPlace(context)
      _ = result?.shownGrid.move(movement, in: place)
      return
    }
    let page = 10
    switch movement {
    case .up: pointBeside(right: 0, down: -1)
    case .down: pointBeside(right: 0, down: 1)
    case .pageUp, .halfPageUp: for _ in 0..<page { pointBeside(right: 0, down: -1) }
    case .pageDown, .halfPageDown: for _ in 0..<page { pointBeside(right: 0, down: 1) }
    case .first: result?.item = 0
    case .last:
      let last = max(0, (result?.chart?.items.count ?? 1) - 1)
      result?.item = last
    }
  }

  private mutating func goBack(_ context: Context) -> [Request] {
    if plan.isLoading, planCancelledAt == nil { return cancelPlan(context) }
    if result?.behind != nil {
      result?.behind = nil
    } else if !covered.isEmpty {
      return uncover()
    } else {
      mode = .list
    }
    return []
  }
}
