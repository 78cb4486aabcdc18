/// Which spellings mean which setting, as the public Sparkify projects write them.
extension ConfigurationKey {
  /// A setting that a spelling means. The lowest rank wins where several are set in one file.
  struct Match: Equatable {
    let key: ConfigurationKey
    let rank: Int
  }

  /// The setting that `name` means in `section`; nil when it means none. Case does not matter.
  static func match(section: String, name: String) -> Match? {
    matches["\(section.uppercased()).\(name.uppercased())"]
  }

  /// The section in which `name` has its only meaning; nil when it has none or several.
  static func onlySection(of name: String) -> String? {
    let name = name.uppercased()
    let meanings = spellings.filter { $0.names.contains(name) }
    guard let first = meanings.first, meanings.allSatisfy({ $0.key == first.key }) else {
      return nil
    }
    return first.sections.first
  }

  /// All sections that mean something, upper case.
  static let sections = Set(spellings.flatMap(\.sections))

  /// All names that mean something in `section`.
  static func names(in section: String) -> [String] {
    spellings.filter { $0.sections.contains(section.uppercased()) }.flatMap(\.names)
  }

  /// Whether a value under this name must never be shown, known name or not.
  static func isSecretName(_ name: String) -> Bool {
    let name = name.uppercased()
    return name == "KEY" || name.hasSuffix("_KEY") || name.hasSuffix("KEY_ID")
      || ["PASSWORD", "PASSWD", "PWD", "SECRET", "TOKEN"].contains { name.contains($0) }
  }

  /// One row of the table: these names, in these sections, mean this setting.
  private struct Spelling {
    let key: ConfigurationKey
    let sections: [String]
    let names: [String]
    init(_ key: ConfigurationKey, _ sections: [String], _ names: [String]) {
      self.key = key
      self.sections = sections
      self.names = names
    }
  }

  private static let matches: [String: Match] = {
    var matches: [String: Match] = [:]
    for (rank, spelling) in spellings.enumerated() {
      for section in spelling.sections {
        for (index, name) in spelling.names.enumerated() {
          matches["\(section).\(name)"] = Match(key: spelling.key, rank: rank * 16 + index)
        }
      }
    }
    return matches
  }()

  private static let spellings: [Spelling] = [
    Spelling(.host, ["CLUSTER", "DB"], ["HOST"]),
    Spelling(.host, ["DWH", "CLUSTER"], ["DWH_ENDPOINT", "DWH_HOST"]),
    Spelling(.database, ["CLUSTER", "DB"], ["DB_NAME"]),
    Spelling(.database, ["DWH", "CLUSTER"], ["DWH_DB"]),
    Spelling(.user, ["CLUSTER", "DB"], ["DB_USER"]),
    Spelling(.user, ["DWH", "CLUSTER"], ["DWH_DB_USER"]),
    Spelling(.password, ["CLUSTER", "DB"], ["DB_PASSWORD"]),
    Spelling(.password, ["DWH", "CLUSTER"], ["DWH_DB_PASSWORD"]),
    Spelling(.port, ["CLUSTER", "DB"], ["DB_PORT"]),
    Spelling(.port, ["DWH", "CLUSTER"], ["DWH_PORT"]),
    Spelling(.service, ["CLUSTER"], ["SERVICE"]),
    Spelling(.sslMode, ["CLUSTER"], ["SSLMODE"]),
    Spelling(.sslRootCertificate, ["CLUSTER"], ["SSLROOTCERT"]),
    Spelling(.passFile, ["CLUSTER"], ["PASSFILE"]),
    Spelling(.autoCreateUser, ["CLUSTER"], ["AUTO_CREATE_USER"]),
    Spelling(.loginSeconds, ["CLUSTER"], ["LOGIN_SECONDS"]),
    Spelling(.pauseAfter, ["CLUSTER"], ["PAUSE_AFTER"]),
    Spelling(.nodePrice, ["CLUSTER"], ["NODE_PRICE"]),
    Spelling(.login, ["CLUSTER"], ["LOGIN"]),

    Spelling(.roleARN, ["IAM_ROLE"], ["ARN"]),
    Spelling(.roleARN, ["IAM_ROLE", "DWH"], ["DWH_ROLE_ARN"]),
    Spelling(
      .roleARN, ["IAM_ROLE", "DWH", "CLUSTER", "DB", "IAM"], ["DB_ROLE_ARN", "REDSHIFT_ARN"]),
    Spelling(.roleName, ["IAM_ROLE"], ["NAME", "ROLE_NAME", "IAM_ROLE_NAME", "ROLE"]),
    Spelling(.roleName, ["DWH", "IAM", "IAM_ROLE"], ["DWH_IAM_ROLE_NAME"]),
    Spelling(.policyARN, ["IAM_ROLE"], ["POLICY_ARN", "IAM_POLICY_ARN"]),
    Spelling(.roleDescription, ["IAM_ROLE"], ["DESCRIPTION", "IAM_ROLE_DESCRIPTION"]),

    Spelling(.logData, ["S3", "S3_BUCKET"], ["LOG_DATA"]),
    Spelling(.logJSONPath, ["S3", "S3_BUCKET"], ["LOG_JSONPATH", "LOG_JSON_FORMAT"]),
    Spelling(.songData, ["S3", "S3_BUCKET"], ["SONG_DATA"]),
    Spelling(.bucket, ["S3", "S3_BUCKET"], ["BUCKET", "BUCKET_NAME"]),
    Spelling(.work, ["S3", "S3_BUCKET"], ["WORK"]),

    Spelling(
      .accessKey, ["AWS"], ["KEY", "ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY"]),
    Spelling(
      .secretKey, ["AWS"], ["SECRET", "SECRET_KEY", "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY"]),
    Spelling(.sessionToken, ["AWS"], ["TOKEN", "SESSION_TOKEN", "AWS_SESSION_TOKEN"]),
    Spelling(.region, ["AWS", "REGION", "S3", "DEST"], ["REGION"]),
    Spelling(.region, ["CLUSTER"], ["REGION_NAME"]),
    Spelling(.region, ["DWH"], ["REGION", "DWH_REGION", "DWH_REGION_NAME"]),
    Spelling(.profile, ["AWS"], ["PROFILE"]),
    Spelling(.endpoint, ["AWS"], ["ENDPOINT_URL"]),
    Spelling(.anonymous, ["AWS"], ["ANONYMOUS"]),

    Spelling(.clusterType, ["DWH", "CLUSTER"], ["DWH_CLUSTER_TYPE"]),
    Spelling(.clusterType, ["CLUSTER"], ["CLUSTER_TYPE"]),
    Spelling(.nodeCount, ["DWH", "CLUSTER"], ["DWH_NUM_NODES"]),
    Spelling(.nodeCount, ["CLUSTER"], ["NUM_NODES"]),
    Spelling(.nodeType, ["DWH", "CLUSTER"], ["DWH_NODE_TYPE"]),
    Spelling(.nodeType, ["CLUSTER"], ["NODE_TYPE"]),
    Spelling(.clusterIdentifier, ["DWH", "CLUSTER"], ["DWH_CLUSTER_IDENTIFIER"]),
    Spelling(.clusterIdentifier, ["CLUSTER", "DWH"], ["CLUSTER_IDENTIFIER"]),
    Spelling(.workgroup, ["DWH", "CLUSTER"], ["DWH_WORKGROUP"]),
    Spelling(.baseCapacity, ["DWH", "CLUSTER"], ["DWH_BASE_CAPACITY"]),
    Spelling(.namespace, ["DWH", "CLUSTER"], ["DWH_NAMESPACE"]),
    Spelling(.subnets, ["DWH", "CLUSTER"], ["DWH_SUBNETS"]),
    Spelling(.isPublic, ["DWH", "CLUSTER"], ["DWH_PUBLIC"]),
    Spelling(.snapshotDays, ["DWH", "CLUSTER"], ["DWH_SNAPSHOT_DAYS"]),
    Spelling(.pollSeconds, ["DWH", "CLUSTER"], ["DWH_POLL_SECONDS"]),

    Spelling(.groupName, ["SECURITY_GROUP"], ["NAME"]),
    Spelling(.groupDescription, ["SECURITY_GROUP"], ["DESCRIPTION"]),
    Spelling(.ruleProtocol, ["INBOUND_RULE"], ["PROTOCOL"]),
    Spelling(.rulePorts, ["INBOUND_RULE"], ["PORT_RANGE"]),
    Spelling(.ruleAddresses, ["INBOUND_RULE"], ["CIDRIP"]),

    Spelling(.restageOutput, ["RESTAGE"], ["OUTPUT"]),
    Spelling(.restageFiles, ["RESTAGE"], ["FILES"]),
    Spelling(.restageSlices, ["RESTAGE"], ["SLICES"]),
    Spelling(.restageCompression, ["RESTAGE"], ["COMPRESSION"]),
    Spelling(.restageEngine, ["RESTAGE"], ["ENGINE"]),
    Spelling(.spark, ["RESTAGE"], ["SPARK"]),
    Spelling(.emrCluster, ["RESTAGE"], ["EMR_CLUSTER"]),
    Spelling(.emrApplication, ["RESTAGE"], ["EMR_APPLICATION"]),
    Spelling(.emrRole, ["RESTAGE"], ["EMR_ROLE"]),

    Spelling(.maxRejects, ["PIPELINE"], ["MAX_REJECTS"]),
    Spelling(.maxRecordBytes, ["PIPELINE"], ["MAX_RECORD_BYTES"]),
    Spelling(.connections, ["PIPELINE"], ["CONNECTIONS"]),
    Spelling(.readers, ["PIPELINE"], ["READERS"]),
    Spelling(.distribution, ["REDSHIFT"], ["DISTKEY"]),
    Spelling(.sortKey, ["REDSHIFT"], ["SORTKEY"]),
    Spelling(.dimensions, ["REDSHIFT"], ["DIMENSIONS"]),
    Spelling(.encoding, ["REDSHIFT"], ["ENCODING"]),
    Spelling(.mouse, ["CONSOLE"], ["MOUSE"]),
    Spelling(.theme, ["CONSOLE"], ["THEME"]),
    Spelling(.ascii, ["CONSOLE"], ["ASCII"]),
    Spelling(.frameRate, ["CONSOLE"], ["FRAME_RATE"]),
    Spelling(.binaries, ["EMBEDDED"], ["BINARIES"]),
  ]
}
