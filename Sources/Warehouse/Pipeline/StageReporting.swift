extension StageExecution {
  /// Does `work` while its progress is told and its rejects are recorded, all of them in the end;
  /// of a run that was cancelled no more than wait.
  func reporting<Value: Sendable>(
    _ rejects: RejectSpool, _ progress: @escaping @Sendable () -> Progress,
    _ work: () async -> Value
  ) async -> Value {
    let start = ContinuousClock.now
    let reporter = Task { await report(rejects, since: start, progress) }
    let value = await withTaskCancellationHandler {
      await work()
    } onCancel: {
      rejects.close()
    }
    rejects.close()
    reporter.cancel()
    if Task.isCancelled {
      await run.journal.session.finishing(within: RunJournal.patience) { await reporter.value }
    } else {
      await reporter.value
    }
    tell(progress(), since: start)
    await recordRest(of: rejects)
    return value
  }

  /// Tells progress and records rejects until it is cancelled.
  private func report(
    _ rejects: RejectSpool, since start: ContinuousClock.Instant,
    _ progress: @Sendable () -> Progress
  ) async {
    while !Task.isCancelled {
      tell(progress(), since: start)
      while !Task.isCancelled, await recordNext(of: rejects) {}
      try? await Task.sleep(for: .milliseconds(50))
    }
  }

  private func tell(_ progress: Progress, since start: ContinuousClock.Instant) {
    var progress = progress
    progress.elapsed = ContinuousClock.now - start
    run.observe(.stageProgressed(stage.id, progress))
  }

  /// Records the rejects that wait; after a cancel only the next ones, as somebody waits for the end.
  private func recordRest(of rejects: RejectSpool) async {
    if Task.isCancelled {
      await run.journal.session.finishing(within: RunJournal.patience) {
        _ = await recordNext(of: rejects)
      }
    } else {
      while await recordNext(of: rejects) {}
    }
    if rejects.untold > 0 { log("… and \(rejects.untold) more rejects") }
  }

  /// Records the next rejects, also when this task was cancelled: they say what went wrong.
  ///
  /// - Returns: whether there were any.
  private func recordNext(of spool: RejectSpool) async -> Bool {
    let (rejects, told) = spool.take()
    guard !rejects.isEmpty else { return false }
    for reject in rejects.prefix(told) { run.observe(.rejected(stage.id, reject)) }
    await Task {
      do throws(WarehouseError) {
        try await run.journal.rejected(rejects, in: stage.id)
      } catch { log("could not record \(rejects.count) rejects: \(error.message)") }
    }.value
    return true
  }
}
