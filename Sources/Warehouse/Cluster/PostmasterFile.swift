import Glibc

/// What a server says of itself in `postmaster.pid` (PostgreSQL's `utils/pidfile.h`), and more
/// briefly in the lock file beside its socket.
struct PostmasterFile: Sendable, Equatable {
  let processID: pid_t
  let port: Int?
  /// The folder of its first socket; nil until it is open.
  let socketFolder: String?
  /// `starting`, `ready`, `standby`, `stopping`; nil until it is written.
  let status: String?

  var isReady: Bool { status == "ready" }

  /// nil when no server left a file, or none that can be read.
  init?(in dataFolder: String) { self.init(Self.path(in: dataFolder)) }

  static func path(in dataFolder: String) -> String { dataFolder + "/postmaster.pid" }

  init?(_ path: String) {
    guard let bytes = try? FileSystem.read(path, limit: 4096) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).trimmed }
    func line(_ number: Int) -> String? {
      lines.indices.contains(number - 1) && !lines[number - 1].isEmpty ? lines[number - 1] : nil
    }
    // A negative number is a server in single-user mode.
    guard let process = line(1).flatMap({ pid_t($0) }), process > 0 else { return nil }
    processID = process
    port = line(4).flatMap { Int($0) }
    socketFolder = line(5)
    status = line(8)
  }
}

/// What the system tells of processes, by `/proc`.
enum ProcessTable {
  /// Whether the process lives and this account may signal it. One that ended and is not reaped
  /// does not live.
  static func isAlive(_ process: pid_t) -> Bool {
    guard kill(process, 0) == 0 else { return false }
    guard let state = facts(of: process).first else { return true }
    return !["Z", "X"].contains(state)
  }

  /// The time that a process spent on a processor, in clock ticks; 0 when that is not to be learnt.
  static func ticks(of process: pid_t) -> Int {
    let facts = facts(of: process)
    // Fields 14 and 15 of proc(5): of user and of system mode.
    return facts.count > 12 ? (Int(facts[11]) ?? 0) + (Int(facts[12]) ?? 0) : 0
  }

  /// What `/proc` says of a process, from its state on, the third field of proc(5); empty when that
  /// is not to be learnt.
  private static func facts(of process: pid_t) -> [Substring] {
    guard let bytes = try? FileSystem.read("/proc/\(process)/stat", limit: 4096) else { return [] }
    // The state follows the program's name, which stands in parentheses and may hold any.
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.lastIndex(of: ")") else { return [] }
    return text[text.index(after: end)...].split { $0 == " " || $0 == "\n" }
  }

  /// Whether a process is a living server of the cluster in `dataFolder`, in which it then works:
  /// the number in a lock file may have gone to another program.
  static func isServer(_ process: pid_t, of dataFolder: String) -> Bool {
    guard isAlive(process) else { return false }
    guard let folder = workingFolder(of: process) else { return true }
    return folder == dataFolder
  }

  /// The folder that a process works in; nil when that is not to be learnt.
  static func workingFolder(of process: pid_t) -> String? {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlink("/proc/\(process)/cwd", &path, path.count - 1)
    guard count >= 0 else { return nil }
    return String(decoding: path.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The processes that work in `folder`: a server's all do in its data folder.
  static func processes(in folder: String) -> [pid_t] {
    let names = (try? FileSystem.names(in: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.filter { workingFolder(of: $0) == folder }
  }
}
