/// Tells how far a warehouse can be reached, and where it ends: what cannot work because of an
/// earlier step is not tried.
public struct Reachability: Sendable {
  private let target: WarehouseTarget
  private let stateFolder: StateFolder
  private let observer: StatementObserver?
  private let writesWorkArea: Bool

  /// The way to a target, and to its sources.
  ///
  /// - Parameters:
  ///   - observer: hears of the calls to AWS.
  ///   - writesWorkArea: whether an empty object is written into the work area, and removed, and
  ///     Redshift is let read a file of each source.
  public init(
    _ target: WarehouseTarget, _ stateFolder: StateFolder, observer: StatementObserver? = nil,
    writesWorkArea: Bool = true
  ) {
    self.target = target
    self.stateFolder = stateFolder
    self.observer = observer
    self.writesWorkArea = writesWorkArea
  }

  /// Tries every step, for some seconds at most each. Starts an embedded cluster.
  ///
  /// Never throws: what went wrong is in a step. Cancelling ends it early.
  ///
  /// - Parameter tell: hears each step as soon as it is known.
  @discardableResult
  public func check(
    _ tell: @escaping @Sendable (ReachabilityStep) -> Void = { _ in }
  ) async -> [ReachabilityStep] {
    let report = ReachabilityReport(tell)
    let cloud = CloudReachability(target.configuration, observer)
    let finding = await cloud?.check(report)
    if let obstacle = finding?.obstacle {
      report.skip(NetworkPath.steps + SessionReachability.steps, obstacle)
    } else {
      await checkServer(report)
    }
    if let cloud, let finding { await cloud.checkRole(finding, report) }
    await SourceReachability(target.configuration, stateFolder, observer)
      .check(report, clusterRegion: finding?.region, writesWorkArea: writesWorkArea)
    await CopyReachability(target, observer)?.check(report, isTried: !writesWorkArea)
    return report.all
  }

  private func checkServer(_ report: ReachabilityReport) async {
    if target.cluster == nil {
      let path = NetworkPath(ConnectionSettings(target.configuration.server))
      guard await path.check(report) else { return report.skip(SessionReachability.steps) }
    }
    await SessionReachability(target).check(report)
  }
}
