import Glibc

/// The server's log, from one start on. It stays small: the server is set to say little, and a
/// start sets a large one aside.
struct ServerLog: ~Copyable {
  let descriptor: Int32
  private let path: String
  private let offset: Int
  private let openedAt = ContinuousClock.now

  /// Beyond this many bytes the log is set aside as `….old`, in place of the one before.
  private static let limit = 1 << 20

  init(_ path: String) throws(WarehouseError) {
    var status = stat()
    var size = stat(path, &status) == 0 ? Int(status.st_size) : 0
    if size > Self.limit, rename(path, path + ".old") == 0 { size = 0 }
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW
    descriptor = open(path, flags, 0o600)
    guard descriptor >= 0 else { throw FileSystem.failure("could not write", path) }
    self.path = path
    offset = size
  }

  deinit { close(descriptor) }

  func isOlder(than age: Duration) -> Bool { openedAt.duration(to: .now) > age }

  /// The last lines that were written since.
  var lastLines: String {
    String(decoding: written, as: UTF8.self).trimmed.split(separator: "\n").suffix(10)
      .joined(separator: "\n")
  }

  /// Whether the server ended because another one, or what is left of it, holds the data. Its words
  /// for that are fixed, as its messages are set to be untranslated.
  var saysInTheWay: Bool {
    let text = lastLines
    return text.contains("pre-existing shared memory block")
      || (text.contains("lock file") && text.contains("already exists"))
  }

  /// Whether the server found that it was not shut down, and replays what was written since.
  var saysRecovery: Bool {
    let text = String(decoding: written, as: UTF8.self)
    return text.contains("automatic recovery in progress") || text.contains("redo starts at")
  }

  /// Why the server of this log failed last, in its own words; nil when it does not say.
  static func lastFailure(in path: String) -> String? {
    let lines = String(decoding: tail(of: path, from: 0), as: UTF8.self).split(separator: "\n")
    return lines.last { $0.contains("PANIC:  ") || $0.contains("No space left on device") }
      .map { String($0).trimmed }
  }

  private var written: [UInt8] { Self.tail(of: path, from: offset) }

  /// The last 16 KB at most of what was written behind `offset`.
  private static func tail(of path: String, from offset: Int) -> [UInt8] {
    let reader = open(path, O_RDONLY | O_CLOEXEC)
    guard reader >= 0 else { return [] }
    defer { close(reader) }
    var bytes = [UInt8](repeating: 0, count: 16 << 10)
    var status = stat()
    let end = fstat(reader, &status) == 0 ? Int(status.st_size) : offset
    let count = pread(reader, &bytes, bytes.count, max(offset, end - bytes.count))
    return Array(bytes.prefix(max(0, count)))
  }
}
