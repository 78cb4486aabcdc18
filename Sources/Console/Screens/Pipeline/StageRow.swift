import Warehouse

/// One stage as a row: glyph, name, word, then what there is to tell, and the time at the right.
struct StageRow {
  var stage: StageDescription
  var run: RunProgress?
  var now: Duration

  /// From this many columns on, sizes and rates have columns of their own.
  private static let wide = 104

  private var state: StageState? { run?.states[stage.id] }

  func draw(in place: Rect, of frame: inout Frame) {
    let parts = place.splitColumns([.fixed(2), .fixed(16), .fixed(11), .flexible(), .fixed(13)])
    let look = look
    let style = state == nil ? .muted : look.style
    write(Line(look.glyph, style), in: parts[0], of: &frame)
    write(Line(stage.id.rawValue, nameStyle), in: parts[1], of: &frame)
    write(Line(look.word, style), in: parts[2], of: &frame)
    drawMiddle(in: parts[3], of: &frame)
    write(time, in: parts[4], of: &frame, align: .right)
  }

  /// In a run as it stands there; else as it stood when the stage last ran.
  private var look: StateLook {
    state.map { StateLook($0) } ?? stage.pastRuns.first.map { StateLook($0.state) }
      ?? StateLook(glyph: "○", word: "not run", style: .muted)
  }

  private var nameStyle: Style {
    if case .running? = state { return .bold }
    return state == .waiting || state == .skipped ? .muted : .plain
  }

  private func write(
    _ line: Line, in place: Rect, of frame: inout Frame, align: Frame.Alignment = .left
  ) {
    frame.write(line, row: place.row, column: place.column, width: place.columns, align: align)
  }

  // MARK: Middle

  private func drawMiddle(in place: Rect, of frame: inout Frame) {
    switch state {
    case .running(_, let progress): drawRunning(progress, in: place, of: &frame)
    case .done(let summary): drawDone(summary, in: place, of: &frame)
    case .failed(let error, _): write(Line(error.message, .failure), in: place, of: &frame)
    case .cancelled, .skipped: break
    case .waiting: write(Line(waitsFor, .muted), in: place, of: &frame)
    case nil: write(Line(lastTime, .muted), in: place, of: &frame)
    }
  }

  private var waitsFor: String {
    let open = stage.dependsOn.filter { other in
      switch run?.states[other] {
      case .waiting, .running: true
      case .done, .failed, .cancelled, .skipped, nil: false
      }
    }
    return open.isEmpty ? "" : "waits for " + open.map(\.rawValue).joined(separator: ", ")
  }

  /// What the stage came to when it last ran.
  private var lastTime: String {
    guard let last = stage.pastRuns.first else { return stage.about }
    let rows = last.summary?.rows.map { Quantity.counted($0, "row") }
    let note = last.summary?.note ?? ""
    return "run \(last.runID) · " + (rows ?? (note.isEmpty ? last.state.rawValue : note))
  }

  private func drawRunning(_ progress: Progress, in place: Rect, of frame: inout Frame) {
    let figures = Figures(progress)
    drawFigures(
      figures, fraction: progress.fraction, style: .active, in: place, of: &frame)
  }

  private func drawDone(_ summary: StageSummary, in place: Rect, of frame: inout Frame) {
    guard summary.bytes != nil else {
      write(doneText(summary), in: place, of: &frame)
      return
    }
    drawFigures(Figures(summary), fraction: 1, style: .success, in: place, of: &frame)
  }

  private func doneText(_ summary: StageSummary) -> Line {
    let rows = summary.rows.map { Quantity.counted($0, "row") }
    return Line(
      [rows, summary.note.isEmpty ? nil : summary.note].compactMap { $0 }.joined(separator: " · "))
  }

  private func drawFigures(
    _ figures: Figures, fraction: Double?, style: Style, in place: Rect, of frame: inout Frame
  ) {
    let isWide = place.columns >= StageRow.wide - 42
    let shares: [Rect.Share] =
      isWide
      ? [.flexible(), .fixed(26), .fixed(9), .fixed(15)]
      : [.flexible(), .fixed(12), .fixed(0), .fixed(8)]
    let parts = place.splitColumns(shares)
    let room = parts[0].columns
    ProgressBar(fraction: fraction, style: style).draw(
      in: Rect(row: place.row, column: place.column, rows: 1, columns: min(40, room)), of: &frame)
    write(isWide ? figures.amount : figures.shortAmount, in: parts[1], of: &frame, align: .right)
    write(Line(figures.bytes, .muted), in: parts[2], of: &frame, align: .right)
    write(
      Line(isWide ? figures.rate : figures.shortRate, .muted), in: parts[3], of: &frame,
      align: .right)
  }

  // MARK: Time

  private var time: Line {
    switch state {
    case .running(let since, let progress):
      if let left = progress.remaining { return Line(Quantity.estimate(left) + " left", .active) }
      return Line(Quantity.clock(now - since), .active)
    case .done(let summary): return Line(Quantity.duration(summary.duration))
    case .failed(_, let after), .cancelled(let after): return Line(Quantity.duration(after))
    case .waiting, .skipped: return Line()
    case nil:
      let last = stage.pastRuns.first?.summary?.duration
      return Line(last.map { Quantity.duration($0) } ?? "", .muted)
    }
  }
}

/// What a stage that reads files has done, in words.
private struct Figures {
  var amount: Line
  var shortAmount: Line
  var bytes: String
  var rate: String
  var shortRate: String

  init(_ progress: Progress) {
    let seconds = progress.elapsed.inSeconds
    bytes = progress.bytes > 0 ? Quantity.bytes(progress.bytes) : ""
    if let total = progress.totalFiles, total > 1 {
      amount = Line("\(Quantity.count(progress.files)) of \(Quantity.counted(total, "file"))")
      let figures = "\(Quantity.short(Double(progress.files))) of \(Quantity.short(Double(total)))"
      shortAmount = Line(figures)
    } else if progress == Progress() {
      // What stores its rows in one statement tells nothing before it is done.
      (amount, shortAmount) = (Line(""), Line(""))
    } else {
      amount = Line(Quantity.counted(progress.rows, "row"))
      shortAmount = Line(Quantity.short(Double(progress.rows)) + " rows")
    }
    let perSecond = seconds > 0.2 ? Quantity.short(Double(progress.rows) / seconds) : ""
    (rate, shortRate) = Figures.rates(perSecond)
    mark(rejects: progress.rejects)
  }

  init(_ summary: StageSummary) {
    let seconds = summary.duration.inSeconds
    let rows = summary.rows ?? 0
    amount = Line(Quantity.counted(rows, "row"))
    shortAmount = Line(Quantity.short(Double(rows)) + " rows")
    bytes = summary.bytes.map { Quantity.bytes($0) } ?? ""
    (rate, shortRate) = Figures.rates(seconds > 0 ? Quantity.short(Double(rows) / seconds) : "")
    mark(rejects: summary.rejects)
  }

  private static func rates(_ perSecond: String) -> (String, String) {
    perSecond.isEmpty ? ("", "") : (perSecond + " rows/s", perSecond + "/s")
  }

  private mutating func mark(rejects: Int) {
    guard rejects > 0 else { return }
    amount = Line("\(Quantity.counted(rejects, "reject")) ", .warning) + amount
    shortAmount = Line("! \(Quantity.short(Double(rejects))) ", .warning) + shortAmount
  }
}
