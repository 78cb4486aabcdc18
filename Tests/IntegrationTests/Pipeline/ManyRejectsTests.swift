import Glibc
import Testing

@testable import Warehouse

@Suite("Very many rejects")
struct ManyRejectsTests {
  private static let count = 20_000

  /// 20,000 lines of 4 KB that are no records: 80 MB of text to be kept.
  private static let source = Result {
    let text = String(repeating: "nothing of use ", count: 280)
    let lines = (0..<count).map { "{\($0) \(text)" }
    return try SourceFolder(
      events: lines + [Record.event()], songs: [Record.song("S1", artist: "A1")])
  }

  /// The most memory that a process has had, in kilobytes; nil when it is gone.
  private static func peak(_ process: pid_t) -> Int? {
    let file = try? FileSystem.read("/proc/\(process)/status", limit: 64 << 10)
    let lines = String(decoding: file ?? [], as: UTF8.self).split(separator: "\n")
    let words = lines.first { $0.hasPrefix("VmHWM:") }?.split { $0 == " " || $0 == "\t" }
    return words.flatMap { $0.count > 1 ? Int($0[1]) : nil }
  }

  @Test("are all recorded, in memory that does not grow with them; the first ones are told")
  func all() async throws {
    let warehouse = try await TestWarehouse()
    let program = try Program(
      ["run", "--json", "--max-rejects", "1000000"] + warehouse.arguments(try Self.source.get()))
    var peak = 0
    try await eventually("the run ends", within: .seconds(300)) {
      let now = Self.peak(program.id)
      peak = max(peak, now ?? 0)
      return now == nil
    }
    let outcome = try await program.outcome()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      try await warehouse.scalar("SELECT count(*) FROM sparkify_ops.rejects") == "\(Self.count)")
    #expect(
      try await warehouse.scalar("SELECT count(DISTINCT line) FROM sparkify_ops.rejects")
        == "\(Self.count)")
    #expect(outcome.events.filter { $0.name == "reject" }.count == RejectSpool.told)
    #expect(outcome.output.contains("… and \(Self.count - RejectSpool.told) more rejects"))
    #expect(peak > 0 && peak < 100_000, "\(peak) kB")
  }

  @Test("do not keep a cancelled run from ending: only those that wait are recorded")
  func cancelled() async throws {
    let warehouse = try await TestWarehouse()
    let program = try Program(
      ["run", "--json", "--max-rejects", "1000000"] + warehouse.arguments(try Self.source.get()))
    try await program.waitFor("reject")
    program.send(SIGINT)
    let outcome = try await program.outcome()
    #expect(outcome.status == 130, "\(outcome.errors)")
    let recorded = Int(
      try await warehouse.scalar("SELECT count(*) FROM sparkify_ops.rejects") ?? "")
    #expect(recorded ?? 0 > 0 && recorded ?? 0 < Self.count)
    #expect(try await warehouse.runStates() == [.cancelled])
  }
}
