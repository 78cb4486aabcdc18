import Synchronization
import Testing

@testable import Warehouse

@Suite("A query of an analyst")
struct QueryRunTests {
  /// What came of a run.
  private final class Heard: Sendable {
    let events = Mutex<[QueryRun.Event]>([])
    var count: Int {
      events.withLock {
        $0.reduce(0) { if case .rows(let rows) = $1 { $0 + rows.count } else { $0 } }
      }
    }
    var isPaused: Bool { events.withLock { $0.last == .paused } }
    func take(_ event: QueryRun.Event) { events.withLock { $0.append(event) } }
  }

  @Test("hands on the rows that are wanted, waits, and goes on where it stopped")
  func pages() async throws {
    let session = try await ThrowawayCluster.session()
    let gate = RowGate(limit: 1000)
    let heard = Heard()
    let run = QueryRun([Statement("SELECT generate_series(1, 12000) AS n")])
    let task = Task { try await run.perform(on: session, gate: gate) { heard.take($0) } }
    try await eventually("it waits") { heard.isPaused }
    #expect(heard.count == 1000)
    gate.open(for: 10_000)
    try await eventually("it waits again") { heard.isPaused && heard.count == 11_000 }
    gate.open(for: 10_000)
    #expect(try await task.value == .complete(affectedRows: nil))
    #expect(heard.count == 12_000)
    #expect(await session.transactionStatus == .idle)
  }

  @Test("lets the server go when nobody wants more in time")
  func impatient() async throws {
    let session = try await ThrowawayCluster.session()
    let gate = RowGate(limit: 10, patience: .zero)
    let heard = Heard()
    let run = QueryRun([Statement("SELECT generate_series(1, 100000000) AS n")])
    #expect(try await run.perform(on: session, gate: gate) { heard.take($0) } == .cut)
    #expect(heard.count == 10)
    #expect(try await session.execute("SELECT 1").scalar == "1")
  }

  @Test("is stopped by a cancel while it works and while it waits", arguments: [true, false])
  func cancelled(whileWaiting: Bool) async throws {
    let session = try await ThrowawayCluster.session()
    let heard = Heard()
    let sql = whileWaiting ? "SELECT generate_series(1, 100000000) AS n" : "SELECT pg_sleep(60)"
    let run = QueryRun([Statement(sql)])
    let task = Task {
      try await run.perform(on: session, gate: RowGate(limit: 10)) { heard.take($0) }
    }
    if whileWaiting {
      try await eventually("it waits") { heard.isPaused }
    } else {
      try await eventually("it sleeps") { try await Activity.isSleeping(session.backendID) }
    }
    task.cancel()
    #expect(await task.result.failure == .cancelled)
    #expect(await session.transactionStatus == .idle)
    #expect(try await session.execute("SELECT 1").scalar == "1")
  }

  @Test("changes nothing, and leaves nothing behind on the session")
  func readOnly() async throws {
    let session = try await ThrowawayCluster.session()
    try await session.execute("CREATE TABLE kept (n int)")
    for statements in [
      ["INSERT INTO kept VALUES (1)"], ["COMMIT", "INSERT INTO kept VALUES (1)"],
      ["SET TRANSACTION READ WRITE", "INSERT INTO kept VALUES (1)"],
    ] {
      let run = QueryRun(statements.map { Statement($0) })
      await #expect(throws: WarehouseError.self) {
        try await run.perform(on: session, gate: RowGate(limit: 10)) { _ in }
      }
      #expect(await session.transactionStatus == .idle)
    }
    let run = QueryRun([Statement("SET search_path TO pg_catalog"), Statement("SELECT 1")])
    _ = try await run.perform(on: session, gate: RowGate(limit: 10)) { _ in }
    #expect(try await session.execute("SELECT count(*) FROM kept").scalar == "0")
  }

  @Test("says where in the statement the server found a mistake")
  func position() async throws {
    let session = try await ThrowawayCluster.session()
    let run = QueryRun([Statement("SELECT 1,\n  levle")])
    let error = await #expect(throws: WarehouseError.self) {
      try await run.perform(on: session, gate: RowGate(limit: 10)) { _ in }
    }
    #expect(error?.position == 13)
    #expect(error?.sqlState == "42703")
  }

  @Test("is explained with its parameters, and measured on request")
  func plan() async throws {
    let session = try await ThrowawayCluster.session()
    let statement = Statement(
      "SELECT count(*) FROM generate_series(1, $1) AS n WHERE n > 5", .integer(1000))
    let expected = try await QueryPlan.explain(statement, analyze: false, on: session)
    #expect(expected.root.title == "Aggregate")
    #expect(expected.root.milliseconds == nil)
    let measured = try await QueryPlan.explain(statement, analyze: true, on: session)
    #expect(measured.root.actualRows == 1)
    #expect(measured.runningMilliseconds != nil)
    #expect(await session.transactionStatus == .idle)
  }
}
