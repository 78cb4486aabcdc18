import Testing

@testable import Console
@testable import ConsoleFixture
@testable import Warehouse

/// Exports from the screens that show rows, as keys and messages.
@Suite("An export")
struct ExportTests {
  /// The fact, opened.
  private func table() throws -> Harness {
    var harness = Harness(columns: 80, rows: 24)
    try harness.answerTables(harness.press("3"))
    try harness.answerTables(harness.press(.down, .enter))
    return harness
  }

  private func written(_ effects: [Effect]) -> ExportRequest? {
    if case .export(.write(_, let request))? = effects.first { request } else { nil }
  }

  @Test("of a table writes what is seen: its columns, their order, sort and filter")
  func asShown() throws {
    var harness = try table()
    harness.press("l", "-", "H")
    try harness.answerTables(harness.press("="))
    try harness.answerTables(harness.press("s"))
    #expect(harness.press("E") == [])
    #expect(harness.text.contains("Export sparkify.songplays"))
    #expect(harness.text.contains("[as shown] whole table"))
    let effects = harness.press(.enter)
    let request = try #require(written(effects))
    guard case .run(let run, .unknown) = request.source else {
      Issue.record("\(request.source)")
      return
    }
    #expect(request.path == "songplays.csv")
    #expect(run.access == .reading)
    #expect(
      run.statements == [
        Statement(
          """
          SELECT "user_id", "songplay_id", "level", "song_id"
          FROM "sparkify"."songplays"
          WHERE "user_id" = $1::integer
          ORDER BY "user_id", "songplay_id"
          """, .text("7"))
      ])
  }

  @Test("of the whole table has every column and no filter; the ending follows the format")
  func wholeTable() throws {
    var harness = try table()
    try harness.answerTables(harness.press("="))
    harness.press("E", .right, .down, .right)
    let effects = harness.press(.enter)
    let request = try #require(written(effects))
    #expect(request.path == "songplays.jsonl" && request.format == .jsonLines)
    guard case .run(let run, .estimate(ScriptedTables.playCount)) = request.source else {
      Issue.record("\(request.source)")
      return
    }
    #expect(run.statements.last?.sql.contains("WHERE") == false)
    #expect(run.statements.last?.sql.contains("\"start_time\"") == true)
  }

  @Test("of marked rows writes these alone")
  func marked() throws {
    var harness = try table()
    harness.press(.space, .down, .space, "E")
    #expect(harness.text.contains("[2 marked]"))
    let effects = harness.press(.enter)
    let request = try #require(written(effects))
    guard case .rows(let rows) = request.source else {
      Issue.record("\(request.source)")
      return
    }
    #expect(rows.rows.map(\.first) == ["1", "3"])
  }

  @Test("tells how far it is, and Ctrl-C stops it before it asks to quit")
  func progress() throws {
    var harness = try table()
    harness.press("E", .enter)
    harness.answer(.export(.progressed(1, 120_000)))
    harness.wait(.seconds(2))
    #expect(
      harness.row(22).contains(
        "songplays.csv: 120,000 of about 1.7M rows · 2.0 s · Ctrl-C cancels"))
    harness.press("E")
    #expect(harness.press(.enter) == [])
    #expect(harness.row(22).contains("songplays.csv is still being written"))
    harness.press("1")
    #expect(harness.press(.control("c")) == [.export(.cancel)])
    #expect(harness.row(22).contains("stopping"))
    harness.answer(.export(.ended(1, .failure(.cancelled))))
    #expect(harness.row(22).contains("cancelled: there is no songplays.csv"))
    harness.answer(.export(.ended(1, .success(4))))
    #expect(!harness.row(22).contains("written"))
  }

  @Test("is asked about when one quits, and stopped before the program ends")
  func quitting() throws {
    var harness = try table()
    harness.press("E", .enter, "q")
    #expect(harness.text.contains("stop writing and quit"))
    #expect(harness.press("s") == [.export(.cancel)])
    #expect(harness.model.exitStatus == nil)
    harness.answer(.export(.ended(1, .failure(.cancelled))))
    #expect(harness.model.exitStatus == 0)
  }

  @Test("asks before it overwrites a file")
  func taken() throws {
    var harness = try table()
    harness.press("E", .enter)
    harness.answer(.export(.taken(1)))
    #expect(harness.text.contains("songplays.csv holds something already."))
    #expect(harness.press(.enter) == [])
    let effects = harness.press("r")
    let request = try #require(written(effects))
    #expect(request.replaces && request.path == "songplays.csv")
    harness.answer(.export(.ended(2, .success(1_702_118))))
    #expect(harness.row(22).contains("1,702,118 rows written to songplays.csv"))
  }

  @Test("that is cancelled says that the file that it would have replaced is as it was")
  func cancelledReplacing() throws {
    var harness = try table()
    harness.press("E", .enter)
    harness.answer(.export(.taken(1)))
    harness.press("r", .control("c"))
    #expect(harness.row(22).contains("stopping: songplays.csv stays as it was"))
    harness.answer(.export(.ended(2, .failure(.cancelled))))
    #expect(harness.row(22).contains("cancelled: songplays.csv is as it was"))
  }

  @Test("of the SQL screen runs what only reads again, and never what may change things")
  func sql() throws {
    var harness = SQLScreenTests.harness()
    harness.answer(.paste("SELECT n FROM t"))
    harness.press(.escape, "r")
    harness.answer(.sql(.came(1, .columns(SQLScreenTests.columns))))
    harness.answer(.sql(.came(1, .rows([["1"]]))))
    harness.answer(.sql(.ended(1, .success(.cut))))
    harness.press("E")
    #expect(harness.text.contains("[first 1] all"))
    harness.press(.escape, "w")
    harness.press("r")
    harness.answer(.sql(.came(2, .columns(SQLScreenTests.columns))))
    harness.answer(.sql(.came(2, .rows([["1"]]))))
    harness.answer(.sql(.ended(2, .success(.complete(affectedRows: 1)))))
    harness.press("E")
    let effects = harness.press(.enter)
    let request = try #require(written(effects))
    guard case .rows = request.source else {
      Issue.record("\(request.source)")
      return
    }
    #expect(request.path == "result.csv")
  }
}
