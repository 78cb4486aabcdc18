import Dispatch
import Glibc
import Warehouse

/// The file in the state folder that keeps the console's looks over sessions.
///
/// It is small, belongs to its owner alone, and is replaced whole. Of two consoles the last one to
/// write counts.
final class StateFile: Sendable {
  /// What was found at the start.
  enum Found {
    case nothing
    case state(ConsoleState)
    /// Something else: why it is not used.
    case unusable(String)
  }

  private let path: String
  private let queue = DispatchQueue(label: "console.state")
  private let problem = Locked<WarehouseError?>(nil)
  /// No longer file is read, in bytes, and none is written.
  static let limit = 1 << 20

  /// The file of a state folder, which need not be there yet.
  init(folder: String) { path = folder + "/console.json" }

  /// Why it could not be written the last time; nil when it could.
  var failure: WarehouseError? { problem.withLock { $0 } }

  /// Reads it: a few kilobytes, before the first frame.
  func read() -> Found {
    var status = stat()
    guard lstat(path, &status) == 0 else { return .nothing }
    // Opening a pipe would wait for somebody at its other end.
    guard status.st_mode & S_IFMT == S_IFREG else { return .unusable("it is no ordinary file") }
    guard let bytes = try? FileSystem.read(path, limit: Self.limit) else {
      return .unusable("it cannot be read")
    }
    guard let state = ConsoleState(bytes) else {
      return .unusable("it is broken, or of another version")
    }
    return .state(state)
  }

  /// Writes it soon, on a thread of its own.
  func writeLater(_ bytes: [UInt8]) { queue.async { self.write(bytes) } }

  /// Writes it, after what is still to be written. Blocks until it is on the disk.
  func writeNow(_ bytes: [UInt8]) { queue.sync { write(bytes) } }

  private func write(_ bytes: [UInt8]) {
    do throws(WarehouseError) {
      // As the embedded warehouse makes it: as root its server, another account, lives inside.
      try FileSystem.makeFolder(FileSystem.parent(of: path), mode: geteuid() == 0 ? 0o755 : 0o700)
      try FileSystem.write(bytes, to: path, mode: 0o600)
      problem.withLock { $0 = nil }
    } catch {
      problem.withLock { $0 = error }
    }
  }
}

/// Keeps a model's state in a file: now and then, and at the end.
struct StateKeeper {
  private let file: StateFile
  private var written: [UInt8]?
  private var lookedAt = ContinuousClock.now

  /// So often the state is looked at while the console is used.
  private static let interval = Duration.seconds(10)

  /// Restores what an earlier session left, and says on the screen when that cannot be used.
  init(_ file: StateFile, restoring model: inout Model) {
    self.file = file
    switch file.read() {
    case .nothing: break
    case .state(let state): model.restore(state)
    case .unusable(let why):
      model.notice = .info("what was shown last time does not come back: \(why)")
    }
  }

  /// Writes what has changed, when it is time to look.
  mutating func look(at model: borrowing Model) {
    guard lookedAt.duration(to: .now) >= Self.interval else { return }
    lookedAt = .now
    let bytes = model.state.bytes(limit: StateFile.limit)
    guard bytes != written else { return }
    written = bytes
    file.writeLater(bytes)
  }

  /// Writes what has changed. Blocks until it is on the disk.
  func finish(_ model: borrowing Model) {
    file.writeNow(model.state.bytes(limit: StateFile.limit))
  }
}
