import Warehouse

extension RunsScreen {
  /// The rows of the run's detail or the comparison.
  var innerCount: Int {
    switch mode {
    case .list: return runs.count
    case .comparison: return comparison?.rows.count ?? 0
    case .detail(let id):
      guard let detail = details[id] else { return 0 }
      switch part {
      case .stages: return detail.stages.count
      case .checks: return detail.checks.count
      case .configuration: return detail.run.configuration.count
      }
    }
  }

  private var comparison: RunComparison? {
    guard case .comparison(let left, let right) = mode, let one = details[left],
      let other = details[right]
    else { return nil }
    return RunComparison(one, other)
  }

  /// The parts of a detail: facts, the names of the parts, the table.
  private func parts(_ context: Context) -> [Rect] {
    let inner = context.body.inset(rows: 1, columns: 2)
    guard case .detail(let id) = mode else { return [inner] }
    let facts = details[id].map { RunsScreen.facts(of: $0, now: context.moment.time).count } ?? 1
    return inner.splitRows([.fixed(min(facts, inner.rows / 2)), .fixed(1), .flexible()])
  }

  /// The rows that the table shows.
  func height(_ context: Context) -> Int {
    parts(context).last.map { Table.height(in: $0) } ?? 0
  }

  func draw(into frame: inout Frame, _ context: Context) {
    switch mode {
    case .list: drawList(into: &frame, context)
    case .detail(let id): drawDetail(id, into: &frame, context)
    case .comparison(let left, let right): drawComparison(left, right, into: &frame, context)
    }
  }

  // MARK: List

  private func drawList(into frame: inout Frame, _ context: Context) {
    let inner = frame.box(context.body, title: Line("Runs", .accent.bold), trailing: listNote)
    let isWide = inner.columns >= 110
    Table(
      columns: [
        .init(title: "", width: .fixed(1)),
        .init(title: "Run", width: .fixed(5), alignment: .right),
        .init(title: "State", width: .fixed(13)),
        .init(title: "Asked for", width: isWide ? .fixed(18) : .flexible()),
        .init(title: "Started (UTC)", width: .fixed(16)),
        .init(title: "Took", width: .fixed(11), alignment: .right),
        .init(title: "By", width: .fixed(isWide ? 16 : 0)),
        .init(title: "", width: isWide ? .flexible() : .fixed(0)),
      ],
      count: runs.count, position: list, pane: "runs", placeholder: placeholder(context)
    ) { index in
      guard runs.indices.contains(index) else { return .init(cells: []) }
      let run = runs[index]
      return .init(cells: [
        Line(marked.contains(run.id) ? "◆" : "", .warning), Line("\(run.id)", .bold),
        StateLook(run.state).line, Line(run.selection), Line(run.startedAt.minuteText),
        Line(run.duration.map { Quantity.duration($0) } ?? ""), Line(run.startedBy, .muted),
        Line(run.error?.inOneLine ?? "", .failure),
      ])
    }.draw(in: inner, of: &frame)
  }

  private var listNote: Line {
    guard let value = page.value else { return Line() }
    let count =
      value.isTruncated
      ? "last \(Quantity.count(value.runs.count)) runs" : Quantity.counted(value.runs.count, "run")
    let found = filter?.isEmpty == false ? "/ \(filter ?? ""): \(runs.count) of " : ""
    return Line((marked.isEmpty ? "" : "\(marked.count) marked · ") + found + count, .muted)
  }

  private func placeholder(_ context: Context) -> Line {
    if let error = page.error ?? (page.value == nil ? context.connectionError : nil) {
      return Line("✗ " + error.message, .failure)
    }
    if page.value?.runs.isEmpty == false { return Line("No run is like that.", .muted) }
    guard page.value == nil else {
      return Line("No run is recorded yet: a on the Pipeline screen.", .muted)
    }
    return Line(context.notConnected == nil ? "reading the runs …" : "connecting …", .muted)
  }

  // MARK: Detail

  private func drawDetail(_ id: Int, into frame: inout Frame, _ context: Context) {
    frame.box(
      context.body,
      title: Line("Runs", .accent) + Line(" › ", .muted) + Line("run \(id)", .accent.bold))
    let parts = parts(context)
    guard parts.count == 3, let detail = details[id] else {
      draw(waiting, in: parts.first ?? context.body, of: &frame)
      return
    }
    FactList(facts: RunsScreen.facts(of: detail, now: context.moment.time))
      .draw(in: parts[0], of: &frame)
    drawPartNames(detail, in: parts[1], box: context.body, of: &frame)
    table(detail).draw(in: parts[2], of: &frame)
  }

  private var waiting: Line {
    if let detailError { return Line("✗ " + detailError.message, .failure) }
    return Line("reading the run …", .muted)
  }

  private func draw(_ line: Line, in place: Rect, of frame: inout Frame) {
    frame.write(line, row: place.row, column: place.column, width: place.columns)
  }

  private func drawPartNames(
    _ detail: RunDetail, in place: Rect, box: Rect, of frame: inout Frame
  ) {
    frame.divider(Rect(row: place.row, column: box.column, rows: 1, columns: box.columns))
    let names = [
      "Stages \(detail.stages.count)", "Checks \(detail.checks.count)",
      "Configuration \(detail.run.configuration.count)",
    ]
    var column = place.column
    for (index, name) in names.enumerated() {
      let isShown = Part.allCases.indices.contains(index) && Part.allCases[index] == part
      let style = isShown ? Style.accent.bold.with(.underline) : .muted
      frame.write(" ", row: place.row, column: column)
      let end = frame.write(name, row: place.row, column: column + 1, style: style)
      frame.write(" ", row: place.row, column: end)
      frame.mark(
        Rect(row: place.row, column: column, rows: 1, columns: end - column),
        as: .item("parts", index))
      column = end + 3
    }
  }

  private func table(_ detail: RunDetail) -> Table {
    switch part {
    case .stages: stages(detail)
    case .checks: checks(detail)
    case .configuration: configuration(detail)
    }
  }

  private func stages(_ detail: RunDetail) -> Table {
    Table(
      columns: [
        .init(title: "Stage", width: .fixed(15)), .init(title: "State", width: .fixed(13)),
        .init(title: "Rows", width: .fixed(12), alignment: .right),
        .init(title: "Read", width: .fixed(8), alignment: .right),
        .init(title: "Rejects", width: .fixed(7), alignment: .right),
        .init(title: "Took", width: .fixed(9), alignment: .right),
        .init(title: "", width: .flexible()),
      ],
      count: detail.stages.count, position: inner, pane: "detail"
    ) { index in
      guard detail.stages.indices.contains(index) else { return .init(cells: []) }
      let stage = detail.stages[index]
      let rejects = stage.summary?.rejects ?? 0
      return .init(cells: [
        Line(stage.stage.rawValue), StateLook(stage.state).line,
        Line(stage.summary?.rows.map { Quantity.count($0) } ?? ""),
        Line(stage.summary?.bytes.map { Quantity.bytes($0) } ?? ""),
        Line(rejects > 0 ? Quantity.count(rejects) : "", .warning),
        Line(stage.summary.map { Quantity.duration($0.duration) } ?? ""),
        stage.error.map { Line($0.inOneLine, .failure) } ?? Line(stage.summary?.note ?? "", .muted),
      ])
    }
  }

  private func checks(_ detail: RunDetail) -> Table {
    Table(
      columns: [
        .init(title: "Verdict", width: .fixed(9)), .init(title: "Check", width: .flexible(3)),
        .init(title: "Count", width: .fixed(10), alignment: .right),
        .init(title: "", width: .flexible(2)),
      ],
      count: detail.checks.count, position: inner, pane: "detail",
      placeholder: Line("The run came to no check.", .muted)
    ) { index in
      guard detail.checks.indices.contains(index) else { return .init(cells: []) }
      let check = detail.checks[index]
      return .init(cells: [
        StateLook(check.verdict).line, Line(check.title), Line(Quantity.count(check.count)),
        Line(check.detail, .muted),
      ])
    }
  }

  private func configuration(_ detail: RunDetail) -> Table {
    let entries = detail.run.configuration
    return Table(
      columns: [
        .init(title: "Key", width: .flexible()), .init(title: "Value", width: .flexible(2)),
      ],
      count: entries.count, position: inner, pane: "detail"
    ) { index in
      guard entries.indices.contains(index) else { return .init(cells: []) }
      return .init(cells: [Line(entries[index].key), Line(entries[index].value, .bold)])
    }
  }

  // MARK: Comparison

  private func drawComparison(
    _ left: Int, _ right: Int, into frame: inout Frame, _ context: Context
  ) {
    let inner = frame.box(
      context.body,
      title: Line("Runs", .accent) + Line(" › ", .muted)
        + Line("run \(left) and run \(right)", .accent.bold))
    guard let rows = comparison?.rows else {
      draw(waiting, in: inner, of: &frame)
      return
    }
    let labels = rows.filter { !$0.isHeading }.map { CellText.width(of: $0.label) }.max() ?? 0
    Table(
      columns: [
        .init(title: "", width: .fixed(min(labels + 2, inner.columns / 3))),
        .init(title: "Run \(left)", width: .flexible()),
        .init(title: "Run \(right)", width: .flexible()),
        .init(title: "Change", width: .fixed(10), alignment: .right),
      ],
      count: rows.count, position: self.inner, pane: "comparison"
    ) { index in
      guard rows.indices.contains(index) else { return .init(cells: []) }
      return RunsScreen.row(rows[index])
    }.draw(in: inner, of: &frame)
  }

  private static func row(_ row: RunComparison.Row) -> Table.Row {
    if row.isHeading { return .init(cells: [Line(row.label, .accent.bold)], isHeading: true) }
    let style: Style = row.differs ? .warning : .plain
    return .init(cells: [
      Line((row.differs ? "≠ " : "  ") + row.label, style), Line(row.left), Line(row.right),
      Line(row.difference, row.differs ? .warning : .muted),
    ])
  }
}
