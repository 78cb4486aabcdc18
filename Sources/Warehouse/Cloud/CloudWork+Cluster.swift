/// What a cluster needs before it can be made.
struct ClusterIngredients {
  var role: String
  var securityGroup: String
}

extension CloudWork {
  /// Makes the cluster or brings it to what is asked, and waits until it answers steadily.
  func settleCluster(
    nodeType: String, nodes: Int, _ ingredients: ClusterIngredients, _ files: CloudFiles
  ) throws(WarehouseError) -> CloudCluster {
    if let found = try redshift.cluster(plan.name), found.state.isStaying {
      return try step(.cluster) { () throws(WarehouseError) in
        try requireOurs(found)
        let isResumed = try resumeIfPaused(found)
        let cluster = try waitUntilSteady()
        let notes = try adjust(cluster, ingredients)
        tellDifferences(cluster, nodes)
        let steady = notes.isEmpty ? cluster : try waitUntilSteady()
        let change: CloudChange = isResumed || !notes.isEmpty ? .changed : .kept
        return (steady, change, ([steady.summary] + notes).joined(separator: "; "))
      }
    }
    let password = try settlePassword(files)
    return try step(.cluster) { () throws(WarehouseError) in
      try waitUntilGone(.cluster)
      let isMade = try make(nodeType: nodeType, nodes, ingredients, password)
      // There is one since a moment ago: ours, where an answer was lost, or somebody else's.
      if !isMade, let found = try redshift.cluster(plan.name) { try requireOurs(found) }
      let cluster = try waitUntilSteady()
      return (cluster, .made, cluster.summary)
    }
  }

  // MARK: Making

  /// Asks for the cluster, every field that matters for safety said outright: AWS's defaults have
  /// changed before.
  ///
  /// - Returns: false when there is a cluster of that name already.
  private func make(
    nodeType: String, _ nodes: Int, _ ingredients: ClusterIngredients, _ password: Secret
  ) throws(WarehouseError) -> Bool {
    var parameters = [
      ("ClusterType", nodes == 1 ? "single-node" : "multi-node"), ("NodeType", nodeType),
      ("DBName", plan.database), ("MasterUsername", plan.user),
      ("MasterUserPassword", password.reveal()), ("Port", "\(plan.port)"),
      ("Encrypted", "true"), ("PubliclyAccessible", plan.isPublic ? "true" : "false"),
      ("AutomatedSnapshotRetentionPeriod", "\(plan.snapshotDays)"),
      ("ClusterSubnetGroupName", plan.subnetGroup),
      ("ClusterParameterGroupName", plan.parameterGroup),
      ("VpcSecurityGroupIds.VpcSecurityGroupId.1", ingredients.securityGroup),
      ("IamRoles.IamRoleArn.1", ingredients.role), ("AllowVersionUpgrade", "true"),
      ("EnhancedVpcRouting", "false"),
    ]
    if nodes > 1 { parameters.append(("NumberOfNodes", "\(nodes)")) }
    parameters += plan.tags.parameters("Tags.Tag")
    // A role that was made a moment ago is not known everywhere yet.
    return try settlingRole(.cluster) { () throws(WarehouseError) in
      try absent("ClusterAlreadyExists") { () throws(WarehouseError) in
        try redshift.makeCluster(plan.name, parameters)
      } != nil
    }
  }

  // MARK: Bringing it to what is asked

  func requireOurs(_ cluster: CloudCluster) throws(WarehouseError) {
    guard isOurs(cluster.tags) else {
      throw foreign(
        "the cluster \(plan.name)",
        remedy: "Set DWH_CLUSTER_IDENTIFIER to another name; or set HOST to that cluster's "
          + "endpoint to use it as it is.")
    }
    guard cluster.user.map({ $0.lowercased() == plan.user }) ?? true else {
      throw WarehouseError(
        .configuration, "could not use the cluster \(plan.name) with the user \(plan.user)",
        detail: "its first user is \(cluster.user ?? "another one"), and that cannot be changed",
        hint: "Set DB_USER to that name.")
    }
  }

  /// Changes what can be changed while the cluster runs, and says what.
  private func adjust(
    _ cluster: CloudCluster, _ ingredients: ClusterIngredients
  ) throws(WarehouseError) -> [String] {
    var notes: [String] = []
    var parameters: [(String, String)] = []
    if !cluster.securityGroups.contains(ingredients.securityGroup) {
      parameters.append(
        ("VpcSecurityGroupIds.VpcSecurityGroupId.1", ingredients.securityGroup))
      notes.append("it has its security group again")
    }
    if !cluster.parameterGroups.contains(plan.parameterGroup) {
      parameters.append(("ClusterParameterGroupName", plan.parameterGroup))
      notes.append("it has its parameter group again, from its next restart on")
    }
    if cluster.snapshotDays != plan.snapshotDays {
      parameters.append(("AutomatedSnapshotRetentionPeriod", "\(plan.snapshotDays)"))
      notes.append("snapshots are kept for \(plan.snapshotDays) days")
    }
    if !parameters.isEmpty { try redshift.change(plan.name, parameters) }
    if cluster.isPublic != plan.isPublic {
      // AWS takes this change alone.
      if !parameters.isEmpty { _ = try waitUntilSteady() }
      try redshift.change(
        plan.name, [("PubliclyAccessible", plan.isPublic ? "true" : "false")])
      notes.append(plan.isPublic ? "it has an address on the internet" : "it is private")
    }
    if !cluster.roles.contains(where: { $0.arn == ingredients.role }) {
      if !notes.isEmpty { _ = try waitUntilSteady() }
      try settlingRole(.cluster) { () throws(WarehouseError) in
        try redshift.add(role: ingredients.role, to: plan.name)
      }
      notes.append("it has its role again")
    }
    return notes
  }

  /// Says what differs and is not changed without being asked.
  private func tellDifferences(_ cluster: CloudCluster, _ nodes: Int) {
    var asked = cluster.nodeType
    if case .cluster(let type?, _) = plan.shape { asked = type }
    if cluster.nodeCount != nodes || cluster.nodeType != asked {
      observe(
        .warned(
          .cluster,
          "it has \(cluster.nodeCount) of \(cluster.nodeType), and \(nodes) of \(asked) is "
            + "configured: `sparkify cluster resize` changes that"))
    }
    if !cluster.isEncrypted {
      observe(
        .warned(
          .cluster, "it is not encrypted at rest: turn that on in AWS's console, or make it anew"))
    }
    if let database = cluster.database, database.lowercased() != plan.database {
      observe(
        .warned(
          .cluster,
          "its first database is \(database), and \(plan.database) is configured: set DB_NAME"))
    }
    if let port = cluster.endpoint?.port, port != plan.port {
      observe(.warned(.cluster, "it answers on port \(port), and \(plan.port) is configured"))
    }
  }

  // MARK: Waiting

  /// Waits until the cluster is available several looks in a row, with an endpoint, its roles in
  /// use, and nothing pending.
  func waitUntilSteady() throws(WarehouseError) -> CloudCluster {
    var inRow = 0
    return try wait(.cluster, for: "the cluster \(plan.name)") { () throws(WarehouseError) in
      // AWS may not know yet what it was asked to make a moment ago.
      guard let cluster = try redshift.cluster(plan.name) else { return .going("not there yet") }
      switch cluster.state {
      case .broken(let word): throw broken(word)
      case .leaving: throw leaving
      case .available, .paused, .changing: break
      }
      guard let obstacle = cluster.obstacle else {
        inRow += 1
        return inRow >= pace.steady
          ? .there(cluster) : .going("available, \(inRow) of \(pace.steady)")
      }
      inRow = 0
      return .going(obstacle)
    }
  }

  private var leaving: WarehouseError {
    WarehouseError(
      .server, "could not wait for the cluster \(plan.name)",
      detail: "somebody deletes it meanwhile",
      hint: "Ask who did; `sparkify cluster provision` makes it anew.")
  }

  /// Waits until there is no such cluster.
  func waitUntilGone(_ step: CloudStep) throws(WarehouseError) {
    try wait(step, for: "the end of the cluster \(plan.name)") {
      () throws(WarehouseError) -> Look<Void> in
      guard let cluster = try redshift.cluster(plan.name) else { return .there(()) }
      guard case .leaving(let word) = cluster.state else { return .there(()) }
      return .going(word)
    }
  }

  func broken(_ word: String) -> WarehouseError {
    WarehouseError(
      .server, "could not use the cluster \(plan.name)", detail: "it is \(word)",
      hint: "Look at its events in AWS's console; `sparkify cluster teardown` removes it.")
  }
}

extension CloudState {
  /// Whether it is there to stay, so far as one knows.
  var isStaying: Bool {
    if case .leaving = self { false } else { true }
  }
}

extension CloudCluster {
  /// What it is not ready for; nil when it is.
  var obstacle: String? {
    guard state == .available else {
      return resizePercent.map { "\(state.word), \($0) %" } ?? state.word
    }
    if endpoint == nil { return "without an endpoint" }
    if let role = roles.first(where: { $0.status != "in-sync" }) { return "role \(role.status)" }
    return nil
  }

  /// One line about it.
  var summary: String {
    "\(name), \(nodeCount) of \(nodeType), \(endpoint.map { "\($0.host):\($0.port)" } ?? "")"
  }
}

extension WarehouseError {
  /// Whether AWS does not know a role yet that was made a moment ago: it says so in words alone.
  var isAboutNewRole: Bool {
    guard isFault("InvalidParameterValue", "Validation", "UnauthorizedOperation", "AccessDenied")
    else { return false }
    let words = (detail ?? "").lowercased()
    // The caller himself may be an assumed role, which is not allowed something: nothing to wait for.
    guard words.contains("role"), !words.contains("not authorized to perform") else { return false }
    return [
      "not authorized to assume", "not valid", "invalid iam", "not exist",
      "not authorized to access",
    ].contains { words.contains($0) }
  }
}
