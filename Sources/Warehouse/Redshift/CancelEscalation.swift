import Synchronization

/// Stops what a session of Redshift runs when a plain cancel does not: after some seconds by
/// `pg_cancel_backend` on another connection, and then by ending the session, which alone frees the
/// locks of a transaction (developer guide, "CANCEL", "PG_TERMINATE_BACKEND"). A server that follows
/// none of it is waited for no longer: our end of the connection is cut.
final class CancelEscalation: Sendable {
  private let processID: Int
  private let open: SessionOpener
  private let abandon: @Sendable () -> Void
  private let patience: Duration
  private let isOver = Mutex(false)

  /// - Parameters:
  ///   - patience: how long each step is waited for.
  ///   - abandon: cuts the connection, so that whoever waits for it goes on.
  init(
    processID: Int, patience: Duration, _ open: @escaping SessionOpener,
    abandon: @escaping @Sendable () -> Void
  ) {
    self.processID = processID
    self.open = open
    self.abandon = abandon
    self.patience = patience
  }

  /// Somebody cancelled; the connection's own cancel is under way. Returns at once.
  func begin() {
    Task {
      for step in ["pg_cancel_backend", "pg_terminate_backend"] {
        try? await Task.sleep(for: patience)
        if isOver.withLock({ $0 }) { return }
        // A server that does not answer here either must not keep the next step from its turn.
        Task { await ask(step) }
      }
      try? await Task.sleep(for: patience)
      if !isOver.withLock({ $0 }) { abandon() }
    }
  }

  /// What was to be stopped is over.
  func end() { isOver.withLock { $0 = true } }

  private func ask(_ function: String) async {
    guard let session = try? await open({ _ in }) else { return }
    // Between the look and the call the process may go on to nothing else: its session waits for us.
    if !isOver.withLock({ $0 }) {
      _ = try? await session.execute(Statement("SELECT \(function)($1)", Parameter(processID)))
    }
    await session.close()
  }
}
