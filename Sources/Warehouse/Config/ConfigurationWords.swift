/// How a connection is protected: libpq's `sslmode`.
public enum SSLMode: String, Sendable, CaseIterable {
  /// Never encrypted.
  case disable
  /// Encrypted only when the server insists.
  case allow
  /// Encrypted when the server can.
  case prefer
  /// Encrypted, whoever the server is.
  case require
  /// Encrypted, with a certificate that an authority signed.
  case verifyCA = "verify-ca"
  /// Encrypted, with a certificate for this very host.
  case verifyFull = "verify-full"
}

/// Which colours the console uses.
public enum ConsoleTheme: String, Sendable, CaseIterable {
  /// As the terminal says.
  case auto
  /// For a light background.
  case light
  /// For a dark background.
  case dark
}

/// A choice that can be left to the program.
public enum AutomaticChoice: String, Sendable, CaseIterable {
  /// As the surroundings ask for.
  case auto
  /// Always.
  case on
  /// Never.
  case off
}

/// Where a Redshift password comes from.
public enum LoginKind: String, Sendable, CaseIterable {
  /// From the operator: `DB_PASSWORD`.
  case password
  /// It is made with the cluster and written into `dwh_local.cfg`.
  case generated
  /// There is none: AWS gives out temporary ones at each connection.
  case temporary
}

/// One node or several.
public enum ClusterType: String, Sendable, CaseIterable {
  /// A leader and compute nodes.
  case multiNode = "multi-node"
  /// One node that does both.
  case singleNode = "single-node"
}

/// The words for yes and no.
enum OnOff {
  static let words = ["on", "off", "yes", "no", "true", "false"]

  /// What a word means; nil when it is none of them.
  static func value(of word: String) -> Bool? {
    switch word.lowercased() {
    case "on", "yes", "true", "1": true
    case "off", "no", "false", "0": false
    default: nil
    }
  }
}

/// A number of bytes as people write it: `16777216`, `16 MiB`, `16MB`, `64 KiB`.
struct ByteSize: Equatable {
  let bytes: Int

  /// Nil when `text` is no size, or one that no machine has.
  init?(_ text: String) {
    let scalars = text.unicodeScalars
    let digits = scalars.prefix { ("0"..."9").contains($0) }
    let unit = Array(scalars.dropFirst(digits.count)).trimmed.text.lowercased()
    guard let number = Int(String(digits)), let factor = Self.units[unit] else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
    guard !overflow else { return nil }
    self.bytes = bytes
  }

  private static let units = [
    "": 1, "b": 1, "bytes": 1,
    "kb": 1_000, "kib": 1 << 10, "k": 1 << 10,
    "mb": 1_000_000, "mib": 1 << 20, "m": 1 << 20,
    "gb": 1_000_000_000, "gib": 1 << 30, "g": 1 << 30,
  ]
}

/// The shapes of names that AWS gives.
enum AWSRegion {
  /// `us-west-2`, `us-gov-east-1`: words of letters, then a number.
  static func isRegion(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 3, let last = parts.last, Int(last) != nil else { return false }
    return parts.dropLast().allSatisfy { part in
      part.count >= 2 && part.utf8.allSatisfy { (0x61...0x7A).contains($0) }
    }
  }

  /// `dc2.large`, `ra3.xlplus`: letters and a digit, a dot, a size.
  static func isNodeType(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let family = parts.first, let size = parts.last else { return false }
    return family.utf8.last.map { (0x30...0x39).contains($0) } == true
      && family.utf8.first.map { (0x61...0x7A).contains($0) } == true && size.count >= 4
      && (family + size).utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0)
      }
  }
}
