import Synchronization
import Testing

@testable import Warehouse

@Suite("A session")
struct SessionTests {
  @Test("returns values as text, NULL as nil, and knows what columns hold")
  func valuesAndKinds() async throws {
    let session = try await ThrowawayCluster.session()
    let result = try await session.execute(
      """
      SELECT 1 AS i, 2::int8 AS b, 1.50 AS n, 0.1::float8 AS d, 'ä€😀' AS t, 'v'::varchar(9) AS v,
        true AS y, NULL::text AS nothing, '' AS empty, date '2018-11-01' AS day,
        timestamp '2018-11-01 20:57:10.796' AS at, '{"a": 1}'::jsonb AS j, '1 day'::interval AS o
      """)
    #expect(
      result.rows == [
        [
          "1", "2", "1.50", "0.1", "ä€😀", "v", "t", nil, "", "2018-11-01",
          "2018-11-01 20:57:10.796", #"{"a": 1}"#, "1 day",
        ]
      ])
    #expect(
      result.columns.map(\.kind) == [
        .integer, .integer, .number, .number, .text, .text, .boolean, .text, .text, .date,
        .timestamp, .json, .other,
      ])
    #expect(result.columns.map(\.name).prefix(3) == ["i", "b", "n"])
    #expect(result.columns.first?.typeID == 23)
    #expect(result.affectedRows == 1)
    #expect(!result.isTruncated)
  }

  @Test("passes parameters of every kind beside the text")
  func parameters() async throws {
    let session = try await ThrowawayCluster.session()
    let hostile = "'; DROP TABLE x; --\\ \n\t\u{1b}[2J ä€😀"
    let result = try await session.execute(
      Statement(
        "SELECT $1::text, $2::int8, $3::float8, $4::float8, $5::bool, $6::text, $7::int8",
        .text(hostile), .integer(.min), .real(0.1), .real(-.infinity), .boolean(false), .null,
        .integer(.max)))
    #expect(
      result.rows == [
        [
          hostile, "-9223372036854775808", "0.1", "-Infinity", "f", nil, "9223372036854775807",
        ]
      ])
    // Types come from where a parameter stands, as for a literal in quotes.
    let inferred = Statement("SELECT $1 + 1, date '2018-11-01' + $2::int, 'a' = $3", 41, 29, "a")
    #expect(try await session.execute(inferred).rows == [["42", "2018-11-30", "t"]])
  }

  @Test("refuses a NUL instead of sending the text cut off")
  func refusesNUL() async throws {
    let session = try await ThrowawayCluster.session()
    let inText = try await failure { () throws(WarehouseError) in
      try await session.execute("SELECT 1 \0 + 1")
    }
    let inValue = try await failure { () throws(WarehouseError) in
      try await session.execute(Statement("SELECT $1::text", "a\0b"))
    }
    #expect(inText.message == "could not send a text with a NUL character")
    #expect(inValue == inText)
    #expect(try await session.execute("SELECT 1").scalar == "1")
  }

  @Test("counts the rows of statements that return none")
  func affectedRows() async throws {
    let session = try await ThrowawayCluster.session()
    let made = try await session.execute("CREATE TABLE t AS SELECT generate_series(1, 5) AS n")
    #expect(made.affectedRows == 5)
    #expect(try await session.execute("DELETE FROM t WHERE n > 3").affectedRows == 2)
    #expect(try await session.execute("").columns.isEmpty)
    let none = try await session.execute("SELECT n FROM t WHERE n > 100")
    #expect(none.columns.map(\.name) == ["n"])
    #expect(none.rows.isEmpty)
  }

  @Test("gives the server's own words, and where in the statement it stumbled, in characters")
  func serverErrors() async throws {
    let session = try await ThrowawayCluster.session()
    let unknown = try await failure { () throws(WarehouseError) in
      try await session.execute("SELECT 'ä€😀', nowhere FROM pg_class")
    }
    #expect(unknown.kind == .server)
    #expect(unknown.message == #"column "nowhere" does not exist"#)
    #expect(unknown.sqlState == "42703")
    #expect(unknown.position == 15)
    try await session.execute("CREATE TABLE t (n int PRIMARY KEY)")
    try await session.execute("INSERT INTO t VALUES (1)")
    let duplicate = try await failure { () throws(WarehouseError) in
      try await session.execute("INSERT INTO t VALUES (1)")
    }
    #expect(duplicate.detail == "Key (n)=(1) already exists.")
    #expect(duplicate.sqlState == "23505")
    let two = try await failure { () throws(WarehouseError) in
      try await session.execute("SELECT 1; SELECT 2")
    }
    #expect(two.message == "cannot insert multiple commands into a prepared statement")
    #expect(two.hint == "Run the statements one at a time.")
  }

  @Test("tells a statement timeout from a cancel")
  func statementTimeout() async throws {
    let session = try await ThrowawayCluster.session()
    try await session.execute("SET statement_timeout = '10ms'")
    let error = try await failure { () throws(WarehouseError) in
      try await session.execute("SELECT pg_sleep(30)")
    }
    #expect(error.kind == .server)
    #expect(error.message == "canceling statement due to statement timeout")
  }

  @Test("works in UTC, ISO dates and UTF-8, whatever the database says")
  func sessionSettings() async throws {
    let settings = try await ThrowawayCluster.shared().makeDatabase()
    let first = try await PostgresSession.connect(settings)
    let name = Identifier(settings.database ?? "").sql
    for setting in ["TimeZone = 'Asia/Tokyo'", "DateStyle = 'German'", "extra_float_digits = 3"] {
      try await first.execute("ALTER DATABASE \(name) SET \(setting)")
    }
    let session = try await PostgresSession.connect(settings)
    let row = try await session.execute(
      "SELECT timestamptz '2018-11-01 00:00:00+00', 0.1::float8, current_setting('client_encoding')"
    )
    #expect(row.rows == [["2018-11-01 00:00:00+00", "0.1", "UTF8"]])
    #expect(await session.engine == .postgres)
    #expect(await session.version.hasPrefix("PostgreSQL"))
    #expect(await session.parameterStatus("TimeZone") == "UTC")
  }

  @Test("tells an observer of every statement and how it ended, without values")
  func observer() async throws {
    let records = Mutex<[StatementRecord]>([])
    let session = try await ThrowawayCluster.session { record in
      records.withLock { $0.append(record) }
    }
    try await session.execute(Statement("SELECT $1::int", 7))
    _ = try? await session.execute("SELECT nowhere")
    try await session.execute("CREATE TABLE t (n int)")
    _ = try await session.copy("COPY t FROM STDIN", from: Lines(["1", "2", "3"]))
    let seen = records.withLock { $0 }
    #expect(seen.map(\.sql).prefix(2) == ["SELECT $1::int", "SELECT nowhere"])
    #expect(seen.map(\.parameterCount) == [1, 0, 0, 0])
    #expect(seen.map(\.rows) == [1, nil, 0, 3])
    #expect(seen.map { $0.error?.sqlState } == [nil, "42703", nil, nil])
    #expect(seen.allSatisfy { $0.duration > .zero && $0.startedAt > 0 })
  }

  @Test("hands on what the server says beside its answers")
  func notices() async throws {
    let heard = Mutex<[ServerNotice]>([])
    let settings = try await ThrowawayCluster.shared().makeDatabase()
    let session = try await PostgresSession.connect(
      settings, notices: { notice in heard.withLock { $0.append(notice) } })
    try await session.execute("DO $$ BEGIN RAISE WARNING 'careful' USING HINT = 'Look.'; END $$")
    #expect(
      heard.withLock { $0 } == [
        ServerNotice(severity: "WARNING", message: "careful", detail: nil, hint: "Look.")
      ])
  }

  @Test("refuses a COPY that nobody takes part in, and goes on")
  func copyThroughExecute() async throws {
    let session = try await ThrowawayCluster.session()
    try await session.execute("CREATE TABLE t (n int)")
    for sql in ["COPY t FROM STDIN", "COPY (SELECT generate_series(1, 100000)) TO STDOUT"] {
      let error = try await failure { () throws(WarehouseError) in try await session.execute(sql) }
      #expect(error.message == "could not copy to or from the client in this way")
      #expect(try await session.execute("SELECT 1").scalar == "1")
    }
  }

  @Test("runs statements of several tasks one at a time")
  func oneAtATime() async throws {
    let session = try await ThrowawayCluster.session()
    try await session.execute("CREATE TABLE t (n int)")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in Int64(1)...50 {
        group.addTask {
          try await session.execute(Statement("INSERT INTO t VALUES ($1)", .integer(number)))
        }
      }
      try await group.waitForAll()
    }
    #expect(try await session.execute("SELECT count(*), sum(n) FROM t").rows == [["50", "1275"]])
  }

  @Test("throws at once after close, and after its server process was ended")
  func closedAndTerminated() async throws {
    let closed = try await ThrowawayCluster.session()
    await closed.close()
    let afterClose = try await failure { () throws(WarehouseError) in
      try await closed.execute("SELECT 1")
    }
    #expect(afterClose == WarehouseError(.connection, "the session is closed"))
    #expect(await !closed.isAlive)

    let settings = try await ThrowawayCluster.shared().makeDatabase()
    let victim = try await PostgresSession.connect(settings)
    let other = try await PostgresSession.connect(settings)
    #expect(await victim.isAlive)
    #expect(try await other.terminate(backend: victim.backendID))
    #expect(try await !other.terminate(backend: 999_999_999))
    try await eventually("the session sees its end") { await !victim.isAlive }
    let lost = try await failure { () throws(WarehouseError) in
      try await victim.execute("SELECT 1")
    }
    #expect(lost.kind == .connection)
    #expect(lost.isTransient)
    let again = try await failure { () throws(WarehouseError) in
      try await victim.execute("SELECT 1")
    }
    #expect(again == lost)
  }

  @Test("rolls a transaction back when its body throws, cancelled or not")
  func transactions() async throws {
    let session = try await ThrowawayCluster.session()
    try await session.execute("CREATE TABLE t (n int)")
    _ = try? await session.transaction { () throws(WarehouseError) in
      try await session.execute("INSERT INTO t VALUES (1)")
      throw WarehouseError(.check, "no")
    }
    #expect(await session.transactionStatus == .idle)
    let task = Task { () throws -> Void in
      try await session.transaction { () throws(WarehouseError) in
        try await session.execute("INSERT INTO t VALUES (2)")
        try await session.execute("SELECT pg_sleep(60)")
      }
    }
    try await eventually("the transaction is open") {
      try await Activity.isSleeping(session.backendID)
    }
    task.cancel()
    #expect(await task.result.failure == .cancelled)
    #expect(await session.transactionStatus == .idle)
    #expect(try await session.execute("SELECT count(*) FROM t").scalar == "0")
  }
}
