import Synchronization

/// A wish that something stops. Any thread may express it, and any may look.
public final class Cancellation: Sendable {
  private let flag = Atomic(false)

  /// Nobody wants to stop yet.
  public init() {}

  /// Asks for the stop. There is no way back.
  public func cancel() { flag.store(true, ordering: .releasing) }

  /// Whether somebody asked.
  public var isCancelled: Bool { flag.load(ordering: .acquiring) }

  /// - Throws: `.cancelled` when somebody asked.
  public func check() throws(WarehouseError) {
    if isCancelled { throw .cancelled }
  }
}
