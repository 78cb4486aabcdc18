import Dispatch
import Synchronization
import Testing

@testable import Warehouse

@Suite("Limits and streams")
struct LimitTests {
  /// More rows than could ever be fetched; it has to be stopped.
  private static let endless = Statement(
    "SELECT a FROM generate_series(1, 100000) a, generate_series(1, 1000000) b")

  @Test("A limit keeps so many rows, says that there were more and stops the server")
  func limitStops() async throws {
    let session = try await ThrowawayCluster.session()
    let result = try await session.execute(Self.endless, limit: 10)
    #expect(result.rows.count == 10)
    #expect(result.isTruncated)
    #expect(result.affectedRows == nil)
    #expect(try await Activity.isIdle(session.backendID))
    #expect(try await session.execute("SELECT 1").scalar == "1")
  }

  @Test(
    "A limit that is just enough, or zero, says so rightly",
    arguments: [(3, false), (2, true), (0, true)])
  func limitEdges(limit: Int, isTruncated: Bool) async throws {
    let session = try await ThrowawayCluster.session()
    let result = try await session.execute(Statement("VALUES ('a'), ('b'), ('c')"), limit: limit)
    #expect(result.rows.count == limit)
    #expect(result.isTruncated == isTruncated)
    #expect(result.columns.count == 1)
  }

  @Test("A limit inside a transaction leaves the transaction as it was")
  func limitInTransaction() async throws {
    let session = try await ThrowawayCluster.session()
    try await session.execute("CREATE TABLE t (n int)")
    try await session.execute("BEGIN")
    try await session.execute("INSERT INTO t VALUES (1)")
    #expect(try await session.execute(Self.endless, limit: 10).isTruncated)
    #expect(await session.transactionStatus == .inTransaction)
    try await session.execute("INSERT INTO t VALUES (2)")
    #expect(try await session.execute(Statement("SELECT n FROM t"), limit: 10).rows.count == 2)
    try await session.execute("COMMIT")
    #expect(try await session.execute("SELECT count(*) FROM t").scalar == "2")
  }

  @Test("A statement that fails under a limit still fails its transaction")
  func failureInTransaction() async throws {
    let session = try await ThrowawayCluster.session()
    try await session.execute("BEGIN")
    let error = try await failure { () throws(WarehouseError) in
      try await session.execute(Statement("SELECT 1 / 0"), limit: 10)
    }
    #expect(error.sqlState == "22012")
    #expect(await session.transactionStatus == .failed)
  }

  @Test("A limit never undoes what a statement writes")
  func limitOnWriting() async throws {
    let session = try await ThrowawayCluster.session()
    try await session.execute("CREATE TABLE t (n int)")
    // More than fits between server and client: the server is still sending when the limit is met.
    let insert = Statement(
      "INSERT INTO t SELECT generate_series(1, 20000) RETURNING n, repeat('x', 1000)")
    #expect(try await session.execute(insert, limit: 5).isTruncated)
    let delete = Statement(
      "WITH gone AS (DELETE FROM t WHERE n > 100 RETURNING n) SELECT n FROM gone")
    #expect(try await session.execute(delete, limit: 5).rows.count == 5)
    #expect(try await session.execute("SELECT count(*) FROM t").scalar == "100")
  }

  @Test("A stream hands rows on in batches, and the columns even of no rows")
  func streamBatches() async throws {
    let session = try await ThrowawayCluster.session()
    let batches = Mutex<[ResultSet]>([])
    try await session.stream(Statement("SELECT generate_series(1, $1::int) AS n", 25), batch: 10) {
      batch in
      batches.withLock { $0.append(batch) }
      return .proceed
    }
    #expect(batches.withLock { $0.map(\.rows.count) } == [10, 10, 5])
    #expect(batches.withLock { $0.flatMap(\.rows).map { $0.first } } == (1...25).map { "\($0)" })
    batches.withLock { $0 = [] }
    try await session.stream(Statement("SELECT 1 AS n WHERE false"), batch: 10) { batch in
      batches.withLock { $0.append(batch) }
      return .proceed
    }
    #expect(batches.withLock { $0.map(\.columns.first?.name) } == ["n"])
    #expect(batches.withLock { $0.map(\.rows.count) } == [0])
  }

  @Test("A stream holds no more than a batch: the server waits for a slow reader")
  func streamIsSlowedDown() async throws {
    let session = try await ThrowawayCluster.session()
    let isWatched = DispatchSemaphore(value: 0)
    let count = Mutex(0)
    let stream = Task {
      try await session.stream(
        Statement("SELECT repeat('x', 1000) FROM generate_series(1, 200000)"), batch: 100
      ) { batch in
        let isFirst = count.withLock { count in
          defer { count += batch.rows.count }
          return count == 0
        }
        if isFirst { isWatched.wait() }
        return .proceed
      }
    }
    try await eventually("the server waits for its reader") {
      try await Activity.isWaiting(session.backendID, for: "ClientWrite")
    }
    isWatched.signal()
    try await stream.value
    #expect(count.withLock { $0 } == 200_000)
  }

  @Test("A stream that was told to stop leaves the server idle and the session usable")
  func streamStops() async throws {
    let session = try await ThrowawayCluster.session()
    let count = Mutex(0)
    for _ in 1...2 {
      try await session.stream(Self.endless, batch: 100) { batch in
        count.withLock { $0 += batch.rows.count }
        return .stop
      }
    }
    #expect(count.withLock { $0 } == 200)
    #expect(try await Activity.isIdle(session.backendID))
    #expect(try await session.execute("SELECT 1").scalar == "1")
  }
}
