import Glibc
import Testing
import Warehouse

@testable import Console

@Suite("What the console keeps over sessions")
struct ConsoleStateTests {
  private func model() -> Model {
    Model(size: Size(columns: 80, rows: 24), glyphs: .unicode, moment: Harness.moment)
  }

  @Test("comes back: the screen, and what it showed")
  func roundTrip() throws {
    var first = Harness(columns: 80, rows: 24)
    first.press("6", "/")
    first.type("nov")
    first.press(.enter)
    let state = try #require(ConsoleState(first.model.state.bytes))
    var second = model()
    second.restore(state)
    #expect(second.screen == .sources)
    #expect(second.sources.filter == "nov")
    #expect(second.state.bytes == first.model.state.bytes)
  }

  @Test("brings the selected stage and run back once they are known")
  func selections() throws {
    var first = Harness(columns: 80, rows: 24)
    first.press("j", "7", "j", "j")
    let state = try #require(ConsoleState(first.model.state.bytes))
    var second = Harness(columns: 80, rows: 24, connected: false)
    second.model = model()
    second.model.restore(state)
    _ = second.model.start()
    second.answer(.stagesLoaded(1, .success(Harness.stages)))
    #expect(second.model.pipeline.selected?.id == .stageEvents)
    _ = second.model.refreshRuns()
    // One run more came meanwhile: the same run is selected, not the same row.
    let runs = [Harness.run(4, .succeeded)] + Harness.runs
    second.answer(.runsLoaded(1, .success(RunPage(runs: runs, isTruncated: false))))
    #expect(second.model.runs.selected?.id == first.model.runs.selected?.id)
    #expect(second.model.runs.selected?.id == 1)
  }

  @Test("never grows longer than it is read: the longest screen is left out, not all of them")
  func longState() throws {
    let long = String(repeating: "\u{1}", count: 200_000)
    let state = ConsoleState(
      screen: "sql",
      screens: ["sql": ["text": .string(long)], "tables": ["selected": .string("a.b")]])
    #expect(state.bytes.count > StateFile.limit)
    let bytes = state.bytes(limit: StateFile.limit)
    #expect(bytes.count <= StateFile.limit)
    let kept = try #require(ConsoleState(bytes))
    #expect(kept.screen == "sql" && kept.screens.keys.sorted() == ["tables"])
    #expect(kept.bytes(limit: StateFile.limit) == kept.bytes)
  }

  @Test("keeps no filter that is as long as a large cell")
  func longFilter() throws {
    var harness = Harness(columns: 80, rows: 24)
    try harness.answerTables(harness.press("3"))
    try harness.answerTables(harness.press(.down, .enter))
    for filter in [String(repeating: "1 = 1 AND ", count: 500) + "true"] {
      harness.press("/")
      harness.answer(.paste(filter))
      try harness.answerTables(harness.press(.enter))
    }
    try harness.answerTables(harness.press("="))
    var second = model()
    second.restore(harness.model.state)
    #expect(second.tables.wanted?.filters == [.equals("songplay_id", "1")])
  }

  @Test("passes over screens that are no more, and values of other kinds")
  func otherNames() throws {
    let text = """
      {"format":"sparkify console state","version":1,"screen":"gone","screens":{"gone":{"a":1},
      "sources":{"source":7,"events":[],"songs":{"order":"up","filter":null,"file":3}}}}
      """
    var model = model()
    model.restore(try #require(ConsoleState(Array(text.utf8))))
    #expect(model.screen == .pipeline)
    #expect(model.sources.kind == .events)
  }

  @Test(
    "is not read from a broken or a foreign file, and the screen says so",
    arguments: [
      "", "{", "[]", "hello", #"{"format":"other","version":1,"screen":"runs","screens":{}}"#,
      #"{"format":"sparkify console state","version":2,"screen":"runs","screens":{}}"#,
      #"{"format":"sparkify console state","version":1,"screen":7,"screens":{}}"#,
      #"{"format":"sparkify console state","version":1,"screen":"runs","screens":[]}"#,
    ])
  func foreign(_ text: String) throws {
    let folder = try makeScratchFolder()
    defer { try? FileSystem.removeTree(folder) }
    try FileSystem.write(Array(text.utf8), to: folder + "/console.json")
    var model = model()
    _ = StateKeeper(StateFile(folder: folder), restoring: &model)
    #expect(model.screen == .pipeline)
    guard case .info(let notice)? = model.notice else {
      Issue.record("there is no notice")
      return
    }
    #expect(notice.contains("does not come back"))
  }

  @Test("a pipe in the file's place holds nobody up")
  func pipe() throws {
    let folder = try makeScratchFolder()
    defer { try? FileSystem.removeTree(folder) }
    try #require(mkfifo(folder + "/console.json", 0o600) == 0)
    guard case .unusable = StateFile(folder: folder).read() else {
      Issue.record("it was used")
      return
    }
  }

  @Test("is written whole, for its owner alone, into a folder that need not be there")
  func writing() throws {
    let folder = try makeScratchFolder()
    defer { try? FileSystem.removeTree(folder) }
    let file = StateFile(folder: folder + "/new")
    guard case .nothing = file.read() else {
      Issue.record("something was there")
      return
    }
    file.writeLater(Array("old".utf8))
    file.writeNow(model().state.bytes)
    #expect(file.failure == nil)
    var status = stat()
    #expect(stat(folder + "/new/console.json", &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    #expect(try FileSystem.names(in: folder + "/new") == ["console.json"])
    guard case .state(let state) = file.read() else {
      Issue.record("it was not read")
      return
    }
    #expect(state.screen == "pipeline")
  }

  @Test("says when it cannot be written")
  func failing() throws {
    let folder = try makeScratchFolder()
    defer { try? FileSystem.removeTree(folder) }
    try FileSystem.write([], to: folder + "/file")
    let file = StateFile(folder: folder + "/file")
    file.writeNow([1])
    #expect(file.failure != nil)
  }
}
