import CZlib

/// The content of a gzip file, all its members one after the other (RFC 1952, section 2.2).
final class GzipStream: ByteStream {
  private let source: any ByteStream
  private let input = CompressedInput()
  /// On the heap: zlib remembers where it lies, and refuses a copy.
  private let zlib: UnsafeMutablePointer<z_stream>
  private var isBetweenMembers = true
  private var hasMember = false
  /// Whether zlib may hold output that did not fit.
  private var isOutputFull = false
  private(set) var damage: String?

  var consumedBytes: Int { source.consumedBytes - input.count }

  /// - Throws: `.system` when there is no memory for zlib.
  init(_ source: any ByteStream) throws(WarehouseError) {
    self.source = source
    zlib = .allocate(capacity: 1)
    zlib.initialize(to: z_stream())
    // 15 bits of window, and 16 that stand for "gzip" (zlib.h, inflateInit2).
    let status = inflateInit2_(zlib, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      zlib.deallocate()
      throw WarehouseError(.system, "could not decompress", detail: "zlib status \(status)")
    }
  }

  deinit {
    inflateEnd(zlib)
    zlib.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(WarehouseError) -> Int {
    guard let output = buffer.bindMemory(to: UInt8.self).baseAddress else { return 0 }
    while damage == nil {
      if input.count == 0 && !isOutputFull, try !input.fill(from: source) {
        if !isBetweenMembers { damage = "the gzip archive ends early" }
        return 0
      }
      if isBetweenMembers && !beginMember() { continue }
      let written = inflateNext(output, min(buffer.count, 1 << 30))
      if written > 0 { return written }
    }
    return 0
  }

  /// Whether a member begins here. Zeros after a member are padding, as the gzip program has it.
  private func beginMember() -> Bool {
    if hasMember {
      while input.first == 0 { input.drop(1) }
      guard let first = input.first else { return false }
      guard first == 0x1f else {
        damage = "something else follows the gzip archive"
        return false
      }
    }
    hasMember = true
    isBetweenMembers = false
    return inflateReset(zlib) == Z_OK
  }

  private func inflateNext(_ output: UnsafeMutablePointer<UInt8>, _ capacity: Int) -> Int {
    zlib.pointee.next_in = input.start
    zlib.pointee.avail_in = UInt32(input.count)
    zlib.pointee.next_out = output
    zlib.pointee.avail_out = UInt32(capacity)
    let status = inflate(zlib, Z_NO_FLUSH)
    input.drop(input.count - Int(zlib.pointee.avail_in))
    isOutputFull = status == Z_OK && zlib.pointee.avail_out == 0
    switch status {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: isBetweenMembers = true
    default:
      damage = "the gzip archive could not be decompressed"
      if let message = zlib.pointee.msg { damage? += ": " + String(cString: message) }
    }
    return capacity - Int(zlib.pointee.avail_out)
  }
}
