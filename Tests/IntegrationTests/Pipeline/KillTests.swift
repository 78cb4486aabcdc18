import Glibc
import Testing

@testable import Warehouse

@Suite("A run that ends before its time")
struct KillTests {
  /// What is done to the program while a stage runs.
  enum End: String, CaseIterable, Sendable {
    case kill, interrupt, terminate

    var signal: Int32 {
      switch self {
      case .kill: SIGKILL
      case .interrupt: SIGINT
      case .terminate: SIGTERM
      }
    }
    var status: Int32 { self == .kill ? 128 + SIGKILL : 130 }
    var state: RunState { self == .kill ? .interrupted : .cancelled }
  }

  @Test(
    "leaves the star as it was, says how it ended, and the next run needs no help",
    arguments: StageBlock.stages, [End.kill, .interrupt])
  func command(stage: StageID, end: End) async throws {
    try await endRun(in: stage, end) { try await endCommand($0, end, running: $1, in: stage) }
  }

  @Test("ends the same way when it is asked to by SIGTERM")
  func terminated() async throws {
    try await endRun(in: .stageSongs, .terminate) {
      try await endCommand($0, .terminate, running: $1, in: .stageSongs)
    }
  }

  @Test("leaves the star as it was when its console is killed", arguments: StageBlock.stages)
  func console(stage: StageID) async throws {
    try await endRun(in: stage, .kill) { warehouse, source in
      let home = try TemporaryFolder.make()
      let console = try await RealConsole.start(
        ["--home", home] + warehouse.arguments(source))
      try await console.runPipeline(from: stage)
      try await warehouse.waitUntilRunIsBlocked()
      await console.signal(SIGKILL)
      #expect(try await console.exitStatus() == -SIGKILL)
    }
  }

  /// Ends `sparkify run` where its stage is blocked.
  private func endCommand(
    _ warehouse: TestWarehouse, _ end: End, running source: SourceFolder, in stage: StageID
  ) async throws {
    let program = try Program(
      ["run", "--json", "--from", stage.rawValue] + warehouse.arguments(source))
    try await program.waitFor("stage-started", stage: stage.rawValue)
    try await warehouse.waitUntilRunIsBlocked()
    program.send(end.signal)
    let outcome = try await program.outcome()
    #expect(outcome.status == end.status, "\(outcome.errors)")
    if end != .kill {
      #expect(outcome.errors.contains("cancelled"))
      #expect(outcome.events.last?["state"] as? String == "cancelled")
    }
  }

  /// Lets a run come to `stage` and no further, ends it there, and looks at what is left.
  ///
  /// - Parameter begin: begins the run over a source, and ends it where it is blocked.
  private func endRun(
    in stage: StageID, _ end: End,
    _ begin: (TestWarehouse, SourceFolder) async throws -> Void
  ) async throws {
    let (old, new) = (try TwoStars.old.get(), try TwoStars.new.get())
    let stars = try await TwoStars.stars()
    let warehouse = try await TestWarehouse()
    try await StageBlock.prepare(warehouse, before: stage, published: old, building: new)
    let block = try await StageBlock(stage, of: warehouse)
    try await begin(warehouse, new)
    // The server has nothing to do for it any more, while what stood in its way still does.
    try await eventually("its sessions are gone") { try await warehouse.runSessions() == 0 }
    #expect(try await warehouse.star() == stars.old)
    let run = try await RunHistory(warehouse.session).runs(limit: 1).first
    #expect(run?.state == end.state)
    let detail = try await RunHistory(warehouse.session).detail(of: run?.id ?? 0)
    // What ends while it begins has no record of its stage yet.
    if stage != .provision {
      #expect(detail?.stages.first { $0.stage == stage }?.state == end.state)
    }
    try await block.release()
    let next = try await Program.run(["run"] + warehouse.arguments(new))
    #expect(next.status == 0, "\(next.all)")
    #expect(try await warehouse.star() == stars.new)
    #expect(try await warehouse.runStates() == [.succeeded, .succeeded, end.state, .succeeded])
  }

  @Test("outlives the death of its server in every stage", arguments: StageBlock.stages)
  func server(stage: StageID) async throws {
    let (old, new) = (try TwoStars.old.get(), try TwoStars.new.get())
    let stars = try await TwoStars.stars()
    let cluster = try await ThrowawayCluster(["shared_buffers = '16MB'", "fsync = on"])
    let warehouse = try await TestWarehouse(at: cluster.settings)
    try await StageBlock.prepare(warehouse, before: stage, published: old, building: new)
    let block = try await StageBlock(stage, of: warehouse)
    let home = ["--home", cluster.stateFolder]
    let program = try Program(
      ["run", "--json", "--from", stage.rawValue] + home + new.arguments)
    try await program.waitFor("stage-started", stage: stage.rawValue)
    try await warehouse.waitUntilRunIsBlocked()
    kill(try await cluster.serverProcessID(), SIGKILL)
    let outcome = try await program.outcome()
    #expect(outcome.status == 1, "\(outcome.all)")
    #expect(outcome.events.last?["kind"] as? String == "connection", "\(outcome.output)")
    withExtendedLifetime(block) {}

    // The next to come starts the server again.
    let runs = try await Program.run(["runs", "--json"] + home)
    #expect(runs.status == 0, "\(runs.errors)")
    let states = Program.Event.all(in: runs.output).map { $0["state"] as? String }
    #expect(states == ["interrupted", "succeeded", "succeeded"])
    _ = try await cluster.cluster.ensureRunning()
    let after = try await TestWarehouse(at: cluster.settings)
    #expect(try await after.star() == stars.old)
    let next = try await Program.run(["run"] + home + new.arguments)
    #expect(next.status == 0, "\(next.all)")
    #expect(try await after.star() == stars.new)
    await cluster.cluster.leave()
  }

  @Test("goes on from a stage after the server was stopped and started between stages")
  func restartBetweenStages() async throws {
    let source = try TwoStars.new.get()
    let folder = try await ThrowawayCluster.initialisedStateFolder()
    // Each command starts the server and, being the last to leave, stops it.
    let words = ["--home", folder] + source.arguments
    let selections = [
      ["create"], ["stage-events"], ["stage-songs"], ["load-users", "load-songs", "load-artists"],
      ["--from", "load-time"],
    ]
    for selection in selections {
      let outcome = try await Program.run(["run"] + selection + words)
      #expect(outcome.status == 0, "\(outcome.all)")
      #expect(!FileSystem.exists(folder + "/cluster/data/postmaster.pid"))
    }
    let cluster = EmbeddedCluster(stateFolder: folder)
    let warehouse = try await TestWarehouse(at: try await cluster.ensureRunning())
    #expect(try await warehouse.star() == TwoStars.stars().new)
    await warehouse.session.close()
    await cluster.leave()
  }

  @Test("goes on from a stage after the server was killed between stages")
  func crashBetweenStages() async throws {
    let source = try TwoStars.new.get()
    let server = try await ThrowawayCluster(["shared_buffers = '16MB'", "fsync = on"])
    let words = ["--home", server.stateFolder] + source.arguments
    let selections = [
      ["create"], ["stage-events", "stage-songs"], ["load-users", "load-songs", "load-artists"],
      ["load-time", "load-songplays"], ["check"], ["publish"],
    ]
    for selection in selections {
      let outcome = try await Program.run(["run"] + selection + words)
      #expect(outcome.status == 0, "\(outcome.all)")
      kill(try await server.serverProcessID(), SIGKILL)
      _ = try await server.cluster.ensureRunning()
    }
    let warehouse = try await TestWarehouse(at: server.settings)
    #expect(try await warehouse.star() == TwoStars.stars().new)
    await warehouse.session.close()
    await server.cluster.leave()
  }

  @Test("has published for good once it says so, even when the server dies at that moment")
  func publishedForGood() async throws {
    let (old, new) = (try TwoStars.old.get(), try TwoStars.new.get())
    let stars = try await TwoStars.stars()
    // Commits that do not wait for the disk would reach it in ten seconds only.
    let cluster = try await ThrowawayCluster([
      "shared_buffers = '16MB'", "fsync = on", "wal_writer_delay = '10s'",
    ])
    let warehouse = try await TestWarehouse(at: cluster.settings)
    for (source, star) in [(old, stars.old), (new, stars.new)] {
      let report = await (try TestWarehouse(at: cluster.settings)).run(source)
      #expect(report.outcome == .succeeded)
      kill(try await cluster.serverProcessID(), SIGKILL)
      _ = try await cluster.cluster.ensureRunning()
      #expect(try await TestWarehouse(at: cluster.settings).star() == star)
    }
    await warehouse.session.close()
    await cluster.cluster.leave()
  }
}

@Suite("Two runs at once")
struct RunLockTests {
  @Test("the second says which run is in the way, and touches nothing")
  func second() async throws {
    let (old, new) = (try TwoStars.old.get(), try TwoStars.new.get())
    let warehouse = try await TestWarehouse()
    try await StageBlock.prepare(warehouse, before: .loadTime, published: old, building: new)
    let block = try await StageBlock(.loadTime, of: warehouse)
    let first = try Program(["run", "load-time", "--json"] + warehouse.arguments(new))
    try await warehouse.waitUntilRunIsBlocked()
    let second = try await Program.run(["run"] + warehouse.arguments(old))
    #expect(second.status == 1)
    #expect(second.errors.contains("could not begin a run: another one holds this warehouse"))
    #expect(second.errors.contains("run 3 (load-time) by "))
    #expect(try await warehouse.runStates() == [.succeeded, .succeeded, .running])
    #expect(
      try await warehouse.scalar("SELECT count(*) FROM sparkify_build.staging_events") == "15")

    first.send(SIGKILL)
    #expect(try await first.outcome().status == 128 + SIGKILL)
    try await block.release()
    let third = try await Program.run(["run", "--from", "load-time"] + warehouse.arguments(new))
    #expect(third.status == 0, "\(third.all)")
    #expect(try await warehouse.star() == TwoStars.stars().new)
  }

  @Test("ending a run's sessions by its number leaves those of another run alone")
  func terminating() async throws {
    let (old, new) = (try TwoStars.old.get(), try TwoStars.new.get())
    let warehouse = try await TestWarehouse()
    try await StageBlock.prepare(warehouse, before: .loadTime, published: old, building: new)
    let block = try await StageBlock(.loadTime, of: warehouse)
    let run = Task { await warehouse.run(new, .only([.loadTime])) }
    try await warehouse.waitUntilRunIsBlocked()
    let sessions = try await warehouse.runSessions()
    for other in [2, 30] { try await RunLock.terminate(run: other, on: warehouse.session) }
    #expect(try await warehouse.runSessions() == sessions)
    try await RunLock.terminate(run: 3, on: warehouse.session)
    let report = await run.value
    #expect(report.failedStage == .loadTime && report.error?.kind == .connection)
    #expect(try await warehouse.runStates() == [.succeeded, .succeeded, .interrupted])
    try await block.release()
  }
}
