/// A transaction in which the server itself refuses to change anything.
public enum ReadOnlyTransaction {
  /// Begins one. A COMMIT in the SQL ends it, so what comes behind is read-only too; and once
  /// something was asked, no SET TRANSACTION can undo it.
  public static func begin(on session: PostgresSession) async throws(WarehouseError) {
    // Redshift has no such setting; `require` refuses what comes behind a COMMIT there.
    if await session.engine == .postgres {
      try await session.execute("SET default_transaction_read_only TO on")
    }
    try await session.execute("BEGIN READ ONLY")
    await session.setReadOnly(true)
    try await session.execute("SELECT 1")
  }

  /// Refuses to go on behind a statement that ended the transaction: the next one could begin one
  /// that writes.
  public static func require(
    on session: PostgresSession, after statement: Statement
  ) async throws(WarehouseError) {
    guard await session.transactionStatus != .inTransaction else { return }
    throw WarehouseError(
      .usage, "could not stay in a read-only transaction",
      detail: "it ended with: \(statement.sql)",
      hint: "Leave transactions out of the SQL, or let it write.")
  }

  /// Ends it, whatever became of it, also in a task that is cancelled. Nothing that was SET in it
  /// stays.
  public static func end(on session: PostgresSession) async {
    await session.setReadOnly(false)
    guard await session.transactionStatus != .idle else { return }
    await session.rollBack()
  }
}
