/// A subnet as EC2 describes it.
struct EC2Subnet: Sendable, Equatable {
  var id: String
  var network: String
  var zone: String
  var freeAddresses: Int
}

/// Who may reach what through a security group.
struct EC2Rule: Sendable, Hashable {
  var transport: String
  /// Nil for protocols without ports.
  var first: Int?
  var last: Int?
  /// `203.0.113.7/32`, of either address family; `sg-…`, who belongs to that security group; or
  /// `pl-…`, that prefix list.
  var addresses: String
  /// The account of a security group, as EC2 names it.
  var owner: String?

  /// The list of an answer that it stands in, and what names it there; a request has the same names
  /// with a capital (EC2 API reference, "IpPermission").
  var place: (list: String, name: String) {
    if addresses.hasPrefix("sg-") { return ("groups", "groupId") }
    if addresses.hasPrefix("pl-") { return ("prefixListIds", "prefixListId") }
    return addresses.contains(":") ? ("ipv6Ranges", "cidrIpv6") : ("ipRanges", "cidrIp")
  }

  /// What EC2 is told of it.
  var parameters: [(String, String)] {
    var parameters = [("IpPermissions.1.IpProtocol", transport)]
    if let first { parameters.append(("IpPermissions.1.FromPort", "\(first)")) }
    if let last { parameters.append(("IpPermissions.1.ToPort", "\(last)")) }
    parameters.append(("IpPermissions.1.\(place.list.capital).1.\(place.name.capital)", addresses))
    if let owner { parameters.append(("IpPermissions.1.Groups.1.UserId", owner)) }
    return parameters
  }
}

extension String {
  fileprivate var capital: String { prefix(1).uppercased() + dropFirst() }
}

/// A security group as EC2 describes it.
struct EC2Group: Sendable, Equatable {
  var id: String
  var name: String
  var network: String?
  var rules: Set<EC2Rule>
  var tags: [String: String]
}

/// What EC2 is asked for.
struct EC2Client {
  let calls: any CloudCalls
  let cancellation: Cancellation

  /// The default network; nil when the account has none in this region.
  func defaultNetwork() throws(WarehouseError) -> String? {
    let answer = try ask(
      "DescribeVpcs", [("Filter.1.Name", "isDefault"), ("Filter.1.Value.1", "true")],
      "find the default network")
    return answer["vpcSet"]?.all("item").first?.text("vpcId")
  }

  func subnets(of network: String) throws(WarehouseError) -> [EC2Subnet] {
    try subnets(
      [
        ("Filter.1.Name", "vpc-id"), ("Filter.1.Value.1", network), ("Filter.2.Name", "state"),
        ("Filter.2.Value.1", "available"),
      ])
  }

  func subnets(named ids: [String]) throws(WarehouseError) -> [EC2Subnet] {
    try subnets(ids.parameters("SubnetId"))
  }

  private func subnets(_ parameters: [(String, String)]) throws(WarehouseError) -> [EC2Subnet] {
    let answer = try ask("DescribeSubnets", parameters, "look at the subnets")
    return (answer["subnetSet"]?.all("item") ?? []).compactMap { item in
      guard let id = item.text("subnetId"), let network = item.text("vpcId") else { return nil }
      return EC2Subnet(
        id: id, network: network, zone: item.text("availabilityZone") ?? "",
        freeAddresses: item.text("availableIpAddressCount").flatMap { Int($0) } ?? 0)
    }
  }

  func group(_ name: String, in network: String) throws(WarehouseError) -> EC2Group? {
    try groups([("group-name", name), ("vpc-id", network)]).first
  }

  /// All groups that bear a tag.
  func groups(
    taggedWith tag: (key: String, value: String)
  ) throws(WarehouseError) -> [EC2Group] {
    try groups([("tag:" + tag.key, tag.value)])
  }

  /// Groups by their identifiers.
  func groups(identified ids: [String]) throws(WarehouseError) -> [EC2Group] {
    guard !ids.isEmpty else { return [] }
    let answer = try ask(
      "DescribeSecurityGroups", ids.parameters("GroupId"), "look at the security groups")
    return (answer["securityGroupInfo"]?.all("item") ?? []).compactMap(EC2Group.init)
  }

  private func groups(
    _ filters: [(name: String, value: String)]
  ) throws(WarehouseError) -> [EC2Group] {
    let parameters = filters.enumerated().flatMap { index, filter in
      [("Filter.\(index + 1).Name", filter.name), ("Filter.\(index + 1).Value.1", filter.value)]
    }
    let answer = try ask("DescribeSecurityGroups", parameters, "look at the security groups")
    return (answer["securityGroupInfo"]?.all("item") ?? []).compactMap(EC2Group.init)
  }

  func makeGroup(
    _ name: String, description: String, in network: String,
    tags: [(key: String, value: String)]
  ) throws(WarehouseError) -> String {
    let parameters =
      [
        ("GroupName", name), ("GroupDescription", description), ("VpcId", network),
        ("TagSpecification.1.ResourceType", "security-group"),
      ] + tags.parameters("TagSpecification.1.Tag")
    let answer = try ask("CreateSecurityGroup", parameters, "make the security group \(name)")
    guard let id = answer.text("groupId") else {
      throw WarehouseError(
        .connection, "could not make the security group \(name)",
        detail: "the answer holds no identifier")
    }
    return id
  }

  func allow(_ rule: EC2Rule, through group: String) throws(WarehouseError) {
    _ = try ask(
      "AuthorizeSecurityGroupIngress", [("GroupId", group)] + rule.parameters,
      "let \(rule.addresses) in")
  }

  func forbid(_ rule: EC2Rule, through group: String) throws(WarehouseError) {
    _ = try ask(
      "RevokeSecurityGroupIngress", [("GroupId", group)] + rule.parameters,
      "shut \(rule.addresses) out")
  }

  func removeGroup(_ id: String) throws(WarehouseError) {
    _ = try ask("DeleteSecurityGroup", [("GroupId", id)], "remove the security group \(id)")
  }

  private func ask(
    _ action: String, _ parameters: [(String, String)], _ purpose: String
  ) throws(WarehouseError) -> XMLElement {
    try calls.query(.ec2, action, parameters, purpose: purpose, cancellation)
  }
}

extension EC2Group {
  fileprivate init?(_ item: XMLElement) {
    guard let id = item.text("groupId"), let name = item.text("groupName") else { return nil }
    self.init(
      id: id, name: name, network: item.text("vpcId"), rules: [],
      tags: item["tagSet"]?.all("item").tags("key", "value") ?? [:])
    for permission in item["ipPermissions"]?.all("item") ?? [] {
      // Four lists of who is let in (EC2 API reference, "IpPermission").
      for (list, name) in [
        ("ipRanges", "cidrIp"), ("ipv6Ranges", "cidrIpv6"), ("prefixListIds", "prefixListId"),
        ("groups", "groupId"),
      ] {
        for who in permission[list]?.all("item") ?? [] {
          guard let addresses = who.text(name) else { continue }
          rules.insert(
            EC2Rule(
              transport: permission.text("ipProtocol") ?? "",
              first: permission.text("fromPort").flatMap { Int($0) },
              last: permission.text("toPort").flatMap { Int($0) }, addresses: addresses,
              owner: who.text("userId")))
        }
      }
    }
  }
}
