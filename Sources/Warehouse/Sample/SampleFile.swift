import Glibc

/// A file that is being written, in blocks.
struct SampleFile: ~Copyable {
  private let path: String
  private let descriptor: Int32

  /// Makes a new file.
  init(_ path: String) throws(WarehouseError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileSystem.failure("could not make", path) }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Writes a block and empties it; its room is kept.
  func write(_ block: inout [UInt8]) throws(WarehouseError) {
    try FileSystem.write(block, to: descriptor, naming: path)
    block.removeAll(keepingCapacity: true)
  }
}
