import Testing

@testable import Warehouse

@Suite("COPY")
struct CopyTests {
  private func sessionWithTable() async throws -> PostgresSession {
    let session = try await ThrowawayCluster.session()
    try await session.execute("CREATE TABLE t (n int, word text)")
    return session
  }

  private func count(_ session: PostgresSession) async throws -> String? {
    try await session.execute("SELECT count(*) FROM t").scalar
  }

  @Test("stores what the source gives and counts it, more than fits a piece too")
  func stores() async throws {
    let session = try await sessionWithTable()
    #expect(try await session.copy("COPY t FROM STDIN", from: Lines(["1\ta", "2\t\\N"])) == 2)
    #expect(try await session.copy("COPY t FROM STDIN", from: Lines([])) == 0)
    let wide = Lines((1...3).map { "\($0)\t" + String(repeating: "ä", count: 1 << 20) })
    #expect(try await session.copy("COPY t FROM STDIN", from: wide) == 3)
    #expect(try await session.execute("SELECT max(length(word)) FROM t").scalar == "1048576")
  }

  @Test("notices the server's refusal while sending, long before the end")
  func noticesErrorEarly() async throws {
    let session = try await sessionWithTable()
    let source = EndlessLines("x\tbad number", until: 1 << 30)
    let error = try await failure { () throws(WarehouseError) in
      try await session.copy("COPY t FROM STDIN", from: source)
    }
    #expect(error.kind == .server)
    #expect(error.message == #"invalid input syntax for type integer: "x""#)
    #expect(error.detail == #"COPY t, line 1, column n: "x""#)
    #expect(source.bytesGiven < 64 << 20)
    #expect(try await count(session) == "0")
  }

  @Test("notices a refusal in full flow, when the server is slower than the source")
  func noticesErrorInFullFlow() async throws {
    let session = try await sessionWithTable()
    for after in stride(from: 4 << 20, to: 6 << 20, by: 200_000) {
      let source = EndlessLines("1\tfine", until: 1 << 29, oddity: ("x\tbad number", after))
      let error = try await failure { () throws(WarehouseError) in
        try await session.copy("COPY t FROM STDIN", from: source)
      }
      #expect(error.sqlState == "22P02")
      #expect(source.bytesGiven < after + (16 << 20))
    }
  }

  @Test("a server's warning in mid-COPY is no error")
  func warningsAreHarmless() async throws {
    let session = try await sessionWithTable()
    try await session.execute(
      """
      CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE WARNING 'row %', NEW.n; RETURN NEW; END $$
      """)
    try await session.execute(
      "CREATE TRIGGER warn BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION warn()")
    let source = EndlessLines("1\ta", until: 1 << 20)
    #expect(try await session.copy("COPY t FROM STDIN", from: source) > 100_000)
    // And afterwards the server speaks as before.
    #expect(try await session.execute("SHOW client_min_messages").scalar == "notice")
  }

  @Test("throws what the source throws, and keeps no row")
  func sourceFails() async throws {
    let session = try await sessionWithTable()
    let broken = WarehouseError(.input, "could not read x.json")
    let source = EndlessLines("1\ta", until: 1 << 20, then: broken)
    let error = try await failure { () throws(WarehouseError) in
      try await session.copy("COPY t FROM STDIN", from: source)
    }
    #expect(error == broken)
    #expect(try await count(session) == "0")
  }

  @Test("is cancelled in the middle, and keeps no row")
  func cancelled() async throws {
    let session = try await sessionWithTable()
    let source = EndlessLines("1\ta")
    let task = Task { try await session.copy("COPY t FROM STDIN", from: source) }
    try await eventually("bytes flow") { source.bytesGiven > 1 << 20 }
    task.cancel()
    #expect(await task.result.failure == .cancelled)
    #expect(try await count(session) == "0")
    #expect(try await session.execute("SHOW client_min_messages").scalar == "notice")
  }

  @Test("is cancelled while it waits for the table's lock")
  func cancelledInLockWait() async throws {
    let settings = try await ThrowawayCluster.shared().makeDatabase()
    let holder = try await PostgresSession.connect(settings)
    let session = try await PostgresSession.connect(settings)
    try await holder.execute("CREATE TABLE t (n int, word text)")
    try await holder.execute("BEGIN")
    try await holder.execute("LOCK TABLE t")
    let source = EndlessLines("1\ta")
    let task = Task { try await session.copy("COPY t FROM STDIN", from: source) }
    try await eventually("it waits") {
      try await Activity.isWaiting(session.backendID, for: "relation")
    }
    task.cancel()
    #expect(await task.result.failure == .cancelled)
    try await holder.execute("ROLLBACK")
    #expect(try await count(session) == "0")
  }

  @Test("belongs to the transaction that it runs in, failed or not")
  func inTransaction() async throws {
    let session = try await sessionWithTable()
    try await session.execute("BEGIN")
    #expect(try await session.copy("COPY t FROM STDIN", from: Lines(["1\ta"])) == 1)
    _ = try? await session.copy("COPY t FROM STDIN", from: Lines(["x\ta"]))
    #expect(await session.transactionStatus == .failed)
    try await session.execute("ROLLBACK")
    #expect(try await count(session) == "0")
    #expect(try await session.execute("SHOW client_min_messages").scalar == "notice")
  }

  @Test("fails at once when its server process is killed, and says that the connection is lost")
  func serverProcessKilled() async throws {
    let settings = try await ThrowawayCluster.shared().makeDatabase()
    let session = try await PostgresSession.connect(settings)
    let other = try await PostgresSession.connect(settings)
    try await session.execute("CREATE TABLE t (n int, word text)")
    let source = EndlessLines("1\ta")
    let task = Task { try await session.copy("COPY t FROM STDIN", from: source) }
    try await eventually("bytes flow") { source.bytesGiven > 1 << 20 }
    try await other.terminate(backend: session.backendID)
    let error = await task.result.failure
    #expect(error?.kind == .connection)
    #expect(error?.isTransient == true)
    #expect(error?.sqlState == nil || error?.detail?.hasPrefix("terminating connection") == true)
    let later = try await failure { () throws(WarehouseError) in
      try await session.execute("SELECT 1")
    }
    #expect(later == error)
    #expect(try await count(other) == "0")
  }

  @Test(
    "refuses statements that are none",
    arguments: [
      "SELECT 1", "COPY t TO STDOUT", "INSERT INTO t VALUES (1)", "nonsense",
    ])
  func noCopy(sql: String) async throws {
    let session = try await sessionWithTable()
    let error = try await failure { () throws(WarehouseError) in
      try await session.copy(sql, from: Lines(["1\ta"]))
    }
    #expect(error.kind == .server)
    #expect(try await session.execute("SELECT 1").scalar == "1")
  }
}
