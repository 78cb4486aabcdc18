import Glibc

/// Records on their way from a source file into an output file, one a line.
struct RestageChunk: Sendable {
  /// The lines.
  var bytes: [UInt8]
  /// How many they are.
  var records = 0
  /// What was no record, in the order in which it was found.
  var rejects: [Reject] = []

  /// About how many bytes of memory it takes. What a reject tells of its record is cut.
  var weight: Int { bytes.count + rejects.count << 12 }

  /// Nothing, in the memory of `buffer`, which nobody else has.
  init(reusing buffer: consuming [UInt8]) {
    bytes = buffer
    bytes.removeAll(keepingCapacity: true)
  }

  /// Adds a record as it stands, but on one line: line breaks, and the blanks that follow them, are
  /// left out. In valid JSON they stand between tokens only (RFC 8259, section 7).
  mutating func append(_ record: UnsafeBufferPointer<UInt8>) {
    records += 1
    defer { bytes.append(0x0A) }
    guard let start = record.baseAddress else { return }
    let isOneLine =
      memchr(start, 0x0A, record.count) == nil && memchr(start, 0x0D, record.count) == nil
    if isOneLine { return bytes.append(contentsOf: record) }
    var rest = record[...]
    while let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
      bytes.append(contentsOf: rest[..<end])
      rest = rest[end...].drop { $0 == 0x0A || $0 == 0x0D || $0 == 0x20 || $0 == 0x09 }
    }
    bytes.append(contentsOf: rest)
  }
}
