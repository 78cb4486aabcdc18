extension CloudWork {
  /// Makes the parameter group of a cluster: connections without TLS are refused.
  func settleParameters() throws(WarehouseError) {
    try step(.parameters) { () throws(WarehouseError) in
      let name = plan.parameterGroup
      var change = CloudChange.kept
      if let group = try redshift.parameterGroup(name) {
        guard isOurs(group.tags) else {
          throw foreign(
            "the parameter group \(name)",
            remedy: "Set DWH_CLUSTER_IDENTIFIER to another name, or remove that group.")
        }
      } else {
        let family = try newestFamily()
        _ = try absent("ClusterParameterGroupAlreadyExists") { () throws(WarehouseError) in
          try redshift.makeParameterGroup(name, family: family, tags: plan.tags)
        }
        change = .made
      }
      if try redshift.parameters(of: name)["require_ssl"] != "true" {
        try redshift.set("require_ssl", to: "true", in: name)
        if change == .kept { change = .changed }
      }
      return ((), change, "require_ssl is on")
    }
  }

  /// RA3 and RG need redshift-2.0; what is newest is what new clusters get.
  private func newestFamily() throws(WarehouseError) -> String {
    try redshift.parameterFamilies().max { left, right in
      (left.utf8.count, left) < (right.utf8.count, right)
    } ?? "redshift-2.0"
  }
}
