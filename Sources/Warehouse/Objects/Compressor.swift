import CZlib
import CZstd

/// Compresses bytes into one archive. The same bytes give the same archive, however they are cut.
protocol Compressor: AnyObject {
  /// Takes of `input` what it can and writes into `output` what it has.
  ///
  /// - Parameter isLast: whether nothing follows `input`.
  /// - Returns: the bytes taken and written, and whether the archive is whole.
  func compress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, isLast: Bool
  ) throws(WarehouseError) -> (taken: Int, written: Int, isDone: Bool)
}

/// gzip, one member (RFC 1952), at the gzip program's own level, without name and time.
final class GzipCompressor: Compressor {
  /// On the heap: zlib remembers where it lies, and refuses a copy.
  private let zlib: UnsafeMutablePointer<z_stream>

  /// - Throws: `.system` when there is no memory for zlib.
  init() throws(WarehouseError) {
    zlib = .allocate(capacity: 1)
    zlib.initialize(to: z_stream())
    // 15 bits of window, and 16 that stand for "gzip" (zlib.h, deflateInit2).
    let status = deflateInit2_(
      zlib, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      zlib.deallocate()
      throw WarehouseError(.system, "could not compress", detail: "zlib status \(status)")
    }
  }

  deinit {
    deflateEnd(zlib)
    zlib.deallocate()
  }

  func compress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, isLast: Bool
  ) throws(WarehouseError) -> (taken: Int, written: Int, isDone: Bool) {
    let given = UInt32(clamping: input.count)
    let room = UInt32(clamping: output.count)
    // zlib takes its input as mutable and changes none of it.
    zlib.pointee.next_in = UnsafeMutablePointer(
      mutating: input.assumingMemoryBound(to: UInt8.self).baseAddress)
    zlib.pointee.avail_in = given
    zlib.pointee.next_out = output.assumingMemoryBound(to: UInt8.self).baseAddress
    zlib.pointee.avail_out = room
    let status = deflate(zlib, isLast ? Z_FINISH : Z_NO_FLUSH)
    guard status == Z_OK || status == Z_BUF_ERROR || status == Z_STREAM_END else {
      throw WarehouseError(.system, "could not compress", detail: "zlib status \(status)")
    }
    return (
      Int(given - zlib.pointee.avail_in), Int(room - zlib.pointee.avail_out),
      status == Z_STREAM_END
    )
  }
}

/// Zstandard, one frame with a checksum (RFC 8878), at the zstd program's own level.
final class ZstdCompressor: Compressor {
  private let context: OpaquePointer

  /// - Throws: `.system` when there is no memory for it.
  init() throws(WarehouseError) {
    guard let context = ZSTD_createCCtx() else {
      throw WarehouseError(.system, "could not compress", detail: "out of memory")
    }
    self.context = context
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, ZSTD_CLEVEL_DEFAULT)
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
  }

  deinit { ZSTD_freeCCtx(context) }

  func compress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, isLast: Bool
  ) throws(WarehouseError) -> (taken: Int, written: Int, isDone: Bool) {
    var inBuffer = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var outBuffer = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let status = ZSTD_compressStream2(
      context, &outBuffer, &inBuffer, isLast ? ZSTD_e_end : ZSTD_e_continue)
    guard ZSTD_isError(status) == 0 else {
      throw WarehouseError(
        .system, "could not compress", detail: String(cString: ZSTD_getErrorName(status)))
    }
    return (inBuffer.pos, outBuffer.pos, isLast && status == 0)
  }
}

extension RestageCompression {
  /// A compressor of this kind.
  func compressor() throws(WarehouseError) -> any Compressor {
    switch self {
    case .gzip: try GzipCompressor()
    case .zstd: try ZstdCompressor()
    }
  }
}
