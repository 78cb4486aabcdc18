import Glibc
import Testing

@testable import Warehouse

@Suite("A command that is interrupted")
struct InterruptTests {
  /// Its status, and its last words.
  private func expectCancelled(
    _ outcome: Program.Outcome, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.status == 130, "\(outcome.all)", sourceLocation: sourceLocation)
    #expect(
      outcome.errors.hasSuffix("sparkify: cancelled\n"), "\(outcome.errors)",
      sourceLocation: sourceLocation)
  }

  @Test("stops its query at the server, too", arguments: [SIGINT, SIGTERM, SIGHUP])
  func query(signal: Int32) async throws {
    let warehouse = try await TestWarehouse()
    let program = try Program(["query", "SELECT pg_sleep(600)"] + warehouse.arguments)
    try await eventually("it sleeps") { try await sleeping(on: warehouse) != nil }
    program.send(signal)
    expectCancelled(try await program.outcome())
    try await eventually("the server has stopped") { try await sleeping(on: warehouse) == nil }
  }

  @Test("ends at once when it is interrupted again, also where the server does not answer")
  func secondSignal() async throws {
    let warehouse = try await TestWarehouse()
    let program = try Program(["query", "SELECT pg_sleep(600)"] + warehouse.arguments)
    var backend: pid_t?
    try await eventually("it sleeps") {
      backend = try await sleeping(on: warehouse)
      return backend != nil
    }
    let process = try #require(backend)
    kill(process, SIGSTOP)
    defer { kill(process, SIGCONT) }
    program.send(SIGINT)
    // From then on it does not catch the signal any more: bit 1 is SIGINT's.
    try await eventually("it has heard") {
      program.fact("SigCgt").flatMap { UInt64($0, radix: 16) }.map { $0 & 0b10 == 0 } ?? true
    }
    program.send(SIGINT)
    let outcome = try await program.outcome()
    #expect(outcome.status == 128 + SIGINT)
    #expect(outcome.errors == "", "it was ended by the signal and not by itself")
  }

  @Test("goes on when the terminal hangs up, where it was started to")
  func hangUp() async throws {
    let warehouse = try await TestWarehouse()
    let program = try Program(
      ["query", "SELECT pg_sleep(600)"] + warehouse.arguments, shell: "trap '' HUP; exec \"$@\"")
    try await eventually("it sleeps") { try await sleeping(on: warehouse) != nil }
    // Bit 0 is SIGHUP's, bit 1 SIGINT's.
    let bits = { (name: String) in program.fact(name).flatMap { UInt64($0, radix: 16) } ?? 0 }
    #expect(bits("SigIgn") & 0b11 == 0b01)
    #expect(bits("SigCgt") & 0b11 == 0b10)
    program.send(SIGHUP)
    program.send(SIGINT)
    expectCancelled(try await program.outcome())
  }

  /// The process of the server that runs pg_sleep in this database; nil when none does.
  private func sleeping(on warehouse: TestWarehouse) async throws -> pid_t? {
    try await warehouse.scalar(
      """
      SELECT min(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event = 'PgSleep'
      """
    ).flatMap { pid_t($0) }
  }

  @Test("leaves no half of a sample", arguments: [SIGINT, SIGKILL])
  func sample(signal: Int32) async throws {
    let folder = try TemporaryFolder.make()
    let words = ["sample", "--out", folder + "/sample", "--seed", "7"]
    let program = try Program(words + ["--events", "50000000"])
    try await eventually("it writes") {
      let names = try FileSystem.names(in: folder)
      return names.contains { FileSystem.exists("\(folder)/\($0)/song_data") }
    }
    program.send(signal)
    let outcome = try await program.outcome()
    if signal == SIGINT {
      expectCancelled(outcome)
      #expect(try FileSystem.names(in: folder) == [])
    }
    // What was killed leaves its part; the next one takes it away.
    let next = try await Program.run(words + ["--events", "100", "--songs", "10"])
    #expect(next.status == 0, "\(next.all)")
    #expect(try FileSystem.names(in: folder) == ["sample"])
  }

  @Test("does not wait for a bucket's store that does not answer")
  func sources() async throws {
    let store = try MuteListener()
    let program = try Program([
      "sources", "--set", "S3.LOG_DATA=s3://lake/log_data/",
      "--set", "S3.SONG_DATA=s3://lake/song_data/", "--set", "AWS.ANONYMOUS=on",
      "--set", "AWS.REGION=us-west-2", "--set", "AWS.ENDPOINT_URL=http://127.0.0.1:\(store.port)",
    ])
    var incoming = pollfd(fd: store.descriptor, events: Int16(POLLIN), revents: 0)
    try await eventually("it asks") { poll(&incoming, 1, 0) == 1 }
    program.send(SIGINT)
    expectCancelled(try await program.outcome())
  }

  @Test(
    "leaves no half of a warehouse when it is ended while that is made",
    arguments: [SIGINT, SIGKILL])
  func firstStart(signal: Int32) async throws {
    let home = try TemporaryFolder.make()
    let words = ["query", "SELECT 1 AS n", "--home", home]
    let program = try Program(words)
    try await eventually("initdb has made a part") {
      let names = (try? FileSystem.names(in: home + "/cluster")) ?? []
      return names.contains { FileSystem.exists("\(home)/cluster/\($0)/base") }
    }
    program.send(signal)
    let outcome = try await program.outcome()
    let folders = { () throws in
      try FileSystem.names(in: home + "/cluster").filter { $0.hasPrefix("data") }
    }
    if signal == SIGINT {
      expectCancelled(outcome)
      #expect(try folders() == [])
    }
    let next = try await Program.run(words)
    #expect(next.output == "n\r\n1\r\n", "\(next.errors)")
    // The initdb of one that was killed may outlive the next start; it cannot outlive many.
    try await eventually("a start has taken away what was left") {
      let more = try await Program.run(words)
      return try more.output == "n\r\n1\r\n" && folders() == ["data"]
    }
  }
}
