/// The checksum that S3 keeps of an object, and what it says of the bytes that came (S3 User Guide,
/// "Checking object integrity"). Tells accidents, not attacks.
enum ObjectChecksum {
  /// Whether the bytes are those of the object; nil when the answer has no checksum of the whole.
  static func matches(_ response: HTTPResponse) -> Bool? {
    for (name, digest) in algorithms {
      // What ends in "-3" is one of three parts' checksums.
      guard let told = response[header: "x-amz-checksum-" + name], !told.contains("-") else {
        continue
      }
      return told == digest(response.body).base64
    }
    return nil
  }

  private typealias Algorithm = (name: String, digest: @Sendable ([UInt8]) -> [UInt8])
  private static let algorithms: [Algorithm] = [
    ("crc64nvme", { CyclicRedundancyCheck.crc64NVME.digest(of: $0) }),
    ("crc32c", { CyclicRedundancyCheck.crc32C.digest(of: $0) }),
    ("crc32", { CyclicRedundancyCheck.crc32.digest(of: $0) }),
    ("sha256", { Digest.sha256($0) }),
  ]
}

/// A cyclic redundancy check whose bits are reflected, and inverted before and after.
struct CyclicRedundancyCheck: Sendable {
  /// Of zlib and Ethernet.
  static let crc32 = CyclicRedundancyCheck(polynomial: 0xEDB8_8320, byteCount: 4)
  /// Castagnoli's.
  static let crc32C = CyclicRedundancyCheck(polynomial: 0x82F6_3B78, byteCount: 4)
  /// What S3 computes where nobody asks for another.
  static let crc64NVME = CyclicRedundancyCheck(polynomial: 0x9A6C_9329_AC4B_C9B5, byteCount: 8)

  private let table: [UInt64]
  private let byteCount: Int

  private init(polynomial: UInt64, byteCount: Int) {
    self.byteCount = byteCount
    table = (0..<256).map { byte in
      (0..<8).reduce(UInt64(byte)) { value, _ in
        value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1
      }
    }
  }

  /// The check of the bytes, the most significant byte first.
  func digest(of bytes: [UInt8]) -> [UInt8] {
    let ones = byteCount == 8 ? UInt64.max : UInt64(UInt32.max)
    let value = table.withUnsafeBufferPointer { table in
      bytes.reduce(ones) { value, byte in table[Int((value ^ UInt64(byte)) & 0xFF)] ^ value >> 8 }
    }
    return (0..<byteCount).reversed().map { UInt8(truncatingIfNeeded: (value ^ ones) >> ($0 * 8)) }
  }
}
