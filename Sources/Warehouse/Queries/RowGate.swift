import Dispatch
import Synchronization

/// How many rows of a statement may come.
///
/// A session that has handed on so many waits here, and the server with it, until somebody wants
/// more or gives up. So a result of any size can be read page by page, with one statement and in
/// constant memory, whatever the statement is. (A cursor would need another plan, and on Redshift
/// it makes the leader node hold the whole result.)
public final class RowGate: Sendable {
  private struct State {
    var allowed: Int
    var isClosed = false
    var isWaiting = false
  }

  private let state: Mutex<State>
  private let opened = DispatchSemaphore(value: 0)
  private let patience: Duration

  /// A gate that lets so many rows through.
  ///
  /// - Parameter patience: how long the server may wait for somebody to want more. Meanwhile it
  ///   holds a snapshot, and nobody can replace the tables that are read.
  public init(limit: Int, patience: Duration = .seconds(60)) {
    state = Mutex(State(allowed: max(1, limit)))
    self.patience = patience
  }

  /// Lets `count` more rows through. Any thread may call it; it never blocks.
  ///
  /// - Returns: whether there still is somebody who waits or reads.
  @discardableResult
  public func open(for count: Int) -> Bool {
    let isClosed = state.withLock { state in
      let (sum, overflows) = state.allowed.addingReportingOverflow(max(0, count))
      state.allowed = overflows ? .max : sum
      return state.isClosed
    }
    opened.signal()
    return !isClosed
  }

  /// Lets nothing through any more. Any thread may call it; it never blocks.
  public func close() {
    state.withLock { $0.isClosed = true }
    opened.signal()
  }

  /// Whether the session waits here.
  public var isWaiting: Bool { state.withLock { $0.isWaiting } }

  /// Waits until the row with this index may come; `false` when it never may. Blocks: it is called
  /// on a session's own thread.
  ///
  /// - Parameter paused: called once, before it waits.
  func pass(_ index: Int, paused: () -> Void) -> Bool {
    if let known = answer(index) { return known }
    state.withLock { $0.isWaiting = true }
    defer { state.withLock { $0.isWaiting = false } }
    paused()
    let deadline = DispatchTime.now() + .milliseconds(Int(patience / .milliseconds(1)))
    while true {
      if let known = answer(index) { return known }
      guard opened.wait(timeout: deadline) == .success else {
        return state.withLock { state in
          if index < state.allowed { return true }
          state.isClosed = true
          return false
        }
      }
    }
  }

  private func answer(_ index: Int) -> Bool? {
    state.withLock { $0.isClosed ? false : index < $0.allowed ? true : nil }
  }
}
