/// What Redshift Serverless is asked for.
struct ServerlessClient {
  let calls: any CloudCalls
  let cancellation: Cancellation

  // MARK: Namespaces

  func namespace(_ name: String) throws(WarehouseError) -> CloudNamespace? {
    try found("GetNamespace", [("namespaceName", .string(name))], "look at the namespace \(name)")
      .flatMap { $0["namespace"].flatMap(CloudNamespace.init) }
  }

  func makeNamespace(
    _ name: String, _ members: [(String, JSONValue)]
  ) throws(WarehouseError) {
    _ = try ask(
      "CreateNamespace", [("namespaceName", .string(name))] + members,
      "make the namespace \(name)")
  }

  func changeNamespace(
    _ name: String, _ members: [(String, JSONValue)]
  ) throws(WarehouseError) {
    _ = try ask(
      "UpdateNamespace", [("namespaceName", .string(name))] + members,
      "change the namespace \(name)")
  }

  /// Deletes a namespace, with a last snapshot of that name or with none.
  func removeNamespace(_ name: String, snapshot: String?) throws(WarehouseError) {
    var members = [("namespaceName", JSONValue.string(name))]
    if let snapshot { members.append(("finalSnapshotName", .string(snapshot))) }
    _ = try ask("DeleteNamespace", members, "delete the namespace \(name)")
  }

  // MARK: Workgroups

  func workgroup(_ name: String) throws(WarehouseError) -> CloudWorkgroup? {
    try found("GetWorkgroup", [("workgroupName", .string(name))], "look at the workgroup \(name)")
      .flatMap { $0["workgroup"].flatMap(CloudWorkgroup.init) }
  }

  func makeWorkgroup(
    _ name: String, _ members: [(String, JSONValue)]
  ) throws(WarehouseError) {
    _ = try ask(
      "CreateWorkgroup", [("workgroupName", .string(name))] + members,
      "make the workgroup \(name)")
  }

  func changeWorkgroup(
    _ name: String, _ members: [(String, JSONValue)]
  ) throws(WarehouseError) {
    _ = try ask(
      "UpdateWorkgroup", [("workgroupName", .string(name))] + members,
      "change the workgroup \(name)")
  }

  func removeWorkgroup(_ name: String) throws(WarehouseError) {
    _ = try ask(
      "DeleteWorkgroup", [("workgroupName", .string(name))], "delete the workgroup \(name)")
  }

  /// A login for a while, for the user of the caller's own identity.
  func credentials(
    of workgroup: String, database: String
  ) throws(WarehouseError) -> (user: String, password: Secret) {
    let purpose = "get a temporary login for the workgroup \(workgroup)"
    let answer = try ask(
      "GetCredentials", [("workgroupName", .string(workgroup)), ("dbName", .string(database))],
      purpose)
    guard let user = answer["dbUser"]?.text, let password = answer["dbPassword"]?.text else {
      throw TemporaryLogin.unreadable(purpose)
    }
    return (user, Secret(password))
  }

  // MARK: Snapshots and tags

  func snapshots(of namespace: String) throws(WarehouseError) -> [CloudSnapshot] {
    var snapshots: [CloudSnapshot] = []
    var token: String?
    for _ in 0..<100 {
      var members = [("namespaceName", JSONValue.string(namespace))]
      if let token { members.append(("nextToken", .string(token))) }
      guard let page = try found("ListSnapshots", members, "list the snapshots of \(namespace)")
      else { return snapshots }
      snapshots += (page["snapshots"]?.elements ?? []).compactMap(CloudSnapshot.init)
      token = page["nextToken"]?.text
      if token == nil { break }
    }
    return snapshots
  }

  func makeSnapshot(
    _ snapshot: String, of namespace: String, tags: [(key: String, value: String)]
  ) throws(WarehouseError) {
    _ = try ask(
      "CreateSnapshot",
      [
        ("snapshotName", .string(snapshot)), ("namespaceName", .string(namespace)),
        ("tags", tags.json),
      ], "make the snapshot \(snapshot)")
  }

  func tags(of arn: String) throws(WarehouseError) -> [String: String] {
    let answer = try ask(
      "ListTagsForResource", [("resourceArn", .string(arn))], "look at the tags of \(arn)")
    var tags: [String: String] = [:]
    for tag in answer["tags"]?.elements ?? [] {
      if let key = tag["key"]?.text { tags[key] = tag["value"]?.text ?? "" }
    }
    return tags
  }

  // MARK: Calls

  /// The answer; nil when there is no such thing.
  private func found(
    _ operation: String, _ members: [(String, JSONValue)], _ purpose: String
  ) throws(WarehouseError) -> JSONValue? {
    do throws(WarehouseError) {
      return try ask(operation, members, purpose)
    } catch {
      guard error.isFault("ResourceNotFound") else { throw error }
      return nil
    }
  }

  private func ask(
    _ operation: String, _ members: [(String, JSONValue)], _ purpose: String
  ) throws(WarehouseError) -> JSONValue {
    try calls.json(.redshiftServerless, operation, members, purpose: purpose, cancellation)
  }
}

extension [(key: String, value: String)] {
  /// The tags as Serverless takes them.
  var json: JSONValue {
    .array(map { .object([("key", .string($0.key)), ("value", .string($0.value))]) })
  }
}

extension CloudState {
  /// The states of namespaces and workgroups.
  init(serverless status: String?) {
    switch status?.uppercased() {
    case "AVAILABLE": self = .available
    case "DELETING": self = .leaving("deleting")
    case let status: self = .changing(status?.lowercased() ?? "unknown")
    }
  }
}

extension JSONValue {
  /// The texts of an array.
  fileprivate var texts: [String] { elements?.compactMap(\.text) ?? [] }

  /// The moment that a text says in ISO 8601.
  fileprivate var moment: Timestamp? { text.flatMap(Timestamp.init(iso8601:)) }
}

extension CloudNamespace {
  fileprivate init?(_ json: JSONValue) {
    guard let name = json["namespaceName"]?.text else { return nil }
    self.init(
      name: name, arn: json["namespaceArn"]?.text ?? "",
      state: CloudState(serverless: json["status"]?.text), database: json["dbName"]?.text,
      user: json["adminUsername"]?.text,
      // AWS answers some with the ARN inside a description: IamRole(applyStatus=…, iamRoleArn=…).
      roles: (json["iamRoles"]?.texts ?? []).map(Self.arn), created: json["creationDate"]?.moment)
  }

  private static func arn(in text: String) -> String {
    guard let start = text.firstRange(of: "arn:")?.lowerBound else { return text }
    return String(text[start...].prefix { $0 != "," && $0 != ")" && $0 != " " })
  }
}

extension CloudWorkgroup {
  fileprivate init?(_ json: JSONValue) {
    guard let name = json["workgroupName"]?.text else { return nil }
    self.init(
      name: name, namespace: json["namespaceName"]?.text ?? "",
      arn: json["workgroupArn"]?.text ?? "",
      state: CloudState(serverless: json["status"]?.text),
      baseCapacity: json["baseCapacity"]?.number, created: json["creationDate"]?.moment,
      isPublic: json["publiclyAccessible"]?.flag ?? false,
      securityGroups: json["securityGroupIds"]?.texts ?? [],
      subnets: json["subnetIds"]?.texts ?? [], parameters: [:])
    if let host = json["endpoint"]?["address"]?.text, !host.isEmpty {
      endpoint = CloudEndpoint(host: host, port: json["endpoint"]?["port"]?.number ?? 5439)
    }
    for parameter in json["configParameters"]?.elements ?? [] {
      if let key = parameter["parameterKey"]?.text {
        parameters[key] = parameter["parameterValue"]?.text
      }
    }
  }
}

extension CloudSnapshot {
  fileprivate init?(_ json: JSONValue) {
    guard let name = json["snapshotName"]?.text else { return nil }
    self.init(
      name: name, source: json["namespaceName"]?.text ?? "",
      status: json["status"]?.text?.lowercased() ?? "", isManual: true,
      created: json["snapshotCreateTime"]?.moment, bytes: nil)
  }
}
