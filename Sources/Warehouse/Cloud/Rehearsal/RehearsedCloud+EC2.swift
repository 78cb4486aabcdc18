extension RehearsedCloud.State {
  private static let network = "vpc-default"

  mutating func ec2(
    _ action: String, _ form: RehearsedForm
  ) throws(WarehouseError) -> [XMLElement] {
    switch action {
    case "DescribeVpcs":
      return [.node("vpcSet", [.node("item", [.leaf("vpcId", Self.network)])])]
    case "DescribeSubnets":
      let subnets = ["a", "b", "c"].map { zone in
        XMLElement.node(
          "item",
          [
            .leaf("subnetId", "subnet-\(zone)"), .leaf("vpcId", Self.network),
            .leaf("availabilityZone", "zone-\(zone)"),
          ])
      }
      let asked = form.list("SubnetId")
      return [
        .node(
          "subnetSet",
          subnets.filter { asked.isEmpty || asked.contains($0.text("subnetId") ?? "") })
      ]
    case "DescribeSecurityGroups": return [.node("securityGroupInfo", found(form).map(describe))]
    case "CreateSecurityGroup":
      let name = try form.need("GroupName")
      guard !groups.values.contains(where: { $0.name == name }) else {
        throw .refused("InvalidGroup.Duplicate")
      }
      let id = "sg-\(name)"
      groups[id] = EC2Group(
        id: id, name: name, network: try form.need("VpcId"), rules: [],
        tags: form.tags("TagSpecification.1.Tag"))
      return [.leaf("groupId", id)]
    default: return try group(action, form)
    }
  }

  private mutating func group(
    _ action: String, _ form: RehearsedForm
  ) throws(WarehouseError) -> [XMLElement] {
    let id = try form.need("GroupId")
    guard groups[id] != nil else { throw .refused("InvalidGroup.NotFound") }
    switch action {
    case "AuthorizeSecurityGroupIngress":
      let rule = rule(form)
      guard groups[id]?.rules.insert(rule).inserted == true else {
        throw .refused("InvalidPermission.Duplicate")
      }
    case "RevokeSecurityGroupIngress":
      let rule = rule(form)
      guard groups[id]?.rules.remove(rule) != nil else {
        throw .refused("InvalidPermission.NotFound")
      }
    case "DeleteSecurityGroup":
      let users = Array(clusters.values) + workgroups.values
      guard !users.contains(where: { $0.securityGroups.contains(id) }) else {
        throw .refused("DependencyViolation")
      }
      groups[id] = nil
    default: throw .refused("InvalidAction", action)
    }
    return []
  }

  private func found(_ form: RehearsedForm) -> [EC2Group] {
    groups.values.filter { group in
      form.filter("group-name").map { group.name == $0 } ?? true
        && form.filter("vpc-id").map { group.network == $0 } ?? true
        && form.filter("tag:" + CloudPlan.tag).map { group.tags[CloudPlan.tag] == $0 } ?? true
    }
  }

  private func rule(_ form: RehearsedForm) -> EC2Rule {
    EC2Rule(
      transport: form["IpPermissions.1.IpProtocol"] ?? "",
      first: form["IpPermissions.1.FromPort"].flatMap { Int($0) },
      last: form["IpPermissions.1.ToPort"].flatMap { Int($0) },
      addresses: form["IpPermissions.1.IpRanges.1.CidrIp"]
        ?? form["IpPermissions.1.Ipv6Ranges.1.CidrIpv6"]
        ?? form["IpPermissions.1.PrefixListIds.1.PrefixListId"]
        ?? form["IpPermissions.1.Groups.1.GroupId"] ?? "",
      owner: form["IpPermissions.1.Groups.1.UserId"])
  }

  private func describe(_ group: EC2Group) -> XMLElement {
    let rules = group.rules.map { rule in
      XMLElement.node(
        "item",
        [
          .leaf("ipProtocol", rule.transport), .leaf("fromPort", "\(rule.first ?? -1)"),
          .leaf("toPort", "\(rule.last ?? -1)"),
          describe(who: rule),
        ])
    }
    return .node(
      "item",
      [
        .leaf("groupId", group.id), .leaf("groupName", group.name),
        .leaf("vpcId", group.network ?? ""), .node("ipPermissions", rules),
        .tags(group.tags, "tagSet", "item", "key", "value"),
      ])
  }

  private func describe(who rule: EC2Rule) -> XMLElement {
    let owner = rule.owner.map { [XMLElement.leaf("userId", $0)] } ?? []
    let place = rule.place
    return .node(
      place.list, [.node("item", [.leaf(place.name, rule.addresses)] + owner)])
  }
}
