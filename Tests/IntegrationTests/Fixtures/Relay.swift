import Glibc

@testable import Warehouse

/// A TCP port on the loopback that passes on to a server's Unix socket, until the network is cut:
/// from then on nothing comes through in either direction, and nobody hears of it.
final class Relay: Sendable {
  let port: Int
  private let listener: MuteListener
  private let target: String
  private let monitor = Monitor(State())

  private struct State {
    var sockets: [Int32] = []
    var bytesToServer = 0
    var limit = Int.max
    var isCut = false
    var isClosed = false
  }

  /// A relay to the server behind `settings`, which name a socket's folder.
  init(to settings: ConnectionSettings) throws {
    listener = try MuteListener()
    port = listener.port
    target = "\(settings.host ?? "")/.s.PGSQL.\(settings.port ?? 5432)"
    // Small, so that a sender soon finds no room.
    var size: Int32 = 32 << 10
    setsockopt(
      listener.descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    guard Threads.start({ [self] in accept() }) else {
      throw WarehouseError(.system, "no thread for a relay")
    }
  }

  /// The settings with the way through the relay.
  func settings(of direct: ConnectionSettings) -> ConnectionSettings {
    var settings = direct
    (settings.host, settings.port) = ("127.0.0.1", port)
    return settings
  }

  /// Lets nothing through any more.
  func cut() { monitor.change { $0.isCut = true } }

  /// Cuts once so many bytes more went to the server.
  func cut(afterBytes count: Int) {
    monitor.change { $0.limit = $0.bytesToServer + count }
  }

  /// Whether it is cut.
  var isCut: Bool { monitor.look { $0.isCut } }

  /// Hangs up at both ends of every connection.
  func close() {
    monitor.change { state in
      state.isClosed = true
      for socket in state.sockets { shutdown(socket, Int32(SHUT_RDWR)) }
    }
    shutdown(listener.descriptor, Int32(SHUT_RDWR))
  }

  private func accept() {
    while true {
      let client = Glibc.accept(listener.descriptor, nil, nil)
      guard client >= 0 else { return }
      guard let server = connect() else {
        Glibc.close(client)
        continue
      }
      monitor.change { $0.sockets += [client, server] }
      _ = Threads.start { [self] in pass(from: client, to: server, counts: true) }
      _ = Threads.start { [self] in pass(from: server, to: client, counts: false) }
    }
  }

  private func connect() -> Int32? {
    let socket = Glibc.socket(
      AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: target.utf8) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(socket, $0, length) == 0
      }
    }
    if isConnected { return socket }
    Glibc.close(socket)
    return nil
  }

  /// Descriptors stay open to the end of the tests: their numbers are never another's.
  private func pass(from source: Int32, to sink: Int32, counts: Bool) {
    var bytes = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = read(source, &bytes, bytes.count)
      monitor.change { state in
        if counts { state.bytesToServer += max(0, count) }
        if state.bytesToServer > state.limit { state.isCut = true }
      }
      let isOpen = monitor.wait { state -> Bool? in
        state.isClosed ? false : state.isCut ? nil : true
      }
      guard isOpen, count > 0 else { break }
      var rest = bytes[..<count]
      while !rest.isEmpty {
        let written = rest.withUnsafeBytes {
          send(sink, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard written > 0 else { return }
        rest = rest.dropFirst(written)
      }
    }
    shutdown(sink, Int32(SHUT_WR))
  }
}
