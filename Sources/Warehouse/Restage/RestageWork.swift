import Synchronization

/// The threads of one source's restaging.
struct RestageWork: Sendable {
  let core: RestageCore
  let output: RestageOutput
  /// The folder of the source in the output.
  let folder: String
  let compression: RestageCompression
  let cancellation: Cancellation

  /// The name of the file that has the broken records.
  static let quarantineName = "_quarantine.jsonl"

  /// Reads and writes everything, and says what was written. Blocks.
  ///
  /// Threads that read may be waiting for a far server when all is stopped; they end by themselves,
  /// and nobody waits for them. Those that write are waited for: nothing is written afterwards.
  func perform(readers: Int) throws(WarehouseError) -> [RestagedSource.File] {
    let files = Mutex([RestagedSource.File?](repeating: nil, count: core.plan.fileCount))
    startReaders(readers)
    Threads.run(core.plan.fileCount + 1) { lane in
      do throws(WarehouseError) {
        guard lane < core.plan.fileCount else { return try writeQuarantine() }
        let file = try writeFile(lane)
        files.withLock { $0[lane] = file }
      } catch { core.stop(error) }
    }
    try core.check()
    return files.withLock { $0.compactMap { $0 } }
  }

  private func startReaders(_ count: Int) {
    let started = (0..<max(1, count)).count { _ in
      Threads.start { [core] in
        do throws(WarehouseError) {
          var reader = try RestageReader(core)
          try reader.run()
        } catch { core.stop(error) }
      }
    }
    if started == 0 {
      core.stop(WarehouseError(.system, "could not start a thread to read files"))
    }
  }

  /// Writes an output file; nil when there are too few records for it.
  private func writeFile(_ lane: Int) throws(WarehouseError) -> RestagedSource.File? {
    guard try core.hasAny(lane: lane) else { return nil }
    let stream = try RestageLane(core, lane, compression)
    let name = "\(folder)/part-\(lane.padded(4))\(compression.nameEnding)"
    let share = core.listing.totalBytes / core.plan.fileCount
    try output.write(stream, to: name, expectedBytes: share, cancellation)
    return RestagedSource.File(location: output.location(name), bytes: stream.written)
  }

  private func writeQuarantine() throws(WarehouseError) {
    let stream = QuarantineStream(core)
    guard try stream.hasAny() else { return }
    try output.write(stream, to: "\(folder)/\(Self.quarantineName)", cancellation)
  }
}

/// The broken records, one a line, each with where it stands and why it is none.
final class QuarantineStream: ByteStream {
  private let core: RestageCore
  private var text: [UInt8] = []
  private var taken = 0
  private(set) var consumedBytes = 0

  init(_ core: RestageCore) { self.core = core }

  /// Waits for the first one. False when there is none.
  func hasAny() throws(WarehouseError) -> Bool {
    if taken == text.count { try fill() }
    return taken < text.count
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(WarehouseError) -> Int {
    guard try hasAny() else { return 0 }
    let count = min(buffer.count, text.count - taken)
    buffer.copyBytes(from: text[taken..<taken + count])
    taken += count
    consumedBytes += count
    return count
  }

  private func fill() throws(WarehouseError) {
    var json = JSONText()
    for reject in try core.takeRejects() {
      json.object([
        ("file", .string(reject.file)), ("line", .integer(reject.line)),
        ("byte_offset", JSONValue(reject.byteOffset)), ("reason", .string(reject.reason)),
        ("record", .string(reject.rawText)), ("is_cut", .boolean(reject.isCut)),
      ])
      json.raw("\n")
    }
    text = json.bytes
    taken = 0
  }
}
