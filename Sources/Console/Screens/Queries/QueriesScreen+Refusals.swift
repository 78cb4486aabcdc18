import Warehouse

extension QueriesScreen {
  func refusal(of action: Action, _ context: Context) -> String? {
    switch action {
    case .open:
      if selected == nil { return "there is no query" }
      return mode == .list ? context.notConnected : refusalToOpenResult
    case .back: return mode == .list && !plan.isLoading ? "this is the first level" : nil
    case .grid(let action): return shownResult.map { $0.view.refusal(of: action) } ?? noResult
    case .result(let action): return shownResult.map { $0.view.refusal(of: action) } ?? noResult
    case .queries(let action): return refusal(of: action, context)
    default: return nil
    }
  }

  private var refusalToOpenResult: String? {
    guard let result else { return "there is no result" }
    if case .failed = result.phase { return nil }
    return result.count == 0 ? "there is no row" : nil
  }

  /// The result that is shown; nil while the list is.
  private var shownResult: QueryResult? { mode == .result ? result : nil }

  private var noResult: String { "there is no result" }

  private func refusal(of action: QueriesAction, _ context: Context) -> String? {
    switch action {
    case .run, .explain, .analyze, .export:
      return context.notConnected ?? (selected == nil ? "there is no query" : nil)
    case .cancel:
      return isRunning || result?.phase == .paused ? nil : "nothing runs"
    case .terminate:
      return isRunning && !canCancel ? nil : "only after a cancel that does not help"
    case .fetchMore: return refusalToFetch
    case .showSQL: return selected == nil ? "there is no query" : nil
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
    return result.held.isSpent ? "no more rows are held here; E writes all" : nil
  }
}
