import CCrypto

/// Hashes of bytes, by libcrypto.
enum Digest {
  /// The two algorithms, looked up once: libcrypto would do so at every call, under locks.
  ///
  /// `nonisolated(unsafe)`: never changed and never freed, and any thread may use what was fetched
  /// (OpenSSL manual, EVP_MD_fetch).
  nonisolated(unsafe) private static let sha256 = EVP_MD_fetch(nil, "SHA256", nil) ?? EVP_sha256()
  nonisolated(unsafe) private static let md5 = EVP_MD_fetch(nil, "MD5", nil) ?? EVP_md5()

  /// SHA-256, 32 bytes.
  static func sha256(_ bytes: some Sequence<UInt8>) -> [UInt8] { hash(Array(bytes), sha256) }

  /// MD5, 16 bytes: S3's ETag and Content-MD5. Tells accidents, not attacks.
  static func md5(_ bytes: some Sequence<UInt8>) -> [UInt8] { hash(Array(bytes), md5) }

  /// HMAC with SHA-256 (RFC 2104).
  static func hmac(_ bytes: some Sequence<UInt8>, key: [UInt8]) -> [UInt8] {
    let bytes = Array(bytes)
    var code = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    _ = HMAC(sha256, key, Int32(clamping: key.count), bytes, bytes.count, &code, &length)
    return Array(code.prefix(Int(length)))
  }

  private static func hash(_ bytes: [UInt8], _ kind: OpaquePointer?) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    _ = EVP_Digest(bytes, bytes.count, &digest, &length, kind, nil)
    return Array(digest.prefix(Int(length)))
  }
}

extension [UInt8] {
  /// Two lower-case digits a byte.
  var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(count * 2)
    for byte in self {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Base64 with padding (RFC 4648, section 4).
  var base64: String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: count, by: 3) {
      let group = self[start..<Swift.min(start + 3, count)]
      let bits = (0..<3).reduce(0) { bits, place in
        bits << 8 | (place < group.count ? Int(group[start + place]) : 0)
      }
      for place in 0..<4 {
        let digit = digits[bits >> (18 - 6 * place) & 63]
        text.append(place <= group.count ? digit : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
