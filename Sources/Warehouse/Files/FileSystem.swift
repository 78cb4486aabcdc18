import Glibc

/// The few things that the program does with files, without Foundation.
///
/// All paths are UTF-8. Every failure says the path and the system's own words.
public enum FileSystem {
  /// The whole of a small file.
  ///
  /// - Throws: `.system` when it cannot be read or holds more than `limit` bytes.
  public static func read(_ path: String, limit: Int = 16 << 20) throws(WarehouseError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("could not read", path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure("could not read", path) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= limit else {
        throw WarehouseError(
          .system, "could not read \(path)", detail: "it holds more than \(limit) bytes")
      }
    }
  }

  /// Replaces a file whole: readers see the old bytes or the new, never a part.
  ///
  /// The new file is written beside the old one, synced, and renamed over it.
  public static func write(
    _ bytes: [UInt8], to path: String, mode: mode_t = 0o644
  ) throws(WarehouseError) {
    let temporary = "\(path).\(getpid()).new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure("could not write", path) }
    var done = false
    defer {
      if !done { unlink(temporary) }
    }
    do {
      defer { close(descriptor) }
      // A file mode given to open(2) is cut by the umask, and an old temporary keeps its own.
      guard fchmod(descriptor, mode) == 0 else { throw failure("could not write", path) }
      try write(bytes, to: descriptor, naming: path)
      guard fsync(descriptor) == 0 else { throw failure("could not write", path) }
    }
    guard rename(temporary, path) == 0 else { throw failure("could not write", path) }
    done = true
  }

  /// Writes all of `bytes` to an open file, and says `path` when that fails.
  public static func write(
    _ bytes: some Sequence<UInt8>, to descriptor: Int32, naming path: String
  ) throws(WarehouseError) {
    let bytes = Array(bytes)
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes { all in
        Glibc.write(descriptor, all.baseAddress.map { $0 + offset }, all.count - offset)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure("could not write", path) }
      offset += count
    }
  }

  /// Whether anything lies at `path`; a dangling link counts as nothing.
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether `path` is a folder.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether `path` is a file that this process may run.
  public static func isExecutable(_ path: String) -> Bool {
    !isFolder(path) && access(path, X_OK) == 0
  }

  /// Whether this process may read the file, or look into the folder.
  public static func isReadable(_ path: String) -> Bool {
    access(path, isFolder(path) ? R_OK | X_OK : R_OK) == 0
  }

  /// Makes a folder and those above it; one that is there already is fine.
  public static func makeFolder(_ path: String, mode: mode_t = 0o755) throws(WarehouseError) {
    if isFolder(path) { return }
    let parent = parent(of: path)
    if parent != path && !isFolder(parent) { try makeFolder(parent, mode: mode) }
    guard mkdir(path, mode) == 0 || (errno == EEXIST && isFolder(path)) else {
      throw failure("could not make the folder", path)
    }
  }

  /// Removes a file; one that is not there is fine.
  public static func remove(_ path: String) throws(WarehouseError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw failure("could not remove", path) }
  }

  /// The names in a folder, in byte order, without `.` and `..`.
  public static func names(in folder: String) throws(WarehouseError) -> [String] {
    guard let stream = opendir(folder) else { throw failure("could not list", folder) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The folder that holds `path`: `/` for `/a`, `.` for `a`.
  public static func parent(of path: String) -> String {
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    guard let slash = trimmed.lastIndex(of: "/") else { return "." }
    return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
  }

  /// The last part of `path`.
  public static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// An error that names `path` and says the system's own words for the current `errno`.
  static func failure(_ what: String, _ path: String) -> WarehouseError {
    WarehouseError(.system, "\(what) \(path)", detail: String(cString: strerror(errno)))
  }
}
