import Glibc

/// Everything outside that a configuration depends on. Nothing else is looked at but files.
public struct ConfigurationOptions: Sendable {
  /// The file of `--config`; nil looks for `dwh.cfg` in the usual places.
  public var path: String?
  /// What `--set` said, in order: `SECTION.KEY=VALUE`. Hidden, for a value may be a secret.
  public var overrides: [Secret]
  /// Flags that are settings by a name of their own; they count over `overrides`.
  public var flags: [ConfigurationFlag]
  /// What relative paths start from.
  public var workingFolder: String
  /// The user's home folder.
  public var homeFolder: String
  /// The environment. Hidden, for it holds `PGPASSWORD` and its like.
  private let environment: [String: Secret]

  /// Options from given surroundings.
  public init(
    path: String? = nil, overrides: [String] = [], flags: [ConfigurationFlag] = [],
    workingFolder: String, homeFolder: String, environment: [String: String]
  ) {
    self.path = path
    self.overrides = overrides.map(Secret.init)
    self.flags = flags
    self.workingFolder = workingFolder
    self.homeFolder = homeFolder
    self.environment = environment.mapValues(Secret.init)
  }

  /// Options from this process: its environment, its working folder, its user's home folder.
  public static func ofThisProcess(
    path: String? = nil, overrides: [String] = [], flags: [ConfigurationFlag] = []
  ) -> ConfigurationOptions {
    let environment = processEnvironment()
    return ConfigurationOptions(
      path: path, overrides: overrides, flags: flags, workingFolder: workingFolder(),
      homeFolder: homeFolder(environment), environment: environment)
  }

  /// The value of an environment variable; nil when it is unset or empty.
  public func variable(_ name: String) -> Secret? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// What AWS's tools look at.
  var awsSurroundings: AWSSurroundings {
    var variables: [String: Secret] = [:]
    for name in AWSSurroundings.names { variables[name] = variable(name) }
    return AWSSurroundings(homeFolder: homeFolder, variables: variables)
  }

  private static func workingFolder() -> String {
    guard let pointer = getcwd(nil, 0) else { return "/" }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  /// `$HOME`, else what the password database says.
  private static func homeFolder(_ environment: [String: String]) -> String {
    if let home = environment["HOME"], home.hasPrefix("/") { return home }
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16 << 10)
    guard getpwuid_r(getuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil,
      let folder = entry.pw_dir
    else { return "/" }
    return String(cString: folder)
  }

  /// The variables that mean something to us. Others are left alone.
  private static func processEnvironment() -> [String: String] {
    let names =
      ConfigurationKey.allCases.flatMap(\.variables) + [
        "HOME", "SPARKIFY_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR",
      ] + AWSSurroundings.names
    var variables: [String: String] = [:]
    for name in names {
      if let value = getenv(name) { variables[name] = String(cString: value) }
    }
    return variables
  }
}

/// A setting that was given by a flag with a name of its own: `--region us-west-2`.
public struct ConfigurationFlag: Sendable, Equatable {
  /// With its hyphens.
  public var name: String
  /// What it sets.
  public var key: ConfigurationKey
  /// As it was typed.
  public var value: String

  /// A flag.
  public init(name: String, key: ConfigurationKey, value: String) {
    self.name = name
    self.key = key
    self.value = value
  }
}

extension ConfigurationOptions: CustomStringConvertible, CustomReflectable {
  /// The path, or the working folder: never a value.
  public var description: String { path ?? workingFolder }
  /// Nothing to look into.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
