import Warehouse

extension StageDescription {
  /// Its statements, one behind the other.
  var statements: TextViewer {
    let text = sql.map(DryRun.terminated).joined(separator: "\n\n")
    return TextViewer(title: "\(id.rawValue) · SQL", lines: TextPane.lines(text), copy: text)
  }
}

extension PipelineScreen {
  /// Everything about a stage, as a text.
  func details(_ stage: StageDescription) -> TextViewer {
    var lines = [Line(stage.about), Line()]
    lines += FactList.lines(facts(stage))
    lines += errorLines(stage.id)
    lines += pastRuns(stage)
    return TextViewer(
      title: stage.id.rawValue, lines: lines, copy: lines.map(\.text).joined(separator: "\n"))
  }

  private func facts(_ stage: StageDescription) -> [Fact] {
    let names = stage.dependsOn.map(\.rawValue).joined(separator: ", ")
    var facts = [
      Fact("waits for", names.isEmpty ? "nothing" : names),
      Fact("statements", Quantity.count(stage.sql.count)),
    ]
    if let obstacle = stage.obstacle { facts.append(Fact("now", Line(obstacle, .warning))) }
    if let maxRejects, stage.id.readsFiles {
      facts.append(Fact("max rejects", Quantity.count(maxRejects)))
    }
    return facts
  }

  private func errorLines(_ stage: StageID) -> [Line] {
    guard case .failed(let error, _)? = run?.states[stage] else { return [] }
    return [Line(), Line("Error", .accent.bold)] + RunProgress.lines(error)
      + (error.sqlState.map { [Line("SQLSTATE \($0)", .muted)] } ?? [])
  }

  private func pastRuns(_ stage: StageDescription) -> [Line] {
    let heading = [Line(), Line("Past runs", .accent.bold)]
    guard !stage.pastRuns.isEmpty else { return heading + [Line("none yet", .muted)] }
    return heading
      + stage.pastRuns.flatMap { record in
        let state = StateLook(record.state)
        let rows = record.summary?.rows.map { Quantity.counted($0, "row") }
        let result = record.error ?? rows ?? record.summary?.note ?? ""
        let took = record.summary.map { Quantity.duration($0.duration) } ?? ""
        let text =
          "run \(record.runID)".padded(10) + record.startedAt.minuteText + "  " + took.padded(10)
        let line = Line(state.glyph + " " + state.word.padded(12), state.style) + Line(text)
        let results = result.split(separator: "\n").map(String.init)
        let first = (line + Line(results.first ?? "", .muted)).hanging(Self.resultColumn)
        let gap = Line(String(repeating: " ", count: Self.resultColumn))
        return [first]
          + results.dropFirst().map { (gap + Line($0, .muted)).hanging(Self.resultColumn) }
      }
  }

  /// Where in a past run's row its result begins.
  private static let resultColumn = 52
}

extension String {
  /// A text of several lines where there is room for one.
  var inOneLine: String { split(separator: "\n").joined(separator: " · ") }
}

extension String {
  /// With spaces behind it up to so many characters.
  func padded(_ count: Int) -> String {
    self + String(repeating: " ", count: max(1, count - self.count))
  }
}

extension Timestamp {
  /// `2018-11-01 20:57`.
  var minuteText: String { dateText + " " + clockText.prefix(5) }
}
