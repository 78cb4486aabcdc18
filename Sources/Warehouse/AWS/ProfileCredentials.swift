/// What a profile of the shared files says about credentials.
struct ProfileCredentials {
  private static let deepest = 5

  private let settings: AWSSettings
  private let profiles: SharedProfiles
  private let transport: HTTPTransport
  private let retry: RetryPolicy

  init(
    _ settings: AWSSettings, _ profiles: SharedProfiles, _ transport: HTTPTransport,
    _ retry: RetryPolicy
  ) {
    self.settings = settings
    self.profiles = profiles
    self.transport = transport
    self.retry = retry
  }

  /// The credentials of the profile that counts; nil when it says nothing about any.
  func find(_ cancellation: Cancellation) throws(WarehouseError) -> AWSCredentials? {
    try find(profiles.name, depth: 0, cancellation)
  }

  func nothingIn(_ name: String) -> WarehouseError {
    WarehouseError(
      .configuration, "could not find credentials in the AWS profile \"\(name)\"",
      detail: "it has neither keys nor a role, a process or a sign-in",
      hint: "Name another profile with AWS.PROFILE, or sign in with aws configure.")
  }

  private func find(
    _ name: String, depth: Int, _ cancellation: Cancellation
  ) throws(WarehouseError) -> AWSCredentials? {
    guard let profile = try profiles.section(name) else { return nil }
    guard depth < Self.deepest else {
      throw WarehouseError(
        .configuration, "could not follow the AWS profile \"\(name)\"",
        detail: "its source_profile leads round in a circle", hint: "Correct the profiles.")
    }
    let origin = "the profile \(name)"
    if profile["role_arn"] != nil {
      return try role(name, profile, depth: depth, cancellation)
    }
    if let key = profile["aws_access_key_id"], let secret = profile["aws_secret_access_key"] {
      return AWSCredentials(
        accessKey: Secret(key), secretKey: Secret(secret),
        sessionToken: profile["aws_session_token"].map(Secret.init), origin: origin)
    }
    if let process = profile["credential_process"] {
      return try CredentialProcess(settings.surroundings).run(
        CredentialProcess.words(process), origin: origin)
    }
    let isDelegated = profile.keys.contains { $0.hasPrefix("sso_") || $0 == "login_session" }
    return isDelegated ? try delegated(name) : nil
  }

  private func role(
    _ name: String, _ profile: SharedProfiles.Section, depth: Int, _ cancellation: Cancellation
  ) throws(WarehouseError) -> AWSCredentials? {
    let isNative =
      profile["mfa_serial"] == nil && profile["credential_source"] == nil
      && (profile["source_profile"] != nil || profile["web_identity_token_file"] != nil)
    guard isNative, let arn = profile["role_arn"] else { return try delegated(name) }
    let role = AssumedRole(
      arn: arn, sessionName: profile["role_session_name"] ?? "sparkify",
      externalID: profile["external_id"], origin: "the role of the profile \(name)")
    let signIn = RoleSignIn(settings, retry)
    if let path = profile["web_identity_token_file"] {
      return try signIn.assume(role, webIdentityFile: path, cancellation)
    }
    let source = profile["source_profile"] ?? name
    // A profile that names itself has its own keys beside its role.
    let keys: AWSCredentials?
    if source == name, let key = profile["aws_access_key_id"],
      let secret = profile["aws_secret_access_key"]
    {
      keys = AWSCredentials(
        accessKey: Secret(key), secretKey: Secret(secret),
        sessionToken: profile["aws_session_token"].map(Secret.init), origin: "the profile \(name)")
    } else {
      keys = try find(source, depth: depth + 1, cancellation)
    }
    guard let keys else { throw nothingIn(source) }
    return try signIn.assume(role, with: keys, cancellation)
  }

  /// The role of the environment's web identity, as Kubernetes gives it; nil when there is none.
  func webIdentity(_ cancellation: Cancellation) throws(WarehouseError) -> AWSCredentials? {
    let surroundings = settings.surroundings
    guard let path = surroundings["AWS_WEB_IDENTITY_TOKEN_FILE"]?.reveal(),
      let arn = surroundings["AWS_ROLE_ARN"]?.reveal()
    else { return nil }
    let role = AssumedRole(
      arn: arn, sessionName: surroundings["AWS_ROLE_SESSION_NAME"]?.reveal() ?? "sparkify",
      externalID: nil, origin: "the web identity of the environment")
    return try RoleSignIn(settings, retry).assume(role, webIdentityFile: path, cancellation)
  }

  /// What AWS's own program finds, where we find nothing; nil when it is not there, or finds
  /// nothing either. It knows ways to sign in that came after us.
  func ofTheirProgram() -> AWSCredentials? {
    let process = CredentialProcess(settings.surroundings)
    return try? process.run(
      ["aws", "configure", "export-credentials", "--format", "process"],
      origin: "AWS's own program",
      // The machine was asked already, where there is one to ask.
      environment: ["AWS_EC2_METADATA_DISABLED=true"])
  }

  /// What AWS's own program says: it knows every way to sign in, and keeps the sign-ins.
  private func delegated(_ name: String) throws(WarehouseError) -> AWSCredentials {
    let process = CredentialProcess(settings.surroundings)
    return try process.run(
      ["aws", "configure", "export-credentials", "--profile", name, "--format", "process"],
      origin: "the profile \(name)",
      hint: "Install AWS's command-line tool, version 2, and sign in with aws sso login --profile "
        + "\(name).")
  }
}
