/// Source files in a bucket: all JSON objects whose key begins with a prefix.
public struct S3Store: ObjectStore {
  /// The bucket.
  public let bucket: String
  /// What the keys begin with.
  public let prefix: String
  private let s3: S3Client

  /// The objects of `bucket` whose keys begin with `prefix`.
  public init(_ s3: S3Client, bucket: String, prefix: String) {
    self.s3 = s3
    self.bucket = bucket
    self.prefix = prefix
  }

  /// The JSON objects; of a prefix that is an object's whole key, that object, whatever it is called.
  ///
  /// Names that begin with `.` or `_` are left out and counted, in any folder below the prefix, and
  /// so are objects with other extensions.
  public func list(_ cancellation: Cancellation) throws(WarehouseError) -> ObjectListing {
    var listing = ObjectListing()
    var token: String?
    var isEmpty = true
    repeat {
      try cancellation.check()
      let page = try s3.page(of: bucket, prefix: prefix, after: token, cancellation)
      for object in page.objects {
        isEmpty = false
        add(object, to: &listing)
      }
      token = page.next
    } while token != nil
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
    S3ObjectStream(
      s3, bucket: bucket, key: String(object.path.dropFirst(root.count)), size: object.size)
  }

  /// Each object is waited for, however large it is: more wait side by side.
  public var preferredReaders: Int? { 32 }

  private var root: String { "s3://\(bucket)/" }

  private func add(_ object: S3Object, to listing: inout ObjectListing) {
    // Some tools write an empty object for a folder.
    if object.key.hasSuffix("/") && object.size == 0 { return }
    if object.key == prefix { return append(object, Self.compression(of: object.key), &listing) }
    guard !isHidden(object.key) else {
      listing.hiddenCount += 1
      return
    }
    guard let compression = SourceName.compression(FileSystem.name(of: object.key)) else {
      listing.otherCount += 1
      return
    }
    append(object, compression, &listing)
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

  /// Whether a name that the prefix did not begin itself is a hidden one.
  private func isHidden(_ key: String) -> Bool {
    let folder = prefix.utf8.lastIndex(of: UInt8(ascii: "/")).map { prefix.utf8.index(after: $0) }
    let typed = prefix.utf8.distance(from: prefix.utf8.startIndex, to: folder ?? prefix.startIndex)
    let names = String(decoding: key.utf8.dropFirst(typed), as: UTF8.self).split(separator: "/")
    let isBegun = typed < prefix.utf8.count
    return names.dropFirst(isBegun ? 1 : 0).contains { SourceName.isHidden(String($0)) }
  }

  private static func compression(of key: String) -> Compression {
    let name = key.lowercased()
    return name.hasSuffix(".gz") ? .gzip : name.hasSuffix(".zst") ? .zstd : .none
  }
}

/// The bytes of an object, fetched in parts that are checked before any byte is handed on.
final class S3ObjectStream: ByteStream {
  /// One part is in memory.
  private static let partBytes = 4 << 20

  private let s3: S3Client
  private let bucket: String
  private let key: String
  private let size: Int
  private var part: [UInt8] = []
  /// Bytes of the part that were read.
  private var taken = 0
  private var fetched = 0
  private var etag: String?
  private(set) var consumedBytes = 0

  init(_ s3: S3Client, bucket: String, key: String, size: Int) {
    self.s3 = s3
    self.bucket = bucket
    self.key = key
    self.size = size
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
    let isWhole = size <= Self.partBytes
    let range = fetched..<min(size, fetched + Self.partBytes)
    let answer = try s3.get(key, in: bucket, range: isWhole ? nil : range, etag: etag)
    guard answer.bytes.count == range.count else {
      throw WarehouseError(
        .input, "could not read s3://\(bucket)/\(key)",
        detail: "\(answer.bytes.count) bytes came where the listing says \(range.count)",
        hint: "It changed since it was listed: start again.")
    }
    // All parts are of one object, also when somebody writes it anew meanwhile.
    etag = etag ?? answer.etag
    part = answer.bytes
    taken = 0
    fetched = range.upperBound
  }
}
