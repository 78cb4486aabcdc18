import Glibc
import Testing

@testable import Warehouse

@Suite("The console on its warehouse")
struct ConsoleOnWarehouseTests {
  /// Whether a server runs, or a crash left one's lock file.
  private func hasServer(_ home: String) -> Bool {
    FileSystem.exists(home + "/cluster/data/postmaster.pid")
  }

  @Test("makes it, loads the sample at one key, shows the run, and leaves nothing running")
  func firstVisit() async throws {
    let home = try TemporaryFolder.make()
    let console = try await RealConsole.start(["--home", home])
    await console.send("a")
    try await console.wait(for: "run 1 · all · ✓ done")
    try await console.wait(for: "✓ publish")
    await console.send("7")
    try await console.wait(for: "1  ✓ done")
    await console.send("q")
    #expect(try await console.exitStatus() == 0)
    #expect(await console.isRestored)
    #expect(!hasServer(home))
    let asked = try await Program.run(
      ["query", "SELECT count(*) AS plays FROM songplays", "--home", home])
    #expect(asked.output == "plays\r\n\(try playsInSample(of: home))\r\n", "\(asked.errors)")
    #expect(!hasServer(home))
  }

  /// Plays in the files, counted without any part of the product. No event stands there twice.
  private func playsInSample(of home: String) throws -> Int {
    let counted = try Subprocess.run(
      ["/bin/grep", "-rhc", #""page": *"NextSong""#, home + "/sample/log_data"])
    return counted.output.split(separator: "\n").reduce(0) { $0 + (Int($1) ?? 0) }
  }

  @Test("shares it with another console: the first to leave takes nothing away")
  func twoConsoles() async throws {
    let home = try await ThrowawayCluster.initialisedStateFolder()
    let first = try await RealConsole.start(["--home", home])
    let second = try await RealConsole.start(["--home", home])
    await first.send("q")
    #expect(try await first.exitStatus() == 0)
    #expect(hasServer(home))
    await second.send("5i")
    await second.send("\u{1B}[200~SELECT 6 * 7007 AS answer\u{1B}[201~")
    try await second.wait(for: "AS answer")
    await second.send("\u{1B}[15~")
    try await second.wait(for: "42,042")
    await second.send("\u{1B}")
    try await second.wait(for: "q quit")
    await second.send("q")
    #expect(try await second.exitStatus() == 0)
    #expect(!hasServer(home))
  }

  /// What ends a console from outside.
  enum End: CaseIterable, Sendable { case hangUp, terminate }

  @Test(
    "cancels its run and stops the server when it is ended in the middle", arguments: End.allCases)
  func endedInTheMiddle(_ end: End) async throws {
    let (old, new) = (try TwoStars.old.get(), try TwoStars.new.get())
    let server = try await ThrowawayCluster(["shared_buffers = '16MB'"])
    let home = server.stateFolder
    let warehouse = try await TestWarehouse(at: server.settings)
    try await StageBlock.prepare(warehouse, before: .loadTime, published: old, building: new)
    let block = try await StageBlock(.loadTime, of: warehouse)
    let console = try await RealConsole.start(["--home", home] + new.arguments)
    // From here on the console is the last one that uses the server.
    await server.cluster.leave()
    try await console.runPipeline(from: .loadTime)
    try await warehouse.waitUntilRunIsBlocked()
    switch end {
    case .hangUp: await console.hangUp()
    case .terminate: await console.signal(SIGTERM)
    }
    #expect(try await console.exitStatus() == (end == .hangUp ? 129 : 143))
    #expect(!hasServer(home))
    withExtendedLifetime(block) {}
    let runs = try await Program.run(["runs", "--json", "--home", home])
    let states = Program.Event.all(in: runs.output).map { $0["state"] as? String }
    #expect(states == ["cancelled", "succeeded", "succeeded"], "\(runs.all)")
  }

  @Test("starts a server again that died, at the next key that needs it")
  func deadServer() async throws {
    let home = try await ThrowawayCluster.initialisedStateFolder()
    let words = ["--home", home] + (try TwoStars.new.get().arguments)
    let loaded = try await Program.run(["run"] + words)
    #expect(loaded.status == 0, "\(loaded.all)")
    let console = try await RealConsole.start(words)
    let status = try await EmbeddedCluster(stateFolder: home).status()
    let process = try #require(status.processID)
    kill(process, SIGKILL)
    try await eventually("the server is gone") { !ProcessTable.isAlive(process) }
    await console.send("5i\u{1B}[200~SELECT 1000 * count(*) AS plays FROM songplays\u{1B}[201~")
    try await console.wait(for: "AS plays")
    await console.send("\u{1B}[15~")
    try await console.wait(for: "an answer") {
      $0.text.contains("15,000") || $0.text.contains("not connected yet")
    }
    // The names to complete may have missed the server first, and the new one be on its way.
    try await console.wait(for: "the server") { $0.row(0).hasSuffix("● ready") }
    await console.send("\u{1B}[15~")
    try await console.wait(for: "15,000")
    await console.send("\u{1B}")
    try await console.wait(for: "q quit")
    await console.send("q")
    #expect(try await console.exitStatus() == 0)
    #expect(!hasServer(home))
  }
}

@Suite("Programs that come at once")
struct ProgramsAtOnceTests {
  @Test("make one warehouse between them, and the last one stops it")
  func coldHome() async throws {
    let home = try TemporaryFolder.make()
    let outcomes = try await withThrowingTaskGroup(of: Program.Outcome.self) { group in
      for number in 1...3 {
        group.addTask {
          try await Program.run(["query", "SELECT \(number) AS n", "--home", home])
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.allSatisfy { $0.status == 0 }, "\(outcomes.map(\.errors))")
    #expect(Set(outcomes.map(\.output)) == ["n\r\n1\r\n", "n\r\n2\r\n", "n\r\n3\r\n"])
    #expect(!FileSystem.exists(home + "/cluster/data/postmaster.pid"))
    #expect(
      try FileSystem.names(in: home + "/cluster").filter { $0.hasPrefix("data") } == ["data"])
  }
}
