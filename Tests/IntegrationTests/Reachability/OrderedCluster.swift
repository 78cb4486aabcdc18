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

  /// Asks for something of Redshift Serverless.
  @discardableResult
  func ask(
    _ operation: String, _ members: [(String, JSONValue)]
  ) throws -> JSONValue {
    try AWSClient(settings).json(
      .redshiftServerless, operation, members, purpose: "prepare the test", Cancellation())
  }

  /// Orders a workgroup on a namespace of the same name, and looks at it until it is there.
  @discardableResult
  func orderWorkgroup(
    _ name: String, roles: [String] = [], waits: Bool = true
  ) throws -> CloudWorkgroup? {
    try ask(
      "CreateNamespace",
      [
        ("namespaceName", .string(name)), ("adminUsername", .string("boss")),
        ("adminUserPassword", .string("Passw0rd1")), ("dbName", .string("dev")),
        ("iamRoles", .array(roles.map(JSONValue.string))),
      ])
    let client = ServerlessClient(
      calls: LiveCloudCalls(client: AWSClient(settings)), cancellation: Cancellation())
    while try client.namespace(name)?.state != .available {}
    try ask(
      "CreateWorkgroup",
      [
        ("workgroupName", .string(name)), ("namespaceName", .string(name)),
        ("baseCapacity", .integer(8)), ("publiclyAccessible", .boolean(true)),
      ])
    guard waits else { return nil }
    while true {
      if let workgroup = try client.workgroup(name), workgroup.state == .available {
        return workgroup
      }
    }
  }
}
