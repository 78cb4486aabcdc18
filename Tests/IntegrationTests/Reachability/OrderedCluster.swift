import Testing

@testable import Warehouse

extension AWSStandIn {
  /// Asks the stand-in as AWS is asked.
  @discardableResult
  func ask(
    _ service: AWSService, _ action: String, _ parameters: [(String, String)]
  ) throws -> XMLElement {
    try AWSClient(settings).query(
      service, action, parameters, purpose: "prepare the test", Cancellation())
  }

  /// Orders a cluster of two nodes through the API, and looks at it until it is there.
  @discardableResult
  func orderCluster(_ name: String, role: String? = nil) throws -> CloudCluster {
    try ask(
      .redshift, "CreateCluster",
      [
        ("ClusterIdentifier", name), ("NodeType", "ra3.large"), ("NumberOfNodes", "2"),
        ("ClusterType", "multi-node"), ("MasterUsername", "boss"),
        ("MasterUserPassword", "Passw0rd1"), ("PubliclyAccessible", "true"),
        ("Encrypted", "true"), ("DBName", "dev"),
      ] + (role.map { [("IamRoles.IamRoleArn.1", $0)] } ?? []))
    return try look(at: name, until: .available)
  }

  /// Looks at a cluster until it is in a state: each look brings the stand-in's a step further.
  @discardableResult
  func look(at name: String, until state: CloudState) throws -> CloudCluster {
    let calls = LiveCloudCalls(client: AWSClient(settings))
    let redshift = RedshiftClient(calls: calls, cancellation: Cancellation())
    for _ in 0..<20 {
      if let cluster = try redshift.cluster(name), cluster.state == state { return cluster }
    }
    throw WarehouseError(.server, "the cluster \(name) does not become \(state.word)")
  }
}
