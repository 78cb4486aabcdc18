/// The bytes of an archive that were read and not yet decompressed.
final class CompressedInput {
  private let buffer: UnsafeMutableRawBufferPointer
  private var offset = 0
  /// How many there are.
  private(set) var count = 0

  init() { buffer = .allocate(byteCount: 64 << 10, alignment: 16) }

  deinit { buffer.deallocate() }

  /// The first of them; nil when there is none.
  var first: UInt8? { count > 0 ? buffer[offset] : nil }

  /// Where they begin.
  var start: UnsafeMutablePointer<UInt8>? {
    buffer.baseAddress?.advanced(by: offset).assumingMemoryBound(to: UInt8.self)
  }

  /// Forgets the first ones.
  func drop(_ number: Int) {
    let number = min(number, count)
    offset += number
    count -= number
  }

  /// Reads more once all are used up; false at the end.
  func fill(from source: any ByteStream) throws(WarehouseError) -> Bool {
    offset = 0
    count = try source.read(into: buffer)
    return count > 0
  }
}
