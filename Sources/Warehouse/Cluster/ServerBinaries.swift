import Glibc

/// A folder with the programs of a PostgreSQL server.
struct ServerBinaries: Sendable, Equatable {
  let folder: String
  /// The major version: 15.
  let version: Int

  var postgres: String { folder + "/postgres" }
  var initdb: String { folder + "/initdb" }

  /// Where to look.
  struct Search: Sendable {
    /// The one folder that counts, when somebody named it.
    var setting: String?
    /// The folders that programs are run from: `PATH`.
    var path: [String]
    /// Folders whose subfolders hold versions, and the way from there: `/usr/lib/postgresql`, `bin`.
    var roots: [(folder: String, prefix: String, suffix: String)]
  }

  /// The newest server, or the one for data of the major version `version`.
  ///
  /// - Throws: `.configuration` when the folder that was named does not hold a fitting one;
  ///   `.system`, naming the package, when none is found.
  static func find(
    _ search: Search, forData version: Int?
  ) throws(WarehouseError) -> ServerBinaries {
    if let setting = search.setting { return try named(setting, forData: version) }
    var found: [ServerBinaries] = []
    for folder in search.candidates() {
      guard let binaries = ServerBinaries(in: folder) else { continue }
      if binaries.version == version { return binaries }
      found.append(binaries)
    }
    if let version { throw missing(version, found) }
    guard let newest = found.max(by: { $0.version < $1.version }) else { throw missing() }
    return newest
  }

  /// nil when the folder does not hold both programs.
  init?(in folder: String) {
    guard let real = Self.programs(in: folder),
      let version = Self.version(from: real) ?? Self.versionByAsking(real)
    else { return nil }
    self.folder = real
    self.version = version
  }

  /// The version in `/usr/lib/postgresql/15/bin` or `/usr/pgsql-15/bin`, without running anything.
  private static func version(from folder: String) -> Int? {
    let parts = folder.split(separator: "/")
    guard parts.last == "bin", let name = parts.dropLast().last else { return nil }
    if let version = Int(name) { return parts.dropLast(2).last == "postgresql" ? version : nil }
    return name.hasPrefix("pgsql-") ? Int(name.dropFirst("pgsql-".count)) : nil
  }

  /// "postgres (PostgreSQL) 15.18 (Debian …)", also "18beta1".
  private static func versionByAsking(_ folder: String) -> Int? {
    let outcome = try? Subprocess.run([folder + "/postgres", "--version"])
    guard let outcome, outcome.status == 0 else { return nil }
    let words = outcome.output.split(separator: " ").drop { $0 != "(PostgreSQL)" }
    return words.dropFirst().first.flatMap { Int($0.prefix { $0.isNumber }) }
  }

  /// Whether the server was built with LZ4, as far as its `pg_config` tells.
  var hasLZ4: Bool {
    let outcome = try? Subprocess.run([folder + "/pg_config", "--configure"])
    return outcome?.output.contains("--with-lz4") ?? false
  }

  /// Whether the folder holds both programs; neither is run.
  static func holds(_ folder: String) -> Bool { programs(in: folder) != nil }

  /// Where the programs of a folder really lie, as that is where they look for their own files; nil
  /// when it does not hold both.
  private static func programs(in folder: String) -> String? {
    guard let postgres = try? FileSystem.resolved(folder + "/postgres") else { return nil }
    let real = FileSystem.parent(of: postgres)
    return FileSystem.isExecutable(real + "/postgres") && FileSystem.isExecutable(real + "/initdb")
      ? real : nil
  }

  /// What is wrong with a folder that was named and does not hold them.
  static func notFound(in folder: String) -> WarehouseError {
    WarehouseError(
      .configuration, "could not find the PostgreSQL server in \(folder)",
      hint: "Name the folder that holds the programs postgres and initdb.")
  }

  private static func named(
    _ folder: String, forData version: Int?
  ) throws(WarehouseError) -> ServerBinaries {
    guard let binaries = ServerBinaries(in: folder) else { throw notFound(in: folder) }
    if let version, binaries.version != version {
      throw WarehouseError(
        .configuration, "could not use PostgreSQL \(binaries.version) in \(folder)",
        detail: "the embedded warehouse was made by PostgreSQL \(version)",
        hint: "Name the folder of PostgreSQL \(version), or use another state folder.")
    }
    return binaries
  }

  private static func missing() -> WarehouseError {
    WarehouseError(
      .system, "could not find the PostgreSQL server",
      hint: "Install it with \"apt-get install postgresql\" (Fedora: \"dnf install "
        + "postgresql-server\"), or set PGBIN to the folder that holds postgres and initdb.")
  }

  private static func missing(_ version: Int, _ found: [ServerBinaries]) -> WarehouseError {
    let versions = found.map { String($0.version) }.sorted().joined(separator: ", ")
    return WarehouseError(
      .system, "could not find PostgreSQL \(version), which made the embedded warehouse",
      detail: versions.isEmpty ? nil : "found instead: PostgreSQL \(versions)",
      hint: "Install it with \"apt-get install postgresql-\(version)\", or set PGBIN to the folder "
        + "that holds its postgres and initdb.")
  }
}

extension ServerBinaries.Search {
  /// This machine, as the distributions lay servers out. A named folder comes before all.
  static func system(setting: String?) -> ServerBinaries.Search {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    return ServerBinaries.Search(
      setting: setting.flatMap { $0.isEmpty ? nil : $0 } ?? variable("PGBIN"),
      path: (variable("PATH") ?? "").split(separator: ":").map(String.init),
      roots: [
        ("/usr/lib/postgresql", "", "/bin"),  // Debian, Ubuntu
        ("/usr", "pgsql-", "/bin"),  // the PostgreSQL project's packages for Red Hat's systems
        ("/opt/homebrew/opt", "postgresql@", "/bin"),
        ("/home/linuxbrew/.linuxbrew/opt", "postgresql@", "/bin"),
      ])
  }

  /// Folders to try, those that cost least to judge first; each once.
  fileprivate func candidates() -> [String] {
    var folders: [String] = []
    for root in roots {
      for name in (try? FileSystem.names(in: root.folder)) ?? [] where name.hasPrefix(root.prefix) {
        folders.append("\(root.folder)/\(name)\(root.suffix)")
      }
    }
    folders += path.filter { FileSystem.isExecutable($0 + "/postgres") }
    if let asked = path.first(where: { FileSystem.isExecutable($0 + "/pg_config") }),
      let outcome = try? Subprocess.run([asked + "/pg_config", "--bindir"]), outcome.status == 0
    {
      folders.append(outcome.output)
    }
    var seen: Set<String> = []
    return folders.filter { FileSystem.exists($0 + "/postgres") && seen.insert($0).inserted }
  }
}
