import CZlib
import CZstd
import Glibc
import Synchronization
import Testing

@testable import Warehouse

/// Compresses, so that the tests need no program for it.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  deflateInit2_(
    &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
    Int32(MemoryLayout<z_stream>.size))
  var input = bytes
  var output = [UInt8](repeating: 0, count: bytes.count + 1000)
  input.withUnsafeMutableBufferPointer { source in
    output.withUnsafeMutableBufferPointer { target in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      stream.next_out = target.baseAddress
      stream.avail_out = UInt32(target.count)
      _ = deflate(&stream, Z_FINISH)
    }
  }
  defer { deflateEnd(&stream) }
  return Array(output.prefix(Int(stream.total_out)))
}

func zstd(_ bytes: [UInt8], windowLog: Int32? = nil) -> [UInt8] {
  let context = ZSTD_createCCtx()
  defer { ZSTD_freeCCtx(context) }
  if let windowLog { ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowLog) }
  var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
  let size = ZSTD_compress2(context, &output, output.count, bytes, bytes.count)
  return Array(output.prefix(size))
}

private func lines(_ numbers: Range<Int>) -> [UInt8] {
  Array(numbers.map { "{\"a\":\($0),\"s\":\"x\"}\n" }.joined().utf8)
}

/// Waits, without sleeping, until `isDone`; it must come true by itself.
private func wait(until isDone: () -> Bool) {
  while !isDone() { sched_yield() }
}

@Suite struct FeedTests {
  @Test("Consumers share one file, and each record comes once", arguments: [1, 2, 3])
  func sharing(_ consumers: Int) throws {
    let loaded = try load(
      MemoryStore(files: [("f.json", lines(0..<5000))]), consumers: consumers
    ) { $0.blockBytes = 500 }
    #expect(loaded.rejects == [])
    #expect(loaded.values("a") == (0..<5000).map(String.init))
    #expect(loaded.values("source_line") == (1...5000).map(String.init))
  }

  @Test("An array on one line is shared too")
  func sharedArray() throws {
    let text = "[" + (0..<3000).map { "{\"a\":\($0)}" }.joined(separator: ",") + "]"
    let loaded = try load(
      MemoryStore(files: [("f.json", Array(text.utf8))]), consumers: 2
    ) { $0.blockBytes = 300 }
    #expect(loaded.rejects == [])
    #expect(Set(loaded.values("a")) == Set((0..<3000).map(String.init)))
  }

  @Test(
    "Many small files are packed, and each row knows its file and line",
    arguments: [1, 7, 64, 4096])
  func manyFiles(_ blockBytes: Int) throws {
    let files = (1...300).map { number in
      (path: "f\(number).json", bytes: Array("\n{\"a\":\(number)}".utf8))
    }
    let loaded = try load(MemoryStore(files: files), consumers: 2) { $0.blockBytes = blockBytes }
    #expect(loaded.values("a") == (1...300).map(String.init))
    #expect(loaded.values("source_file") == (1...300).map(String.init))
    #expect(Set(loaded.values("source_line")) == ["2"])
  }

  @Test("Compressed files hold what the plain ones do", arguments: [1, 100, 1 << 20])
  func compressed(_ blockBytes: Int) throws {
    let files = [
      (path: "a.json", bytes: lines(0..<400)), (path: "b.json.gz", bytes: gzip(lines(0..<400))),
      (path: "c.jsonl.zst", bytes: zstd(lines(0..<400))),
      (path: "d.gz", bytes: gzip(lines(0..<100)) + gzip(lines(100..<400)) + [0, 0, 0, 0]),
      (path: "e.zst", bytes: zstd(lines(0..<100)) + zstd(lines(100..<400))),
      (path: "f.json.gz", bytes: []), (path: "g.gz", bytes: gzip([])),
    ]
    let loaded = try load(MemoryStore(files: files), consumers: 2) { $0.blockBytes = blockBytes }
    #expect(loaded.rejects == [])
    for number in 1...5 {
      let rows = loaded.rows.filter { $0["source_file"] == String(number) }
      #expect(rows.map { $0["a"] } == (0..<400).map(String.init))
    }
    #expect(loaded.rows.count == 2000)
  }

  @Test("Of a damaged archive what came before loads, and one reject says where it ends")
  func damaged() throws {
    let whole = lines(0..<400)
    let archives: [(String, [UInt8], String)] = [
      ("a.gz", gzip(whole).dropLast(30), "the gzip archive ends early"),
      ("a.gz", gzip(whole).dropLast(8), "the gzip archive ends early"),
      ("a.zst", zstd(whole).dropLast(1), "the zstd archive ends early"),
      ("a.gz", gzip(whole) + Array("more".utf8), "something else follows the gzip archive"),
      ("a.gz", whole, "the gzip archive could not be decompressed: incorrect header check"),
      ("a.zst", whole, "the zstd archive could not be decompressed: Unknown frame descriptor"),
    ].map { ($0.0, Array($0.1), $0.2) }
    for (name, bytes, reason) in archives {
      let first = try load(MemoryStore(files: [(name, bytes)]))
      #expect(first.rejects.map(\.reason) == [reason])
      let reject = try #require(first.rejects.first)
      #expect(reject.line == first.rows.count + 1)
      #expect(first.values("a") == (0..<first.rows.count).map(String.init))
      for size in [1, 50, 1000] {
        #expect(try load(MemoryStore(files: [(name, bytes)])) { $0.blockBytes = size } == first)
      }
    }
  }

  @Test("An archive that asks for too much memory is refused")
  func largeWindow() throws {
    let bytes = zstd([UInt8](repeating: 0x20, count: 40 << 20), windowLog: 25)
    let loaded = try load(MemoryStore(files: [("a.zst", bytes)]))
    #expect(
      loaded.rejects.map(\.reason) == [
        "the zstd archive could not be decompressed: Frame requires too much memory for decoding"
      ])
  }

  @Test("A file that went away is an error that names it")
  func vanished() throws {
    let store = FolderStore("/nowhere")
    let listing = ObjectListing([
      SourceObject(
        path: "/nowhere/f.json", size: 1, modified: Timestamp(milliseconds: 0), compression: .none)
    ])
    let feed = SourceFeed(listing, in: store) { _ in }
    let error = #expect(throws: WarehouseError.self) { try drain(feed.rows(for: smallTable)) }
    #expect(error?.kind == .input)
    #expect(error?.message == "could not read /nowhere/f.json")
  }

  @Test("Too many rejects stop the reading, with an error that says so")
  func rejectLimit() throws {
    let text = String(repeating: "oops\n", count: 5000)
    let error = #expect(throws: WarehouseError.self) {
      try load(text) {
        $0.maxRejects = 10
        $0.blockBytes = 500
      }
    }
    #expect(error?.kind == .input)
    #expect(
      error?.message == "could not store too many records: reading stopped after 1010 rejects")
    #expect(
      try load(String(repeating: "oops\n", count: 1010)) { $0.maxRejects = 10 }.rejects.count
        == 1010)
  }

  @Test("Progress counts rows, files, bytes as they lie in the store, and rejects")
  func progress() throws {
    let files = [
      (path: "a.json", bytes: lines(0..<100)), (path: "b.json.gz", bytes: gzip(lines(0..<400))),
      (path: "c.json", bytes: Array("oops".utf8)),
    ]
    let store = MemoryStore(files: files)
    let feed = SourceFeed(try store.list(Cancellation()), in: store) { _ in }
    #expect(feed.progress.rows == 0)
    _ = try drain(feed.rows(for: smallTable))
    let progress = feed.progress
    #expect(progress.rows == 500 && progress.rejects == 1)
    #expect(progress.files == 3 && progress.totalFiles == 3)
    #expect(progress.bytes == progress.totalBytes)
    #expect(progress.totalBytes == files.reduce(0) { $0 + $1.bytes.count })
  }

  @Test("No files make an empty COPY")
  func noFiles() throws {
    #expect(try load(MemoryStore(files: [])).rows == [])
  }

  @Test("A cancelled feed throws, whoever waits for it, and its threads end")
  func cancelled() throws {
    let store = EndlessStore()
    weak var core: FeedCore?
    do {
      let feed = SourceFeed(try store.list(Cancellation()), in: store) { _ in }
      core = feed.core
      let rows = feed.rows(for: smallTable)
      var buffer: [UInt8] = []
      #expect(try rows.fill(&buffer))
      feed.cancel()
      #expect(throws: WarehouseError.cancelled) { try rows.fill(&buffer) }
    }
    wait { core == nil }
  }

  @Test("A consumer that goes away half-way ends the feed for the others")
  func abandoned() throws {
    let store = EndlessStore()
    weak var core: FeedCore?
    do {
      let feed = SourceFeed(try store.list(Cancellation()), in: store) { _ in }
      core = feed.core
      let other = feed.rows(for: smallTable)
      var buffer: [UInt8] = []
      #expect(try feed.rows(for: smallTable).fill(&buffer))
      #expect(throws: WarehouseError.cancelled) { try other.fill(&buffer) }
    }
    wait { core == nil }
  }

  @Test("A feed that nobody reads from ends when it is dropped")
  func dropped() throws {
    let store = EndlessStore()
    weak var core: FeedCore?
    do {
      let feed = SourceFeed(try store.list(Cancellation()), in: store) { _ in }
      core = feed.core
      _ = feed.rows(for: smallTable)
    }
    wait { core == nil }
  }

  @Test("A sample has a file's first records, broken ones included, and what a table says of them")
  func sample() throws {
    let text = "{\"a\":\"x\",\"é\":[1],\"n\":null}\noops\n{\"a\":5,\"s\":\"y\"}\n{\"a\":6}"
    let store = MemoryStore(files: [("f.json", Array(text.utf8))])
    let object = try store.list(Cancellation())[0]
    let records = try store.sample(object, limit: 3, for: smallTable)
    #expect(records.map(\.line) == [1, 2, 3])
    #expect(records.map(\.refusal) == ["not a number", "broken JSON: not an object", nil])
    #expect(records[0].refusedColumn == "a")
    #expect(records[0].members.map(\.name) == ["a", "é", "n"])
    #expect(records[0].members.map(\.type) == [.text, .nested, .null])
    #expect(records[0].members.map(\.text) == ["x", "[1]", "null"])
    #expect(records[1].rawText == "oops")
    #expect(records[2].members.map(\.type) == [.integer, .text])
  }
}

/// One file without an end.
private struct EndlessStore: ObjectStore {
  final class Stream: ByteStream {
    var consumedBytes = 0
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(WarehouseError) -> Int {
      let line = Array("{\"a\":1}\n".utf8)
      for index in buffer.indices { buffer[index] = line[(consumedBytes + index) % line.count] }
      consumedBytes += buffer.count
      return buffer.count
    }
  }

  func list(_ cancellation: Cancellation) throws(WarehouseError) -> ObjectListing {
    ObjectListing([
      SourceObject(
        path: "endless.json", size: 1 << 40, modified: Timestamp(milliseconds: 0),
        compression: .none)
    ])
  }

  func open(_ object: SourceObject) throws(WarehouseError) -> any ByteStream { Stream() }
}
