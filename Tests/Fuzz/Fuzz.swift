import Synchronization

@testable import Warehouse

/// Arbitrary bytes as a source file: nothing traps, and where the text is cut into blocks changes
/// neither the rows nor the rejects.
///
/// The first byte chooses the longest record, the second the size of the blocks.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  guard let data, count >= 2 else { return 0 }
  let bytes = Array(UnsafeBufferPointer(start: data + 2, count: count - 2))
  guard JSONParser.agrees(on: bytes) else { fatalError("checking is not reading") }
  let longest = [1 << 20, 16, 40, 100][Int(data[0] % 4)]
  let compression = [Compression.none, .none, .gzip, .zstd][Int(data[0] / 4 % 4)]
  let whole = outcome(bytes, compression, longest: longest, blockBytes: 1 << 20)
  let cut = outcome(bytes, compression, longest: longest, blockBytes: Int(data[1]) + 1)
  guard whole == cut else {
    print("whole: \(whole)\ncut:   \(cut)")
    fatalError("blocks of \(Int(data[1]) + 1) bytes give something else")
  }
  return 0
}

extension JSONParser {
  /// Whether reading an object and only checking it come to the same.
  fileprivate static func agrees(on bytes: [UInt8]) -> Bool {
    var parser = JSONParser(maxRecordBytes: 1 << 20)
    let padded = bytes + [UInt8](repeating: 0x20, count: 64)
    return padded.withUnsafeBufferPointer { text in
      guard let start = text.baseAddress else { return true }
      return parser.read(start, bytes.count) == parser.check(start, bytes.count)
    }
  }
}

/// The bytes of the COPY, or the error; and the rejects, in order.
private func outcome(
  _ bytes: [UInt8], _ compression: Compression, longest: Int, blockBytes: Int
) -> [String] {
  var options = FeedOptions()
  options.consumers = 1
  options.maxRecordBytes = longest
  options.maxRejects = 1_000_000
  options.blockBytes = blockBytes
  let object = SourceObject(
    path: "f", size: bytes.count, modified: Timestamp(milliseconds: 0), compression: compression)
  let told = Mutex<[String]>([])
  let feed = SourceFeed(ObjectListing([object]), in: OneFile(bytes: bytes), options: options) {
    reject in
    told.withLock { $0.append("\(reject)") }
  }
  let rows = feed.rows(for: fuzzTable)
  var copy: [UInt8] = []
  do {
    while try rows.fill(&copy) {}
  } catch {
    return ["\(error)"]
  }
  return ["\(copy)"] + told.withLock { $0 }
}

private let fuzzTable = StagingTable(
  name: "fuzz",
  columns: [
    StagingColumn("line", .bigint, .sourceLine), StagingColumn("file", .integer, .sourceFile),
    StagingColumn("a", .integer, .member("a")), StagingColumn("b", .bigint, .member("b")),
    StagingColumn("d", .double, .member("d")), StagingColumn("s", .varchar(8), .member("s")),
    StagingColumn("t", .timestamp, .epochMilliseconds("t")),
  ])

private struct OneFile: ObjectStore {
  let bytes: [UInt8]

  func list(_ cancellation: Cancellation) throws(WarehouseError) -> ObjectListing {
    ObjectListing()
  }

  func open(_ object: SourceObject) throws(WarehouseError) -> any ByteStream { MemoryStream(bytes) }
}
