import Synchronization

/// Stops what a session runs when a plain cancel does not: after some seconds in stronger words on
/// another connection, each step waited for before the next. A server that follows none of it is
/// waited for no longer: our end of the connection is cut.
final class CancelEscalation: Sendable {
  /// A function of the server that takes a process and makes it stop.
  enum Step: String {
    case cancel = "pg_cancel_backend"
    /// Ends the session, which alone frees the locks of a transaction on Redshift (developer guide,
    /// "CANCEL", "PG_TERMINATE_BACKEND").
    case terminate = "pg_terminate_backend"
  }

  private let processID: Int
  private let steps: [Step]
  private let open: SessionOpener
  private let abandon: @Sendable () -> Void
  private let patience: Duration
  private let isOver = Mutex(false)

  private init(
    processID: Int, steps: [Step], patience: Duration, _ open: @escaping SessionOpener,
    abandon: @escaping @Sendable () -> Void
  ) {
    self.processID = processID
    self.steps = steps
    self.open = open
    self.abandon = abandon
    self.patience = patience
  }

  /// Asks which process serves the session: what it runs is ended by that.
  static let watchStatement = "SELECT pg_backend_pid()"

  /// Does `body` on `session`; when the task is cancelled, takes one step after the other until it
  /// is over.
  ///
  /// - Parameters:
  ///   - steps: what is tried before the connection is cut.
  ///   - patience: how long each is waited for, and the connection's own cancel before them.
  ///   - open: opens another connection.
  /// - Throws: what `body` threw; `.cancelled` for a connection that was lost by cancelling.
  static func watch<Value: Sendable>(
    _ session: any Session, steps: [Step], patience: Duration, _ open: @escaping SessionOpener,
    _ body: () async throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value {
    let answer = try await session.execute(watchStatement).scalar
    let escalation = CancelEscalation(
      processID: answer.flatMap { Int($0) } ?? 0, steps: steps, patience: patience, open,
      abandon: { session.abandon() })
    let result = await withTaskCancellationHandler {
      await Self.result(of: body)
    } onCancel: {
      escalation.begin()
    }
    escalation.end()
    do { return try result.get() } catch  where Task.isCancelled {
      // A session that was lost was ended because nothing else stopped it.
      throw error.kind == .connection || error.kind == .cancelled ? .cancelled : error
    }
  }

  private static func result<Value: Sendable>(
    of body: () async throws(WarehouseError) -> Value
  ) async -> Result<Value, WarehouseError> {
    do throws(WarehouseError) { return .success(try await body()) } catch {
      return .failure(error)
    }
  }

  /// Somebody cancelled; the connection's own cancel is under way. Returns at once.
  private func begin() {
    Task {
      for step in steps {
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
  private func end() { isOver.withLock { $0 = true } }

  private func ask(_ step: Step) async {
    guard let session = try? await open({ _ in }) else { return }
    // Between the look and the call the process may go on to nothing else: its session waits for us.
    if !isOver.withLock({ $0 }) {
      _ = try? await session.execute(
        Statement("SELECT \(step.rawValue)($1)", Parameter(processID)))
    }
    await session.close()
  }
}

extension Session {
  /// Does `body` also when the task was cancelled, for at most `limit`: then the connection is cut,
  /// so that what waits for a server that does not answer fails.
  func finishing(
    within limit: Duration, _ body: @escaping @Sendable () async -> Void
  ) async {
    await Task {
      let alarm = Task {
        do { try await Task.sleep(for: limit) } catch { return }
        abandon()
      }
      await body()
      alarm.cancel()
    }.value
  }
}
