extension CloudWork {
  /// Makes namespace and workgroup, or brings them to what is asked, and waits until they answer
  /// steadily.
  func settleServerless(
    _ name: String, capacity: Int, role: String, securityGroup: String, _ network: CloudNetwork,
    _ files: CloudFiles
  ) throws(WarehouseError) -> CloudWorkgroup {
    let password = try settleNamespace(name, role: role, files)
    let workgroup = try settleWorkgroup(name, capacity, securityGroup, network)
    if plan.login == .temporary, let endpoint = workgroup.endpoint {
      try settleCaller(of: name, at: endpoint, password)
    }
    return workgroup
  }

  private func settleWorkgroup(
    _ name: String, _ capacity: Int, _ securityGroup: String, _ network: CloudNetwork
  ) throws(WarehouseError) -> CloudWorkgroup {
    try step(.workgroup) { () throws(WarehouseError) in
      let found = try waitUntilStaying()
      guard let found else {
        try makeWorkgroup(name, capacity, securityGroup, network)
        let made = try waitUntilWorkgroupSteady()
        return (made, .made, made.summary)
      }
      try requireOurs(found)
      guard found.namespace == name else {
        throw WarehouseError(
          .configuration, "could not use the workgroup \(plan.name) on the namespace \(name)",
          detail: "it works on the namespace \(found.namespace)",
          hint: "Set DWH_NAMESPACE to that, or DWH_WORKGROUP to another name.")
      }
      _ = try waitUntilWorkgroupSteady()
      let notes = try adjust(found, capacity, securityGroup)
      let steady = try waitUntilWorkgroupSteady()
      return (
        steady, notes.isEmpty ? .kept : .changed, ([steady.summary] + notes).joined(separator: "; ")
      )
    }
  }

  // MARK: The namespace

  /// - Returns: the first user's password, when it was given one now.
  private func settleNamespace(
    _ name: String, role: String, _ files: CloudFiles
  ) throws(WarehouseError) -> Secret? {
    if let found = try serverless.namespace(name), found.state.isStaying {
      return try step(.namespace) { () throws(WarehouseError) in
        try requireOurs(found)
        try waitForNamespace(name)
        if found.roles.contains(role) { return (nil, .kept, name) }
        try serverless.changeNamespace(
          name, [("iamRoles", .array((found.roles + [role]).map(JSONValue.string)))])
        try waitForNamespace(name)
        return (nil, .changed, "\(name) has its role again")
      }
    }
    let password = try settlePassword(files)
    return try step(.namespace) { () throws(WarehouseError) in
      try wait(.namespace, for: "the end of the namespace \(name)") {
        () throws(WarehouseError) -> Look<Void> in
        guard let namespace = try serverless.namespace(name), !namespace.state.isStaying else {
          return .there(())
        }
        return .going(namespace.state.word)
      }
      try settlingRole(.namespace) { () throws(WarehouseError) in
        _ = try absent("Conflict") { () throws(WarehouseError) in
          try serverless.makeNamespace(
            name,
            [
              ("adminUsername", .string(plan.user)),
              ("adminUserPassword", .string(password.reveal())),
              ("dbName", .string(plan.database)), ("iamRoles", .array([.string(role)])),
              ("tags", plan.tags.json),
            ])
        }
      }
      try waitForNamespace(name)
      return (password, .made, name)
    }
  }

  func waitForNamespace(_ name: String) throws(WarehouseError) {
    try wait(.namespace, for: "the namespace \(name)") { () throws(WarehouseError) -> Look<Void> in
      guard let namespace = try serverless.namespace(name) else { return .going("not there yet") }
      return namespace.state == .available ? .there(()) : .going(namespace.state.word)
    }
  }

  // MARK: The workgroup

  /// The workgroup; nil when there is none, or when one that was being deleted is gone.
  private func waitUntilStaying() throws(WarehouseError) -> CloudWorkgroup? {
    try wait(.workgroup, for: "the end of the workgroup \(plan.name)") {
      () throws(WarehouseError) in
      let workgroup = try serverless.workgroup(plan.name)
      if let workgroup, !workgroup.state.isStaying { return .going(workgroup.state.word) }
      return .there(workgroup)
    }
  }

  private func makeWorkgroup(
    _ namespace: String, _ capacity: Int, _ securityGroup: String, _ network: CloudNetwork
  ) throws(WarehouseError) {
    let subnets = network.subnets.map { JSONValue.string($0.id) }
    _ = try absent("Conflict") { () throws(WarehouseError) in
      try serverless.makeWorkgroup(
        plan.name,
        [
          ("namespaceName", .string(namespace)), ("baseCapacity", .integer(capacity)),
          ("port", .integer(plan.port)), ("publiclyAccessible", .boolean(plan.isPublic)),
          ("enhancedVpcRouting", .boolean(false)),
          ("securityGroupIds", .array([.string(securityGroup)])),
          ("subnetIds", .array(subnets)), ("configParameters", Self.encrypted),
          ("tags", plan.tags.json),
        ])
    }
  }

  private static let encrypted = JSONValue.array([
    .object([("parameterKey", .string("require_ssl")), ("parameterValue", .string("true"))])
  ])

  /// Changes what differs, one thing at a time, as AWS takes it, and says what.
  private func adjust(
    _ found: CloudWorkgroup, _ capacity: Int, _ securityGroup: String
  ) throws(WarehouseError) -> [String] {
    var changes: [(note: String, members: [(String, JSONValue)])] = []
    if !found.securityGroups.contains(securityGroup) {
      changes.append(
        (
          "it has its security group again",
          [("securityGroupIds", .array([.string(securityGroup)]))]
        ))
    }
    if found.isPublic != plan.isPublic {
      changes.append(
        (
          plan.isPublic ? "it has an address on the internet" : "it is private",
          [("publiclyAccessible", .boolean(plan.isPublic))]
        ))
    }
    if found.parameters["require_ssl"] != "true" {
      changes.append(
        ("connections must be encrypted again", [("configParameters", Self.encrypted)]))
    }
    for change in changes {
      try serverless.changeWorkgroup(plan.name, change.members)
      _ = try waitUntilWorkgroupSteady()
    }
    if let base = found.baseCapacity, base != capacity {
      observe(
        .warned(
          .workgroup,
          "its capacity is \(base), and \(capacity) is configured: `sparkify cluster resize` "
            + "changes that"))
    }
    return changes.map(\.note)
  }

  func waitUntilWorkgroupSteady() throws(WarehouseError) -> CloudWorkgroup {
    var inRow = 0
    return try wait(.workgroup, for: "the workgroup \(plan.name)") { () throws(WarehouseError) in
      guard let workgroup = try serverless.workgroup(plan.name) else {
        return .going("not there yet")
      }
      guard workgroup.state == .available, workgroup.endpoint != nil else {
        inRow = 0
        return .going(workgroup.state.word)
      }
      inRow += 1
      return inRow >= pace.steady
        ? .there(workgroup) : .going("available, \(inRow) of \(pace.steady)")
    }
  }
}

extension CloudWorkgroup {
  /// One line about it.
  var summary: String {
    let address = endpoint.map { "\($0.host):\($0.port)" } ?? ""
    return "\(name), \(baseCapacity.map { "\($0) RPU, " } ?? "")\(address)"
  }
}
