import Warehouse

/// Own statements: an editor above, and below what came of them.
struct SQLScreen: Screen {
  var editor = TextEditor()
  /// Whether keys are text; else they are actions, and move in the result.
  var isTyping = false
  /// Whether statements may change things.
  var isUnlocked = false
  /// What was run last, in order.
  var results: [SQLResult] = []
  /// Which of them is shown.
  var shown = 0
  /// The run whose answers count.
  var runID = 0
  /// Since when a run is being stopped.
  var cancelledAt: Duration?
  var completion: SQLCompletion?
  var names = Loadable<CatalogNames>()
  var history: [String] = []
  var search: HistorySearch?
  /// Where the search stood when it was open last.
  var lastSearch = HistorySearch()
  /// What the session that may change things has begun and not ended.
  var transaction: OpenTransaction?

  /// While a statement runs, the key that stops it comes first; else the screen's own keys.
  var typingHints: [(key: Key, title: String)]? {
    guard isRunning, search == nil else { return nil }
    return [
      (.control("c"), "cancel"), (.control("r"), "history"), (.tab, "complete"),
      (.escape, "leave"),
    ]
  }

  /// What is looked for in the rows of the result.
  var filter: String? {
    get {
      guard !isTyping, let view = view, view.showsGrid else { return nil }
      return view.shownGrid.search
    }
    set { change { $0.shownGrid.look(for: newValue ?? "") } }
  }

  /// The plan that was asked for last.
  var plan = PlanWait()

  /// How the result that is shown is looked at; nil when there is none.
  var view: ResultView? { results.indices.contains(shown) ? results[shown].view : nil }

  mutating func change(_ body: (inout ResultView) -> Void) {
    if results.indices.contains(shown) { body(&results[shown].view) }
  }

  /// The result that is open at the server.
  var openIndex: Int? { results.firstIndex(where: \.isOpen) }

  /// Whether the server works for it; it does not while it waits for more rows to be wanted.
  var isRunning: Bool {
    plan.isLoading || results.contains { if case .running = $0.state { true } else { false } }
  }

  // MARK: Actions

  mutating func perform(_ action: Action, _ context: Context) -> [Request] {
    let room = parts(context).result
    switch action {
    case .sql(let action): return perform(action, context)
    case .open: return open(context)
    case .back: return goBack(context)
    case .move(let movement): change { $0.move(movement, in: room) }
    case .grid(let action):
      guard results.indices.contains(shown) else { break }
      return results[shown].view.perform(action, in: room, glyphs: context.glyphs)
    case .result(let action):
      guard results.indices.contains(shown) else { break }
      return results[shown].view.perform(action, in: room, glyphs: context.glyphs)
    case .findNext: return find(1)
    case .findPrevious: return find(-1)
    default: break
    }
    return []
  }

  /// Enter: the row in full, or the rows of a part of the chart; without a result the editor.
  private mutating func open(_ context: Context) -> [Request] {
    guard let view, view.pointed != nil || view.shownGrid.hasCell else {
      startTyping()
      return []
    }
    if view.pointed != nil {
      change { $0.openItem() }
      return []
    }
    return perform(.grid(.detail), context)
  }

  private mutating func goBack(_ context: Context) -> [Request] {
    if plan.isLoading { return plan.canCancel ? cancelPlan(context) : [] }
    change { $0.behind = nil }
    return []
  }

  private mutating func find(_ step: Int) -> [Request] {
    guard results.indices.contains(shown) else { return [] }
    return results[shown].view.shownGrid.find(step)
  }

  private mutating func perform(_ action: SQLAction, _ context: Context) -> [Request] {
    switch action {
    case .write: startTyping()
    case .run: return run(editor.selection ?? editor.buffer.statement(at: editor.cursor), context)
    case .runAll: return run(.start..<editor.buffer.end, context)
    case .cancel: return cancel(context)
    case .more: return more(context)
    case .unlock: return toggleLock()
    case .export: return export(context)
    case .history: search = lastSearch
    case .nextResult: shown = min(shown + 1, max(0, results.count - 1))
    case .previousResult: shown = max(0, shown - 1)
    case .edit(let action): return edit(action, context)
    case .explain: return explain(analyze: false, context)
    case .analyze: return explain(analyze: true, context)
    case .editOutside: return [.effect(.editText(editor.text))]
    case .saveQuery: return saveQuery()
    }
    return []
  }

  mutating func startTyping() {
    isTyping = true
    completion = nil
  }

  func refusal(of action: Action, _ context: Context) -> String? {
    switch action {
    case .sql(let action): return refusal(of: action, context)
    case .grid(let action): return view.map { $0.refusal(of: action) } ?? noResult
    case .result(let action): return view.map { $0.refusal(of: action) } ?? noResult
    case .back: return plan.isLoading || view?.behind != nil ? nil : "this is the first level"
    default: return nil
    }
  }

  private var noResult: String { "there is no result yet" }

  private func refusal(of action: SQLAction, _ context: Context) -> String? {
    switch action {
    case .write: isTyping ? "Esc leaves the editor" : nil
    case .unlock:
      isUnlocked && isRunning
        ? "a statement runs: \(cancelKey) cancels it"
        : transaction == nil ? nil : "a transaction is open: run COMMIT or ROLLBACK first"
    case .export: exportRefusal
    case .run, .runAll:
      context.notConnected
        ?? (isRunning
          ? "a statement runs: \(cancelKey) cancels it" : nothingWritten)
    case .cancel: openIndex == nil && !plan.isLoading ? "no statement runs" : nil
    case .more: moreRefusal
    case .history: history.isEmpty ? "nothing was run yet" : nil
    case .nextResult, .previousResult: results.count < 2 ? "there is one result at most" : nil
    case .edit, .editOutside: nil
    case .explain, .analyze:
      context.notConnected
        ?? (plan.isLoading ? "a plan is awaited: \(cancelKey) cancels it" : nothingWritten)
    case .saveQuery: nothingWritten
    }
  }

  /// The key that stops a statement: a letter is text while somebody types.
  var cancelKey: String { isTyping ? "Ctrl-C" : "c" }

  private var nothingWritten: String? { editor.buffer.isEmpty ? "write one first: i" : nil }

  private var exportRefusal: String? {
    guard let view else { return noResult }
    return view.grid.rows.isEmpty ? "there is no row" : nil
  }

  private var moreRefusal: String? {
    guard results.indices.contains(shown) else { return noResult }
    let result = results[shown]
    if result.isFull { return "no more are held here: narrow it with WHERE" }
    switch result.state {
    case .paused: return nil
    case .done(isCut: true, _):
      return result.access == .reading
        ? nil : "it may change things: run it again yourself to read on"
    case .waiting, .running, .done, .failed, .cancelled, .skipped: return "there are no more rows"
    }
  }

  // MARK: The mouse

  mutating func click(_ pane: Pane, row: Int, column: Int, _ context: Context) {
    guard search == nil, pane == SQLScreen.editorPane else { return }
    startTyping()
    editor.go(to: editor.position(row: row, column: column))
  }

  mutating func click(_ pane: Pane, _ item: Int?, _ context: Context) -> Bool {
    if pane == "sql-completion" || pane == "sql-history" {
      if let item { choose(item, in: pane, context) }
      return false
    }
    guard search == nil else { return false }
    guard results.indices.contains(shown), let item else { return false }
    isTyping = false
    return results[shown].view.click(
      pane, item, grid: SQLScreen.resultPane, in: parts(context).result)
  }

  /// A click takes what completes a name; in the history it selects, and takes what is selected.
  private mutating func choose(_ item: Int, in pane: Pane, _ context: Context) {
    if let open = completion, pane == "sql-completion" {
      completion?.position.select(
        item, count: open.candidates.count, height: SQLScreen.popupRows)
      acceptCompletion()
    } else if let open = search {
      let wasSelected = open.position.selected == item
      search?.position.select(
        item, count: open.found(in: history).count, height: SQLScreen.popupRows)
      if wasSelected { acceptSearch(context) }
    }
  }

  mutating func scroll(_ pane: Pane, _ rows: Int, _ context: Context) {
    if let open = completion, pane == "sql-completion" {
      completion?.position.scroll(
        rows, count: open.candidates.count, height: SQLScreen.popupRows)
    } else if let open = search {
      search?.position.scroll(
        rows, count: open.found(in: history).count, height: SQLScreen.popupRows)
    } else if pane == SQLScreen.editorPane {
      editor.scroll(rows)
    } else {
      let room = parts(context).result
      change { $0.scroll(rows, in: room) }
    }
  }

  static let editorPane: Pane = "sql-editor"
  static let resultPane: Pane = "sql-result"
}
