import PseudoTerminal
import Testing

@testable import Console

@Suite("The demo on a terminal")
struct DemoOnTerminalTests {
  /// Waits until everything that a caption is about is there. The mark stands before the number, so
  /// that a frame of which only the beginning has arrived is not taken for it.
  private func wait(for number: Int, _ terminal: VirtualTerminal) throws {
    let count = DemoStep.all(runsPipeline: true).count
    try terminal.wait(for: "✓ Demo \(number) of \(count) ")
  }

  private func start() throws -> VirtualTerminal {
    try ConsoleOnTerminal.start(script: "demo", environment: ["SCRIPT_SPEED": "40"])
  }

  @Test("is walked to its end with Space, through every screen")
  func walking() throws {
    let terminal = try start()
    let steps = DemoStep.all(runsPipeline: true)
    for (index, step) in steps.enumerated() {
      try wait(for: index + 1, terminal)
      #expect(terminal.text.contains(step.title))
      terminal.send(" ")
    }
    try terminal.wait(for: "that was the demo")
    terminal.send("q")
    #expect(try terminal.exitStatus() == 0)
    #expect(terminal.isRestored)
  }

  @Test("is left by Esc where it stands, with the run done and the screen whole again")
  func leaving() throws {
    let terminal = try start()
    for number in 1...4 {
      try wait(for: number, terminal)
      if number < 4 { terminal.send(" ") }
    }
    #expect(terminal.text.contains("run 15"))
    terminal.send("\u{1B}")
    try terminal.wait(for: "the demo is left")
    #expect(!terminal.text.contains("Demo 4"))
    #expect(terminal.row(22).hasPrefix("└"))
    terminal.send("q")
    #expect(try terminal.exitStatus() == 0)
  }
}
