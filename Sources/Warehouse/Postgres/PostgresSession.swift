/// One connection to PostgreSQL, or to what speaks its protocol.
///
/// libpq blocks, so the session lives on a thread of its own. Calls that wait for another one to
/// finish wait in line; cancelling such a call takes effect when its turn comes.
public actor PostgresSession: Session {
  private let executor = QueueExecutor(label: "warehouse.postgres")
  /// The session's own queue.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  var connection = PostgresConnection()
  let canceller = Canceller()
  private let observer: StatementObserver?
  private var lostBy: WarehouseError?
  /// Whether the transaction that is open only reads.
  var isReadOnly = false

  /// What answers at the other end, by its `version()`.
  public private(set) var engine = Engine.postgres
  /// What `version()` answered, as it stands.
  public private(set) var version = ""

  private init(observer: StatementObserver?) { self.observer = observer }

  /// Connects and agrees on UTC, ISO dates and UTF-8.
  ///
  /// - Parameters:
  ///   - observer: hears of every statement that a caller runs.
  ///   - notices: hears what the server says beside its answers; nil drops it.
  /// - Throws: `.connection` or `.configuration` with libpq's own words and a hint, never with the
  ///   password; `.cancelled` at once when the task is cancelled.
  public static func connect(
    _ settings: ConnectionSettings, observer: StatementObserver? = nil,
    notices: NoticeObserver? = nil
  ) async throws(WarehouseError) -> PostgresSession {
    let session = PostgresSession(observer: observer)
    // A name server that does not answer blocks libpq; whoever cancels need not wait for it.
    try await abandonable { () async throws(WarehouseError) in
      try await session.open(settings, notices)
    }
    return session
  }

  private func open(
    _ settings: ConnectionSettings, _ notices: NoticeObserver?
  ) throws(WarehouseError) {
    connection = try PostgresConnection(settings, notices: notices) { Task.isCancelled }
    canceller.attach(to: connection)
    let answer = try connection.run(script: SQLText.selectVersion)
    version = answer.first.flatMap { $0.first ?? nil } ?? ""
    engine = Engine(version: version)
    switch engine {
    case .postgres:
      try connection.run(script: SQLText.startSession)
    case .redshift:
      try connection.run(script: SQLText.startRedshiftSession)
    }
  }

  /// The server process that serves this session (`pg_backend_pid()`). Never waits, so that another
  /// session can be told to terminate it.
  public nonisolated var backendID: Int32 { canceller.backendID }

  /// Where the session stands in a transaction.
  public var transactionStatus: TransactionStatus { connection.transactionStatus }

  /// Whether the connection still stands, as far as can be told without asking the server.
  public var isAlive: Bool { lostBy == nil && connection.isAlive }

  /// A setting that the server reports by itself, such as `server_version`; nil when it does not.
  public func parameterStatus(_ name: String) -> String? { connection.parameterStatus(name) }

  /// Ends another session for good, also where `cancel` does not reach it.
  ///
  /// - Returns: whether there was such a session.
  @discardableResult
  public func terminate(backend: Int32) async throws(WarehouseError) -> Bool {
    let statement = Statement("SELECT pg_terminate_backend($1)", .integer(Int64(backend)))
    return try await execute(statement).scalar == "t"
  }

  /// Asks the server to stop the statement that runs now. Returns at once, from any thread.
  public nonisolated func cancel() { canceller.cancel() }

  /// Cuts the connection without a word to the server: for one that does not answer any more.
  /// What waits for it fails at once with a `.connection` error. Any thread may call it.
  public nonisolated func abandon() { canceller.abandon() }

  /// Ends the connection, after the statement that runs. Further calls throw.
  public func close() {
    connection.close()
    lostBy = lostBy ?? WarehouseError(.connection, "the session is closed")
  }

  /// Runs `body` as one statement: cancellable, observed, and refused on a lost connection.
  ///
  /// `body` may only block, never suspend: that is what keeps statements one at a time.
  func run<Value: Sendable>(
    _ sql: String, _ parameters: [Parameter], rows: (Value) -> Int?,
    _ body: (Canceller.Ticket) throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value {
    if Task.isCancelled { throw .cancelled }
    if let lostBy { throw lostBy }
    try refuseNUL(sql, parameters)
    let startedAt = Timestamp.now().milliseconds
    let start = ContinuousClock.now
    let ticket = canceller.begin()
    let ended = await withTaskCancellationHandler {
      let outcome = Result { () throws(WarehouseError) in try body(ticket) }
      canceller.end(ticket)
      return outcome
    } onCancel: { [canceller] in
      canceller.cancel(ticket)
    }
    let outcome = ended.mapError { canceller.isCancelled(ticket) ? ofCancelled($0) : $0 }
    var error: WarehouseError?
    if case .failure(let failure) = outcome { error = failure }
    if !connection.isOpen {
      lostBy = error?.kind == .connection ? error : connection.lost(error)
    }
    observer?(
      StatementRecord(
        sql: sql, parameterCount: parameters.count, startedAt: startedAt,
        duration: ContinuousClock.now - start, rows: (try? outcome.get()).flatMap(rows),
        error: error))
    return try outcome.get()
  }

  /// What was asked for here is told in one way, whoever noticed it first.
  private func ofCancelled(_ error: WarehouseError) -> WarehouseError {
    if error.kind == .cancelled { return .cancelled }
    guard error.kind == .connection, canceller.isCut else { return error }
    return WarehouseError(
      .cancelled, "cancelled without an answer of the server",
      detail: "it was not heard to stop, and the connection was cut",
      hint: "Whether a statement that changes something took effect is not known.")
  }

  /// A text with a NUL would reach the server cut off there, without a word.
  private func refuseNUL(_ sql: String, _ parameters: [Parameter]) throws(WarehouseError) {
    let texts = [sql] + parameters.compactMap(\.textFormat)
    guard texts.contains(where: \.holdsNUL) else { return }
    throw WarehouseError(
      .server, "could not send a text with a NUL character",
      hint: "Leave it out: the server cannot store it.")
  }
}
