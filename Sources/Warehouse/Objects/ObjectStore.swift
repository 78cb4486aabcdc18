/// Where source files lie: a folder, one file, or a bucket.
///
/// All calls block; call them on a thread that may. All may be called from any thread.
public protocol ObjectStore: Sendable {
  /// What lies there, in the byte order of the paths.
  ///
  /// - Throws: `.input` when it is not there or cannot be read; `.cancelled`.
  func list(_ cancellation: Cancellation) throws(WarehouseError) -> ObjectListing

  /// The bytes of one listed object as they lie in the store, from the first to the last.
  ///
  /// - Throws: `.input` when it is gone or cannot be read.
  func open(_ object: SourceObject) throws(WarehouseError) -> any ByteStream

  /// The bytes of one listed object from `offset` on, for looking at a part of it.
  ///
  /// - Throws: `.input` when it is gone or cannot be read.
  func open(_ object: SourceObject, at offset: Int) throws(WarehouseError) -> any ByteStream

  /// The same, for reads that may take long: `cancellation` ends one that is under way.
  func open(
    _ object: SourceObject, at offset: Int, _ cancellation: Cancellation
  ) throws(WarehouseError) -> any ByteStream

  /// How many objects to read side by side; nil leaves it to what the objects are like.
  var preferredReaders: Int? { get }
}

extension ObjectStore {
  /// Reads to the offset: for stores that cannot begin in the middle.
  public func open(
    _ object: SourceObject, at offset: Int
  ) throws(WarehouseError) -> any ByteStream {
    let stream = try open(object)
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    defer { chunk.deallocate() }
    var left = offset
    while left > 0 {
      let room = UnsafeMutableRawBufferPointer(rebasing: chunk.prefix(left))
      let count = try stream.read(into: room)
      if count == 0 { break }
      left -= count
    }
    return stream
  }

  /// Files on a disk are read before anybody could end that.
  public func open(
    _ object: SourceObject, at offset: Int, _ cancellation: Cancellation
  ) throws(WarehouseError) -> any ByteStream {
    offset == 0 ? try open(object) : try open(object, at: offset)
  }

  /// As the objects' sizes suggest.
  public var preferredReaders: Int? { nil }

  /// The content of one listed object: decompressed when it is compressed.
  func openContent(
    _ object: SourceObject, _ cancellation: Cancellation
  ) throws(WarehouseError) -> any ByteStream {
    let stream = try open(object, at: 0, cancellation)
    return switch object.compression {
    case .none: stream
    case .gzip: try GzipStream(stream)
    case .zstd: try ZstdStream(stream)
    }
  }
}

/// Bytes that are read once, from the first to the last, by one thread at a time.
public protocol ByteStream: AnyObject {
  /// Reads the next bytes into `buffer`, which is not empty. Blocks.
  ///
  /// - Returns: how many were read; 0 at the end, and there alone.
  /// - Throws: `.input` when the bytes cannot be had.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(WarehouseError) -> Int

  /// Why the bytes ended before their time; nil while nothing is wrong with them.
  var damage: String? { get }

  /// How many bytes of the store were used up so far.
  var consumedBytes: Int { get }
}

extension ByteStream {
  /// Bytes that are read as they lie have nothing in them that could be damaged.
  public var damage: String? { nil }
}

/// How a file is compressed, as its name says.
public enum Compression: UInt8, Sendable, CaseIterable {
  /// Not at all.
  case none
  /// gzip: one member or several.
  case gzip
  /// Zstandard: one frame or several.
  case zstd
}

/// One file of a source.
public struct SourceObject: Sendable, Equatable {
  /// The path or key under which it is listed.
  public var path: String
  /// Its size in the store, in bytes.
  public var size: Int
  /// When it was last changed.
  public var modified: Timestamp
  /// How it is compressed.
  public var compression: Compression

  /// A file of a source.
  public init(path: String, size: Int, modified: Timestamp, compression: Compression) {
    self.path = path
    self.size = size
    self.modified = modified
    self.compression = compression
  }
}
