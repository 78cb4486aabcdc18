import PseudoTerminal
import Testing

@Suite("SQL on a terminal")
struct SQLTypingTests {
  @Test("is typed, pasted by 10,000 lines, run with Ctrl-J, and left with Esc")
  func typing() throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.send("5i")
    try terminal.wait(for: "typing")
    let lines = (1...10_000).map { "SELECT \($0);" }.joined(separator: "\r")
    terminal.send("\u{1B}[200~\(lines)\u{1B}[201~")
    try terminal.wait(for: "SELECT 10000;")
    terminal.send("\u{1B}u")
    try terminal.wait(for: "the paste to go") { !$0.text.contains("SELECT 10000;") }
    terminal.send("SELECT q7?\n")
    try terminal.wait(for: "24 rows")
    terminal.send("\u{1B}")
    try terminal.wait(for: "i types")
    terminal.send("q")
    #expect(try terminal.exitStatus() == 0)
  }

  @Test("takes a paste that comes in parts as one text: nothing of it is a key")
  func pasteInParts() throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.send("5i")
    try terminal.wait(for: "typing")
    let text = "\u{1B}[200~SELECT '日本';\nq7?SELECT q7?;\n\u{1B}[201~"
    // The mark, a character and the text are cut, each where the program sees that no more is there.
    for part in Array(text.utf8).split(atEach: [4, 16, 24]) {
      terminal.send(part)
      _ = terminal.listen(for: .milliseconds(150))
    }
    // A typed character in parts is one too.
    for part in Array("typed é日".utf8).split(atEach: [7, 9]) {
      terminal.send(part)
      _ = terminal.listen(for: .milliseconds(50))
    }
    try terminal.wait(for: "typed é日")
    #expect(terminal.text.contains("SELECT '日本';"))
    #expect(terminal.text.contains("q7?SELECT q7?;"))
    #expect(terminal.text.contains("typing"))
    #expect(!terminal.text.contains("Result"))
  }

  @Test("takes 3,500 lines of wide characters that come in pieces of 4 kB")
  func largePaste() throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.send("5i")
    try terminal.wait(for: "typing")
    let lines = (1...3500).map { "-- \($0) " + String(repeating: "日本 ", count: 10) }
    let bytes = Array("\u{1B}[200~\(lines.joined(separator: "\r"))\u{1B}[201~END".utf8)
    #expect(bytes.count > 250_000)
    for part in bytes.split(atEach: Array(stride(from: 4096, to: bytes.count, by: 4096))) {
      terminal.send(part)
    }
    try terminal.wait(for: "-- 3500 日本")
    try terminal.wait(for: "END")
    #expect(terminal.text.contains("typing"))
  }
}

extension [UInt8] {
  /// The parts between places.
  fileprivate func split(atEach places: [Int]) -> [[UInt8]] {
    zip([0] + places, places + [count]).map { Array(self[$0..<$1]) }
  }
}
