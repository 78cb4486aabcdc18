/// A place to browse: all buckets of the account, or what lies below a prefix of one.
public enum BucketPlace: Sendable, Hashable {
  /// All buckets.
  case account
  /// Objects whose keys begin with `prefix`, one level of slashes at a time.
  case folder(bucket: String, prefix: String)

  /// Reads `s3://`, `s3://bucket` or `s3://bucket/prefix`; the scheme may be left out. Nil when it is
  /// none of them.
  public init?(_ text: String) {
    let address = text.contains("://") ? text : "s3://" + text
    if address == "s3://" {
      self = .account
      return
    }
    guard
      case .s3(let bucket, let prefix)? = DataLocation(
        address, folder: "/", home: "/", bucket: nil)
    else { return nil }
    self = .folder(bucket: bucket, prefix: prefix)
  }

  /// `s3://bucket/prefix`.
  public var text: String {
    switch self {
    case .account: "s3://"
    case .folder(let bucket, let prefix): "s3://\(bucket)/\(prefix)"
    }
  }

  /// The place one level up; nil at the top.
  public var parent: BucketPlace? {
    guard case .folder(let bucket, let prefix) = self else { return nil }
    guard !prefix.isEmpty else { return .account }
    let names = prefix.utf8.last == UInt8(ascii: "/") ? prefix.utf8.dropLast() : prefix.utf8[...]
    let slash = names.lastIndex(of: UInt8(ascii: "/"))
    let rest = slash.map { names[...$0] } ?? names.prefix(0)
    return .folder(bucket: bucket, prefix: String(decoding: rest, as: UTF8.self))
  }

  /// How many bytes of the addresses of what lies there are the same for all.
  public var rootLength: Int {
    let bytes = text.utf8
    return bytes.lastIndex(of: UInt8(ascii: "/"))
      .map { bytes.distance(from: bytes.startIndex, to: $0) + 1 } ?? 0
  }
}

/// One thing that lies at a place.
public enum BucketEntry: Sendable, Equatable {
  /// A bucket.
  case bucket(String)
  /// Objects below a further slash, by their address: `s3://bucket/log_data/`.
  case folder(String)
  /// An object.
  case object(SourceObject)

  /// Its address.
  public var address: String {
    switch self {
    case .bucket(let name): "s3://\(name)/"
    case .folder(let address): address
    case .object(let object): object.path
    }
  }

  /// Whether a load leaves it out: a name that begins with `.` or `_`, or one of no JSON file.
  public var isLeftOut: Bool {
    switch self {
    case .bucket: false
    case .folder(let address):
      SourceName.isHidden(FileSystem.name(of: String(address.dropLast())))
    case .object(let object):
      SourceName.isHidden(FileSystem.name(of: object.path))
        || SourceName.compression(FileSystem.name(of: object.path)) == nil
    }
  }

  /// What is left of its address where the place is known.
  public func name(at place: BucketPlace) -> String {
    let length = if case .bucket = self { 5 } else { place.rootLength }
    return String(decoding: address.utf8.dropFirst(length), as: UTF8.self)
  }
}

/// A part of what lies at a place, in the byte order of the names.
public struct BucketPage: Sendable, Equatable {
  /// What lies there.
  public var entries: [BucketEntry]
  /// What the next part is asked with; nil after the last one.
  public var next: String?

  /// A page.
  public init(entries: [BucketEntry], next: String? = nil) {
    self.entries = entries
    self.next = next
  }
}

/// Looks around in buckets. Cancelling a task ends its call within about a second.
public struct BucketBrowser: Sendable {
  private let s3: S3Client

  /// Looks with the keys of `aws`, or without any.
  public init(_ aws: AWSClient) { s3 = S3Client(aws) }

  /// A page of what lies at a place: at most a thousand entries, or all buckets.
  ///
  /// - Parameter token: the `next` of the page before.
  public func page(
    of place: BucketPlace, after token: String? = nil
  ) async throws(WarehouseError) -> BucketPage {
    let cancellation = Cancellation()
    return try await onThread(cancellation) { () throws(WarehouseError) in
      guard case .folder(let bucket, let prefix) = place else {
        return BucketPage(entries: try s3.buckets(cancellation).map(BucketEntry.bucket))
      }
      let page = try s3.page(
        of: bucket, prefix: prefix, delimiter: "/", after: token, cancellation)
      let root = "s3://\(bucket)/"
      // Some tools write an empty object for the folder itself.
      let objects = page.objects.filter { $0.key != prefix || $0.size > 0 }.map { object in
        BucketEntry.object(
          SourceObject(
            path: root + object.key, size: object.size, modified: object.modified,
            compression: S3Store.compression(of: object.key)))
      }
      let entries = page.folders.map { BucketEntry.folder(root + $0) } + objects
      return BucketPage(
        entries: entries.sorted { $0.address.utf8.lexicographicallyPrecedes($1.address.utf8) },
        next: page.next)
    }
  }

  /// Records of an object, those included that are broken: at most `limit` after the first
  /// `skipped`. As much of the object is fetched as that takes.
  public func records(
    of object: SourceObject, skipping skipped: Int, limit: Int
  ) async throws(WarehouseError) -> [SampledRecord] {
    guard case .s3(let bucket, _)? = DataLocation(s3: object.path) else { return [] }
    let cancellation = Cancellation()
    return try await onThread(cancellation) { () throws(WarehouseError) in
      try S3Store(s3, bucket: bucket, prefix: "", isForLooking: true).sample(
        object, skipping: skipped, limit: limit, cancellation: cancellation)
    }
  }
}

extension AWSSettings {
  /// The same, without keys: only what is open to everybody answers.
  public var unsigned: AWSSettings {
    var other = self
    other.isAnonymous = true
    return other
  }
}
