import Synchronization
import Warehouse

/// Sessions for queries that read: each is used by one of them at a time, and one or two wait for the next.
final class SessionPool: Sendable {
  private struct State {
    var idle: [PostgresSession] = []
    var busy: [Int32: (session: PostgresSession, owner: QueryOwner)] = [:]
    var target: ObjectIdentifier?
  }

  private let state = Mutex(State())
  private static let mostIdle = 2

  /// Runs `body` with a session that nobody else uses meanwhile.
  ///
  /// - Parameters:
  ///   - owner: who uses it.
  ///   - isReusable: whether the session may serve others afterwards.
  func use<Value: Sendable>(
    _ target: WarehouseTarget, for owner: QueryOwner, isReusable: Bool = true,
    _ body: (PostgresSession) async throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value {
    let session = try await take(target, owner)
    do throws(WarehouseError) {
      let value = try await body(session)
      await giveBack(session, target, isReusable: isReusable)
      return value
    } catch {
      await giveBack(session, target, isReusable: isReusable)
      throw error
    }
  }

  private func take(
    _ target: WarehouseTarget, _ owner: QueryOwner
  ) async throws(WarehouseError) -> PostgresSession {
    while let session = idle(for: target) {
      if await session.isAlive {
        state.withLock { $0.busy[session.backendID] = (session, owner) }
        return session
      }
      await session.close()
    }
    let session = try await target.openSession(for: .reading)
    state.withLock { $0.busy[session.backendID] = (session, owner) }
    return session
  }

  private func idle(for target: WarehouseTarget) -> PostgresSession? {
    state.withLock { state in
      guard state.target == ObjectIdentifier(target) else { return nil }
      return state.idle.popLast()
    }
  }

  private func giveBack(
    _ session: PostgresSession, _ target: WarehouseTarget, isReusable: Bool
  ) async {
    let isAlive = await session.isAlive
    let status = await session.transactionStatus
    let isKept = state.withLock { state in
      state.busy[session.backendID] = nil
      if state.target == nil { state.target = ObjectIdentifier(target) }
      guard isReusable, isAlive, status == .idle, state.target == ObjectIdentifier(target),
        state.idle.count < Self.mostIdle
      else { return false }
      state.idle.append(session)
      return true
    }
    if !isKept { await session.close() }
  }

  /// The server processes that work for somebody now.
  func backends(of owner: QueryOwner) -> [Int32] {
    state.withLock { $0.busy.filter { $0.value.owner == owner }.map(\.key) }
  }

  /// The server processes of all its sessions.
  var backends: [Int32] {
    state.withLock { $0.busy.map(\.key) + $0.idle.map(\.backendID) }
  }

  /// Ends the sessions that wait, and stops the others.
  func close() async {
    let (idle, busy) = state.withLock { state in
      defer {
        state.idle = []
        state.target = nil
      }
      return (state.idle, state.busy.values.map(\.session))
    }
    for session in busy { session.cancel() }
    for session in idle { await session.close() }
  }
}
