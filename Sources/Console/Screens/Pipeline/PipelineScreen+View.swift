import Warehouse

extension PipelineScreen {
  /// The parts of the screen: stages above, the selected one's log below, in one box.
  struct Layout {
    var box: Rect
    var list: Rect
    var divider: Rect
    var log: Rect
  }

  func layout(_ context: Context) -> Layout {
    let box = context.body
    let inner = box.inset(rows: 1, columns: 2)
    let leastLog = min(5, inner.rows / 3)
    let stages = min(max(1, descriptions.count), max(1, inner.rows - 1 - leastLog))
    let parts = inner.splitRows([.fixed(stages), .fixed(1), .flexible()])
    let divider = Rect(row: parts[1].row, column: box.column, rows: 1, columns: box.columns)
    return Layout(box: box, list: parts[0], divider: divider, log: parts[2])
  }

  func draw(into frame: inout Frame, _ context: Context) {
    let layout = layout(context)
    frame.box(layout.box, title: title(context), trailing: clock(context))
    drawStages(in: layout.list, of: &frame, context)
    frame.divider(layout.divider, title: logTitle, trailing: logNote)
    drawLog(in: layout.log, of: &frame)
  }

  // MARK: Title

  private func title(_ context: Context) -> Line {
    let name = Line("Pipeline", .accent.bold)
    guard let run else { return name + foreignTitle }
    let number = run.id.map { " run \($0)" } ?? " run"
    return name + Line(number + " · " + run.selection.title + " · ") + outcome(run, context)
  }

  private var foreignTitle: Line {
    guard let foreignRun else { return Line() }
    return Line(" run \(foreignRun.id) by \(foreignRun.startedBy) goes on elsewhere", .warning)
  }

  private func outcome(_ run: RunProgress, _ context: Context) -> Line {
    switch run.outcome {
    case nil:
      if let cancelledAt { return cancelling(for: context.moment.uptime - cancelledAt) }
      let picture = Spinner.picture(at: context.moment.uptime, glyphs: context.glyphs)
      guard !run.stages.isEmpty else { return Line("\(picture) starting", .active) }
      return Line("\(picture) \(run.finishedCount) of \(run.stages.count) stages", .active)
    case .succeeded: return StateLook.done.line
    case .failed: return StateLook.failed.line
    case .cancelled:
      let stopped = stoppedAfter.map { ", server stopped after \(Quantity.duration($0))" } ?? ""
      return StateLook.cancelled.line + Line(stopped)
    }
  }

  private func cancelling(for time: Duration) -> Line {
    let line = Line("cancelling …", .warning)
    guard time >= PipelineScreen.patience, run?.id != nil else { return line }
    return line + Line(" \(Quantity.clock(time)) · c ends the server's sessions", .warning)
  }

  private func clock(_ context: Context) -> Line {
    guard let run else { return Line() }
    let now = context.moment.uptime
    guard run.outcome == nil else {
      return Line("\(Quantity.duration(run.elapsed(at: now)))")
    }
    let elapsed = Line(Quantity.clock(run.elapsed(at: now)) + " elapsed")
    let left = run.remaining(
      at: now, past: { lastDuration(of: $0) },
      lane: { stage in descriptions.first { $0.id == stage }?.lane ?? .alone })
    guard let left else { return elapsed }
    return elapsed + Line(" · ~\(Quantity.clock(left)) left", .muted)
  }

  private func lastDuration(of stage: StageID) -> Duration? {
    let past = descriptions.first { $0.id == stage }?.pastRuns
    return past?.first { $0.state == .succeeded }?.summary?.duration
  }

  // MARK: Stages

  private func drawStages(in place: Rect, of frame: inout Frame, _ context: Context) {
    let table = Table(
      columns: [.init(title: "", width: .flexible())], count: descriptions.count, position: list,
      pane: "stages", hasHeader: false, placeholder: placeholder(context)
    ) { _ in .init(cells: []) }
    let first = list.firstRow(count: descriptions.count, height: place.rows)
    for (offset, stage) in descriptions.dropFirst(first).prefix(place.rows).enumerated() {
      StageRow(stage: stage, run: run, now: context.moment.uptime).draw(
        in: place.line(offset), of: &frame)
    }
    table.draw(in: place, of: &frame)
  }

  private func placeholder(_ context: Context) -> Line {
    if let error = stages.error { return Line("✗ " + error.message, .failure) }
    return Line("reading the stages …", .muted)
  }

  // MARK: Log

  private var logTitle: Line {
    guard let selected else { return Line("log", .muted) }
    return Line(selected.id.rawValue, .accent) + Line(hasLog ? " log" : "", .muted)
  }

  private var logNote: Line {
    if logBack > 0 { return Line("\(logBack) rows back", .warning) }
    guard let selected, run?.isLogCut(of: selected.id) == true else { return Line() }
    return Line("last \(Quantity.count(RunProgress.logLimit)) lines", .muted)
  }

  private var hasLog: Bool { selected.map { run?.log(of: $0.id).isEmpty == false } ?? false }

  /// The selected stage's log; before its first run, what there is to know of it.
  var logLines: [Line] {
    guard let selected else { return [] }
    guard hasLog else { return details(selected).lines }
    return (run?.log(of: selected.id) ?? []).map {
      (Line($0.time.timeText + "  ", .muted) + $0.text).hanging(14)
    }
  }

  /// Only the lines that can be seen are broken: a log may be long, and is drawn often.
  private func drawLog(in place: Rect, of frame: inout Frame) {
    guard hasLog else {
      TextPane(lines: logLines, top: 0, pane: "log").draw(in: place, of: &frame)
      return
    }
    let lines = logLines.suffix(place.rows + logBack)
    let count = TextPane.broken(Array(lines), columns: place.columns).count
    let top = max(0, count - place.rows - logBack)
    TextPane(lines: Array(lines), top: top, pane: "log").draw(in: place, of: &frame)
  }
}
