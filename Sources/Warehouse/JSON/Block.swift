import CSimdJSON
import Glibc

/// A part of one file's content that lies in a block, and where in the file it is.
struct Piece {
  /// What a piece is.
  enum Kind {
    /// Whole records.
    case records
    /// The beginning of one record that is longer than allowed; the rest of it was skipped.
    case oversized
  }

  var kind = Kind.records
  /// The file's place in the listing, from 0.
  var file: Int
  /// Where the piece begins in the block, in bytes.
  var start: Int
  /// How long it is, in bytes.
  var count: Int
  /// The line of the file on which it begins, from 1.
  var line: Int
  /// The byte of the file's content at which it begins, from 0.
  var byteOffset: Int
  /// Where reading stands between two records at its start.
  var between: json_between
  /// Whether the file ends with it.
  var endsFile = false
  /// Why the file's content ended before its time.
  var damage: String?
  /// The bytes of the store that it stands for.
  var storedBytes = 0
}

/// Text of one file or many, in memory that goes round between the threads that read and those
/// that encode.
///
/// `@unchecked`: a block has one owner at a time. The pool hands it over under its lock.
final class Block: @unchecked Sendable {
  private(set) var base: UnsafeMutableRawPointer
  /// Bytes that fit. `json_padding` more can be read, as simdjson looks ahead.
  private(set) var capacity: Int
  /// Bytes that are there.
  var count = 0
  /// What they are.
  var pieces: [Piece] = []
  /// Whether it was made larger than blocks are, for one long record.
  var isGrown = false

  /// - Throws: `.system` when there is no memory for it.
  init(capacity: Int) throws(WarehouseError) {
    self.capacity = capacity
    guard let memory = malloc(capacity + Int(json_padding)) else { throw Block.outOfMemory }
    base = memory
    memset(base + capacity, 0, Int(json_padding))
  }

  deinit { free(base) }

  private static let outOfMemory = WarehouseError(
    .system, "could not read on", detail: String(cString: strerror(ENOMEM)),
    hint: "Make MAX_RECORD_BYTES smaller, or give the program more memory.")

  /// The room that is left.
  var room: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: base + count, count: capacity - count)
  }

  /// The byte at `offset`, for the C functions.
  func text(at offset: Int) -> UnsafePointer<UInt8> {
    UnsafePointer((base + offset).assumingMemoryBound(to: UInt8.self))
  }

  /// Makes it hold `newCapacity` bytes; the text stays. Large blocks are moved by the system, page by
  /// page, so that none is there twice.
  ///
  /// - Throws: `.system` when there is no memory for it.
  func resize(to newCapacity: Int) throws(WarehouseError) {
    guard let memory = realloc(base, newCapacity + Int(json_padding)) else {
      throw Block.outOfMemory
    }
    base = memory
    capacity = newCapacity
    count = min(count, newCapacity)
    memset(base + capacity, 0, Int(json_padding))
  }

  /// Appends bytes of another block. The caller made sure that they fit.
  func append(_ other: Block, from start: Int, count length: Int) {
    precondition(length <= capacity - count)
    (base + count).copyMemory(from: other.base + start, byteCount: length)
    count += length
  }
}
