import Glibc

/// A TCP connection that nobody waits for longer than asked: every wait has an end, and can be
/// cancelled.
struct Socket: ~Copyable {
  let descriptor: Int32

  /// What went wrong: the system's error number.
  struct Failure: Error, Equatable {
    let number: Int32
    var words: String { String(cString: strerror(number)) }
    static let timedOut = Failure(number: ETIMEDOUT)
    static let cancelled = Failure(number: ECANCELED)
  }

  /// Connects to the first of some addresses that answers. Blocks.
  ///
  /// - Parameter patience: for each address.
  init(
    to addresses: HostAddresses, patience: Duration, _ cancellation: Cancellation
  ) throws(Failure) {
    var failure = Failure(number: EHOSTUNREACH)
    var connected: Int32?
    for address in addresses.all where connected == nil && failure != .cancelled {
      do throws(Failure) {
        connected = try Self.connect(address, patience, cancellation)
      } catch {
        failure = error
      }
    }
    guard let connected else { throw failure }
    descriptor = connected
  }

  deinit { close(descriptor) }

  private static func connect(
    _ address: HostAddresses.Address, _ patience: Duration, _ cancellation: Cancellation
  ) throws(Failure) -> Int32 {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = socket(address.family, kind, 0)
    guard descriptor >= 0 else { throw Failure(number: errno) }
    do throws(Failure) {
      let status = address.withPointer { Glibc.connect(descriptor, $0, $1) }
      if status != 0 {
        guard errno == EINPROGRESS else { throw Failure(number: errno) }
        try wait(for: Int16(POLLOUT), on: descriptor, patience, cancellation)
        try checkConnected(descriptor)
      }
      return descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }

  private static func checkConnected(_ descriptor: Int32) throws(Failure) {
    var failure: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 else {
      throw Failure(number: errno)
    }
    if failure != 0 { throw Failure(number: failure) }
  }

  /// Waits until the connection takes bytes (`POLLOUT`) or has some (`POLLIN`). Blocks.
  func wait(
    for event: Int16, _ patience: Duration, _ cancellation: Cancellation
  ) throws(Failure) {
    try Self.wait(for: event, on: descriptor, patience, cancellation)
  }

  private static func wait(
    for event: Int16, on descriptor: Int32, _ patience: Duration, _ cancellation: Cancellation
  ) throws(Failure) {
    let deadline = ContinuousClock.now + patience
    var waiting = pollfd(fd: descriptor, events: event, revents: 0)
    while true {
      // Short waits, so that a cancellation is seen soon.
      let ready = poll(&waiting, 1, 50)
      if ready > 0 { return }
      if ready < 0, errno != EINTR { throw Failure(number: errno) }
      if cancellation.isCancelled { throw .cancelled }
      if ContinuousClock.now >= deadline { throw .timedOut }
    }
  }

  /// Sends a few bytes, which fit into the system's buffer.
  func send(
    _ bytes: [UInt8], _ patience: Duration, _ cancellation: Cancellation
  ) throws(Failure) {
    try wait(for: Int16(POLLOUT), patience, cancellation)
    guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    else { throw Failure(number: errno == 0 ? EPIPE : errno) }
  }

  /// One byte; nil when the other side hung up. Blocks.
  func receiveByte(
    _ patience: Duration, _ cancellation: Cancellation
  ) throws(Failure) -> UInt8? {
    try wait(for: Int16(POLLIN), patience, cancellation)
    var byte: UInt8 = 0
    let count = recv(descriptor, &byte, 1, 0)
    guard count >= 0 else { throw Failure(number: errno) }
    return count == 1 ? byte : nil
  }
}

/// The addresses of a host, as its name server gives them.
struct HostAddresses: Sendable {
  /// One address with its port, in the system's own form.
  struct Address: Sendable {
    let family: Int32
    fileprivate let bytes: [UInt8]
    /// As people write it, without the port.
    let text: String

    func withPointer<Value>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Value) -> Value {
      var storage = sockaddr_storage()
      withUnsafeMutableBytes(of: &storage) { $0.copyBytes(from: bytes) }
      return withUnsafePointer(to: storage) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
          body(address, socklen_t(bytes.count))
        }
      }
    }
  }

  /// In the order in which they should be tried.
  let all: [Address]

  /// Why there are none, in the resolver's words.
  struct Unknown: Error { let words: String }

  /// Resolves a name. Blocks, and cannot be cancelled.
  init(of host: String, port: Int) throws(Unknown) {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, String(port), &hints, &found)
    guard status == 0, let first = found else {
      throw Unknown(words: String(cString: gai_strerror(status)))
    }
    defer { freeaddrinfo(first) }
    all = sequence(first: first) { $0.pointee.ai_next }.compactMap { Address($0.pointee) }
  }
}

extension HostAddresses.Address {
  fileprivate init?(_ info: addrinfo) {
    guard let address = info.ai_addr, Int(info.ai_addrlen) <= MemoryLayout<sockaddr_storage>.size
    else { return nil }
    var name = [CChar](repeating: 0, count: 64)
    guard
      getnameinfo(
        address, info.ai_addrlen, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST) == 0
    else { return nil }
    family = info.ai_family
    bytes = Array(UnsafeRawBufferPointer(start: address, count: Int(info.ai_addrlen)))
    text = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
