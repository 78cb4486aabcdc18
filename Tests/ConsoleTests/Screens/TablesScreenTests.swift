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
