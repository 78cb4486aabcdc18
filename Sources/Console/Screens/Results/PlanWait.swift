import Warehouse

/// The wait for a query plan, which a person may end.
struct PlanWait: Sendable {
  /// The plan that was asked for last.
  private(set) var answer = Loadable<QueryPlan>()
  /// Since when the server is asked to stop it; nil when it is not.
  private(set) var cancelledAt: Duration?

  /// Whether a plan is awaited.
  var isLoading: Bool { answer.isLoading }

  /// Whether a plan is awaited that nobody has asked the server to stop.
  var canCancel: Bool { isLoading && cancelledAt == nil }

  /// Notes that a plan is asked for, and returns the number that the answer must bear.
  mutating func begin(at moment: Duration) -> Int {
    cancelledAt = nil
    return answer.begin(at: moment)
  }

  /// Notes that the server is asked to stop. Its end is awaited, as only then it has stopped.
  mutating func cancel(at moment: Duration) {
    cancelledAt = cancelledAt ?? moment
  }

  /// Takes the plan of what has that title, or why there is none.
  mutating func finish(
    _ id: Int, _ answer: Result<QueryPlan, WarehouseError>, of title: String, at moment: Duration
  ) -> [Request] {
    guard self.answer.finish(id, answer) else { return [] }
    let asked = cancelledAt
    cancelledAt = nil
    switch answer {
    case .success(let plan): return [.overlay(.viewer(PlanTree.viewer(plan, of: title)))]
    case .failure(let error) where error.kind == .cancelled:
      let took = asked.map { " after " + Quantity.duration(moment - $0) } ?? ""
      return [.notice("the plan was cancelled: server stopped\(took)")]
    case .failure(let error): return [.failed(error)]
    }
  }

  /// How long a plan is awaited already; nil when none is.
  func status(_ context: Context, cancelKey: String = "c") -> Line? {
    guard let since = answer.since else { return nil }
    let now = context.moment.uptime
    let spinner = Spinner.picture(at: now, glyphs: context.glyphs)
    if let cancelledAt {
      return Line("\(spinner) stopping it for \(Quantity.duration(now - cancelledAt))", .warning)
    }
    return Line("\(spinner) plan \(Quantity.clock(now - since)) · \(cancelKey) cancels", .active)
  }
}
