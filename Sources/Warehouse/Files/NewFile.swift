import Glibc

/// A file that is there whole or not at all, whatever dies meanwhile.
///
/// It is written under another name beside its place, and moved there by `finish`. Without that
/// nothing of it stays.
public final class NewFile: Sendable {
  private let descriptor: Int32
  private let path: String
  private let partial: String
  private let replaces: Bool

  /// Makes the file.
  ///
  /// - Parameter replacing: whether an ordinary file of that name gives way; without, nothing of
  ///   the user's is ever overwritten.
  /// - Throws: `.usage` when something lies there already, `.system` when it cannot be made.
  public init(_ path: String, replacing: Bool = false) throws(WarehouseError) {
    let place = try Self.place(path, replacing: replacing)
    self.path = place.path
    partial = "\(FileSystem.parent(of: place.path))/.\(FileSystem.name(of: place.path)).\(getpid())"
    replaces = replacing
    // A process of this number that was killed left it.
    unlink(partial)
    descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, place.mode)
    guard descriptor >= 0 else { throw FileSystem.failure("could not write", path) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(partial)
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
    if !replaces {
      // A link never takes another file's place. Some file systems have none.
      if link(partial, path) == 0 { return }
      guard errno != EEXIST, !FileSystem.exists(path) else { throw Self.taken(path) }
    }
    guard rename(partial, path) == 0 else { throw FileSystem.failure("could not write", path) }
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
  /// Writes a new file whole, or none.
  public static func create(_ path: String, _ text: String) throws(WarehouseError) {
    let file = try NewFile(path)
    try file.write(text)
    try file.finish()
  }
}
