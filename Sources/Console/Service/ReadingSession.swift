import Warehouse

/// The session that the screens read through, opened when it is first needed and again when it was
/// lost. Whoever comes while it is being opened waits for the same one.
actor ReadingSession {
  private var session: PostgresSession?
  private var place: ObjectIdentifier?
  private var opening: Task<Result<PostgresSession, WarehouseError>, Never>?
  private let isReadOnly: Bool

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

  func use<Value: Sendable>(
    _ target: WarehouseTarget, _ report: @escaping @Sendable (String) -> Void = { _ in },
    _ body: @Sendable (PostgresSession) async throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value {
    try await body(try await open(target, report))
  }

  private func open(
    _ target: WarehouseTarget, _ report: @escaping @Sendable (String) -> Void
  ) async throws(WarehouseError) -> PostgresSession {
    if let session, place == ObjectIdentifier(target), await session.isAlive { return session }
    let task =
      opening
      ?? Task {
        await Result { [isReadOnly] () async throws(WarehouseError) in
          let session = try await target.openSession(report)
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
