import Dispatch
import Glibc
import Synchronization

/// Other programs, started directly: an argument list, never a shell.
///
/// A child gets a session of its own (so that ctrl-C at the terminal is ours alone), no signal
/// blocked or ignored, no descriptor but its three, and of the environment only where programs and
/// libraries lie: no `PG*` variable misleads it and no secret reaches it.
enum Subprocess {
  /// How a program ended and the last of what it said, both streams together.
  struct Outcome: Sendable {
    /// The exit status, or 128 and the signal's number.
    var status: Int32
    var output: String
  }

  /// What becomes of what a program writes to its standard error.
  enum Errors: Sendable {
    /// It goes where its output goes.
    case kept
    /// Nowhere.
    case dropped
  }

  /// Runs a program to its end. Blocks; a cancelled task ends the program first.
  ///
  /// - Parameters:
  ///   - outputLimit: the bytes that are kept, the last ones.
  ///   - errors: what becomes of its standard error.
  ///   - environment: variables that it gets besides the usual ones, `NAME=value`.
  /// - Throws: `.system` when it cannot be started; `.cancelled`.
  static func run(
    _ arguments: [String], outputLimit: Int = 16 << 10, errors: Errors = .kept,
    environment: [String] = []
  ) throws(WarehouseError) -> Outcome {
    // Sockets, as Glibc's module has no call that opens a pipe and marks it close-on-exec at once.
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw FileSystem.failure("could not start", arguments.first ?? "")
    }
    defer { close(ends[0]) }
    let started = Result { () throws(WarehouseError) in
      try spawn(arguments, output: ends[1], errors: errors, environment: environment)
    }
    close(ends[1])
    let process = try started.get()
    let (output, isCancelled) = readToEnd(ends[0], of: process, limit: outputLimit)
    let status = wait(for: process)
    if isCancelled { throw .cancelled }
    return Outcome(status: status, output: String(decoding: output, as: UTF8.self).trimmed)
  }

  /// Starts a program whose output and errors go to the descriptor `output`.
  ///
  /// Somebody has to `wait(for:)` it: unless, it stays in the system's table after its end.
  static func spawn(
    _ arguments: [String], output: Int32, errors: Errors = .kept, environment more: [String] = []
  ) throws(WarehouseError) -> pid_t {
    guard let program = arguments.first, !arguments.contains(where: \.holdsNUL) else {
      throw WarehouseError(.system, "could not start a program", detail: "its name is not one")
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    switch errors {
    case .kept: posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
    case .dropped:
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    }
    markDescriptorsCloseOnExec()

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) | startsSession)

    var process: pid_t = 0
    let failure = withCStrings(arguments) { argv in
      withCStrings(environment + more) { envp in
        posix_spawn(
          &process, program, &actions, &attributes, mutableStrings(argv), mutableStrings(envp))
      }
    }
    guard failure == 0 else {
      throw WarehouseError(
        .system, "could not start \(program)", detail: String(cString: strerror(failure)))
    }
    return process
  }

  /// Waits until a child has ended. Blocks.
  @discardableResult
  static func wait(for process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { return -1 }
    }
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : 128 + signal
  }

  private static var environment: [String] {
    let kept = ["PATH", "LD_LIBRARY_PATH"].compactMap { (name: String) -> String? in
      getenv(name).map { name + "=" + String(cString: $0) }
    }
    return kept + ["LC_ALL=C"]
  }

  /// posix_spawn takes its strings as mutable but changes none.
  private static func mutableStrings(
    _ strings: UnsafePointer<UnsafePointer<CChar>?>
  ) -> UnsafePointer<UnsafeMutablePointer<CChar>?> {
    UnsafeRawPointer(strings).assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self)
  }

  /// `POSIX_SPAWN_SETSID` of glibc's spawn.h, which its module leaves out.
  private static let startsSession: Int16 = 0x80

  /// Ours are marked when they are opened; this is for those that somebody left open for us. A
  /// server that lives on would hold them for as long.
  private static func markDescriptorsCloseOnExec() {
    for name in (try? FileSystem.names(in: "/proc/self/fd")) ?? [] {
      guard let descriptor = Int32(name), descriptor > STDERR_FILENO else { continue }
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
  }

  private static func readToEnd(
    _ descriptor: Int32, of process: pid_t, limit: Int
  ) -> (output: [UInt8], isCancelled: Bool) {
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    var cancelledAt: ContinuousClock.Instant?
    while true {
      if Task.isCancelled {
        if cancelledAt == nil { kill(-process, SIGTERM) }
        let since = cancelledAt ?? .now
        cancelledAt = since
        if since.duration(to: .now) > .seconds(2) { kill(-process, SIGKILL) }
      }
      var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&wait, 1, 50) > 0 else { continue }
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return (output, cancelledAt != nil) }
      output.append(contentsOf: chunk[..<count])
      if output.count > limit { output.removeFirst(output.count - limit) }
    }
  }
}

/// A child that outlives the call that started it. It is reaped on its end, whenever that is: a
/// dead server that is not would look alive, and the next one would refuse to start.
final class ChildProcess: Sendable {
  let id: pid_t
  private let status = Mutex<Int32?>(nil)

  init(_ arguments: [String], output: Int32) throws(WarehouseError) {
    id = try Subprocess.spawn(arguments, output: output)
    // On a thread of its own: a pool that is busy would leave a killed server unreaped, and what
    // is not reaped still holds its lock file.
    let reap: @Sendable () -> Void = { [self] in
      let ended = Subprocess.wait(for: id)
      status.withLock { $0 = ended }
    }
    if !Threads.start(reap) { DispatchQueue(label: "warehouse.child").async(execute: reap) }
  }

  /// The exit status, or 128 and the signal's number; nil while it runs.
  var exitStatus: Int32? { status.withLock { $0 } }
}
