import Testing
import Warehouse

@testable import Console

@Suite("The model")
struct ModelTests {
  private let refused = WarehouseError(
    .connection, "could not connect to the warehouse", detail: "Connection refused",
    hint: "Start the server.")

  @Test("asks for everything at the start, and draws before anything answers")
  func start() {
    var model = Model(
      size: Size(columns: 60, rows: 10), glyphs: .unicode, moment: Harness.moment)
    #expect(model.start() == [.connect(1), .loadStages(1), .loadStatus(1)])
    #expect(
      model.view().text == """
         sparkify    1  2 Pipeline  3  4  5  6  7      ◐ connecting
        ┌─ Pipeline ───────────────────────────────────────────────┐
        │ reading the stages …                                     │
        ├─ log ────────────────────────────────────────────────────┤
        │                                                          │
        │                                                          │
        │                                                          │
        │                                                          │
        └──────────────────────────────────────────────────────────┘
         ? help  : command  q quit
        """)
  }

  @Test("a connection that is lost is seen in the header, and tried once more")
  func lost() {
    var harness = Harness()
    harness.wait(.seconds(20))
    harness.press("7")
    harness.answer(.runsLoaded(2, .failure(refused)))
    #expect(harness.effects == [.connect(2)])
    #expect(harness.row(0).hasSuffix("connecting"))
    harness.answer(.connected(2, .failure(refused)))
    #expect(harness.row(0).hasSuffix("✗ not connected"))
    #expect(harness.answer(.failed(refused)) == [])
  }

  @Test(
    "a run that lost the connection is followed by one attempt to come back, and no second soon")
  func lostByRun() {
    var harness = Harness()
    harness.press("a")
    harness.answer(.runEnded(.failed(nil, refused)))
    #expect(harness.effects.contains(.connect(2)))
    harness.answer(
      .connected(2, .success(ServerDescription(target: "embedded", product: "PostgreSQL 15"))))
    #expect(harness.row(0).hasSuffix("● ready"))
    #expect(harness.answer(.failed(refused)) == [])
    #expect(harness.row(0).hasSuffix("✗ not connected"))
  }

  @Test("wants the clock only while something goes on")
  func clock() {
    var harness = Harness(connected: false)
    #expect(harness.model.clockInterval == .milliseconds(100))
    harness = Harness()
    #expect(harness.model.clockInterval == nil)
    harness.press("a")
    #expect(harness.model.clockInterval == .milliseconds(100))
  }

  @Test("drops answers to what it has asked again since")
  func lateAnswers() {
    var harness = Harness()
    harness.press("7")
    harness.press("R")
    harness.answer(.runsLoaded(2, .success(RunPage(runs: [], isTruncated: false))))
    #expect(harness.model.runs.runs.count == 3)
    harness.answer(.runsLoaded(3, .failure(refused)))
    #expect(harness.model.runs.runs.count == 3)
    #expect(harness.model.runs.page.error == refused)
  }

  @Test("switches screens by number and by Tab, around the end")
  func screens() {
    var harness = Harness()
    harness.press("7")
    #expect(harness.model.screen == .runs)
    harness.press(.tab)
    #expect(harness.model.screen == .cluster)
    harness.press(.backTab, .backTab)
    #expect(harness.model.screen == .sources)
    harness.press("9")
    #expect(harness.model.screen == .sources)
  }

  @Test("Esc goes back one level and never quits")
  func escape() {
    var harness = Harness()
    harness.press("7", .enter, "?")
    #expect(harness.model.overlays.count == 1)
    harness.press(.escape)
    #expect(harness.model.overlays.isEmpty)
    harness.press(.escape)
    #expect(harness.model.runs.mode == .list)
    harness.press(.escape, .escape)
    #expect(harness.model.exitStatus == nil)
  }

  @Test("q quits at once when nothing runs; over something it closes that")
  func quitting() {
    var harness = Harness()
    harness.press("L", "q")
    #expect(harness.model.exitStatus == nil)
    harness.press("q")
    #expect(harness.model.exitStatus == 0)
  }

  @Test("q asks while a run goes on: stay, leave at once, or stop first")
  func quittingWhileRunning() {
    var harness = Harness()
    harness.press("a", "q")
    #expect(harness.text.contains("stop the run and quit"))
    harness.press(.escape)
    #expect(harness.model.overlays.isEmpty && harness.model.exitStatus == nil)
    #expect(harness.press("q", "s") == [.cancelRun])
    #expect(harness.model.exitStatus == nil)
    harness.answer(.runEnded(.cancelled))
    #expect(harness.model.exitStatus == 0)
    harness = Harness()
    harness.press("a", "q", "l")
    #expect(harness.model.exitStatus == 0)
  }

  @Test("a question about a run goes when the run ends")
  func questionGoes() {
    var harness = Harness()
    harness.press("a", "q")
    harness.answer(.runEnded(.succeeded))
    #expect(harness.model.overlays.isEmpty)
    #expect(harness.model.exitStatus == nil)
  }

  @Test("Ctrl-C cancels what runs, then offers to leave; else it asks whether to quit")
  func interrupting() {
    var harness = Harness()
    harness.press("a")
    #expect(harness.press(.control("c")) == [.cancelRun])
    harness.press(.control("c"))
    #expect(harness.text.contains("A run goes on"))
    harness = Harness()
    harness.press(.control("c"), "x")
    #expect(harness.model.exitStatus == nil)
    harness.press("y")
    #expect(harness.model.exitStatus == 0)
  }

  @Test("an error is one line, Enter shows all of it, Esc puts it away")
  func errors() {
    var harness = Harness(columns: 120, connected: false)
    harness.answer(.connected(1, .failure(refused)))
    #expect(harness.row(0).hasSuffix("✗ not connected"))
    #expect(harness.row(13).hasPrefix("└─ ✗ could not connect to the warehouse  Enter shows more"))
    harness.press(.enter)
    #expect(harness.text.contains("Connection refused"))
    #expect(harness.text.contains("→ Start the server."))
    harness.press(.escape)
    #expect(harness.model.notice == nil)
    harness.press("!")
    #expect(harness.text.contains("→ Start the server."))
  }

  @Test("what cannot be done says why, for a moment")
  func refusals() {
    var harness = Harness()
    #expect(harness.press("c") == [])
    #expect(harness.row(13).hasPrefix("└─ · nothing runs"))
    harness.press("j")
    #expect(harness.model.notice == nil)
    harness.press("a")
    #expect(harness.press("r") == [])
    #expect(harness.row(13).hasPrefix("└─ · a run goes on; c cancels it"))
  }

  @Test("is one line where there is no room, and keeps what it knew")
  func tooSmall() {
    var harness = Harness()
    harness.answer(.resized(Size(columns: 39, rows: 9)))
    #expect(harness.row(4) == "  39×9 is too small: 40×10 is needed")
    #expect(harness.press("a") == [])
    harness.answer(.resized(Size(columns: 60, rows: 15)))
    #expect(harness.text.contains("stage-events"))
    harness.answer(.resized(Size(columns: 0, rows: 0)))
    #expect(harness.text == "")
    harness.press("q")
    #expect(harness.model.exitStatus == 0)
  }

  @Test("draws every screen and everything over it at any size", arguments: 1...60)
  func anySize(side: Int) {
    var harness = Harness()
    harness.press("a")
    for event in PipelineScreenTests.someEvents { harness.answer(.pipeline(event)) }
    for keys in [
      ["1"], ["2"], ["7"], ["7", "L"], ["2", "?"], ["2", ":"], ["2", "m"], ["2", "q"], ["2", "x"],
    ] {
      var visited = harness
      for key in keys { visited.press(.character(Character(key))) }
      visited.answer(.resized(Size(columns: side * 3, rows: side)))
      visited.press(.down, .pageDown, "G")
      #expect(visited.model.view().size.rows == side)
    }
  }

  @Test("the command log lists statements and copies them")
  func commandLog() {
    var harness = Harness()
    for index in 0..<3 {
      harness.answer(
        .statement(
          StatementRecord(
            sql: "SELECT\n  \(index)", parameterCount: 0, startedAt: 1_543_608_000_000,
            duration: .milliseconds(7), rows: 1, error: nil)))
    }
    harness.press("L")
    #expect(harness.row(5).contains("20:00:00.000     7.0 ms            1  SELECT 2"))
    #expect(harness.press("k", "y") == [.copy("SELECT\n  1")])
    harness.press(.enter)
    #expect(harness.text.contains("took   7.0 ms"))
    #expect(harness.press("y") == [.copy("SELECT\n  1")])
  }

  @Test("what is too long for a clipboard is not sent, and it says so")
  func longCopy() {
    var harness = Harness()
    harness.model.push(
      .viewer(TextViewer(title: "", lines: [], copy: String(repeating: "x", count: 80_000))))
    #expect(harness.press("y") == [])
    #expect(harness.row(13).contains("too long for the terminal's clipboard: 80 kB"))
  }

  @Test("a click on a tab or a hint is its key; on a row it selects, again it opens")
  func clicks() throws {
    var harness = Harness()
    let tab = try #require(harness.model.view().target(row: 0, column: 40))
    harness.answer(.click(tab))
    #expect(harness.model.screen == .runs)
    let row = try #require(harness.model.view().target(row: 4, column: 10))
    harness.answer(.click(row))
    #expect(harness.model.runs.selected?.id == 2)
    #expect(harness.answer(.click(row)) == [.loadRun(1, id: 2)])
  }

  @Test("/ filters a list while it is typed; Enter keeps the filter, Esc shows all again")
  func filtering() {
    var harness = Harness()
    #expect(harness.press("/") == [])
    #expect(harness.row(13).contains("there is nothing to filter here"))
    harness.press("7", "/")
    harness.type("FAIL")
    #expect(harness.row(13).hasPrefix("└─ / FAIL"))
    #expect(harness.model.runs.runs.map(\.id) == [2])
    harness.press(.enter)
    #expect(harness.row(1).contains("/ FAIL: 1 of 3 runs"))
    #expect(harness.press(.enter) == [.loadRun(1, id: 2)])
    harness.press(.escape, .escape)
    #expect(harness.model.runs.runs.count == 3)
    harness.press("/", "z", .escape)
    #expect(harness.model.runs.runs.count == 3)
  }

  @Test("/ finds a place in a text, n and N the next and the one before")
  func finding() {
    var harness = Harness(rows: 12)
    let lines = (0..<50).map { Line($0 % 10 == 7 ? "a Needle \($0)" : "hay \($0)") }
    harness.model.push(.viewer(TextViewer(title: "Hay", lines: lines)))
    harness.press("/")
    harness.type("needle")
    harness.press(.enter)
    #expect(harness.row(2).hasPrefix("│ a Needle 7"))
    let frame = harness.model.view()
    #expect(frame[2, 4].style.attributes.contains(.reverse))
    #expect(!frame[2, 2].style.attributes.contains(.reverse))
    harness.press("n", "n")
    #expect(harness.row(2).hasPrefix("│ a Needle 27"))
    harness.press("N")
    #expect(harness.row(2).hasPrefix("│ a Needle 17"))
  }

  @Test("a run of another console is looked at until it ends")
  func foreignRun() {
    var harness = Harness()
    _ = harness.model.refreshRuns()
    let foreign = Harness.run(4, .running, by: "bob@desk")
    harness.answer(.runsLoaded(2, .success(RunPage(runs: [foreign], isTruncated: false))))
    #expect(harness.model.clockInterval == .seconds(5))
    harness.wait(.seconds(4))
    #expect(harness.effects == [])
    harness.wait(.seconds(1))
    #expect(harness.effects == [.loadRuns(3, limit: RunsScreen.limit)])
    let ended = Harness.run(4, .succeeded)
    harness.answer(.runsLoaded(3, .success(RunPage(runs: [ended], isTruncated: false))))
    #expect(harness.model.clockInterval == nil)
  }

  @Test("a paste is text for a field and nothing elsewhere")
  func pasting() {
    var harness = Harness()
    harness.answer(.paste("q"))
    #expect(harness.model.exitStatus == nil)
    harness.press(":")
    harness.answer(.paste("run\nall"))
    #expect(harness.row(3).contains(": run all"))
  }

  @Test("a paste is taken whole or not at all: a part of a filter would be another filter")
  func longPastes() {
    var harness = Harness()
    harness.press("m")
    let long = String(repeating: "7", count: 5000)
    harness.answer(.paste(long))
    guard case .prompt(let prompt)? = harness.model.overlays.last else {
      Issue.record("it did not ask")
      return
    }
    #expect(prompt.field.text == long)
    #expect(harness.text.contains("7777"))
    harness.answer(.paste(String(repeating: "8", count: InputField.pasteLimit + 1)))
    #expect(harness.text.contains("too long to be pasted"))
    harness.press(.enter)
    guard case .prompt(let after)? = harness.model.overlays.last else { return }
    #expect(after.field.text == long)
    harness.press(.escape, ":")
    harness.answer(.paste(String(repeating: "8", count: InputField.pasteLimit + 1)))
    #expect(harness.text.contains("too long to be pasted"))
  }
}
