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
}
