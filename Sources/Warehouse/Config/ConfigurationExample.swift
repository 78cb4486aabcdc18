import Glibc

/// The `dwh.cfg.example` that is shipped: every setting, explained, and as it is without it.
public enum ConfigurationExample {
  /// Its text.
  static var text: String { String(decoding: PackageResources.dwh_cfg_example, as: UTF8.self) }

  /// Writes it as a new file that its owner alone can read, for passwords may follow.
  ///
  /// - Throws: `.usage` when something lies there already, `.system` when it cannot be written.
  public static func write(to path: String) throws(WarehouseError) {
    try FileSystem.create(path, text)
    guard chmod(path, 0o600) == 0 else { throw FileSystem.failure("could not protect", path) }
  }
}

extension Configuration {
  /// Where a `dwh.cfg` would be read from that is not there yet: what `--config` names, beside the
  /// `dwh_local.cfg` that was read, or here. Nil when there is one.
  public func pathForNew(_ options: ConfigurationOptions) -> String? {
    guard path == nil else { return nil }
    let given = options.path?.absolutePath(in: options.workingFolder, home: options.homeFolder)
    let beside = localPath.map { FileSystem.parent(of: $0) + "/dwh.cfg" }
    let path = given ?? beside ?? options.workingFolder + "/dwh.cfg"
    return FileSystem.exists(path) ? nil : path
  }
}
