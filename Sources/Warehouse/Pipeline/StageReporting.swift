import Synchronization

/// Rejects on their way from the reading threads into the journal.
final class RejectSpool: Sendable {
  /// At most this many of those that wait are told one by one; all are recorded.
  static let told = 20

  private let waiting = Mutex<[Reject]>([])

  func add(_ reject: Reject) { waiting.withLock { $0.append(reject) } }

  func take() -> [Reject] {
    waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
  }
}

extension StageExecution {
  /// Tells progress and records rejects until it is cancelled.
  func report(
    _ rejects: RejectSpool, since start: ContinuousClock.Instant,
    progress: @Sendable () -> Progress
  ) async {
    while !Task.isCancelled {
      tell(progress(), since: start)
      await record(rejects)
      try? await Task.sleep(for: .milliseconds(50))
    }
  }

  /// Tells how far the stage is.
  func tell(_ progress: Progress, since start: ContinuousClock.Instant) {
    var progress = progress
    progress.elapsed = ContinuousClock.now - start
    run.observe(.stageProgressed(stage.id, progress))
  }

  /// Records the rejects that wait, also when this task was cancelled: they say what went wrong.
  func record(_ spool: RejectSpool) async {
    let rejects = spool.take()
    guard !rejects.isEmpty else { return }
    for reject in rejects.prefix(RejectSpool.told) { run.observe(.rejected(stage.id, reject)) }
    await Task {
      do throws(WarehouseError) {
        try await run.journal.rejected(rejects, in: stage.id)
      } catch { log("could not record \(rejects.count) rejects: \(error.message)") }
    }.value
  }
}
