import Testing

@testable import Warehouse

@Suite("A saved query")
struct SavedQueryTests {
  private static let text = """
    -- title: Plays by hour
    -- about: When people listen,
    -- about: in UTC.
    -- a remark
    -- param: level text = all | free | paid
    -- param: most integer = 10
    -- param: since date
    -- chart: bar x=hour y=plays
    SELECT 1 WHERE :level = 'all' AND :most > 1 AND :since < now() -- param: none
    """

  @Test("tells what it is, what it takes and how it wants to be drawn")
  func header() throws {
    let query = try SavedQuery(name: "plays", text: Self.text)
    #expect(query.title == "Plays by hour")
    #expect(query.about == "When people listen, in UTC.")
    #expect(query.chart == "bar x=hour y=plays")
    #expect(query.parameters.map(\.name) == ["level", "most", "since"])
    #expect(query.parameters.map(\.choices) == [["all", "free", "paid"], [], []])
    #expect(query.parameters.map(\.standard) == ["all", "10", nil])
  }

  @Test("takes the first choice or the standard value for what is not given")
  func values() throws {
    let query = try SavedQuery(name: "plays", text: Self.text)
    let script = try query.script(["since": "2018-11-01"])
    #expect(
      script.statements.first?.parameters == [
        "all", .declared("10", .integer), .declared("2018-11-01", .date),
      ])
  }

  @Test(
    "refuses values of another kind, values that are no choice, and parameters that it lacks",
    arguments: [
      ["level": "gold", "since": "2018-11-01"], ["most": "ten", "since": "2018-11-01"],
      ["since": "yesterday"], [:], ["since": "2018-11-01", "extra": "1"],
    ])
  func refusals(given: [String: String]) throws {
    let query = try SavedQuery(name: "plays", text: Self.text)
    #expect(throws: WarehouseError.self) { try query.script(given) }
  }

  @Test("with a parameter that cannot be read names the file and the line")
  func badHeader() {
    #expect {
      try SavedQuery(name: "x", text: "-- title: X\n-- param: level\nSELECT 1")
    } throws: { ($0 as? WarehouseError)?.detail == "x.sql, line 2" }
  }

  @Test(
    "knows which dates there are",
    arguments: [
      ("date", "2016-02-29", true), ("date", "2018-02-29", false), ("date", "2018-13-01", false),
      ("date", "2018-11-31", false), ("date", "18-1-1", false), ("date", "2018-11-30 ", false),
      ("timestamp", "2018-11-30 20:57:10.796", true), ("timestamp", "2018-11-30", true),
      ("timestamp", "2018-11-30 24:00", false), ("boolean", "TRUE", true), ("boolean", "1", false),
    ])
  func dates(kind: String, text: String, isRight: Bool) throws {
    let query = try SavedQuery(name: "x", text: "-- param: p \(kind)\nSELECT :p")
    #expect(((try? query.script(["p": text])) != nil) == isRight)
  }

  // MARK: The rows behind

  private static func withRows(_ rows: String) throws -> SavedQuery {
    try SavedQuery(
      name: "x", text: "-- rows: \(rows)\n-- param: level text = all\nSELECT hour, plays FROM t")
  }

  @Test("says where the rows behind one of its rows come from; values travel as parameters")
  func rowsBehind() throws {
    let query = try Self.withRows("songplays WHERE hour = :hour AND level = :level")
    let columns = [ResultColumn(name: "hour", kind: .integer)]
    let statement = try query.rowsBehind(["5"], columns: columns, ["level": "paid"])
    #expect(
      statement
        == Statement(
          "SELECT * FROM songplays WHERE hour = $1 AND level = $2",
          parameters: [.text("5"), .text("paid")], names: ["hour", "level"]))
    #expect(try query.rowsBehind([nil], columns: columns, [:])?.parameters.first == .null)
    #expect(throws: WarehouseError.self) { try query.rowsBehind(["5"], columns: [], [:]) }
  }

  @Test("a name alone is the table that the value names, whatever it holds")
  func tableBehind() throws {
    let query = try Self.withRows(":hour")
    let columns = [ResultColumn(name: "hour", kind: .text)]
    func sql(_ value: String?) throws -> String? {
      try query.rowsBehind([value], columns: columns, [:])?.sql
    }
    #expect(try sql("songs") == "SELECT * FROM \"songs\"")
    #expect(try sql("x\"; DROP TABLE y; --") == "SELECT * FROM \"x\"\"; DROP TABLE y; --\"")
    #expect(try sql(nil) == nil)
    #expect(throws: WarehouseError.self) { try query.rowsBehind(["x"], columns: [], [:]) }
  }

  @Test(
    "refuses rows that no result can have",
    arguments: ["", "songplays; DROP TABLE songplays", "songplays WHERE x = :nothing"])
  func wrongRows(_ rows: String) {
    #expect(throws: WarehouseError.self) { try Self.withRows(rows) }
  }
}
