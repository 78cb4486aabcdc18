/// The sections of a configuration, one function each.
extension ConfigurationReader {
  mutating func server() -> ServerSettings {
    let address = address()
    var server = ServerSettings()
    server.host = address?.host
    server.port = number(.port, in: 1...65535)
    server.database = name(.database)
    if let address { completeServer(&server, from: address) }
    server.user = name(.user)
    server.password = secret(.password)
    server.service = name(.service)
    server.sslMode = word(.sslMode)
    server.sslRootCertificate =
      text(.sslRootCertificate) == "system" ? "system" : path(.sslRootCertificate)
    server.passFile = path(.passFile)
    server.login = word(.login)
    server.looksLikeRedshift = address?.isRedshift ?? false
    if server.looksLikeRedshift, server.sslMode == nil {
      server.sslMode = .verifyFull
      show(.sslMode, SSLMode.verifyFull.rawValue, .standard)
    }
    return server
  }

  private mutating func address() -> ServerAddress? {
    guard let setting = layers.setting(.host) else { return nil }
    guard !setting.holdsSecret else {
      refuse(setting, hint: "A value that is shown must not refer to a secret.")
      return nil
    }
    do {
      let address = try ServerAddress(setting.value.reveal())
      show(.host, address.host, setting.origin)
      if address.leftOut {
        findings.append(
          ConfigurationFinding(
            .warning, setting.origin, "what follows ? or ; in the host is left out",
            hint: "SSLMODE, DB_USER and DB_PASSWORD have keys of their own.", key: .host))
      }
      return address
    } catch {
      refuse(setting, hint: error.hint)
      return nil
    }
  }

  /// Takes port and database from the host's text, unless a key says them at least as loudly.
  private mutating func completeServer(
    _ server: inout ServerSettings, from address: ServerAddress
  ) {
    guard let host = layers.setting(.host) else { return }
    if let port = address.port, yields(.port, to: host, String(port)) {
      server.port = port
      show(.port, String(port), host.origin)
    }
    if let database = address.database, yields(.database, to: host, database) {
      server.database = database
      show(.database, database, host.origin)
    }
  }

  private mutating func yields(
    _ key: ConfigurationKey, to host: ConfigurationSetting, _ implied: String
  ) -> Bool {
    guard let own = layers.setting(key), own.layer >= host.layer else { return true }
    if own.layer == host.layer, own.value.reveal() != implied {
      findings.append(
        ConfigurationFinding(
          .warning, host.origin,
          "the host names another value for \(key.rawValue) than "
            + "\(own.origin.text), which counts", hint: "Keep one of the two.", key: key))
    }
    return false
  }

  mutating func role() -> RoleSettings {
    RoleSettings(
      arn: arn(.roleARN, of: ":role/", "arn:aws:iam::123456789012:role/dwhRole"),
      name: text(.roleName),
      policyARN: arn(
        .policyARN, of: ":policy/", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"),
      description: text(.roleDescription))
  }

  mutating func sources() -> SourceSettings {
    let bucket = read(.bucket, hint: "A bucket is its name alone, without s3://.") { text in
      DataLocation.isBucket(text) ? text : nil
    }
    return SourceSettings(
      logData: source(.logData, bucket: bucket), songData: source(.songData, bucket: bucket),
      logJSONPath: jsonPaths(bucket: bucket), work: work(bucket: bucket))
  }

  /// A place in a bucket; its keys begin with what ends with a slash.
  private mutating func work(bucket: String?) -> DataLocation? {
    guard let setting = layers.setting(.work) else { return nil }
    return read(.work, hint: "Use s3://bucket/prefix/.", shown: \.text) { text in
      let place = DataLocation(text, folder: setting.folder, home: "/", bucket: bucket)
      guard case .s3(let bucket, let prefix) = place else { return nil }
      let isOpen = !prefix.isEmpty && !prefix.hasSuffix("/")
      return .s3(bucket: bucket, prefix: prefix + (isOpen ? "/" : ""))
    }
  }

  mutating func redshift() -> RedshiftSettings {
    var redshift = RedshiftSettings()
    redshift.distribution =
      word(.distribution, standard: redshift.distribution) ?? redshift.distribution
    redshift.sortKey = word(.sortKey, standard: redshift.sortKey) ?? redshift.sortKey
    redshift.dimensions = word(.dimensions, standard: redshift.dimensions) ?? redshift.dimensions
    redshift.encoding = word(.encoding, standard: redshift.encoding) ?? redshift.encoding
    return redshift
  }

  private mutating func jsonPaths(bucket: String?) -> JSONPaths? {
    if layers.setting(.logJSONPath)?.value.reveal().lowercased() == "auto" {
      return read(.logJSONPath, hint: "", shown: \.text) { _ in JSONPaths.auto }
    }
    return source(.logJSONPath, bucket: bucket).map { .file($0) }
  }

  mutating func aws() -> AWSSettings {
    let key = layers.setting(.accessKey)
    warnAboutHalfKeys(key, layers.setting(.secretKey))
    let token = secret(.sessionToken)
    var aws = AWSSettings()
    aws.accessKey = secret(.accessKey)
    aws.secretKey = secret(.secretKey)
    aws.sessionToken = layers.setting(.sessionToken)?.layer == key?.layer ? token : nil
    aws.region = read(.region, hint: "A region reads like us-west-2.") { text in
      AWSRegion.isRegion(text) ? text : nil
    }
    aws.profile = text(.profile)
    aws.endpoint = read(.endpoint, hint: "An endpoint reads like https://s3.example.com.") { text in
      let known = text.hasPrefix("https://") || text.hasPrefix("http://")
      return known && !text.contains("@") ? text : nil
    }
    aws.isAnonymous =
      read(
        .anonymous, hint: "Use on or off.", shown: { $0 ? "on" : "off" },
        parse: OnOff.value) ?? false
    let profileLayer = layers.setting(.profile)?.layer ?? .standard
    aws.prefersProfile = profileLayer > (key?.layer ?? .standard)
    aws.endpointIsFlag = layers.setting(.endpoint)?.layer == .flag
    aws.surroundings = options.awsSurroundings
    return aws
  }

  private mutating func warnAboutHalfKeys(
    _ key: ConfigurationSetting?, _ secret: ConfigurationSetting?
  ) {
    guard key?.layer != secret?.layer, let lone = key ?? secret else { return }
    findings.append(
      ConfigurationFinding(
        .warning, lone.origin, "the access key and its secret do not come from one place",
        hint: "Set AWS.KEY and AWS.SECRET together.", key: lone.key))
  }

  mutating func cluster() -> ClusterSettings {
    var cluster = ClusterSettings(
      type: word(.clusterType), nodeCount: number(.nodeCount, in: 1...128),
      nodeType: read(.nodeType, hint: "A node type reads like ra3.large.") { text in
        AWSRegion.isNodeType(text) ? text : nil
      },
      identifier: identifier(.clusterIdentifier), workgroup: identifier(.workgroup),
      baseCapacity: number(.baseCapacity, in: 4...1024), namespace: identifier(.namespace))
    cluster.subnets =
      read(
        .subnets, hint: "Subnets read like subnet-0a1b2c3d, subnet-4e5f6a7b.",
        shown: { $0.joined(separator: ", ") }, parse: Self.subnets) ?? []
    cluster.isPublic =
      read(
        .isPublic, hint: "Use on or off.", shown: { $0 ? "on" : "off" }, parse: OnOff.value) ?? true
    cluster.snapshotDays = number(.snapshotDays, in: 0...35) ?? cluster.snapshotDays
    cluster.pollSeconds = number(.pollSeconds, in: 0...300) ?? cluster.pollSeconds
    cluster.login.createsUser =
      read(
        .autoCreateUser, hint: "Use on or off.", shown: { $0 ? "on" : "off" },
        parse: OnOff.value) ?? false
    cluster.login.seconds = number(.loginSeconds, in: 900...3600) ?? cluster.login.seconds
    cluster.pauseAfter =
      read(
        .pauseAfter, hint: "Use a time from 5 min to 7 days, like 30 min or 2 h, or off.",
        shown: \.text, parse: PauseDelay.init)?.duration
    cluster.unitPrice = read(
      .nodePrice, hint: "Use dollars an hour for each node, like 1.086."
    ) { text in
      Double(text).flatMap { (0...1000).contains($0) ? $0 : nil }
    }
    return cluster
  }

  private static func subnets(_ text: String) -> [String]? {
    let names = text.split { $0 == "," || $0 == " " }.map(String.init)
    let isRight = names.allSatisfy { name in
      name.hasPrefix("subnet-")
        && name.dropFirst(7).utf8.allSatisfy { byte in
          (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
    }
    return isRight && !names.isEmpty ? names : nil
  }

  mutating func network() -> NetworkSettings {
    let addresses = read(
      .ruleAddresses, hint: "Addresses read like 203.0.113.7/32."
    ) { Self.isAddressRange($0) ? $0 : nil }
    if addresses?.hasSuffix("/0") == true, let setting = layers.setting(.ruleAddresses) {
      findings.append(
        ConfigurationFinding(
          .warning, setting.origin, "the whole internet may reach the cluster",
          hint: "Name your own address, like 203.0.113.7/32.", key: .ruleAddresses))
    }
    return NetworkSettings(
      groupName: text(.groupName), groupDescription: text(.groupDescription),
      ruleProtocol: read(.ruleProtocol, hint: "Use tcp.") { text in
        ["tcp", "udp", "icmp", "-1"].contains(text.lowercased()) ? text.lowercased() : nil
      },
      ports: read(
        .rulePorts, hint: "Ports read like 5439 or 5439-5440.", shown: Self.portsText,
        parse: Self.ports),
      addresses: addresses)
  }

  mutating func pipeline() -> PipelineSettings {
    var pipeline = PipelineSettings()
    pipeline.maxRejects = number(
      .maxRejects, in: 0...1_000_000_000_000, standard: pipeline.maxRejects)
    pipeline.connections = number(.connections, in: 1...16, standard: pipeline.connections)
    pipeline.readers = number(.readers, in: 1...64)
    let standard = pipeline.maxRecordBytes
    pipeline.maxRecordBytes =
      read(
        .maxRecordBytes, standard: standard,
        hint: "Use a size from 1 KiB to 1 GiB, like 16 MiB.", shown: Self.sizeText
      ) { text in
        ByteSize(text).flatMap { ((1 << 10)...(1 << 30)).contains($0.bytes) ? $0.bytes : nil }
      } ?? standard
    return pipeline
  }

  mutating func console() -> ConsoleSettings {
    var console = ConsoleSettings()
    console.mouse =
      read(
        .mouse, standard: console.mouse, hint: "Use on or off.", shown: { $0 ? "on" : "off" },
        parse: OnOff.value) ?? console.mouse
    console.theme = word(.theme, standard: console.theme) ?? console.theme
    let ascii = console.ascii
    console.ascii =
      read(
        .ascii, standard: ascii, hint: "Use auto, on or off.", shown: \.rawValue
      ) { text in
        AutomaticChoice(rawValue: text.lowercased())
          ?? OnOff.value(of: text).map { $0 ? .on : .off }
      } ?? ascii
    console.frameRate = number(.frameRate, in: 1...30, standard: console.frameRate)
    return console
  }

  private static func sizeText(_ bytes: Int) -> String {
    bytes % (1 << 20) == 0 ? "\(bytes >> 20) MiB" : "\(bytes) bytes"
  }

  private static func portsText(_ ports: ClosedRange<Int>) -> String {
    ports.count == 1 ? "\(ports.lowerBound)" : "\(ports.lowerBound)-\(ports.upperBound)"
  }

  private static func ports(_ text: String) -> ClosedRange<Int>? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { part in
      Int(part).flatMap { (0...65535).contains($0) ? $0 : nil }
    }
    guard (1...2).contains(ends.count), let first = ends.first ?? nil, let last = ends.last ?? nil,
      first <= last
    else { return nil }
    return first...last
  }

  /// Whether `text` is an address, a slash, and how many of its bits count.
  private static func isAddressRange(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let bits = parts.last.flatMap({ Int($0) }), let address = parts.first
    else { return false }
    if address.contains(":") {
      return (0...128).contains(bits)
        && address.unicodeScalars.allSatisfy { $0.properties.isHexDigit || $0 == ":" }
    }
    let numbers = address.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    return (0...32).contains(bits) && numbers.count == 4
      && numbers.allSatisfy { $0.map { (0...255).contains($0) } ?? false }
  }
}
