import Warehouse

/// What the SQL screen asks of the warehouse besides running statements.
protocol SQLService: Sendable {
  /// The names that completion knows.
  func catalogNames() async throws(WarehouseError) -> CatalogNames

  /// Runs statements that may change things, all on one session, so that a transaction and what is
  /// SET last from one to the next. The rest is as with `runQuery`.
  func runWriting(
    _ run: QueryRun, gate: RowGate, receive: @escaping @Sendable (QueryRun.Event) -> Void
  ) async throws(WarehouseError) -> QueryRun.End

  /// Where that session stands.
  func openTransaction() async -> OpenTransaction?

  /// Ends that session; what it did not commit is rolled back.
  func endWriting() async

  /// The statements that were run, over sessions, the latest first. None when they cannot be read.
  func sqlHistory() async -> [String]

  /// Keeps a statement, unless it may hold a secret; returns what is kept, the latest first.
  func rememberSQL(_ sql: String) async throws(WarehouseError) -> [String]
}

/// A transaction that waits for its end.
enum OpenTransaction: Equatable, Sendable {
  case open
  /// A statement in it went wrong: only ROLLBACK is possible.
  case failed
}
