import Warehouse

extension TablesScreen {
  func refusal(of action: Action, _ context: Context) -> String? {
    switch action {
    case .back: view == nil && menu == nil && figure == nil ? "this is the first level" : nil
    case .open: refusalToOpen(context)
    case .grid(let action):
      if let view { view.grid.refusal(of: action) } else { refusalInStar(of: action) }
    case .tables(.refresh): context.notConnected
    case .tables(let action): context.notConnected ?? refusal(of: action)
    default: nil
    }
  }

  private func refusalToOpen(_ context: Context) -> String? {
    if let reason = context.notConnected { return reason }
    guard let view else { return layout.items.isEmpty ? "there is no table yet" : nil }
    return view.grid.hasCell || menu != nil ? nil : "there is no row"
  }

  private func refusalInStar(of action: GridAction) -> String? {
    switch action {
    case .left, .right: nil
    default: "open a table first"
    }
  }

  private func refusal(of action: TablesAction) -> String? {
    guard let view else {
      return action == .filter && list.value?.isEmpty == false ? nil : "open a table first"
    }
    if action == .export { return view.grid.rows.isEmpty ? "there is no row" : nil }
    if action == .bars {
      return view.breakdown == nil ? "only of a breakdown: b makes one" : nil
    }
    guard let query = view.query else { return "this is a result, not a table" }
    switch action {
    case .export, .bars: return nil
    case .sort: return refusalToSort(view, query)
    case .filter, .count, .refresh: return nil
    case .jump: return query.table.identity == .none ? "a view's rows have no order" : nil
    case .clearFilter, .clearFilters: return query.filters.isEmpty ? "nothing is filtered" : nil
    case .filterEqual, .filterDiffering, .filterNull, .filterContaining, .profile:
      return view.grid.hasCell ? nil : "there is no row"
    case .follow: return refusalToFollow(view)
    case .followBack: return refusalToFollowBack(view, query)
    case .breakDown: return nil
    case .trace:
      return query.table.name.table.name == StarTable.songplays.name && view.grid.hasCell
        ? nil : "only a row of songplays is traced"
    }
  }

  private func refusalToSort(_ view: TableView, _ query: BrowseQuery) -> String? {
    guard let column = view.grid.currentColumn,
      query.table.columns.indices.contains(column.source)
    else { return "there is no column" }
    return query.table.columns[column.source].isSortable
      ? nil : "the server cannot sort by \(query.table.columns[column.source].type)"
  }

  private func refusalToFollow(_ view: TableView) -> String? {
    guard view.grid.hasCell else { return "there is no row" }
    guard view.link != nil else { return "this column names no other table" }
    guard case .some(.some) = view.grid.currentValue else { return "NULL names no row" }
    return nil
  }

  private func refusalToFollowBack(_ view: TableView, _ query: BrowseQuery) -> String? {
    if query.table.backLinks.isEmpty { return "no table names rows of this one" }
    return view.grid.hasCell ? nil : "there is no row"
  }
}
