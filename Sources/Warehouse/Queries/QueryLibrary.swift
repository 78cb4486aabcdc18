/// The saved queries of the folders that hold some.
public struct QueryLibrary: Sendable {
  /// The folders, the nearest first: of two queries with one name the nearer counts.
  public let folders: [String]

  /// The library of these folders; those that are not there are left out.
  public init(folders: [String]) { self.folders = folders.filter(FileSystem.isFolder) }

  /// The library of this process: `queries` here, in the user's configuration folder, and where the
  /// program was installed or built.
  ///
  /// - Parameter program: the path of the program's file; nil when it is not known.
  public init(_ options: ConfigurationOptions, program: String?) {
    let configuration =
      options.variable("XDG_CONFIG_HOME")?.reveal() ?? options.homeFolder + "/.config"
    var folders = [options.workingFolder + "/queries", configuration + "/sparkify/queries"]
    if let program {
      let folder = FileSystem.parent(of: program)
      // `bin/sparkify` of an installation, `.build/PLATFORM/release/sparkify` of a checkout.
      folders += [folder + "/../share/sparkify/queries", folder + "/../../../queries"]
    }
    self.init(folders: folders)
  }

  /// The names of all queries, sorted.
  public var names: [String] {
    let files = folders.flatMap { (try? FileSystem.names(in: $0)) ?? [] }
    return Set(files.filter { $0.hasSuffix(".sql") }.map { String($0.dropLast(4)) }).sorted()
  }

  /// The query of this name; nil when there is none.
  ///
  /// - Throws: `.usage` when its header cannot be read, `.system` when its file cannot.
  public func query(_ name: String) throws(WarehouseError) -> SavedQuery? {
    guard let path = path(of: name) else { return nil }
    return try Self.read(path)
  }

  /// Where the query of this name lies; nil when there is none.
  public func path(of name: String) -> String? {
    guard !name.contains("/") else { return nil }
    return folders.lazy.map { "\($0)/\(name).sql" }.first(where: FileSystem.exists)
  }

  /// The query in a file.
  ///
  /// - Throws: `.usage` when its header cannot be read, `.system` when the file cannot.
  public static func read(_ path: String) throws(WarehouseError) -> SavedQuery {
    let file = FileSystem.name(of: path)
    return try SavedQuery(
      name: file.hasSuffix(".sql") ? String(file.dropLast(4)) : file,
      text: String(decoding: try FileSystem.read(path, limit: 16 << 20), as: UTF8.self))
  }
}
