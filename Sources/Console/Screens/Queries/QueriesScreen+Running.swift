import Warehouse

extension QueriesScreen {
  /// Runs with the values that it had last, or asks when there are none.
  mutating func runAgain(_ context: Context) -> [Request] {
    if mode == .result, let shown = result { return begin(shown.again(), context) }
    guard let query = selected else { return [] }
    let known = values[query.name] ?? [:]
    let lacks = query.parameters.contains { known[$0.name] == nil && $0.standard == nil }
    return lacks ? [.overlay(.form(form(for: query)))] : run(query, known, context)
  }

  mutating func run(
    _ query: SavedQuery, _ given: [String: String], _ context: Context
  ) -> [Request] {
    do throws(WarehouseError) {
      let run = QueryRun(try query.script(given).statements)
      values[query.name] = given
      covered = []
      return begin(QueryResult(query: query, values: given, run: run), context)
    } catch {
      return [.overlay(.viewer(error.viewer))]
    }
  }

  /// Runs what a result is of, and shows it in the way in which it was looked at last.
  mutating func begin(_ next: QueryResult, _ context: Context) -> [Request] {
    rememberLook()
    runID += 1
    var next = next
    next.beganAt = context.moment.uptime
    next.look = looks[next.query.name]
    (result, mode) = (next, .result)
    return [.effect(.queries(.run(runID, next.run, limit: next.limit)))]
  }

  /// Asks the server to stop what runs. A result that waits for a person is let be while a plan is
  /// what takes the time.
  mutating func cancel(_ context: Context) -> [Request] {
    let requests = plan.isLoading ? cancelPlan(context) : []
    guard result?.isRunning == true || (requests.isEmpty && result?.phase == .paused) else {
      return requests
    }
    result?.cancelledAt = context.moment.uptime
    return requests + [.effect(.queries(.cancel))]
  }

  mutating func cancelPlan(_ context: Context) -> [Request] {
    plan.cancel(at: context.moment.uptime)
    return [.effect(.queries(.cancelPlan))]
  }

  mutating func fetchMore(_ context: Context) -> [Request] {
    guard let shown = result else { return [] }
    let limit = min(RowBudget.mostRows, shown.limit + QueryResult.furtherPage)
    if shown.phase == .paused {
      result?.limit = limit
      result?.phase = .running
      return [.effect(.queries(.fetchMore(limit - shown.limit)))]
    }
    return begin(shown.again(limit: limit), context)
  }

  /// Takes in what came of a query. The server is let go once no more may be held.
  mutating func take(_ id: Int, _ event: QueryRun.Event) -> [Request] {
    guard id == runID else { return [] }
    result?.take(event)
    return result?.held.isSpent == true ? [.effect(.queries(.release))] : []
  }

  /// Takes in how a query ended.
  mutating func take(
    _ id: Int, _ answer: Result<QueryRun.End, WarehouseError>, at moment: Duration
  ) {
    guard id == runID else { return }
    result?.end(answer, at: moment)
  }

  // MARK: Plan

  mutating func explain(analyze: Bool, _ context: Context) -> [Request] {
    do throws(WarehouseError) {
      guard let statement = try statements?.last else { return [] }
      let id = plan.begin(at: context.moment.uptime)
      return [.effect(.queries(.explain(id, statement, analyze: analyze)))]
    } catch {
      return [.overlay(.viewer(error.viewer))]
    }
  }

  /// The statements of the query that keys are about, with the values that it had last.
  var statements: [Statement]? {
    get throws(WarehouseError) {
      if mode == .result { return result?.run.statements }
      guard let query = selected else { return nil }
      return try query.script(values[query.name] ?? [:]).statements
    }
  }
}
