import Testing

@testable import Warehouse

@Suite("Which statements may be stopped half-way")
struct PlainReadTests {
  @Test(
    "queries, whatever stands before them",
    arguments: [
      "SELECT 1", "select*from t", "  \n\tSELECT 1", "((SELECT 1) UNION SELECT 2)", "TABLE t",
      "VALUES (1), (2)", "WITH a AS (SELECT 1) SELECT * FROM a",
      "-- title: Plays\n-- about: by hour\nSELECT 1", "/* a /* nested */ one */ SELECT 1",
      "SELECT updated_at, inserts FROM t",
    ])
  func reads(sql: String) {
    #expect(Statement(sql).isPlainRead)
  }

  @Test(
    "nothing that writes, locks or does something else",
    arguments: [
      "", "   ", "-- only a comment", "/* open", "INSERT INTO t VALUES (1) RETURNING n",
      "WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a", "SELECT 1 INTO t",
      "SELECT * FROM t FOR UPDATE", "SELECT * FROM t FOR SHARE", "EXPLAIN ANALYZE SELECT 1",
      "FETCH ALL FROM c", "CALL p()", "SHOW ALL", "selected", "(", "1",
    ])
  func others(sql: String) {
    #expect(!Statement(sql).isPlainRead)
  }
}
