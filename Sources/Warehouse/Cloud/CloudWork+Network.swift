/// Where the warehouse lies: network and subnets.
struct CloudNetwork {
  var id: String
  var subnets: [EC2Subnet]
  /// Who is let in, as `address/bits`.
  var visitors: String
}

extension CloudWork {
  var ec2: EC2Client { EC2Client(calls: calls, cancellation: cancellation) }
  var redshift: RedshiftClient { RedshiftClient(calls: calls, cancellation: cancellation) }
  var serverless: ServerlessClient { ServerlessClient(calls: calls, cancellation: cancellation) }
  var iam: IAMClient { IAMClient(calls: calls, cancellation: cancellation) }

  /// Whether something bears our mark.
  func isOurs(_ tags: [String: String]) -> Bool { tags[CloudPlan.tag] == plan.name }

  /// Who asks.
  ///
  /// - Returns: the number of the account; nil when AWS does not say it.
  @discardableResult
  func identify() throws(WarehouseError) -> String? {
    try step(.identity) { () throws(WarehouseError) in
      let answer = try calls.query(
        .sts, "GetCallerIdentity", [], purpose: "ask AWS who we are", cancellation)
      let (account, arn) = (answer.text("Account"), answer.text("Arn") ?? "?")
      return (account, .kept, "account \(account ?? "?") as \(arn), region \(plan.region)")
    }
  }

  /// Finds network and subnets, and for a cluster makes the group that names them.
  func settleNetwork() throws(WarehouseError) -> CloudNetwork {
    try step(.network) { () throws(WarehouseError) in
      let visitors = try visitors()
      if visitors.hasSuffix("/0") {
        observe(.warned(.network, "the whole internet may reach the warehouse: \(visitors)"))
      }
      let subnets = try chosenSubnets()
      guard let id = subnets.first?.network else { throw noNetwork }
      let network = CloudNetwork(id: id, subnets: subnets, visitors: visitors)
      let change = try settleSubnetGroup(network)
      let place = "\(subnets.count == 1 ? "1 subnet" : "\(subnets.count) subnets") of \(id)"
      return (network, change, "\(place); \(visitors) comes in")
    }
  }

  private var noNetwork: WarehouseError {
    WarehouseError(
      .configuration, "could not choose a network in \(plan.region)",
      detail: plan.subnets.isEmpty ? "there is no default network with subnets" : nil,
      hint: "Set DWH_SUBNETS to subnets of yours, or make the default network again "
        + "(aws ec2 create-default-vpc).")
  }

  private func chosenSubnets() throws(WarehouseError) -> [EC2Subnet] {
    var subnets: [EC2Subnet] = []
    if !plan.subnets.isEmpty {
      subnets = try ec2.subnets(named: plan.subnets)
    } else if let network = try ec2.defaultNetwork() {
      subnets = try ec2.subnets(of: network)
    }
    guard Set(subnets.map(\.network)).count <= 1 else {
      throw WarehouseError(
        .configuration, "could not use subnets of several networks",
        detail: subnets.map { "\($0.id) of \($0.network)" }.joined(separator: ", "),
        hint: "Set DWH_SUBNETS to subnets of one network.")
    }
    subnets.sort { ($0.zone, $0.id) < ($1.zone, $1.id) }
    let zones = Set(subnets.map(\.zone)).count
    if case .serverless = plan.shape, zones < 3, !subnets.isEmpty {
      throw WarehouseError(
        .configuration, "could not place a serverless warehouse",
        detail: "it needs subnets in three zones, and there are \(zones)",
        hint: "Set DWH_SUBNETS to subnets in three zones, make the missing ones, or take a "
          + "cluster instead.")
    }
    return subnets
  }

  private func settleSubnetGroup(
    _ network: CloudNetwork
  ) throws(WarehouseError) -> CloudChange {
    guard case .cluster = plan.shape else { return .kept }
    let asked = network.subnets.map(\.id)
    let name = plan.subnetGroup
    if let group = try redshift.subnetGroup(name) {
      guard isOurs(group.tags) else {
        throw foreign(
          "the subnet group \(name)",
          remedy: "Set DWH_CLUSTER_IDENTIFIER to another name, or remove that group.")
      }
      // A subnet that came to the default network later need not be taken in.
      if plan.subnets.isEmpty || group.subnets == Set(asked) { return .kept }
      try redshift.write(subnetGroup: name, asked, isThere: true, tags: plan.tags)
      return .changed
    }
    _ = try absent("ClusterSubnetGroupAlreadyExists") { () throws(WarehouseError) in
      try redshift.write(subnetGroup: name, asked, isThere: false, tags: plan.tags)
    }
    return .made
  }
}
