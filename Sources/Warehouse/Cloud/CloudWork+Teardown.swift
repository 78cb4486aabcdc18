/// Removing what provisioning made.
extension CloudWork {
  /// Removes everything that is ours, waits until it is gone, and looks again.
  ///
  /// - Parameter keepsSnapshot: whether the data stay as a last snapshot.
  func teardown(
    keepsSnapshot: Bool, _ files: CloudFiles
  ) throws(WarehouseError) -> TeardownReceipt {
    var receipt = TeardownReceipt(name: plan.name, ended: .now())
    let account = try identify()
    switch plan.shape {
    case .cluster: try removeCluster(keepsSnapshot, &receipt)
    case .serverless(let namespace, _):
      try removeServerless(namespace, keepsSnapshot, &receipt)
    }
    if receipt.deleted.isEmpty { try requireRightPlace(account, files) }
    receipt.ended = .now()
    try removeGroups(&receipt)
    try removeAccess(&receipt)
    try removeRole(&receipt)
    try lookForRemains(&receipt)
    try forget(receipt, in: files)
    return receipt
  }

  /// Makes sure that what was not found was looked for where the configuration has it: the role
  /// is the same in every region, and the warehouse elsewhere still needs it.
  private func requireRightPlace(
    _ account: String?, _ files: CloudFiles
  ) throws(WarehouseError) {
    if case .own = plan.role, let arn = files.known[.roleARN], let account,
      let owner = CloudReachability.account(of: arn), owner != account
    {
      throw WarehouseError(
        .configuration, "could not find the warehouse \(plan.name) to tear it down",
        detail:
          "there is none in the account \(account), and its role is of the account \(owner)",
        hint: "Use keys of the account \(owner); or empty HOST and IAM_ROLE.ARN if that one is "
          + "gone for sure.")
    }
  }

  // MARK: The cluster

  private func removeCluster(
    _ keepsSnapshot: Bool, _ receipt: inout TeardownReceipt
  ) throws(WarehouseError) {
    receipt = try step(.cluster) { () throws(WarehouseError) in
      var receipt = receipt
      guard let found = try redshift.cluster(plan.name) else {
        return (receipt, .absent, "there is no cluster \(plan.name)")
      }
      guard isOurs(found.tags) else {
        receipt.strangers.add(found)
        receipt.kept.append("cluster \(plan.name): somebody else made it")
        return (receipt, .kept, "\(plan.name) is somebody else's")
      }
      receipt.describe(found)
      if found.state.isStaying { try askToDelete(keepsSnapshot) }
      try wait(.cluster, for: "the end of the cluster \(plan.name)") {
        () throws(WarehouseError) -> Look<Void> in
        guard let cluster = try redshift.cluster(plan.name) else { return .there(()) }
        return .going(cluster.state.word)
      }
      receipt.deleted.append("cluster \(plan.name)")
      return (receipt, .removed, "\(plan.name) is gone")
    }
  }

  /// Deletes the cluster from whatever state it is in: AWS refuses while something else is done to
  /// it, and may refuse to copy one that is paused.
  private func askToDelete(_ keepsSnapshot: Bool) throws(WarehouseError) {
    let snapshot = keepsSnapshot ? plan.snapshotName("final") : nil
    try wait(.cluster, for: "the end of what is done to \(plan.name)") {
      () throws(WarehouseError) -> Look<Void> in
      guard let cluster = try redshift.cluster(plan.name), cluster.state.isStaying else {
        return .there(())
      }
      if case .changing(let word) = cluster.state { return .going(word) }
      do throws(WarehouseError) {
        try redshift.removeCluster(plan.name, snapshot: snapshot)
        return .there(())
      } catch {
        if error.isFault("ClusterNotFound") { return .there(()) }
        // The name is this teardown's own: an earlier call of it was done, and its answer was lost.
        if error.isFault("ClusterSnapshotAlreadyExists") { return .going("busy") }
        guard error.isFault("InvalidClusterState") else { throw error }
        if cluster.state == .paused {
          observe(.warned(.cluster, "AWS deletes it only while it runs: it is resumed first"))
          _ = try absent("InvalidClusterState") { () throws(WarehouseError) in
            try redshift.command("ResumeCluster", plan.name, "resume")
          }
        }
        return .going("busy")
      }
    }
  }

  // MARK: Serverless

  private func removeServerless(
    _ namespace: String, _ keepsSnapshot: Bool, _ receipt: inout TeardownReceipt
  ) throws(WarehouseError) {
    receipt = try step(.workgroup) { () throws(WarehouseError) in
      var receipt = receipt
      guard let found = try serverless.workgroup(plan.name) else {
        return (receipt, .absent, "there is no workgroup \(plan.name)")
      }
      guard isOurs(try serverless.tags(of: found.arn)) else {
        receipt.strangers.add(found)
        receipt.kept.append("workgroup \(plan.name): somebody else made it")
        return (receipt, .kept, "\(plan.name) is somebody else's")
      }
      receipt.created = found.created
      receipt.endpoint = found.endpoint
      receipt.shape = found.baseCapacity.map { "serverless, \($0) RPU" }
      try remove(.workgroup, "the workgroup \(plan.name)") { () throws(WarehouseError) in
        try serverless.workgroup(plan.name)?.state
      } ask: { () throws(WarehouseError) in
        try serverless.removeWorkgroup(plan.name)
      }
      receipt.deleted.append("workgroup \(plan.name)")
      return (receipt, .removed, "\(plan.name) is gone")
    }
    receipt = try step(.namespace) { () throws(WarehouseError) in
      var receipt = receipt
      guard let found = try serverless.namespace(namespace) else {
        return (receipt, .absent, "there is no namespace \(namespace)")
      }
      guard isOurs(try serverless.tags(of: found.arn)) else {
        receipt.strangers.add(found)
        receipt.kept.append("namespace \(namespace): somebody else made it")
        return (receipt, .kept, "\(namespace) is somebody else's")
      }
      if let reason = receipt.strangers.reason(toKeep: namespace) {
        receipt.kept.append("namespace \(namespace): \(reason)")
        receipt.strangers.used.formUnion(found.roles)
        return (receipt, .kept, reason)
      }
      receipt.created = found.created ?? receipt.created
      let snapshot = keepsSnapshot ? plan.snapshotName("final") : nil
      try remove(.namespace, "the namespace \(namespace)") { () throws(WarehouseError) in
        try serverless.namespace(namespace)?.state
      } ask: { () throws(WarehouseError) in
        try serverless.removeNamespace(namespace, snapshot: snapshot)
      }
      receipt.deleted.append("namespace \(namespace)")
      return (receipt, .removed, "\(namespace) is gone")
    }
  }

  /// Asks for a deletion as soon as that can be asked for, and waits until it is gone.
  private func remove(
    _ step: CloudStep, _ what: String, _ state: () throws(WarehouseError) -> CloudState?,
    ask: () throws(WarehouseError) -> Void
  ) throws(WarehouseError) {
    try wait(step, for: "the end of \(what)") { () throws(WarehouseError) -> Look<Void> in
      guard let now = try state() else { return .there(()) }
      guard now == .available else { return .going(now.word) }
      do throws(WarehouseError) {
        try ask()
      } catch {
        guard error.isFault("Conflict", "ResourceNotFound") else { throw error }
      }
      return .going("asked to go")
    }
  }

  // MARK: Proof

  /// Looks for whatever bears our mark, and for the snapshots that stay.
  private func lookForRemains(_ receipt: inout TeardownReceipt) throws(WarehouseError) {
    receipt = try step(.remains) { () throws(WarehouseError) in
      var receipt = receipt
      receipt.snapshots = try snapshots().filter(\.isManual)
      receipt.remaining += try marked(
        except: Set(receipt.snapshots.map(\.name)), receipt.strangers.used)
      if !receipt.remaining.isEmpty {
        observe(.warned(.remains, "still there: \(receipt.remaining.joined(separator: ", "))"))
      }
      let note =
        receipt.snapshots.isEmpty
        ? receipt.kept.isEmpty ? "nothing costs any more" : "nothing of ours costs any more"
        : "these snapshots cost until somebody deletes them: "
          + receipt.snapshots.map(\.name).joined(separator: ", ")
      return (receipt, receipt.remaining.isEmpty ? .absent : .kept, note)
    }
  }

  /// What bears our mark once the lists of AWS, which lag behind, had time to forget what is gone.
  ///
  /// - Parameters:
  ///   - snapshots: those that stay.
  ///   - used: names and ARNs of what somebody else's warehouse uses: it stays, too.
  private func marked(
    except snapshots: Set<String>, _ used: Set<String>
  ) throws(WarehouseError) -> [String] {
    let tag = (key: CloudPlan.tag, value: plan.name)
    var found: [String] = []
    for attempt in 1...pace.settles {
      found = try ec2.groups(taggedWith: tag).filter { !used.contains($0.id) }
        .map { "security group \($0.id)" }
      found += try markedRole(used)
      switch plan.shape {
      case .cluster:
        // ARNs end in what names them: …:snapshot:sparkify/name, …:cluster:sparkify.
        found += try redshift.resources(taggedWith: tag).filter { arn in
          !snapshots.contains { arn.hasSuffix("/" + $0) } && !arn.contains("/rs:")
            && !used.contains { arn.hasSuffix(":" + $0) }
        }
      case .serverless(let namespace, _):
        found += try markedServerless(namespace, used)
      }
      if found.isEmpty { break }
      observe(.progressed(.remains, "still listed: \(found.joined(separator: ", "))"))
      if attempt < pace.settles { try pace.pause(pace.settle, cancellation) }
    }
    return found
  }

  private func markedRole(_ used: Set<String>) throws(WarehouseError) -> [String] {
    guard case .own(let name) = plan.role else { return [] }
    let role = try absent("NoSuchEntity") { () throws(WarehouseError) in try iam.role(name) }
    guard let role, isOurs(role.tags), !used.contains(role.arn) else { return [] }
    return ["role \(name)"]
  }

  /// No call lists serverless resources by tag: those of our names are asked for.
  private func markedServerless(
    _ namespace: String, _ used: Set<String>
  ) throws(WarehouseError) -> [String] {
    var found: [String] = []
    if let workgroup = try serverless.workgroup(plan.name),
      isOurs(try serverless.tags(of: workgroup.arn))
    {
      found.append("workgroup \(plan.name)")
    }
    if !used.contains(namespace), let space = try serverless.namespace(namespace),
      isOurs(try serverless.tags(of: space.arn))
    {
      found.append("namespace \(namespace)")
    }
    return found
  }

  /// Takes endpoint and role out of the configuration, so that nobody looks for what is gone.
  private func forget(
    _ receipt: TeardownReceipt, in files: CloudFiles
  ) throws(WarehouseError) {
    try step(.configuration) { () throws(WarehouseError) in
      var values: [(key: ConfigurationKey, value: String)] = []
      if let host = files.known[.host], receipt.strangers.titles.isEmpty,
        host == receipt.endpoint?.host || host.isEndpoint(of: plan)
      {
        values.append((.host, ""))
      }
      if case .own = plan.role, let arn = files.known[.roleARN],
        receipt.strangers.reason(toKeep: arn) == nil
      {
        values.append((.roleARN, ""))
      }
      let written = try files.write(values)
      let names = written.map(\.rawValue).joined(separator: " and ")
      return (
        (), written.isEmpty ? .kept : .changed,
        written.isEmpty ? "\(files.path) stays as it is" : "\(names) blank in \(files.path)"
      )
    }
  }
}

extension String {
  /// Whether a host's name is what AWS calls this warehouse: `name.id.region.redshift…`.
  fileprivate func isEndpoint(of plan: CloudPlan) -> Bool {
    lowercased().hasPrefix(plan.name + ".")
  }
}

extension TeardownReceipt {
  fileprivate mutating func describe(_ cluster: CloudCluster) {
    (nodeType, nodeCount) = (cluster.nodeType, cluster.nodeCount)
    shape = "\(cluster.nodeCount) of \(cluster.nodeType)"
    (created, endpoint) = (cluster.created, cluster.endpoint)
  }
}

extension Provisioner {
  /// Removes everything that provisioning made for this warehouse, waits until AWS says that it is
  /// gone, and looks again. Nothing is asked of the operator here: who calls has asked.
  ///
  /// - Parameter keepsSnapshot: whether the data stay as a last snapshot, which costs.
  public func teardown(
    keepsSnapshot: Bool, _ cancellation: Cancellation
  ) throws(WarehouseError) -> TeardownReceipt {
    let work = work(cancellation)
    do throws(WarehouseError) {
      return try work.teardown(keepsSnapshot: keepsSnapshot, files)
    } catch {
      guard error.kind != .cancelled, error.kind != .configuration else { throw error }
      var continued = error
      let next = "`sparkify cluster teardown` goes on where this ended."
      continued.hint = [error.hint, next].compactMap { $0 }.joined(separator: " ")
      throw continued
    }
  }
}
