import Testing

@testable import Warehouse

@Suite("What the SQL screen knows")
struct SQLScreenNamesTests {
  @Test("reads tables with their columns, and the functions that people made")
  func names() async throws {
    let session = try await ThrowawayCluster.session()
    try await session.execute("CREATE SCHEMA IF NOT EXISTS names_test")
    try await session.execute("CREATE TABLE names_test.t (a int, \"B c\" text)")
    try await session.execute(
      "CREATE FUNCTION names_test.own_one() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    let names = try await CatalogNames.read(from: session)
    let table = names.tables.first { $0.schema == "names_test" }
    #expect(table?.name == "t")
    #expect(table?.columns == [.init("a", "integer"), .init("B c", "text")])
    #expect(names.functions.contains("own_one"))
    #expect(!names.tables.contains { $0.schema.hasPrefix("pg_") })
  }

  @Test("keeps what was run, the latest first, for its owner alone, and no secret")
  func history() throws {
    let folder = try TemporaryFolder.make()
    for plain in [
      "SELECT * FROM songs WHERE title = 'My Secret Password'", "SELECT 'http://x.y' AS agent",
    ] {
      #expect(!StatementHistory.mayHoldSecret(plain))
    }
    for secret in [
      "ALTER USER ana PASSWORD 'x'", "COPY t FROM 's3://b' CREDENTIALS 'aws_access_key_id=A'",
      "SELECT dblink('host=h password=x', 'SELECT 1')", "SELECT 1 -- the password is x",
      "SELECT dblink('postgresql://ana:x@h/d', $$SELECT 1$$)", "SELECT 'open; PASSWORD x",
      "SELECT '{\"password\": \"x\"}'::jsonb",
    ] {
      #expect(StatementHistory.mayHoldSecret(secret))
    }
    let history = StatementHistory(stateFolder: folder)
    #expect(try history.read() == [])
    _ = try history.add("SELECT 1")
    _ = try history.add("SELECT 'é'\n  , 2")
    _ = try history.add("ALTER USER ana PASSWORD 'x'")
    #expect(try history.add("SELECT 1") == ["SELECT 1", "SELECT 'é'\n  , 2"])
    #expect(try StatementHistory(stateFolder: folder).read().count == 2)
    for number in 0..<1010 { _ = try history.add("SELECT \(number)") }
    #expect(try history.read().count == StatementHistory.limit)
  }
}
