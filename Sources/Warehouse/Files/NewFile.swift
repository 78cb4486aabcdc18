import Glibc

/// A file that did not exist before: nothing of the user's is ever overwritten.
public final class NewFile: Sendable {
  private let descriptor: Int32
  private let path: String

  /// Makes the file.
  ///
  /// - Throws: `.usage` when something lies there already, `.system` when it cannot be made.
  public init(_ path: String) throws(WarehouseError) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    self.path = path
    guard descriptor < 0 else { return }
    guard errno == EEXIST else { throw FileSystem.failure("could not write", path) }
    throw WarehouseError(
      .usage, "there is a file \(path) already", hint: "Give a name that is not taken.")
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

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

  /// Waits until the disk has everything.
  func synchronize() throws(WarehouseError) {
    guard fsync(descriptor) == 0 else { throw FileSystem.failure("could not write", path) }
  }

  /// Takes the file away again, when it is not whole.
  public func remove() { unlink(path) }
}

extension FileSystem {
  /// Writes a new file whole, or none.
  public static func create(_ path: String, _ text: String) throws(WarehouseError) {
    let file = try NewFile(path)
    do throws(WarehouseError) {
      try file.write(text)
    } catch {
      file.remove()
      throw error
    }
  }
}
