import Glibc
import Synchronization
import Warehouse

/// A file that is written.
final class OutputFile {
  private let descriptor: Int32
  private let path: String

  init(_ path: String) throws(WarehouseError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("could not write", path) }
  }

  deinit { close(descriptor) }

  func write(_ bytes: [UInt8]) throws(WarehouseError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw failure("could not write", path) }
      rest = rest.dropFirst(count)
    }
  }
}

/// A file whose bytes are copied as they are.
final class InputFile: CopySource {
  private let descriptor: Int32
  private let path: String

  init(_ path: String) throws(WarehouseError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("could not read", path) }
  }

  deinit { close(descriptor) }

  func fill(_ buffer: inout [UInt8]) throws(WarehouseError) -> Bool {
    let size = 256 << 10
    var count = 0
    // The array's memory is zeroed each time it grows; 256 KB of that are lost in the noise.
    buffer.append(contentsOf: repeatElement(0, count: size))
    count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, size) }
    guard count >= 0 else { throw failure("could not read", path) }
    buffer.removeLast(size - count)
    return count > 0
  }
}

private func failure(_ message: String, _ path: String) -> WarehouseError {
  WarehouseError(.system, "\(message) \(path)", detail: String(cString: strerror(errno)))
}
