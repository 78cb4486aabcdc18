import Testing
import Warehouse

@testable import Console

@Suite("The SQL screen")
struct SQLScreenTests {
  static func harness(columns: Int = 80, rows: Int = 20) -> Harness {
    var harness = Harness(columns: columns, rows: rows)
    harness.press("5")
    harness.answer(.sql(.namesLoaded(1, .success(SQLCompletionTests.names))))
    return harness
  }

  static let columns = [ResultColumn(name: "n", kind: .integer)]

  @Test("letters are text while typing, and keys after Esc")
  func modes() {
    var harness = Self.harness()
    harness.press("i")
    harness.type("q?:71")
    #expect(harness.model.sql.editor.text == "q?:71")
    #expect(harness.text.contains("typing"))
    harness.press(.escape, "7")
    #expect(harness.model.screen == .runs)
  }

  @Test("a paste is text and never keys, and one step of undo")
  func paste() {
    var harness = Self.harness()
    harness.answer(.paste("q\r\nSELECT 1"))
    #expect(harness.model.sql.editor.text == "q\nSELECT 1")
    #expect(harness.model.exitStatus == nil)
    harness.press(.alt("u"))
    #expect(harness.model.sql.editor.text.isEmpty)
  }

  @Test("F5 runs the statement at the cursor, read-only; rows come below")
  func run() {
    var harness = Self.harness()
    harness.answer(.paste("SELECT 1;\nSELECT 2"))
    #expect(
      harness.press(Key(code: .function(5))) == [
        .sql(.remember("SELECT 2")),
        .sql(.run(1, sql: "SELECT 2", access: .reading, limit: 1000)),
      ])
    harness.answer(.sql(.came(1, .columns(Self.columns))))
    harness.answer(.sql(.came(1, .rows([["41"], [nil]]))))
    #expect(harness.text.contains("41"))
    harness.answer(.sql(.ended(1, .success(.complete(affectedRows: 2)))))
    #expect(harness.text.contains("✓ 2 rows"))
    harness.answer(.sql(.came(7, .rows([["99"]]))))
    #expect(!harness.text.contains("99"))
  }

  @Test("while somebody types, the key that stops a statement is Ctrl-C")
  func cancelKey() {
    var harness = Self.harness()
    harness.answer(.paste("SELECT 1"))
    harness.press(Key(code: .function(5)))
    #expect(harness.text.contains("00:00 · Ctrl-C cancels"))
    #expect(harness.row(19).contains("Ctrl-C cancel"))
    harness.press(.escape)
    #expect(harness.text.contains("00:00 · c cancels"))
    harness.press("i")
    #expect(harness.press(.control("c")) == [.sql(.cancel)])
  }

  @Test("the selection runs; all run one after the other until one fails, which is marked")
  func several() {
    var harness = Self.harness()
    harness.answer(.paste("SELECT 1;\nSELECT é, oops;\nSELECT 3"))
    harness.press(.escape)
    #expect(
      harness.press("a").last == .sql(.run(1, sql: "SELECT 1", access: .reading, limit: 1000)))
    harness.answer(.sql(.came(1, .paused)))
    #expect(harness.effects == [.sql(.release)])
    harness.answer(.sql(.ended(1, .success(.cut))))
    #expect(
      harness.effects == [
        .sql(.run(2, sql: "SELECT é, oops", access: .reading, limit: 1000))
      ])
    let error = WarehouseError(
      .server, "column \"oops\" does not exist", sqlState: "42703", position: 11)
    harness.answer(.sql(.ended(2, .failure(error))))
    #expect(harness.model.sql.results.map(\.state)[2] == .skipped)
    #expect(harness.model.sql.marks.error == TextPosition(line: 1, column: 11))
    #expect(harness.text.contains("column \"oops\" does not exist"))
    harness.press("]")
    #expect(harness.text.contains("not run"))
    harness.answer(.paste("x"))
    #expect(harness.model.sql.marks.error == nil)
  }

  @Test("the first rows say that there are more, and m fetches them")
  func more() {
    var harness = Self.harness()
    harness.answer(.paste("SELECT n FROM t"))
    harness.press(.escape, "r")
    harness.answer(.sql(.came(1, .columns(Self.columns))))
    harness.answer(.sql(.came(1, .rows((0..<1000).map { ["\($0)"] }))))
    harness.answer(.sql(.came(1, .paused)))
    #expect(harness.effects.isEmpty)
    #expect(harness.text.contains("first 1,000 rows"))
    #expect(harness.text.contains("m fetches more"))
    #expect(harness.press("m") == [.sql(.more(1000))])
    #expect(harness.press("r").isEmpty)
  }

  @Test("Ctrl-C cancels while typing, and says when the server stopped; twice ends the session")
  func cancel() {
    var harness = Self.harness()
    harness.answer(.paste("SELECT pg_sleep(9)"))
    harness.press(.control("j"))
    #expect(harness.press(.control("c")) == [.sql(.cancel)])
    #expect(harness.press(.control("c")) == [])
    #expect(harness.text.contains("asked to stop already"))
    harness.wait(.seconds(3))
    #expect(harness.text.contains("Ctrl-C again ends the session"))
    #expect(harness.press(.control("c")) == [.sql(.terminate(.reading))])
    harness.answer(.sql(.ended(1, .failure(.cancelled))))
    #expect(harness.text.contains("cancelled, server stopped after 3.0 s"))
  }

  @Test("writing must be unlocked, and is seen")
  func unlock() {
    var harness = Self.harness()
    #expect(harness.text.contains("read-only"))
    harness.press("w")
    #expect(harness.text.contains("! changes are possible"))
    harness.answer(.paste("DELETE FROM t"))
    #expect(
      harness.press(.control("j")).last
        == .sql(.run(1, sql: "DELETE FROM t", access: .writing, limit: 1000)))
  }

  @Test("names complete with Tab")
  func completion() {
    var harness = Self.harness()
    harness.press("i")
    harness.type("SELECT le FROM songplays")
    harness.press(.home)
    for _ in 0..<9 { harness.press(.right) }
    harness.press("v")
    #expect(harness.text.contains("column"))
    harness.press(.tab)
    #expect(harness.model.sql.editor.text == "SELECT level FROM songplays")
    harness.press(.escape)
    #expect(!harness.model.sql.isTyping)
  }

  @Test("Ctrl-R finds what was run before, and puts it behind what is written")
  func history() {
    var harness = Self.harness()
    harness.answer(.sql(.historyLoaded(["SELECT 2", "DELETE 1", "SELECT 1 FROM x"])))
    harness.answer(.paste("keep"))
    harness.press(.control("r"))
    harness.type("x sel")
    #expect(harness.text.contains("SELECT 1 FROM x"))
    #expect(!harness.text.contains("DELETE 1"))
    harness.press(.enter)
    #expect(harness.model.sql.editor.text == "keep;\n\nSELECT 1 FROM x")
  }

  @Test("looks like this")
  func frame() {
    var harness = Self.harness(columns: 60, rows: 14)
    harness.answer(.paste("SELECT n FROM t;\nSELECT 'a'"))
    harness.press(.escape, .control("j"))
    harness.answer(.sql(.came(1, .columns(Self.columns))))
    harness.answer(.sql(.came(1, .rows([["1"], [nil]]))))
    harness.answer(.sql(.ended(1, .success(.complete(affectedRows: 2)))))
    let rows = harness.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      rows.dropFirst().dropLast().joined(separator: "\n") == """
        ┌─ SQL  i types ─────────────────────────────── read-only ─┐
        │  1   SELECT n FROM t;                                    │
        │  2 │ SELECT 'a'                                          │
        │                                                          │
        └──────────────────────────────────────────────────────────┘
        ┌─ Result  ✓ 2 rows · 0.0 ms ──────────────────────────────┐
        │   n #                                                    │
        │     1                                                    │
        │     ∅                                                    │
        │                                                          │
        │                                                          │
        └────────────────────────────────────────── rows 1–2 of 2 ─┘
        """)
  }

  @Test("the text takes no more rows than it needs once there is a result, and half at most")
  func editorHeight() {
    var harness = Self.harness(columns: 80, rows: 40)
    harness.answer(.paste("SELECT 1"))
    harness.press(.escape, "r")
    #expect(harness.row(6).hasPrefix("┌─ Result"))
    harness.press("i")
    for line in 1...9 {
      harness.press(.enter)
      harness.type("-- \(line)")
    }
    #expect(harness.row(2).contains("SELECT 1"))
    #expect(harness.row(14).hasPrefix("┌─ Result"))
    for line in 10...40 {
      harness.press(.enter)
      harness.type("-- \(line)")
    }
    #expect(harness.row(20).hasPrefix("┌─ Result"))
    #expect(harness.text.contains("-- 40"))
  }

  @Test("an error's mark stands below its word, however long the line is")
  func longLine() throws {
    let sql =
      "SELECT 1;" + String(repeating: " ", count: 60) + "SELECT artst, "
      + String(repeating: "x, ", count: 60) + "y"
    let position = try #require(sql.firstRange(of: "artst")).lowerBound
    let error = WarehouseError(
      .server, "no such column", position: sql.distance(from: sql.startIndex, to: position) + 1)
    let lines = SQLLines.marked(sql, error).map(\.text)
    let row = try #require(lines.firstIndex { $0.contains("artst") })
    let place = try #require(lines[row].firstRange(of: "artst")).lowerBound
    let mark = try #require(lines[row + 1].firstRange(of: "▲ here")).lowerBound
    #expect(
      lines[row].distance(from: lines[row].startIndex, to: place)
        == lines[row + 1].distance(from: lines[row + 1].startIndex, to: mark))
    #expect(lines.allSatisfy { CellText.width(of: $0) <= 76 })
    let located = WarehouseError(.server, "no such table", position: 15)
      .located(in: "SELECT *\nFROM artst", of: "-- a\nSELECT *\nFROM artst\n")
    #expect(located.detail == "line 3: FROM artst\n             ^")
  }

  @Test("m runs a result again that the server was let go of, and stays at its row")
  func moreAgain() {
    var harness = Self.harness()
    harness.answer(.paste("SELECT n FROM t"))
    harness.press(.escape, "r")
    harness.answer(.sql(.came(1, .columns(Self.columns))))
    harness.answer(.sql(.came(1, .rows((0..<1000).map { ["\($0)"] }))))
    harness.answer(.sql(.came(1, .paused)))
    harness.answer(.sql(.ended(1, .success(.cut))))
    harness.press("G")
    #expect(harness.text.contains("m runs it again for more"))
    #expect(
      harness.press("m")
        == [.sql(.run(2, sql: "SELECT n FROM t", access: .reading, limit: 2000))])
    harness.answer(.sql(.came(2, .columns(Self.columns))))
    harness.answer(.sql(.came(2, .rows((0..<2000).map { ["\($0)"] }))))
    #expect(harness.model.sql.results.first?.view.grid.row == 999)
  }

  @Test("what may change things is never run again by itself")
  func noSecondTime() {
    var harness = Self.harness()
    harness.answer(.paste("DELETE FROM t RETURNING n"))
    harness.press(.escape, "w", "r")
    harness.answer(.sql(.came(1, .columns(Self.columns))))
    harness.answer(.sql(.came(1, .rows([["1"]]))))
    harness.answer(.sql(.ended(1, .success(.cut))))
    #expect(harness.press("m") == [])
    #expect(harness.text.contains("run it again yourself"))
  }

  @Test("an open transaction is shown, and holds the lock open until it is ended")
  func transaction() {
    var harness = Self.harness(columns: 100)
    harness.answer(.paste("BEGIN"))
    harness.press(.escape, "w")
    #expect(
      harness.press("r").last == .sql(.run(1, sql: "BEGIN", access: .writing, limit: 1000)))
    harness.answer(.sql(.transaction(.open)))
    harness.answer(.sql(.ended(1, .success(.complete(affectedRows: nil)))))
    #expect(harness.text.contains("transaction open"))
    #expect(harness.press("w") == [])
    #expect(harness.text.contains("run COMMIT or ROLLBACK first"))
    harness.answer(.sql(.transaction(nil)))
    #expect(harness.press("w") == [.sql(.endWriting)])
    #expect(harness.text.contains("read-only"))
  }

  @Test("quitting asks before an open transaction or a running statement is lost")
  func leaving() {
    var harness = Self.harness(columns: 100)
    harness.answer(.paste("BEGIN"))
    harness.press(.escape, "w", "r", "q")
    #expect(harness.text.contains("A statement runs"))
    #expect(harness.text.contains("What it changes is rolled back."))
    harness.press(.escape)
    harness.answer(.sql(.transaction(.open)))
    harness.answer(.sql(.ended(1, .success(.complete(affectedRows: nil)))))
    harness.press("q")
    #expect(harness.text.contains("A transaction is open"))
    #expect(harness.model.exitStatus == nil)
    harness.press(.escape, .control("c"))
    #expect(harness.text.contains("A transaction is open"))
    harness.answer(.resized(Size(columns: 20, rows: 5)))
    harness.press("q", .control("c"))
    #expect(harness.model.exitStatus == nil)
    harness.answer(.resized(Size(columns: 100, rows: 20)))
    // A run that goes on is asked about, too.
    harness.press(.escape, "2", "a", "q", "r")
    #expect(harness.text.contains("A run goes on"))
    #expect(harness.model.exitStatus == nil)
    harness.press(.escape)
    harness.answer(.runEnded(.succeeded))
    harness.press("q", "r")
    #expect(harness.model.exitStatus == 0)
  }

  @Test("a click goes to the cell, in a list of completions it takes, in the history it selects")
  func mouse() throws {
    var harness = Self.harness()
    harness.answer(.sql(.historyLoaded(["SELECT 2", "SELECT 1"])))
    harness.answer(.paste("SELECT 東京 AS x\nFROM songpl"))
    harness.press(.escape)
    // The second half of a wide character, and far behind the end of a line.
    func click(_ text: String, _ shift: Int) throws {
      let rows = harness.text.split(separator: "\n", omittingEmptySubsequences: false)
      let row = try #require(rows.firstIndex { $0.contains(text) })
      let place = try #require(rows[row].firstRange(of: text))
      let column = CellText.width(of: String(rows[row][..<place.lowerBound])) + shift
      let target = try #require(harness.model.view().target(row: row, column: column))
      harness.answer(.click(target))
    }
    try click("SELECT 東京", 10)
    #expect(harness.model.sql.editor.cursor == TextPosition(line: 0, column: 10))
    #expect(harness.model.sql.isTyping)
    try click("FROM songpl", 40)
    #expect(harness.model.sql.editor.cursor == TextPosition(line: 1, column: 11))
    harness.type("a")
    try click("songplays", 1)
    #expect(harness.model.sql.editor.text.hasSuffix("FROM songplays"))
    harness.press(.control("r"))
    try click("SELECT 1", 2)
    #expect(harness.model.sql.search != nil)
    try click("SELECT 1", 2)
    #expect(harness.model.sql.editor.text.hasSuffix("SELECT 1"))
  }

  // MARK: What can be done with a result

  /// A complete result of five rows.
  private func answered() -> Harness {
    var harness = Self.harness(columns: 100, rows: 30)
    harness.answer(.paste("SELECT level, plays FROM t"))
    harness.press(.escape, "r")
    let columns = [
      ResultColumn(name: "level", kind: .text), ResultColumn(name: "plays", kind: .integer),
    ]
    let rows: [[String?]] = [
      ["free", "20"], ["paid", "7"], [nil, "300"], ["free", "1000"], ["paid", nil],
    ]
    harness.answer(.sql(.came(1, .columns(columns))))
    harness.answer(.sql(.came(1, .rows(rows))))
    harness.answer(.sql(.ended(1, .success(.complete(affectedRows: 5)))))
    return harness
  }

  @Test("a result is sorted by its column, by key and by a click on its header")
  func sorting() throws {
    var harness = answered()
    harness.press("l", "o")
    let plays = { (harness: Harness) in harness.model.sql.view?.grid.rows.map { $0[1] } }
    #expect(plays(harness) == ["7", "20", "300", "1000", nil])
    harness.press("o")
    #expect(plays(harness) == [nil, "1000", "300", "20", "7"])
    harness.answer(.click(.item(Grid.headerPane(of: SQLScreen.resultPane), 0)))
    #expect(harness.model.sql.view?.grid.rows.first?[0] == "free")
  }

  @Test("the first rows of more are not sorted, as that would look like all")
  func sortingFirstRows() {
    var harness = Self.harness()
    harness.answer(.paste("SELECT n FROM t"))
    harness.press(.escape, "r")
    harness.answer(.sql(.came(1, .columns(Self.columns))))
    harness.answer(.sql(.came(1, .rows([["2"], ["1"]]))))
    harness.answer(.sql(.came(1, .paused)))
    harness.press("o")
    #expect(harness.text.contains("only when all rows are here"))
  }

  @Test("a result is drawn, with its values on request; Enter shows the rows behind a bar")
  func drawing() {
    var harness = answered()
    harness.press("t")
    #expect(harness.text.contains("█"))
    #expect(harness.text.contains("▸ level free  plays 20   Enter shows its rows"))
    harness.press("j", "j")
    #expect(harness.text.contains("▸ level NULL  plays 300"))
    harness.press(.enter)
    #expect(harness.text.contains("row 1 of 1"))
    harness.press(.escape)
    #expect(harness.text.contains("▸ level NULL"))
    harness.press("E")
    #expect(harness.text.contains("[chart]"))
  }

  @Test("a statement that runs again is looked at as before")
  func looksAgain() {
    var harness = answered()
    harness.press("t", "r")
    let columns = [
      ResultColumn(name: "level", kind: .text), ResultColumn(name: "plays", kind: .integer),
    ]
    harness.answer(.sql(.came(2, .columns(columns))))
    harness.answer(.sql(.came(2, .rows([["free", "20"]]))))
    harness.answer(.sql(.ended(2, .success(.complete(affectedRows: 1)))))
    #expect(harness.text.contains("▸ level free  plays 20   Enter shows its rows"))
  }

  @Test("Enter shows the row, and writes where there is none")
  func entering() {
    var harness = answered()
    harness.press(.enter)
    #expect(harness.text.contains("plays  20"))
    var empty = Self.harness()
    empty.press(.enter)
    #expect(empty.model.sql.isTyping)
  }

  @Test("rows are chosen by the cell or by what was found, and Esc shows all again")
  func choosing() {
    var harness = answered()
    harness.press("=")
    #expect(harness.text.contains("level = free · Esc goes back"))
    #expect(harness.text.contains("rows 1–2 of 2"))
    harness.press(.escape, "/")
    harness.type("30")
    harness.press(.enter, "&")
    #expect(harness.text.contains("with \"30\""))
    #expect(harness.text.contains("row 1 of 1"))
    harness.press(.escape, .escape)
    #expect(harness.text.contains("rows 1–5 of 5"))
  }

  @Test("a column's values are counted where they are")
  func profiling() {
    var harness = answered()
    harness.press("l", "I")
    #expect(harness.text.contains("Profile of plays"))
    #expect(harness.text.contains("1 (20.0 %)"))
    #expect(harness.text.contains("331.75"))
    harness.press(.escape, "%")
    harness.type("100")
    harness.press(.enter)
    #expect(harness.model.sql.view?.grid.row == 4)
  }

  @Test("x shows the plan of the statement at the cursor; Ctrl-C stops one that takes long")
  func plan() throws {
    var harness = answered()
    let statement = Statement("SELECT level, plays FROM t")
    #expect(harness.press("x") == [.sql(.explain(1, statement, analyze: false))])
    #expect(harness.press("x") == [])
    let json = "[{\"Plan\": {\"Node Type\": \"Result\", \"Total Cost\": 1, \"Plan Rows\": 1}}]"
    harness.answer(.sql(.explained(1, .success(try QueryPlan(json: json)))))
    #expect(harness.text.contains("Plan of the statement"))
    harness.press(.escape)
    #expect(harness.press("X") == [.sql(.explain(2, statement, analyze: true))])
    harness.wait(.seconds(2))
    #expect(harness.text.contains("plan 00:02 · c cancels"))
    #expect(harness.press(.control("c")) == [.sql(.cancelPlan)])
    harness.answer(.sql(.explained(2, .failure(.cancelled))))
    #expect(harness.text.contains("the plan was cancelled: server stopped"))
  }

  @Test("S keeps the statement as a query, under a name that must be given")
  func keeping() {
    var harness = answered()
    harness.press("S")
    #expect(harness.press(.enter) == [])
    #expect(harness.text.contains("Give a file's name without folders"))
    harness.type("levels")
    harness.press(.down)
    harness.type("Levels")
    #expect(
      harness.press(.enter) == [
        .queries(
          .create(
            "levels", text: "-- title: Levels\n-- group: Own\nSELECT level, plays FROM t\n"))
      ])
    harness.answer(.queries(.created(.success("queries/levels.sql"))))
    #expect(harness.text.contains("saved as queries/levels.sql"))
  }

  @Test("e opens the text in the person's own editor, and takes it back as one step of undo")
  func editingOutside() {
    var harness = answered()
    let text = harness.model.sql.editor.text
    #expect(harness.press("e") == [.editText(text)])
    harness.answer(.sql(.textEdited("SELECT 1\nFROM t")))
    #expect(harness.model.sql.editor.text == "SELECT 1\nFROM t")
    harness.press("u")
    #expect(harness.model.sql.editor.text == text)
  }
}
