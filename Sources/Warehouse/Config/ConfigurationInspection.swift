/// What is wrong with a configuration besides its text: what it names and what is not there, and
/// what a run would refuse. A query needs none of it, so that loading does not ask.
struct ConfigurationInspection {
  private let configuration: Configuration
  private(set) var findings: [ConfigurationFinding] = []

  init(_ configuration: Configuration) {
    self.configuration = configuration
    inspectSources()
    inspectBinaries()
    inspectFiles()
  }

  private mutating func inspectSources() {
    let sources = configuration.sources
    switch (sources.logData, sources.songData) {
    case (nil, nil): return
    case (nil, _?): requireBoth(missing: .logData, given: .songData, "songs")
    case (_?, nil): requireBoth(missing: .songData, given: .logData, "events")
    case (_?, _?): break
    }
    for (key, location) in [
      (ConfigurationKey.logData, sources.logData), (.songData, sources.songData),
    ] {
      guard case .path(let path)? = location else { continue }
      requireFile(path, key, hint: "Nothing can be loaded before it is there.")
    }
    guard case .file(.path(let path))? = sources.logJSONPath else { return }
    requireFile(path, .logJSONPath, hint: "Correct it, or leave it blank for paths of our own.")
  }

  private mutating func requireBoth(
    missing: ConfigurationKey, given: ConfigurationKey, _ records: String
  ) {
    // A value that is wrong has a finding of its own.
    guard !configuration.findings.contains(where: { $0.key == missing && $0.severity == .error })
    else { return }
    add(
      .error, given, "there is no \(missing.rawValue): a source for the \(records) only is named",
      hint: "Name both sources, or none to load sample data.", about: missing)
  }

  private mutating func inspectBinaries() {
    guard configuration.target == .embedded, let folder = configuration.binaries,
      !ServerBinaries.holds(folder)
    else { return }
    let error = ServerBinaries.notFound(in: folder)
    add(.error, .binaries, error.message, hint: error.hint)
  }

  private mutating func inspectFiles() {
    let server = configuration.server
    if let path = server.sslRootCertificate, path != "system" {
      requireFile(
        path, .sslRootCertificate, hint: "The server's certificate cannot be checked without it.")
    }
    if let path = server.passFile {
      requireFile(path, .passFile, hint: "No password is found there.")
    }
  }

  private mutating func requireFile(_ path: String, _ key: ConfigurationKey, hint: String) {
    guard !FileSystem.exists(path) else { return }
    add(.warning, key, "there is no file or folder \(path.shown)", hint: hint)
  }

  private mutating func add(
    _ severity: ConfigurationFinding.Severity, _ key: ConfigurationKey, _ message: String,
    hint: String?, about other: ConfigurationKey? = nil
  ) {
    findings.append(
      ConfigurationFinding(
        severity, configuration.origin(of: key), message, hint: hint, key: other ?? key))
  }
}

extension Configuration {
  /// Reads the configuration, and looks at what it names besides. Blocks as `load`, and for a look
  /// at the files that it names.
  public static func inspect(_ options: ConfigurationOptions) -> ConfigurationReport {
    var configuration = check(options).configuration
    configuration.add(ConfigurationInspection(configuration).findings)
    return ConfigurationReport(configuration: configuration, findings: configuration.findings)
  }

  private mutating func add(_ more: [ConfigurationFinding]) {
    findings = ConfigurationFinding.sorted(findings + more)
    entries = entries.map { entry in
      var entry = entry
      entry.verdict = .init(of: entry.id, in: findings)
      return entry
    }
  }
}
