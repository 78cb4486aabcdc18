import Glibc
import Testing

@testable import Warehouse

/// What the program itself takes at most, whatever it is given.
@Suite("Memory")
struct MemoryTests {
  /// More than the program takes over a few rows, and less than any of the inputs.
  private static let limit = 64 << 20

  /// How one large source lies in its folder.
  enum Form: CaseIterable, Sendable { case lines, oneArray, compressed }

  @Test("does not grow with the size of a file", arguments: Form.allCases)
  func largeFile(form: Form) async throws {
    let source = try SourceFolder(events: [], songs: [Record.song("S", artist: "A")])
    let events = 120_000
    let name = "log_data/a.json"
    try Self.write(events, to: "\(source.path)/\(name)", asArray: form == .oneArray)
    if form == .compressed {
      let done = try Subprocess.run(["/usr/bin/zstd", "-q", "--rm", "\(source.path)/\(name)"])
      try #require(done.status == 0, "\(done.output)")
    }
    try await expectStaged(events, of: source)
  }

  @Test("does not grow with the number of files")
  func manyFiles() async throws {
    let source = try SourceFolder(events: [], songs: [Record.song("S", artist: "A")])
    let files = 20_000
    let record = Array(Record.event().utf8)
    for folder in 0..<20 { try FileSystem.makeFolder("\(source.events)/\(folder)") }
    for number in 0..<files {
      try FileSystem.write(record, to: "\(source.events)/\(number % 20)/\(number).json")
    }
    try FileSystem.remove(source.events + "/a.json")
    try await expectStaged(files, of: source)
  }

  @Test("does not grow with the rows of an answer")
  func largeAnswer() async throws {
    let warehouse = try await TestWarehouse()
    let outcome = try await Program.run(
      ["query", "SELECT n, repeat('x', 1000) FROM generate_series(1, 150000) AS n"]
        + warehouse.arguments, shell: "exec \"$@\" > /dev/null")
    #expect(outcome.status == 0, "\(outcome.errors)")
    Self.expectFlat(outcome)
  }

  private func expectStaged(_ rows: Int, of source: SourceFolder) async throws {
    let warehouse = try await TestWarehouse()
    let outcome = try await Program.run(
      ["run", "--json", "create", "stage-events"] + warehouse.arguments(source))
    #expect(outcome.status == 0, "\(outcome.errors)")
    let count = try await warehouse.scalar("SELECT count(*) FROM sparkify_build.staging_events")
    #expect(count == "\(rows)")
    Self.expectFlat(outcome)
  }

  private static func expectFlat(_ outcome: Program.Outcome) {
    #expect(outcome.peakBytes > 1 << 20, "it was looked at")
    #expect(outcome.peakBytes < limit, "\(outcome.peakBytes >> 20) MB")
  }

  /// Writes so many events of a kilobyte, a line each or all in one.
  private static func write(_ events: Int, to path: String, asArray: Bool) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileSystem.failure("could not write", path) }
    defer { close(descriptor) }
    let record = Record.event(agent: String(repeating: "x", count: 650))
    let block = 1000
    let separator = asArray ? "," : "\n"
    let text = Array(String(repeating: record + separator, count: block).utf8)
    if asArray { try FileSystem.write(Array("[".utf8), to: descriptor, naming: path) }
    for number in 1...events / block {
      let isLast = number == events / block
      try FileSystem.write(isLast ? Array(text.dropLast()) : text, to: descriptor, naming: path)
    }
    if asArray { try FileSystem.write(Array("]".utf8), to: descriptor, naming: path) }
  }
}
