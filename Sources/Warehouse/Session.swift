/// Gives the bytes of a `COPY … FROM STDIN`, a buffer at a time.
///
/// Called on the session's own thread, so it may read files and block.
public protocol CopySource: Sendable {
  /// Appends the next bytes to `buffer`, which is empty at the call and keeps its capacity.
  ///
  /// - Returns: whether there may be more; `false` ends the COPY after what was appended.
  /// - Throws: anything thrown aborts the COPY, and no row of it is kept.
  func fill(_ buffer: inout [UInt8]) throws(WarehouseError) -> Bool
}

/// Whether a stream of rows goes on.
public enum StreamStep: Sendable {
  /// More, please.
  case proceed
  /// Enough: the statement is cancelled on the server and the rest is thrown away.
  case stop
}

/// One connection to a warehouse. One statement runs at a time; a second waits.
///
/// Cancelling the task that waits for a statement cancels the statement on the server; the call
/// then throws `WarehouseError.cancelled`, and the session can be used again.
public protocol Session: Sendable {
  /// What answers at the other end.
  var engine: Engine { get async }

  /// Runs one statement and keeps at most `limit` rows; nil keeps all.
  ///
  /// When there are more rows than `limit`, the result says so and the server is stopped.
  func execute(_ statement: Statement, limit: Int?) async throws(WarehouseError) -> ResultSet

  /// Runs one statement and hands its rows on, at most `batch` rows at a time, in constant memory.
  ///
  /// `receive` runs on the session's own thread. It is called at least once, so that the columns
  /// of an empty result are known.
  func stream(
    _ statement: Statement, batch: Int, _ receive: @Sendable (ResultSet) -> StreamStep
  ) async throws(WarehouseError)

  /// Runs a `COPY … FROM STDIN` with the bytes that `source` gives.
  ///
  /// A server error is noticed while bytes are still being sent.
  /// - Returns: the rows that the server stored.
  func copy(_ sql: String, from source: some CopySource) async throws(WarehouseError) -> Int

  /// Asks the server to stop what this session runs. Any thread may call it; it never blocks long.
  nonisolated func cancel()

  /// Cuts the connection without a word to the server: what waits for it fails at once. Any thread
  /// may call it.
  nonisolated func abandon()

  /// Ends the connection. Further calls throw.
  func close() async
}

extension Session {
  /// Runs one statement and keeps all its rows: for results that are known to be small.
  @discardableResult
  public func execute(_ statement: Statement) async throws(WarehouseError) -> ResultSet {
    try await execute(statement, limit: nil)
  }

  /// Runs one statement without parameters and keeps all its rows.
  @discardableResult
  public func execute(_ sql: String) async throws(WarehouseError) -> ResultSet {
    try await execute(Statement(sql), limit: nil)
  }

  /// Runs `body` between BEGIN and COMMIT; anything thrown rolls back.
  public func transaction<Value: Sendable>(
    _ body: () async throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value {
    try await execute("BEGIN")
    do {
      let value = try await body()
      try await execute("COMMIT")
      return value
    } catch {
      await rollBack()
      throw error
    }
  }

  /// Runs `body` in a transaction that cannot write and is rolled back, however it ends.
  public func readOnlyTransaction<Value: Sendable>(
    _ body: () async throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value {
    try await execute("BEGIN READ ONLY")
    do {
      let value = try await body()
      await rollBack()
      return value
    } catch {
      await rollBack()
      throw error
    }
  }

  /// Rolls back what is open, also in a task that is cancelled: whose own calls would throw before
  /// they are sent.
  func rollBack() async {
    _ = await Task { try? await execute("ROLLBACK") }.value
  }
}

/// A statement that ran, for the command log.
public struct StatementRecord: Sendable, Equatable {
  /// The SQL as it was sent. Parameter values are not kept: they may be private.
  public var sql: String
  /// How many parameters went with it.
  public var parameterCount: Int
  /// When it began, in milliseconds since 1970.
  public var startedAt: Int64
  /// How long it took.
  public var duration: Duration
  /// Rows returned or changed, when the server said.
  public var rows: Int?
  /// What went wrong, when something did.
  public var error: WarehouseError?

  /// A record.
  public init(
    sql: String, parameterCount: Int, startedAt: Int64, duration: Duration, rows: Int?,
    error: WarehouseError?
  ) {
    self.sql = sql
    self.parameterCount = parameterCount
    self.startedAt = startedAt
    self.duration = duration
    self.rows = rows
    self.error = error
  }
}

/// Hears of every statement that a session runs. Called on the session's thread: be quick.
public typealias StatementObserver = @Sendable (StatementRecord) -> Void
