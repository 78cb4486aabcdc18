import Glibc

/// Rows in PostgreSQL's binary COPY format (documentation, COPY, "Binary Format"), in memory of a
/// fixed size that goes round.
///
/// Nothing here looks at the bounds in release builds: who writes a row makes sure beforehand that
/// `largestRow` bytes fit.
struct RowBuffer: ~Copyable {
  private let base: UnsafeMutableRawPointer
  private let capacity: Int
  /// Bytes that are there.
  private(set) var count = 0

  /// Room for `batch` bytes, and one row of `largestRow` bytes that begins just before them.
  init(batch: Int, largestRow: Int) {
    capacity = batch + largestRow + 32
    base = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit { base.deallocate() }

  /// The signature, no flags, no extension.
  mutating func appendHeader() {
    // "PGCOPY", newline, 255, carriage return, newline, 0.
    for byte in [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0] as [UInt8] {
      append(byte)
    }
    append(Int32(0))
    append(Int32(0))
  }

  /// The mark after the last row.
  mutating func appendTrailer() { append(Int16(-1)) }

  /// A number, its highest byte first.
  @inline(__always)
  mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    assert(count + MemoryLayout<Number>.size <= capacity)
    base.storeBytes(of: number.bigEndian, toByteOffset: count, as: Number.self)
    count += MemoryLayout<Number>.size
  }

  /// A field that is NULL.
  @inline(__always)
  mutating func appendNull() { append(Int32(-1)) }

  /// A field of fixed width.
  @inline(__always)
  mutating func appendField<Number: FixedWidthInteger>(_ number: Number) {
    append(Int32(MemoryLayout<Number>.size))
    append(number)
  }

  /// A field of text, whose length fits 32 bits.
  @inline(__always)
  mutating func appendField(_ text: UnsafePointer<UInt8>, _ length: Int) {
    assert(count + 4 + length <= capacity)
    append(Int32(truncatingIfNeeded: length))
    memcpy(base + count, text, length)
    count += length
  }

  /// Takes back what was written after the first `length` bytes.
  mutating func cut(to length: Int) { count = min(count, length) }

  /// Moves everything to the end of `buffer`.
  mutating func move(to buffer: inout [UInt8]) {
    buffer.append(contentsOf: UnsafeRawBufferPointer(start: base, count: count))
    count = 0
  }
}
