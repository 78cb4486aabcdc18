extension CloudWork {
  /// Makes the security group with its one rule; rules that are not asked for are taken away.
  ///
  /// - Returns: the group's identifier.
  func settleAccess(_ network: CloudNetwork) throws(WarehouseError) -> String {
    try step(.access) { () throws(WarehouseError) in
      let (group, isNew) = try ownGroup(in: network.id)
      let asked = EC2Rule(
        transport: "tcp", first: plan.port, last: plan.port, addresses: network.visitors)
      var notes = ["\(group.name) lets \(asked.addresses) in on port \(plan.port)"]
      var isChanged = false
      if !group.rules.contains(asked) {
        isChanged = true
        try settling(while: { $0.isFault("InvalidGroup.NotFound") }) {
          () throws(WarehouseError) in
          _ = try absent("InvalidPermission.Duplicate") { () throws(WarehouseError) in
            try ec2.allow(asked, through: group.id)
          }
        }
      }
      for rule in group.rules.subtracting([asked]).sorted(by: { $0.addresses < $1.addresses }) {
        isChanged = true
        _ = try absent("InvalidPermission.NotFound") { () throws(WarehouseError) in
          try ec2.forbid(rule, through: group.id)
        }
        notes.append("\(rule.addresses) is shut out")
      }
      return (
        group.id, isNew ? .made : isChanged ? .changed : .kept, notes.joined(separator: "; ")
      )
    }
  }

  private func ownGroup(
    in network: String
  ) throws(WarehouseError) -> (group: EC2Group, isNew: Bool) {
    if let group = try ec2.group(plan.groupName, in: network) {
      guard isOurs(group.tags) else {
        throw foreign(
          "the security group \(plan.groupName)",
          remedy: "Set SECURITY_GROUP.NAME to another name.")
      }
      return (group, false)
    }
    let id = try absent("InvalidGroup.Duplicate") { () throws(WarehouseError) in
      try ec2.makeGroup(
        plan.groupName, description: plan.groupDescription, in: network, tags: plan.tags)
    }
    if let id {
      let group = EC2Group(id: id, name: plan.groupName, network: network, rules: [], tags: [:])
      return (group, true)
    }
    // Somebody made it between the look and the call; or a call of ours arrived after all.
    let group = try settling(while: { $0.isFault("InvalidGroup.NotFound") }) {
      () throws(WarehouseError) in
      guard let group = try ec2.group(plan.groupName, in: network) else {
        var unknown = WarehouseError(
          .server, "could not look at the security group \(plan.groupName)",
          hint: "Try again in a minute.")
        unknown.serviceCode = "InvalidGroup.NotFound"
        throw unknown
      }
      return group
    }
    guard isOurs(group.tags) else {
      throw foreign(
        "the security group \(plan.groupName)", remedy: "Set SECURITY_GROUP.NAME to another name.")
    }
    return (group, true)
  }
}
