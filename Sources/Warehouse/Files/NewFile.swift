import Glibc

/// A file that is there whole or not at all, whatever dies meanwhile.
///
/// It is written without a name, which `finish` gives it: nothing of it stays when the program is
/// killed. On a file system that has no such files it has another name beside its place meanwhile,
/// and whoever writes a file of that name next takes away what a program that was killed left.
public final class NewFile: Sendable {
  private let descriptor: Int32
  private let path: String
  private let partial: String
  private let isNamed: Bool
  private let replaces: Bool

  /// Makes the file.
  ///
  /// - Parameter replacing: whether an ordinary file of that name gives way; without, nothing of
  ///   the user's is ever overwritten.
  /// - Throws: `.usage` when something lies there already, `.system` when it cannot be made.
  public convenience init(_ path: String, replacing: Bool = false) throws(WarehouseError) {
    try self.init(path, replacing: replacing, isNamed: false)
  }

  /// Makes the file, with a name from the beginning also where that need not be.
  init(_ path: String, replacing: Bool = false, isNamed: Bool) throws(WarehouseError) {
    let place = try Self.place(path, replacing: replacing)
    let folder = FileSystem.parent(of: place.path)
    let prefix = ".\(FileSystem.name(of: place.path))."
    self.path = place.path
    partial = "\(folder)/\(prefix)\(getpid())"
    replaces = replacing
    if !isNamed, let nameless = Self.openNameless(in: folder, mode: place.mode) {
      (descriptor, self.isNamed) = (nameless, false)
      return
    }
    self.isNamed = true
    Self.removeLeftovers(in: folder, prefix)
    descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, place.mode)
    guard descriptor >= 0 else { throw FileSystem.failure("could not write", path) }
    // Ends with the program: so others know that it is no leftover.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    if isNamed || replaces { unlink(partial) }
  }

  /// A file without a name; nil where the file system, or a system without `/proc`, has none.
  private static func openNameless(in folder: String, mode: mode_t) -> Int32? {
    // O_TMPFILE, which Swift does not import (Linux, asm-generic/fcntl.h).
    let nameless = 0o20_000_000 | O_DIRECTORY
    let descriptor = open(folder, nameless | O_WRONLY | O_CLOEXEC, mode)
    guard descriptor >= 0 else { return nil }
    if access("/proc/self/fd/\(descriptor)", F_OK) == 0 { return descriptor }
    close(descriptor)
    return nil
  }

  /// Takes away what programs left that were killed while they wrote a file of this name: nobody
  /// holds its lock any more.
  private static func removeLeftovers(in folder: String, _ prefix: String) {
    for name in (try? FileSystem.names(in: folder)) ?? [] where name.hasPrefix(prefix) {
      guard Int32(name.dropFirst(prefix.count)) != nil else { continue }
      let path = "\(folder)/\(name)"
      let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      var status = stat()
      guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        status.st_uid == geteuid(), flock(descriptor, LOCK_EX | LOCK_NB) == 0
      else { continue }
      unlink(path)
    }
  }

  /// Appends a text. Blocks for as long as the disk takes.
  public func write(_ text: String) throws(WarehouseError) {
    try FileSystem.write(Array(text.utf8), to: descriptor, naming: path)
  }

  /// Appends bytes. Blocks for as long as the disk takes.
  func write(_ bytes: UnsafeRawBufferPointer) throws(WarehouseError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Glibc.write(
        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileSystem.failure("could not write", path) }
      rest = rest.dropFirst(count)
    }
  }

  /// Puts the file into its place. Blocks until it is on the disk.
  ///
  /// - Throws: `.usage` when another file came there meanwhile, `.system` when it cannot be.
  public func finish() throws(WarehouseError) {
    guard fsync(descriptor) == 0 else { throw FileSystem.failure("could not write", path) }
    defer { FileSystem.syncFolder(FileSystem.parent(of: path)) }
    if !replaces {
      // A link never takes another file's place. Some file systems have none.
      if linked(to: path) { return }
      guard errno != EEXIST, !FileSystem.exists(path) else { throw Self.taken(path) }
    }
    if !isNamed {
      unlink(partial)
      guard linked(to: partial) else { throw FileSystem.failure("could not write", path) }
    }
    guard rename(partial, path) == 0 else { throw FileSystem.failure("could not write", path) }
  }

  /// Gives the file a name that nobody has.
  private func linked(to name: String) -> Bool {
    isNamed
      ? link(partial, name) == 0
      : linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0
  }

  /// Where it goes: a link is followed to the file that is replaced, whose mode stays.
  private static func place(
    _ path: String, replacing: Bool
  ) throws(WarehouseError) -> (path: String, mode: mode_t) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return (path, 0o644) }
    guard replacing else { throw taken(path) }
    let target = status.st_mode & S_IFMT == S_IFLNK ? try FileSystem.resolved(path) : path
    guard stat(target, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw WarehouseError(
        .usage, "could not replace \(path): it is no ordinary file",
        hint: "Give the name of a new file.")
    }
    return (target, status.st_mode & 0o777)
  }

  private static func taken(_ path: String) -> WarehouseError {
    WarehouseError(
      .usage, "there is a file \(path) already", hint: "Give a name that is not taken.")
  }
}

extension FileSystem {
  /// Brings the names in a folder to the disk, as far as the file system does that.
  fileprivate static func syncFolder(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }

  /// Writes a new file whole, or none.
  public static func create(_ path: String, _ text: String) throws(WarehouseError) {
    let file = try NewFile(path)
    try file.write(text)
    try file.finish()
  }
}
