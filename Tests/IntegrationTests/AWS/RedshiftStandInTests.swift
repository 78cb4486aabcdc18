import Testing

@testable import Warehouse

/// The stand-in for Redshift keeps Redshift's rules: what a test runs on it was run as it would be there.
@Suite("Redshift's stand-in")
struct RedshiftStandInTests {
  private static func lake(_ name: String) async throws -> (AWSStandIn, role: String) {
    let aws = try await AWSStandIn.shared()
    try aws.makeBucket(name)
    let role = try aws.makeRole(
      name,
      policy: """
        {"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::\(name)/*"},
        {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::\(name)",
        "Condition":{"StringLike":{"s3:prefix":"in/*"}}}]}
        """)
    return (aws, role)
  }

  private static func session(
    _ aws: AWSStandIn, _ name: String, roles: [String] = []
  ) async throws -> PostgresSession {
    try await .connect(try aws.makeCluster(name, roles: roles))
  }

  private static func state(
    _ session: PostgresSession, _ sql: String
  ) async -> String? {
    do {
      try await session.execute(Statement(sql))
      return nil
    } catch {
      return error.sqlState
    }
  }

  @Test("a session says that it is Redshift, over TLS that is checked, and not without TLS")
  func greeting() async throws {
    let aws = try await AWSStandIn.shared()
    var settings = try aws.makeCluster("greeting")
    let session = try await PostgresSession.connect(settings)
    #expect(try await session.execute("SELECT version()").scalar?.contains("Redshift 1.0") == true)
    #expect(await session.parameterStatus("server_version") == "8.0.2")
    #expect(await session.parameterStatus("client_encoding") == "UNICODE")
    #expect(try await session.execute(Statement("SELECT $1 || 'x'", "é")).scalar == "éx")
    settings.sslMode = .disable
    settings.extra["gssencmode"] = "disable"
    await #expect(throws: WarehouseError.self) { try await PostgresSession.connect(settings) }
    settings.sslMode = .verifyFull
    settings.password = Secret("wrong")
    await #expect(throws: WarehouseError.self) { try await PostgresSession.connect(settings) }
  }

  @Test(
    "what Redshift does not have is refused",
    arguments: [
      ("SELECT DISTINCT ON (a) a FROM t", "0A000"),
      ("SELECT pg_try_advisory_lock(1)", "42883"),
      ("INSERT INTO t (a) VALUES (1) ON CONFLICT DO NOTHING", "42601"),
      ("CREATE INDEX i ON t (a)", "42601"),
      ("CREATE TABLE u (a SERIAL)", "42704"),
      ("CREATE TABLE u (timestamp TIMESTAMP)", "42601"),
      ("CREATE TABLE u (a VARCHAR(9) ENCODE az64)", "0A000"),
      ("CREATE TABLE u (a INT DISTKEY) DISTSTYLE ALL", "42P16"),
      ("ALTER TABLE t SET SCHEMA other", "42601"),
      ("SET lock_timeout TO 5", "42704"),
      ("COPY t FROM STDIN", "42601"),
      ("SELECT sum(a) OVER (ORDER BY a) FROM t", "0A000"),
      ("DO $$ BEGIN END $$", "42601"),
      ("EXPLAIN ANALYZE SELECT 1", "42601"),
    ])
  func refusals(_ sql: String, _ expected: String) async throws {
    let aws = try await AWSStandIn.shared()
    let name = "refusals-\(abs(sql.hashValue))"
    let session = try await Self.session(aws, name)
    try await session.execute("CREATE TABLE t (a INT, b VARCHAR(4))")
    #expect(await Self.state(session, sql) == expected)
    #expect(try await session.execute("SELECT count(*) FROM t").scalar == "0")
  }

  @Test("keys are not enforced, texts are counted in bytes, and TRUNCATE commits")
  func tables() async throws {
    let session = try await Self.session(try await AWSStandIn.shared(), "tables")
    try await session.execute(
      """
      CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(4) ENCODE zstd)
      DISTSTYLE KEY DISTKEY (a) COMPOUND SORTKEY (b)
      """)
    try await session.execute("INSERT INTO t VALUES (1, 'abcd'), (1, 'éé')")
    #expect(await Self.state(session, "INSERT INTO t VALUES (2, 'éée')") == "22001")
    #expect(await Self.state(session, "INSERT INTO t VALUES (NULL, 'x')") == "23502")
    let found = try await session.execute(
      """
      SELECT "column", TRIM(encoding), distkey, sortkey FROM pg_table_def
      WHERE tablename = 't' ORDER BY 1
      """)
    #expect(found.rows == [["a", "az64", "t", "0"], ["b", "zstd", "f", "1"]])
    #expect(
      try await session.execute("SELECT diststyle FROM svv_table_info").scalar == "KEY(a)")
    try await session.execute("BEGIN")
    try await session.execute("TRUNCATE t")
    try await session.execute("ROLLBACK")
    #expect(try await session.execute("SELECT count(*) FROM t").scalar == "0")
    try await session.execute("BEGIN")
    #expect(await Self.state(session, "VACUUM t") == "25001")
    #expect(await Self.state(session, "SELECT 1") == "25P02")
    try await session.execute("ROLLBACK")
  }

  @Test("COPY reads a manifest by paths, with its role's rights, and writes down what it refuses")
  func copies() async throws {
    let (aws, role) = try await Self.lake("copies")
    let session = try await Self.session(aws, "copies", roles: [role])
    try await session.execute("CREATE TABLE t (ts BIGINT, start_time TIMESTAMP, b VARCHAR(4))")
    try aws.s3.put(
      Array(#"{"ts":1541105830796,"b":"é"} {"ts":"x"}"#.utf8) + [10] + Array(#"{"ts":1}"#.utf8),
      to: "in/a.json", in: "copies")
    try aws.s3.put(Array(#"{"jsonpaths":["$.ts","$.ts","$.b"]}"#.utf8), to: "p", in: "copies")
    try aws.s3.put(
      Array(#"{"entries":[{"url":"s3://copies/in/a.json","mandatory":true}]}"#.utf8), to: "m",
      in: "copies")
    func copy(_ from: String, _ rest: String = "", role: String) -> String {
      """
      COPY t FROM 's3://copies/\(from)' IAM_ROLE '\(role)' JSON 's3://copies/p' \
      TIMEFORMAT 'epochmillisecs' \(rest)
      """
    }
    #expect(await Self.state(session, copy("m", "MANIFEST", role: role)) == "XX000")
    #expect(try await session.execute("SELECT count(*) FROM t").scalar == "0")
    try await session.execute(Statement(copy("m", "MANIFEST MAXERROR 5", role: role)))
    #expect(
      try await session.execute("SELECT ts, start_time, b FROM t ORDER BY 1 DESC").rows
        == [
          ["1541105830796", "2018-11-01 20:57:10.796", "é"],
          ["1", "1970-01-01 00:00:00.001", nil],
        ])
    let rejects = try await session.execute(
      """
      SELECT TRIM(filename), line_number, TRIM(colname), err_code, TRIM(raw_field_value)
      FROM stl_load_errors WHERE query = pg_last_copy_id()
      """)
    #expect(rejects.rows == [["s3://copies/in/a.json", "1", "ts", "1207", "x"]])
    try await session.execute(Statement(copy("in/", "MAXERROR 5", role: role)))
    for refused in [
      copy("", "MAXERROR 5", role: role), copy("m", "MANIFEST", role: role + "x"),
      copy("m", "MANIFEST REGION 'eu-west-1'", role: role),
    ] {
      #expect(await Self.state(session, refused) == "XX000")
    }
  }

  @Test("a COPY whose connection is cut goes on, and another session sees it")
  func cut() async throws {
    let (aws, role) = try await Self.lake("cut")
    let session = try await Self.session(aws, "cut", roles: [role])
    let other = try await Self.session(aws, "cut", roles: [role])
    try await session.execute("CREATE TABLE t (a INT)")
    for index in 0..<4 {
      try aws.s3.put(Array(#"{"a":1}"#.utf8), to: "in/\(index)", in: "cut")
    }
    try aws.inject("cut", "sql:COPY t FROM 's3://cut/")
    let sql = Statement("COPY t FROM 's3://cut/in/' IAM_ROLE '\(role)' JSON 'auto'")
    await #expect(throws: WarehouseError.self) { try await session.execute(sql) }
    try await eventually("the COPY is done", within: .seconds(60)) {
      try await other.execute("SELECT status FROM sys_load_history").scalar == "completed"
    }
    #expect(try await other.execute("SELECT count(*) FROM t").scalar == "4")
  }

  @Test("a serialization failure is error 1023, once when asked")
  func serialization() async throws {
    let aws = try await AWSStandIn.shared()
    let session = try await Self.session(aws, "serialization")
    try await session.execute("CREATE TABLE only_here (a INT)")
    try aws.inject("1023", "sql:INSERT INTO only_here")
    let error = await #expect(throws: WarehouseError.self) {
      try await session.execute("INSERT INTO only_here VALUES (1)")
    }
    #expect(error?.sqlState == "XX000")
    #expect(error?.message.contains("1023") == true)
    try await session.execute("INSERT INTO only_here VALUES (1)")
  }
}
