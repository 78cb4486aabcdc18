import Glibc

/// The bytes of a file on the disk.
final class FileStream: ByteStream {
  private let path: String
  private let descriptor: Int32
  private(set) var consumedBytes = 0

  /// Opens the file at `path`, to be read from `offset` on.
  ///
  /// - Throws: `.input` when it is gone or may not be read.
  init(_ path: String, at offset: Int = 0) throws(WarehouseError) {
    // Not blocking: a pipe that took the file's place must not hold the thread up for ever.
    descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    self.path = path
    guard descriptor >= 0 else { throw FileStream.unreadable(path) }
    guard offset > 0 else {
      posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
      return
    }
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
      throw FileStream.unreadable(path)
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(WarehouseError) -> Int {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileStream.unreadable(path) }
      consumedBytes += count
      return count
    }
  }

  /// The error of a file that cannot be read, in the system's words for the current `errno`.
  static func unreadable(_ path: String) -> WarehouseError {
    let number = errno
    return WarehouseError(
      .input, "could not read \(path)", detail: String(cString: strerror(number)),
      hint: number == ENOENT
        ? "It was there when the source was listed: list it again."
        : "Make sure that this user may read it.")
  }
}
