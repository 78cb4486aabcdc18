/// One execution of the pipeline, from the first stage to the last.
///
/// The journal's session holds the run lock and does no stage's work; stages work on sessions of
/// their own, one a lane.
struct Run: Sendable {
  let settings: RunSettings
  let open: SessionOpener
  let observe: PipelineObserver
  let engine: any LoadEngine
  let lock: any RunLockHold
  let journal: RunJournal
  let stages: [Stage]
  let selected: [Stage]
  /// When it began: before there was a session.
  let startedAt: Timestamp

  /// Runs the selected stages wave by wave, until one fails or the lock is lost.
  func perform(provisioning: Duration) async -> RunOutcome {
    guard let heartbeat = lock.heartbeat else { return await performStages(provisioning) }
    return await withTaskGroup(of: RunOutcome?.self) { group in
      group.addTask { await performStages(provisioning) }
      group.addTask { await keepLock(every: heartbeat) }
      var outcomes: [RunOutcome] = []
      for await case let outcome? in group {
        outcomes.append(outcome)
        group.cancelAll()
      }
      // A lost lock cancels the stages: it is the cause then.
      return outcomes.first ?? .cancelled
    }
  }

  /// Makes sure of the lock now and then.
  ///
  /// - Returns: nil when it was held until the run ended.
  private func keepLock(every heartbeat: Duration) async -> RunOutcome? {
    while (try? await pause(heartbeat)) != nil {
      do throws(WarehouseError) { try await lock.confirm() } catch {
        return error.kind == .cancelled ? nil : .failed(nil, error)
      }
    }
    return nil
  }

  private func performStages(_ provisioning: Duration) async -> RunOutcome {
    let done: DoneStages
    do throws(WarehouseError) {
      done = try await DoneStages(in: BuildSchema(session: journal.session))
    } catch { return outcome(of: error, in: nil) }
    // Nothing is begun that could not be brought to its end.
    if let obstacle = done.obstacle(of: selected, of: stages) {
      return await perform(obstacle.stage, provisioning, refusal: obstacle.error)
        ?? .failed(obstacle.stage.id, obstacle.error)
    }
    for wave in selected.waves() {
      if let failure = await perform(wave, provisioning) { return failure }
    }
    return .succeeded
  }

  /// Runs the lanes of a wave side by side; a failure in one cancels the other.
  private func perform(
    _ wave: [Stage], _ provisioning: Duration
  ) async -> RunOutcome? {
    let lanes = Self.lanes(of: wave)
    if lanes.count > 1 {
      do throws(WarehouseError) { try await dropForeignKeys() } catch {
        return outcome(of: error, in: wave.first?.id)
      }
    }
    return await withTaskGroup(of: RunOutcome?.self) { group in
      for lane in lanes {
        group.addTask { await perform(lane: lane, provisioning) }
      }
      var outcomes: [RunOutcome] = []
      for await case let outcome? in group {
        outcomes.append(outcome)
        group.cancelAll()
      }
      // The first to fail is the cause; what it cancelled is not.
      return outcomes.first { if case .failed = $0 { true } else { false } } ?? outcomes.first
    }
  }

  /// Drops the keys that an earlier check of this build added; lanes are PostgreSQL's. Each lane
  /// replaces tables that the other one's keys hang on: the lanes would wait for each other until
  /// the server ended one.
  private func dropForeignKeys() async throws(WarehouseError) {
    try await journal.session.transaction { () async throws(WarehouseError) in
      for statement in Self.dropKeys { try await journal.session.execute(statement) }
    }
  }

  private static var dropKeys: [String] {
    ["SET LOCAL search_path TO \(StarSchema.build)"] + StarSchema.foreignKeys.map(KeyChecks.drop)
  }

  /// What comes before stages that run side by side, in the words of a dry run; nothing before one
  /// that runs alone.
  static func steps(before wave: [Stage]) -> [String] {
    lanes(of: wave).count > 1
      ? ["-- on the run's first session:", "BEGIN"] + dropKeys + ["COMMIT"] : []
  }

  private static func lanes(of wave: [Stage]) -> [[Stage]] {
    Array(Dictionary(grouping: wave, by: \.lane).values)
  }

  private func perform(lane: [Stage], _ provisioning: Duration) async -> RunOutcome? {
    for stage in lane {
      if let failure = await perform(stage, provisioning) { return failure }
    }
    return nil
  }

  /// - Parameter refusal: why the stage cannot run, where that is known.
  private func perform(
    _ stage: Stage, _ provisioning: Duration, refusal: WarehouseError? = nil
  ) async -> RunOutcome? {
    let clock = ContinuousClock()
    let start = clock.now
    // What the stage provision does is done before there is a session to record it on.
    let began = stage.id == .provision ? startedAt : Timestamp.now()
    observe(.stageStarted(stage.id, at: began))
    do throws(WarehouseError) {
      try await journal.stageBegan(stage.id, at: began)
      if let refusal { throw refusal }
      var summary = try await StageExecution(run: self, stage: stage).perform()
      summary.duration = clock.now - start + (stage.id == .provision ? provisioning : .zero)
      try await journal.stageEnded(stage.id, .succeeded, summary, error: nil)
      observe(.stageFinished(stage.id, summary))
      return nil
    } catch {
      let duration = clock.now - start
      await record(stage, error, after: duration)
      observe(.stageFailed(stage.id, error, after: duration))
      return outcome(of: error, in: stage.id)
    }
  }

  private func outcome(of error: WarehouseError, in stage: StageID?) -> RunOutcome {
    error.kind == .cancelled ? .cancelled : .failed(stage, error)
  }

  /// Records a failure, also when this task was cancelled. When the server is gone, the next run
  /// will find that this one was interrupted.
  private func record(_ stage: Stage, _ error: WarehouseError, after duration: Duration) async {
    let state: RunState = error.kind == .cancelled ? .cancelled : .failed
    await journal.session.finishing(within: Self.patience(after: error)) {
      try? await journal.stageEnded(
        stage.id, state, StageSummary(duration: duration), error: error)
    }
  }

  /// Records how the run ended, gives the lock back and closes the session.
  func end(_ outcome: RunOutcome, after duration: Duration) async {
    let (state, error): (RunState, WarehouseError?) =
      switch outcome {
      case .succeeded: (.succeeded, nil)
      case .cancelled: (.cancelled, nil)
      case .failed(_, let error): (.failed, error)
      }
    let limit = outcome == .succeeded ? .seconds(60) : Self.patience(after: error ?? .cancelled)
    await journal.session.finishing(within: limit) {
      try? await journal.runEnded(state, after: duration, error: error)
      await lock.release()
    }
    await journal.session.close()
  }

  /// How long the journal may take for its last words. Whoever cancels waits for them, and when a
  /// connection was lost the journal's may be as dead: without them the run counts as interrupted.
  private static func patience(after error: WarehouseError) -> Duration {
    switch error.kind {
    case .cancelled, .connection: RunJournal.patience
    case .configuration, .usage, .server, .input, .dependency, .check, .locked, .system:
      .seconds(60)
    }
  }
}
