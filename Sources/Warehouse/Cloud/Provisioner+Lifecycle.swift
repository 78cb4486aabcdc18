/// What can be done with a warehouse that is there.
extension Provisioner {
  /// The cluster as it stands; nil when there is none, or when the warehouse is serverless.
  public func cluster(_ cancellation: Cancellation) throws(WarehouseError) -> CloudCluster? {
    guard case .cluster = plan.shape else { return nil }
    return try work(cancellation).redshift.cluster(plan.name)
  }

  /// The workgroup as it stands; nil when there is none, or when the warehouse is a cluster.
  public func workgroup(_ cancellation: Cancellation) throws(WarehouseError) -> CloudWorkgroup? {
    guard case .serverless = plan.shape else { return nil }
    return try work(cancellation).serverless.workgroup(plan.name)
  }

  /// The snapshots of the warehouse, also of one that is gone.
  public func snapshots(_ cancellation: Cancellation) throws(WarehouseError) -> [CloudSnapshot] {
    try work(cancellation).snapshots()
  }

  /// Pauses the cluster, and waits for it. One that is paused is fine.
  public func pause(_ cancellation: Cancellation) throws(WarehouseError) -> CloudCluster {
    try work(cancellation).pause()
  }

  /// Resumes the cluster, and waits until it answers steadily. One that runs is fine.
  public func resume(_ cancellation: Cancellation) throws(WarehouseError) -> CloudCluster {
    try work(cancellation).resume()
  }

  /// Makes a snapshot, and waits for it.
  ///
  /// - Parameter name: nil makes one from the warehouse's name and the time.
  public func snapshot(
    named name: String?, _ cancellation: Cancellation
  ) throws(WarehouseError) -> CloudSnapshot {
    try work(cancellation).snapshot(name ?? plan.snapshotName("snapshot"))
  }

  /// Gives the cluster another number of nodes, and another type when one is named.
  ///
  /// - Parameter isClassic: whether a classic resize will do, which may take hours, where AWS has no
  ///   elastic one.
  public func resize(
    nodeType: String? = nil, nodes: Int, isClassic: Bool = false, _ cancellation: Cancellation
  ) throws(WarehouseError) -> CloudCluster {
    try work(cancellation).resize(nodeType: nodeType, nodes: nodes, isClassic: isClassic)
  }

  /// Gives the workgroup another capacity, in Redshift processing units.
  public func resize(
    capacity: Int, _ cancellation: Cancellation
  ) throws(WarehouseError) -> CloudWorkgroup {
    try work(cancellation).resize(capacity: capacity)
  }
}

extension CloudPlan {
  /// A name for a snapshot that no other one has: `sparkify-final-20181101-205710`.
  func snapshotName(_ kind: String) -> String {
    let now = Timestamp.now()
    let digits = (now.dateText + "-" + now.clockText).filter { $0 != ":" }
    let date = digits.prefix(10).filter { $0 != "-" }
    return "\(name)-\(kind)-\(date)\(digits.dropFirst(10))"
  }
}
