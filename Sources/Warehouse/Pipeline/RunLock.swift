/// The lock of the run that goes on, as other sessions see it.
public enum RunLock {
  /// Ends all sessions of the run that goes on, for one that does not answer a cancel. The server
  /// rolls their work back, and the run fails.
  public static func terminateHolder(on session: any Session) async throws(WarehouseError) {
    try await session.engine.loading().terminateHolder(on: session)
  }
}
