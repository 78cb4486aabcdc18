/// A role of the rehearsal.
struct RehearsedRole {
  var trust: String
  var tags: [String: String]
  var policies: [String: String] = [:]
  var attached: [String] = []

  /// Its ARN.
  static func arn(_ name: String) -> String {
    "arn:aws:iam::\(RehearsedCloud.account):role/\(name)"
  }
}

extension RehearsedCloud.State {
  mutating func iam(
    _ action: String, _ form: RehearsedForm
  ) throws(WarehouseError) -> [XMLElement] {
    let name = try form.need("RoleName")
    if action == "CreateRole" {
      guard roles[name] == nil else { throw .refused("EntityAlreadyExists") }
      let trust = try form.need("AssumeRolePolicyDocument")
      roles[name] = RehearsedRole(trust: trust, tags: form.tags("Tags.member"))
      return [describe(name)]
    }
    guard var role = roles[name] else { throw .refused("NoSuchEntity") }
    defer { if roles[name] != nil { roles[name] = role } }
    switch action {
    case "GetRole": return [describe(name)]
    case "UpdateAssumeRolePolicy": role.trust = try form.need("PolicyDocument")
    case "GetRolePolicy":
      guard let document = role.policies[try form.need("PolicyName")] else {
        throw .refused("NoSuchEntity")
      }
      return [.leaf("PolicyDocument", PercentEncoding.encode(document))]
    case "PutRolePolicy":
      role.policies[try form.need("PolicyName")] = try form.need("PolicyDocument")
    case "ListRolePolicies":
      return [.node("PolicyNames", role.policies.keys.sorted().map { .leaf("member", $0) })]
    case "DeleteRolePolicy":
      guard role.policies.removeValue(forKey: try form.need("PolicyName")) != nil else {
        throw .refused("NoSuchEntity")
      }
    case "ListAttachedRolePolicies":
      let members = role.attached.map { XMLElement.node("member", [.leaf("PolicyArn", $0)]) }
      return [.node("AttachedPolicies", members)]
    case "AttachRolePolicy": role.attached.append(try form.need("PolicyArn"))
    case "DetachRolePolicy":
      let policy = try form.need("PolicyArn")
      guard role.attached.contains(policy) else { throw .refused("NoSuchEntity") }
      role.attached.removeAll { $0 == policy }
    case "DeleteRole":
      guard role.policies.isEmpty, role.attached.isEmpty else { throw .refused("DeleteConflict") }
      roles[name] = nil
    default: throw .refused("InvalidAction", action)
    }
    return []
  }

  private func describe(_ name: String) -> XMLElement {
    let role = roles[name]
    return .node(
      "Role",
      [
        .leaf("RoleName", name), .leaf("Arn", RehearsedRole.arn(name)),
        .leaf("AssumeRolePolicyDocument", PercentEncoding.encode(role?.trust ?? "")),
        .tags(role?.tags ?? [:], "Tags", "member", "Key", "Value"),
      ])
  }
}
