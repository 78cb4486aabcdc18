import Synchronization

/// One step on the way to a warehouse that can work: name, TCP, TLS, login, privileges, sources, ….
public struct ReachabilityStep: Sendable, Equatable {
  /// How it went.
  public enum Outcome: String, Sendable {
    /// As it should be.
    case passed
    /// It works, and should be otherwise.
    case warning
    /// It does not work.
    case failed
    /// Not tried, since an earlier one failed, or it is not needed here.
    case skipped
  }

  /// What is tried.
  public var name: String
  /// How it went.
  public var outcome: Outcome
  /// What was found.
  public var detail: String
  /// What would help, as a sentence; nil when nothing must be done.
  public var remedy: String?
  /// How long it took; nil when it was not tried.
  public var duration: Duration?

  /// A step.
  public init(
    name: String, outcome: Outcome, detail: String, remedy: String? = nil, duration: Duration? = nil
  ) {
    self.name = name
    self.outcome = outcome
    self.detail = detail
    self.remedy = remedy
    self.duration = duration
  }

  /// A step that was not tried.
  static func skipped(_ name: String, _ why: String = "not tried") -> ReachabilityStep {
    ReachabilityStep(name: name, outcome: .skipped, detail: why)
  }

  /// A step that failed with an error.
  static func failed(
    _ name: String, _ error: WarehouseError, after duration: Duration? = nil
  ) -> ReachabilityStep {
    ReachabilityStep(
      name: name, outcome: .failed,
      detail: [error.message, error.detail].compactMap { $0 }.joined(separator: ": "),
      remedy: error.hint, duration: duration)
  }
}

/// Collects the steps and tells each one as soon as it is known. Any thread may add.
final class ReachabilityReport: Sendable {
  private let steps = Mutex<[ReachabilityStep]>([])
  private let observer: @Sendable (ReachabilityStep) -> Void

  init(_ observer: @escaping @Sendable (ReachabilityStep) -> Void) { self.observer = observer }

  func add(_ step: ReachabilityStep) {
    steps.withLock { $0.append(step) }
    observer(step)
  }

  /// Adds what `body` finds out, with the time that it took.
  func time(_ body: () async -> ReachabilityStep) async {
    let start = ContinuousClock.now
    var step = await body()
    if step.outcome != .skipped { step.duration = ContinuousClock.now - start }
    add(step)
  }

  /// Adds steps that are not tried, and why.
  func skip(_ names: [String], _ why: String = "not tried") {
    for name in names { add(.skipped(name, why)) }
  }

  /// All so far, in order.
  var all: [ReachabilityStep] { steps.withLock { $0 } }

  /// Whether one of them failed.
  var hasFailed: Bool { all.contains { $0.outcome == .failed } }
}
