import Glibc
import Testing

@testable import Warehouse

/// A run that is ended while its stage is at work, not where something holds it up.
@Suite("A run that ends in the middle of its work")
struct EndAtWorkTests {
  @Test(
    "leaves the star as it was, leaves nothing running at the server, and the next run succeeds",
    arguments: [StageID.loadUsers, .loadSongs, .loadArtists, .loadTime, .loadSongplays, .check],
    [SIGINT, SIGKILL])
  func transform(stage: StageID, signal: Int32) async throws {
    let warehouse = try await LargeBuild.warehouse(before: stage)
    let source = try TwoStars.new.get()
    let program = try Program(["run", "--json", stage.rawValue] + warehouse.arguments(source))
    try await program.waitFor("stage-started", stage: stage.rawValue)
    try await eventually("a session of the run works") {
      guard try await isAtWork(warehouse) else { return false }
      // While the program stands still its stage cannot end, however late the signal comes.
      program.send(SIGSTOP)
      if try await isAtWork(warehouse) { return true }
      program.send(SIGCONT)
      return false
    }
    try await end(program, signal, at: warehouse)
  }

  private func isAtWork(_ warehouse: TestWarehouse) async throws -> Bool {
    try await warehouse.scalar(
      """
      SELECT count(*) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'sparkify run%'
        AND state = 'active' AND wait_event_type IS DISTINCT FROM 'Lock'
        AND clock_timestamp() - query_start > interval '20 milliseconds'
      """) != "0"
  }

  @Test(
    "ends as well in a COPY whose rows flow",
    arguments: [StageID.stageEvents, .stageSongs], [SIGINT, SIGKILL])
  func flowingCopy(stage: StageID, signal: Int32) async throws {
    let warehouse = try await TestWarehouse()
    let (old, new) = (try TwoStars.old.get(), try TwoStars.new.get())
    try await StageBlock.prepare(warehouse, before: stage, published: old, building: new)
    let event = Record.event(agent: String(repeating: "x", count: 400)) + "\n"
    let song = Record.song("S", artist: "A", title: String(repeating: "x", count: 400)) + "\n"
    let large = try SourceFolder([
      "log_data/a.json": String(repeating: event, count: 100_000),
      "song_data/a.json": String(repeating: song, count: 100_000),
    ])
    let program = try Program(["run", "--json", stage.rawValue] + warehouse.arguments(large))
    try await eventually("rows arrive") {
      try await warehouse.scalar(
        """
        SELECT coalesce(max(tuples_processed), 0) > 1000 FROM pg_stat_progress_copy
        WHERE datname = current_database()
        """) == "t"
    }
    try await end(program, signal, at: warehouse)
  }

  private func end(_ program: Program, _ signal: Int32, at warehouse: TestWarehouse) async throws {
    program.send(signal)
    program.send(SIGCONT)
    let outcome = try await program.outcome()
    #expect(outcome.status == (signal == SIGKILL ? 128 + SIGKILL : 130), "\(outcome.all)")
    try await eventually("its sessions are gone") { try await warehouse.runSessions() == 0 }
    let stars = try await TwoStars.stars()
    #expect(try await warehouse.star() == stars.old)
    let state = try await warehouse.runStates().last
    #expect(state == (signal == SIGKILL ? .interrupted : .cancelled))
    let next = try await Program.run(["run"] + warehouse.arguments(try TwoStars.new.get()))
    #expect(next.status == 0, "\(next.all)")
    #expect(try await warehouse.star() == stars.new)
  }
}
