import Testing

@testable import Console

@Suite("The keymap")
struct KeymapTests {
  @Test("gives a key one meaning in a place")
  func noConflicts() {
    for place in Set(Keymap.bindings.map(\.place)) {
      let keys = Keymap.bindings(of: place).flatMap(\.keys)
      #expect(Set(keys).count == keys.count, "\(place.title)")
    }
  }

  @Test("leaves alone the keys that belong to the terminal")
  func reserved() {
    let keys = Set(Keymap.bindings.flatMap(\.keys))
    #expect(keys.isDisjoint(with: [.control("s"), .control("q"), .control("\\")]))
    #expect(Keymap.action(for: .control("z"), in: [.everywhere]) == .suspend)
    #expect(Keymap.action(for: .control("l"), in: [.everywhere]) == .repaint)
  }

  @Test("has words for every action, and the help lists every key of a screen")
  func help() {
    var harness = Harness(columns: 160, rows: 160)
    #expect(Keymap.bindings.allSatisfy { !$0.title.isEmpty && $0.help.hasSuffix(".") })
    for screen in ScreenID.allCases {
      harness.press(.character(Character("\(screen.rawValue)")), "?")
      let text = harness.text
      for binding in Keymap.bindings(of: .screen(screen)) where !binding.keys.isEmpty {
        #expect(text.contains(binding.help))
      }
    }
  }

  @Test("lists the editor's keys on the SQL screen, and finds its actions by name from anywhere")
  func editor() {
    var harness = Harness(columns: 160, rows: 160)
    harness.press("5", "?")
    for binding in Keymap.bindings(of: .editor) { #expect(harness.text.contains(binding.help)) }
    harness.press(.escape, "2", ":")
    harness.type("select all")
    harness.press(.enter)
    #expect(harness.model.screen == .sql)
    harness.answer(.paste("SELECT 1"))
    harness.press(.escape, ":")
    harness.type("sql: undo")
    harness.press(.enter)
    #expect(harness.model.sql.editor.text.isEmpty)
    harness.press(.control("y"))
    #expect(harness.model.sql.editor.text == "SELECT 1")
  }

  @Test("a key of the editor with Shift selects where it moves, and means nothing else")
  func selecting() {
    #expect(Keymap.edit(for: .shift(.left))?.selects == true)
    #expect(
      Keymap.edit(for: Key(code: .left, modifiers: [.control, .shift]))?.action == .move(.wordLeft))
    #expect(Keymap.edit(for: .backTab)?.action == .outdent)
    #expect(Keymap.edit(for: .shift(.delete)) == nil)
  }

  @Test("fills the footer with what can be done now")
  func footer() {
    var harness = Harness(columns: 80)
    #expect(
      harness.row(14) == " r run  a run all  f from here  Enter details  ? help  : command  q quit")
    harness.press("a")
    #expect(harness.row(14) == " c cancel  Enter details  ? help  : command  q quit")
  }
}

@Suite("The command palette")
struct CommandPaletteTests {
  @Test("finds actions by parts of their names, shows their keys, and does them")
  func finding() {
    var harness = Harness(columns: 80, rows: 20)
    harness.press(":")
    harness.type("pra")
    #expect(harness.row(5).hasPrefix("│ Pipeline: run all"))
    #expect(harness.row(5).dropLast().hasSuffix("a "))
    #expect(harness.press(.enter) == [.run(.all)])
    #expect(harness.model.overlays.isEmpty)
  }

  @Test("goes to the screen of an action first")
  func otherScreen() {
    var harness = Harness(columns: 80, rows: 20)
    harness.press(":")
    harness.type("runs: refresh")
    #expect(harness.press(.enter) == [.loadRuns(2, limit: RunsScreen.limit)])
    #expect(harness.model.screen == .runs)
  }

  @Test("says why an action cannot be done, and lists it last")
  func refused() {
    var harness = Harness(columns: 80, rows: 24)
    harness.press(":")
    harness.type("pipeline: cancel")
    #expect(harness.text.contains("nothing runs"))
    #expect(harness.press(.enter) == [])
    #expect(harness.row(22).contains("Pipeline: cancel: nothing runs"))
  }

  @Test("letters are text there, and Esc closes it")
  func typing() {
    var harness = Harness(columns: 80, rows: 20)
    harness.press(":")
    harness.type("q?7")
    #expect(harness.model.exitStatus == nil)
    #expect(harness.text.contains(": q?7"))
    #expect(harness.text.contains("No action has such a name."))
    #expect(harness.press(.enter) == [])
    harness.press(.escape)
    #expect(harness.model.overlays.isEmpty)
  }

  @Test("prefers the beginnings of words")
  func score() throws {
    let start = try #require(FuzzyMatch("ra", in: "Pipeline: run all"))
    let inside = try #require(FuzzyMatch("ra", in: "operational"))
    #expect(start.score > inside.score)
    #expect(start.places == [10, 14])
    #expect(FuzzyMatch("zz", in: "run all") == nil)
  }
}
