/// A group of parameters or subnets as Redshift describes it.
struct RedshiftGroup: Sendable, Equatable {
  var name: String
  /// The family of a parameter group.
  var family: String?
  /// The subnets of a subnet group.
  var subnets: Set<String> = []
  var network: String?
  var tags: [String: String]
}

/// What Redshift is asked for.
struct RedshiftClient {
  let calls: any CloudCalls
  let cancellation: Cancellation

  // MARK: Clusters

  /// A cluster; nil when there is none of this name.
  func cluster(_ name: String) throws(WarehouseError) -> CloudCluster? {
    do throws(WarehouseError) {
      let answer = try ask(
        "DescribeClusters", [("ClusterIdentifier", name)], "look at the cluster \(name)")
      return answer["Clusters"]?.all("Cluster").compactMap(CloudCluster.init).first
    } catch {
      guard error.isFault("ClusterNotFound") else { throw error }
      return nil
    }
  }

  func makeCluster(_ name: String, _ parameters: [(String, String)]) throws(WarehouseError) {
    _ = try ask(
      "CreateCluster", [("ClusterIdentifier", name)] + parameters, "make the cluster \(name)")
  }

  func change(_ name: String, _ parameters: [(String, String)]) throws(WarehouseError) {
    _ = try ask(
      "ModifyCluster", [("ClusterIdentifier", name)] + parameters, "change the cluster \(name)")
  }

  func add(role: String, to name: String) throws(WarehouseError) {
    _ = try ask(
      "ModifyClusterIamRoles",
      [("ClusterIdentifier", name), ("AddIamRoles.IamRoleArn.1", role)],
      "give the role to the cluster \(name)")
  }

  /// One of the operations that take a cluster's name alone: pause, resume, reboot.
  func command(_ action: String, _ name: String, _ verb: String) throws(WarehouseError) {
    _ = try ask(action, [("ClusterIdentifier", name)], "\(verb) the cluster \(name)")
  }

  func resize(_ name: String, _ parameters: [(String, String)]) throws(WarehouseError) {
    _ = try ask(
      "ResizeCluster", [("ClusterIdentifier", name)] + parameters, "resize the cluster \(name)")
  }

  /// Deletes a cluster, with a last snapshot of that name or with none.
  func removeCluster(_ name: String, snapshot: String?) throws(WarehouseError) {
    var parameters = [("ClusterIdentifier", name)]
    if let snapshot {
      parameters += [
        ("SkipFinalClusterSnapshot", "false"), ("FinalClusterSnapshotIdentifier", snapshot),
      ]
    } else {
      parameters.append(("SkipFinalClusterSnapshot", "true"))
    }
    _ = try ask("DeleteCluster", parameters, "delete the cluster \(name)")
  }

  /// The kinds of nodes that can be ordered in this region.
  func orderableNodeTypes() throws(WarehouseError) -> Set<String> {
    var types: Set<String> = []
    try pages("DescribeOrderableClusterOptions", [], "ask which node types there are") { page in
      for option in page["OrderableClusterOptions"]?.all("OrderableClusterOption") ?? [] {
        if let type = option.text("NodeType") { types.insert(type.lowercased()) }
      }
    }
    return types
  }

  // MARK: Snapshots

  func snapshots(of name: String) throws(WarehouseError) -> [CloudSnapshot] {
    var found: [CloudSnapshot] = []
    do throws(WarehouseError) {
      try pages(
        "DescribeClusterSnapshots", [("ClusterIdentifier", name)],
        "list the snapshots of \(name)"
      ) { page in
        found += (page["Snapshots"]?.all("Snapshot") ?? []).compactMap(CloudSnapshot.init)
      }
    } catch {
      guard error.isFault("ClusterNotFound", "ClusterSnapshotNotFound") else { throw error }
    }
    return found
  }

  func makeSnapshot(
    _ snapshot: String, of name: String, tags: [(key: String, value: String)]
  ) throws(WarehouseError) {
    _ = try ask(
      "CreateClusterSnapshot",
      [("SnapshotIdentifier", snapshot), ("ClusterIdentifier", name)]
        + tags.parameters("Tags.Tag"),
      "make the snapshot \(snapshot)")
  }

  // MARK: Groups

  func subnetGroup(_ name: String) throws(WarehouseError) -> RedshiftGroup? {
    do throws(WarehouseError) {
      let answer = try ask(
        "DescribeClusterSubnetGroups", [("ClusterSubnetGroupName", name)],
        "look at the subnet group \(name)")
      guard let group = answer["ClusterSubnetGroups"]?.all("ClusterSubnetGroup").first else {
        return nil
      }
      let subnets = group["Subnets"]?.all("Subnet").compactMap { $0.text("SubnetIdentifier") }
      return RedshiftGroup(
        name: name, subnets: Set(subnets ?? []), network: group.text("VpcId"),
        tags: group["Tags"]?.all("Tag").tags("Key", "Value") ?? [:])
    } catch {
      guard error.isFault("ClusterSubnetGroupNotFound") else { throw error }
      return nil
    }
  }

  /// Makes a subnet group, or gives other subnets to one that is there.
  func write(
    subnetGroup name: String, _ subnets: [String], isThere: Bool,
    tags: [(key: String, value: String)]
  ) throws(WarehouseError) {
    var parameters =
      [("ClusterSubnetGroupName", name), ("Description", "The subnets of sparkify")]
      + subnets.parameters("SubnetIds.SubnetIdentifier")
    if !isThere { parameters += tags.parameters("Tags.Tag") }
    _ = try ask(
      isThere ? "ModifyClusterSubnetGroup" : "CreateClusterSubnetGroup", parameters,
      "make the subnet group \(name)")
  }

  func removeSubnetGroup(_ name: String) throws(WarehouseError) {
    _ = try ask(
      "DeleteClusterSubnetGroup", [("ClusterSubnetGroupName", name)],
      "remove the subnet group \(name)")
  }

  func parameterGroup(_ name: String) throws(WarehouseError) -> RedshiftGroup? {
    do throws(WarehouseError) {
      return try parameterGroups([("ParameterGroupName", name)]).first
    } catch {
      guard error.isFault("ClusterParameterGroupNotFound") else { throw error }
      return nil
    }
  }

  /// The families that there are: those of the default groups (API reference,
  /// "CreateClusterParameterGroup", ParameterGroupFamily).
  func parameterFamilies() throws(WarehouseError) -> [String] {
    try parameterGroups([]).filter { $0.name.hasPrefix("default.") }.compactMap(\.family)
  }

  private func parameterGroups(
    _ parameters: [(String, String)]
  ) throws(WarehouseError) -> [RedshiftGroup] {
    var found: [RedshiftGroup] = []
    try pages("DescribeClusterParameterGroups", parameters, "look at the parameter groups") {
      page in
      for group in page["ParameterGroups"]?.all("ClusterParameterGroup") ?? [] {
        found.append(
          RedshiftGroup(
            name: group.text("ParameterGroupName") ?? "",
            family: group.text("ParameterGroupFamily"),
            tags: group["Tags"]?.all("Tag").tags("Key", "Value") ?? [:]))
      }
    }
    return found
  }

  func makeParameterGroup(
    _ name: String, family: String, tags: [(key: String, value: String)]
  ) throws(WarehouseError) {
    _ = try ask(
      "CreateClusterParameterGroup",
      [
        ("ParameterGroupName", name), ("ParameterGroupFamily", family),
        ("Description", "The parameters of sparkify"),
      ] + tags.parameters("Tags.Tag"), "make the parameter group \(name)")
  }

  /// The parameters of a group that are not the family's own.
  func parameters(of group: String) throws(WarehouseError) -> [String: String] {
    var found: [String: String] = [:]
    try pages(
      "DescribeClusterParameters", [("ParameterGroupName", group), ("Source", "user")],
      "look at the parameters of \(group)"
    ) { page in
      for parameter in page["Parameters"]?.all("Parameter") ?? [] {
        if let name = parameter.text("ParameterName") {
          found[name] = parameter.text("ParameterValue")
        }
      }
    }
    return found
  }

  func set(_ name: String, to value: String, in group: String) throws(WarehouseError) {
    _ = try ask(
      "ModifyClusterParameterGroup",
      [
        ("ParameterGroupName", group), ("Parameters.Parameter.1.ParameterName", name),
        ("Parameters.Parameter.1.ParameterValue", value),
      ], "set \(name) in the parameter group \(group)")
  }

  func removeParameterGroup(_ name: String) throws(WarehouseError) {
    _ = try ask(
      "DeleteClusterParameterGroup", [("ParameterGroupName", name)],
      "remove the parameter group \(name)")
  }

  /// The ARNs of everything that bears a tag.
  func resources(
    taggedWith tag: (key: String, value: String)
  ) throws(WarehouseError) -> [String] {
    var found: [String] = []
    try pages(
      "DescribeTags", [("TagKeys.TagKey.1", tag.key), ("TagValues.TagValue.1", tag.value)],
      "list what bears our tag"
    ) { page in
      found += (page["TaggedResources"]?.all("TaggedResource") ?? [])
        .compactMap { $0.text("ResourceName") }
    }
    return found
  }

  // MARK: Calls

  /// All pages of a listing; more than a hundred are not asked for.
  private func pages(
    _ action: String, _ parameters: [(String, String)], _ purpose: String,
    _ take: (XMLElement) -> Void
  ) throws(WarehouseError) {
    var marker: String?
    for _ in 0..<100 {
      let page = try ask(action, parameters + (marker.map { [("Marker", $0)] } ?? []), purpose)
      take(page)
      marker = page.text("Marker").flatMap { $0.isEmpty ? nil : $0 }
      if marker == nil { return }
    }
  }

  private func ask(
    _ action: String, _ parameters: [(String, String)], _ purpose: String
  ) throws(WarehouseError) -> XMLElement {
    try calls.query(.redshift, action, parameters, purpose: purpose, cancellation)
  }
}

extension CloudCluster {
  init?(_ element: XMLElement) {
    guard let name = element.text("ClusterIdentifier") else { return nil }
    self.name = name.lowercased()
    state = CloudState(
      status: element.text("ClusterStatus") ?? "unknown",
      availability: element.text("ClusterAvailabilityStatus"))
    nodeType = element.text("NodeType") ?? ""
    nodeCount = element.text("NumberOfNodes").flatMap { Int($0) } ?? 1
    if let host = element.text("Endpoint", "Address"), !host.isEmpty,
      let port = element.text("Endpoint", "Port").flatMap({ Int($0) })
    {
      endpoint = CloudEndpoint(host: host, port: port)
    }
    database = element.text("DBName")
    user = element.text("MasterUsername")
    created = element.text("ClusterCreateTime").flatMap(Timestamp.init(iso8601:))
    isEncrypted = element.text("Encrypted")?.lowercased() == "true"
    isPublic = element.text("PubliclyAccessible")?.lowercased() == "true"
    snapshotDays = element.text("AutomatedSnapshotRetentionPeriod").flatMap { Int($0) } ?? 0
    network = element.text("VpcId")
    securityGroups =
      element["VpcSecurityGroups"]?.all("VpcSecurityGroup")
      .compactMap { $0.text("VpcSecurityGroupId") } ?? []
    parameterGroups =
      element["ClusterParameterGroups"]?.all("ClusterParameterGroup")
      .compactMap { $0.text("ParameterGroupName") } ?? []
    subnetGroup = element.text("ClusterSubnetGroupName")
    roles = (element["IamRoles"]?.all("ClusterIamRole") ?? []).compactMap { role in
      role.text("IamRoleArn").map {
        CloudClusterRole(arn: $0, status: role.text("ApplyStatus") ?? "in-sync")
      }
    }
    tags = element["Tags"]?.all("Tag").tags("Key", "Value") ?? [:]
    pending = (element["PendingModifiedValues"]?.children ?? []).filter { !$0.text.isEmpty }
      .map { $0.name == "MasterUserPassword" ? $0.name : "\($0.name) \($0.text)" }
    resizePercent = element.text("DataTransferProgress", "DataTransferProgressPercent")
      .flatMap { Int($0) }
  }
}

extension CloudSnapshot {
  init?(_ element: XMLElement) {
    guard let name = element.text("SnapshotIdentifier") else { return nil }
    self.name = name
    source = element.text("ClusterIdentifier") ?? ""
    status = element.text("Status") ?? ""
    isManual = element.text("SnapshotType").map { $0 == "manual" } ?? true
    created = element.text("SnapshotCreateTime").flatMap(Timestamp.init(iso8601:))
    bytes = element.text("TotalBackupSizeInMegaBytes").flatMap { Double($0) }
      .flatMap { $0 > 0 && $0 < 1e12 ? Int($0 * 1_048_576) : nil }
  }
}
