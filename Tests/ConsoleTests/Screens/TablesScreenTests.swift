import Testing

@testable import Console
@testable import ConsoleFixture
@testable import Warehouse

/// The Tables screen as keys and pictures, on a warehouse that answers at once.
@Suite struct TablesScreenTests {
  private func harness(columns: Int = 80, rows: Int = 24) throws -> Harness {
    var harness = Harness(columns: columns, rows: rows)
    try harness.answerTables(harness.press("3"))
    return harness
  }

  @Test func `The star is drawn as a star, with its keys and row counts`() throws {
    let harness = try harness()
    #expect(
      harness.text.split(separator: "\n").dropFirst().prefix(16).joined(separator: "\n") == """
        ┌─ Star · sparkify ────────────────────────────────────────────────────────────┐
        │ ┌─ users ────────────────────┐                ┌─ time ─────────────────────┐ │
        │ │ 9,873 rows  user_id first… │                │ ~1.5M rows  start_time ho… │ │
        │ └────────────────────────────┘                └────────────────────────────┘ │
        │                │ user_id                                     │ start_time    │
        │        ┌─ songplays ────────────────────────────────────────────────┐        │
        │        │ ~1.7M rows  songplay_id start_time user_id level song_id … │        │
        │        └────────────────────────────────────────────────────────────┘        │
        │                │ song_id                                     │ artist_id     │
        │ ┌─ songs ────────────────────┐                ┌─ artists ──────────────────┐ │
        │ │ 100,000 rows  song_id tit… │── artist_id ───│ 31,207 rows  artist_id na… │ │
        │ └────────────────────────────┘                └────────────────────────────┘ │
        │                                                                              │
        │                                                                              │
        │ Other tables                       Kind                       Rows      Size │
        │ sparkify.staging_events            table                     ~2.0M     12 MB │
        """)
  }

  @Test func `The tables of the star are filtered by their names`() throws {
    var harness = try harness()
    harness.press("/")
    harness.type("stag")
    #expect(harness.text.contains("/ stag: 1 of 7"))
    #expect(harness.text.contains("sparkify.staging_events"))
    #expect(!harness.text.contains("artists"))
    harness.press(.enter)
    try harness.answerTables(harness.press(.enter))
    #expect(harness.model.tables.view?.title == "sparkify.staging_events")
    harness.press(.escape, .escape)
    #expect(harness.text.contains("artists"))
    harness.press("/")
    harness.type("zzz")
    #expect(harness.text.contains("No table is like that."))
  }

  @Test func `A profile cuts nothing that has room, says where it cuts, and copies all`() throws {
    let values = ["a", "b"].map { String(repeating: "long ", count: 16) + $0 }
    let profile = ColumnProfile(of: values, named: "agent", .text, isSample: false)
    let narrow = profile.viewer(glyphs: .unicode, columns: 76)
    #expect(narrow.lines.contains { $0.text.contains("…") })
    #expect(
      narrow.lines.allSatisfy {
        $0.width <= 76 || $0.text.hasPrefix("least") || $0.text.hasPrefix("greatest")
      })
    let wide = profile.viewer(glyphs: .unicode, columns: 128)
    for value in values {
      #expect(wide.lines.count { $0.text.contains("  " + value + "  ") } == 1)
      #expect(narrow.copy?.contains("  " + value + "  ") == true)
    }
    let times = ["2018-11-01 00:00:00", "2018-11-17 00:00:00"]
    let histogram = ColumnProfile(of: times, named: "at", .timestamp, isSample: false)
      .viewer(glyphs: .unicode, columns: 76)
    #expect(histogram.lines.contains { $0.text.hasPrefix("  from 2018-11-02 00:00 ") })
    #expect(histogram.lines.contains { $0.text.hasPrefix("  from 2018-11-16 00:00 ") })
    #expect(histogram.lines.allSatisfy { $0.width <= 76 })
  }

  @Test func `The counts follow a run, and the selection stays on its table`() throws {
    var harness = try harness()
    func asks(_ effects: [Effect]) -> Int? {
      if case .tables(.ask(.list, let id, .list))? = effects.first { id } else { nil }
    }
    harness.wait(.seconds(60))
    #expect(asks(harness.effects) == nil)
    harness.press(.end, "2", "a")
    try harness.answerTables(harness.press("3"))
    #expect(harness.model.tables.layout.items.last?.name.table.name == "runs")
    harness.wait(.seconds(1))
    #expect(asks(harness.effects) == nil)
    let summary = StageSummary(rows: 1, bytes: nil, duration: .seconds(1))
    let id = try #require(
      asks(harness.answer(.pipeline(.stageFinished(.create, summary)))))
    // One list at a time.
    harness.wait(.seconds(3))
    #expect(asks(harness.effects) == nil)
    let more = TableSummary(name: TableName("sparkify_build", "users"), kind: .table)
    let ops = try #require(ScriptedTables.list.last)
    harness.answer(
      .tables(
        .answered(.list, id, .success(.list(ScriptedTables.list.dropLast() + [more, ops])))))
    #expect(harness.model.tables.layout.items[harness.model.tables.selected].name == ops.name)
    harness.wait(.seconds(3))
    #expect(asks(harness.effects) == id + 1)
  }

  @Test func `A table opens at its first rows and says how many there are`() throws {
    var harness = try harness()
    try harness.answerTables(harness.press(.down, .enter))
    #expect(harness.row(1).contains("sparkify.songplays"))
    #expect(harness.row(2).contains("songplay_id #"))
    #expect(harness.row(22).contains("rows 1–19 of about 1.7M (estimate)"))
    #expect(harness.row(7).contains("∅"))
  }

  @Test func `Pages come before they are needed, and the window stays small`() throws {
    var harness = try harness()
    try harness.answerTables(harness.press(.down, .enter))
    for _ in 0..<400 { try harness.answerTables(harness.press(.pageDown)) }
    #expect(harness.row(22).contains("rows 7,201–7,219"))
    #expect(harness.model.tables.view?.grid.rows.count ?? 0 <= Grid.windowLimit + 200)
    for _ in 0..<400 { try harness.answerTables(harness.press(.pageUp)) }
    #expect(harness.row(22).contains("rows 1–19"))
    #expect(harness.model.tables.view?.grid.currentRow?.first == "1")
  }

  @Test func `The last row, a share of the rows and a key are one jump away`() throws {
    var harness = try harness()
    try harness.answerTables(harness.press(.down, .enter))
    try harness.answerTables(harness.press("G"))
    #expect(harness.model.tables.view?.grid.currentRow?.first == "1702118")
    harness.press("%")
    harness.type("50%")
    try harness.answerTables(harness.press(.enter))
    #expect(harness.row(22).contains("rows ~851,059–851,077"))
    harness.press("%")
    harness.type("4711")
    try harness.answerTables(harness.press(.enter))
    #expect(harness.model.tables.view?.grid.currentRow?.first == "4711")
    try harness.answerTables(harness.press("g"))
    #expect(harness.row(22).contains("rows 1–19"))
  }

  @Test func `Sorting and filtering ask the server, and the old rows stay until it answers`() throws
  {
    var harness = try harness()
    try harness.answerTables(harness.press(.down, .enter))
    var effects = harness.press("l", "l", "s")
    guard case .tables(.ask(.pages, _, .page(let query, .first)))? = effects.first else {
      Issue.record("\(effects)")
      return
    }
    #expect(query.order == BrowseOrder(column: 2))
    #expect(harness.row(3).contains("2018"))
    try harness.answerTables(effects)
    effects = harness.press("=")
    try harness.answerTables(effects)
    #expect(harness.model.tables.view?.query?.filters == [.equals("user_id", "7")])
    #expect(harness.row(1).contains("user_id = 7 · by user_id ▲"))
    harness.press("/")
    harness.type("level = 'paid'")
    try harness.answerTables(harness.press(.enter))
    #expect(harness.model.tables.view?.query?.filters.last == .expression("level = 'paid'"))
    try harness.answerTables(harness.press("c"))
    #expect(harness.model.tables.view?.query?.filters.count == 1)
  }

  @Test func `A typed filter is corrected, and what is wrong with it is marked`() throws {
    var harness = try harness()
    try harness.answerTables(harness.press(.down, .enter))
    try harness.answerTables(harness.press("="))
    harness.press("/")
    harness.type("levle = 'paid'")
    guard case .tables(.ask(.pages, let id, _))? = harness.press(.enter).first else {
      Issue.record("it did not ask")
      return
    }
    let error = WarehouseError(.server, "column \"levle\" does not exist", position: 1)
    harness.answer(.tables(.answered(.pages, id, .failure(error))))
    #expect(harness.text.contains("1 │ levle = 'paid'"))
    #expect(harness.text.contains("▲ here"))
    harness.press(.escape, "/")
    #expect(harness.text.contains("› levle = 'paid'"))
    harness.press(.home, .right, .right, .right, .delete, .delete)
    harness.type("el")
    try harness.answerTables(harness.press(.enter))
    let equal = BrowseFilter.equals("songplay_id", "1")
    #expect(
      harness.model.tables.view?.query?.filters == [equal, .expression("level = 'paid'")])
    harness.press("/", .control("u"))
    try harness.answerTables(harness.press(.enter))
    #expect(harness.model.tables.view?.query?.filters == [equal])
    harness.press("/")
    #expect(harness.press(.enter) == [])
    try harness.answerTables(harness.press("="))
    try harness.answerTables(harness.press("x"))
    try harness.answerTables(harness.press("C"))
    #expect(harness.model.tables.view?.query?.filters == [])
  }

  @Test func `A sort that is cancelled leaves the rows in the order in which they are`() throws {
    var harness = try harness()
    try harness.answerTables(harness.press(.down, .enter))
    try harness.answerTables(harness.press("l", "s"))
    harness.press("l", "s", .escape, .escape)
    #expect(harness.model.tables.view?.query?.order == BrowseOrder(column: 1))
    #expect(harness.row(1).contains("by start_time ▲"))
  }

  @Test func `A key is followed to its row, and Backspace comes back`() throws {
    var harness = try harness()
    try harness.answerTables(harness.press(.down, .enter))
    harness.press("l", "l")
    let effects = harness.press("f")
    guard case .tables(.ask(.pages, _, .open(let table, nil, let filters)))? = effects.first else {
      Issue.record("\(effects)")
      return
    }
    #expect(table.name == TableName("sparkify", "users"))
    #expect(filters == [.equals("user_id", "7")])
    try harness.answerTables(effects)
    harness.press(.backspace)
    #expect(harness.row(1).contains("sparkify.songplays"))
    #expect(harness.model.tables.view?.grid.column == 2)
    harness.press("h", "f")
    #expect(harness.text.contains("this column names no other table"))
  }

  @Test func `A view is read on as one stream, and its rows stand where they stood`() throws {
    var harness = try harness()
    var effects = harness.press(.down, .enter)
    let columns = [TableColumn(name: "n", type: "integer", kind: .integer, isNullable: true)]
    let view = BrowsedTable(
      summary: TableSummary(name: TableName("sparkify", "v"), kind: .view), columns: columns,
      identity: .none)
    guard case .tables(.ask(.pages, let id, _))? = effects.first else {
      Issue.record("\(effects)")
      return
    }
    func rows(_ range: Range<Int>) -> [[String?]] { range.map { ["\($0)"] } }
    let page = BrowsePage(rows: rows(0..<1000), hasMore: true)
    harness.answer(
      .tables(.answered(.pages, id, .success(.opened(BrowseQuery(view), page)))))
    #expect(harness.row(22).contains("of more than 1,000 · more come on the way down"))
    effects = []
    while effects.isEmpty, harness.model.tables.view?.grid.row ?? 0 < 999 {
      effects = harness.press(.pageDown)
    }
    guard case .tables(.stream(let stream, let run, limit: 2000))? = effects.first else {
      Issue.record("\(effects)")
      return
    }
    #expect(run.statements.last?.sql == "SELECT \"n\"\nFROM \"sparkify\".\"v\"")
    let row = harness.model.tables.view?.grid.row
    harness.answer(.tables(.streamed(stream, .rows(rows(0..<600)))))
    #expect(harness.model.tables.view?.grid.rows.count == 1000)
    harness.answer(.tables(.streamed(stream, .rows(rows(600..<2000)))))
    harness.answer(.tables(.streamed(stream, .paused)))
    #expect(harness.model.tables.view?.grid.rows.count == 2000)
    #expect(harness.model.tables.view?.grid.row == row)
    // To the end: all that may be held, and the cursor goes to the last one.
    #expect(harness.press("G") == [.tables(.streamMore(98_000))])
    harness.answer(.tables(.streamed(stream, .rows(rows(2000..<2100)))))
    harness.answer(.tables(.streamEnded(stream, .success(.complete(affectedRows: 2100)))))
    #expect(harness.model.tables.view?.grid.currentRow == ["2099"])
    #expect(harness.row(22).contains("rows 2,082–2,100 of 2,100"))
    harness.press("g")
    #expect(harness.model.tables.view?.grid.currentRow == ["0"])
  }

  @Test func `Of a view with wide rows no more is held than there is room for`() throws {
    var harness = try harness()
    let effects = harness.press(.down, .enter)
    guard case .tables(.ask(.pages, let id, _))? = effects.first else { return }
    let columns = [TableColumn(name: "t", type: "text", kind: .text, isNullable: true)]
    let view = BrowsedTable(
      summary: TableSummary(name: TableName("sparkify", "v"), kind: .view), columns: columns,
      identity: .none)
    let wide: [[String?]] = Array(repeating: [String(repeating: "x", count: 1 << 20)], count: 70)
    let page = BrowsePage(rows: Array(wide.prefix(20)), hasMore: true)
    let asked = harness.answer(
      .tables(.answered(.pages, id, .success(.opened(BrowseQuery(view), page)))))
    guard case .tables(.stream(let stream, _, limit: _))? = asked.first else {
      Issue.record("it did not ask")
      return
    }
    #expect(harness.press("G") == [])
    #expect(harness.answer(.tables(.streamed(stream, .rows(wide)))) == [.tables(.releaseStream)])
    harness.answer(.tables(.streamEnded(stream, .success(.cut))))
    #expect(harness.model.tables.view?.grid.rows.count == 70)
    #expect(harness.press("G") == [])
    #expect(harness.text.contains("no more rows are held here; E writes all"))
  }

  @Test func `The menu is narrowed by what is typed`() throws {
    var harness = try harness()
    try harness.answerTables(harness.press(.down, .enter))
    let effects = harness.press("b")
    guard case .tables(.ask(let channel, let id, .attributes))? = effects.first else {
      Issue.record("\(effects)")
      return
    }
    let attributes = ["hour", "weekday", "gender"].map { BreakdownAttribute(link: nil, column: $0) }
    harness.answer(.tables(.answered(channel, id, .success(.attributes(attributes)))))
    harness.type("da")
    #expect(harness.text.contains("1 of 3"))
    #expect(!harness.text.contains("gender"))
    guard
      case .tables(.ask(.figures, _, .breakdown(_, .rows, let attribute)))? =
        harness.press(.enter).first
    else {
      Issue.record("it did not ask")
      return
    }
    #expect(attribute.column == "weekday")
  }

  @Test(arguments: [(80, 24), (140, 40)])
  func `A measure is broken down, drawn as bars, and its rows are one key away`(
    columns: Int, rows: Int
  ) throws {
    var harness = try harness(columns: columns, rows: rows)
    try harness.answerTables(harness.press(.down, .enter))
    try harness.answerTables(harness.press("=", "b"))
    #expect(harness.text.contains("Break down rows by"))
    #expect(harness.row(rows - 1).contains("other measure"))
    harness.press(.tab)
    #expect(harness.text.contains("Break down different user_id by"))
    harness.press(.down)
    let effects = harness.press(.enter)
    guard
      case .tables(.ask(.figures, _, .breakdown(let query, let measure, let by)))? =
        effects.first
    else {
      Issue.record("\(effects)")
      return
    }
    #expect(measure == .distinct("user_id") && by.title == "users.gender")
    try harness.answerTables(effects)
    #expect(harness.row(1).contains("sparkify.songplays: different user_id by users.gender"))
    #expect(harness.row(3).contains(" 5,794  1,002,431"))
    harness.press("B")
    #expect(harness.row(3).contains("█"))
    harness.press("j")
    #expect(harness.text.contains("▸ gender M  different user_id 3,815   Enter shows its rows"))
    guard
      case .tables(.ask(.pages, _, .open(let table, nil, let filters)))? =
        harness.press(.enter).first
    else {
      Issue.record("it did not ask")
      return
    }
    #expect(table.name == query.table.name)
    #expect(filters == [.equals("songplay_id", "1"), .linked(by, "M")])
    #expect(filters.last?.text == "users.gender = M")
    try harness.answerTables(harness.effects)
    harness.press(.backspace)
    #expect(harness.text.contains("▸ gender M"))
    harness.press("B")
    #expect(harness.text.contains("1,002,431"))
    harness.press(.backspace, "B")
    #expect(harness.text.contains("only of a breakdown: b makes one"))
  }

  @Test func `Bars of numbers stand in their order, the table has the greatest first`() throws {
    let columns = ["hour", "rows"].map { ResultColumn(name: $0, kind: .integer) }
    let grid = Grid(
      ResultSet(columns: columns, rows: [["17", "9"], ["5", "7"], [nil, "3"], ["20", "1"]]))
    let table = ScriptedTables.table(TableSummary(name: TableName("a", "b"), kind: .table))
    let breakdown = Breakdown(
      query: BrowseQuery(table), attribute: BreakdownAttribute(link: nil, column: "hour"),
      measure: .rows)
    var bars = grid
    bars.setRows(breakdown.ordered(grid, byValue: true))
    #expect(bars.rows.map { $0[0] } == ["5", "17", "20", nil])
    #expect(breakdown.ordered(bars, byValue: false) == grid.rows)
    #expect(breakdown.rows(behind: [nil])?.filters == [.equals("hour", nil)])
  }

  @Test(arguments: [(80, 24), (140, 40)])
  func `A column's profile and a play's origin are texts`(columns: Int, rows: Int) throws {
    var harness = try harness(columns: columns, rows: rows)
    try harness.answerTables(harness.press(.down, .enter))
    try harness.answerTables(harness.press("i"))
    #expect(harness.text.contains("Profile of songplay_id"))
    #expect(harness.text.contains("400,000 (a sample: no figure is exact)"))
    #expect(harness.text.contains("about 97"))
    #expect(harness.text.contains("from 19.2"))
    try harness.answerTables(harness.press(.escape, "$", "h", "i"))
    #expect(harness.text.contains("(empty)"))
    try harness.answerTables(harness.press(.escape, "t"))
    #expect(harness.text.contains("log_data/2018/11/2018-11-01-events.json, line 7"))
    #expect(harness.text.contains("2 staged events fit; this is the first."))
    harness.press(.escape, .backspace, .up)
    try harness.answerTables(harness.press(.enter))
    harness.press("t")
    #expect(harness.text.contains("only a row of songplays is traced"))
  }

  @Test func `A sort without an index says what it costs`() throws {
    var harness = try harness()
    try harness.answerTables(harness.press(.down, .enter))
    try harness.answerTables(harness.press("l", "s"))
    #expect(harness.text.contains("no index serves this order: a page reads all rows"))
    harness.press("j")
    #expect(harness.row(22).contains("no index"))
    try harness.answerTables(harness.press("h", "s"))
    #expect(!harness.row(22).contains("no index"))
  }

  @Test func `NULL is a value to filter by, and is in no text`() throws {
    var harness = try harness()
    try harness.answerTables(harness.press(.down, .enter))
    harness.press("$")
    #expect(harness.model.tables.view?.grid.currentValue == .some(nil))
    func filters(_ key: Key) throws -> [BrowseFilter]? {
      try harness.answerTables(harness.press(key))
      let filters = harness.model.tables.view?.query?.filters
      try harness.answerTables(harness.press("C"))
      return filters
    }
    #expect(try filters("=") == [.equals("song_id", nil)])
    #expect(try filters("x") == [.differs("song_id", nil)])
    harness.press("h")
    #expect(try filters("u") == [.equals("level", nil)])
    harness.press("l", "~")
    harness.type("soabc")
    try harness.answerTables(harness.press(.enter))
    #expect(harness.row(1).contains("song_id contains soabc"))
  }

  @Test func `The rows that name this one are chosen from a menu where several tables do`() throws {
    var harness = try harness()
    try harness.answerTables(harness.press(.home, .enter))
    #expect(harness.row(1).contains("sparkify.users"))
    harness.press("p")
    #expect(harness.text.contains("Rows that name this one"))
    guard
      case .tables(.ask(.pages, _, .open(let table, nil, let filters)))? =
        harness.press(.down, .enter).first
    else {
      Issue.record("it did not ask")
      return
    }
    #expect(table.name == TableName("sparkify", "staging_events"))
    #expect(filters == [.equals("user_id", "7")])
  }

  @Test func `Marks stay on their rows through a sort`() throws {
    var harness = try harness()
    try harness.answerTables(harness.press(.down, .enter))
    harness.press(.space, .space)
    try harness.answerTables(harness.press("l", "l", "s"))
    #expect(harness.row(22).contains("2 marked"))
    #expect(harness.model.tables.view?.grid.marks.values.map(\.first) == ["1", "2"])
    harness.press("U")
    #expect(!harness.row(22).contains("marked"))
  }

  @Test func `A text is found in the rows that are here, round at their end`() throws {
    var harness = try harness()
    try harness.answerTables(harness.press(.down, .enter))
    harness.press("\\")
    harness.type("soabc")
    harness.press(.enter)
    #expect(harness.model.tables.view?.grid.currentValue == "SOABC3")
    harness.press("n")
    #expect(harness.model.tables.view?.grid.currentValue == "SOABC6")
    harness.press("N", "N")
    #expect(harness.model.tables.view?.grid.currentValue == "SOABC198")
    #expect(harness.row(22).contains("/ soabc"))
    harness.press(.escape)
    #expect(harness.model.tables.view?.grid.search == "")
    #expect(harness.row(1).contains("sparkify.songplays"))
  }

  @Test func `The wheel brings what is not held`() throws {
    var harness = try harness()
    try harness.answerTables(harness.press(.down, .enter))
    var effects: [Effect] = []
    for _ in 0..<60 where effects.isEmpty {
      effects = harness.answer(.wheel(.pane("table-grid"), 3))
    }
    guard case .tables(.ask(.pages, _, .page(_, .after)))? = effects.first else {
      Issue.record("\(effects)")
      return
    }
  }

  @Test func `Ctrl-C stops what is on its way, and asks to quit when nothing is`() throws {
    var harness = try harness()
    try harness.answerTables(harness.press(.down, .enter))
    harness.press("#")
    #expect(harness.press(.control("c")) == [.tables(.cancel(.figures))])
    harness.press("R")
    #expect(harness.press(.control("c")) == [.tables(.cancel(.pages))])
    #expect(harness.model.tables.view?.grid.rows.isEmpty == false)
    #expect(harness.press(.control("c")) == [])
    #expect(harness.text.contains("Leave sparkify?"))
  }

  @Test func `A refused filter leaves the rows their own title, and its error goes with it`() throws
  {
    var harness = try harness()
    try harness.answerTables(harness.press(.down, .enter))
    try harness.answerTables(harness.press("="))
    harness.press("/")
    harness.type("gendr = 'F'")
    guard case .tables(.ask(.pages, let id, _))? = harness.press(.enter).first else {
      Issue.record("it did not ask")
      return
    }
    let error = WarehouseError(.server, "column \"gendr\" does not exist", position: 1)
    harness.answer(.tables(.answered(.pages, id, .failure(error))))
    harness.press(.escape)
    #expect(harness.row(1).contains("sparkify.songplays · songplay_id = 1 ─"))
    #expect(harness.model.tables.view?.query?.filters == [.equals("songplay_id", "1")])
    #expect(harness.row(22).contains("does not exist"))
    // What was typed can be corrected, until something else is asked for.
    harness.press("/")
    #expect(harness.text.contains("› gendr = 'F'"))
    harness.press(.escape)
    try harness.answerTables(harness.press("c"))
    #expect(harness.model.tables.view?.query?.filters == [])
    #expect(!harness.text.contains("gendr"))
  }

  @Test func `Rows behind a filter that nobody counted are not told as all of them`() throws {
    var harness = try harness()
    try harness.answerTables(harness.press(.down, .enter))
    try harness.answerTables(harness.press("="))
    #expect(harness.row(22).contains("rows 1–19 of ? · # counts"))
    try harness.answerTables(harness.press("G"))
    #expect(harness.row(22).contains("last 19 rows of ? · # counts"))
    guard case .tables(.ask(.pages, let id, _))? = harness.press("g").first else {
      Issue.record("it did not ask")
      return
    }
    let rows = harness.model.tables.view?.grid.rows ?? []
    let page = BrowsePage(rows: rows, hasMore: true, fraction: 0, total: 6195)
    harness.answer(.tables(.answered(.pages, id, .success(.page(page)))))
    #expect(harness.row(22).contains("rows 1–19 of 6,195"))
    #expect(!harness.row(22).contains("# counts"))
  }

  @Test func `Esc on a page says when the server has stopped`() throws {
    var harness = try harness()
    try harness.answerTables(harness.press(.down, .enter))
    guard case .tables(.ask(.pages, let id, _))? = harness.press("R").first else {
      Issue.record("it did not ask")
      return
    }
    #expect(harness.press(.escape) == [.tables(.cancel(.pages))])
    harness.wait(.milliseconds(20))
    harness.answer(.tables(.answered(.pages, id, .failure(.cancelled))))
    #expect(harness.row(22).contains("cancelled, server stopped after 20 ms"))
    #expect(harness.model.tables.view?.grid.rows.isEmpty == false)
  }

  @Test func `A late page is dropped, and Esc cancels what is on its way`() throws {
    var harness = try harness()
    try harness.answerTables(harness.press(.down, .enter))
    let late = harness.press("s")
    let effects = harness.press(.escape, .escape)
    #expect(effects.contains(.tables(.cancel(.pages))))
    let before = harness.text
    try harness.answerTables(late)
    #expect(harness.text == before)
  }
}

extension Harness {
  /// Answers what the Tables screen asks, and what it asks then, until it asks no more.
  mutating func answerTables(_ effects: [Effect]) throws {
    for case .tables(.ask(let channel, let id, let question)) in effects {
      let answer = try ScriptedTables.answer(question)
      try answerTables(self.answer(.tables(.answered(channel, id, .success(answer)))))
    }
  }
}
