extension RehearsedCloud.State {
  mutating func serverless(
    _ operation: String, _ members: JSONValue, looks: Int
  ) throws(WarehouseError) -> JSONValue {
    switch operation {
    case "ListTagsForResource": return try tags(of: members["resourceArn"]?.text ?? "")
    case "ListSnapshots", "CreateSnapshot": return try snapshot(operation, members)
    default: break
    }
    if operation.hasSuffix("Namespace") {
      let name = try need("namespaceName", members)
      if operation == "CreateNamespace" { try makeNamespace(name, members, looks) }
      if operation == "DeleteNamespace" {
        guard !workgroups.values.contains(where: { $0.values["namespaceName"] == name }) else {
          throw .refused("ConflictException", "the namespace has a workgroup")
        }
      }
      try change(\.namespaces, name, operation, members, looks)
      if operation == "DeleteNamespace", let snapshot = members["finalSnapshotName"]?.text {
        snapshots.append(RehearsedSnapshot(name: snapshot, source: name, tags: [:]))
      }
      return .object([("namespace", try describe(\.namespaces, name, operation, "namespace"))])
    }
    let name = try need("workgroupName", members)
    if operation == "GetCredentials" {
      guard workgroups[name]?.status == "AVAILABLE" else { throw .refused("ConflictException") }
      return .object([("dbUser", .string("IAM:you")), ("dbPassword", .string("for-a-while"))])
    }
    if operation == "CreateWorkgroup" { try makeWorkgroup(name, members, looks) }
    try change(\.workgroups, name, operation, members, looks)
    return .object([("workgroup", try describe(\.workgroups, name, operation, "workgroup"))])
  }

  private func need(_ name: String, _ members: JSONValue) throws(WarehouseError) -> String {
    guard let text = members[name]?.text, !text.isEmpty else {
      throw .refused("ValidationException", "\(name) is missing")
    }
    return text
  }

  private mutating func makeNamespace(
    _ name: String, _ members: JSONValue, _ looks: Int
  ) throws(WarehouseError) {
    guard namespaces[name]?.status == nil else { throw .refused("ConflictException") }
    let roles = members["iamRoles"]?.elements?.compactMap(\.text) ?? []
    try requireRoles(roles)
    _ = try need("adminUserPassword", members)
    namespaces[name] = RehearsedCluster(
      values: [
        "dbName": try need("dbName", members), "adminUsername": try need("adminUsername", members),
      ], roles: roles, tags: tags(in: members), ways: ["AVAILABLE"])
  }

  private mutating func makeWorkgroup(
    _ name: String, _ members: JSONValue, _ looks: Int
  ) throws(WarehouseError) {
    guard workgroups[name]?.status == nil else { throw .refused("ConflictException") }
    let namespace = try need("namespaceName", members)
    guard namespaces[namespace]?.status != nil else {
      throw .refused("ResourceNotFoundException")
    }
    let own = members["securityGroupIds"]?.elements?.compactMap(\.text) ?? []
    guard own.allSatisfy({ groups[$0] != nil }), members["subnetIds"]?.elements?.count ?? 0 >= 3
    else { throw .refused("ValidationException", "subnets or groups") }
    workgroups[name] = RehearsedCluster(
      values: [
        "namespaceName": namespace, "baseCapacity": "\(members["baseCapacity"]?.number ?? 0)",
        "port": "\(members["port"]?.number ?? 0)",
        "public": "\(members["publiclyAccessible"]?.flag ?? false)", "require_ssl": "true",
      ], securityGroups: own, tags: tags(in: members),
      ways: Array(repeating: "CREATING", count: looks) + ["AVAILABLE"])
  }

  private mutating func change(
    _ things: WritableKeyPath<Self, [String: RehearsedCluster]>, _ name: String,
    _ operation: String,
    _ members: JSONValue, _ looks: Int
  ) throws(WarehouseError) {
    guard operation.hasPrefix("Update") || operation.hasPrefix("Delete") else { return }
    guard var thing = self[keyPath: things][name], let status = thing.status else {
      throw .refused("ResourceNotFoundException")
    }
    guard status == "AVAILABLE" else { throw .refused("ConflictException", "it is \(status)") }
    if operation.hasPrefix("Delete") {
      thing.go(through: "DELETING", to: nil, looks: looks)
    } else {
      if let number = members["baseCapacity"]?.number { thing.values["baseCapacity"] = "\(number)" }
      if let flag = members["publiclyAccessible"]?.flag { thing.values["public"] = "\(flag)" }
      if members["configParameters"] != nil { thing.values["require_ssl"] = "true" }
      if let roles = members["iamRoles"]?.elements { thing.roles = roles.compactMap(\.text) }
      if let own = members["securityGroupIds"]?.elements {
        thing.securityGroups = own.compactMap(\.text)
      }
      thing.go(through: "MODIFYING", to: "AVAILABLE", looks: looks)
    }
    self[keyPath: things][name] = thing
  }

  private mutating func describe(
    _ things: WritableKeyPath<Self, [String: RehearsedCluster]>, _ name: String,
    _ operation: String,
    _ kind: String
  ) throws(WarehouseError) -> JSONValue {
    if operation.hasPrefix("Get") { self[keyPath: things][name]?.age() }
    guard let thing = self[keyPath: things][name], let status = thing.status else {
      self[keyPath: things][name] = nil
      if operation.hasPrefix("Delete") { return .object([]) }
      throw .refused("ResourceNotFoundException")
    }
    let arn = "arn:aws:redshift-serverless:region:\(RehearsedCloud.account):\(kind)/\(name)"
    func list(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }
    return .object([
      ("\(kind)Name", .string(name)), ("\(kind)Arn", .string(arn)), ("status", .string(status)),
      ("namespaceName", .string(thing.values["namespaceName"] ?? name)),
      ("dbName", JSONValue(thing.values["dbName"])),
      ("adminUsername", JSONValue(thing.values["adminUsername"])),
      ("iamRoles", list(thing.roles)), ("creationDate", .string("2026-01-01T00:00:00.000Z")),
      ("baseCapacity", JSONValue(thing.values["baseCapacity"].flatMap { Int($0) })),
      ("publiclyAccessible", .boolean(thing.values["public"] == "true")),
      ("securityGroupIds", list(thing.securityGroups)),
      (
        "configParameters",
        .array([
          .object([
            ("parameterKey", .string("require_ssl")),
            ("parameterValue", JSONValue(thing.values["require_ssl"])),
          ])
        ])
      ),
      (
        "endpoint",
        status == "CREATING"
          ? .null
          : .object([
            ("address", .string("\(name).id.region.redshift-serverless.amazonaws.com")),
            ("port", JSONValue(thing.values["port"].flatMap { Int($0) })),
          ])
      ),
    ])
  }

  private func tags(in members: JSONValue) -> [String: String] {
    var found: [String: String] = [:]
    for tag in members["tags"]?.elements ?? [] {
      if let key = tag["key"]?.text { found[key] = tag["value"]?.text }
    }
    return found
  }

  private func tags(of arn: String) throws(WarehouseError) -> JSONValue {
    let name = arn.split(separator: "/").last.map(String.init) ?? ""
    let thing = arn.contains(":namespace/") ? namespaces[name] : workgroups[name]
    guard let thing else { throw .refused("ResourceNotFoundException") }
    return .object([
      (
        "tags",
        .array(
          thing.tags.sorted { $0.key < $1.key }.map {
            .object([("key", .string($0.key)), ("value", .string($0.value))])
          })
      )
    ])
  }

  private mutating func snapshot(
    _ operation: String, _ members: JSONValue
  ) throws(WarehouseError) -> JSONValue {
    let source = try need("namespaceName", members)
    if operation == "CreateSnapshot" {
      let name = try need("snapshotName", members)
      guard namespaces[source] != nil else { throw .refused("ResourceNotFoundException") }
      guard !snapshots.contains(where: { $0.name == name }) else {
        throw .refused("ConflictException")
      }
      snapshots.append(RehearsedSnapshot(name: name, source: source, tags: tags(in: members)))
    }
    return .object([
      (
        "snapshots",
        .array(
          snapshots.filter { $0.source == source }.map {
            .object([
              ("snapshotName", .string($0.name)), ("namespaceName", .string($0.source)),
              ("status", .string("AVAILABLE")),
            ])
          })
      )
    ])
  }
}
