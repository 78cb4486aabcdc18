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
  var plan = PlanWait()

  var listFilter = ""
  /// In the list the filter; in a result what is looked for in its rows.
  var filter: String? {
    get {
      if mode == .list { return listFilter }
      return result?.view.showsGrid == true ? result?.view.shownGrid.search : nil
    }
    set {
      if mode == .list {
        listFilter = newValue ?? ""
      } else {
        result?.view.shownGrid.look(for: newValue ?? "")
      }
    }
  }

  /// Whether something goes on whose time is shown.
  var isRunning: Bool { result?.isRunning == true || plan.isLoading }

  /// Whether something goes on that nobody has asked the server to stop.
  var canCancel: Bool {
    plan.canCancel || result?.isRunning == true && result?.cancelledAt == nil
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
    let room = room(context)
    switch action {
    case .move(let movement): move(movement, context)
    case .open: return open(context)
    case .back: return goBack(context)
    case .grid(let action):
      return result?.view.perform(action, in: room, glyphs: context.glyphs) ?? []
    case .result(let action):
      return result?.view.perform(action, in: room, glyphs: context.glyphs) ?? []
    case .queries(let action): return perform(action, context)
    case .findNext: return mode == .result ? result?.view.shownGrid.find(1) ?? [] : []
    case .findPrevious: return mode == .result ? result?.view.shownGrid.find(-1) ?? [] : []
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
    case .reload:
      return [.effect(.queries(.list(listing.begin(at: context.moment.uptime))))]
    }
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

  private mutating func move(_ movement: Movement, _ context: Context) {
    guard mode == .result else {
      position.move(movement, count: queries.count, height: listHeight(context))
      return
    }
    let room = room(context)
    result?.view.move(movement, in: room)
  }

  private mutating func goBack(_ context: Context) -> [Request] {
    if plan.canCancel { return cancelPlan(context) }
    if result?.view.behind != nil {
      result?.view.behind = nil
    } else if !covered.isEmpty {
      return uncover()
    } else {
      mode = .list
    }
    return []
  }
}
