import Synchronization
import Warehouse

/// Tells on the command line how provisioning goes: a line a step, a line of progress that is
/// written over on a terminal, or a JSON object a line.
final class CloudReporter: Sendable {
  private struct State {
    var lastWord = ""
    var lastTime: ContinuousClock.Instant?
  }

  private let lines: ReportLines
  private let isJSON: Bool
  private let state = Mutex(State())

  init(_ invocation: Invocation) {
    lines = ReportLines(invocation.output)
    isJSON = invocation.isJSON
  }

  /// Tells an event.
  func report(_ event: CloudEvent) {
    if isJSON { reportJSON(event) } else { reportText(event) }
  }

  /// Tells what came out of it.
  func finish(_ members: [(String, JSONValue)], lines texts: [String]) {
    if isJSON { return lines.json("finished", members) }
    for text in texts { lines.line(text) }
  }

  private func reportText(_ event: CloudEvent) {
    switch event {
    case .started: state.withLock { $0.lastWord = "" }
    case .progressed(let step, let words): progress("  \(step.rawValue): \(words)", words)
    case .warned(let step, let words): lines.line("! \(step.padded) \(words)")
    case .finished(let step, let change, let note):
      lines.line("✓ \(step.padded) \(change.rawValue)\(note.isEmpty ? "" : ": " + note)")
    case .failed(let step, let error): lines.line("✗ \(step.padded) \(error.message)")
    }
  }

  /// On a terminal each look is told; elsewhere each other state, and the same one once a minute.
  private func progress(_ text: String, _ words: String) {
    guard !lines.isTerminal else { return lines.progress(text) }
    let word = words.prefix { $0 != "," }
    let isDue = state.withLock { state in
      let now = ContinuousClock.now
      let isOld = state.lastTime.map { now - $0 >= .seconds(60) } ?? true
      guard isOld || state.lastWord != word else { return false }
      (state.lastWord, state.lastTime) = (String(word), now)
      return true
    }
    if isDue { lines.progress(text) }
  }

  // MARK: For machines

  private func reportJSON(_ event: CloudEvent) {
    switch event {
    case .started(let step): lines.json("step-started", [("step", .string(step.rawValue))])
    case .progressed(let step, let words):
      lines.json("progress", [("step", .string(step.rawValue)), ("state", .string(words))])
    case .warned(let step, let words):
      lines.json("warning", [("step", .string(step.rawValue)), ("message", .string(words))])
    case .finished(let step, let change, let note):
      lines.json(
        "step-finished",
        [
          ("step", .string(step.rawValue)), ("change", .string(change.rawValue)),
          ("note", .string(note)),
        ])
    case .failed(let step, let error):
      lines.json("step-failed", [("step", .string(step.rawValue))] + error.jsonMembers)
    }
  }
}

extension CloudStep {
  /// The name, as wide as the widest.
  fileprivate var padded: String {
    let width = CloudStep.allCases.map(\.rawValue.count).max() ?? 0
    return rawValue + String(repeating: " ", count: width - rawValue.count)
  }
}

extension Invocation {
  /// Does something to the warehouse in the cloud, with the steps told. Cancelling stops it.
  func withProvisioner<Value: Sendable>(
    _ reporter: CloudReporter,
    _ body: @escaping @Sendable (Provisioner, Cancellation) throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value {
    let provisioner = try Provisioner(
      try configuration(), observe: { reporter.report($0) })
    do throws(WarehouseError) {
      return try await provisioner.detached(body)
    } catch {
      if error.kind == .cancelled {
        output.talk(
          "AWS goes on with what it was asked for: the same command finishes the work, and "
            + "`sparkify cluster teardown` removes what is there.")
      }
      throw error
    }
  }

  /// Writes every call that something would make.
  func dryRun(
    from start: CloudDryRun.Start, _ body: (Provisioner) throws(WarehouseError) -> Void
  ) throws(WarehouseError) -> ExitStatus {
    let calls = try CloudDryRun(try configuration(), from: start, body).calls
    for call in calls {
      guard isJSON else {
        output.line(output.data(call))
        continue
      }
      var json = JSONText()
      json.object([("call", .string(call))])
      output.line(json.text)
    }
    return .done
  }
}
