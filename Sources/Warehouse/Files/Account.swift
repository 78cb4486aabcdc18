import Glibc

/// Who runs the program, and where.
enum Account {
  /// `user@host`; the number of the user when it has no name.
  static var current: String {
    var name = "\(geteuid())"
    if let entry = getpwuid(geteuid()), let text = entry.pointee.pw_name {
      name = String(cString: text)
    }
    var host = [CChar](repeating: 0, count: 256)
    guard gethostname(&host, host.count - 1) == 0 else { return name }
    let bytes = host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return name + "@" + String(decoding: bytes, as: UTF8.self)
  }
}
