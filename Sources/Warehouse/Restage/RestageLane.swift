/// The bytes of one output file: the chunks that come its way, compressed.
final class RestageLane: ByteStream {
  private let core: RestageCore
  private let lane: Int
  private let compressor: any Compressor
  private var chunk: RestageChunk?
  /// Bytes of the chunk that the compressor has.
  private var taken = 0
  private var hasAll = false
  private var isDone = false
  /// Compressed bytes so far.
  private(set) var written = 0

  init(_ core: RestageCore, _ lane: Int, _ compression: RestageCompression) throws(WarehouseError) {
    self.core = core
    self.lane = lane
    compressor = try compression.compressor()
  }

  var consumedBytes: Int { written }

  /// Fills the buffer, unless the file ends before.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(WarehouseError) -> Int {
    var filled = 0
    while filled < buffer.count && !isDone {
      if chunk == nil && !hasAll { try next() }
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      filled += try compress(into: room)
    }
    written += filled
    return filled
  }

  private func next() throws(WarehouseError) {
    chunk = try core.take(lane: lane)
    taken = 0
    hasAll = chunk == nil
  }

  private func compress(into room: UnsafeMutableRawBufferPointer) throws(WarehouseError) -> Int {
    let step = (chunk?.bytes ?? []).withUnsafeBytes { bytes in
      Result { () throws(WarehouseError) in
        try compressor.compress(
          UnsafeRawBufferPointer(rebasing: bytes[taken...]), into: room, isLast: hasAll)
      }
    }
    let (count, written, isDone) = try step.get()
    taken += count
    self.isDone = isDone
    if let whole = chunk, taken == whole.bytes.count {
      core.giveBack(whole)
      chunk = nil
    }
    return written
  }
}
