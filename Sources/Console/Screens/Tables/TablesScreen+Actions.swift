import Warehouse

extension TablesScreen {
  mutating func perform(_ action: Action, _ context: Context) -> [Request] {
    if menu != nil { return performInMenu(action, context) }
    if view == nil { return performInStar(action, context) }
    let place = TablesScreen.gridPlace(context)
    switch action {
    case .back: return goBack(context)
    case .move(let movement): return move(movement, context)
    case .open:
      if let breakdown = view?.breakdown { return openRows(of: breakdown, context) }
      return gridPerform(.detail, context)
    case .grid(.left) where view?.chart != nil: return move(.up, context)
    case .grid(.right) where view?.chart != nil: return move(.down, context)
    case .grid(let action): return gridPerform(action, context)
    case .tables(let action): return perform(action, place, context)
    case .findNext, .findPrevious:
      var requests: [Request] = []
      changeView { requests = $0.grid.find(action == .findNext ? 1 : -1) }
      return requests
    default: return []
    }
  }

  private mutating func performInStar(_ action: Action, _ context: Context) -> [Request] {
    switch action {
    case .move(let movement): select(layout.index(from: selected, movement))
    case .grid(.left): select(layout.index(from: selected, beside: -1))
    case .grid(.right): select(layout.index(from: selected, beside: 1))
    case .open:
      return selectedTable.map { open($0, context) } ?? []
    case .tables(.refresh): return [.effect(askList(at: context.moment.uptime))]
    case .tables(.filter): return [.overlay(.filter(InputField(listFilter)))]
    case .back: return goBack(context)
    default: break
    }
    return []
  }

  /// Keys while the menu is open: movements, and text that narrows it.
  mutating func type(_ typing: Typing, _ context: Context) -> [Request]? {
    guard var menu else { return nil }
    switch typing {
    case .paste(let text): menu.field.insert(String(text.prefix(100)))
    case .key(.enter): return choose(context)
    case .key(.tab): menu.turnMeasure()
    case .key(.escape), .key(.control("c")):
      show(nil)
      return []
    case .key(let key):
      if let movement = Movement(key) {
        menu.position.move(
          movement, count: menu.items.count, height: menu.height(in: context.body))
      } else if !menu.take(key) {
        return key.typed == nil ? nil : []
      }
    }
    show(menu)
    return []
  }

  private mutating func performInMenu(_ action: Action, _ context: Context) -> [Request] {
    switch action {
    case .open: return choose(context)
    case .back: return goBack(context)
    default: return []
    }
  }

  /// Takes the menu's selected item.
  private mutating func choose(_ context: Context) -> [Request] {
    guard let menu, let selected = menu.selected else { return [] }
    show(nil)
    switch selected {
    case .attribute(let attribute): return breakDown(menu.measure, by: attribute, context)
    case .backLink(let link): return open(backLink: link, context)
    }
  }

  private mutating func gridPerform(_ action: GridAction, _ context: Context) -> [Request] {
    let place = TablesScreen.gridPlace(context)
    var requests: [Request] = []
    changeView { requests = $0.grid.perform(action, in: place, glyphs: context.glyphs) }
    return requests + fetchNeeded(context)
  }

  private mutating func move(_ movement: Movement, _ context: Context) -> [Request] {
    let place = TablesScreen.gridPlace(context)
    var end: GridNeed?
    changeView { end = $0.grid.move(movement, in: place) }
    switch end {
    case .first?: return fetch(.first, context)
    case .last?: return isStreamed ? streamMore(toEnd: true, context) : fetch(.last, context)
    case .before?, .after?, nil: return fetchNeeded(context)
    }
  }

  private mutating func perform(
    _ action: TablesAction, _ place: Rect, _ context: Context
  ) -> [Request] {
    if action == .export { return export() }
    if action == .bars { return toggleBars() }
    guard let query = view?.query else { return [] }
    switch action {
    case .export, .bars: return []
    case .sort: return sort(query, context)
    case .filter: return [.overlay(.prompt(prompt(.filter)))]
    case .filterContaining: return [.overlay(.prompt(prompt(.containing)))]
    case .jump: return [.overlay(.prompt(prompt(.jump)))]
    case .filterEqual: return addFilter(context) { .equals($0, $1) }
    case .filterDiffering: return addFilter(context) { .differs($0, $1) }
    case .filterNull: return addFilter(context) { column, _ in .equals(column, nil) }
    case .clearFilter: return change(context) { $0.filters.removeLast() }
    case .clearFilters: return change(context) { $0.filters = [] }
    case .follow: return follow(context)
    case .followBack: return followBack(query, context)
    case .trace: return trace(query, context)
    case .profile:
      guard let column = view?.grid.currentColumn,
        query.table.columns.indices.contains(column.source)
      else { return [] }
      return askFigure(
        "profiling \(column.title)", .profile(query, query.table.columns[column.source]), context)
    case .breakDown: return askFigure("reading attributes", .attributes(query.table), context)
    case .count: return askFigure("counting", .count(query), context)
    case .refresh: return fetch(.first, context)
    }
  }

  /// Changes the query on top, and reads its first page. The old rows stay until it is here.
  private mutating func change(
    _ context: Context, _ body: (inout BrowseQuery) -> Void
  ) -> [Request] {
    let past = view?.refusal ?? view?.error
    changeView { view in
      guard var query = view.query else { return }
      body(&query)
      view.ask(for: query)
    }
    return (past.map { [.settled($0)] } ?? []) + fetch(.first, context)
  }

  private mutating func addFilter(
    _ context: Context, _ filter: (String, String?) -> BrowseFilter
  ) -> [Request] {
    guard let column = view?.grid.currentColumn, let value = view?.grid.currentValue else {
      return []
    }
    let new = filter(column.title, value)
    return change(context) { if !$0.filters.contains(new) { $0.filters.append(new) } }
  }

  /// Upwards, downwards, by the key again.
  private mutating func sort(_ query: BrowseQuery, _ context: Context) -> [Request] {
    guard let column = view?.grid.currentColumn?.source else { return [] }
    var order: BrowseOrder? = BrowseOrder(column: column)
    if let old = query.order, old.column == column {
      order = old.isDescending ? nil : BrowseOrder(column: column, isDescending: true)
    }
    return sort(by: order, context)
  }

  /// Sorts, and asks what it costs.
  mutating func sort(by order: BrowseOrder?, _ context: Context) -> [Request] {
    let requests = change(context) { $0.order = order }
    guard order != nil, let changed = view?.query else { return requests }
    return requests + askFigure("asking what the sort costs", .sortCost(changed), context)
  }

  // MARK: Links

  private mutating func follow(_ context: Context) -> [Request] {
    guard let link = view?.link, case .some(let value?) = view?.grid.currentValue else { return [] }
    return open(
      summary(link.target), filters: [.equals(link.targetColumn, value)], context)
  }

  private mutating func followBack(_ query: BrowseQuery, _ context: Context) -> [Request] {
    let links = query.table.backLinks
    if links.count == 1, let link = links.first { return open(backLink: link, context) }
    show(TablesMenu(title: "Rows that name this one", items: links.map { .backLink($0) }))
    return []
  }

  private mutating func open(backLink link: TableLink, _ context: Context) -> [Request] {
    guard let query = view?.query, let row = view?.grid.currentRow,
      let place = query.table.place(of: link.targetColumn), row.indices.contains(place)
    else { return [] }
    return open(summary(link.table), filters: [.equals(link.column, row[place])], context)
  }

  private func summary(_ name: TableName) -> TableSummary {
    list.value?.first { $0.name == name } ?? TableSummary(name: name, kind: .table)
  }

  private mutating func trace(_ query: BrowseQuery, _ context: Context) -> [Request] {
    guard let row = view?.grid.currentRow else { return [] }
    let play = Dictionary(zip(query.table.columns.map(\.name), row)) { first, _ in first }
    return askFigure("tracing the play", .origin(play, query.table.name.schema), context)
  }

  // MARK: Entries

  private func prompt(_ entry: TablesEntry) -> Prompt {
    let column = view?.grid.currentColumn?.title ?? ""
    switch entry {
    case .filter:
      return Prompt(
        purpose: .tables(.filter), title: "Filter",
        text: "Rows that fulfil an SQL expression, such as level = 'paid' AND song_id IS NOT NULL.",
        current: "", field: InputField(view?.refusedFilter ?? typedFilter ?? ""))
    case .containing:
      let value = (view?.grid.currentValue ?? nil) ?? ""
      return Prompt(
        purpose: .tables(.containing), title: "\(column) contains",
        text: "Rows whose \(column) contains a text, in capitals or not.", current: "",
        field: InputField(String(value.prefix(200))))
    case .jump:
      return Prompt(
        purpose: .tables(.jump), title: "Go to",
        text: "A share of the rows, such as 50%, or a value of \(sortColumn).", current: "")
    }
  }

  /// The filter that was typed, when it is the last one: it is corrected and not added again.
  private var typedFilter: String? {
    if case .expression(let sql)? = view?.query?.filters.last { sql } else { nil }
  }

  private var sortColumn: String {
    guard let query = view?.query else { return "" }
    guard let place = query.order?.column ?? query.table.key.first,
      query.table.columns.indices.contains(place)
    else { return "the sort column (sort first)" }
    return query.table.columns[place].name
  }

  /// Takes what was typed.
  mutating func enter(_ entry: TablesEntry, _ text: String, _ context: Context) -> [Request] {
    switch entry {
    case .filter:
      let corrected = typedFilter != nil
      if text.isEmpty, !corrected {
        changeView { $0.refusedFilter = nil }
        return []
      }
      return change(context) { query in
        if corrected { query.filters.removeLast() }
        if !text.isEmpty { query.filters.append(.expression(text)) }
      }
    case .containing:
      guard let column = view?.grid.currentColumn?.title else { return [] }
      return change(context) { $0.filters.append(.contains(column, text)) }
    case .jump: return jump(text, context)
    }
  }

  private mutating func jump(_ text: String, _ context: Context) -> [Request] {
    guard let query = view?.query else { return [] }
    if text.hasSuffix("%") {
      guard let share = Double(text.dropLast().filter { $0 != " " }), share.isFinite else {
        return [.notice("a share is a number from 0 to 100, such as 50%")]
      }
      return fetch(share <= 0 ? .first : share >= 100 ? .last : .fraction(share / 100), context)
    }
    guard query.order != nil || !query.table.key.isEmpty else {
      return [.notice("this table has no key: sort by a column first, or give a share such as 50%")]
    }
    return fetch(.value(text), context)
  }
}
