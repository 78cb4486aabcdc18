/// Removing what hung on the warehouse.
extension CloudWork {
  func removeGroups(_ receipt: inout TeardownReceipt) throws(WarehouseError) {
    guard case .cluster = plan.shape else { return }
    receipt = try step(.parameters) { () throws(WarehouseError) in
      var receipt = receipt
      let before = receipt.deleted.count
      let subnets = try redshift.subnetGroup(plan.subnetGroup)?.tags
      try remove("subnet group", plan.subnetGroup, "ClusterSubnetGroup", subnets, &receipt) {
        () throws(WarehouseError) in try redshift.removeSubnetGroup(plan.subnetGroup)
      }
      let parameters = try redshift.parameterGroup(plan.parameterGroup)?.tags
      try remove(
        "parameter group", plan.parameterGroup, "ClusterParameterGroup", parameters, &receipt
      ) { () throws(WarehouseError) in try redshift.removeParameterGroup(plan.parameterGroup) }
      let gone = receipt.deleted[before...]
      return (receipt, gone.isEmpty ? .absent : .removed, gone.joined(separator: ", "))
    }
  }

  /// Removes a group of settings as soon as nothing uses it, unless it is somebody else's or
  /// somebody else needs it.
  ///
  /// - Parameters:
  ///   - fault: what AWS calls it in its faults.
  ///   - tags: its marks; nil when there is none of the name.
  private func remove(
    _ kind: String, _ name: String, _ fault: String, _ tags: [String: String]?,
    _ receipt: inout TeardownReceipt, _ ask: () throws(WarehouseError) -> Void
  ) throws(WarehouseError) {
    guard let tags else { return }
    let foreign = isOurs(tags) ? nil : "somebody else made it"
    if let reason = receipt.strangers.reason(toKeep: name) ?? foreign {
      receipt.kept.append("\(kind) \(name): \(reason)")
      return
    }
    try settling(while: { $0.isFault("Invalid\(fault)State") }) { () throws(WarehouseError) in
      _ = try absent("\(fault)NotFound", body: ask)
    }
    receipt.deleted.append("\(kind) \(name)")
  }

  func removeAccess(_ receipt: inout TeardownReceipt) throws(WarehouseError) {
    receipt = try step(.access) { () throws(WarehouseError) in
      var receipt = receipt
      var gone: [String] = []
      for group in try ec2.groups(taggedWith: (CloudPlan.tag, plan.name)) {
        if let reason = receipt.strangers.reason(toKeep: group.id) {
          receipt.kept.append("security group \(group.name) (\(group.id)): \(reason)")
          continue
        }
        try removeGroup(group)
        receipt.deleted.append("security group \(group.name) (\(group.id))")
        gone.append(group.name)
      }
      return (receipt, gone.isEmpty ? .absent : .removed, gone.joined(separator: ", "))
    }
  }

  /// Removes a security group as soon as nothing is in it: the network cards of a cluster outlive it
  /// by minutes.
  private func removeGroup(_ group: EC2Group) throws(WarehouseError) {
    try wait(.access, for: "the network cards in \(group.name)") {
      () throws(WarehouseError) -> Look<Void> in
      do throws(WarehouseError) {
        try ec2.removeGroup(group.id)
      } catch {
        if error.isFault("DependencyViolation", "InvalidGroup.InUse") {
          return .going("\(group.name) is in use")
        }
        guard error.isFault("InvalidGroup.NotFound") else { throw error }
      }
      return .there(())
    }
  }

  func removeRole(_ receipt: inout TeardownReceipt) throws(WarehouseError) {
    guard case .own(let name) = plan.role else {
      if case .given(let arn) = plan.role {
        receipt.kept.append("role \(arn): the configuration names it, we did not make it")
      }
      return
    }
    receipt = try step(.role) { () throws(WarehouseError) in
      var receipt = receipt
      let role = try absent("NoSuchEntity") { () throws(WarehouseError) in try iam.role(name) }
      guard let role else { return (receipt, .absent, "there is no role \(name)") }
      guard isOurs(role.tags) else {
        receipt.kept.append("role \(name): somebody else made it")
        return (receipt, .kept, "\(name) is somebody else's")
      }
      if let reason = receipt.strangers.reason(toKeep: role.arn) {
        receipt.kept.append("role \(name): \(reason)")
        return (receipt, .kept, reason)
      }
      for policy in try iam.policies(of: name) {
        _ = try absent("NoSuchEntity") { () throws(WarehouseError) in
          try iam.removePolicy(policy, of: name)
        }
      }
      for policy in try iam.attachedPolicies(of: name) {
        _ = try absent("NoSuchEntity") { () throws(WarehouseError) in
          try iam.detach(policy, from: name)
        }
      }
      try settling(while: { $0.isFault("DeleteConflict") }) { () throws(WarehouseError) in
        _ = try absent("NoSuchEntity") { () throws(WarehouseError) in try iam.removeRole(name) }
      }
      receipt.deleted.append("role \(name)")
      return (receipt, .removed, name)
    }
  }
}
