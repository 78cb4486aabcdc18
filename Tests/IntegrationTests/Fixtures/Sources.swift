import Synchronization

@testable import Warehouse

/// Gives lines of text to a COPY, one a call.
final class Lines: CopySource {
  private let rest: Mutex<ArraySlice<String>>

  init(_ lines: [String]) { rest = Mutex(lines[...]) }

  func fill(_ buffer: inout [UInt8]) throws(WarehouseError) -> Bool {
    guard let line = rest.withLock({ $0.popFirst() }) else { return false }
    buffer.append(contentsOf: (line + "\n").utf8)
    return true
  }
}

/// Gives the same line for ever and counts the bytes given.
final class EndlessLines: CopySource {
  private let block: [UInt8]
  private let count = Mutex(0)
  private let limit: Int
  /// What is thrown after `limit` bytes.
  private let error: WarehouseError?
  /// A line that is given once, after this many bytes.
  private let oddity: (line: String, after: Int)?

  var bytesGiven: Int { count.withLock { $0 } }

  init(
    _ line: String, until limit: Int = .max, then error: WarehouseError? = nil,
    oddity: (line: String, after: Int)? = nil
  ) {
    self.oddity = oddity
    let lines = String(repeating: line + "\n", count: max(1, 65536 / (line.utf8.count + 1)))
    block = Array(lines.utf8)
    self.limit = limit
    self.error = error
  }

  func fill(_ buffer: inout [UInt8]) throws(WarehouseError) -> Bool {
    if bytesGiven >= limit {
      if let error { throw error }
      return false
    }
    if let oddity, (bytesGiven..<bytesGiven + block.count).contains(oddity.after) {
      buffer.append(contentsOf: (oddity.line + "\n").utf8)
    }
    buffer.append(contentsOf: block)
    count.withLock { $0 += block.count }
    return true
  }
}

/// What the shared cluster's sessions do, seen from one more.
enum Activity {
  private static let watcher = Task {
    try await PostgresSession.connect(try await ThrowawayCluster.shared().settings)
  }

  /// Whether the server process waits for `event` (`pg_stat_activity.wait_event`) in a statement.
  static func isWaiting(_ process: Int32, for event: String) async throws -> Bool {
    let statement = Statement(
      "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND state = 'active' "
        + "AND wait_event = $2", .integer(Int64(process)), .text(event))
    return try await watcher.value.execute(statement).scalar == "1"
  }

  static func isSleeping(_ process: Int32) async throws -> Bool {
    try await isWaiting(process, for: "PgSleep")
  }

  /// Whether the server process runs no statement.
  static func isIdle(_ process: Int32) async throws -> Bool {
    let statement = Statement(
      "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND state LIKE 'idle%'",
      .integer(Int64(process)))
    return try await watcher.value.execute(statement).scalar == "1"
  }
}

extension Result where Failure == any Error {
  /// What went wrong, as ours; nil when nothing did.
  var failure: WarehouseError? {
    guard case .failure(let error) = self else { return nil }
    return error as? WarehouseError
  }
}
