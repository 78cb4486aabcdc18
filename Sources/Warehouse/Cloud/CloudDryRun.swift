/// Every call that something would make, none of it made.
///
/// Played on an account that exists in memory alone: empty for provisioning, and with the whole
/// warehouse for everything else. Where AWS already has something, the real run finds it and does
/// less.
public struct CloudDryRun: Sendable {
  /// What there is when it begins.
  public enum Start: Sendable {
    /// An empty account.
    case nothing
    /// The whole warehouse.
    case available
    /// The whole warehouse, paused.
    case paused
  }

  /// What would be done, as the command log shows it: `service:Operation parameters`.
  public let calls: [String]

  /// Plays `body` on a plan.
  ///
  /// - Throws: what `body` throws; `.configuration` when the plan cannot be.
  public init(
    _ configuration: Configuration, from start: Start,
    _ body: (Provisioner) throws(WarehouseError) -> Void
  ) throws(WarehouseError) {
    let plan = try CloudPlan(configuration)
    let cloud = RehearsedCloud()
    var files = CloudFiles(configuration)
    files.isRehearsal = true
    var pace = CloudPace(poll: .zero)
    // One look is enough to show what is looked at.
    pace.steady = 1
    let provisioner = Provisioner(plan, calls: cloud, files: files, pace: pace) { _ in }
    if start != .nothing { try provisioner.provision(Cancellation()) }
    if start == .paused { _ = try provisioner.pause(Cancellation()) }
    cloud.forgetCalls()
    try body(provisioner)
    calls = cloud.calls
  }
}
