import Warehouse

extension QueriesScreen {
  /// The list at the left, what is selected at its right.
  private func listParts(_ context: Context) -> [Rect] {
    let left = min(56, max(42, context.body.columns * 2 / 5))
    return context.body.splitColumns([.fixed(left), .flexible()])
  }

  func listHeight(_ context: Context) -> Int {
    Table.height(in: listParts(context)[0].inset(rows: 1, columns: 2), hasHeader: false)
  }

  /// Values and status above, the rows below.
  private func resultParts(_ context: Context) -> [Rect] {
    let inner = context.body.inset(rows: 1, columns: 2)
    let head = result.map { $0.query.parameters.isEmpty ? 1 : 2 } ?? 1
    return inner.splitRows([.fixed(head), .flexible()])
  }

  /// The room for the result.
  func room(_ context: Context) -> Rect { resultParts(context)[1] }

  func draw(into frame: inout Frame, _ context: Context) {
    switch mode {
    case .list: drawList(into: &frame, context)
    case .result: drawResult(into: &frame, context)
    }
  }

  // MARK: List

  private func drawList(into frame: inout Frame, _ context: Context) {
    let parts = listParts(context)
    let shown = queries
    let looked = listFilter.isEmpty ? "" : "/ \(listFilter)"
    let count = listing.value.map { listing in
      let all = listing.queries.count
      return looked.isEmpty
        ? Quantity.counted(all, "query", "queries") : "\(looked): \(shown.count) of \(all)"
    }
    let inner = frame.box(
      parts[0], title: Line("Queries", .accent.bold),
      trailing: plan.status(context) ?? Line(count ?? looked, .muted), style: Style(role: .focus))
    Table(
      columns: [
        .init(title: "", width: .fixed(groupWidth)), .init(title: "", width: .flexible()),
      ],
      count: shown.count, position: position, pane: "queries", hasHeader: false,
      placeholder: placeholder
    ) { index in
      guard shown.indices.contains(index) else { return .init(cells: []) }
      let query = shown[index]
      let isFirst = index == 0 || shown[index - 1].group != query.group
      let isRun = result?.query.name == query.name
      return .init(cells: [
        Line(isFirst ? query.group : "", .muted),
        Line(query.title, isRun ? .accent : .plain) + (isRun ? Line(" ●", .accent) : Line()),
      ])
    }.draw(in: inner, of: &frame)
    drawSelected(in: parts[1], of: &frame)
  }

  private var groupWidth: Int {
    min(10, (listing.value?.queries ?? []).map { CellText.width(of: $0.group) }.max() ?? 0)
  }

  private var placeholder: Line {
    guard listing.value != nil else { return Line("reading the queries …", .muted) }
    return Line(listFilter.isEmpty ? "No queries here." : "No query is like that.", .muted)
  }

  private func drawSelected(in place: Rect, of frame: inout Frame) {
    let inner = frame.box(
      place, title: Line(selected?.title ?? "", .accent.bold),
      trailing: Line(selected.map { $0.name + ".sql" } ?? "", .muted))
    guard let query = selected else { return }
    var lines: [Line] = []
    if !query.about.isEmpty { lines += [Line(query.about), Line()] }
    for parameter in query.parameters {
      let value = values[query.name]?[parameter.name] ?? parameter.standard ?? "none"
      let kind =
        parameter.choices.isEmpty
        ? parameter.kind.rawValue : parameter.choices.joined(separator: ", ")
      lines.append(
        Line("\(parameter.name) = ", .muted) + Line(value, .bold) + Line("   (\(kind))", .muted))
    }
    if !query.parameters.isEmpty { lines.append(Line()) }
    lines += SQLLines.body(query.sql)
    for problem in listing.value?.problems ?? [] {
      lines += [Line(), Line("! \(problem.name).sql: \(problem.error.message)", .warning)]
    }
    TextPane(lines: lines, top: 0, pane: "query").draw(in: inner, of: &frame)
  }

  // MARK: Result

  private func drawResult(into frame: inout Frame, _ context: Context) {
    guard let shown = result else { return }
    let title =
      Line("Queries", .accent) + Line(" › ", .muted) + Line(shown.query.title, .accent.bold)
    frame.box(context.body, title: title, trailing: shape(shown, context))
    let parts = resultParts(context)
    drawHead(shown, in: parts[0], of: &frame, context)
    let place = parts[1]
    if case .failed(let error) = shown.phase {
      let lines = SQLLines.marked(shown.run.statements.last?.written ?? "", error)
      TextPane(lines: [Line()] + lines, top: 0, pane: "error").draw(in: place, of: &frame)
    } else {
      shown.view.draw(
        in: place, of: &frame, pane: "result", opens: shown.opens,
        placeholder: Line(shown.isRunning ? "" : "The query has no rows.", .muted))
    }
  }

  private func shape(_ shown: QueryResult, _ context: Context) -> Line {
    if let planStatus = plan.status(context) { return planStatus }
    return Line(shown.view.status(in: room(context)), .muted)
  }

  private func drawHead(
    _ shown: QueryResult, in place: Rect, of frame: inout Frame, _ context: Context
  ) {
    var line = shown.status(now: context.moment.uptime, glyphs: context.glyphs)
    if let behind = shown.view.behind {
      line = Line("behind ", .muted) + Line(behind.title, .bold) + Line(" · Esc goes back", .muted)
    } else if shown.hasMore, shown.view.chart != nil {
      line += Line("   the chart shows these alone", .warning)
    }
    frame.write(line, row: place.row, column: place.column, width: place.columns)
    guard place.rows > 1 else { return }
    var values = Line()
    for parameter in shown.query.parameters {
      let value = shown.values[parameter.name] ?? parameter.standard ?? ""
      values += Line("\(parameter.name) = ", .muted) + Line(value, .bold) + Line("   ")
    }
    frame.write(values, row: place.row + 1, column: place.column, width: place.columns)
  }
}
