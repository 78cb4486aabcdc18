import Warehouse

extension SQLScreen {
  /// The statement that keys are about: the selection's first, or the one at the cursor.
  var currentStatement: String? {
    guard let range = editor.selection ?? editor.buffer.statement(at: editor.cursor) else {
      return nil
    }
    return StatementSplitter.split(editor.buffer.text(in: range)).first?.text
  }

  /// Asks how the server would run the statement.
  mutating func explain(analyze: Bool, _ context: Context) -> [Request] {
    guard let sql = currentStatement else { return [.notice("there is no statement here")] }
    planCancelledAt = nil
    let id = plan.begin(at: context.moment.uptime)
    return [.effect(.sql(.explain(id, Statement(sql), analyze: analyze)))]
  }

  /// Asks the server to stop the plan. Its end is awaited, as only then the server has stopped.
  mutating func cancelPlan(_ context: Context) -> [Request] {
    planCancelledAt = planCancelledAt ?? context.moment.uptime
    return [.effect(.sql(.cancelPlan))]
  }

  /// Takes the plan, or why there is none.
  mutating func take(
    plan id: Int, _ answer: Result<QueryPlan, WarehouseError>, _ context: Context
  ) -> [Request] {
    guard plan.finish(id, answer) else { return [] }
    let asked = planCancelledAt
    planCancelledAt = nil
    switch answer {
    case .success(let plan):
      return [.overlay(.viewer(PlanTree.viewer(plan, of: "the statement")))]
    case .failure(let error) where error.kind == .cancelled:
      let took = asked.map { " after " + Quantity.duration(context.moment.uptime - $0) } ?? ""
      return [.notice("the plan was cancelled: server stopped\(took)")]
    case .failure(let error): return [.failed(error)]
    }
  }

  /// How long a plan is awaited already; nil when none is.
  func planStatus(_ context: Context) -> Line? {
    guard let since = plan.since else { return nil }
    let now = context.moment.uptime
    let spinner = Spinner.picture(at: now, glyphs: context.glyphs)
    if let planCancelledAt {
      return Line(
        "\(spinner) stopping it for \(Quantity.duration(now - planCancelledAt))", .warning)
    }
    return Line("\(spinner) plan \(Quantity.clock(now - since)) · c cancels", .active)
  }
}
