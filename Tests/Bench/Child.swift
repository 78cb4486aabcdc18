import Glibc
import Warehouse

/// A program that is run and measured.
struct Child {
  /// How it ended and what it took.
  struct Outcome {
    var status: Int32
    /// User and system time of the process, by wait4.
    var cpuSeconds: Double
    /// The most memory that was resident.
    var peakBytes: Int
  }

  /// Runs `arguments` to its end; each line of its output goes to `line` as it comes, with the
  /// process that wrote it.
  static func run(
    _ arguments: [String], _ line: (pid_t, Substring) -> Void
  ) throws(WarehouseError) -> Outcome {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw failure(errno, "could not make a pipe") }
    let process: pid_t
    do throws(WarehouseError) {
      process = try spawn(arguments, output: ends[1], unused: ends[0])
      close(ends[1])
    } catch {
      close(ends[0])
      close(ends[1])
      throw error
    }
    defer { close(ends[0]) }
    let peak = readLines(ends[0], of: process, line)
    var status: Int32 = 0
    var usage = rusage()
    while wait4(process, &status, 0, &usage) < 0 && errno == EINTR {}
    return Outcome(
      status: status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F),
      cpuSeconds: usage.cpuSeconds, peakBytes: peak)
  }

  /// - Returns: the most memory that was resident, as of the last line. Not what wait4 says: Linux
  ///   counts the parent's memory in, which a spawned child borrows until it begins.
  private static func readLines(
    _ descriptor: Int32, of process: pid_t, _ line: (pid_t, Substring) -> Void
  ) -> Int {
    var pending = ""
    var peak = 0
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return peak }
      peak = max(peak, ProcessFacts.peakBytes(of: process))
      pending += String(decoding: chunk[..<count], as: UTF8.self)
      while let newline = pending.firstIndex(of: "\n") {
        line(process, pending[..<newline])
        pending.removeSubrange(...newline)
      }
    }
  }

  private static func spawn(
    _ arguments: [String], output: Int32, unused: Int32
  ) throws(WarehouseError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addclose(&actions, unused)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    // A bench in the background ignores Ctrl-C, and what it starts must not.
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var process: pid_t = 0
    var texts: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for text in texts { free(text) } }
    guard let program = texts[0] else { throw failure(EINVAL, "could not start nothing") }
    let code = posix_spawn(&process, program, &actions, &attributes, &texts, environ)
    guard code == 0 else { throw failure(code, "could not start \(arguments.first ?? "")") }
    return process
  }

  private static func failure(_ code: Int32, _ message: String) -> WarehouseError {
    WarehouseError(.system, message, detail: String(cString: strerror(code)))
  }
}

extension rusage {
  /// User and system time.
  var cpuSeconds: Double {
    Double(ru_utime.tv_sec + ru_stime.tv_sec) + Double(ru_utime.tv_usec + ru_stime.tv_usec) / 1e6
  }

  /// What this process took so far.
  static func ofThisProcess() -> rusage {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return usage
  }
}
