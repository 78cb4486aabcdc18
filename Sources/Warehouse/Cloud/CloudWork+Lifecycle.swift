/// Pausing, resuming, snapshots and resizing.
extension CloudWork {
  /// Our cluster as it stands.
  ///
  /// - Throws: `.configuration` when there is none, or when it is not ours.
  func ownCluster(to verb: String) throws(WarehouseError) -> CloudCluster {
    if case .serverless = plan.shape {
      throw WarehouseError(
        .usage, "a serverless warehouse cannot be \(verb)",
        hint: "It costs while queries run, and only then.")
    }
    guard let cluster = try redshift.cluster(plan.name) else { throw nothingThere }
    guard isOurs(cluster.tags) else {
      throw foreign(
        "the cluster \(plan.name)", remedy: "Use AWS's console for a cluster of somebody else.")
    }
    return cluster
  }

  var nothingThere: WarehouseError {
    WarehouseError(
      .configuration, "there is no warehouse \(plan.name) in \(plan.region)",
      hint: "`sparkify cluster provision` makes it; or correct DWH_CLUSTER_IDENTIFIER and "
        + "AWS.REGION.")
  }

  /// Pauses the cluster and waits for it.
  func pause() throws(WarehouseError) -> CloudCluster {
    try step(.cluster) { () throws(WarehouseError) in
      let found = try ownCluster(to: "paused")
      if found.state == .paused { return (found, .kept, "\(plan.name) is paused already") }
      guard found.snapshotDays > 0 else {
        throw WarehouseError(
          .configuration, "could not pause the cluster \(plan.name)",
          detail: "AWS pauses clusters with automated snapshots only, and they are off",
          hint: "Set DWH_SNAPSHOT_DAYS to 1 and run `sparkify cluster provision`.")
      }
      if found.state != .changing("pausing") {
        _ = try waitUntilSteady()
        try ask("PauseCluster", verb: "pause", passing: "pausing", "paused")
      }
      let paused = try wait(.cluster, for: "the pause of \(plan.name)") {
        () throws(WarehouseError) in
        guard let cluster = try redshift.cluster(plan.name) else { throw nothingThere }
        if case .broken(let word) = cluster.state { throw broken(word) }
        return cluster.state == .paused ? .there(cluster) : .going(cluster.state.word)
      }
      return (paused, .changed, "\(plan.name) is paused: its storage costs, its nodes do not")
    }
  }

  /// Resumes the cluster and waits until it answers steadily.
  func resume() throws(WarehouseError) -> CloudCluster {
    try step(.cluster) { () throws(WarehouseError) in
      let found = try ownCluster(to: "resumed")
      let isResumed = try resumeIfPaused(found)
      let cluster = try waitUntilSteady()
      return (cluster, isResumed ? .changed : .kept, cluster.summary)
    }
  }

  /// Resumes a cluster that is paused or about to be; true when it did.
  func resumeIfPaused(_ cluster: CloudCluster) throws(WarehouseError) -> Bool {
    var state = cluster.state
    if state == .changing("pausing") {
      state = try wait(.cluster, for: "the pause of \(plan.name)") { () throws(WarehouseError) in
        guard let cluster = try redshift.cluster(plan.name) else { throw nothingThere }
        return cluster.state == .changing("pausing")
          ? .going("pausing") : .there(cluster.state)
      }
    }
    guard state == .paused else { return false }
    try ask("ResumeCluster", verb: "resume", passing: "resuming", "available")
    return true
  }

  /// Asks for a change of state; that somebody asked a moment ago is no error.
  private func ask(
    _ action: String, verb: String, passing words: String...
  ) throws(WarehouseError) {
    do throws(WarehouseError) {
      try redshift.command(action, plan.name, verb)
    } catch {
      guard error.isFault("InvalidClusterState"), let now = try redshift.cluster(plan.name),
        words.contains(now.state.word)
      else { throw error }
    }
  }

  /// Makes a snapshot and waits for it.
  func snapshot(_ name: String) throws(WarehouseError) -> CloudSnapshot {
    try step(.snapshot) { () throws(WarehouseError) in
      try askForSnapshot(name)
      let made = try waitForSnapshot(name)
      return (made, CloudChange.made, "\(name): it costs until somebody deletes it")
    }
  }

  private func askForSnapshot(_ name: String) throws(WarehouseError) {
    switch plan.shape {
    case .cluster:
      let cluster = try ownCluster(to: "copied")
      if cluster.state != .paused { _ = try waitUntilSteady() }
      _ = try absent("ClusterSnapshotAlreadyExists") { () throws(WarehouseError) in
        try redshift.makeSnapshot(name, of: plan.name, tags: plan.tags)
      }
    case .serverless(let namespace, _):
      guard try serverless.namespace(namespace) != nil else { throw nothingThere }
      _ = try absent("Conflict") { () throws(WarehouseError) in
        try serverless.makeSnapshot(name, of: namespace, tags: plan.tags)
      }
    }
  }

  private func waitForSnapshot(_ name: String) throws(WarehouseError) -> CloudSnapshot {
    try wait(.snapshot, for: "the snapshot \(name)") { () throws(WarehouseError) in
      guard let snapshot = try snapshots().first(where: { $0.name == name }) else {
        return .going("not there yet")
      }
      if ["failed", "cancelled"].contains(snapshot.status) {
        throw WarehouseError(
          .server, "could not make the snapshot \(name)", detail: "it is \(snapshot.status)",
          hint: "Try again with another name.")
      }
      return snapshot.status == "available" ? .there(snapshot) : .going(snapshot.status)
    }
  }

  /// All snapshots of the warehouse.
  func snapshots() throws(WarehouseError) -> [CloudSnapshot] {
    switch plan.shape {
    case .cluster: try redshift.snapshots(of: plan.name)
    case .serverless(let namespace, _): try serverless.snapshots(of: namespace)
    }
  }

  /// Gives the cluster another number or type of nodes, and waits until it answers steadily.
  ///
  /// - Parameter isClassic: whether a classic resize will do where AWS has no elastic one.
  func resize(
    nodeType: String?, nodes: Int, isClassic: Bool
  ) throws(WarehouseError) -> CloudCluster {
    try step(.cluster) { () throws(WarehouseError) in
      let found = try ownCluster(to: "resized by nodes")
      let type = nodeType ?? found.nodeType
      if found.nodeCount == nodes, found.nodeType == type, found.state == .available {
        return (found, .kept, "\(plan.name) has \(nodes) of \(type) already")
      }
      guard found.state != .paused else {
        throw WarehouseError(
          .configuration, "could not resize the cluster \(plan.name)", detail: "it is paused",
          hint: "Run `sparkify cluster resume` first.")
      }
      _ = try waitUntilSteady()
      try askToResize(type, nodes, isClassic: isClassic)
      let cluster = try waitUntilSteady()
      guard cluster.nodeCount == nodes, cluster.nodeType == type else {
        throw WarehouseError(
          .server, "could not resize the cluster \(plan.name)",
          detail: "it has \(cluster.nodeCount) of \(cluster.nodeType)",
          hint: "Look at its events in AWS's console: not every step is allowed at once.")
      }
      return (cluster, .changed, cluster.summary)
    }
  }

  /// Asks for an elastic resize, which takes minutes, as soon as nothing else is done to the cluster:
  /// it may be this very resize, when the answer to it was lost. Where AWS has no elastic one, as for
  /// several types to one node and from it, it asks for a classic one, if that will do.
  private func askToResize(
    _ type: String, _ nodes: Int, isClassic: Bool
  ) throws(WarehouseError) {
    let parameters = [
      ("ClusterType", nodes == 1 ? "single-node" : "multi-node"), ("NodeType", type),
      ("NumberOfNodes", "\(nodes)"),
    ]
    var isElastic = true
    try wait(.cluster, for: "the end of what is done to \(plan.name)") {
      () throws(WarehouseError) -> Look<Void> in
      guard let cluster = try redshift.cluster(plan.name) else { throw nothingThere }
      if case .broken(let word) = cluster.state { throw broken(word) }
      if cluster.state == .changing("resizing") { return .there(()) }
      if cluster.nodeCount == nodes, cluster.nodeType == type { return .there(()) }
      guard cluster.state == .available else { return .going(cluster.state.word) }
      do throws(WarehouseError) {
        try redshift.resize(plan.name, parameters + [("Classic", isElastic ? "false" : "true")])
        return .there(())
      } catch {
        if error.isFault("InvalidClusterState") { return .going("busy") }
        guard isElastic, error.isFault("UnsupportedOperation", "InvalidParameterCombination") else {
          throw error
        }
        guard isClassic else { throw error.asking(forClassicResizeOf: plan.name) }
        isElastic = false
        observe(
          .warned(
            .cluster,
            "AWS does this as a classic resize: it may take hours, and until then the "
              + "cluster can be read and not written"))
        return .going("asked for a classic resize")
      }
    }
  }

  /// Gives the workgroup another capacity.
  func resize(capacity: Int) throws(WarehouseError) -> CloudWorkgroup {
    try step(.workgroup) { () throws(WarehouseError) in
      guard let found = try serverless.workgroup(plan.name) else { throw nothingThere }
      guard isOurs(try serverless.tags(of: found.arn)) else {
        throw foreign(
          "the workgroup \(plan.name)", remedy: "Use AWS's console for one of somebody else.")
      }
      if found.baseCapacity == capacity { return (found, .kept, found.summary) }
      _ = try waitUntilWorkgroupSteady()
      try serverless.changeWorkgroup(plan.name, [("baseCapacity", .integer(capacity))])
      let workgroup = try waitUntilWorkgroupSteady()
      return (workgroup, .changed, workgroup.summary)
    }
  }
}

extension WarehouseError {
  /// The same as a question: AWS has no elastic resize to this, and a classic one takes long.
  fileprivate func asking(forClassicResizeOf name: String) -> WarehouseError {
    var error = WarehouseError(
      .server, "could not resize the cluster \(name) elastically", detail: detail ?? message,
      hint:
        "A classic resize may do: it can take hours, and until then the cluster can be read and "
        + "not written. `sparkify cluster resize --classic` asks for one.")
    error.serviceCode = Self.wantsClassicResize
    return error
  }

  private static let wantsClassicResize = "UnsupportedOperation"

  /// Whether a classic resize may do what an elastic one cannot.
  public var asksForClassicResize: Bool { serviceCode == Self.wantsClassicResize }
}
