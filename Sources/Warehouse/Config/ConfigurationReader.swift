/// Makes typed values of settings, and tells what is wrong with those that have none.
struct ConfigurationReader {
  let options: ConfigurationOptions
  let layers: ConfigurationLayers
  var findings: [ConfigurationFinding]
  private var shown: [ConfigurationKey: (value: String, origin: ConfigurationOrigin)] = [:]

  init(_ options: ConfigurationOptions) {
    self.options = options
    layers = ConfigurationLayers(options)
    findings = layers.findings
  }

  /// Everything, with defaults for what is wrong.
  mutating func configuration() -> Configuration {
    var result = Configuration()
    result.server = server()
    result.role = role()
    result.sources = sources()
    result.aws = aws()
    result.cluster = cluster()
    result.network = network()
    result.restage = restage(result)
    result.pipeline = pipeline()
    result.redshift = redshift()
    result.console = console()
    result.binaries = path(.binaries)
    result.path = layers.path
    result.localPath = layers.localPath
    if result.likelyEngine == .redshift, result.restage == nil,
      case .s3 = result.sources.logData, layers.setting(.work) == nil
    {
      findings.append(Self.noWork)
    }
    result.findings = ConfigurationFinding.sorted(findings)
    result.entries = ConfigurationKey.allCases.map { entry($0, result.findings) }
    return result
  }

  private static let noWork = ConfigurationFinding(
    .note, .standard, "S3.WORK is not set: COPY reads everything under LOG_DATA and SONG_DATA",
    hint: "Set S3.WORK to an s3:// address where lists of files may be written.", key: .work)

  mutating func show(
    _ key: ConfigurationKey, _ value: String, _ origin: ConfigurationOrigin
  ) {
    shown[key] = (value.holdsAssignedSecret ? Configuration.mask : value.shown, origin)
  }

  /// Says that a value is wrong; shows it as typed, unless it may hold a secret.
  mutating func refuse(_ setting: ConfigurationSetting, hint: String) {
    let shown =
      setting.holdsSecret ? Configuration.mask : setting.typed.reveal().withoutCredentials.shown
    findings.append(
      ConfigurationFinding(
        .error, setting.origin, "wrong value \"\(shown)\" for \(setting.key.rawValue)",
        hint: hint, key: setting.key))
    show(setting.key, shown, setting.origin)
  }

  private func entry(
    _ key: ConfigurationKey, _ findings: [ConfigurationFinding]
  ) -> ConfigurationEntry {
    ConfigurationEntry(
      id: key, value: shown[key]?.value, origin: shown[key]?.origin ?? .standard,
      verdict: .init(of: key, in: findings))
  }
}

extension ConfigurationEntry.Verdict {
  /// The worst that was found about a setting.
  init(of key: ConfigurationKey, in findings: [ConfigurationFinding]) {
    let worst = findings.filter { $0.key == key }.max { $0.severity < $1.severity }
    self =
      switch worst?.severity {
      case .error: .error(worst.map(\.reason) ?? "")
      case .warning: .warning(worst.map(\.reason) ?? "")
      case .note, nil: .right
      }
  }
}

extension ConfigurationFinding {
  /// By file and line, then environment, then flags.
  static func sorted(_ findings: [ConfigurationFinding]) -> [ConfigurationFinding] {
    findings.sorted { $0.origin.order < $1.origin.order }
  }

  /// What is there and what would be right, without the place.
  fileprivate var reason: String { hint.map { "\(message). \($0)" } ?? message }
}

extension ConfigurationOrigin {
  /// Files before the environment before flags; within a file by line.
  fileprivate var order: (Int, String, Int) {
    switch self {
    case .standard: (0, "", 0)
    case .file(let path, let line): (1, path, line)
    case .environment(let name): (2, name, 0)
    case .flag: (3, "", 0)
    case .session: (4, "", 0)
    }
  }
}

extension String {
  /// Dots instead of an address with a user, a password or parameters in it.
  fileprivate var withoutCredentials: String {
    let hasParameters = contains("?") || (contains(";") && contains("="))
    return contains("@") || hasParameters || holdsAssignedSecret ? Configuration.mask : self
  }

  /// Whether a secret is assigned in it, as in libpq's connection strings: `user=u password=p`.
  var holdsAssignedSecret: Bool {
    let parts = split(separator: "=", omittingEmptySubsequences: false).dropLast()
    return parts.contains { part in
      let name = part.reversed().drop(while: \.isWhitespace).prefix {
        $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-"
      }
      let word = String(name.reversed()).uppercased()
      return ["PASSWORD", "PASSWD", "PWD", "SECRET", "TOKEN"].contains { word.contains($0) }
    }
  }
}
