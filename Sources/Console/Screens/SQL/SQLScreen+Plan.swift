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
    let id = plan.begin(at: context.moment.uptime)
    return [.effect(.sql(.explain(id, Statement(sql), analyze: analyze)))]
  }

  mutating func cancelPlan(_ context: Context) -> [Request] {
    plan.cancel(at: context.moment.uptime)
    return [.effect(.sql(.cancelPlan))]
  }
}
