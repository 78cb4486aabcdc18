import Glibc

@testable import Warehouse

/// A TCP socket on the loopback that listens and never answers.
final class MuteListener: Sendable {
  let descriptor: Int32
  let port: Int

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && listen(descriptor, 4) == 0
          && getsockname(descriptor, address, &length) == 0
      }
    }
    guard isListening else { throw FileSystem.failure("could not listen on", "127.0.0.1") }
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(descriptor) }

  /// A port that nobody listens on, most likely: it was free a moment ago.
  static func freePort() throws -> Int { try MuteListener().port }

  /// Whether the one who connected has hung up: everything it sent is read, and then the end.
  func peerHungUp() -> Bool {
    let peer = accept(descriptor, nil, nil)
    defer { close(peer) }
    var bytes = [UInt8](repeating: 0, count: 1024)
    while true {
      let count = read(peer, &bytes, bytes.count)
      if count <= 0 { return count == 0 }
    }
  }
}
