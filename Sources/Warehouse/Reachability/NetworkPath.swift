import Glibc

/// The way to a host below the database's own protocol: its name, and its port.
struct NetworkPath: Sendable {
  private let settings: ConnectionSettings
  /// How long one address may take.
  private let patience: Int32 = 5000

  init(_ settings: ConnectionSettings) { self.settings = settings }

  /// Resolves the name and connects to the port. Blocking work, on a thread of its own.
  func check() async -> [ReachabilityStep] {
    guard let host = settings.host, !host.isEmpty, !host.hasPrefix("/") else {
      return [
        .skipped("name", settings.service.map { "from the service \($0)" } ?? "a Unix socket"),
        .skipped("TCP", "not needed"),
      ]
    }
    let cancellation = Cancellation()
    let steps = try? await onThread(cancellation) { () throws(WarehouseError) in
      check(host, port: settings.port ?? 5432)
    }
    return steps ?? []
  }

  private func check(_ host: String, port: Int) -> [ReachabilityStep] {
    let start = ContinuousClock.now
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, String(port), &hints, &found)
    let duration = ContinuousClock.now - start
    guard status == 0, let first = found else {
      return [
        ReachabilityStep(
          name: "name", outcome: .failed,
          detail: "\(host): \(String(cString: gai_strerror(status)))",
          remedy: "Check HOST for a typing error, and the network's name server.",
          duration: duration),
        .skipped("TCP"),
      ]
    }
    defer { freeaddrinfo(first) }
    let addresses = Array(sequence(first: first) { $0.pointee.ai_next })
    let names = addresses.compactMap(Self.text)
    let name = ReachabilityStep(
      name: "name", outcome: .passed, detail: "\(host) is \(names.joined(separator: ", "))",
      duration: duration)
    return [name, connect(addresses, host, port)]
  }

  private func connect(
    _ addresses: [UnsafeMutablePointer<addrinfo>], _ host: String, _ port: Int
  ) -> ReachabilityStep {
    let start = ContinuousClock.now
    var failure: Int32 = 0
    for address in addresses {
      failure = connect(address)
      if failure == 0 {
        return ReachabilityStep(
          name: "TCP", outcome: .passed, detail: "port \(port) answers",
          duration: ContinuousClock.now - start)
      }
    }
    return ReachabilityStep(
      name: "TCP", outcome: .failed, detail: "port \(port): \(String(cString: strerror(failure)))",
      remedy: failure == ECONNREFUSED
        ? "Nothing listens there: check PORT, and that the server runs and listens on TCP."
        : "Something on the way drops it: check the firewall, the security group and the route.",
      duration: ContinuousClock.now - start)
  }

  /// 0 when the address takes a connection, else the system's error number.
  private func connect(_ address: UnsafeMutablePointer<addrinfo>) -> Int32 {
    let info = address.pointee
    let descriptor = socket(
      info.ai_family, info.ai_socktype | Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
      info.ai_protocol)
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    if Glibc.connect(descriptor, info.ai_addr, info.ai_addrlen) == 0 { return 0 }
    guard errno == EINPROGRESS else { return errno }
    var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    var ready: Int32
    repeat { ready = poll(&wait, 1, patience) } while ready < 0 && errno == EINTR
    guard ready > 0 else { return ready == 0 ? ETIMEDOUT : errno }
    var failure: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 else { return errno }
    return failure
  }

  private static func text(_ address: UnsafeMutablePointer<addrinfo>) -> String? {
    var buffer = [CChar](repeating: 0, count: 64)
    let status = getnameinfo(
      address.pointee.ai_addr, address.pointee.ai_addrlen, &buffer, socklen_t(buffer.count), nil, 0,
      NI_NUMERICHOST)
    guard status == 0 else { return nil }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
