import Synchronization

/// Sends requests from any number of threads: each borrows a handle of its own for one request, and
/// with it a connection that is kept.
final class HTTPTransport: Sendable {
  /// `@unchecked`: taken out of the list before it is used, and put back after: one thread at a time.
  private struct Idle: @unchecked Sendable { let handle: CurlHandle }

  /// More handles than this are not kept: each keeps a connection.
  private static let kept = 64

  let limits: HTTPLimits
  /// The file of certificates to trust instead of the system's.
  private let certificates: @Sendable () -> String?
  private let idle = Mutex<[Idle]>([])

  init(
    limits: HTTPLimits = HTTPLimits(),
    certificates: @escaping @Sendable () -> String? = { nil }
  ) {
    self.limits = limits
    self.certificates = certificates
  }

  /// Does one request, and waits for the whole answer. Blocks; do not call it on a shared thread.
  func send(
    _ request: HTTPRequest, limits: HTTPLimits? = nil, _ cancellation: Cancellation
  ) -> Result<HTTPResponse, TransportFailure> {
    if cancellation.isCancelled { return .failure(.cancelled) }
    guard let handle = borrow() else { return .failure(.noHandle) }
    defer { giveBack(handle) }
    return handle.perform(
      request, limits ?? self.limits, certificates: certificates(), cancellation)
  }

  private func borrow() -> CurlHandle? {
    idle.withLock { $0.popLast() }?.handle ?? CurlHandle()
  }

  private func giveBack(_ handle: CurlHandle) {
    let handle = Idle(handle: handle)
    idle.withLock { idle in
      if idle.count < Self.kept { idle.append(handle) }
    }
  }
}
