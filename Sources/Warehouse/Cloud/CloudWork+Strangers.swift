/// Warehouses of our name that somebody else made.
extension CloudWork {
  /// Looks before anything is made that would be of no use, and in the way.
  ///
  /// - Returns: whether the warehouse is there already.
  /// - Throws: `.configuration` when it is there and somebody else's.
  func requireNoStranger() throws(WarehouseError) -> Bool {
    switch plan.shape {
    case .cluster:
      guard let found = try redshift.cluster(plan.name), found.state.isStaying else {
        return false
      }
      try requireOurs(found)
      return true
    case .serverless(let namespace, _):
      if let found = try serverless.namespace(namespace), found.state.isStaying {
        try requireOurs(found)
      }
      guard let found = try serverless.workgroup(plan.name), found.state.isStaying else {
        return false
      }
      try requireOurs(found)
      return true
    }
  }

  func requireOurs(_ workgroup: CloudWorkgroup) throws(WarehouseError) {
    guard isOurs(try serverless.tags(of: workgroup.arn)) else {
      throw foreign(
        "the workgroup \(workgroup.name)", remedy: "Set DWH_WORKGROUP to another name.")
    }
  }

  func requireOurs(_ namespace: CloudNamespace) throws(WarehouseError) {
    guard isOurs(try serverless.tags(of: namespace.arn)) else {
      throw foreign(
        "the namespace \(namespace.name)", remedy: "Set DWH_NAMESPACE to another name.")
    }
  }
}

/// What a teardown finds under our name that is somebody else's, and what that uses: it all stays.
struct CloudStrangers: Sendable, Equatable {
  /// What they are: "the cluster dwh".
  var titles: [String] = []
  /// Subnet groups, parameter groups and security groups by name or identifier, and the ARNs of
  /// roles.
  var used: Set<String> = []

  mutating func add(_ cluster: CloudCluster) {
    titles.append("the cluster \(cluster.name)")
    used.formUnion(cluster.securityGroups + cluster.parameterGroups + cluster.roles.map(\.arn))
    if let group = cluster.subnetGroup { used.insert(group) }
  }

  mutating func add(_ workgroup: CloudWorkgroup) {
    titles.append("the workgroup \(workgroup.name)")
    used.formUnion(workgroup.securityGroups + [workgroup.namespace])
  }

  mutating func add(_ namespace: CloudNamespace) {
    titles.append("the namespace \(namespace.name)")
    used.formUnion(namespace.roles)
  }

  /// Why something of ours must stay; nil when it need not.
  func reason(toKeep name: String) -> String? {
    used.contains(name) ? "\(titles.joined(separator: " and ")) of somebody else uses it" : nil
  }
}
