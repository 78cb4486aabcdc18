import Testing

@testable import Warehouse

/// Parameters of saved queries have the types that their headers declare.
@Suite struct DeclaredParameterTests {
  @Test(arguments: [
    ("n integer = 30", "date '2018-11-01' + :n", "2018-12-01"),
    ("n integer = 3000000000", ":n + 1", "3000000001"),
    ("n integer = -2", "sum(v) FROM (SELECT 1::bigint AS v WHERE 1 > :n) AS t LIMIT 7 + :n", "1"),
    ("d date = 2018-11-30", "date_trunc('month', :d)::date", "2018-11-01"),
    ("d date = 2018-11-30", ":d - 29", "2018-11-01"),
    ("t timestamp = 2018-11-30 20:57:10", "date_trunc('hour', :t)", "2018-11-30 20:00:00"),
    ("x number = 0.1", ":x * 3", "0.3"), ("x number = 1e3", "round(:x / 3, 2)", "333.33"),
    ("x number = 0.5", "3 * :x", "1.5"), ("b boolean = true", "NOT :b", "f"),
    ("s text = abc", "left('x' || :s, 2)", "xa"),
  ])
  func `A parameter has its declared type`(
    parameter: String, expression: String, value: String
  ) async throws {
    let session = try await ThrowawayCluster.session()
    let query = try SavedQuery(
      name: "q", text: "-- param: \(parameter)\nSELECT \(expression)")
    let statement = try #require(try query.script([:]).statements.first)
    #expect(try await session.execute(statement).scalar == value)
    await session.close()
  }

  @Test func `Redshift has a type of its own for numbers that need not be whole`() {
    let half = Parameter.declared("0.5", .number)
    #expect(half.typeID(on: .postgres) == 1700)
    #expect(half.typeID(on: .redshift) == 701)
    #expect(Parameter.declared("30", .integer).typeID(on: .redshift) == 23)
    #expect(Parameter.declared("3000000000", .integer).typeID(on: .redshift) == 20)
    #expect(Parameter.text("30").typeID(on: .redshift) == 0)
  }
}
