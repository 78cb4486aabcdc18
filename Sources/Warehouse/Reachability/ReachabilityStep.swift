/// One step on the way to the server: programs or name, TCP, TLS, login, privileges.
public struct ReachabilityStep: Sendable, Equatable {
  /// How it went.
  public enum Outcome: String, Sendable {
    /// As it should be.
    case passed
    /// This is where it ends.
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
    _ name: String, _ error: WarehouseError, after duration: Duration
  ) -> ReachabilityStep {
    ReachabilityStep(
      name: name, outcome: .failed,
      detail: [error.message, error.detail].compactMap { $0 }.joined(separator: ": "),
      remedy: error.hint, duration: duration)
  }
}
