/// A role as IAM describes it.
struct IAMRole: Sendable, Equatable {
  var name: String
  var arn: String
  var trust: String
  var tags: [String: String]
}

/// What IAM is asked for.
struct IAMClient {
  let calls: any CloudCalls
  let cancellation: Cancellation

  func role(_ name: String) throws(WarehouseError) -> IAMRole {
    let answer = try ask("GetRole", [("RoleName", name)], "look at the role \(name)")
    return try Self.role(answer, name)
  }

  func makeRole(
    _ name: String, trust: IAMPolicy, description: String, tags: [(key: String, value: String)]
  ) throws(WarehouseError) -> IAMRole {
    let parameters = [
      ("RoleName", name), ("Description", description), ("AssumeRolePolicyDocument", trust.text),
    ]
    let answer = try ask(
      "CreateRole", parameters + tags.parameters("Tags.member"), "make the role \(name)")
    return try Self.role(answer, name)
  }

  func setTrust(_ trust: IAMPolicy, of name: String) throws(WarehouseError) {
    _ = try ask(
      "UpdateAssumeRolePolicy", [("RoleName", name), ("PolicyDocument", trust.text)],
      "change who may take the role \(name)")
  }

  func policy(_ policy: String, of name: String) throws(WarehouseError) -> String {
    let answer = try ask(
      "GetRolePolicy", [("RoleName", name), ("PolicyName", policy)],
      "look at the policy of the role \(name)")
    return Self.document(answer.text("PolicyDocument"))
  }

  func put(_ document: IAMPolicy, as policy: String, of name: String) throws(WarehouseError) {
    _ = try ask(
      "PutRolePolicy",
      [("RoleName", name), ("PolicyName", policy), ("PolicyDocument", document.text)],
      "write the policy of the role \(name)")
  }

  func policies(of name: String) throws(WarehouseError) -> [String] {
    let answer = try ask(
      "ListRolePolicies", [("RoleName", name)], "list the policies of the role \(name)")
    return answer["PolicyNames"]?.all("member").map(\.text) ?? []
  }

  func removePolicy(_ policy: String, of name: String) throws(WarehouseError) {
    _ = try ask(
      "DeleteRolePolicy", [("RoleName", name), ("PolicyName", policy)],
      "remove the policy of the role \(name)")
  }

  func attachedPolicies(of name: String) throws(WarehouseError) -> [String] {
    let answer = try ask(
      "ListAttachedRolePolicies", [("RoleName", name)], "list the policies of the role \(name)")
    return answer["AttachedPolicies"]?.all("member").compactMap { $0.text("PolicyArn") } ?? []
  }

  func attach(_ policy: String, to name: String) throws(WarehouseError) {
    _ = try ask(
      "AttachRolePolicy", [("RoleName", name), ("PolicyArn", policy)],
      "give the policy \(policy) to the role \(name)")
  }

  func detach(_ policy: String, from name: String) throws(WarehouseError) {
    _ = try ask(
      "DetachRolePolicy", [("RoleName", name), ("PolicyArn", policy)],
      "take the policy \(policy) from the role \(name)")
  }

  func removeRole(_ name: String) throws(WarehouseError) {
    _ = try ask("DeleteRole", [("RoleName", name)], "remove the role \(name)")
  }

  private func ask(
    _ action: String, _ parameters: [(String, String)], _ purpose: String
  ) throws(WarehouseError) -> XMLElement {
    try calls.query(.iam, action, parameters, purpose: purpose, cancellation)
  }

  /// A document as IAM answers it: percent-encoded (IAM API reference, "GetRolePolicy").
  private static func document(_ text: String?) -> String {
    guard let text, !text.hasPrefix("{") else { return text ?? "" }
    return PercentEncoding.decodeKey(text) ?? text
  }

  private static func role(_ answer: XMLElement, _ name: String) throws(WarehouseError) -> IAMRole {
    guard let role = answer["Role"], let arn = role.text("Arn") else {
      throw WarehouseError(
        .connection, "could not look at the role \(name)", detail: "the answer holds no role")
    }
    return IAMRole(
      name: name, arn: arn,
      trust: document(role.text("AssumeRolePolicyDocument")),
      tags: role["Tags"]?.all("member").tags("Key", "Value") ?? [:])
  }
}

extension [(key: String, value: String)] {
  /// The tags as a form says them: `Tags.member.1.Key`.
  func parameters(_ name: String) -> [(String, String)] {
    enumerated().flatMap { index, tag in
      [("\(name).\(index + 1).Key", tag.key), ("\(name).\(index + 1).Value", tag.value)]
    }
  }
}

extension [XMLElement] {
  /// The tags that these elements are.
  func tags(_ key: String, _ value: String) -> [String: String] {
    Dictionary(
      compactMap { tag in tag.text(key).map { ($0, tag.text(value) ?? "") } },
      uniquingKeysWith: { first, _ in first })
  }
}

extension [String] {
  /// The values of a list as a form says them: `Names.Name.1`.
  func parameters(_ name: String) -> [(String, String)] {
    enumerated().map { ("\(name).\($0 + 1)", $1) }
  }
}
