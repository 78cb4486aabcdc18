import Warehouse

extension RunsScreen {
  /// The rows of the selected check; nil where no check with rows is selected.
  func checkRows(of id: Int) -> CheckRowList? {
    guard part == .checks, let checks = details[id]?.checks else { return nil }
    let index = inner.selection(count: innerCount)
    guard checks.indices.contains(index) else { return nil }
    return CheckRowList(run: id, checks: checks, from: checks[index].name)
  }

  /// The selected row of a run's detail in full.
  func viewer(of id: Int) -> TextViewer? {
    guard let detail = details[id] else { return nil }
    let index = inner.selection(count: innerCount)
    switch part {
    case .stages:
      return detail.stages.indices.contains(index)
        ? RunsScreen.viewer(detail.stages[index], of: id) : nil
    case .checks:
      return detail.checks.indices.contains(index)
        ? TextViewer(detail.checks[index]) : nil
    case .configuration:
      guard detail.run.configuration.indices.contains(index) else { return nil }
      let entry = detail.run.configuration[index]
      return TextViewer(title: entry.key, lines: TextPane.lines(entry.value), copy: entry.value)
    }
  }

  private static func viewer(_ stage: StageRecord, of id: Int) -> TextViewer {
    let look = StateLook(stage.state)
    var facts = [
      Fact("state", look.line), Fact("started", stage.startedAt.minuteText + " UTC"),
    ]
    if let summary = stage.summary {
      facts.append(Fact("took", Quantity.duration(summary.duration)))
      if let rows = summary.rows { facts.append(Fact("rows", Quantity.count(rows))) }
      if let bytes = summary.bytes { facts.append(Fact("read", Quantity.bytes(bytes))) }
      facts.append(Fact("rejects", Quantity.count(summary.rejects)))
      if !summary.note.isEmpty { facts.append(Fact("note", summary.note)) }
    }
    var lines = FactList.lines(facts)
    if let error = stage.error { lines += [Line()] + TextPane.lines(error, .failure) }
    return TextViewer(
      title: "run \(id) · \(stage.stage.rawValue)", lines: lines,
      copy: lines.map(\.text).joined(separator: "\n"))
  }

  /// A run's facts, above the parts of its detail.
  static func facts(of detail: RunDetail, now: Timestamp) -> [Fact] {
    let run = detail.run
    let ago = Quantity.ago(now.milliseconds - run.startedAt.milliseconds)
    var facts = [
      Fact("state", StateLook(run.state).line), Fact("asked for", run.selection),
      Fact("started", "\(run.startedAt.minuteText) UTC, \(ago), by \(run.startedBy)"),
      Fact("took", run.duration.map { Quantity.duration($0) } ?? "—"),
      Fact(
        "rejects",
        detail.rejectCount == 0
          ? Line("none", .muted)
          : Line(Quantity.count(detail.rejectCount), .warning) + Line("  x shows them", .muted)),
    ]
    if let error = run.error { facts.append(Fact("error", Line(error, .failure))) }
    return facts
  }
}
