import Testing

@testable import Warehouse

/// S3 against moto, which a check of every signature stands before.
@Suite("S3")
struct S3Tests {
  private static let oddKeys = [
    "plain.json", "a b+c=d%e&f?g#h.json", "ünï/日本/🎵.json", "dots/./../x.json", "tab\there.json",
    "quote\"'<>&;.json", "(star)*!@$,:.json", "%2F%2f%zz.json", "trailing /x .json", "~-_.json",
  ]

  @Test("any key survives: written, listed, read and removed")
  func keys() async throws {
    let aws = try await AWSStandIn.shared()
    try aws.makeBucket("odd-keys")
    for key in Self.oddKeys { try aws.s3.put(Array(key.utf8), to: key, in: "odd-keys") }
    let page = try aws.s3.page(of: "odd-keys", prefix: "")
    #expect(Set(page.objects.map(\.key)) == Set(Self.oddKeys))
    for key in Self.oddKeys {
      #expect(try aws.s3.get(key, in: "odd-keys").bytes == Array(key.utf8), "\(key)")
    }
    try aws.s3.delete(Self.oddKeys[0], in: "odd-keys")
    try aws.s3.delete(Array(Self.oddKeys.dropFirst()), in: "odd-keys")
    #expect(try aws.s3.page(of: "odd-keys", prefix: "").objects.isEmpty)
    #expect(try aws.s3.buckets().contains("odd-keys"))
  }

  @Test("a listing goes on over pages, shows folders, and leaves out what is hidden or no JSON")
  func listing() async throws {
    let aws = try await AWSStandIn.shared()
    try aws.makeBucket("pages")
    let names = (0..<25).map { "log/\($0.padded(2)).json" }
    for name in names + ["log/_x/a.json", "log/.b.json", "log/c.txt", "log/", "other/d.json"] {
      try aws.s3.put(name.hasSuffix("/") ? [] : [1], to: name, in: "pages")
    }
    var (keys, token, pages): ([String], String?, Int) = ([], nil, 0)
    repeat {
      let page = try aws.s3.page(of: "pages", prefix: "log/0", after: token, limit: 3)
      keys += page.objects.map(\.key)
      token = page.next
      pages += 1
    } while token != nil
    #expect(keys == Array(names.prefix(10)))
    #expect(pages == 4)
    #expect(try aws.s3.page(of: "pages", prefix: "", delimiter: "/").folders == ["log/", "other/"])
    let listing = try S3Store(aws.s3, bucket: "pages", prefix: "log/").list(Cancellation())
    #expect(listing.map(\.path) == names.map { "s3://pages/" + $0 })
    #expect(listing.hiddenCount == 2)
    #expect(listing.otherCount == 1)
    let error = #expect(throws: WarehouseError.self) {
      try S3Store(aws.s3, bucket: "pages", prefix: "lag/").list(Cancellation())
    }
    #expect(error?.kind == .input)
  }

  @Test("a large object goes up in parts and comes back in parts, the same")
  func large() async throws {
    let aws = try await AWSStandIn.shared()
    try aws.makeBucket("large")
    let bytes = (0..<(11 << 20) + 7).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
    try aws.s3.upload(Bytes(bytes), to: "x.json", in: "large", partBytes: 5 << 20)
    let store = S3Store(aws.s3, bucket: "large", prefix: "x.json")
    let object = try #require(try store.list(Cancellation()).first)
    #expect(object.size == bytes.count)
    let stream = try store.open(object)
    var read: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 100_000)
    while true {
      let count = try chunk.withUnsafeMutableBytes { try stream.read(into: $0) }
      if count == 0 { break }
      read += chunk[..<count]
    }
    #expect(read == bytes)
    #expect(try aws.s3.get("x.json", in: "large", range: 5..<10).bytes == Array(bytes[5..<10]))
    #expect(throws: WarehouseError.self) {
      try aws.s3.get("x.json", in: "large", range: 5..<10, etag: "\"other\"")
    }
  }

  @Test("wrong keys are told as such")
  func wrongKeys() async throws {
    var settings = try await AWSStandIn.shared().settings
    settings.secretKey = Secret("wrong")
    let error = #expect(throws: WarehouseError.self) {
      try S3Client(AWSClient(settings)).page(of: "any", prefix: "")
    }
    #expect(error?.serviceCode == "SignatureDoesNotMatch")
    #expect(error?.kind == .configuration)
  }

  @Test("a load from a bucket makes the star that a load from the folder makes")
  func load() async throws {
    let aws = try await AWSStandIn.shared()
    let source = try SourceFolder.small(users: 40)
    try aws.makeBucket("source")
    for name in ["log_data/a.json", "song_data/a.json"] {
      try aws.s3.put(FileSystem.read(source.path + "/" + name), to: name, in: "source")
    }
    let fromFolder = try await TestWarehouse()
    #expect(await fromFolder.run(source).outcome == .succeeded)
    let fromBucket = try await TestWarehouse()
    let pipeline = Pipeline(
      settings: RunSettings(
        eventSource: "s3://source/log_data", songSource: "s3://source/song_data/",
        startedBy: "test@here", aws: AWSClient(aws.settings)),
      open: { _ throws(WarehouseError) in try await fromBucket.open() }, observe: { _ in })
    #expect(await pipeline.run(.all) == .succeeded)
    #expect(try await fromBucket.star() == fromFolder.star())
    #expect(
      try await fromBucket.rows("SELECT DISTINCT path FROM sparkify.source_files ORDER BY 1")
        == ["s3://source/log_data/a.json", "s3://source/song_data/a.json"])
  }
}

/// Bytes as a stream.
private final class Bytes: ByteStream {
  private let bytes: [UInt8]
  private(set) var consumedBytes = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(WarehouseError) -> Int {
    let count = min(buffer.count, bytes.count - consumedBytes)
    buffer.copyBytes(from: bytes[consumedBytes..<consumedBytes + count])
    consumedBytes += count
    return count
  }
}
