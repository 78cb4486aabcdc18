import Testing

@testable import Warehouse

@Suite("A statement with names")
struct StatementNamesTests {
  private func statement(_ sql: String) throws -> Statement {
    let names = ["level", "most"]
    let values = names.filter { sql.contains(":\($0)") }.map { ($0, Parameter.text("x")) }
    let script = try SQLScript(text: sql, values: Dictionary(uniqueKeysWithValues: values))
    return try #require(script.statements.first)
  }

  @Test("is shown as it was written")
  func written() throws {
    let sql = """
      SELECT '$1', "$2" -- $1
      FROM t WHERE :level = level AND :most > 1 OR :level::text = ''
      """
    #expect(try statement(sql).written == sql)
    #expect(Statement("SELECT $1", .integer(1)).written == "SELECT $1")
  }

  @Test("has errors in its own words, at the place where a person looks")
  func errors() throws {
    let statement = try statement("SELECT é WHERE :level = 'x' AND :most > 1 AND nothing")
    #expect(statement.sql == "SELECT é WHERE $1 = 'x' AND $2 > 1 AND nothing")
    let place = { (text: String, part: String) throws -> Int in
      let range = try #require(text.firstRange(of: part))
      return text.unicodeScalars.distance(from: text.startIndex, to: range.lowerBound) + 1
    }
    for part in ["é", "= 'x'", "> 1", "nothing"] {
      let error = statement.explained(
        WarehouseError(.server, "wrong", position: try place(statement.sql, part)))
      #expect(error.position == (try place(statement.written, part)), "\(part)")
    }
    let inside = statement.explained(
      WarehouseError(
        .server, "could not determine data type of parameter $2", hint: "Cast $1 or $9.",
        position: try place(statement.sql, "2 >")))
    #expect(inside.message == "could not determine data type of parameter :most")
    #expect(inside.hint == "Cast :level or $9.")
    #expect(inside.position == (try place(statement.written, ":most")))
  }
}
