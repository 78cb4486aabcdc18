import Glibc
import Testing

@testable import Console
@testable import Warehouse

@Suite("Over a network that carries nothing any more")
struct CutNetworkTests {
  /// The arguments with which the program reaches a warehouse over a relay.
  private static func arguments(_ warehouse: TestWarehouse, _ relay: Relay) -> [String] {
    warehouse.arguments + [
      "--set", "CLUSTER.HOST=127.0.0.1", "--set", "CLUSTER.DB_PORT=\(relay.port)",
    ]
  }

  @Test("a cancelled statement ends all the same, and its connection is given up")
  func statement() async throws {
    let direct = try await ThrowawayCluster.shared().makeDatabase()
    let relay = try Relay(to: direct)
    defer { relay.close() }
    let session = try await PostgresSession.connect(relay.settings(of: direct))
    let task = Task { try await session.execute("SELECT pg_sleep(600)") }
    try await eventually("it sleeps") { try await Activity.isSleeping(session.backendID) }
    relay.cut()
    task.cancel()
    let error = await task.result.failure
    #expect(error?.kind == .cancelled)
    #expect(error?.message == "cancelled without an answer of the server")
    #expect(await !session.isAlive)
    await session.close()
  }

  @Test("a run is cancelled while it waits for an answer, and the next one needs no help")
  func waiting() async throws {
    let (old, new) = (try TwoStars.old.get(), try TwoStars.new.get())
    let warehouse = try await TestWarehouse()
    try await StageBlock.prepare(
      warehouse, before: .loadSongplays, published: old, building: new)
    let block = try await StageBlock(.loadSongplays, of: warehouse)
    let relay = try Relay(to: warehouse.settings)
    defer { relay.close() }
    let program = try Program(
      ["run", "--json", "--from", "load-songplays"] + new.arguments
        + Self.arguments(warehouse, relay))
    try await program.waitFor("stage-started", stage: "load-songplays")
    try await warehouse.waitUntilRunIsBlocked()
    relay.cut()
    try await interrupt(program, relay, warehouse, block)
    let next = try await Program.run(["run"] + warehouse.arguments(new))
    #expect(next.status == 0, "\(next.all)")
    #expect(try await warehouse.star() == TwoStars.stars().new)
  }

  @Test(
    "a run is cancelled in the middle of a COPY, and the next one needs no help",
    arguments: [1, 2])
  func copying(connections: Int) async throws {
    let old = try TwoStars.old.get()
    let warehouse = try await TestWarehouse()
    #expect(await warehouse.run(old).outcome == .succeeded)
    // More than all buffers on the way hold.
    let agent = String(repeating: "agent ", count: 150)
    let events = (0..<12_000).map { number in
      Record.event(ts: 1_541_100_000_000 + Int64(number), session: number, agent: agent)
    }
    let large = try SourceFolder(events: events, songs: [Record.song("S1", artist: "A1")])
    let relay = try Relay(to: warehouse.settings)
    defer { relay.close() }
    relay.cut(afterBytes: 1 << 20)
    let program = try Program(
      ["run", "--json", "--set", "PIPELINE.CONNECTIONS=\(connections)"] + large.arguments
        + Self.arguments(warehouse, relay))
    try await program.waitFor("stage-started", stage: "stage-events")
    try await eventually("the network is cut") { relay.isCut }
    try await interrupt(program, relay, warehouse, nil)
    let next = try await Program.run(["run"] + warehouse.arguments(old))
    #expect(next.status == 0, "\(next.all)")
    #expect(try await warehouse.star() == TwoStars.stars().old)
  }

  /// Interrupts a run whose network is cut, and lets the server hear of the end.
  private func interrupt(
    _ program: Program, _ relay: Relay, _ warehouse: TestWarehouse, _ block: StageBlock?
  ) async throws {
    program.send(SIGINT)
    let outcome = try await program.outcome()
    #expect(outcome.status == 130, "\(outcome.all)")
    #expect(outcome.events.last?["state"] as? String == "cancelled")
    #expect(try await warehouse.star() == TwoStars.stars().old)
    try await block?.release()
    relay.close()
    try await eventually("its sessions are gone") { try await warehouse.runSessions() == 0 }
    #expect(try await warehouse.runStates().last == .interrupted)
  }

  @Test("the console can be left while a run goes on")
  func leaving() async throws {
    let (old, new) = (try TwoStars.old.get(), try TwoStars.new.get())
    let warehouse = try await TestWarehouse()
    try await StageBlock.prepare(warehouse, before: .loadTime, published: old, building: new)
    let block = try await StageBlock(.loadTime, of: warehouse)
    let relay = try Relay(to: warehouse.settings)
    defer { relay.close() }
    let folder = try TemporaryFolder.make()
    let options = ConfigurationOptions(
      overrides: [
        "CLUSTER.HOST=127.0.0.1", "CLUSTER.DB_PORT=\(relay.port)",
        "CLUSTER.DB_NAME=\(warehouse.settings.database ?? "")",
        "CLUSTER.DB_USER=\(warehouse.settings.user ?? "")", "S3.LOG_DATA=\(new.events)",
        "S3.SONG_DATA=\(new.songs)",
      ], workingFolder: folder, homeFolder: folder, environment: [:])
    let console = ConnectedWarehouse(
      options: options, stateFolder: StateFolder(home: folder + "/home", options: options))
    _ = try await console.connect { _ in }
    let run = Task { await console.run(.only([.loadTime])) { _ in } }
    try await warehouse.waitUntilRunIsBlocked()
    relay.cut()
    let look = Task { try await console.runs(limit: 1) }
    await console.leave()
    #expect(await run.value == .cancelled)
    look.cancel()
    #expect(await look.result.failure != nil)
    try await block.release()
  }

  @Test("a process that follows neither a cancel nor its end is waited for no longer")
  func frozenProcess() async throws {
    let settings = try await ThrowawayCluster.shared().makeDatabase()
    let session = try await PostgresSession.connect(settings)
    let process = pid_t(session.backendID)
    let task = Task {
      try await PostgresLoading(patience: .milliseconds(200)).watch(
        session, { _ throws(WarehouseError) in try await PostgresSession.connect(settings) },
        { () async throws(WarehouseError) in try await session.execute("SELECT pg_sleep(600)") })
    }
    try await eventually("it sleeps") { try await Activity.isSleeping(session.backendID) }
    kill(process, SIGSTOP)
    defer { kill(process, SIGCONT) }
    task.cancel()
    #expect(await task.result.failure == .cancelled)
    #expect(await !session.isAlive)
  }
}
