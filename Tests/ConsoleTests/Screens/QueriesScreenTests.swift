import Testing
import Warehouse

@testable import Console

@Suite("The Queries screen")
struct QueriesScreenTests {
  private static let hours = saved(
    name: "plays-by-hour",
    text: """
      -- title: Plays by hour
      -- about: When people listen.
      -- group: Time
      -- param: level text = all | free | paid
      -- param: most integer = 24
      -- chart: bar x=hour y=plays
      SELECT hour, plays FROM t WHERE :level = 'all' LIMIT :most
      """)
  private static let changes = saved(
    name: "changes",
    text: """
      -- title: Level changes
      -- group: Listeners
      SELECT user_id FROM songplays
      """)

  private static func saved(name: String, text: String) -> SavedQuery {
    do {
      return try SavedQuery(name: name, text: text)
    } catch {
      fatalError(error.description)
    }
  }

  private func harness(columns: Int = 80, rows: Int = 24) -> Harness {
    var harness = Harness(columns: columns, rows: rows)
    harness.press("4")
    harness.answer(
      .queries(
        .listed(
          1,
          QueryListing(
            queries: [Self.changes, Self.hours], problems: [],
            paths: ["changes": "queries/changes.sql"], folder: "queries"))))
    return harness
  }

  /// The result of a run of the second query, with what its header says of rows.
  private func resulting(rows: String? = nil) -> Harness {
    var harness = harness()
    if let rows {
      let text = "-- rows: \(rows)\n" + Self.hours.sql
      let listing = QueryListing(
        queries: [Self.changes, Self.saved(name: "plays-by-hour", text: text)], problems: [])
      harness.press("R")
      harness.answer(.queries(.listed(2, listing)))
    }
    harness.press("j", "r")
    let columns = ["hour", "plays"].map { ResultColumn(name: $0, kind: .integer) }
    harness.answer(.queries(.event(1, .columns(columns))))
    harness.answer(.queries(.event(1, .rows((0..<4).map { ["\($0)", "\(($0 + 1) * 10)"] }))))
    harness.wait(.milliseconds(41))
    harness.answer(.queries(.ended(1, .success(.complete(affectedRows: 4)))))
    return harness
  }

  @Test("lists queries by group, with what the selected one asks and answers")
  func list() {
    var harness = harness()
    #expect(harness.row(2).hasPrefix("│ Listeners  Level changes"))
    #expect(harness.row(3).hasPrefix("│ Time       Plays by hour"))
    harness.press("j")
    #expect(harness.text.contains("When people listen."))
    #expect(harness.text.contains("level = all   (all, free, paid)"))
    harness.press("/")
    harness.type("chang")
    #expect(!harness.text.contains("Plays by hour"))
  }

  @Test("asks for values, checks them, and sends them as parameters")
  func form() {
    var harness = harness()
    #expect(harness.press("j", .enter) == [])
    #expect(harness.text.contains("[all] free  paid"))
    harness.press(.right, .down)
    harness.type("x")
    #expect(harness.press(.enter) == [])
    #expect(harness.text.contains("Give a whole number."))
    let effects = harness.press(.backspace, .enter)
    guard case .queries(.run(1, let run, limit: 1000))? = effects.first else {
      Issue.record("it did not run: \(effects)")
      return
    }
    #expect(run.statements.first?.parameters == [.text("free"), .declared("24", .integer)])
    #expect(run.access == .reading)
    // The values are remembered.
    harness.press(.escape, .enter)
    #expect(harness.text.contains(" all [free] paid"))
  }

  @Test("draws the chart that the header names, and shows the rows behind a bar")
  func chart() {
    var harness = resulting()
    #expect(harness.row(2).hasPrefix("│ ✓ 4 rows in 41 ms"))
    #expect(harness.text.contains("█"))
    harness.press("l", "l")
    #expect(harness.text.contains("▸ hour 2  plays 30"))
    harness.press(.enter)
    #expect(harness.text.contains("behind hour 2  plays 30"))
    #expect(harness.text.contains("row 1 of 1"))
    harness.press(.escape)
    harness.press("t", "t", "t")
    #expect(harness.text.contains("rows 1–4 of 4"))
    harness.press("o", "o")
    #expect(harness.model.queries.result?.view.grid.rows.first == ["3", "40"])
  }

  @Test("says how long the server took to stop")
  func cancel() {
    var harness = harness()
    harness.press("r")
    harness.wait(.seconds(2))
    #expect(harness.text.contains("00:02 · c cancels"))
    #expect(harness.press("c") == [.queries(.cancel)])
    #expect(harness.text.contains("asked the server to stop"))
    harness.wait(.milliseconds(100))
    harness.answer(.queries(.ended(1, .failure(.cancelled))))
    #expect(harness.text.contains("■ cancelled: server stopped after 0.1 s"))
  }

  @Test("Ctrl-C cancels the query before it asks to quit")
  func interrupt() {
    var harness = harness()
    harness.press("r")
    #expect(harness.press(.control("c")) == [.queries(.cancel)])
    #expect(harness.model.overlays.isEmpty)
  }

  @Test("a plan is cancelled like a query, and Ctrl-C asks to quit only after that")
  func interruptedPlan() {
    var harness = harness()
    guard case .queries(.explain(let id, _, analyze: true))? = harness.press("X").first else {
      Issue.record("it did not ask")
      return
    }
    harness.wait(.seconds(3))
    #expect(harness.row(1).contains("plan 00:03 · c cancels"))
    #expect(harness.press(.control("c")) == [.queries(.cancelPlan)])
    #expect(harness.row(1).contains("stopping it for"))
    #expect(harness.press(.control("c")) == [])
    #expect(harness.model.overlays.last?.kind == .choice)
    harness.press(.escape)
    harness.wait(.milliseconds(100))
    harness.answer(.queries(.explained(id, .failure(.cancelled))))
    #expect(harness.text.contains("the plan was cancelled: server stopped after 0.1 s"))
    #expect(harness.press("c") == [])
    // Esc stops it, too, before it leaves anything.
    harness.press("j", "r", "x")
    #expect(harness.press(.escape) == [.queries(.cancelPlan)])
    #expect(harness.model.queries.mode == .result)
  }

  @Test("marks the place of a mistake in the SQL")
  func mistake() {
    var harness = harness()
    harness.press("r")
    let error = WarehouseError(
      .server, "column \"user_id\" does not exist", sqlState: "42703", position: 52)
    harness.answer(.queries(.ended(1, .failure(error))))
    #expect(harness.text.contains("✗ column \"user_id\" does not exist"))
    let rows = harness.text.split(separator: "\n").map(String.init)
    let line = rows.firstIndex { $0.contains("SELECT user_id") } ?? 0
    let mark = rows[line + 1].firstIndex(of: "▲").map {
      rows[line + 1].distance(from: rows[line + 1].startIndex, to: $0)
    }
    let word = rows[line].firstRange(of: "user_id").map {
      rows[line].distance(from: rows[line].startIndex, to: $0.lowerBound)
    }
    #expect(mark == word)
  }

  @Test("stops at the first rows, says so, and fetches more on request")
  func more() {
    var harness = harness()
    harness.press("r")
    harness.answer(.queries(.event(1, .columns([ResultColumn(name: "n", kind: .integer)]))))
    harness.answer(.queries(.event(1, .rows((1...1000).map { ["\($0)"] }))))
    harness.answer(.queries(.event(1, .paused)))
    #expect(harness.text.contains("first 1,000 rows, more wait"))
    #expect(harness.press("o") == [])
    #expect(harness.text.contains("only when all rows are here"))
    #expect(harness.press("m") == [.queries(.fetchMore(10_000))])
  }

  @Test("holds so many bytes of wide rows, lets the server go then, and says so")
  func wideRows() {
    var harness = harness()
    harness.press("r")
    harness.answer(.queries(.event(1, .columns([ResultColumn(name: "t", kind: .text)]))))
    let wide: [[String?]] = Array(
      repeating: [String(repeating: "x", count: 1 << 20)], count: 63)
    #expect(harness.answer(.queries(.event(1, .rows(wide)))) == [])
    #expect(
      harness.answer(.queries(.event(1, .rows(Array(wide.prefix(1)))))) == [.queries(.release)])
    harness.answer(.queries(.ended(1, .success(.cut))))
    #expect(harness.row(2).contains("first 64 rows only: no more are held here"))
    #expect(harness.press("m") == [])
    #expect(harness.text.contains("no more rows are held here; E writes all"))
  }

  @Test("drops what comes late from an earlier run")
  func late() {
    var harness = harness()
    harness.press("r", "r")
    harness.answer(.queries(.event(1, .columns([ResultColumn(name: "old", kind: .text)]))))
    harness.answer(.queries(.ended(1, .success(.complete(affectedRows: 0)))))
    #expect(harness.model.queries.result?.phase == .running)
    #expect(!harness.text.contains("old"))
  }

  @Test("shows the plan as a tree with the costliest step marked")
  func plan() throws {
    var harness = harness()
    guard case .queries(.explain(let id, _, analyze: false))? = harness.press("x").first else {
      Issue.record("it did not ask")
      return
    }
    let plan = try QueryPlan(
      json: """
        [{"Plan": {"Node Type": "Sort", "Total Cost": 100, "Plan Rows": 24, "Plans": [
          {"Node Type": "Seq Scan", "Relation Name": "songplays", "Total Cost": 90,
           "Plan Rows": 6820}]}}]
        """)
    harness.answer(.queries(.explained(id, .success(plan))))
    #expect(harness.text.contains("10 %         ~24  Sort"))
    #expect(
      harness.text.contains("◆ 90 %       ~6.8k  └─ Seq Scan on songplays"))
  }

  @Test("keeps numbers whole, however wide they get while rows come")
  func widths() {
    var harness = harness()
    harness.press("r")
    let columns = ["user_id", "plays"].map { ResultColumn(name: $0, kind: .integer) }
    harness.answer(.queries(.event(1, .columns(columns))))
    harness.answer(.queries(.event(1, .rows([["1", "2"]]))))
    for size in [10, 1_000_000, 1_000_000_000] {
      harness.answer(
        .queries(.event(1, .rows((0..<300).map { ["\(size)", "\(size + $0)"] }))))
    }
    harness.press("G")
    #expect(harness.text.contains("1000000000  1,000,000,299"))
    // A person may make it narrower: then nothing of a number is shown.
    harness.press("l", "<", "<", "<", "<", "<", "<", "<")
    #expect(!harness.text.contains("299"))
    #expect(harness.text.contains("###"))
  }

  @Test("Enter on a bar asks for the rows of the fact, where the query says which; Esc comes back")
  func factRows() {
    var harness = resulting(rows: "songplays WHERE hour = :hour AND :level IN ('all', level)")
    harness.press("l")
    let effects = harness.press(.enter)
    guard case .queries(.run(2, let run, limit: 1000))? = effects.first else {
      Issue.record("it did not ask: \(effects)")
      return
    }
    #expect(
      run.statements == [
        Statement(
          "SELECT * FROM songplays WHERE hour = $1 AND $2 IN ('all', level)",
          parameters: [.text("1"), .text("all")], names: ["hour", "level"])
      ])
    harness.answer(
      .queries(.event(2, .columns([ResultColumn(name: "songplay_id", kind: .integer)]))))
    harness.answer(.queries(.event(2, .rows([["4711"]]))))
    harness.answer(.queries(.ended(2, .success(.complete(affectedRows: 1)))))
    #expect(harness.row(1).contains("hour 1  plays 20"))
    #expect(harness.text.contains("4711"))
    harness.press(.escape)
    #expect(harness.text.contains("▸ hour 1  plays 20"))
    #expect(harness.model.queries.mode == .result)
    harness.press(.escape)
    #expect(harness.model.queries.mode == .list)
  }

  @Test("reads the folder again while it is shown, and edits a file of it")
  func files() {
    var harness = harness()
    #expect(harness.press("e") == [.edit("queries/changes.sql")])
    #expect(harness.answer(.edited(nil)) == [.queries(.list(2))])
    harness.answer(.queries(.listed(2, QueryListing(queries: [], problems: [], folder: nil))))
    harness.wait(.seconds(3))
    #expect(harness.model.queries.listing.isLoading)
  }

  @Test("is read at the start where it is shown at once, and says nothing of a folder not read")
  func shownAtStart() {
    var model = Model(
      size: Size(columns: 80, rows: 24), glyphs: .unicode, moment: Harness.moment,
      screen: .queries)
    model.queries.listFilter = "hours"
    #expect(model.start().contains(.queries(.list(1))))
    #expect(model.view().text.contains("reading the queries …"))
    #expect(!model.view().text.contains("0 of 0"))
    _ = model.update(
      .queries(.listed(1, QueryListing(queries: [Self.changes], problems: [], folder: nil))))
    #expect(model.view().text.contains("No query is like that."))
    #expect(model.view().text.contains("/ hours: 0 of 1"))
  }

  @Test("keeps the form of a copy open where the name cannot be one, with what was typed")
  func badName() {
    var harness = harness()
    harness.press("S", .control("u"))
    for (name, problem) in [
      ("../x", "Give a file's name without folders"), ("changes", "There is a query of this name"),
      ("", "Give a file's name without folders"),
    ] {
      harness.press(.control("u"))
      harness.type(name)
      #expect(harness.press(.enter) == [])
      #expect(harness.text.contains(problem))
      #expect(harness.text.contains("Save a copy of changes"))
    }
    harness.type("plays-by-city")
    #expect(harness.press(.enter) == [.queries(.copy("changes", to: "plays-by-city"))])
  }
}
