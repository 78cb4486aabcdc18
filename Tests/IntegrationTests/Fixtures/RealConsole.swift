import Glibc
import PseudoTerminal

@testable import Warehouse

/// The built program's console on a pseudo-terminal, with its real warehouse.
///
/// Looking at a terminal blocks, so it has a thread of its own. Nobody reads what the console writes
/// between two calls; its work goes on all the same.
actor RealConsole {
  private let executor = QueueExecutor(label: "tests.console")
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
  private let terminal: VirtualTerminal

  /// Starts it, with no configuration but `arguments`, and waits until it is connected.
  static func start(_ arguments: [String]) async throws -> RealConsole {
    let console = try RealConsole(arguments)
    try await console.wait(for: "the connection") { $0.row(0).hasSuffix("● ready") }
    return console
  }

  private init(_ arguments: [String]) throws {
    terminal = try VirtualTerminal(
      [try Program.path(), "--config", "/dev/null"] + arguments,
      environment: ["HOME": try TemporaryFolder.make()])
  }

  /// Types keys.
  func send(_ keys: String) { terminal.send(keys) }

  /// Sends the program a signal.
  func signal(_ number: Int32) { terminal.signal(number) }

  /// The terminal goes away, as when its window is closed.
  func hangUp() { terminal.hangUp() }

  /// Waits until a text is on the screen.
  func wait(for text: String) throws { try terminal.wait(for: text) }

  /// Waits until the screen is as wanted.
  func wait(
    for what: String, until condition: @Sendable (VirtualTerminal) -> Bool
  ) throws { try terminal.wait(for: what, until: condition) }

  /// Types keys that begin a run at `stage` on the screen of the pipeline.
  func runPipeline(from stage: StageID) throws {
    try terminal.wait(for: StageBlock.stages[0].rawValue)
    let place = StageBlock.stages.firstIndex(of: stage) ?? 0
    terminal.send(String(repeating: "j", count: place) + "f")
  }

  /// Waits for the program's end: its exit status, or minus the signal that ended it.
  func exitStatus() throws -> Int32 { try terminal.exitStatus() }

  /// Whether the terminal is as a shell wants it.
  var isRestored: Bool { terminal.isRestored }
}
