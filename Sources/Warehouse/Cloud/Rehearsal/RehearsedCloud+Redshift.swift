/// A cluster, workgroup or namespace of the rehearsal, and how it changes from look to look.
struct RehearsedCluster {
  var values: [String: String]
  var securityGroups: [String] = []
  var roles: [String] = []
  var tags: [String: String] = [:]
  /// How the next looks find it; the last one stays. Nil means that it is gone.
  var ways: [String?]

  /// How it stands.
  var status: String? { ways.first ?? nil }

  /// Goes one look further.
  mutating func age() {
    if ways.count > 1 { ways.removeFirst() }
  }

  /// Sets out for another state.
  mutating func go(through word: String, to end: String?, looks: Int) {
    ways = Array(repeating: word, count: looks) + [end]
  }
}

/// A snapshot of the rehearsal.
struct RehearsedSnapshot {
  var name: String
  var source: String
  var tags: [String: String]
}

extension RehearsedCloud.State {
  mutating func redshift(
    _ action: String, _ form: RehearsedForm, looks: Int
  ) throws(WarehouseError) -> [XMLElement] {
    switch action {
    case "DescribeClusters", "CreateCluster", "ModifyCluster", "ModifyClusterIamRoles",
      "PauseCluster", "ResumeCluster", "ResizeCluster", "DeleteCluster":
      return try cluster(action, form, looks)
    case "DescribeOrderableClusterOptions":
      return [
        .node(
          "OrderableClusterOptions",
          nodeTypes.map { .node("OrderableClusterOption", [.leaf("NodeType", $0)]) })
      ]
    case "CreateClusterSnapshot", "DescribeClusterSnapshots":
      return try snapshot(action, form)
    case "DescribeTags": return [.node("TaggedResources", tagged(form))]
    default:
      return action.contains("SubnetGroup")
        ? try subnetGroup(action, form) : try parameterGroup(action, form)
    }
  }

  // MARK: Clusters

  private mutating func cluster(
    _ action: String, _ form: RehearsedForm, _ looks: Int
  ) throws(WarehouseError) -> [XMLElement] {
    let name = try form.need("ClusterIdentifier")
    if action == "CreateCluster" { return try makeCluster(name, form, looks) }
    if clusters[name]?.status == nil { clusters[name] = nil }
    guard var cluster = clusters[name] else { throw .refused("ClusterNotFound") }
    if action == "DescribeClusters" {
      cluster.age()
      clusters[name] = cluster.status == nil ? nil : cluster
      guard cluster.status != nil else { throw .refused("ClusterNotFound") }
      return [.node("Clusters", [describe(name, cluster)])]
    }
    let state = cluster.status ?? ""
    if let snapshot = form["FinalClusterSnapshotIdentifier"],
      snapshots.contains(where: { $0.name == snapshot })
    {
      throw .refused("ClusterSnapshotAlreadyExists")
    }
    // Whether AWS copies a paused cluster is told in two ways: here it does not.
    let isCopied = form["SkipFinalClusterSnapshot"] != "true"
    let wanted = [
      "ResumeCluster": ["paused"],
      "DeleteCluster": isCopied ? ["available"] : ["available", "paused"],
    ]
    guard (wanted[action] ?? ["available"]).contains(state) else {
      throw .refused("InvalidClusterState", "the cluster is \(state)")
    }
    if action == "ResizeCluster", form["Classic"] != "true",
      [form["NumberOfNodes"], cluster.values["NumberOfNodes"] ?? "1"].contains("1")
    {
      throw .refused("UnsupportedOperation", "there is no elastic resize to this")
    }
    switch action {
    case "PauseCluster": cluster.go(through: "pausing", to: "paused", looks: looks)
    case "ResumeCluster": cluster.go(through: "resuming", to: "available", looks: looks)
    case "DeleteCluster":
      if form["SkipFinalClusterSnapshot"] != "true" {
        let snapshot = try form.need("FinalClusterSnapshotIdentifier")
        snapshots.append(RehearsedSnapshot(name: snapshot, source: name, tags: cluster.tags))
      }
      cluster.go(through: "deleting", to: nil, looks: looks)
    default:
      for key in ["NodeType", "NumberOfNodes", "PubliclyAccessible"] {
        if let value = form[key] { cluster.values[key] = value }
      }
      if let days = form["AutomatedSnapshotRetentionPeriod"] {
        cluster.values["AutomatedSnapshotRetentionPeriod"] = days
      }
      cluster.values["ClusterParameterGroupName"] =
        form["ClusterParameterGroupName"] ?? cluster.values["ClusterParameterGroupName"]
      let asked = form.list("VpcSecurityGroupIds.VpcSecurityGroupId")
      if !asked.isEmpty { cluster.securityGroups = asked }
      cluster.roles += form.list("AddIamRoles.IamRoleArn")
      cluster.go(through: "modifying", to: "available", looks: looks)
    }
    clusters[name] = cluster
    return [describe(name, cluster)]
  }

  private mutating func makeCluster(
    _ name: String, _ form: RehearsedForm, _ looks: Int
  ) throws(WarehouseError) -> [XMLElement] {
    guard clusters[name]?.status == nil else { throw .refused("ClusterAlreadyExists") }
    guard form["Encrypted"] == "true" else {
      throw .refused("InvalidParameterValue", "a cluster must be encrypted")
    }
    guard subnetGroups[try form.need("ClusterSubnetGroupName")] != nil else {
      throw .refused("ClusterSubnetGroupNotFoundFault")
    }
    guard parameterGroups[try form.need("ClusterParameterGroupName")] != nil else {
      throw .refused("ClusterParameterGroupNotFound")
    }
    let own = form.list("VpcSecurityGroupIds.VpcSecurityGroupId")
    let roles = form.list("IamRoles.IamRoleArn")
    guard own.allSatisfy({ groups[$0] != nil }) else { throw .refused("InvalidGroup.NotFound") }
    try requireRoles(roles)
    var values: [String: String] = [:]
    for key in [
      "NodeType", "NumberOfNodes", "DBName", "MasterUsername", "Encrypted", "PubliclyAccessible",
      "AutomatedSnapshotRetentionPeriod", "ClusterSubnetGroupName", "ClusterParameterGroupName",
    ] { values[key] = form[key] }
    values["Port"] = try form.need("Port")
    _ = try form.need("MasterUserPassword")
    clusters[name] = RehearsedCluster(
      values: values, securityGroups: own, roles: roles, tags: form.tags("Tags.Tag"),
      ways: Array(repeating: "creating", count: looks) + ["available"])
    return []
  }

  func requireRoles(_ arns: [String]) throws(WarehouseError) {
    for arn in arns where arn.hasPrefix("arn:aws:iam::\(RehearsedCloud.account):") {
      let name = arn.split(separator: "/").last.map(String.init) ?? ""
      guard let role = roles[name], role.trust.contains("redshift") else {
        throw .refused("InvalidParameterValue", "the IAM role \(arn) is not valid")
      }
    }
  }

  private func describe(_ name: String, _ cluster: RehearsedCluster) -> XMLElement {
    let plain = [
      "NodeType", "NumberOfNodes", "DBName", "MasterUsername", "Encrypted", "PubliclyAccessible",
      "AutomatedSnapshotRetentionPeriod", "ClusterSubnetGroupName",
    ].compactMap { key in cluster.values[key].map { XMLElement.leaf(key, $0) } }
    let status = cluster.status ?? ""
    let group = cluster.values["ClusterParameterGroupName"] ?? ""
    return .node(
      "Cluster",
      plain + [
        .leaf("ClusterIdentifier", name), .leaf("ClusterStatus", status),
        .leaf("ClusterAvailabilityStatus", status == "available" ? "Available" : "Unavailable"),
        .leaf("ClusterCreateTime", "2026-01-01T00:00:00.000Z"),
        .node(
          "Endpoint",
          status == "creating"
            ? []
            : [
              .leaf("Address", "\(name).id.region.redshift.amazonaws.com"),
              .leaf("Port", cluster.values["Port"] ?? ""),
            ]),
        .node(
          "VpcSecurityGroups",
          cluster.securityGroups.map {
            .node("VpcSecurityGroup", [.leaf("VpcSecurityGroupId", $0)])
          }),
        .node(
          "ClusterParameterGroups",
          [.node("ClusterParameterGroup", [.leaf("ParameterGroupName", group)])]),
        .node(
          "IamRoles",
          cluster.roles.map {
            .node("ClusterIamRole", [.leaf("IamRoleArn", $0), .leaf("ApplyStatus", "in-sync")])
          }),
        .tags(cluster.tags, "Tags", "Tag", "Key", "Value"),
      ])
  }

  // MARK: Snapshots

  private mutating func snapshot(
    _ action: String, _ form: RehearsedForm
  ) throws(WarehouseError) -> [XMLElement] {
    if action == "CreateClusterSnapshot" {
      let (name, source) = (
        try form.need("SnapshotIdentifier"), try form.need("ClusterIdentifier")
      )
      guard !snapshots.contains(where: { $0.name == name }) else {
        throw .refused("ClusterSnapshotAlreadyExists")
      }
      guard clusters[source] != nil else { throw .refused("ClusterNotFound") }
      snapshots.append(
        RehearsedSnapshot(name: name, source: source, tags: form.tags("Tags.Tag")))
    }
    let source = form["ClusterIdentifier"]
    let elements = snapshots.filter { $0.source == source }.map { snapshot in
      XMLElement.node(
        "Snapshot",
        [
          .leaf("SnapshotIdentifier", snapshot.name), .leaf("ClusterIdentifier", snapshot.source),
          .leaf("Status", "available"), .leaf("SnapshotType", "manual"),
        ])
    }
    return [.node("Snapshots", elements)]
  }

  /// What bears a tag, by its ARN.
  private func tagged(_ form: RehearsedForm) -> [XMLElement] {
    guard let key = form["TagKeys.TagKey.1"], let value = form["TagValues.TagValue.1"] else {
      return []
    }
    var names: [String] = []
    for (name, cluster) in clusters where cluster.tags[key] == value {
      names.append("cluster:" + name)
    }
    for group in subnetGroups.values where group.tags[key] == value {
      names.append("subnetgroup:" + group.name)
    }
    for group in parameterGroups.values where group.tags[key] == value {
      names.append("parametergroup:" + group.name)
    }
    for snapshot in snapshots where snapshot.tags[key] == value {
      names.append("snapshot:\(snapshot.source)/\(snapshot.name)")
    }
    return names.sorted().map { name in
      .node(
        "TaggedResource",
        [.leaf("ResourceName", "arn:aws:redshift:region:\(RehearsedCloud.account):\(name)")])
    }
  }

  // MARK: Groups

  private mutating func subnetGroup(
    _ action: String, _ form: RehearsedForm
  ) throws(WarehouseError) -> [XMLElement] {
    let name = try form.need("ClusterSubnetGroupName")
    let subnets = Set(form.list("SubnetIds.SubnetIdentifier"))
    if action.hasPrefix("Create") {
      guard subnetGroups[name] == nil else { throw .refused("ClusterSubnetGroupAlreadyExists") }
      subnetGroups[name] = RedshiftGroup(
        name: name, subnets: subnets, tags: form.tags("Tags.Tag"))
      return []
    }
    guard let group = subnetGroups[name] else { throw .refused("ClusterSubnetGroupNotFoundFault") }
    if action.hasPrefix("Modify") { subnetGroups[name]?.subnets = subnets }
    if action.hasPrefix("Delete") {
      guard !isUsed("ClusterSubnetGroupName", name) else {
        throw .refused("InvalidClusterSubnetGroupStateFault")
      }
      subnetGroups[name] = nil
    }
    let list = group.subnets.sorted().map {
      XMLElement.node("Subnet", [.leaf("SubnetIdentifier", $0)])
    }
    return [
      .node(
        "ClusterSubnetGroups",
        [
          .node(
            "ClusterSubnetGroup",
            [.node("Subnets", list), .tags(group.tags, "Tags", "Tag", "Key", "Value")])
        ])
    ]
  }

  private mutating func parameterGroup(
    _ action: String, _ form: RehearsedForm
  ) throws(WarehouseError) -> [XMLElement] {
    guard let name = form["ParameterGroupName"] else {
      let usual = RedshiftGroup(name: "default.redshift-2.0", family: "redshift-2.0", tags: [:])
      return [.node("ParameterGroups", ([usual] + parameterGroups.values).map(describe))]
    }
    if action.hasPrefix("Create") {
      guard parameterGroups[name] == nil else {
        throw .refused("ClusterParameterGroupAlreadyExists")
      }
      parameterGroups[name] = RedshiftGroup(
        name: name, family: form["ParameterGroupFamily"], tags: form.tags("Tags.Tag"))
      return []
    }
    guard let group = parameterGroups[name] else {
      throw .refused("ClusterParameterGroupNotFound")
    }
    switch action {
    case "ModifyClusterParameterGroup":
      let parameter = try form.need("Parameters.Parameter.1.ParameterName")
      parameters[name, default: [:]][parameter] = form["Parameters.Parameter.1.ParameterValue"]
    case "DeleteClusterParameterGroup":
      guard !isUsed("ClusterParameterGroupName", name) else {
        throw .refused("InvalidClusterParameterGroupState")
      }
      parameterGroups[name] = nil
      parameters[name] = nil
    case "DescribeClusterParameters":
      let list = (parameters[name] ?? [:]).sorted { $0.key < $1.key }.map {
        XMLElement.node(
          "Parameter", [.leaf("ParameterName", $0.key), .leaf("ParameterValue", $0.value)])
      }
      return [.node("Parameters", list)]
    default: break
    }
    return [.node("ParameterGroups", [describe(group)])]
  }

  private func isUsed(_ key: String, _ name: String) -> Bool {
    clusters.values.contains { $0.status != nil && $0.values[key] == name }
  }

  private func describe(_ group: RedshiftGroup) -> XMLElement {
    .node(
      "ClusterParameterGroup",
      [
        .leaf("ParameterGroupName", group.name),
        .leaf("ParameterGroupFamily", group.family ?? ""),
        .tags(group.tags, "Tags", "Tag", "Key", "Value"),
      ])
  }
}
