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

  @Test("comes back without the filter and the order whose column is gone")
  func goneColumn() throws {
    var first = Harness(columns: 80, rows: 24)
    try first.answerTables(first.press("3"))
    try first.answerTables(first.press(.down, .enter))
    try first.answerTables(first.press("$", "u"))
    try first.answerTables(first.press("s"))
    var second = try restarted(first)
    var effects = second.effects
    for case .tables(.ask(.list, let id, _)) in effects {
      effects = second.answer(
        .tables(.answered(.list, id, .success(.list(ScriptedTables.list)))))
    }
    guard case .tables(.ask(_, let refused, .open(let table, _, let filters)))? = effects.first
    else {
      Issue.record("\(effects)")
      return
    }
    #expect(filters == [.equals("song_id", nil)])
    let error = WarehouseError(.server, "column \"song_id\" does not exist")
    effects = second.answer(.tables(.answered(.pages, refused, .failure(error))))
    #expect(second.text.contains("the filter of last time is left out"))
    guard case .tables(.ask(_, let id, .open(table, _, [])))? = effects.first else {
      Issue.record("\(effects)")
      return
    }
    var changed = ScriptedTables.table(table)
    changed.columns.removeLast()
    let page = BrowsePage(rows: [["1", nil, nil, "free"]], hasMore: false)
    #expect(
      second.answer(
        .tables(.answered(.pages, id, .success(.opened(BrowseQuery(changed), page))))) == [])
    #expect(second.row(3).contains("free"))
    #expect(second.model.tables.view?.query?.order == nil)
  }

  @Test("comes back: the source with its filter, and the bucket")
  func sources() throws {
    var first = Harness(columns: 80, rows: 24)
    first.press("6", "h", "j", "/")
    first.type("A/B")
    first.press(.enter)
    var second = try restarted(first)
    #expect(second.model.screen == .sources)
    #expect(second.model.sources.kind == .songs && second.model.sources.filter == "A/B")
    second.press("o")
    second.type("s3://plays/2018/")
    second.press(.enter)
    var third = try restarted(second)
    #expect(third.model.sources.isBrowsing)
    #expect(third.text.contains("s3://plays/2018/"))
    third.press("/")
    third.type("11-")
    third.press(.enter)
    let fourth = try restarted(third)
    #expect(fourth.model.sources.walk?.level.filter == "11-")
    #expect(fourth.model.sources.walk?.level.place.text == "s3://plays/2018/")
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
    // The folder is read at the start.
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
