import Warehouse

/// The session that the screens read through, opened when it is first needed and again when it was
/// lost.
///
/// It is used by one at a time, in the order in which they come: what one of them does may be a
/// transaction of several statements, in which no other's belongs.
actor ReadingSession {
  private var session: PostgresSession?
  private var place: ObjectIdentifier?
  private var opening: Task<Result<PostgresSession, WarehouseError>, Never>?
  private let isReadOnly: Bool
  private var isTaken = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(isReadOnly: Bool = false) { self.isReadOnly = isReadOnly }

  /// Whether it was opened, and stands as far as can be told.
  var isOpen: Bool {
    get async { await session?.isAlive == true }
  }

  /// Where it stands in a transaction; nil when it is not open.
  var transactionStatus: TransactionStatus? {
    get async { await isOpen ? await session?.transactionStatus : nil }
  }

  /// Its process at the server; nil when it is not open.
  var backend: Int32? { session?.backendID }

  /// Does something with the session once nobody else does.
  ///
  /// - Throws: `.cancelled` when the task was cancelled while it waited; it waits until it is its
  ///   turn all the same.
  func use<Value: Sendable>(
    _ target: WarehouseTarget, _ report: @escaping @Sendable (String) -> Void = { _ in },
    _ body: @Sendable (PostgresSession) async throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value {
    await takeTurn()
    defer { passTurnOn() }
    if Task.isCancelled { throw .cancelled }
    return try await body(try await open(target, report))
  }

  private func takeTurn() async {
    guard isTaken else {
      isTaken = true
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  private func passTurnOn() {
    if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
  }

  private func open(
    _ target: WarehouseTarget, _ report: @escaping @Sendable (String) -> Void
  ) async throws(WarehouseError) -> PostgresSession {
    if let session, place == ObjectIdentifier(target), await session.isAlive { return session }
    let task =
      opening
      ?? Task {
        await Result { [isReadOnly] () async throws(WarehouseError) in
          let session = try await target.openSession(for: isReadOnly ? .reading : .all, report)
          if isReadOnly, await session.engine == .postgres {
            try await session.execute("SET default_transaction_read_only TO on")
          }
          return session
        }
      }
    opening = task
    let result = await task.value
    if opening == task {
      opening = nil
      await session?.close()
      session = try? result.get()
      place = ObjectIdentifier(target)
    }
    return try result.get()
  }

  /// Ends it; what runs on it is cancelled.
  func close() async {
    opening?.cancel()
    _ = await opening?.value
    session?.cancel()
    await session?.close()
    session = nil
  }
}

extension Result {
  /// What `body` returns or throws.
  init(_ body: () async throws(Failure) -> Success) async {
    do throws(Failure) {
      self = .success(try await body())
    } catch {
      self = .failure(error)
    }
  }
}
