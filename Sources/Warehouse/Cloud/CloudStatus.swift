/// A warehouse in the cloud as AWS describes it, with what it costs.
public struct CloudStatus: Sendable, Equatable {
  /// What is there.
  public enum Subject: Sendable, Equatable {
    case cluster(CloudCluster)
    case workgroup(CloudWorkgroup)
    /// Nothing of that name in that region.
    case missing
  }

  /// What was asked for.
  public var name: CloudName
  /// Where.
  public var region: String
  /// What is there.
  public var subject: Subject
  /// Its snapshots, the newest first.
  public var snapshots: [CloudSnapshot]
  /// What it costs; nil when the price is not known, or nothing is there.
  public var price: CloudPrice?

  /// Asks AWS about the warehouse of a configuration. Blocks.
  ///
  /// - Returns: nil when the configuration is about no warehouse in the cloud.
  /// - Throws: an error that says who can act; `.cancelled`.
  public static func read(
    _ configuration: Configuration, observer: StatementObserver? = nil,
    _ cancellation: Cancellation
  ) throws(WarehouseError) -> CloudStatus? {
    guard let name = CloudName(configuration) else { return nil }
    let client = AWSClient(CloudName.settings(configuration), observer: observer)
    let calls = LiveCloudCalls(client: client)
    var status = CloudStatus(
      name: name, region: try client.region, subject: .missing, snapshots: [], price: nil)
    let unitPrice = configuration.cluster.unitPrice
    switch name {
    case .cluster(let name):
      let redshift = RedshiftClient(calls: calls, cancellation: cancellation)
      if let cluster = try redshift.cluster(name) {
        status.subject = .cluster(cluster)
        status.price = CloudPrice(
          nodeType: cluster.nodeType, nodes: cluster.nodeCount, region: status.region,
          configured: unitPrice)
      }
      status.snapshots = try optional { () throws(WarehouseError) in
        try redshift.snapshots(of: name)
      }
    case .workgroup(let name):
      let serverless = ServerlessClient(calls: calls, cancellation: cancellation)
      if let workgroup = try serverless.workgroup(name) {
        status.subject = .workgroup(workgroup)
        status.price = workgroup.baseCapacity.flatMap {
          CloudPrice(units: $0, region: status.region, configured: unitPrice)
        }
        status.snapshots = try optional { () throws(WarehouseError) in
          try serverless.snapshots(of: workgroup.namespace)
        }
      }
    }
    status.snapshots.sort { ($0.created?.milliseconds ?? 0) > ($1.created?.milliseconds ?? 0) }
    return status
  }

  /// The same on a thread of its own; cancelling the task ends it.
  public static func asked(
    _ configuration: Configuration, observer: StatementObserver? = nil
  ) async throws(WarehouseError) -> CloudStatus? {
    let cancellation = Cancellation()
    return try await onThread(cancellation) { () throws(WarehouseError) in
      try read(configuration, observer: observer, cancellation)
    }
  }

  /// What is good to know and not worth a failure: who may look at a cluster need not be allowed to
  /// list snapshots.
  private static func optional(
    _ body: () throws(WarehouseError) -> [CloudSnapshot]
  ) throws(WarehouseError) -> [CloudSnapshot] {
    do throws(WarehouseError) {
      return try body()
    } catch {
      guard error.kind != .cancelled else { throw error }
      return []
    }
  }

  /// What can be done with it; nil when there is nothing.
  public var state: CloudState? {
    switch subject {
    case .cluster(let cluster): cluster.state
    case .workgroup(let workgroup): workgroup.state
    case .missing: nil
    }
  }

  /// When it was made.
  public var created: Timestamp? {
    switch subject {
    case .cluster(let cluster): cluster.created
    case .workgroup(let workgroup): workgroup.created
    case .missing: nil
    }
  }

  /// Whether it costs as long as it is not paused.
  public var costsByTheHour: Bool {
    guard case .cluster(let cluster) = subject else { return false }
    switch cluster.state {
    case .paused, .leaving: return false
    case .available, .changing, .broken: return true
    }
  }

  /// What it may have cost since it was made, at most, with the nodes that it has now: AWS does not
  /// tell how many it had before. Nil when that is not known.
  public func costSoFar(at now: Timestamp) -> Double? {
    guard let price, !price.isServerless, let created else { return nil }
    return price.cost(after: .milliseconds(max(0, now.milliseconds - created.milliseconds)))
  }
}

extension CloudStatus {
  /// What there is to know of it, the most important first: label and value.
  public func facts(at now: Timestamp) -> [(label: String, value: String)] {
    var facts: [(String, String)] = []
    switch subject {
    case .missing:
      facts.append(("cloud", "there is no \(name.title.dropFirst(4)) in \(region)"))
    case .cluster(let cluster):
      facts.append(("cluster", "\(cluster.stateText) · \(cluster.name)"))
      facts += costs(at: now)
      facts.append(("nodes", "\(cluster.nodeCount) × \(cluster.nodeType) in \(region)"))
      facts.append(("endpoint", cluster.endpoint.text))
      facts.append(("role", cluster.roles.map { "\($0.arn) (\($0.status))" }.listed("none")))
      facts.append(("encryption", cluster.isEncrypted ? "at rest" : "none at rest"))
      facts.append(("address", cluster.isPublic ? "on the internet" : "in its network alone"))
      facts.append(("network", ([cluster.network ?? "?"] + cluster.securityGroups).listed("?")))
    case .workgroup(let workgroup):
      facts.append(("workgroup", "\(workgroup.state.word) · \(workgroup.name)"))
      facts += costs(at: now)
      let capacity = workgroup.baseCapacity.map { "\($0) units" } ?? "?"
      facts.append(("capacity", "\(capacity) in \(region)"))
      facts.append(("endpoint", workgroup.endpoint.text))
      facts.append(("namespace", workgroup.namespace))
      facts.append(("address", workgroup.isPublic ? "on the internet" : "in its network alone"))
      facts.append(("network", workgroup.securityGroups.listed("?")))
    }
    if let created { facts.append(("made", "\(created.dateText) \(created.clockText) UTC")) }
    facts.append(("snapshots", snapshotText))
    return facts.map { (label: $0.0, value: $0.1) }
  }

  private func costs(at now: Timestamp) -> [(String, String)] {
    guard let price else {
      return [("cost", "price not known; see \(PriceList.page), and set NODE_PRICE")]
    }
    var facts: [(String, String)] = []
    if state == .paused {
      facts.append(("cost", "paused: its storage alone; \(price.hourText) when it runs"))
    } else {
      facts.append(("cost", "\(price.hourText): \(price.terms)"))
    }
    if let total = costSoFar(at: now) {
      facts.append(
        (
          "since made",
          "at most \(CloudPrice.text(total)) at today's size, as if it was never paused"
        ))
    }
    facts.append(("price", price.sourceText))
    return facts
  }

  private var snapshotText: String {
    let kept = snapshots.filter(\.isManual)
    guard let newest = snapshots.first else { return "none" }
    let others = "\(snapshots.count), \(kept.count) of them kept until deleted"
    return "\(others); the newest is \(newest.name)"
  }
}

extension CloudCluster {
  /// The state, with how far it is on its way.
  fileprivate var stateText: String {
    let words = [resizePercent.map { "\($0) %" }].compactMap { $0 } + pending
    return words.isEmpty ? state.word : "\(state.word) (\(words.joined(separator: ", ")))"
  }
}

extension CloudEndpoint? {
  fileprivate var text: String { map { "\($0.host):\($0.port)" } ?? "none yet" }
}

extension [String] {
  fileprivate func listed(_ none: String) -> String {
    isEmpty ? none : joined(separator: ", ")
  }
}
