extension AWSClient {
  /// What a bucket will be asked with: region, address, keys, tries. For people; nobody is asked for
  /// it, and no secret is in it. Blocks for the shared files.
  public func resolution(for bucket: String) -> [(label: String, value: String)] {
    func text(_ value: () throws(WarehouseError) -> String) -> String {
      do throws(WarehouseError) { return try value() } catch { return error.message }
    }
    return [
      ("region", text { () throws(WarehouseError) in try regionInWords }),
      (
        "address",
        text { () throws(WarehouseError) in
          let call = AWSCall(.s3, "ListObjectsV2", purpose: "list \(bucket)", bucket: bucket)
          let request = try endpoint(of: call, in: try region)
          return "\(request.scheme)://\(request.host)\(request.path)"
        }
      ),
      (
        "keys",
        settings.isAnonymous
          ? "none: AWS.ANONYMOUS is on"
          : text { () throws(WarehouseError) in try credentials.expected }
      ),
      (
        "tries",
        text { () throws(WarehouseError) in
          let count = try attempts
          return count == 1 ? "1" : "up to \(count)"
        }
      ),
    ]
  }

  private var regionInWords: String {
    get throws(WarehouseError) {
      if let region = settings.region { return region }
      if let region = try profiles.value("region") { return "\(region), of \(profiles.inWords)" }
      return "us-east-1, as none is set; a bucket elsewhere is found all the same"
    }
  }
}

extension SharedProfiles {
  /// "the profile work".
  fileprivate var inWords: String { "the profile \(name)" }
}

extension CredentialChain {
  /// Where the keys will come from, as far as that shows without asking anybody.
  fileprivate var expected: String {
    get throws(WarehouseError) {
      if !settings.prefersProfile, settings.accessKey != nil || settings.secretKey != nil {
        return settings.accessKey == nil || settings.secretKey == nil
          ? "half of a pair: AWS.KEY and AWS.SECRET belong together" : "those of the configuration"
      }
      if let profile = try profiles.section(profiles.name), let way = Self.way(of: profile) {
        return "\(way) of \(profiles.inWords)"
      }
      let surroundings = settings.surroundings
      if surroundings["AWS_WEB_IDENTITY_TOKEN_FILE"] != nil, surroundings["AWS_ROLE_ARN"] != nil {
        return "the web identity of the environment"
      }
      if surroundings["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] != nil
        || surroundings["AWS_CONTAINER_CREDENTIALS_FULL_URI"] != nil
      {
        return "those of the container"
      }
      return "none are set: this machine's role or AWS's own program may have some"
    }
  }

  /// What a profile says of keys; nil when it says nothing.
  private static func way(of profile: SharedProfiles.Section) -> String? {
    if profile["role_arn"] != nil { return "the role" }
    if profile["aws_access_key_id"] != nil { return "the keys" }
    if profile["credential_process"] != nil { return "the program" }
    let isSignIn = profile.keys.contains { $0.hasPrefix("sso_") || $0 == "login_session" }
    return isSignIn ? "the sign-in, by AWS's own program," : nil
  }
}
