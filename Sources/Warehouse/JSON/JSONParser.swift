import CSimdJSON

/// Reads the members of one record after the other, with memory that it keeps.
struct JSONParser: ~Copyable {
  private let reader: OpaquePointer?
  private let members: UnsafeMutablePointer<json_member>
  /// Members that are read at a time.
  private static let capacity = 64

  private var text: UnsafePointer<UInt8>?
  private var length = 0
  private var count = 0

  /// A parser of records of at most `maxRecordBytes`.
  init(maxRecordBytes: Int) {
    reader = json_reader_create(maxRecordBytes)
    members = .allocate(capacity: JSONParser.capacity)
  }

  deinit {
    json_reader_free(reader)
    members.deallocate()
  }

  /// Reads the record that `text` is, all of it. `json_padding` bytes after it must be readable.
  ///
  /// - Returns: nil when it is a whole object, or why it is none. After nil, `forEachBatch` has its
  ///   members, for as long as the text is there.
  mutating func read(_ text: UnsafePointer<UInt8>, _ length: Int) -> json_failure? {
    guard let reader else { return JSON_OUT_OF_MEMORY }
    var result = json_reader_read(reader, text, length, members, JSONParser.capacity)
    self.text = text
    self.length = length
    count = result
    // Only the last batch tells whether the record is whole, so look at all of them first.
    while result == JSONParser.capacity {
      result = json_reader_read_on(reader, members, JSONParser.capacity)
    }
    return result < 0 ? json_failure(Int32(result)) : nil
  }

  /// The same without its members: `forEachBatch` has none.
  mutating func check(_ text: UnsafePointer<UInt8>, _ length: Int) -> json_failure? {
    guard let reader else { return JSON_OUT_OF_MEMORY }
    count = 0
    let result = json_reader_check(reader, text, length)
    return result < 0 ? json_failure(Int32(result)) : nil
  }

  /// Hands on the members of the record that was read last, some at a time.
  @inline(__always)
  mutating func forEachBatch(_ body: (UnsafeBufferPointer<json_member>) -> Void) {
    if count == JSONParser.capacity {
      forEachOfMany(body)
    } else {
      body(UnsafeBufferPointer(start: members, count: max(0, count)))
    }
  }

  /// A record with so many members was read to its end already, and is read again.
  private mutating func forEachOfMany(_ body: (UnsafeBufferPointer<json_member>) -> Void) {
    guard let reader, let text else { return }
    var result = json_reader_read(reader, text, length, members, JSONParser.capacity)
    while result > 0 {
      body(UnsafeBufferPointer(start: members, count: result))
      guard result == JSONParser.capacity else { return }
      result = json_reader_read_on(reader, members, JSONParser.capacity)
    }
  }
}
