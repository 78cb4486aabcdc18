extension CloudWork {
  /// The name of the policy in our role.
  static let rolePolicy = "sparkify-sources"

  /// Makes the role with exactly the trust and the permissions of the plan.
  ///
  /// - Returns: its ARN.
  func settleRole() throws(WarehouseError) -> String {
    try step(.role) { () throws(WarehouseError) in
      let name: String
      switch plan.role {
      case .given(let arn): return (arn, .kept, "\(arn), as configured")
      case .own(let own): name = own
      }
      let (role, isNew) = try ownRole(name)
      var isChanged = false
      if !plan.trustPolicy.matches(role.trust) {
        try iam.setTrust(plan.trustPolicy, of: name)
        isChanged = true
      }
      if try settlePolicy(of: name) { isChanged = true }
      if try settleAttached(to: name) { isChanged = true }
      let change: CloudChange = isNew ? .made : isChanged ? .changed : .kept
      return (role.arn, change, role.arn)
    }
  }

  private func ownRole(_ name: String) throws(WarehouseError) -> (role: IAMRole, isNew: Bool) {
    for _ in 0..<2 {
      let known = try absent("NoSuchEntity") { () throws(WarehouseError) in try iam.role(name) }
      if let known {
        guard isOurs(known.tags) else {
          throw foreign(
            "the role \(name)",
            remedy: "Set IAM_ROLE.ARN to \(known.arn) to use it as it is, or IAM_ROLE.NAME to "
              + "another name.")
        }
        return (known, false)
      }
      let made = try absent("EntityAlreadyExists") { () throws(WarehouseError) in
        try iam.makeRole(
          name, trust: plan.trustPolicy, description: plan.roleDescription, tags: plan.tags)
      }
      if let made { return (made, true) }
    }
    throw WarehouseError(
      .server, "could not make the role \(name)",
      detail: "AWS says that it is there, and that it is not", hint: "Try again in a minute.")
  }

  /// Writes the permissions; true when they were others.
  private func settlePolicy(of name: String) throws(WarehouseError) -> Bool {
    let isNew: (WarehouseError) -> Bool = { $0.isFault("NoSuchEntity") }
    let live = try absent("NoSuchEntity") { () throws(WarehouseError) in
      try iam.policy(Self.rolePolicy, of: name)
    }
    guard let asked = plan.rolePolicy else {
      observe(.warned(.role, "no source lies in a bucket, so the role may read nothing"))
      guard live != nil else { return false }
      try iam.removePolicy(Self.rolePolicy, of: name)
      return true
    }
    if let live, asked.matches(live) { return false }
    try settling(while: isNew) { () throws(WarehouseError) in
      try iam.put(asked, as: Self.rolePolicy, of: name)
    }
    return true
  }

  /// Gives the role the policy that the operator named besides; true when it was not there.
  private func settleAttached(to name: String) throws(WarehouseError) -> Bool {
    guard let policy = plan.policyARN else { return false }
    observe(
      .warned(
        .role, "POLICY_ARN gives the role more than its sources need: leave \(policy) out"))
    let attached = try settling(while: { $0.isFault("NoSuchEntity") }) {
      () throws(WarehouseError) in try iam.attachedPolicies(of: name)
    }
    if attached.contains(policy) { return false }
    try iam.attach(policy, to: name)
    return true
  }
}
