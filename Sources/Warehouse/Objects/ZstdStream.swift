import CZstd

/// The content of a Zstandard file, all its frames one after the other (RFC 8878, section 3.1).
final class ZstdStream: ByteStream {
  private let source: any ByteStream
  private let input = CompressedInput()
  private let context: OpaquePointer
  private var isInsideFrame = false
  private var mayHoldOutput = false
  private(set) var damage: String?

  /// Two to this power is the memory that one archive may ask for: 8 MiB, which RFC 8878 (section
  /// 3.1.1.1.2) recommends, and which `zstd -19` keeps to.
  private static let windowLog: Int32 = 23

  var consumedBytes: Int { source.consumedBytes - input.count }

  /// - Throws: `.system` when there is no memory for it.
  init(_ source: any ByteStream) throws(WarehouseError) {
    self.source = source
    guard let context = ZSTD_createDCtx() else {
      throw WarehouseError(.system, "could not decompress", detail: "out of memory")
    }
    self.context = context
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, ZstdStream.windowLog)
  }

  deinit { ZSTD_freeDCtx(context) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(WarehouseError) -> Int {
    while damage == nil {
      if input.count == 0 && !mayHoldOutput, try !input.fill(from: source) {
        if isInsideFrame { damage = "the zstd archive ends early" }
        return 0
      }
      let written = decompressNext(buffer)
      if written > 0 { return written }
    }
    return 0
  }

  private func decompressNext(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    var inBuffer = ZSTD_inBuffer(src: input.start, size: input.count, pos: 0)
    var outBuffer = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
    let status = ZSTD_decompressStream(context, &outBuffer, &inBuffer)
    input.drop(inBuffer.pos)
    guard ZSTD_isError(status) == 0 else {
      damage =
        "the zstd archive could not be decompressed: " + String(cString: ZSTD_getErrorName(status))
      return outBuffer.pos
    }
    isInsideFrame = status > 0
    mayHoldOutput = status > 0 && outBuffer.pos == outBuffer.size
    return outBuffer.pos
  }
}
