/// A role to be taken.
struct AssumedRole {
  var arn: String
  var sessionName: String
  var externalID: String?
  var origin: String
}

/// Takes a role by asking STS.
struct RoleSignIn {
  private let settings: AWSSettings
  private let retry: RetryPolicy

  init(_ settings: AWSSettings, _ retry: RetryPolicy) {
    self.settings = settings
    self.retry = retry
  }

  /// Takes the role with the keys of somebody who may.
  func assume(
    _ role: AssumedRole, with keys: AWSCredentials, _ cancellation: Cancellation
  ) throws(WarehouseError) -> AWSCredentials {
    var parameters = [("RoleArn", role.arn), ("RoleSessionName", role.sessionName)]
    if let id = role.externalID { parameters.append(("ExternalId", id)) }
    var settings = settings
    settings.accessKey = keys.accessKey
    settings.secretKey = keys.secretKey
    settings.sessionToken = keys.sessionToken
    settings.prefersProfile = false
    let answer = try AWSClient(settings, retry: retry).query(
      .sts, "AssumeRole", parameters, purpose: "take \(role.arn)", cancellation)
    return try credentials(in: answer, role)
  }

  /// Takes the role with a token that somebody else vouches with; the call is not signed.
  func assume(
    _ role: AssumedRole, webIdentityFile path: String, _ cancellation: Cancellation
  ) throws(WarehouseError) -> AWSCredentials {
    let token = String(decoding: try FileSystem.read(path, limit: 64 << 10), as: UTF8.self)
    let parameters = [
      ("RoleArn", role.arn), ("RoleSessionName", role.sessionName),
      ("WebIdentityToken", token[...].trimmingBlanks),
    ]
    let answer = try AWSClient(settings, retry: retry).query(
      .sts, "AssumeRoleWithWebIdentity", parameters, purpose: "take \(role.arn)",
      isUnsigned: true, cancellation)
    return try credentials(in: answer, role)
  }

  private func credentials(
    in answer: XMLElement, _ role: AssumedRole
  ) throws(WarehouseError) -> AWSCredentials {
    guard let found = answer["Credentials"], let key = found.text("AccessKeyId"),
      let secret = found.text("SecretAccessKey"), let token = found.text("SessionToken")
    else {
      throw WarehouseError(
        .server, "could not take \(role.arn)", detail: "the answer holds no credentials")
    }
    return AWSCredentials(
      accessKey: Secret(key), secretKey: Secret(secret), sessionToken: Secret(token),
      expiration: found.text("Expiration").flatMap(Timestamp.init(iso8601:)), origin: role.origin)
  }
}
