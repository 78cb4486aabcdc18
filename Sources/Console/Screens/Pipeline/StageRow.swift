import Warehouse

/// One stage as a row: glyph, name, word, then what there is to tell, and the time at the right.
struct StageRow {
  var stage: StageDescription
  var run: RunProgress?
  var now: Duration

  /// With so much room in the middle, shares and rates have columns of their own.
  private static let wide = 70
  /// The column of files or bytes done.
  static let shareColumns = 24

  private var state: StageState? { run?.states[stage.id] }

  func draw(in place: Rect, of frame: inout Frame) {
    let parts = place.splitColumns([.fixed(2), .fixed(16), .fixed(11), .flexible(), .fixed(13)])
    let look = look
    let style = state == nil && stage.build != .done ? .muted : look.style
    write(Line(look.glyph, style), in: parts[0], of: &frame)
    write(Line(stage.id.rawValue, nameStyle), in: parts[1], of: &frame)
    write(Line(look.word, style), in: parts[2], of: &frame)
    drawMiddle(in: parts[3], of: &frame)
    write(time, in: parts[4], of: &frame, align: .right)
  }

  /// In a run as it stands there; in a build that is open as it stands in that; else as it stood
  /// when the stage last ran.
  private var look: StateLook {
    if let state { return StateLook(state) }
    let open = StateLook(glyph: "○", word: "not run", style: .muted)
    switch stage.build {
    case .done: return .done
    case .open(let others): return others.isEmpty ? open : .waiting
    case nil: return stage.pastRuns.first.map { StateLook($0.state) } ?? open
    }
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
    case nil: write(Line(atRest, .muted), in: place, of: &frame)
    }
  }

  /// What it waits for in the build that is open, and what it came to before.
  private var atRest: String {
    guard case .open(let others)? = stage.build else { return lastTime }
    let waits = others.isEmpty ? nil : Self.waitsFor(others)
    let before = stage.pastRuns.isEmpty ? nil : "last: " + lastTime
    let text = [waits, before].compactMap { $0 }.joined(separator: " · ")
    return text.isEmpty ? stage.about : text
  }

  private static func waitsFor(_ others: [StageID]) -> String {
    "waits for " + others.map(\.rawValue).joined(separator: ", ")
  }

  private var waitsFor: String {
    let open = stage.dependsOn.filter { other in
      switch run?.states[other] {
      case .waiting, .running: true
      case .done, .failed, .cancelled, .skipped, nil: false
      }
    }
    return open.isEmpty ? "" : Self.waitsFor(open)
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
    let isWide = place.columns >= StageRow.wide
    let shares: [Rect.Share] =
      isWide
      ? [.flexible(), .fixed(22), .fixed(StageRow.shareColumns), .fixed(13)]
      : [.flexible(), .fixed(15), .fixed(0), .fixed(8)]
    let parts = place.splitColumns(shares)
    let room = parts[0].columns - 1
    ProgressBar(fraction: fraction, style: style).draw(
      in: Rect(row: place.row, column: place.column, rows: 1, columns: min(40, room)), of: &frame)
    write(isWide ? figures.rows : figures.short, in: parts[1], of: &frame, align: .right)
    write(Line(figures.share, .muted), in: parts[2], of: &frame, align: .right)
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
      if case .open? = stage.build { return Line() }
      let last = stage.pastRuns.first?.summary?.duration
      return Line(last.map { Quantity.duration($0) } ?? "", .muted)
    }
  }
}

/// What a stage that reads files has done, in words.
private struct Figures {
  /// The rows, and how many records were refused.
  var rows: Line
  /// Files or bytes, and of how many while that is known.
  var share: String
  var rate: String
  /// Where there is little room: now the one, now the other.
  var short: Line
  var shortRate: String

  /// How long each of the two is shown.
  private static let turn = 3.0

  init(_ progress: Progress) {
    let seconds = progress.elapsed.inSeconds
    let perSecond = seconds > 0.2 ? Quantity.short(Double(progress.rows) / seconds) : ""
    (rate, shortRate) = Figures.rates(perSecond)
    let (share, shortShare) = Figures.share(of: progress)
    self.share = share
    // What stores its rows in one statement tells nothing before it is done.
    guard progress != Progress() else {
      (rows, short) = (Line(""), Line(""))
      return
    }
    rows = Line(Quantity.counted(progress.rows, "row"))
    let isShareShown = shortShare != nil && Int(seconds / Figures.turn) % 2 == 1
    short = Line(
      isShareShown ? shortShare ?? "" : Quantity.short(Double(progress.rows)) + " rows")
    mark(rejects: progress.rejects)
  }

  init(_ summary: StageSummary) {
    let seconds = summary.duration.inSeconds
    let count = summary.rows ?? 0
    rows = Line(Quantity.counted(count, "row"))
    short = Line(Quantity.short(Double(count)) + " rows")
    share = summary.bytes.map { Quantity.bytes($0) } ?? ""
    (rate, shortRate) = Figures.rates(seconds > 0 ? Quantity.short(Double(count) / seconds) : "")
    mark(rejects: summary.rejects)
  }

  /// Files of many, else bytes; the shorter form only where there is a total.
  private static func share(of progress: Progress) -> (long: String, short: String?) {
    if let total = progress.totalFiles, total > 1 {
      let (done, all) = (Quantity.short(Double(progress.files)), Quantity.short(Double(total)))
      let exact = "\(Quantity.count(progress.files)) of \(Quantity.counted(total, "file"))"
      return (
        exact.count < StageRow.shareColumns ? exact : "\(done) of \(all) files",
        "\(done)/\(all) files"
      )
    }
    if let total = progress.totalBytes {
      let text = Quantity.bytes(progress.bytes, of: total)
      return (text, text)
    }
    return (progress.bytes > 0 ? Quantity.bytes(progress.bytes) : "", nil)
  }

  private static func rates(_ perSecond: String) -> (String, String) {
    perSecond.isEmpty ? ("", "") : (perSecond + " rows/s", perSecond + "/s")
  }

  private mutating func mark(rejects: Int) {
    guard rejects > 0 else { return }
    rows = Line("\(Quantity.counted(rejects, "reject")) ", .warning) + rows
    short = Line("! \(Quantity.short(Double(rejects))) ", .warning) + short
  }
}
