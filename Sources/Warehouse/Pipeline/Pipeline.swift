/// Opens a session to the warehouse, starting the warehouse first where that is ours to do.
/// Lines about what it does go to the closure it is given.
public typealias SessionOpener =
  @Sendable (_ report: @escaping @Sendable (String) -> Void) async throws(WarehouseError) ->
  any Session

/// What a run works with, once the warehouse is there.
public struct PreparedRun: Sendable {
  let settings: RunSettings
  let open: SessionOpener

  /// A run with these settings, on the warehouse that `open` connects to.
  public init(settings: RunSettings, open: @escaping SessionOpener) {
    self.settings = settings
    self.open = open
  }
}

/// Makes ready what a run works with: the warehouse, the sources. What it takes is the time of the
/// stage `provision`.
public typealias RunPreparation = @Sendable () async throws(WarehouseError) -> PreparedRun

/// Runs stages, in order, on one warehouse, and reports.
///
/// Each stage's work and the mark that says it is done share a transaction, and the published star
/// changes only in the last one: a run may die anywhere, and the next run needs no help.
public struct Pipeline: Sendable {
  private let prepare: RunPreparation
  private let observe: PipelineObserver

  /// A pipeline over the warehouse that `open` connects to.
  public init(
    settings: RunSettings, open: @escaping SessionOpener, observe: @escaping PipelineObserver
  ) {
    let prepared = PreparedRun(settings: settings, open: open)
    self.init(observe: observe) { prepared }
  }

  /// A pipeline over what `prepare` makes ready at the beginning of a run.
  public init(observe: @escaping PipelineObserver, prepare: @escaping RunPreparation) {
    self.prepare = prepare
    self.observe = observe
  }

  /// Runs what is selected and says how it ended. Never throws: errors are in the outcome.
  ///
  /// Cancelling the task cancels what the server runs; the outcome is then `.cancelled`, and the
  /// run is recorded as such.
  public func run(_ selection: StageSelection) async -> RunOutcome {
    let clock = ContinuousClock()
    let start = clock.now
    let started = Timestamp.now()
    var run: Run?
    let outcome: RunOutcome
    do throws(WarehouseError) {
      let prepared = try await prepare()
      let session = try await prepared.open { observe(.logged(.provision, $0, at: .now())) }
      let begun = try await begin(selection, prepared, on: session, at: started)
      run = begun
      outcome = await begun.perform(provisioning: clock.now - start)
    } catch {
      outcome =
        error.kind == .cancelled ? .cancelled : .failed(run == nil ? .provision : nil, error)
    }
    let duration = clock.now - start
    await run?.end(outcome, after: duration)
    observe(.runFinished(id: run?.journal.runID ?? 0, outcome, after: duration))
    return outcome
  }

  private func begin(
    _ selection: StageSelection, _ prepared: PreparedRun, on session: any Session,
    at start: Timestamp
  ) async throws(WarehouseError) -> Run {
    let (settings, open) = (prepared.settings, prepared.open)
    var held: (any RunLockHold)?
    do throws(WarehouseError) {
      let engine = await session.engine
      let loading = engine.loading(settings.redshift)
      let stages = Stage.all(for: engine, restages: settings.restage != nil)
      let selected = try stages.selected(selection)
      guard let lock = try await loading.acquireLock(on: session, open) else {
        throw await inTheWay(session)
      }
      held = lock
      try await RunJournal.prepare(session)
      let journal = try await RunJournal.begin(
        on: session, selection: selection.title, startedBy: settings.startedBy, at: start,
        configuration: settings.configuration)
      try await session.execute(loading.nameStatement(run: "\(journal.runID)"))
      observe(.runStarted(id: journal.runID, stages: selected.map(\.id), at: start))
      return Run(
        settings: settings, open: open, observe: observe, engine: loading, lock: lock,
        journal: journal, stages: stages, selected: selected, startedAt: start)
    } catch {
      await held?.release()
      await session.close()
      throw error
    }
  }

  /// The error that names the run in the way.
  private func inTheWay(_ session: any Session) async -> WarehouseError {
    let holder = try? await RunHistory(session).runs(limit: 1).first
    let who = holder.flatMap { $0.state == .running ? $0 : nil }.map {
      "run \($0.id) (\($0.selection)) by \($0.startedBy), since \($0.startedAt.text)"
    }
    return WarehouseError(
      .locked, "could not begin a run: another one holds this warehouse", detail: who,
      hint: "Wait until it ends, or cancel it where it runs.")
  }
}
