import CLibPQ
import Dispatch
import Glibc
import Synchronization

/// What libpq needs to ask a server to stop a statement.
///
/// `@unchecked`: `raw` never changes and is freed once, and libpq lets any thread use it at any
/// time, also while the connection itself is in use (PostgreSQL documentation, "Canceling Queries").
final class CancelRequest: @unchecked Sendable {
  private let raw: OpaquePointer?

  init(_ connection: borrowing PostgresConnection) { raw = PQgetCancel(connection.raw) }

  deinit { PQfreeCancel(raw) }

  /// Opens a connection of its own, hands the request over and waits until the server took it.
  /// The words for a failure are of no use: the request is sent again as long as it matters.
  ///
  /// - Returns: whether it took it.
  func send() -> Bool {
    var words = [CChar](repeating: 0, count: 256)
    return PQcancel(raw, &words, Int32(words.count)) == 1
  }
}

/// Stops the statement that a session runs, from any thread, and never another one.
///
/// A request names no statement: the server stops whatever the session runs when it arrives. So a
/// request is only sent while its statement runs, and a statement counts as running until requests
/// under way have arrived. One that arrives before the server began the statement is lost without
/// a word, so it is sent again until the statement is over.
///
/// A request is also how a dead network is found out: when none gets through for some seconds, the
/// connection is cut, as no answer would come over it either.
final class Canceller: Sendable {
  /// One statement of the session.
  struct Ticket: Sendable, Equatable { fileprivate let number: Int }

  private struct State {
    var request: CancelRequest?
    var socket: Int32 = -1
    var backendID: Int32 = 0
    var number = 0
    var isRunning = false
    var isCancelled = false
    var isStopping = false
    var requestsSent = 0
    var isCut = false
  }

  /// How long requests may fail to get through before the connection counts as dead.
  static let patience = Duration.seconds(3)

  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "warehouse.postgres.cancel")
  /// Apart from `queue`, which blocks in a request that does not get through.
  private let watch = DispatchQueue(label: "warehouse.postgres.cancel.watch")
  private let underWay = DispatchGroup()

  deinit {
    let socket = state.withLock { $0.socket }
    if socket >= 0 { Glibc.close(socket) }
  }

  /// Learns of the connection, once it stands.
  func attach(to connection: borrowing PostgresConnection) {
    let request = CancelRequest(connection)
    // A descriptor of our own: libpq may close its one, and the number may then be another file's.
    let socket = fcntl(connection.socket, F_DUPFD_CLOEXEC, 0)
    let backendID = connection.backendID
    state.withLock {
      $0.request = request
      $0.socket = socket
      $0.backendID = backendID
    }
  }

  /// The server process; 0 before there is one.
  var backendID: Int32 { state.withLock { $0.backendID } }

  /// A statement begins.
  func begin() -> Ticket {
    state.withLock {
      $0.number += 1
      $0.isRunning = true
      $0.isCancelled = false
      $0.isStopping = false
      $0.requestsSent = 0
      return Ticket(number: $0.number)
    }
  }

  /// The statement is over; blocks until requests for it have arrived. May be called again.
  ///
  /// A request that does not get through in some seconds could hit the next statement: the
  /// connection is given up.
  func end(_ ticket: Ticket) {
    let isCut = state.withLock { state in
      if state.number == ticket.number { state.isRunning = false }
      return state.isCut
    }
    // Nothing will follow on the connection that a late request could hit.
    if isCut { return }
    if underWay.wait(timeout: .now() + .seconds(5)) == .timedOut { abandon() }
  }

  /// Cancels what runs now, if anything does.
  func cancel() {
    let ticket = state.withLock { $0.isRunning ? Ticket(number: $0.number) : nil }
    if let ticket { cancel(ticket) }
  }

  /// Cancels this statement, if it still runs. Returns at once.
  func cancel(_ ticket: Ticket) {
    request(ticket) { $0.isCancelled = true }
  }

  /// Stops this statement because enough rows came. Returns at once; it does not count as cancelled.
  func stop(_ ticket: Ticket) { request(ticket) { _ in } }

  /// Whether somebody cancelled this statement.
  func isCancelled(_ ticket: Ticket) -> Bool {
    state.withLock { $0.number == ticket.number && $0.isCancelled }
  }

  /// How many requests the server has taken for the statement that runs, or ran last.
  var requestsSent: Int { state.withLock { $0.requestsSent } }

  /// Whether the connection was cut at our end.
  var isCut: Bool { state.withLock { $0.isCut } }

  /// Cuts the connection, so that whatever waits for it fails at once.
  func abandon() { state.withLock { Self.cut(&$0) } }

  private static func cut(_ state: inout State) {
    guard state.socket >= 0 else { return }
    state.isCut = true
    _ = shutdown(state.socket, Int32(SHUT_RDWR))
  }

  private func request(_ ticket: Ticket, _ note: (inout State) -> Void) {
    let isFirst = state.withLock { state in
      guard state.isRunning, state.number == ticket.number else { return false }
      note(&state)
      defer { state.isStopping = true }
      return !state.isStopping
    }
    if isFirst { queue.async { self.send(ticket, again: .milliseconds(20)) } }
  }

  /// Runs on `queue`, as sending blocks.
  private func send(_ ticket: Ticket, again delay: Duration) {
    let begun = state.withLock { state -> (request: CancelRequest, sent: Int)? in
      guard state.isRunning, state.number == ticket.number, let request = state.request else {
        return nil
      }
      underWay.enter()
      return (request, state.requestsSent)
    }
    guard let begun else { return }
    after(Self.patience, on: watch) { self.cutIfUnheard(ticket, since: begun.sent) }
    let isTaken = begun.request.send()
    state.withLock { if isTaken { $0.requestsSent += 1 } }
    underWay.leave()
    after(delay, on: queue) { self.send(ticket, again: min(delay * 2, .seconds(1))) }
  }

  /// Gives the connection up when its statement still runs and no request got through since then.
  private func cutIfUnheard(_ ticket: Ticket, since sent: Int) {
    state.withLock { state in
      guard state.isRunning, state.number == ticket.number, state.requestsSent == sent else {
        return
      }
      Self.cut(&state)
    }
  }

  private func after(
    _ delay: Duration, on queue: DispatchQueue, _ work: @escaping @Sendable () -> Void
  ) {
    let milliseconds = Int(delay / .milliseconds(1))
    queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds), execute: work)
  }
}
