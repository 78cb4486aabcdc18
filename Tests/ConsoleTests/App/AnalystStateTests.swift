import Testing

@testable import Console
@testable import ConsoleFixture
@testable import Warehouse

@Suite("What an analyst looked at last")
struct AnalystStateTests {
  /// A console that starts with what another one left.
  private func restarted(_ first: Harness) throws -> Harness {
    let state = try #require(ConsoleState(first.model.state.bytes))
    var second = Harness(columns: 80, rows: 24, connected: false)
    second.model = Model(
      size: Size(columns: 80, rows: 24), glyphs: .unicode, moment: Harness.moment)
    second.model.restore(state)
    #expect(second.model.state.bytes == first.model.state.bytes)
    _ = second.model.start()
    second.answer(.connected(1, .success(ServerDescription(target: "here", product: "P"))))
    return second
  }

  @Test("comes back: the table with its filters, order and columns")
  func tables() throws {
    var first = Harness(columns: 80, rows: 24)
    try first.answerTables(first.press("3"))
    try first.answerTables(first.press(.down, .enter))
    first.press("-", "l", "l", "F", ">")
    try first.answerTables(first.press("u"))
    try first.answerTables(first.press("s"))
    try first.answerTables(first.press("s"))
    var second = try restarted(first)
    try second.answerTables(second.effects)
    #expect(second.model.tables.view?.query == first.model.tables.view?.query)
    #expect(second.model.tables.view?.query?.order == BrowseOrder(column: 3, isDescending: true))
    #expect(second.model.tables.view?.grid.arrangement == first.model.tables.view?.grid.arrangement)
    #expect(second.row(1).contains("level IS NULL · by level ▼"))
    second.press(.escape)
    #expect(second.text.contains("Star · sparkify"))
    #expect(second.model.tables.selected == first.model.tables.selected)
  }

  @Test("is passed over when the table is no more")
  func goneTable() throws {
    var first = Harness(columns: 80, rows: 24)
    try first.answerTables(first.press("3"))
    try first.answerTables(first.press(.down, .enter))
    var second = try restarted(first)
    for case .tables(.ask(let channel, let id, .list)) in second.effects {
      let effects = second.answer(.tables(.answered(channel, id, .success(.list([])))))
      #expect(effects.isEmpty)
    }
    #expect(second.text.contains("There is no table yet"))
  }

  @Test("comes back: the query with its values, and whether it was a chart")
  func queries() throws {
    let listing = QueryListing(
      queries: try ScriptedService.texts.map { try SavedQuery(name: $0.name, text: $0.text) },
      problems: [])
    var first = Harness(columns: 80, rows: 24)
    first.press("4")
    first.answer(.queries(.listed(1, listing)))
    first.press(.enter, .right, .enter)
    let columns = ["hour", "plays"].map { ResultColumn(name: $0, kind: .integer) }
    first.answer(.queries(.event(1, .columns(columns))))
    first.answer(.queries(.event(1, .rows([["1", "2"], ["2", "3"]]))))
    first.answer(.queries(.ended(1, .success(.complete(affectedRows: 2)))))
    #expect(first.model.queries.result?.view.showsGrid == false)
    first.press(":")
    first.type("as table")
    first.press(.enter, "-")
    var second = try restarted(first)
    second.press("4")
    second.answer(.queries(.listed(1, listing)))
    #expect(second.model.queries.selected?.name == "plays-by-hour")
    #expect(second.text.contains("level = free"))
    guard case .queries(.run(1, let run, limit: _))? = second.press("r").first else {
      Issue.record("it did not run")
      return
    }
    #expect(run.statements.first?.parameters == [.text("free")])
    second.answer(.queries(.event(1, .columns(columns))))
    second.answer(.queries(.event(1, .rows([["1", "2"]]))))
    second.answer(.queries(.ended(1, .success(.complete(affectedRows: 1)))))
    #expect(second.model.queries.result?.view.showsGrid == true)
    #expect(second.model.queries.result?.view.grid.displayed.map(\.title) == ["plays"])
  }

  @Test("comes back: the SQL with the cursor in it, and the place in the history; never a secret")
  func sql() throws {
    var first = Harness(columns: 80, rows: 24)
    first.press("5")
    first.answer(.sql(.historyLoaded(["SELECT 2", "SELECT 1 FROM songs"])))
    first.answer(.paste("SELECT 1\nFROM t"))
    first.press(.up, .escape, "w", .control("r"))
    first.type("songs")
    first.press(.escape)
    var second = try restarted(first)
    #expect(second.model.sql.editor.text == "SELECT 1\nFROM t")
    #expect(second.model.sql.editor.cursor == first.model.sql.editor.cursor)
    #expect(!second.model.sql.isUnlocked)
    second.answer(.sql(.historyLoaded(["SELECT 2", "SELECT 1 FROM songs"])))
    second.press(.control("r"))
    #expect(second.model.sql.search?.field.text == "songs")
    first.answer(.paste("ALTER USER ana PASSWORD 'x'"))
    #expect(!String(decoding: first.model.state.bytes, as: UTF8.self).contains("ALTER"))
  }
}
