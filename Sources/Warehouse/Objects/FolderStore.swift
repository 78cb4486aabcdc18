import Glibc

/// Source files on the disk: all JSON files of a folder and the folders in it, or one file.
public struct FolderStore: ObjectStore {
  /// The folder, or the one file.
  public let path: String

  /// Files at `path`.
  public init(_ path: String) { self.path = path }

  /// The JSON files under the folder; of a path to a file, that file, whatever it is called.
  ///
  /// Names that begin with `.` or `_` are left out and counted, and so are files with other
  /// extensions, names that are no UTF-8 and links to nothing. Links are followed; a folder that is reached twice is listed once, so that a
  /// loop of links ends.
  public func list(_ cancellation: Cancellation) throws(WarehouseError) -> ObjectListing {
    var status = stat()
    guard stat(path, &status) == 0 else { throw missing() }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return try listFolder(cancellation)
    case S_IFREG: return try listFile(status)
    default:
      throw WarehouseError(
        .input, "could not read \(path)", detail: "it is neither a file nor a folder",
        hint: "Name a folder with .json files, or one such file.")
    }
  }

  /// Opens the file for reading from its start.
  public func open(_ object: SourceObject) throws(WarehouseError) -> any ByteStream {
    try FileStream(object.path)
  }

  /// Opens the file for reading from `offset` on.
  public func open(
    _ object: SourceObject, at offset: Int
  ) throws(WarehouseError) -> any ByteStream {
    try FileStream(object.path, at: offset)
  }

  private func missing() -> WarehouseError {
    let number = errno
    return WarehouseError(
      .input, "could not read \(path)", detail: String(cString: strerror(number)),
      hint: number == ENOENT
        ? "Name a folder or a file that exists; a relative path begins at the working directory."
        : "Make sure that this user may read it.")
  }

  private func listFile(_ status: stat) throws(WarehouseError) -> ObjectListing {
    let name = FileSystem.name(of: path).lowercased()
    let compression: Compression =
      name.hasSuffix(".gz") || name.hasSuffix(".tgz")
      ? .gzip : name.hasSuffix(".zst") ? .zstd : .none
    if [".tar", ".tgz", ".tar.gz", ".tar.zst", ".zip"].contains(where: name.hasSuffix) {
      throw WarehouseError(
        .input, "could not read \(path)", detail: "it is an archive of files",
        hint: "Unpack it, and name the folder.")
    }
    return ObjectListing([
      SourceObject(
        path: path, size: Int(status.st_size), modified: status.modified, compression: compression)
    ])
  }

  private func listFolder(_ cancellation: Cancellation) throws(WarehouseError) -> ObjectListing {
    var walk = FolderWalk(cancellation)
    try walk.visit(path.hasSuffix("/") ? path : path + "/")
    return try walk.listing.withFileFacts(cancellation)
  }
}

/// A walk through a folder and those in it, in the byte order of the paths.
private struct FolderWalk {
  /// What makes a folder the same folder, whatever it is called.
  private struct Identity: Hashable {
    let device: UInt64
    let number: UInt64
    init(_ status: stat) {
      device = UInt64(status.st_dev)
      number = UInt64(status.st_ino)
    }
  }

  private enum Kind { case file, folder, other, brokenLink }

  private let cancellation: Cancellation
  private(set) var listing = ObjectListing()
  private var visited: Set<Identity> = []

  init(_ cancellation: Cancellation) { self.cancellation = cancellation }

  /// Lists `folder`, which ends with a slash. The folders to do are kept in a list, not on the
  /// stack: however deep they lie, nothing overflows.
  mutating func visit(_ folder: String) throws(WarehouseError) {
    var pending: [Step] = [.folder(folder)]
    while let step = pending.popLast() {
      switch step {
      case .folder(let folder):
        guard isNew(folder) else { continue }
        try pending.append(contentsOf: steps(in: folder).reversed())
      case .file(let folder, let name, let compression):
        listing.append(
          folder: folder, name: name, size: 0, modified: Timestamp(milliseconds: 0),
          compression: compression)
      }
    }
  }

  private enum Step {
    case folder(String)
    case file(String, String, Compression)
  }

  /// What is to do in one folder. A folder's name sorts as with its slash: `a.json` before `a/b`.
  private mutating func steps(in folder: String) throws(WarehouseError) -> [Step] {
    try cancellation.check()
    var found: [(key: String, step: Step)] = []
    for (name, type) in try entries(of: folder) {
      guard let name else {
        listing.undecodableCount += 1
        continue
      }
      if SourceName.isHidden(name) {
        listing.hide(name)
        continue
      }
      switch kind(of: folder + name, type) {
      case .folder:
        found.append((name + "/", .folder(folder + name + "/")))
      case .file:
        guard let compression = SourceName.compression(name) else {
          listing.otherCount += 1
          continue
        }
        found.append((name, .file(folder, name, compression)))
      case .other: listing.otherCount += 1
      case .brokenLink: listing.brokenLinkCount += 1
      }
    }
    found.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return found.map(\.step)
  }

  /// Names and types; nil for a name that is no UTF-8.
  private func entries(of folder: String) throws(WarehouseError) -> [(String?, UInt8)] {
    guard let stream = opendir(folder) else { throw unreadable(folder) }
    defer { closedir(stream) }
    var entries: [(String?, UInt8)] = []
    errno = 0
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { entries.append((name, entry.pointee.d_type)) }
      errno = 0
    }
    guard errno == 0 else { throw unreadable(folder) }
    return entries
  }

  private func kind(of path: String, _ type: UInt8) -> Kind {
    switch Int(type) {
    case Int(DT_REG): return .file
    case Int(DT_DIR): return .folder
    case Int(DT_LNK), Int(DT_UNKNOWN):
      var status = stat()
      guard stat(path, &status) == 0 else {
        // What is there and cannot be looked at is a file that cannot be read: reading it says so.
        return Int(type) == Int(DT_LNK) && [ENOENT, ENOTDIR, ELOOP].contains(errno)
          ? .brokenLink : .file
      }
      let kind = status.st_mode & S_IFMT
      return kind == S_IFDIR ? .folder : kind == S_IFREG ? .file : .other
    default: return .other
    }
  }

  private mutating func isNew(_ folder: String) -> Bool {
    var status = stat()
    // One that cannot be looked at is new: opening it says what is wrong.
    guard stat(folder, &status) == 0 else { return true }
    let isNew = visited.insert(Identity(status)).inserted
    if !isNew { listing.repeatedFolderCount += 1 }
    return isNew
  }

  private func unreadable(_ folder: String) -> WarehouseError {
    WarehouseError(
      .input, "could not list the folder \(folder)", detail: String(cString: strerror(errno)),
      hint: "Make sure that this user may read it.")
  }
}

extension ObjectListing {
  /// Sizes and dates. On a cold disk each file costs a wait, so many threads wait side by side.
  fileprivate func withFileFacts(
    _ cancellation: Cancellation
  ) throws(WarehouseError) -> ObjectListing {
    let threads = Swift.min(16, count / 500 + 1)
    let parts = (0..<threads).map { count * $0 / threads..<count * ($0 + 1) / threads }
    // Threads that end together wait for one another here. The thread sanitizer understands this
    // lock when they do, and not a contended `Mutex`, which the kernel hands over on Linux.
    let facts = Monitor<[(index: Int, size: Int, modified: Timestamp)]>([])
    let failure = Monitor<WarehouseError?>(nil)
    let work: @Sendable (Int) -> Void = { part in
      var own: [(index: Int, size: Int, modified: Timestamp)] = []
      for index in parts[part] where !cancellation.isCancelled {
        var status = stat()
        let path = self[index].path
        guard stat(path, &status) == 0 else {
          let error = FileStream.unreadable(path)
          return failure.note { $0 = $0 ?? error }
        }
        own.append((index, Int(status.st_size), status.modified))
      }
      facts.note { $0.append(contentsOf: own) }
    }
    threads == 1 ? work(0) : Threads.run(threads, work)
    try cancellation.check()
    if let error = failure.look({ $0 }) { throw error }
    var listing = self
    for fact in facts.look({ $0 }) {
      listing.update(fact.index, size: fact.size, modified: fact.modified)
    }
    return listing
  }
}

extension stat {
  /// When the file was last changed, to the millisecond.
  fileprivate var modified: Timestamp {
    Timestamp(milliseconds: Int64(st_mtim.tv_sec) * 1000 + Int64(st_mtim.tv_nsec) / 1_000_000)
  }
}
