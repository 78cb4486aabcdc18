extension CloudPlan {
  /// The plan that a configuration means, in the region that it names.
  ///
  /// - Throws: `.configuration` for what AWS would refuse, before anything is asked of it.
  public init(_ configuration: Configuration) throws(WarehouseError) {
    try self.init(
      configuration, region: AWSClient(CloudName.lifecycleSettings(configuration)).region)
  }

  /// The same in a region that is known.
  public init(_ configuration: Configuration, region: String) throws(WarehouseError) {
    let (cluster, server) = (configuration.cluster, configuration.server)
    self.region = region
    name = try Self.name(cluster)
    shape = try Self.shape(cluster, name)
    database = server.database?.lowercased() ?? "sparkify"
    user = server.user?.lowercased() ?? "sparkify"
    port = try Self.port(server)
    login = try Self.login(server)
    role = Self.role(configuration.role, name)
    roleDescription = configuration.role.description ?? "Lets Redshift read the sources of sparkify"
    policyARN = configuration.role.policyARN
    groupName = configuration.network.groupName ?? "\(name)-clients"
    groupDescription =
      configuration.network.groupDescription ?? "Lets the operator of sparkify reach the warehouse"
    addresses = configuration.network.addresses
    subnets = cluster.subnets
    isPublic = cluster.isPublic
    snapshotDays = cluster.snapshotDays
    readable = Self.readable(configuration.sources, configuration.restage)
    if case .file(let file)? = configuration.sources.logJSONPath, case .s3 = file {
      readableFile = file
    }
    writable = [configuration.sources.work, configuration.restage?.output].compactMap { $0 }
    restage = configuration.restage
    namesUser = server.user != nil
    createsUser = cluster.login.createsUser
    unitPrice = cluster.unitPrice
    if case .cluster(let name)? = TemporaryLogin.warehouse(of: configuration, isRehearsed: true) {
      // Before there is a host, provisioning makes and names the database.
      temporaryLogin = LoginPlace(
        cluster: name, database: server.database ?? (server.host == nil ? database : "dev"))
    } else if case .cluster = shape, login == .temporary {
      temporaryLogin = LoginPlace(cluster: name, database: database)
    }
    poll = .seconds(cluster.pollSeconds)
    try check()
  }

  private static func name(_ cluster: ClusterSettings) throws(WarehouseError) -> String {
    let name = (cluster.workgroup ?? cluster.identifier ?? "sparkify").lowercased()
    // Longer ones leave no room for the names that are made from it.
    guard !name.contains("--"), !name.hasSuffix("-"), (3...40).contains(name.utf8.count) else {
      throw WarehouseError(
        .configuration, "could not name a warehouse \"\(name)\"",
        hint: "Use 3 to 40 letters, digits and single hyphens, a letter first, in "
          + "\(cluster.workgroup == nil ? "DWH_CLUSTER_IDENTIFIER" : "DWH_WORKGROUP").")
    }
    return name
  }

  private static func shape(
    _ cluster: ClusterSettings, _ name: String
  ) throws(WarehouseError) -> Shape {
    if cluster.workgroup != nil {
      return .serverless(
        namespace: cluster.namespace?.lowercased() ?? name, capacity: cluster.baseCapacity ?? 8)
    }
    let nodes = cluster.nodeCount ?? (cluster.type == .multiNode ? 2 : 1)
    if cluster.type == .multiNode, nodes < 2 {
      throw WarehouseError(
        .configuration, "could not make a multi-node cluster of one node",
        hint: "Set DWH_NUM_NODES to 2 or more, or DWH_CLUSTER_TYPE to single-node.")
    }
    if cluster.type == .singleNode, nodes > 1 {
      throw WarehouseError(
        .configuration, "could not make a single-node cluster of \(nodes) nodes",
        hint: "Set DWH_NUM_NODES to 1, or DWH_CLUSTER_TYPE to multi-node.")
    }
    return .cluster(nodeType: cluster.nodeType?.lowercased(), nodes: nodes)
  }

  /// The ports that RA3, RG and serverless take (Redshift API reference, "CreateCluster", Port).
  private static func port(_ server: ServerSettings) throws(WarehouseError) -> Int {
    let port = server.port ?? 5439
    guard (5431...5455).contains(port) || (8191...8215).contains(port) else {
      throw WarehouseError(
        .configuration, "could not make a warehouse on port \(port)",
        hint: "Set DB_PORT to 5439, or to another of 5431 to 5455 or 8191 to 8215.")
    }
    return port
  }

  private static func login(_ server: ServerSettings) throws(WarehouseError) -> Login {
    switch (server.login, server.password) {
    case (.temporary, _): return .temporary
    case (.generated, nil), (nil, nil): return .generated
    case (.password, nil):
      throw WarehouseError(
        .configuration, "there is no password for the warehouse",
        hint: "Set DB_PASSWORD in dwh_local.cfg, or LOGIN to generated or temporary.")
    case (_, let password?):
      if let fault = MasterPassword.fault(in: password) {
        throw WarehouseError(
          .configuration, "could not use DB_PASSWORD for a Redshift warehouse",
          detail: fault,
          hint:
            "Use 8 to 64 letters, digits and signs, with a capital, a small letter and a digit, "
            + "and without quotes, \\, / and @.")
      }
      return .password(password)
    }
  }

  /// An ARN that was written back for a role of our own means that role, not a foreign one.
  private static func role(_ role: RoleSettings, _ name: String) -> Role {
    let own = role.name ?? "\(name)-s3-read"
    guard let arn = role.arn, !arn.hasSuffix("/" + own) else { return .own(name: own) }
    return .given(arn: arn)
  }

  private static func readable(
    _ sources: SourceSettings, _ restage: RestageSettings?
  ) -> [DataLocation] {
    let places = [sources.logData, sources.songData, sources.work, restage?.output]
    return places.compactMap { place in
      if case .s3? = place { place } else { nil }
    }
  }

  private func check() throws(WarehouseError) {
    if addresses == nil, !isPublic {
      throw WarehouseError(
        .configuration, "could not tell who may reach a private warehouse",
        detail: "DWH_PUBLIC is off, and INBOUND_RULE.CIDRIP is not set",
        hint: "Set INBOUND_RULE.CIDRIP to the addresses of your network, like 10.0.0.0/16.")
    }
    guard user != "rdsdb", user != "rdsadmin", user.utf8.count <= 127 else {
      throw WarehouseError(
        .configuration, "could not use \(user) as the first user",
        hint: "Set DB_USER to another name: Redshift keeps this one for itself.")
    }
  }
}
