import Synchronization

/// Statements of an analyst, run one after the other; the rows of the last come as they are wanted.
public struct QueryRun: Sendable, Equatable {
  /// What the statements may do.
  public enum Access: Sendable, Equatable {
    /// Read: they run in one read-only transaction, which is rolled back at the end.
    case reading
    /// Change things: each is committed by itself.
    case writing
  }

  /// What came from the last statement.
  public enum Event: Sendable, Equatable {
    /// Its columns, once.
    case columns([ResultColumn])
    /// Its next rows.
    case rows([[String?]])
    /// There are more rows than were wanted; the server waits at the gate.
    case paused
  }

  /// How it ended.
  public enum End: Sendable, Equatable {
    /// All rows have come. With the rows that were changed, where none came back.
    case complete(affectedRows: Int?)
    /// There are more rows, and nobody wanted them in time: the server was stopped.
    case cut
  }

  /// The statements, in order.
  public let statements: [Statement]
  /// What they may do.
  public let access: Access

  /// A run of statements.
  public init(_ statements: [Statement], access: Access = .reading) {
    self.statements = statements
    self.access = access
  }

  /// Runs them, and returns once the server is done with them.
  ///
  /// Cancelling the task stops the server, also while it waits at the gate. `receive` is called on
  /// the session's own thread.
  /// - Throws: what the server refused, with its position in the statement; `.cancelled`.
  public func perform(
    on session: PostgresSession, gate: RowGate, receive: @escaping @Sendable (Event) -> Void
  ) async throws(WarehouseError) -> End {
    guard let last = statements.last else {
      throw WarehouseError(.usage, "there is no statement in it", hint: "Write one.")
    }
    do throws(WarehouseError) {
      if access == .reading { try await ReadOnlyTransaction.begin(on: session) }
      for statement in statements.dropLast() {
        do throws(WarehouseError) {
          _ = try await session.execute(statement, limit: 0)
        } catch {
          throw statement.explained(error)
        }
        if access == .reading {
          try await ReadOnlyTransaction.require(on: session, after: statement)
        }
      }
      let end = try await stream(last, session, gate, receive)
      if access == .reading { await ReadOnlyTransaction.end(on: session) }
      return end
    } catch {
      if access == .reading { await ReadOnlyTransaction.end(on: session) }
      throw error
    }
  }

  private func stream(
    _ statement: Statement, _ session: PostgresSession, _ gate: RowGate,
    _ receive: @escaping @Sendable (Event) -> Void
  ) async throws(WarehouseError) -> End {
    let pages = Mutex(Pages(receive))
    let outcome = await withTaskCancellationHandler {
      await Self.outcome { () async throws(WarehouseError) in
        try await session.stream(statement, batch: 1) { result in
          pages.withLock { $0.take(result, at: gate) }
        }
      }
    } onCancel: {
      gate.close()
    }
    if Task.isCancelled { throw .cancelled }
    if case .failure(let error) = outcome { throw statement.explained(error) }
    return pages.withLock { $0.end() }
  }

  private static func outcome(
    _ body: () async throws(WarehouseError) -> Void
  ) async -> Result<Void, WarehouseError> {
    do throws(WarehouseError) {
      return .success(try await body())
    } catch {
      return .failure(error)
    }
  }

  /// Rows on their way, gathered as long as they come fast.
  private struct Pages {
    private let receive: @Sendable (Event) -> Void
    private var hasColumns = false
    private var waiting: [[String?]] = []
    private var count = 0
    private var isCut = false
    private var affectedRows: Int?
    private var sentAt: ContinuousClock.Instant?

    init(_ receive: @escaping @Sendable (Event) -> Void) { self.receive = receive }

    mutating func take(_ result: ResultSet, at gate: RowGate) -> StreamStep {
      if !hasColumns, !result.columns.isEmpty {
        receive(.columns(result.columns))
        hasColumns = true
      }
      affectedRows = result.affectedRows ?? affectedRows
      for row in result.rows {
        let index = count
        let mayPass = gate.pass(index) {
          send()
          receive(.paused)
        }
        guard mayPass else {
          isCut = true
          return .stop
        }
        waiting.append(row)
        count += 1
      }
      if isDue { send() }
      return .proceed
    }

    /// The first row is shown at once; later ones when they are many or it has been a while.
    private var isDue: Bool {
      guard waiting.count < 500, let sentAt else { return true }
      return sentAt.duration(to: .now) >= .milliseconds(40)
    }

    private mutating func send() {
      sentAt = .now
      guard !waiting.isEmpty else { return }
      receive(.rows(waiting))
      waiting = []
    }

    mutating func end() -> End {
      send()
      return isCut ? .cut : .complete(affectedRows: affectedRows)
    }
  }
}
