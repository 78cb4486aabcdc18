import Warehouse

extension Command {
  /// `cluster pause`: nodes off, storage stays.
  static let clusterPause = Command(
    name: "cluster pause", usage: "", summary: "pauses the cluster: only its storage costs then",
    details: """
      Pauses the cluster and waits for it, which takes some minutes and cannot be cancelled at AWS.
      Connections end. A serverless warehouse has nothing to pause: it costs while queries run.
      """,
    options: [dryRunOption, eventsOption]
  ) { invocation throws(WarehouseError) in
    try await change(invocation) { (provisioner, cancellation) throws(WarehouseError) in
      try provisioner.pause(cancellation)
    }
  }

  /// `cluster resume`: nodes on.
  static let clusterResume = Command(
    name: "cluster resume", usage: "", summary: "resumes a paused cluster",
    details: """
      Resumes the cluster and waits until it answers steadily. It costs by the hour from then on.
      """,
    options: [dryRunOption, eventsOption]
  ) { invocation throws(WarehouseError) in
    try await change(invocation, from: .paused) {
      (provisioner, cancellation) throws(WarehouseError) in try provisioner.resume(cancellation)
    }
  }

  /// `cluster resize`: other nodes, or another capacity.
  static let clusterResize = Command(
    name: "cluster resize", usage: "", summary: "gives the warehouse more nodes, or fewer",
    details: """
      Gives the cluster another number of nodes, and another type with --node-type, or a serverless
      workgroup another capacity. It waits until the warehouse answers steadily. Where AWS has no
      elastic resize, it asks for a classic one with --classic alone: that may take hours, and until
      then the cluster can be read and not written. Write the same into dwh.cfg, or the next
      `cluster provision` tells of the difference.
      """,
    options: [
      Option(name: "--nodes", value: "N", help: "how many nodes"),
      Option(name: "--node-type", value: "TYPE", help: "another kind of node, ra3.xlplus"),
      Option(name: "--classic", value: nil, help: "classic where AWS has no elastic resize"),
      Option(name: "--capacity", value: "N", help: "serverless: processing units"),
      dryRunOption, eventsOption,
    ]
  ) { invocation throws(WarehouseError) in
    let arguments = invocation.arguments
    let nodes = try arguments.integer("--nodes", in: 1...128)
    let capacity = try arguments.integer("--capacity", in: 4...1024)
    let type = arguments.value("--node-type")?.lowercased()
    let isClassic = arguments.has("--classic")
    if let capacity, nodes == nil, type == nil {
      return try await resize(invocation, capacity: capacity)
    }
    guard let nodes, capacity == nil else {
      throw WarehouseError(
        .usage, "a resize needs --nodes or --capacity",
        hint: "Give --nodes for a cluster, --capacity for a serverless workgroup.")
    }
    return try await change(invocation) { (provisioner, cancellation) throws(WarehouseError) in
      try provisioner.resize(
        nodeType: type, nodes: nodes, isClassic: isClassic, cancellation)
    }
  }

  private static func resize(
    _ invocation: Invocation, capacity: Int
  ) async throws(WarehouseError) -> ExitStatus {
    try invocation.arguments.requireWords(atMost: 0)
    if invocation.arguments.has("--dry-run") {
      return try invocation.dryRun(from: .available) { (provisioner) throws(WarehouseError) in
        _ = try provisioner.resize(capacity: capacity, Cancellation())
      }
    }
    let reporter = CloudReporter(invocation)
    let workgroup = try await invocation.withProvisioner(reporter) {
      (provisioner, cancellation) throws(WarehouseError) in
      try provisioner.resize(capacity: capacity, cancellation)
    }
    reporter.finish(
      [
        ("name", .string(workgroup.name)), ("state", .string(workgroup.state.word)),
        ("capacity", JSONValue(workgroup.baseCapacity)),
      ], lines: [])
    return .done
  }

  /// `cluster snapshot`: a copy that stays.
  static let clusterSnapshot = Command(
    name: "cluster snapshot", usage: "[NAME]", summary: "copies the warehouse as a snapshot",
    details: """
      Makes a snapshot and waits for it. It stays, and costs, until somebody deletes it; without a
      name it gets one from the warehouse's name and the time.
      """,
    options: [dryRunOption, eventsOption]
  ) { invocation throws(WarehouseError) in
    try invocation.arguments.requireWords(atMost: 1)
    let name = try snapshotName(invocation.arguments.words.first)
    if invocation.arguments.has("--dry-run") {
      return try invocation.dryRun(from: .available) { (provisioner) throws(WarehouseError) in
        _ = try provisioner.snapshot(named: name, Cancellation())
      }
    }
    let reporter = CloudReporter(invocation)
    let snapshot = try await invocation.withProvisioner(reporter) {
      (provisioner, cancellation) throws(WarehouseError) in
      try provisioner.snapshot(named: name, cancellation)
    }
    reporter.finish(
      [("name", .string(snapshot.name)), ("state", .string(snapshot.status))], lines: [])
    return .done
  }

  /// A name that AWS takes for a snapshot (Redshift API reference, "CreateClusterSnapshot").
  private static func snapshotName(_ word: String?) throws(WarehouseError) -> String? {
    guard let name = word?.lowercased() else { return nil }
    let isRight =
      name.unicodeScalars.allSatisfy { scalar in
        ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "-"
      } && name.first?.isLetter == true && name.count <= 235 && !name.contains("--")
      && !name.hasSuffix("-")
    guard isRight else {
      throw WarehouseError(
        .usage, "could not name a snapshot \"\(name)\"",
        hint: "Use letters, digits and single hyphens, a letter first.")
    }
    return name
  }

  /// Changes the cluster, and tells how it stands then.
  private static func change(
    _ invocation: Invocation, from start: CloudDryRun.Start = .available,
    _ body:
      @escaping @Sendable (Provisioner, Cancellation) throws(WarehouseError) -> CloudCluster
  ) async throws(WarehouseError) -> ExitStatus {
    try invocation.arguments.requireWords(atMost: 0)
    if invocation.arguments.has("--dry-run") {
      return try invocation.dryRun(from: start) { (provisioner) throws(WarehouseError) in
        _ = try body(provisioner, Cancellation())
      }
    }
    let reporter = CloudReporter(invocation)
    let cluster = try await invocation.withProvisioner(reporter, body)
    reporter.finish(
      [
        ("name", .string(cluster.name)), ("state", .string(cluster.state.word)),
        ("node_type", .string(cluster.nodeType)), ("nodes", .integer(cluster.nodeCount)),
        ("host", JSONValue(cluster.endpoint?.host)),
      ], lines: [])
    return .done
  }
}
