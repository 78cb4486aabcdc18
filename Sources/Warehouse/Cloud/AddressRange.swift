import Glibc

/// Addresses that begin alike: `203.0.113.0/24`, `2001:db8::/32`.
struct AddressRange: Equatable {
  private let bytes: [UInt8]
  private let bits: Int

  /// An address alone is a range of one. Nil when `text` is none.
  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let first = parts.first, parts.count <= 2, let bytes = Self.bytes(String(first)) else {
      return nil
    }
    let all = bytes.count * 8
    let bits = parts.count == 2 ? Int(parts[1]) : all
    guard let bits, (0...all).contains(bits) else { return nil }
    self.bytes = bytes
    self.bits = bits
  }

  private static func bytes(_ address: String) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, address, &bytes) == 1 { return Array(bytes.prefix(4)) }
    return inet_pton(AF_INET6, address, &bytes) == 1 ? bytes : nil
  }

  /// Whether all of the other range lies in this one.
  func contains(_ other: AddressRange) -> Bool {
    guard bytes.count == other.bytes.count, bits <= other.bits else { return false }
    return (0..<bits).allSatisfy { bit in
      let mask = UInt8(0x80) >> UInt8(bit % 8)
      return bytes[bit / 8] & mask == other.bytes[bit / 8] & mask
    }
  }
}
