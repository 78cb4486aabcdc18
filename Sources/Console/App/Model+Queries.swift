import Warehouse

extension Model {
  /// Reads the folder of queries again.
  mutating func refreshQueries() -> [Effect] {
    queries.listedAt = moment.uptime
    return [.queries(.list(queries.listing.begin(at: moment.uptime)))]
  }

  /// Notices files that were changed outside, while the screen is shown.
  mutating func watchQueries() -> [Effect] {
    guard screen == .queries, !queries.listing.isLoading,
      moment.uptime - queries.listedAt >= QueriesScreen.listingInterval
    else { return [] }
    return refreshQueries()
  }

  /// Takes in an answer for the Queries screen.
  mutating func take(_ message: QueriesMessage) -> [Effect] {
    switch message {
    case .listed(let id, let listing):
      queries.listing.finish(id, .success(listing))
      queries.settle(context)
    case .event(let id, let event): return queries.take(id, event).flatMap { fulfil($0) }
    case .ended(let id, let answer): queries.take(id, answer, at: moment.uptime)
    case .explained(let id, let answer):
      let title = queries.selected?.title ?? "the query"
      let requests = queries.plan.finish(id, answer, of: title, at: moment.uptime)
      // Whoever does something else meanwhile is not interrupted.
      if case .overlay? = requests.first, screen != .queries || !overlays.isEmpty { return [] }
      return requests.flatMap { fulfil($0) }
    case .copied(.success(let path)):
      notice = .info("saved as \(path)")
      return refreshQueries() + [.edit(path)]
    case .created(.success(let path)):
      notice = .info("saved as \(path): it is on the Queries screen")
      return refreshQueries()
    case .copied(.failure(let error)), .created(.failure(let error)): report(error)
    }
    return []
  }

  /// Takes the values of a form.
  mutating func accept(_ form: Form) -> [Effect] {
    if case .teardown(let name) = form.purpose { return tearDown(name, form) }
    if case .export(let offer) = form.purpose { return accept(form, offer) }
    switch queries.accept(form, context) {
    case .success(let requests):
      overlays.removeLast()
      return requests.flatMap { fulfil($0) }
    case .failure(let problem):
      setTop(.form(problem.form))
      return []
    }
  }
}
