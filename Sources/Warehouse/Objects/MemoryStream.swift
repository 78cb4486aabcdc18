/// Bytes in memory, read once from their beginning.
final class MemoryStream: ByteStream {
  private let bytes: [UInt8]
  private(set) var consumedBytes = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(WarehouseError) -> Int {
    let count = min(buffer.count, bytes.count - consumedBytes)
    buffer.copyBytes(from: bytes[consumedBytes..<consumedBytes + count])
    consumedBytes += count
    return count
  }
}
