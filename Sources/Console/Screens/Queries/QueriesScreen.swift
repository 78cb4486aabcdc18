import Warehouse

/// The saved queries, and the result of the one that ran last.
struct QueriesScreen: Screen {
  /// What is shown.
  enum Mode: Equatable, Sendable {
    case list
    case result
  }

  /// How often the folder of queries is looked at while the screen is shown.
  static let listingInterval = Duration.seconds(2)

  var listing = Loadable<QueryListing>()
  var listedAt = Duration.zero
  private(set) var mode = Mode.list
  private(set) var position = ListPosition()
  var result: QueryResult?
  /// The number of the last query that ran.
  private(set) var runID = 0
  /// The values that queries had last, by their names.
  private(set) var values: [String: [String: String]] = [:]
  var plan = Loadable<QueryPlan>()
  /// Rows that an export has written so far; nil when none goes on.
  var exported: Int?

  private(set) var listFilter = ""
  var filter: String? {
    get { mode == .list ? listFilter : nil }
    set { listFilter = newValue ?? "" }
  }

  /// Whether something goes on whose time is shown.
  var isRunning: Bool { result?.isRunning == true || exported != nil || plan.isLoading }

  /// The queries that the list shows.
  var queries: [SavedQuery] {
    (listing.value?.queries ?? []).filter {
      contains(listFilter, [$0.name, $0.title, $0.about, $0.group])
    }
  }

  /// The query that keys are about.
  var selected: SavedQuery? {
    if mode == .result { return result?.query }
    let queries = queries
    let index = position.selection(count: queries.count)
    return queries.indices.contains(index) ? queries[index] : nil
  }

  // MARK: Actions

  mutating func perform(_ action: Action, _ context: Context) -> [Request] {
    switch action {
    case .move(let movement): move(movement, context)
    case .open: return open(context)
    case .back: goBack()
    case .grid(let action): return perform(action, context)
    case .queries(let action): return perform(action, context)
    default: break
    }
    return []
  }

  private mutating func perform(_ action: QueriesAction, _ context: Context) -> [Request] {
    switch action {
    case .run: return runAgain(context)
    case .cancel: return cancel(context)
    case .terminate: return [.effect(.queries(.terminate))]
    case .fetchMore: return fetchMore(context)
    case .nextView: if let face = result?.nextFace { result?.show(face) }
    case .showTable: result?.show(.table)
    case .draw(let kind):
      if let spec = result?.possibleCharts.first(where: { $0.kind == kind }) {
        result?.show(.chart(spec))
      }
    case .sort:
      result?.shownGrid.sortRows()
    case .explain: return explain(analyze: false, context)
    case .analyze: return explain(analyze: true, context)
    case .showSQL:
      return selected.map {
        [
          .overlay(
            .viewer(TextViewer(title: $0.name, lines: SQLLines.plain($0.sql), copy: $0.sql)))
        ]
      } ?? []
    case .edit:
      let path = selected.flatMap { listing.value?.paths[$0.name] }
      return path.map { [.effect(.edit($0))] } ?? []
    case .saveCopy: return selected.map { [.overlay(.form(QueriesScreen.copyForm($0)))] } ?? []
    case .export: return selected.map { [.overlay(.form(exportForm($0)))] } ?? []
    case .reload:
      return [.effect(.queries(.list(listing.begin(at: context.moment.uptime))))]
    }
    return []
  }

  /// Enter: runs a query of the list, opens what is pointed at in a result.
  private mutating func open(_ context: Context) -> [Request] {
    guard let query = selected else { return [] }
    switch mode {
    case .list:
      guard query.parameters.isEmpty else { return [.overlay(.form(form(for: query)))] }
      return run(query, [:], context)
    case .result:
      guard let shown = result else { return [] }
      if case .failed(let error) = shown.phase { return [.overlay(.viewer(error.viewer))] }
      if !shown.showsGrid {
        result?.openItem()
        return []
      }
      return perform(.detail, context)
    }
  }

  private mutating func perform(_ action: GridAction, _ context: Context) -> [Request] {
    guard let shown = result else { return [] }
    guard shown.showsGrid else {
      switch action {
      case .left: pointBeside(right: -1, down: 0)
      case .right: pointBeside(right: 1, down: 0)
      case .firstColumn: result?.item = 0
      case .lastColumn: result?.item = max(0, (shown.chart?.items.count ?? 1) - 1)
      default: break
      }
      return []
    }
    let place = resultPlace(context)
    return result?.shownGrid.perform(
      action, in: place, glyphs: context.glyphs) ?? []
  }

  private mutating func pointBeside(right: Int, down: Int) {
    guard let shown = result, let chart = shown.chart else { return }
    result?.item = chart.neighbour(of: shown.item, right: right, down: down)
  }

  private mutating func move(_ movement: Movement, _ context: Context) {
    guard mode == .result else {
      position.move(movement, count: queries.count, height: listHeight(context))
      return
    }
    guard result?.showsGrid == false else {
      // All rows that are here are held, so that nothing is asked for.
      let place = resultPlace(context)
      _ = result?.shownGrid.move(movement, in: place)
      return
    }
    let page = 10
    switch movement {
    case .up: pointBeside(right: 0, down: -1)
    case .down: pointBeside(right: 0, down: 1)
    case .pageUp, .halfPageUp: for _ in 0..<page { pointBeside(right: 0, down: -1) }
    case .pageDown, .halfPageDown: for _ in 0..<page { pointBeside(right: 0, down: 1) }
    case .first: result?.item = 0
    case .last:
      let last = max(0, (result?.chart?.items.count ?? 1) - 1)
      result?.item = last
    }
  }

  private mutating func goBack() {
    if result?.behind != nil {
      result?.behind = nil
    } else {
      mode = .list
    }
  }

  // MARK: Running

  /// Runs with the values that it had last, or asks when there are none.
  private mutating func runAgain(_ context: Context) -> [Request] {
    guard let query = selected else { return [] }
    let known = values[query.name] ?? [:]
    let lacks = query.parameters.contains { known[$0.name] == nil && $0.standard == nil }
    return lacks ? [.overlay(.form(form(for: query)))] : run(query, known, context)
  }

  private mutating func run(
    _ query: SavedQuery, _ given: [String: String], _ context: Context, limit: Int? = nil
  ) -> [Request] {
    do throws(WarehouseError) {
      let run = QueryRun(try query.script(given).statements)
      runID += 1
      values[query.name] = given
      var next = QueryResult(
        query: query, values: given, run: run, beganAt: context.moment.uptime,
        limit: limit ?? QueryResult.page)
      // Another run of the same query is looked at in the same way.
      if let before = result, before.query.name == query.name, before.query.chart == query.chart {
        next.face = before.face
      }
      (result, mode) = (next, .result)
      return [.effect(.queries(.run(runID, run, limit: next.limit)))]
    } catch {
      return [.overlay(.viewer(error.viewer))]
    }
  }

  /// Asks the server to stop.
  mutating func cancel(_ context: Context) -> [Request] {
    if result?.isRunning == true { result?.cancelledAt = context.moment.uptime }
    if result?.phase == .paused { result?.cancelledAt = context.moment.uptime }
    return [.effect(.queries(.cancel))]
  }

  private mutating func fetchMore(_ context: Context) -> [Request] {
    guard let shown = result else { return [] }
    let limit = min(QueryResult.mostRows, shown.limit + QueryResult.furtherPage)
    if shown.phase == .paused {
      result?.limit = limit
      result?.phase = .running
      return [.effect(.queries(.fetchMore(limit - shown.limit)))]
    }
    return run(shown.query, shown.values, context, limit: limit)
  }

  /// Takes in what came of a query.
  mutating func take(_ id: Int, _ event: QueryRun.Event) {
    guard id == runID else { return }
    let isNew = result?.columns.isEmpty == true && result?.face == .table
    result?.take(event)
    if case .columns = event, isNew { result?.proposeFace() }
  }

  /// Takes in how a query ended.
  mutating func take(
    _ id: Int, _ answer: Result<QueryRun.End, WarehouseError>, at moment: Duration
  ) {
    guard id == runID else { return }
    result?.end(answer, at: moment)
  }

  // MARK: Plan

  private mutating func explain(analyze: Bool, _ context: Context) -> [Request] {
    guard let query = selected else { return [] }
    do throws(WarehouseError) {
      let given = values[query.name] ?? [:]
      guard let statement = try query.script(given).statements.last else { return [] }
      let id = plan.begin(at: context.moment.uptime)
      return [.effect(.queries(.explain(id, statement, analyze: analyze)))]
    } catch {
      return [.overlay(.viewer(error.viewer))]
    }
  }

  // MARK: Forms

  private func form(for query: SavedQuery) -> Form {
    let known = values[query.name] ?? [:]
    return Form(
      title: query.title, purpose: .runQuery(query.name),
      fields: query.parameters.map { parameter in
        let value = known[parameter.name] ?? parameter.standard ?? ""
        return Form.Field(
          name: parameter.name, note: parameter.kind.rawValue, choices: parameter.choices,
          input: InputField(value))
      })
  }

  private static func copyForm(_ query: SavedQuery) -> Form {
    Form(
      title: "Save a copy of \(query.name)", purpose: .copyQuery(query.name),
      fields: [
        .init(name: "name", note: "such as plays-by-city", input: InputField(query.name + "-2"))
      ])
  }

  private func exportForm(_ query: SavedQuery) -> Form {
    let charts = result?.chart != nil && mode == .result ? ["chart"] : []
    let formats = ["csv", "jsonl", "json", "markdown"]
    return Form(
      title: "Export all rows of \(query.name)", purpose: .exportResult,
      fields: [
        .init(
          name: "format", note: "format", choices: charts + formats,
          input: InputField(charts.first ?? "csv")),
        .init(name: "file", note: "a path", input: InputField(query.name)),
      ])
  }

  /// Takes the values of a form: what they lead to, or the form with what is wrong with it.
  mutating func accept(_ form: Form, _ context: Context) -> Result<[Request], FormProblem> {
    switch form.purpose {
    case .runQuery(let name): return acceptValues(form, name, context)
    case .copyQuery(let name):
      return .success([.effect(.queries(.copy(name, to: form.value("name"))))])
    case .exportResult: return export(form, context)
    case .teardown: return .success([])  // the Cluster screen's
    }
  }

  private mutating func acceptValues(
    _ form: Form, _ name: String, _ context: Context
  ) -> Result<[Request], FormProblem> {
    guard let query = listing.value?.queries.first(where: { $0.name == name }) ?? result?.query
    else { return .success([]) }
    var form = form
    var given: [String: String] = [:]
    for (index, field) in form.fields.enumerated() {
      guard let parameter = query.parameters.first(where: { $0.name == field.name }) else {
        continue
      }
      do throws(WarehouseError) {
        _ = try parameter.value(field.value)
        given[field.name] = field.value
      } catch {
        form.fields[index].problem = error.hint ?? error.message
      }
    }
    if let wrong = form.fields.firstIndex(where: { $0.problem != nil }) {
      form.select(wrong)
      return .failure(FormProblem(form: form))
    }
    return .success(run(query, given, context))
  }

  private mutating func export(
    _ form: Form, _ context: Context
  ) -> Result<[Request], FormProblem> {
    let (word, name) = (form.value("format"), form.value("file"))
    guard !name.isEmpty else {
      var form = form
      form.fields.indices.last.map { form.fields[$0].problem = "Give the path of a new file." }
      return .failure(FormProblem(form: form))
    }
    let endings = ["markdown": "md", "chart": "txt"]
    let isBare = !(name.split(separator: "/").last ?? "").contains(".")
    let path = isBare ? "\(name).\(endings[word] ?? word)" : name
    exported = 0
    if word == "chart", let chart = result?.chart {
      let text = chart.text(width: max(60, context.body.columns - 4), glyphs: context.glyphs)
      return .success([.effect(.queries(.exportText(text, path: path)))])
    }
    guard let query = selected, let format = RowFormat(rawValue: word),
      let script = try? query.script(values[query.name] ?? [:])
    else {
      exported = nil
      return .success([])
    }
    return .success([
      .effect(.queries(.export(QueryRun(script.statements), format, path: path)))
    ])
  }

  // MARK: Mouse

  mutating func click(_ pane: Pane, _ item: Int?, _ context: Context) -> Bool {
    guard let item else { return false }
    let place = resultPlace(context)
    switch pane {
    case "queries":
      let wasSelected = position.selected == item
      position.select(item, count: queries.count, height: listHeight(context))
      return wasSelected
    case "chart":
      let wasSelected = result?.item == item
      result?.item = item
      return wasSelected
    case "result": return result?.shownGrid.click(item, in: place) ?? false
    case Grid.headerPane(of: "result"):
      result?.shownGrid.go(toColumn: item, in: place)
      result?.shownGrid.sortRows()
    default: break
    }
    return false
  }

  mutating func scroll(_ pane: Pane, _ rows: Int, _ context: Context) {
    let place = resultPlace(context)
    switch pane {
    case "queries": position.scroll(rows, count: queries.count, height: listHeight(context))
    case "result": result?.shownGrid.scroll(rows, in: place)
    default: pointBeside(right: 0, down: rows.signum())
    }
  }
}

/// A form whose values cannot be taken, with why.
struct FormProblem: Error, Equatable {
  var form: Form
}
