import Warehouse

/// The star and all other tables; each opens as a grid.
struct TablesScreen: Screen {
  /// How often the list is read while it changes.
  static let listingInterval = Duration.seconds(2)

  var list = Loadable<[TableSummary]>()
  private(set) var listedAt = Duration.zero
  /// What is opened, the last on top; none shows the star.
  private(set) var views: [TableView] = []
  private(set) var menu: TablesMenu?
  private(set) var selected = 0
  /// What an earlier session looked at, as long as it has not come.
  var wanted: SavedTable?
  var wantedSelection: String?
  /// What takes longer beside the pages, and since when.
  private(set) var figure: (title: String, since: Duration)?
  /// The breakdown that is being counted.
  var awaited: Breakdown?
  private var generation = 0
  /// The page that the server was asked to stop reading, and when; nil when it has stopped.
  private var stopping: (id: Int, since: Duration)?
  private var figureGeneration = 0

  /// What is looked for in the rows that are here. (A filter is a question to the server.)
  /// In the star: which tables are listed.
  var filter: String? {
    get { menu != nil ? nil : view.map(\.grid.search) ?? listFilter }
    set {
      guard view == nil else { return changeView { $0.grid.look(for: newValue ?? "") } }
      let name = selectedTable?.name
      listFilter = newValue ?? ""
      select(layout.items.firstIndex { $0.name == name } ?? 0)
    }
  }

  private(set) var listFilter = ""

  /// The table under the cursor of the star.
  var selectedTable: TableSummary? {
    let items = layout.items
    return items.indices.contains(selected) ? items[selected] : nil
  }

  var typingHints: [(key: Key, title: String)]? {
    let measure: [(key: Key, title: String)] =
      menu?.measures.count ?? 0 > 1 ? [(.tab, "other measure")] : []
    return [(.enter, "choose"), (.down, "next")] + measure + [(.escape, "close")]
  }

  /// Letters narrow the menu while it is open.
  var isTyping: Bool { menu != nil }

  /// The table on top.
  var view: TableView? { views.last }

  /// Whether anything is on its way.
  var isLoading: Bool {
    list.isLoading || figure != nil || view?.fetch != nil || view?.stream?.phase == .running
  }

  /// The tables in the order of the screen.
  var layout: StarLayout {
    let layout = StarLayout(list.value ?? [])
    guard !listFilter.isEmpty else { return layout }
    return layout.only { contains(listFilter, ["\($0.name)", $0.kind.rawValue]) }
  }

  /// Where the grid lies.
  static func gridPlace(_ context: Context) -> Rect { context.body.inset(rows: 1, columns: 2) }

  private func height(_ context: Context) -> Int {
    Grid.height(in: TablesScreen.gridPlace(context))
  }

  mutating func changeView(_ change: (inout TableView) -> Void) {
    guard !views.isEmpty else { return }
    change(&views[views.count - 1])
  }

  mutating func push(_ view: TableView) { views.append(view) }
  mutating func pop() { _ = views.popLast() }
  mutating func show(_ menu: TablesMenu?) { self.menu = menu }
  mutating func select(_ index: Int) {
    selected = min(max(0, index), max(0, layout.items.count - 1))
  }

  // MARK: Asking

  /// Asks for the list of tables.
  mutating func askList(at moment: Duration) -> Effect {
    listedAt = moment
    return .tables(.ask(.list, list.begin(at: moment), .list))
  }

  /// The number of the next question for rows; answers to earlier ones are dropped.
  mutating func nextGeneration() -> Int {
    generation += 1
    return generation
  }

  private mutating func askPage(
    _ question: TablesQuestion, _ start: PageStart, _ context: Context
  ) -> [Request] {
    let generation = nextGeneration()
    changeView {
      $0.stream = nil
      $0.fetch = .init(start: start, since: context.moment.uptime)
      $0.error = nil
    }
    return [.effect(.tables(.ask(.pages, generation, question)))]
  }

  /// Fetches a page of the query on top.
  mutating func fetch(_ start: PageStart, _ context: Context) -> [Request] {
    guard let query = view?.query else { return [] }
    return askPage(.page(query, start), start, context)
  }

  /// Fetches what is soon seen and not held.
  mutating func fetchNeeded(_ context: Context) -> [Request] {
    guard let start = view?.nextPage(in: TablesScreen.gridPlace(context)) else { return [] }
    return isStreamed ? streamMore(context) : fetch(start, context)
  }

  /// Opens a table above what is shown.
  mutating func open(
    _ table: TableSummary, filters: [BrowseFilter] = [], _ context: Context
  ) -> [Request] {
    letStreamGo()
    views.append(TableView(title: table.name.description))
    return askPage(.open(table, nil, filters), .first, context)
  }

  /// The wheel may reach what is not held.
  mutating func scrolled(_ context: Context) -> [Request] { fetchNeeded(context) }

  /// Asks for something that takes longer; a new question takes the place of the one before.
  mutating func askFigure(
    _ title: String, _ question: TablesQuestion, _ context: Context
  ) -> [Request] {
    figureGeneration += 1
    figure = (title, context.moment.uptime)
    return [.effect(.tables(.ask(.figures, figureGeneration, question)))]
  }

  // MARK: Answers

  /// Takes an answer; late ones are dropped.
  mutating func take(_ message: TablesMessage, _ context: Context) -> [Request] {
    switch message {
    case .answered(.list, let id, let answer):
      let name = selectedTable?.name
      list.finish(id, answer.map { if case .list(let tables) = $0 { tables } else { [] } })
      if let place = layout.items.firstIndex(where: { $0.name == name }) { select(place) }
      return settle(context)
    case .answered(.pages, let id, let answer):
      if let stop = stopping, stop.id == id {
        stopping = nil
        guard case .failure(let error) = answer, error.kind == .cancelled else { return [] }
        let took = Quantity.duration(context.moment.uptime - stop.since)
        return [.notice("cancelled, server stopped after \(took)")]
      }
      guard id == generation else { return [] }
      return takePage(answer, context)
    case .streamed(let id, let event): return id == generation ? take(event, context) : []
    case .streamEnded(let id, let end): return id == generation ? take(end, context) : []
    case .answered(.figures, let id, let answer):
      guard id == figureGeneration, figure != nil else { return [] }
      figure = nil
      switch answer {
      case .success(let answer): return takeFigure(answer, context)
      case .failure(let error): return error.kind == .cancelled ? [] : [.failed(error)]
      }
    }
  }

  private mutating func takePage(
    _ answer: Result<TablesAnswer, WarehouseError>, _ context: Context
  ) -> [Request] {
    guard let fetch = view?.fetch else { return [] }
    let height = height(context)
    changeView {
      $0.fetch = nil
      $0.took = context.moment.uptime - fetch.since
    }
    switch answer {
    case .success(.opened(let query, let page)):
      changeView {
        $0.query = query
        $0.grid = Grid(columns: query.table.resultColumns, keySources: TablesScreen.keys(query))
        $0.take(page, .first, height: height)
      }
      let requests = arrangeWanted(context)
      if !requests.isEmpty { return requests }
    case .success(.page(let page)):
      changeView { $0.take(page, fetch.start, height: height) }
      if case .value = fetch.start, page.rows.isEmpty { return self.fetch(.last, context) }
    case .success: break
    case .failure(let error):
      if let requests = openUnfiltered(error, context) { return requests }
      wanted = nil
      let explained = explanation(of: error)
      changeView { $0.refuse(error) }
      return error.kind == .cancelled ? [] : [.failed(error)] + explained
    }
    changeView { $0.answered = $0.query }
    return fetchNeeded(context)
  }

  /// What is wrong with the filter that was typed last, marked at its place.
  private func explanation(of error: WarehouseError) -> [Request] {
    guard error.position != nil, case .expression(let typed)? = view?.query?.filters.last else {
      return []
    }
    let lines = SQLLines.marked(typed, error) + [Line(), Line("Esc, then / corrects it", .muted)]
    return [
      .overlay(.viewer(TextViewer(title: "Filter", lines: lines, copy: error.description)))
    ]
  }

  /// What tells rows apart in a grid: the key, or the address behind the columns.
  private static func keys(_ query: BrowseQuery) -> [Int] {
    query.table.identity == .address ? [query.table.columns.count] : query.table.key
  }

  private mutating func takeFigure(_ answer: TablesAnswer, _ context: Context) -> [Request] {
    switch answer {
    case .sortCost(let cost):
      changeView { $0.cost = cost }
      return cost.isCheap ? [] : [.notice(cost.text)]
    case .count(let count):
      changeView {
        $0.counted = count
        $0.grid.extent.total = .exact(count)
      }
      return [.notice("\(Quantity.counted(count, "row")), counted exactly")]
    case .profile(let profile):
      return [
        .overlay(
          .viewer(
            profile.viewer(
              glyphs: context.glyphs, columns: TextViewer.columns(ofScreen: context.body.columns))))
      ]
    case .attributes(let attributes):
      menu = TablesMenu(
        items: attributes.map { .attribute($0) }, measures: view?.query?.table.measures ?? [])
      return []
    case .breakdown(let result): return show(result)
    case .origin(let origin):
      guard let origin else { return [.notice("the staging tables hold no event of this play")] }
      return [.overlay(.viewer(origin.viewer(glyphs: context.glyphs)))]
    case .list, .opened, .page: return []
    }
  }

  // MARK: Back

  /// Ctrl-C: stops what is on its way; nil when that is nothing, or is stopped already. Rows that
  /// are here stay.
  mutating func interrupt(_ context: Context) -> [Request]? {
    if menu == nil, figure != nil || view?.fetch != nil { return goBack(context) }
    guard let stream = view?.stream, stream.phase == .running, !stream.isCancelled else {
      return nil
    }
    changeView { $0.stream?.isCancelled = true }
    return [.effect(.tables(.cancel(.pages)))]
  }

  /// One level back: what is on its way is stopped first, then the menu and the table close.
  mutating func goBack(_ context: Context) -> [Request] {
    if menu != nil {
      menu = nil
      return []
    }
    if figure != nil {
      figure = nil
      figureGeneration += 1
      return [.effect(.tables(.cancel(.figures)))]
    }
    guard let view else { return [] }
    wanted = nil
    var requests: [Request] = []
    if view.fetch != nil {
      stopping = (generation, context.moment.uptime)
      generation += 1
      requests = [.effect(.tables(.cancel(.pages)))]
      changeView { $0.cancelFetch() }
      // Rows that are here stay; an empty table that never came goes.
      if view.query != nil, !view.grid.rows.isEmpty { return requests }
    }
    if let stream = view.stream, stream.phase != .over {
      generation += 1
      requests = [.effect(.tables(.cancel(.pages)))]
    }
    views.removeLast()
    return requests
  }
}

extension SortCost {
  /// What the sort costs, for the foot of the screen.
  var text: String {
    "no index serves this order: a page reads all rows (planner's cost \(Quantity.short(cost)))"
  }
}
