import CVTerm
import Glibc
import PseudoTerminal
import Testing

@Suite("A run on a terminal")
struct RunningTests {
  @Test("is watched to its end, and its record follows")
  func wholeRun() throws {
    let terminal = try ConsoleOnTerminal.start(environment: ["SCRIPT_SPEED": "10"])
    terminal.send("a")
    try terminal.wait(for: "run 15 · all · ✓ done")
    try terminal.wait(for: "✓ publish")
    terminal.send("7")
    try terminal.wait(for: "15  ✓ done")
  }

  @Test("Ctrl-C cancels it, and the screen says when the server stopped")
  func cancelling() throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.send("a")
    try terminal.wait(for: "1 of 11 stages")
    terminal.send("\u{3}")
    try terminal.wait(for: "cancelled, server stopped after")
    terminal.send("\u{3}")
    try terminal.wait(for: "Leave sparkify?")
    terminal.send("y")
    #expect(try terminal.exitStatus() == 0)
  }

  @Test("leaving asks what shall become of it; stopping it ends the program once it has stopped")
  func leaving() throws {
    let terminal = try ConsoleOnTerminal.start()
    terminal.send("a")
    try terminal.wait(for: "of 11 stages")
    terminal.send("q")
    try terminal.wait(for: "stop the run and quit")
    terminal.send("\u{1B}")
    try terminal.wait(for: "the question to go") { !$0.text.contains("stop the run and quit") }
    terminal.send("q")
    try terminal.wait(for: "stop the run and quit")
    terminal.send("s")
    #expect(try terminal.exitStatus() == 0)
    #expect(terminal.isRestored)
  }

  @Test("keys are answered while it goes on, and SIGTERM ends the program at once")
  func keysMeanwhile() throws {
    let terminal = try ConsoleOnTerminal.start(script: "stubborn")
    terminal.send("a")
    try terminal.wait(for: "of 11 stages")
    terminal.send("L")
    try terminal.wait(for: "SELECT version()")
    terminal.send("\u{1B}1")
    try terminal.wait(for: "CLUSTER.HOST")
    terminal.send("2c")
    try terminal.wait(for: "c ends the server's sessions")
    terminal.signal(SIGTERM)
    #expect(try terminal.exitStatus() == 143)
    #expect(terminal.isRestored)
  }
}
