import Warehouse

extension QueriesScreen {
  func refusal(of action: Action, _ context: Context) -> String? {
    switch action {
    case .open:
      if selected == nil { return "there is no query" }
      return mode == .list ? context.notConnected : refusalToOpenResult
    case .back: return mode == .list && !plan.isLoading ? "this is the first level" : nil
    case .grid(let action): return refusal(of: action)
    case .queries(let action): return refusal(of: action, context)
    default: return nil
    }
  }

  private var refusalToOpenResult: String? {
    guard let result else { return "there is no result" }
    if case .failed = result.phase { return nil }
    return result.count == 0 ? "there is no row" : nil
  }

  private func refusal(of action: GridAction) -> String? {
    guard mode == .result, let result else { return "there is no result" }
    if result.showsGrid { return result.shownGrid.refusal(of: action) }
    switch action {
    case .left, .right, .firstColumn, .lastColumn: return nil
    default: return "only in a table; t shows it"
    }
  }

  private func refusal(of action: QueriesAction, _ context: Context) -> String? {
    switch action {
    case .run, .explain, .analyze, .export:
      return context.notConnected ?? (selected == nil ? "there is no query" : nil)
    case .cancel:
      return isRunning || result?.phase == .paused ? nil : "nothing runs"
    case .terminate:
      return isRunning && !canCancel ? nil : "only after a cancel that does not help"
    case .fetchMore: return refusalToFetch
    case .nextView, .showTable:
      return mode == .result && result?.columns.isEmpty == false ? nil : "there is no result"
    case .draw(let kind):
      guard mode == .result, let result else { return "there is no result" }
      return result.possibleCharts.contains { $0.kind == kind }
        ? nil : "these columns cannot be drawn so"
    case .sort: return refusalToSort
    case .showSQL: return selected == nil ? "there is no query" : nil
    case .showValues:
      return mode == .result && result?.showsGrid == false ? nil : "only in a chart"
    case .saveCopy:
      guard let name = selected?.name else { return "there is no query" }
      return listing.value?.queries.contains { $0.name == name } == true ? nil : "it has no file"
    case .edit:
      guard let name = selected?.name else { return "there is no query" }
      return listing.value?.paths[name] == nil ? "it has no file" : nil
    case .reload: return nil
    }
  }

  private var refusalToFetch: String? {
    guard mode == .result, let result, result.hasMore else { return "there are no more rows" }
    return result.limit < QueryResult.mostRows
      ? nil : "\(Quantity.count(QueryResult.mostRows)) rows are held at most; E writes all"
  }

  private var refusalToSort: String? {
    guard mode == .result, let result, result.showsGrid else { return "only in a table" }
    if result.behind != nil { return nil }
    return result.phase == .complete ? nil : "only when all rows are here: these are the first ones"
  }
}
