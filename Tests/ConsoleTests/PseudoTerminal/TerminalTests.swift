import CVTerm
import Glibc
import PseudoTerminal
import Testing

@Suite("The console on a terminal")
struct TerminalTests {
  @Test("draws its first frame, takes keys, and leaves a clean terminal")
  func wholeVisit() throws {
    let terminal = try ConsoleOnTerminal.start()
    try terminal.wait(for: "stage-events")
    #expect(terminal.isAlternate)
    #expect(!terminal.isRestored)
    #expect(terminal.row(0).hasPrefix(" 1 Cluster  2 Pipeline  3 Tables  4 Queries  5 SQL"))
    terminal.send("7")
    try terminal.wait(for: "Started (UTC)")
    terminal.send("q")
    #expect(try terminal.exitStatus() == 0)
    #expect(terminal.isRestored)
  }

  @Test("understands arrows in both forms, and keys with modifiers")
  func arrows() throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.send("7")
    try terminal.wait(for: "Started (UTC)")
    let selected = { (terminal: VirtualTerminal, row: Int) in terminal.isSelected(row) }
    terminal.press(VTERM_KEY_DOWN)
    try terminal.wait(for: "the second run to be selected") { selected($0, 4) }
    terminal.send("\u{1B}[B")
    try terminal.wait(for: "the third run to be selected") { selected($0, 5) }
    terminal.send("\u{1B}OA")
    try terminal.wait(for: "the second run again") { selected($0, 4) }
    terminal.send("\u{1B}[1;2B")
    terminal.send("?")
    try terminal.wait(for: "Help")
  }

  @Test("a key changes what differs and nothing else")
  func fewBytes() throws {
    let terminal = try ConsoleOnTerminal.start(columns: 120, rows: 40)
    terminal.send("7")
    // The footer is what a frame draws last.
    try terminal.wait(for: "all of the screen") { $0.row(39).contains("Space mark") }
    let before = terminal.output.count
    terminal.press(VTERM_KEY_DOWN)
    try terminal.wait(for: "the selection") { $0.isSelected(4) }
    #expect(terminal.output.count - before <= 500)
  }

  @Test("fills another size, says when it is too small, and comes back")
  func resizing() throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.resize(columns: 140, rows: 40)
    try terminal.wait(for: "the wide header") {
      $0.row(0).hasSuffix("embedded · PostgreSQL 15.18 · ● ready") && $0.row(38).hasPrefix("└")
    }
    terminal.resize(columns: 39, rows: 9)
    try terminal.wait(for: "39×9 is too small: 40×10 is needed")
    terminal.resize(columns: 80, rows: 24)
    try terminal.wait(for: "the screen") {
      $0.row(22).hasPrefix("└") && $0.row(0).hasSuffix("● ready")
    }
  }

  @Test("Ctrl-Z stops it and fg brings the same screen back")
  func suspending() throws {
    let terminal = try VirtualTerminal(
      ["/bin/bash", "--norc", "--noprofile", "-i"], environment: ["PS1": "prompt> "])
    try terminal.wait(for: "prompt>")
    terminal.send("\(ConsoleOnTerminal.path)\r")
    try terminal.wait(for: "stage-events")
    terminal.send("\u{1A}")
    try terminal.wait(for: "Stopped")
    #expect(!terminal.isAlternate)
    #expect(!terminal.hasMouse)
    terminal.resize(columns: 100, rows: 30)
    terminal.send("fg\r")
    try terminal.wait(for: "the screen in its new size") {
      $0.isAlternate && $0.hasMouse && $0.row(28).hasPrefix("└")
    }
    terminal.send("q")
    try terminal.wait(for: "the prompt") { !$0.isAlternate }
    terminal.send("exit\r")
    #expect(try terminal.exitStatus() == 0)
  }

  @Test("takes its modes again when something else has stopped and continued it")
  func continuing() throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.signal(SIGSTOP)
    terminal.loseModes()
    terminal.signal(SIGCONT)
    terminal.send("7")
    try terminal.wait(for: "interrupted")
    terminal.send("\r")
    try terminal.wait(for: "Configuration 3")
  }

  @Test("a crash gives the terminal back and says what it was")
  func crashing() throws {
    let terminal = try ConsoleOnTerminal.start(script: "crash")
    terminal.send("a")
    #expect(try terminal.exitStatus() < 0)
    #expect(terminal.isRestored)
    let written = String(decoding: terminal.output, as: UTF8.self)
    #expect(written.contains("Fatal error: the script says so"))
    #expect(written.contains("sparkify stopped because of a fault in the program"))
  }

  @Test("a segmentation fault gives the terminal back too", arguments: [SIGSEGV, SIGABRT, SIGQUIT])
  func faults(signal: Int32) throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.signal(signal)
    #expect(try terminal.exitStatus() == -signal)
    #expect(terminal.isRestored)
    #expect(terminal.text.contains("sparkify stopped because of a fault in the program"))
  }

  @Test(
    "signals end it with their status and a clean terminal",
    arguments: [(SIGTERM, 143), (SIGHUP, 129), (SIGINT, 130)] as [(Int32, Int32)])
  func ending(signal: Int32, status: Int32) throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.signal(signal)
    #expect(try terminal.exitStatus() == status)
    #expect(terminal.isRestored)
  }

  @Test("ends when its terminal goes away")
  func hangingUp() throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.hangUp()
    #expect(try terminal.exitStatus() == 129)
  }

  @Test("a click on a tab shows its screen, the wheel scrolls, a click on a hint is its key")
  func mouse() throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.send("\u{1B}[<0;5;1M\u{1B}[<0;5;1m")
    try terminal.wait(for: "Reachability")
    try terminal.wait(for: "CLUSTER.HOST")
    terminal.send("\u{1B}[<65;10;18M\u{1B}[<65;10;18M\u{1B}[<65;10;18M")
    try terminal.wait(for: "the list to scroll") { !$0.text.contains("CLUSTER.HOST") }
    let quit = try #require(terminal.place(of: "q quit"))
    terminal.send("\u{1B}[<0;\(quit.column + 1);24M")
    #expect(try terminal.exitStatus() == 0)
  }

  @Test("a paste is text, and never keys")
  func pasting() throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.send("\u{1B}[200~q7\u{1B}[201~:")
    try terminal.wait(for: "Command")
    terminal.send("\u{1B}[200~go to\nRuns\u{1B}[201~\r")
    try terminal.wait(for: "Started (UTC)")
  }

  @Test("Esc and the next key at once are two keys")
  func escapeAndKey() throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.send("?")
    try terminal.wait(for: "Help")
    terminal.send("\u{1B}7")
    try terminal.wait(for: "Started (UTC)")
  }
}

extension VirtualTerminal {
  /// Whether a row of the Runs screen has the selection's colours.
  fileprivate func isSelected(_ row: Int) -> Bool {
    cell(row, 27).bg.type & UInt8(VTERM_COLOR_DEFAULT_BG.rawValue) == 0
  }
}
