import Testing

@testable import Warehouse

@Test(arguments: [
  ("SELECT 1", ["SELECT 1"]),
  ("SELECT 1;\n SELECT 2 ;", ["SELECT 1", "SELECT 2"]),
  ("  ;; -- nothing\n; /* nor here */ ;", []),
  ("SELECT ';' ; SELECT 2", ["SELECT ';'", "SELECT 2"]),
  ("SELECT 'it''s; so'; X", ["SELECT 'it''s; so'", "X"]),
  ("SELECT E'a\\';b'; X", ["SELECT E'a\\';b'", "X"]),
  ("SELECT like'a\\'; X", ["SELECT like'a\\'", "X"]),
  ("SELECT \"a;\"\"b\"; X", ["SELECT \"a;\"\"b\"", "X"]),
  ("DO $$ BEGIN; END $$; X", ["DO $$ BEGIN; END $$", "X"]),
  ("DO $a$ $b$ ; $$ ; $a$; X", ["DO $a$ $b$ ; $$ ; $a$", "X"]),
  ("SELECT $1; SELECT $2", ["SELECT $1", "SELECT $2"]),
  ("SELECT a$b$; c$b$", ["SELECT a$b$", "c$b$"]),
  ("/* a /* ; */ ; */ SELECT 1; X", ["/* a /* ; */ ; */ SELECT 1", "X"]),
  ("SELECT 1 -- ; no\n + 1; X", ["SELECT 1 -- ; no\n + 1", "X"]),
  ("SELECT 'open ; ", ["SELECT 'open ;"]),
  ("SELECT $x$ open ;", ["SELECT $x$ open ;"]),
  ("/* open ;", []),
  ("SELECT 'é;ü'; ÄÖ", ["SELECT 'é;ü'", "ÄÖ"]),
  ("SELECT E'open\\", ["SELECT E'open\\"]),
])
func scriptsAreCutAtTheSemicolonsBetweenStatements(script: String, statements: [String]) {
  let pieces = StatementSplitter.split(script)
  #expect(pieces.map(\.text) == statements)
  let bytes = Array(script.utf8)
  #expect(pieces.map { String(decoding: bytes[$0.range], as: UTF8.self) } == statements)
}

@Test func namedParametersBecomeNumberedOnes() throws {
  let script = try SQLScript(
    text: """
      SELECT :a, ':a', ":a", x::text, a[1:n] -- :a
      FROM t WHERE y = :b OR :a = ''; SELECT :b
      """, values: ["a": 1, "b": "two"])
  #expect(
    script.statements == [
      Statement(
        """
        SELECT $1, ':a', ":a", x::text, a[1:n] -- :a
        FROM t WHERE y = $2 OR $1 = ''
        """, parameters: [1, "two"], names: ["a", "b"]),
      Statement("SELECT $1", parameters: ["two"], names: ["b"]),
    ])
}

@Test func aParameterWithoutValueAndAValueWithoutParameterAreRefused() {
  #expect(throws: WarehouseError.self) { try SQLScript(text: "SELECT :a", values: [:]) }
  #expect(throws: WarehouseError.self) { try SQLScript(text: "SELECT 1", values: ["a": 1]) }
}
