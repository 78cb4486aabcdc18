import Glibc

/// One value that somebody gave to a setting.
struct ConfigurationSetting: Sendable {
  var key: ConfigurationKey
  var value: Secret
  /// As typed, for messages.
  var typed: Secret
  var origin: ConfigurationOrigin
  var layer: ConfigurationLayer
  /// Among the spellings of one file, the lowest counts.
  var rank: Int
  var holdsSecret: Bool
  /// What a relative path starts from.
  var folder: String
}

/// What lies over what.
enum ConfigurationLayer: Int, Comparable {
  case standard, file, localFile, environment, flag

  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Gathers the values of all settings from files, environment and flags.
struct ConfigurationLayers {
  private(set) var findings: [ConfigurationFinding] = []
  /// The `dwh.cfg` that was read; nil when there is none.
  private(set) var path: String?
  /// The `dwh_local.cfg` that was read; nil when there is none.
  private(set) var localPath: String?
  private var settings: [ConfigurationKey: [ConfigurationSetting]] = [:]
  private let options: ConfigurationOptions

  init(_ options: ConfigurationOptions) {
    self.options = options
    readFiles()
    readEnvironment()
    readOverrides()
    for key in ConfigurationKey.allCases { reportDisagreement(of: key) }
  }

  /// The value that counts; nil when nobody gave one, or somebody took it back.
  func setting(_ key: ConfigurationKey) -> ConfigurationSetting? {
    guard let best = settings[key]?.max(by: Self.counts) else { return nil }
    return best.value.reveal().isPlaceholder ? nil : best
  }

  /// A path as people in the working folder would write it.
  func shown(_ path: String) -> String {
    let folder = options.workingFolder == "/" ? "/" : options.workingFolder + "/"
    return path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
  }

  private static func counts(_ left: ConfigurationSetting, _ right: ConfigurationSetting) -> Bool {
    (left.layer.rawValue, -left.rank) < (right.layer.rawValue, -right.rank)
  }

  // MARK: Files

  private mutating func readFiles() {
    if let given = options.path {
      let path = given.absolutePath(in: options.workingFolder, home: options.homeFolder)
      readMain(path)
      readLocal(beside: path)
      return
    }
    for folder in folders() {
      let path = folder + "/dwh.cfg"
      guard FileSystem.exists(path) || FileSystem.exists(folder + "/dwh_local.cfg") else {
        continue
      }
      if FileSystem.exists(path) { readMain(path) }
      readLocal(beside: path)
      return
    }
  }

  /// Where `dwh.cfg` is looked for: here, then the user's configuration folder.
  private func folders() -> [String] {
    let user = options.variable("XDG_CONFIG_HOME")?.reveal()
    let base = user.flatMap { $0.hasPrefix("/") ? $0 : nil } ?? options.homeFolder + "/.config"
    return [options.workingFolder, base + "/sparkify"]
  }

  private mutating func readMain(_ path: String) {
    guard let file = parse(path) else { return }
    self.path = path
    take(file, from: path, layer: .file)
    warnAboutAccess(to: path, file: file, mask: 0o004, remedy: "Let only its owner read it (0600).")
  }

  private mutating func readLocal(beside path: String) {
    let local = FileSystem.parent(of: path) + "/dwh_local.cfg"
    guard local != path, FileSystem.exists(local), let file = parse(local) else { return }
    localPath = local
    take(file, from: local, layer: .localFile)
    warnAboutAccess(
      to: local, file: file, mask: 0o077, remedy: "Let only its owner read it (0600).")
  }

  private mutating func parse(_ path: String) -> ConfigurationFile? {
    do {
      return ConfigurationFile(
        parsing: try FileSystem.read(path, limit: 1 << 20), path: shown(path))
    } catch {
      findings.append(
        ConfigurationFinding(
          .error, .file(shown(path), line: 0),
          "could not read the file: \(error.detail ?? error.message)",
          hint: options.path == nil
            ? "Let the file be read, or remove it."
            : "Name a file that is there after --config, or leave the flag out."))
      return nil
    }
  }

  private mutating func take(
    _ file: ConfigurationFile, from path: String, layer: ConfigurationLayer
  ) {
    findings += file.findings
    for option in file.options {
      guard let match = option.match else { continue }
      // A blank or a placeholder in a template says nothing, so what lies under it stands.
      guard !option.text.reveal().isPlaceholder else { continue }
      settings[match.key, default: []].append(
        ConfigurationSetting(
          key: match.key, value: option.text, typed: option.firstLine,
          origin: .file(file.path, line: option.line), layer: layer, rank: match.rank,
          holdsSecret: option.holdsSecret || match.key.isSecret,
          folder: FileSystem.parent(of: path)))
    }
  }

  private mutating func warnAboutAccess(
    to path: String, file: ConfigurationFile, mask: mode_t, remedy: String
  ) {
    let secret = file.options.first { $0.holdsSecret && !$0.text.reveal().isPlaceholder }
    guard let secret else { return }
    let origin = ConfigurationOrigin.file(file.path, line: secret.line)
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & mask != 0 {
      findings.append(
        ConfigurationFinding(
          .warning, origin, "others may read this file, and it holds secrets", hint: remedy,
          key: secret.match?.key))
    }
    if GitIndex.tracks(path) {
      findings.append(
        ConfigurationFinding(
          .warning, origin, "git tracks this file, and it holds secrets",
          hint: "Move them into dwh_local.cfg, let git ignore that, and change them: what was "
            + "pushed once is known.", key: secret.match?.key))
    }
  }

  // MARK: Environment and flags

  private mutating func readEnvironment() {
    for key in ConfigurationKey.allCases {
      for (rank, name) in key.variables.enumerated() {
        guard let value = options.variable(name) else { continue }
        settings[key, default: []].append(
          ConfigurationSetting(
            key: key, value: value, typed: value, origin: .environment(name),
            layer: .environment, rank: rank, holdsSecret: key.isSecret,
            folder: options.workingFolder))
      }
    }
  }

  private mutating func readOverrides() {
    for (index, override) in options.overrides.enumerated() {
      let text = override.reveal()
      guard let equals = text.firstIndex(of: "="),
        let dot = text[..<equals].firstIndex(of: ".")
      else {
        // What was typed may be a secret with its name forgotten: it is not repeated.
        refuseOverride("number \(index + 1) is not SECTION.KEY=VALUE", nil)
        continue
      }
      let section = String(text[..<dot])
      let name = String(text[..<equals][dot...].dropFirst())
      guard let match = ConfigurationKey.match(section: section, name: name) else {
        refuseOverride(
          "unknown setting \(section.shown).\(name.shown)",
          ConfigurationNames.suggestion(for: name, in: section))
        continue
      }
      let value = Secret(String(text[equals...].dropFirst()))
      settings[match.key, default: []].append(
        ConfigurationSetting(
          key: match.key, value: value, typed: value, origin: .flag("--set"), layer: .flag,
          rank: -index, holdsSecret: match.key.isSecret, folder: options.workingFolder))
    }
    for flag in options.flags {
      let value = Secret(flag.value)
      settings[flag.key, default: []].append(
        ConfigurationSetting(
          key: flag.key, value: value, typed: value, origin: .flag(flag.name), layer: .flag,
          rank: -options.overrides.count, holdsSecret: flag.key.isSecret,
          folder: options.workingFolder))
    }
  }

  private mutating func refuseOverride(_ message: String, _ hint: String?) {
    findings.append(
      ConfigurationFinding(
        .error, .flag("--set"), message,
        hint: hint ?? "An override reads --set CLUSTER.DB_PORT=5439."))
  }

  /// Says when one layer gives a setting two values.
  private mutating func reportDisagreement(of key: ConfigurationKey) {
    for layer in [ConfigurationLayer.file, .localFile, .environment] {
      let rivals = (settings[key] ?? []).filter { $0.layer == layer }.sorted { $0.rank < $1.rank }
      guard let winner = rivals.first else { continue }
      for loser in rivals.dropFirst() where loser.value != winner.value {
        findings.append(
          ConfigurationFinding(
            .warning, loser.origin,
            "another value for \(key.rawValue) than in \(winner.origin.text), which counts",
            hint: "Keep one of the two.", key: key))
      }
    }
  }
}

extension ConfigurationFile.Option {
  /// The value as typed, up to where it is continued: what follows may be a secret under a key
  /// that was indented by mistake.
  fileprivate var firstLine: Secret {
    let lines = raw.reveal().split(separator: "\n", maxSplits: 1)
    return Secret((lines.first.map(String.init) ?? "") + (lines.count > 1 ? " …" : ""))
  }
}

extension String {
  /// Whether it stands for a value that is still to come: blank, `<…>`, `{…}`, `***`, `UPDATE_ME`.
  var isPlaceholder: Bool {
    let text = Array(unicodeScalars).trimmed.text
    guard let first = text.first, let last = text.last, text.count > 1 else { return text.isEmpty }
    return (first == "<" && last == ">") || (first == "{" && last == "}")
      || text.allSatisfy { $0 == "*" }
      || ["UPDATE_ME", "CHANGE_ME"].contains(text.uppercased())
  }
}
