/// The lock of the run that goes on, as other sessions see it.
public enum RunLock {
  /// Ends the sessions of a run at the server, for one that does not answer a cancel, and those of
  /// no other run. The server rolls their work back, and the run fails.
  public static func terminate(run: Int, on session: any Session) async throws(WarehouseError) {
    try await session.engine.loading().terminate(run: run, on: session)
  }
}
