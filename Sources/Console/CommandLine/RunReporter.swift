import Synchronization
import Warehouse

/// Tells on the command line how a run goes: a line a stage, a line of progress that is written
/// over on a terminal, or a JSON object a line.
final class RunReporter: Sendable {
  private let output: Output
  private let lines: ReportLines
  private let isJSON: Bool
  private let lastProgress = Mutex<[StageID: ContinuousClock.Instant]>([:])

  init(_ invocation: Invocation) {
    output = invocation.output
    lines = ReportLines(output)
    isJSON = invocation.isJSON
  }

  /// A line about what happens before the run.
  func talk(_ line: String) {
    if isJSON { return lines.json("log", [("message", .string(line))]) }
    lines.clearProgress()
    output.talk(line)
  }

  /// Tells an event.
  func report(_ event: PipelineEvent) {
    if isJSON { reportJSON(event) } else { reportText(event) }
  }

  /// What the program answers; throws the run's error.
  func finish(_ outcome: RunOutcome) throws(WarehouseError) -> ExitStatus {
    lines.clearProgress()
    switch outcome {
    case .succeeded: return .done
    case .cancelled: throw .cancelled
    case .failed(_, let error): throw error
    }
  }

  private func reportText(_ event: PipelineEvent) {
    switch event {
    case .runStarted(let id, let stages, _):
      lines.line("run \(id): \(stages.map(\.rawValue).joined(separator: ", "))")
    // The steps of provisioning are lines.
    case .stageStarted, .stageProgressed(.provision, _): break
    case .stageProgressed(let stage, let progress): show(progress, of: stage)
    case .logged(let stage, let text, _):
      lines.line("  \(stage.map { $0.rawValue + ": " } ?? "")\(text)")
    case .rejected(let stage, let reject):
      lines.line(
        "  \(stage.rawValue): reject \(reject.file):\(reject.line)"
          + "\(reject.byteOffset.map { " (byte \($0))" } ?? "")"
          + "\(reject.column.map { ", " + $0 } ?? ""): \(reject.reason)")
    case .checked(let check): tell(check)
    case .stageFinished(let stage, let summary): lines.line(finished(stage, summary))
    case .stageFailed(let stage, let error, let duration):
      lines.line("✗ \(pad(stage)) \(error.message) (\(Quantity.duration(duration)))")
    case .runFinished(let id, let outcome, let duration): tell(outcome, id, duration)
    }
  }

  private func finished(_ stage: StageID, _ summary: StageSummary) -> String {
    var parts: [String] = []
    if let rows = summary.rows { parts.append(Quantity.counted(rows, "row")) }
    if let bytes = summary.bytes { parts.append(Quantity.bytes(bytes)) }
    if summary.rejects > 0 { parts.append(Quantity.counted(summary.rejects, "reject")) }
    if !summary.note.isEmpty { parts.append(summary.note) }
    parts.append(Quantity.duration(summary.duration))
    return "✓ \(pad(stage)) \(parts.joined(separator: ", "))"
  }

  private func tell(_ check: CheckResult) {
    let glyph =
      switch check.verdict {
      case .passed: "✓"
      case .noted: "!"
      case .failed: "✗"
      }
    lines.line("  \(glyph) \(check.title): \(check.detail)")
  }

  private func tell(_ outcome: RunOutcome, _ id: Int, _ duration: Duration) {
    let name = id > 0 ? "run \(id)" : "run"
    switch outcome {
    case .succeeded: lines.line("\(name) succeeded after \(Quantity.duration(duration))")
    case .cancelled: lines.line("\(name) cancelled after \(Quantity.duration(duration))")
    case .failed: lines.line("\(name) failed after \(Quantity.duration(duration))")
    }
  }

  private func pad(_ stage: StageID) -> String {
    let width = StageID.allCases.map(\.rawValue.count).max() ?? 0
    return stage.rawValue + String(repeating: " ", count: width - stage.rawValue.count)
  }

  /// A progress line: ten a second on a terminal, one in five seconds elsewhere.
  private func show(_ progress: Progress, of stage: StageID) {
    let isDue = lastProgress.withLock { lastProgress in
      let now = ContinuousClock.now
      let pause: Duration = lines.isTerminal ? .milliseconds(100) : .seconds(5)
      guard let last = lastProgress[stage] else {
        lastProgress[stage] = now
        return lines.isTerminal
      }
      guard now - last >= pause else { return false }
      lastProgress[stage] = now
      return true
    }
    if isDue { lines.progress("  \(stage.rawValue): \(Self.describe(progress))") }
  }

  private static func describe(_ progress: Progress) -> String {
    var parts = [Quantity.counted(progress.rows, "row")]
    if let total = progress.totalBytes {
      parts.append("\(Quantity.bytes(progress.bytes)) of \(Quantity.bytes(total))")
    }
    if let total = progress.totalFiles, total > 1 {
      parts.append("\(Quantity.count(progress.files)) of \(Quantity.counted(total, "file"))")
    }
    if progress.elapsed.seconds > 0.2 {
      parts.append(
        "\(Quantity.short(Double(progress.rows) / progress.elapsed.seconds)) rows/s")
    }
    if let remaining = progress.remaining { parts.append("\(Quantity.estimate(remaining)) left") }
    return parts.joined(separator: ", ")
  }
}

extension RunReporter {
  private func reportJSON(_ event: PipelineEvent) {
    switch event {
    case .runStarted(let id, let stages, let at):
      lines.json(
        "run-started",
        [
          ("run", .integer(id)), ("stages", .array(stages.map { .string($0.rawValue) })),
          ("at", .string(at.text)),
        ])
    case .stageStarted(let stage, let at):
      lines.json("stage-started", [("stage", .string(stage.rawValue)), ("at", .string(at.text))])
    case .stageProgressed(let stage, let progress):
      lines.json("progress", [("stage", .string(stage.rawValue))] + members(progress))
    case .logged(let stage, let text, let at):
      lines.json(
        "log",
        [
          ("stage", JSONValue(stage?.rawValue)), ("message", .string(text)),
          ("at", .string(at.text)),
        ])
    case .rejected(let stage, let reject):
      lines.json("reject", [("stage", .string(stage.rawValue))] + reject.jsonMembers)
    case .checked(let check): lines.json("check", check.jsonMembers)
    case .stageFinished(let stage, let summary):
      lines.json("stage-finished", [("stage", .string(stage.rawValue))] + summary.jsonMembers)
    case .stageFailed(let stage, let error, let duration):
      lines.json(
        "stage-failed",
        [("stage", .string(stage.rawValue)), ("seconds", .real(duration.seconds))]
          + error.jsonMembers)
    case .runFinished(let id, let outcome, let duration):
      lines.json(
        "run-finished",
        // A run that could not begin was never recorded.
        [("run", id > 0 ? .integer(id) : .null), ("seconds", .real(duration.seconds))]
          + members(outcome))
    }
  }

  private func members(_ progress: Progress) -> [(String, JSONValue)] {
    [
      ("rows", .integer(progress.rows)), ("bytes", .integer(progress.bytes)),
      ("total_bytes", JSONValue(progress.totalBytes)), ("files", .integer(progress.files)),
      ("total_files", JSONValue(progress.totalFiles)), ("rejects", .integer(progress.rejects)),
      ("seconds", .real(progress.elapsed.seconds)),
    ]
  }

  private func members(_ outcome: RunOutcome) -> [(String, JSONValue)] {
    switch outcome {
    case .succeeded: [("state", .string("succeeded"))]
    case .cancelled: [("state", .string("cancelled"))]
    case .failed(let stage, let error):
      [("state", .string("failed")), ("stage", JSONValue(stage?.rawValue))] + error.jsonMembers
    }
  }
}
