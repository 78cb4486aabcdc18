import Synchronization

/// What the stage `provision` does at AWS. It comes before a run has a session to be recorded on.
extension WarehouseTarget {
  /// Makes the warehouse that the configuration names, or resumes it, before a run connects to it.
  /// One that answers is left as it is.
  ///
  /// Cancelling the task ends the wait; AWS goes on with what it was asked for.
  ///
  /// - Parameters:
  ///   - selection: what is run; only with the stage `provision` is anything made.
  ///   - settings: of the run: nothing that costs money is made for a run that must fail.
  /// - Returns: whether anything was done. Endpoint and role then stand in the configuration file,
  ///   which must be read again.
  /// - Throws: as `Provisioner.provision`; `.connection` when a warehouse that runs does not answer.
  public func provision(
    for selection: StageSelection, _ settings: RunSettings, _ observe: @escaping PipelineObserver
  ) async throws(WarehouseError) -> Bool {
    guard configuration.asksForCloud else { return false }
    guard selection.provisions else {
      guard configuration.target == .embedded else { return false }
      throw WarehouseError(
        .configuration, "could not run \(selection.title): the warehouse is not made yet",
        hint: "Run the stage provision first, or all stages.")
    }
    if try await answers() { return false }
    if selection != .only([.provision]) { try settings.requireBuckets() }
    let log = ProvisionLog(observe)
    let provisioner = try Provisioner(configuration, statements: observer) { log.tell($0) }
    log.line("provisioning \(provisioner.plan.outline())")
    try await provisioner.detached { provisioner, cancellation throws(WarehouseError) in
      _ = try provisioner.provision(cancellation)
    }
    return true
  }

  /// Whether the configured server lets us in.
  ///
  /// - Throws: why not, unless AWS says that the warehouse is missing or does not run.
  private func answers() async throws(WarehouseError) -> Bool {
    guard configuration.target == .server else { return false }
    do throws(WarehouseError) {
      let session = try await connectToServer()
      await session.close()
      return true
    } catch {
      guard error.kind != .cancelled, await isAway() else { throw error }
      return false
    }
  }

  private func isAway() async -> Bool {
    guard let status = try? await CloudStatus.asked(configuration, observer: observer) else {
      return false
    }
    switch status.state {
    case nil, .paused?, .changing?: return true
    case .available?, .leaving?, .broken?: return false
    }
  }
}

extension StageSelection {
  /// Whether the stage `provision` is among them.
  var provisions: Bool {
    switch self {
    case .all: true
    case .from(let first): first == .provision
    case .only(let stages): stages.contains(.provision)
    }
  }
}

extension RunSettings {
  /// - Throws: `.configuration` when a source lies where Redshift cannot read it.
  fileprivate func requireBuckets() throws(WarehouseError) {
    for table in StarSchema.stagingTables {
      let source = restage?.output.text ?? source(of: table)
      if DataLocation(s3: source) == nil { throw CopyPreparation.notInBucket(source) }
    }
  }
}

/// Tells the steps of provisioning as the stage's log: each step, and each state that is waited in.
private final class ProvisionLog: Sendable {
  private struct State {
    var word = ""
    var toldAt: ContinuousClock.Instant?
  }

  private let observe: PipelineObserver
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  init(_ observe: @escaping PipelineObserver) { self.observe = observe }

  func line(_ text: String) { observe(.logged(.provision, text, at: .now())) }

  func tell(_ event: CloudEvent) {
    var progress = Progress()
    progress.elapsed = ContinuousClock.now - start
    observe(.stageProgressed(.provision, progress))
    switch event {
    case .started: state.withLock { $0.word = "" }
    case .progressed(let step, let words):
      if isDue(words) { line("\(step.rawValue): \(words)") }
    case .warned(let step, let words): line("! \(step.rawValue): \(words)")
    case .finished(let step, let change, let note):
      line("\(step.rawValue) \(change.rawValue)\(note.isEmpty ? "" : ": " + note)")
    case .failed: break  // What is thrown says it.
    }
  }

  /// Another state is told at once, the same one once a minute.
  private func isDue(_ words: String) -> Bool {
    let word = String(words.prefix { $0 != "," })
    return state.withLock { state in
      let now = ContinuousClock.now
      let isOld = state.toldAt.map { now - $0 >= .seconds(60) } ?? true
      guard isOld || state.word != word else { return false }
      state = State(word: word, toldAt: now)
      return true
    }
  }
}
