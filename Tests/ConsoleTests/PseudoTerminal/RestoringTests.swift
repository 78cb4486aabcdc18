import CVTerm
import Glibc
import PseudoTerminal
import Testing
import Warehouse

@Suite("The console started again")
struct RestoringTests {
  @Test("shows the screen and the source that were shown last")
  func lastScreen() throws {
    let folder = try makeScratchFolder()
    defer { try? FileSystem.removeTree(folder) }
    let first = try ConsoleOnTerminal.start(environment: ["SCRIPT_STATE": folder])
    first.send("6")
    try first.wait(for: "11-01-events.json")
    first.send("hj")
    try first.wait(for: "8F424C983.json")
    first.send("q")
    #expect(try first.exitStatus() == 0)
    let second = try ConsoleOnTerminal.start(environment: ["SCRIPT_STATE": folder])
    try second.wait(for: "8F424C983.json")
    second.send("q")
    #expect(try second.exitStatus() == 0)
    #expect(second.isRestored)
  }

  @Test("of two the one that ended last counts, and none that was killed")
  func severalConsoles() throws {
    let folder = try makeScratchFolder()
    defer { try? FileSystem.removeTree(folder) }
    let environment = ["SCRIPT_STATE": folder]
    let first = try ConsoleOnTerminal.start(environment: environment)
    let second = try ConsoleOnTerminal.start(environment: environment)
    second.send("6")
    try second.wait(for: "11-01-events.json")
    first.send("4")
    try first.wait(for: "Plays by hour")
    second.send("q")
    #expect(try second.exitStatus() == 0)
    first.send("q")
    #expect(try first.exitStatus() == 0)
    let third = try ConsoleOnTerminal.start(environment: environment)
    try third.wait(for: "Plays by hour")
    third.send("6")
    try third.wait(for: "11-01-events.json")
    third.signal(SIGKILL)
    _ = try third.exitStatus()
    let fourth = try ConsoleOnTerminal.start(environment: environment)
    try fourth.wait(for: "Plays by hour")
    fourth.send("q")
    #expect(try fourth.exitStatus() == 0)
  }

  @Test("shows hostile records without letting them act")
  func hostile() throws {
    let terminal = try ConsoleOnTerminal.start(script: "hostile")
    terminal.send("6")
    try terminal.wait(for: "owned")
    #expect(!terminal.output.contains(0x07))
    terminal.send("q")
    #expect(try terminal.exitStatus() == 0)
  }
}
