import CLibPQ
import Glibc

/// Where the server stands in a transaction.
public enum TransactionStatus: Sendable, Equatable {
  /// Outside a transaction.
  case idle
  /// A statement runs.
  case active
  /// In a transaction that is fine.
  case inTransaction
  /// In a transaction that can only be rolled back.
  case failed
  /// There is no connection.
  case unknown
}

/// Owns one libpq connection. Its calls block; use it on one thread at a time.
///
/// Closed, it holds nil, which libpq's functions take for a connection that is broken.
struct PostgresConnection: ~Copyable {
  private(set) var raw: OpaquePointer?
  /// Kept alive for libpq, which holds a plain pointer to it.
  private let notices: NoticeReceiver

  /// What the server said beside its answers since the last call.
  func takeNotices() -> [ServerNotice] { notices.take() }

  /// A connection to nothing.
  init() {
    raw = nil
    notices = NoticeReceiver(nil)
  }

  /// Connects, and blocks until that is decided.
  ///
  /// - Parameter isAbandoned: asked several times a second, except while the host's name is looked
  ///   up; `true` gives up.
  /// - Throws: `.configuration` or `.connection` with libpq's words, `.cancelled` when abandoned.
  init(
    _ settings: ConnectionSettings, notices observer: NoticeObserver? = nil,
    isAbandoned: () -> Bool = { false }
  ) throws(WarehouseError) {
    let keywords = settings.keywords
    guard !keywords.contains(where: { $0.holdsNUL || $1.holdsNUL }) else {
      throw WarehouseError(
        .configuration, "could not connect to \(settings.title)",
        detail: "a connection setting holds a NUL character")
    }
    let receiver = NoticeReceiver(observer)
    let started = withCStrings(keywords.map(\.0)) { names in
      withCStrings(keywords.map(\.1)) { values in PQconnectStartParams(names, values, 0) }
    }
    receiver.install(in: started)
    do {
      try Self.finishConnecting(started, settings.title, isAbandoned)
    } catch {
      PQfinish(started)
      throw error
    }
    raw = started
    notices = receiver
  }

  deinit { PQfinish(raw) }

  mutating func close() {
    PQfinish(raw)
    raw = nil
  }

  /// The seconds to wait for a server when nobody said anything.
  private static let defaultTimeout = 15

  private static func finishConnecting(
    _ raw: OpaquePointer?, _ title: String, _ isAbandoned: () -> Bool
  ) throws(WarehouseError) {
    let deadline = timeout(of: raw).map { ContinuousClock.now + $0 }
    var state = PQstatus(raw) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
    while state != PGRES_POLLING_OK {
      guard state == PGRES_POLLING_READING || state == PGRES_POLLING_WRITING else {
        let message = errorMessage(of: raw)
        throw ConnectionFailure(message: message)
          .error(connectingTo: title, message: message)
      }
      let event = state == PGRES_POLLING_READING ? POLLIN : POLLOUT
      while !isReady(raw, Int16(event), milliseconds: 50) {
        if isAbandoned() { throw .cancelled }
        if let deadline, ContinuousClock.now >= deadline {
          throw ConnectionFailure.timedOut.error(connectingTo: title, message: "timeout expired")
        }
      }
      state = PQconnectPoll(raw)
    }
  }

  /// libpq leaves `connect_timeout` to whoever polls. It counts for each host of a list, and zero,
  /// a negative number or none means for ever; ours when nothing is said at all is shorter.
  private static func timeout(of raw: OpaquePointer?) -> Duration? {
    guard let options = PQconninfo(raw) else { return .seconds(defaultTimeout) }
    defer { PQconninfoFree(options) }
    func value(_ keyword: String) -> String? {
      var option = options
      while let name = option.pointee.keyword {
        if String(cString: name) == keyword {
          return option.pointee.val.map { String(cString: $0) }
        }
        option += 1
      }
      return nil
    }
    let seconds = value("connect_timeout").map { Int($0) ?? 0 } ?? defaultTimeout
    let hosts = (value("host") ?? "").utf8.count { $0 == UInt8(ascii: ",") } + 1
    return seconds > 0 ? .seconds(seconds) * hosts : nil
  }

  private static func isReady(_ raw: OpaquePointer?, _ event: Int16, milliseconds: Int32) -> Bool {
    var wait = pollfd(fd: PQsocket(raw), events: event, revents: 0)
    // A descriptor that cannot be polled is libpq's to explain.
    return poll(&wait, 1, milliseconds) != 0
  }

  /// libpq begins further lines with a tab, which is no more than a blank to a reader.
  private static func errorMessage(of raw: OpaquePointer?) -> String {
    let words = PQerrorMessage(raw).map { String(cString: $0).trimmed } ?? ""
    return words.split(separator: "\n").map { line in
      line.first == "\t" ? "  " + line.dropFirst() : String(line)
    }.joined(separator: "\n").replacing("\t", with: " ")
  }
}

extension PostgresConnection {
  /// libpq's last words, which may be several lines.
  var errorMessage: String { Self.errorMessage(of: raw) }

  /// Whether libpq believes in the connection; it learns of its end only by using it.
  var isOpen: Bool { PQstatus(raw) == CONNECTION_OK }

  /// The process that serves the connection; 0 without one.
  var backendID: Int32 { PQbackendPID(raw) }

  /// The connection's descriptor; negative without one.
  var socket: Int32 { PQsocket(raw) }

  var transactionStatus: TransactionStatus {
    switch PQtransactionStatus(raw) {
    case PQTRANS_IDLE: .idle
    case PQTRANS_ACTIVE: .active
    case PQTRANS_INTRANS: .inTransaction
    case PQTRANS_INERROR: .failed
    default: .unknown
    }
  }

  /// A setting that the server reports by itself: `server_version`, `TimeZone`, ….
  func parameterStatus(_ name: String) -> String? {
    PQparameterStatus(raw, name).map { String(cString: $0) }
  }

  /// How long bytes may be under way to the server before the system gives the connection up, in
  /// milliseconds; 0 is the system's own choice, about a quarter of an hour. Nil for a socket that
  /// is not of TCP.
  var userTimeout: Int32? {
    get {
      var value: Int32 = 0
      var length = socklen_t(MemoryLayout<Int32>.size)
      let isKnown = getsockopt(socket, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &value, &length) == 0
      return isKnown ? value : nil
    }
    nonmutating set {
      guard var value = newValue else { return }
      let length = socklen_t(MemoryLayout<Int32>.size)
      setsockopt(socket, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &value, length)
    }
  }

  /// Whether bytes of the server wait to be read. Never blocks.
  var hasInput: Bool { Self.isReady(raw, Int16(POLLIN), milliseconds: 0) }

  /// Waits until the server takes bytes or sends some. Blocks.
  ///
  /// - Returns: whether it takes bytes and sent none.
  func waitForRoom() -> Bool {
    var wait = pollfd(fd: PQsocket(raw), events: Int16(POLLIN | POLLOUT), revents: 0)
    while poll(&wait, 1, -1) < 0 {
      guard errno == EINTR else { return false }
    }
    return wait.revents == Int16(POLLOUT)
  }

  /// Whether the connection still stands, as far as can be told without asking the server.
  /// Call it only between statements. Never blocks.
  var isAlive: Bool { isOpen && (!hasInput || PQconsumeInput(raw) == 1) && isOpen }

  /// Sends one statement; its rows then come one by one from `nextResult`.
  func send(_ statement: Statement, to engine: Engine) -> Bool {
    let values = statement.parameters.map(\.textFormat)
    let types = statement.parameters.map { $0.typeID(on: engine) }
    let isSent = withCStrings(values) { values in
      PQsendQueryParams(
        raw, statement.sql, Int32(statement.parameters.count), types, values, nil, nil, 0)
    }
    return isSent == 1 && PQsetSingleRowMode(raw) == 1
  }

  /// The next result of the statement that was sent; nil when it is over. Blocks.
  func nextResult() -> PostgresResult? {
    guard let result = PQgetResult(raw) else { return nil }
    return PostgresResult(result)
  }

  /// Runs statements that take no parameters, one after another; the last one's rows come back.
  ///
  /// - Throws: the server's error, or `.connection` when the connection was lost.
  @discardableResult
  func run(script: String) throws(WarehouseError) -> [[String?]] {
    guard let raw = PQexec(raw, script) else { throw lost() }
    let result = PostgresResult(raw)
    guard isOpen else { throw lost(result.error) }
    switch result.status {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
      return (0..<result.rowCount).map { result.values(row: $0) }
    default: throw result.error
    }
  }

  /// The error for a connection that broke; `last` is what the server said before, if it did.
  func lost(_ last: WarehouseError? = nil) -> WarehouseError {
    let words = last?.sqlState == nil ? errorMessage : last?.message ?? ""
    return WarehouseError(
      .connection, "lost the connection to the warehouse", detail: words.isEmpty ? nil : words,
      hint: "Check that the server runs and that the network holds, then connect again.",
      sqlState: last?.sqlState)
  }
}
