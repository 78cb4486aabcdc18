import CVTerm
import Glibc
import PseudoTerminal
import Testing

@Suite("What reaches the terminal")
struct AppearanceTests {
  @Test("with NO_COLOR there is no colour, and the selection is reversed")
  func noColor() throws {
    let terminal = try ConsoleOnTerminal.start(environment: ["NO_COLOR": "1"])
    try terminal.wait(for: "publish")
    for row in 0..<24 {
      for column in 0..<80 {
        let cell = terminal.cell(row, column)
        #expect(cell.isDefaultFront && cell.isDefaultBack, "row \(row), column \(column)")
      }
    }
    #expect(terminal.cell(2, 5).attrs.reverse == 1)
  }

  @Test("in colour, states have theirs")
  func color() throws {
    let terminal = try ConsoleOnTerminal.start()
    let ready = try #require(terminal.place(of: "● ready"))
    #expect(!terminal.cell(ready.row, ready.column).isDefaultFront)
  }

  @Test("in a locale without UTF-8 every byte is ASCII")
  func ascii() throws {
    let terminal = try ConsoleOnTerminal.start(
      script: "hostile", environment: ["LC_ALL": "C", "SCRIPT_SPEED": "20"])
    terminal.send("a")
    try terminal.wait(for: "done ---")
    terminal.send("x")
    try terminal.wait(for: "3 rejects")
    terminal.send("j")
    try terminal.wait(for: "gnos")
    #expect(terminal.output.allSatisfy { $0 < 0x80 })
    #expect(terminal.row(1).hasPrefix("+- Rejects"))
  }

  @Test("a locale that the machine lacks still says what the terminal can")
  func foreignLocale() throws {
    let terminal = try ConsoleOnTerminal.start(environment: ["LANG": "xx_XX.UTF-8"])
    #expect(terminal.row(1).hasPrefix("┌"))
  }

  @Test("without any locale UTF-8 is taken")
  func noLocale() throws {
    let terminal = try ConsoleOnTerminal.start(environment: ["LANG": ""])
    #expect(terminal.row(1).hasPrefix("┌"))
  }

  @Test("a VT100 gets ASCII, no mouse and no colour")
  func plainTerminal() throws {
    let terminal = try ConsoleOnTerminal.start(environment: ["TERM": "vt100"])
    #expect(terminal.output.allSatisfy { $0 < 0x80 })
    #expect(!terminal.hasMouse)
    #expect(terminal.row(1).hasPrefix("+"))
  }

  @Test("wide characters take two cells, and what stands behind them stays in its column")
  func wideCharacters() throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.send("x")
    try terminal.wait(for: "3 rejects")
    terminal.send("j\r")
    try terminal.wait(for: "東京都渋谷区 — «Ωμέγα»")
    let place = try #require(terminal.place(of: "東"))
    #expect(terminal.cell(place.row, place.column).width == 2)
    #expect(terminal.row(place.row).hasSuffix("│"))
    #expect(terminal.cell(place.row, 79).chars.0 == 0x2502)
  }

  @Test("hostile text is shown, and does nothing")
  func hostileText() throws {
    let terminal = try ConsoleOnTerminal.start(script: "hostile")
    try terminal.wait(for: "publish")
    terminal.send("x")
    try terminal.wait(for: "3 rejects")
    terminal.send("j\r")
    try terminal.wait(for: "␛]0;owned␇␛[2J")
    #expect(!terminal.hasTitle)
    #expect(terminal.text.contains("gnos"))
    let written = String(decoding: terminal.output, as: UTF8.self).unicodeScalars
    let orders = written.filter { (0x202A...0x202E).contains($0.value) || $0.value == 0x200D }
    #expect(orders.isEmpty)
  }

  @Test("copying sends the text to the terminal's clipboard")
  func copying() throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.send("s")
    try terminal.wait(for: "provision has no SQL")
    terminal.send("js")
    try terminal.wait(for: "create · SQL")
    terminal.send("y")
    try terminal.wait(for: "sent to the terminal's clipboard")
    let written = String(decoding: terminal.output, as: UTF8.self)
    // "CREATE TABLE" in base64.
    #expect(written.contains("\u{1B}]52;c;Q1JFQVRFIFRBQkxF"))
  }

  @Test("the configuration is edited in the person's editor, then read again")
  func editing() throws {
    let terminal = try ConsoleOnTerminal.start(environment: ["VISUAL": "echo edited:"])
    terminal.send("1")
    try terminal.wait(for: "CLUSTER.HOST")
    terminal.send("e")
    try terminal.wait(for: "the configuration was read again")
    #expect(String(decoding: terminal.output, as: UTF8.self).contains("edited: dwh.cfg"))
    #expect(terminal.isAlternate)
  }

  @Test("an editor that is not there is an error that says so")
  func missingEditor() throws {
    let terminal = try ConsoleOnTerminal.start(environment: ["EDITOR": "/nonexistent/editor"])
    terminal.send("1")
    try terminal.wait(for: "CLUSTER.HOST")
    terminal.send("e")
    try terminal.wait(for: "could not edit with /nonexistent/editor")
    terminal.send("\r")
    try terminal.wait(for: "Set VISUAL or EDITOR")
  }

  @Test("without a terminal it says so and ends with status 2")
  func noTerminal() throws {
    let terminal = try VirtualTerminal(["/bin/sh", "-c", "\(ConsoleOnTerminal.path) < /dev/null"])
    #expect(try terminal.exitStatus() == 2)
    #expect(terminal.text.contains("could not open the console"))
  }
}

extension VTermScreenCell {
  /// Whether the program asked for no colour: then the terminal's own is used.
  fileprivate var isDefaultFront: Bool { fg.type & UInt8(VTERM_COLOR_DEFAULT_FG.rawValue) != 0 }
  fileprivate var isDefaultBack: Bool { bg.type & UInt8(VTERM_COLOR_DEFAULT_BG.rawValue) != 0 }
}
