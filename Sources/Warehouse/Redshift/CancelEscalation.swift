import Synchronization

/// Stops what a session of Redshift runs when a plain cancel does not: after some seconds by
/// `pg_cancel_backend` on another connection, and at last by ending the session, which alone frees
/// the locks of a transaction (developer guide, "CANCEL", "PG_TERMINATE_BACKEND").
final class CancelEscalation: Sendable {
  private let processID: Int
  private let open: SessionOpener
  private let patience: Duration
  private let isOver = Mutex(false)

  /// - Parameter patience: how long each step is waited for.
  init(processID: Int, patience: Duration = .seconds(5), _ open: @escaping SessionOpener) {
    self.processID = processID
    self.open = open
    self.patience = patience
  }

  /// Somebody cancelled; the connection's own cancel is under way. Returns at once.
  func begin() {
    Task {
      for step in ["pg_cancel_backend", "pg_terminate_backend"] {
        try? await Task.sleep(for: patience)
        if isOver.withLock({ $0 }) { return }
        await ask(step)
      }
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
