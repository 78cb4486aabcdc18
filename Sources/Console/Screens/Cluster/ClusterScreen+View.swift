import Warehouse

extension ClusterScreen {
  /// From this many columns on, the configuration stands beside the rest.
  private static let wide = 120

  /// What stands where the reachability does while nothing is being done in the cloud.
  private var middle: Part { order[1] }

  /// The boxes of the parts.
  private func boxes(_ context: Context) -> [Part: Rect] {
    let body = context.body
    let steps = max(1, count(of: middle, context)) + 2
    let facts = max(1, count(of: .facts, context)) + 2
    if body.columns >= ClusterScreen.wide {
      let sides = body.splitColumns([.flexible(9), .flexible(11)])
      let left = sides[0].splitRows([.flexible(), .fixed(min(steps, body.rows / 2))])
      return [.facts: left[0], middle: left[1], .configuration: sides[1]]
    }
    // A warehouse in the cloud has more to tell than a server.
    let upper = min(max(steps, min(facts, isCloud ? 12 : 8)), body.rows / 2)
    let rows = body.splitRows([.fixed(upper), .flexible()])
    let sides = rows[0].splitColumns([.flexible(isCloud ? 3 : 2), .flexible(3)])
    return [.facts: sides[0], middle: sides[1], .configuration: rows[1]]
  }

  /// The rows that a part shows of its list.
  func height(of part: Part, _ context: Context) -> Int {
    let inner = (boxes(context)[part] ?? context.body).inset(rows: 1, columns: 2)
    return Table.height(in: inner, hasHeader: part == .configuration)
  }

  func draw(into frame: inout Frame, _ context: Context) {
    for (part, box) in boxes(context) { draw(part, in: box, of: &frame, context) }
  }

  private func draw(_ part: Part, in box: Rect, of frame: inout Frame, _ context: Context) {
    let isFocused = part == focus
    let inner = frame.box(
      box, title: Line(title(of: part), isFocused ? .accent.bold : .accent),
      trailing: note(part, context), style: Style(role: isFocused ? .focus : .border))
    var table = table(part, columns: inner.columns, context)
    table.isFocused = isFocused
    table.draw(in: inner, of: &frame)
    guard part == .reachability, let remedy else { return }
    frame.label(box.line(box.rows - 1), title: Line("→ " + remedy, .accent))
  }

  /// What would help with the first step that failed.
  private var remedy: String? {
    let steps = status.value?.reachability ?? []
    func remedy(of outcome: ReachabilityStep.Outcome) -> String? {
      steps.first { $0.outcome == outcome && $0.remedy != nil }?.remedy
    }
    return remedy(of: .failed) ?? remedy(of: .warning)
  }

  private func title(of part: Part) -> String {
    part == .operation ? operation?.operation.word.capitalizedFirst ?? part.title : part.title
  }

  private func note(_ part: Part, _ context: Context) -> Line {
    switch part {
    case .reachability:
      return status.isLoading ? Line("checking …", .active) : Line()
    case .operation: return operation?.headline(at: context.moment.uptime) ?? Line()
    case .facts: return loadedAt.map { Line("\($0.clockText) UTC", .muted) } ?? Line()
    case .configuration:
      if let filter, !filter.isEmpty { return Line("/ \(filter): \(settings.count)", .warning) }
      return status.value?.configurationNote ?? Line()
    }
  }

  private func table(_ part: Part, columns: Int, _ context: Context) -> Table {
    switch part {
    case .reachability: reachability(columns)
    case .configuration: configuration(columns)
    case .facts: facts(columns, context)
    case .operation: steps(columns, context)
    }
  }

  private var placeholder: Line {
    Line(status.isLoading ? "asking …" : "nothing is known yet", .muted)
  }

  private func configuration(_ room: Int) -> Table {
    let rows = settings.map(\.cells)
    func width(_ cell: Int) -> Int { rows.map { CellText.width(of: $0[cell].text) }.max() ?? 0 }
    return Table(
      columns: [
        .init(title: "Key", width: .fixed(min(max(3, width(0)), room / 3))),
        .init(title: "Value", width: .flexible(3), clipping: .start),
        .init(title: "From", width: .fixed(min(max(4, width(2)), room / 4)), clipping: .start),
        .init(title: "Verdict", width: .flexible(3)),
      ],
      count: rows.count, position: position(of: .configuration),
      pane: Part.configuration.pane, placeholder: placeholder
    ) { index in
      .init(cells: rows.indices.contains(index) ? rows[index] : [])
    }
  }

  private func facts(_ room: Int, _ context: Context) -> Table {
    let facts = facts(context)
    let labels = facts.map { CellText.width(of: $0.label) }.max() ?? 0
    return Table(
      columns: [
        .init(title: "", width: .fixed(min(labels, isCloud && room < 50 ? 10 : room / 2))),
        .init(title: "", width: .flexible()),
      ],
      count: facts.count, position: position(of: .facts), pane: Part.facts.pane,
      hasHeader: false, placeholder: placeholder
    ) { index in
      guard facts.indices.contains(index) else { return .init(cells: []) }
      return .init(cells: [Line(facts[index].label, .muted), Line(facts[index].value)])
    }
  }

  private func reachability(_ room: Int) -> Table {
    let steps = status.value?.reachability ?? []
    let names = steps.map { CellText.width(of: $0.name) }.max() ?? 0
    return Table(
      columns: [
        .init(title: "", width: .fixed(9)), .init(title: "", width: .fixed(min(names, 12))),
        .init(title: "", width: .flexible()),
        .init(title: "", width: .fixed(room > 50 ? 7 : 0), alignment: .right),
      ],
      count: steps.count, position: position(of: .reachability), pane: Part.reachability.pane,
      hasHeader: false, placeholder: placeholder
    ) { index in
      guard steps.indices.contains(index) else { return .init(cells: []) }
      let step = steps[index]
      return .init(cells: [
        step.outcome.look.line, Line(step.name), Line(step.detail, .muted),
        Line(step.duration.map { Quantity.duration($0) } ?? "", .muted),
      ])
    }
  }
}

extension ClusterScreen {
  /// The steps of what is being done in the cloud.
  private func steps(_ room: Int, _ context: Context) -> Table {
    let rows = operation?.rows ?? []
    let names = rows.map { CellText.width(of: $0.step.rawValue) }.max() ?? 0
    let moment = context.moment.uptime
    return Table(
      columns: [
        .init(title: "", width: .fixed(9)), .init(title: "", width: .fixed(min(names, 13))),
        .init(title: "", width: .flexible()),
        .init(title: "", width: .fixed(room > 50 ? 10 : 0), alignment: .right),
      ],
      count: rows.count, position: position(of: .operation), pane: Part.operation.pane,
      hasHeader: false, placeholder: Line("asking AWS …", .muted)
    ) { index in
      guard rows.indices.contains(index) else { return .init(cells: []) }
      let row = rows[index]
      return .init(cells: [
        row.look.line, Line(row.step.rawValue), row.line, Line(row.time(at: moment), .muted),
      ])
    }
  }
}

extension String {
  /// With a capital in front.
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
