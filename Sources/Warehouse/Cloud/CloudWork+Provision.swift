extension CloudWork {
  /// All of provisioning, in an order in which each step has what it needs.
  func provision(_ files: CloudFiles) throws(WarehouseError) -> CloudWarehouse {
    try identify()
    let isThere = try requireNoStranger()
    let nodeType = try nodeTypeOfCluster(isThere)
    let network = try settleNetwork()
    let group = try settleAccess(network)
    let role = try settleRole()
    var endpoint: CloudEndpoint?
    switch plan.shape {
    case .cluster(_, let nodes):
      try settleParameters()
      endpoint = try settleCluster(
        nodeType: nodeType, nodes: nodes,
        ClusterIngredients(role: role, securityGroup: group), files
      ).endpoint
    case .serverless(let namespace, let capacity):
      endpoint = try settleServerless(
        namespace, capacity: capacity, role: role, securityGroup: group, network, files
      ).endpoint
    }
    guard let endpoint else {
      throw WarehouseError(
        .server, "could not find where \(plan.name) answers", hint: "Try again in a minute.")
    }
    let warehouse = CloudWarehouse(
      name: plan.name, endpoint: endpoint, roleARN: role, database: plan.database, user: plan.user)
    try record(warehouse, in: files)
    return warehouse
  }

  private func nodeTypeOfCluster(_ isThere: Bool) throws(WarehouseError) -> String {
    guard case .cluster(let asked, _) = plan.shape else { return "" }
    return try orderable(asked, isThere)
  }

  /// Writes into `dwh.cfg` what the next connection needs.
  private func record(
    _ warehouse: CloudWarehouse, in files: CloudFiles
  ) throws(WarehouseError) {
    try step(.configuration) { () throws(WarehouseError) in
      let values: [(key: ConfigurationKey, value: String)] = [
        (.host, warehouse.endpoint.host), (.port, "\(warehouse.endpoint.port)"),
        (.database, warehouse.database), (.user, warehouse.user), (.roleARN, warehouse.roleARN),
        (.region, plan.region),
      ]
      for (key, value) in values where key != .region && files.known[key] != value {
        if let name = files.louder[key] {
          observe(.warned(.configuration, "\(name) says another \(key.rawValue), and counts"))
        }
      }
      if let host = files.known[.host], host != warehouse.endpoint.host {
        observe(.warned(.configuration, "HOST was \(host)"))
      }
      // Where HOST names the region, a louder AWS.REGION is not asked.
      if let region = files.known[.region], files.louder[.region] == nil, region != plan.region {
        observe(.warned(.configuration, "REGION was \(region)"))
      }
      let written = try files.write(values)
      let names = written.map(\.rawValue).joined(separator: ", ")
      return (
        (), written.isEmpty ? .kept : .changed,
        written.isEmpty ? "\(files.path) says it already" : "\(names) in \(files.path)"
      )
    }
  }
}
