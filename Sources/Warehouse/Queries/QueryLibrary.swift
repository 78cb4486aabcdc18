import Glibc

/// The saved queries of the folders that hold some.
public struct QueryLibrary: Sendable {
  /// The folders, the nearest first: of two queries with one name the nearer counts.
  public let folders: [String]
  /// The folders that are a person's own, there or not, the nearest first.
  private let ownFolders: [String]

  /// The library of these folders; those that are not there are left out.
  ///
  /// - Parameter own: how many of them, from the first, are a person's own.
  public init(folders: [String], own: Int = .max) {
    self.folders = folders.filter(FileSystem.isFolder)
    ownFolders = Array(folders.prefix(own))
  }

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
    self.init(folders: folders, own: 2)
  }

  /// Writes a new query.
  ///
  /// It goes into the nearest of the person's own folders that can be written to; when there is
  /// none, the one in the configuration folder is made. Never where the program was installed.
  ///
  /// - Returns: the path of its file.
  /// - Throws: `.usage` when the name cannot be one or is taken, `.system` when it cannot be written.
  public func create(_ name: String, _ text: String) throws(WarehouseError) -> String {
    let name = try Self.checked(name)
    let path = "\(try folderForNew())/\(name).sql"
    try FileSystem.create(path, text)
    return path
  }

  /// A name for a new query as a person typed it, without `.sql`.
  ///
  /// - Throws: `.usage` when it cannot be the name of a file.
  public static func checked(_ name: String) throws(WarehouseError) -> String {
    let name = name.hasSuffix(".sql") ? String(name.dropLast(4)) : name
    guard !name.isEmpty, !name.contains("/"), !name.hasPrefix("."), !name.contains("\0") else {
      throw WarehouseError(
        .usage, "\"\(name)\" cannot be the name of a query",
        hint: "Give a file's name without folders, such as plays-by-city.")
    }
    return name
  }

  private func folderForNew() throws(WarehouseError) -> String {
    let writable = ownFolders.first { FileSystem.isFolder($0) && access($0, W_OK) == 0 }
    if let writable { return writable }
    guard let folder = ownFolders.last else {
      throw WarehouseError(.system, "there is no folder for new queries")
    }
    try FileSystem.makeFolder(folder, mode: 0o700)
    return folder
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
