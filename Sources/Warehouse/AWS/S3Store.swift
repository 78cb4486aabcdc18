/// Source files in a bucket: all JSON objects whose key begins with a prefix.
public struct S3Store: ObjectStore {
  /// The bucket.
  public let bucket: String
  /// What the keys begin with.
  public let prefix: String
  private let s3: S3Client
  private let firstPart: Int
  private let ahead: Int

  /// A part of an object: what one reader has in memory.
  static let partBytes = 1 << 20
  /// What is fetched first of an object that is only looked into.
  private static let glanceBytes = 64 << 10
  /// Reads that wait side by side, unless READERS says otherwise.
  static let usualReaders = 32

  /// The objects of `bucket` whose keys begin with `prefix`.
  ///
  /// - Parameters:
  ///   - isForLooking: whether objects are seldom read to their end.
  ///   - ahead: how many parts of a large object are fetched side by side.
  public init(
    _ s3: S3Client, bucket: String, prefix: String, isForLooking: Bool = false, ahead: Int = 1
  ) {
    self.s3 = s3
    self.bucket = bucket
    self.prefix = prefix
    firstPart = isForLooking ? Self.glanceBytes : Self.partBytes
    self.ahead = ahead
  }

  /// How many parts of each object to fetch side by side, so that a few objects keep as many reads
  /// under way as many do.
  static func ahead(objects: Int, readers: Int?) -> Int {
    max(1, min(8, (readers ?? usualReaders) / max(1, objects)))
  }

  /// The JSON objects; of a prefix that is an object's whole key, that object, whatever it is called.
  ///
  /// Names that begin with `.` or `_` are left out and counted, in any folder below the prefix, and
  /// so are objects with other extensions.
  public func list(_ cancellation: Cancellation) throws(WarehouseError) -> ObjectListing {
    var listing = ObjectListing()
    var isEmpty = true
    try s3.pages(of: bucket, prefix: prefix, cancellation) { page in
      for object in page.objects {
        isEmpty = false
        add(object, to: &listing)
      }
    }
    guard !isEmpty else {
      throw WarehouseError(
        .input, "could not find anything under s3://\(bucket)/\(prefix)",
        hint:
          "Look at the prefix: a key begins with it, letter by letter, without a slash in front.")
    }
    return listing
  }

  /// Opens an object for reading from its start. Nothing is asked before the first read.
  public func open(_ object: SourceObject) throws(WarehouseError) -> any ByteStream {
    try open(object, at: 0, Cancellation())
  }

  /// Opens an object for reading from `offset` on. Nothing is asked before the first read.
  public func open(
    _ object: SourceObject, at offset: Int
  ) throws(WarehouseError) -> any ByteStream {
    try open(object, at: offset, Cancellation())
  }

  /// The same; `cancellation` ends a read that is under way within about a second.
  public func open(
    _ object: SourceObject, at offset: Int, _ cancellation: Cancellation
  ) throws(WarehouseError) -> any ByteStream {
    S3ObjectStream(
      s3, bucket: bucket, key: Self.key(of: object, in: bucket), size: object.size, from: offset,
      firstPart: firstPart, ahead: ahead, cancellation)
  }

  private static func key(of object: SourceObject, in bucket: String) -> String {
    String(decoding: object.path.utf8.dropFirst("s3://\(bucket)/".utf8.count), as: UTF8.self)
  }

  /// Each object is waited for, however large it is: more wait side by side.
  public var preferredReaders: Int? { Self.usualReaders }

  private var root: String { "s3://\(bucket)/" }

  private func add(_ object: S3Object, to listing: inout ObjectListing) {
    // Some tools write an empty object for a folder.
    if object.key.hasSuffix("/") && object.size == 0 { return }
    if object.key == prefix { return append(object, Self.compression(of: object.key), &listing) }
    if let hidden = hiddenName(object.key) { return listing.hide(hidden) }
    guard let compression = SourceName.compression(FileSystem.name(of: object.key)) else {
      listing.otherCount += 1
      return
    }
    if let sibling = sibling(object.key) {
      listing.noteSibling(sibling)
    } else {
      listing.hasFolderOfPrefix = true
    }
    append(object, compression, &listing)
  }

  /// What lies beside the folder that the prefix seems to mean: `song_data` is also how
  /// `song_data_old/…` begins. Nil when the prefix ends a name, or means no folder.
  private func sibling(_ key: String) -> String? {
    guard !prefix.isEmpty, !prefix.hasSuffix("/") else { return nil }
    let rest = key.utf8.dropFirst(prefix.utf8.count)
    guard let first = rest.first, first != UInt8(ascii: "/") else { return nil }
    return prefix + String(decoding: rest.prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self)
  }

  private func append(
    _ object: S3Object, _ compression: Compression, _ listing: inout ObjectListing
  ) {
    let slash = object.key.lastIndex(of: "/").map { object.key.index(after: $0) }
    let start = slash ?? object.key.startIndex
    listing.append(
      folder: root + object.key[..<start], name: String(object.key[start...]), size: object.size,
      modified: object.modified, compression: compression)
  }

  /// The hidden one among the names of a key that the prefix did not begin itself; nil when there is
  /// none.
  private func hiddenName(_ key: String) -> String? {
    let folder = prefix.utf8.lastIndex(of: UInt8(ascii: "/")).map { prefix.utf8.index(after: $0) }
    let typed = prefix.utf8.distance(from: prefix.utf8.startIndex, to: folder ?? prefix.startIndex)
    let names = String(decoding: key.utf8.dropFirst(typed), as: UTF8.self).split(separator: "/")
    let isBegun = typed < prefix.utf8.count
    return names.dropFirst(isBegun ? 1 : 0).map(String.init).first(where: SourceName.isHidden)
  }

  static func compression(of key: String) -> Compression {
    let name = key.lowercased()
    return name.hasSuffix(".gz") ? .gzip : name.hasSuffix(".zst") ? .zstd : .none
  }
}

/// The bytes of an object, fetched in parts that are checked before any byte is handed on.
final class S3ObjectStream: ByteStream {
  private let s3: S3Client
  private let bucket: String
  private let key: String
  private let size: Int
  private let cancellation: Cancellation
  private var partBytes: Int
  private var part: [UInt8] = []
  /// Bytes of the part that were read.
  private var taken = 0
  private var fetched: Int
  private var etag: String?
  private let width: Int
  /// What fetches the parts behind the first; nil as long as they are fetched one by one.
  private var ahead: ReadAhead?
  private(set) var consumedBytes = 0

  /// What is left of an object must be so large that it is fetched side by side.
  static let leastAhead = 8 << 20

  /// - Parameters:
  ///   - start: the first byte that is wanted.
  ///   - firstPart: how many bytes are fetched first; parts grow from there to the usual size.
  ///   - etag: what the object's must be; nil takes the first that comes.
  ///   - ahead: how many parts of a large object are fetched side by side.
  init(
    _ s3: S3Client, bucket: String, key: String, size: Int, from start: Int = 0, firstPart: Int,
    etag: String? = nil, ahead width: Int = 1, _ cancellation: Cancellation
  ) {
    self.s3 = s3
    self.bucket = bucket
    self.key = key
    self.size = size
    self.cancellation = cancellation
    self.etag = etag
    self.width = width
    fetched = start
    partBytes = firstPart
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(WarehouseError) -> Int {
    if taken == part.count {
      guard fetched < size else { return 0 }
      try fetch()
    }
    let count = min(buffer.count, part.count - taken)
    part.withUnsafeBytes { bytes in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[taken..<taken + count]))
    }
    taken += count
    consumedBytes += count
    return count
  }

  private func fetch() throws(WarehouseError) {
    // The old part's memory is free before the new one's is taken.
    part = []
    taken = 0
    if let ahead {
      part = try ahead.next() ?? []
      fetched += part.count
      return
    }
    let range = fetched..<min(size, fetched + partBytes)
    let answer = try s3.get(
      key, in: bucket, range: range.count == size ? nil : range, etag: etag, count: range.count,
      cancellation)
    // All parts are of one object, also when somebody writes it anew meanwhile.
    etag = etag ?? answer.etag
    part = answer.bytes
    fetched = range.upperBound
    partBytes = min(S3Store.partBytes, partBytes * 4)
    if width > 1, partBytes == S3Store.partBytes, size - fetched >= Self.leastAhead { fetchAhead() }
  }

  /// Lets the rest be fetched side by side. Every part is of the object that the first one was of.
  private func fetchAhead() {
    let object = SourceObject(
      path: key, size: size, modified: Timestamp(milliseconds: 0), compression: .none)
    let parts = stride(from: fetched, to: size, by: S3Store.partBytes).map { start in
      ReadAhead.Part(
        object: object, offset: start, length: min(S3Store.partBytes, size - start))
    }
    let store = S3Parts(s3: s3, bucket: bucket, etag: etag)
    ahead = ReadAhead(parts, in: store, width: width, cancellation)
  }
}

/// The parts of one object, as long as it is the same.
private struct S3Parts: ObjectStore {
  let s3: S3Client
  let bucket: String
  let etag: String?

  /// Nobody lists what was listed before.
  func list(_ cancellation: Cancellation) throws(WarehouseError) -> ObjectListing {
    ObjectListing()
  }

  func open(_ object: SourceObject) throws(WarehouseError) -> any ByteStream {
    try open(object, at: 0, Cancellation())
  }

  func open(
    _ object: SourceObject, at offset: Int, _ cancellation: Cancellation
  ) throws(WarehouseError) -> any ByteStream {
    S3ObjectStream(
      s3, bucket: bucket, key: object.path, size: object.size, from: offset,
      firstPart: S3Store.partBytes, etag: etag, cancellation)
  }
}
