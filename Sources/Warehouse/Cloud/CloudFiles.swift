import Glibc

/// The configuration files as provisioning writes them: single lines in place.
struct CloudFiles: Sendable {
  /// The `dwh.cfg`; made when it is not there.
  var path: String
  /// What the values that are written now are said by instead, when something louder says them.
  var louder: [ConfigurationKey: String] = [:]
  /// Values that are set, for what need not be written, and what may be taken back.
  var known: [ConfigurationKey: String] = [:]
  /// Whether nothing is written.
  var isRehearsal = false

  /// The `dwh_local.cfg` beside it.
  var localPath: String { FileSystem.parent(of: path) + "/dwh_local.cfg" }

  init(path: String) { self.path = path }

  init(_ configuration: Configuration) {
    let beside = configuration.localPath.map { FileSystem.parent(of: $0) + "/dwh.cfg" }
    path = configuration.path ?? beside ?? Self.workingFolder + "/dwh.cfg"
    for key in [
      ConfigurationKey.host, .port, .database, .user, .roleARN, .password, .region,
    ] {
      switch configuration.origin(of: key) {
      case .environment(let name): louder[key] = name
      case .flag(let name): louder[key] = name
      case .standard, .file, .session: break
      }
    }
    let server = configuration.server
    known[.host] = server.host
    known[.port] = server.port.map(String.init)
    known[.database] = server.database
    known[.user] = server.user
    known[.roleARN] = configuration.role.arn
    known[.region] = configuration.aws.region
  }

  /// Writes values into `dwh.cfg`; those that are there already are left alone.
  ///
  /// - Returns: the settings that were written.
  func write(
    _ values: [(key: ConfigurationKey, value: String)]
  ) throws(WarehouseError) -> [ConfigurationKey] {
    // What a flag or the environment says is gone with the next command.
    let written = try louder.isEmpty ? [:] : standing()
    let changed = values.filter { key, value in
      (louder[key] == nil ? known[key] : written[key]?.reveal()) != value
    }
    guard !changed.isEmpty, !isRehearsal else { return changed.map(\.key) }
    if !FileSystem.exists(path) { try FileSystem.write([], to: path, mode: 0o644) }
    try Configuration.write(changed, to: path)
    return changed.map(\.key)
  }

  /// What `dwh.cfg` itself says.
  private func standing() throws(WarehouseError) -> [ConfigurationKey: Secret] {
    guard FileSystem.exists(path) else { return [:] }
    return ConfigurationEdit.values(of: try FileSystem.read(path, limit: 1 << 20))
  }

  /// Writes the password into `dwh_local.cfg`, for its owner alone, before anything is made with it.
  func write(password: Secret) throws(WarehouseError) {
    guard !isRehearsal else { return }
    let isThere = FileSystem.exists(localPath)
    let bytes = isThere ? try FileSystem.read(localPath, limit: 1 << 20) : []
    let edited = try ConfigurationEdit(bytes)
      .setting(.password, to: password.reveal(), path: localPath)
    try FileSystem.write(edited, to: Configuration.target(of: localPath), mode: 0o600)
  }

  private static var workingFolder: String {
    guard let pointer = getcwd(nil, 0) else { return "." }
    defer { free(pointer) }
    return String(cString: pointer)
  }
}
