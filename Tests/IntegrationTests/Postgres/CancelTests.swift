import Testing

@testable import Warehouse

@Suite("Cancelling")
struct CancelTests {
  @Test("ends a statement that sleeps, and the session goes on")
  func sleeping() async throws {
    let session = try await ThrowawayCluster.session()
    let task = Task { try await session.execute("SELECT pg_sleep(60)") }
    try await eventually("it sleeps") { try await Activity.isSleeping(session.backendID) }
    task.cancel()
    #expect(await task.result.failure == .cancelled)
    #expect(try await Activity.isIdle(session.backendID))
    #expect(try await session.execute("SELECT 1").scalar == "1")
  }

  @Test("ends a statement that waits for a lock")
  func waitingForLock() async throws {
    let settings = try await ThrowawayCluster.shared().makeDatabase()
    let holder = try await PostgresSession.connect(settings)
    let session = try await PostgresSession.connect(settings)
    try await holder.execute("CREATE TABLE t (n int)")
    try await holder.execute("BEGIN")
    try await holder.execute("LOCK TABLE t")
    let task = Task { try await session.execute("INSERT INTO t VALUES (1)") }
    try await eventually("it waits") {
      try await Activity.isWaiting(session.backendID, for: "relation")
    }
    task.cancel()
    #expect(await task.result.failure == .cancelled)
    try await holder.execute("COMMIT")
    #expect(try await session.execute("SELECT count(*) FROM t").scalar == "0")
  }

  @Test("works through the session, from any thread, and says so")
  func throughTheSession() async throws {
    let session = try await ThrowawayCluster.session()
    session.cancel()
    let task = Task { try await session.execute("SELECT pg_sleep(60)") }
    try await eventually("it sleeps") { try await Activity.isSleeping(session.backendID) }
    for _ in 1...20 { session.cancel() }
    #expect(await task.result.failure == .cancelled)
    session.cancel()
    #expect(try await session.execute("SELECT 1").scalar == "1")
  }

  @Test("sends nothing for a task that was cancelled before")
  func beforehand() async throws {
    let session = try await ThrowawayCluster.session()
    try await session.execute("CREATE TABLE t (n int)")
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      try await session.execute("INSERT INTO t VALUES (1)")
    }
    task.cancel()
    #expect(await task.result.failure == .cancelled)
    #expect(try await session.execute("SELECT count(*) FROM t").scalar == "0")
  }

  @Test("a waiting statement leaves the running one alone")
  func onlyItsOwn() async throws {
    let settings = try await ThrowawayCluster.shared().makeDatabase()
    let holder = try await PostgresSession.connect(settings)
    let session = try await PostgresSession.connect(settings)
    try await holder.execute("SELECT pg_advisory_lock(1)")
    let running = Task { try await session.execute("SELECT pg_advisory_lock(1), 'done'") }
    try await eventually("it waits") {
      try await Activity.isWaiting(session.backendID, for: "advisory")
    }
    let waiting = Task { try await session.execute("SELECT 2") }
    waiting.cancel()
    try await holder.execute("SELECT pg_advisory_unlock(1)")
    #expect(await waiting.result.failure == .cancelled)
    #expect(try await running.value.rows.first?.last == "done")
  }

  @Test("at any moment hits its own statement or none, never the next one")
  func neverTheNextOne() async throws {
    let session = try await ThrowawayCluster.session()
    var cancelled = 0
    for round in 0..<400 {
      let task = Task { try await session.execute("SELECT pg_sleep(0.001)") }
      // Sweeps over the statement's whole life: before it is sent, while it runs, after its end.
      try await Task.sleep(for: .microseconds(round * 10))
      task.cancel()
      switch await task.result {
      case .success: break
      case .failure(let error):
        #expect(error as? WarehouseError == .cancelled)
        cancelled += 1
      }
      #expect(try await session.execute("SELECT 1").scalar == "1")
    }
    #expect(cancelled > 0)
  }

  @Test("that comes before the server began the statement is not lost")
  func tooEarly() async throws {
    let connection = try PostgresConnection(try await ThrowawayCluster.shared().settings)
    let canceller = Canceller()
    canceller.attach(to: connection)
    let ticket = canceller.begin()
    canceller.cancel(ticket)
    try await eventually("a request arrives while nothing runs") { canceller.requestsSent >= 1 }
    let isSent = connection.send(Statement("SELECT pg_sleep(60)"), to: .postgres)
    #expect(isSent)
    let kind = connection.nextResult()?.error.kind
    #expect(kind == .cancelled)
    canceller.end(ticket)
  }

  @Test("at once after the start ends the statement, time and again")
  func atOnce() async throws {
    let session = try await ThrowawayCluster.session()
    for _ in 0..<50 {
      let task = Task { try await session.execute("SELECT pg_sleep(60)") }
      await Task.yield()
      task.cancel()
      #expect(await task.result.failure == .cancelled)
    }
    #expect(try await session.execute("SELECT 1").scalar == "1")
  }

  @Test("stops a stream between rows")
  func stream() async throws {
    let session = try await ThrowawayCluster.session()
    let task = Task {
      try await session.stream(
        Statement("SELECT a FROM generate_series(1, 100000) a, generate_series(1, 1000000) b"),
        batch: 1000
      ) { _ in .proceed }
    }
    try await eventually("it runs") { try await !Activity.isIdle(session.backendID) }
    task.cancel()
    #expect(await task.result.failure == .cancelled)
    #expect(try await session.execute("SELECT 1").scalar == "1")
  }

  @Test("of a connection that does not answer any more is to abandon it")
  func abandon() async throws {
    let session = try await ThrowawayCluster.session()
    let task = Task { try await session.execute("SELECT pg_sleep(60)") }
    try await eventually("it sleeps") { try await Activity.isSleeping(session.backendID) }
    session.abandon()
    #expect(await task.result.failure?.kind == .connection)
    #expect(await !session.isAlive)
  }
}
