import Glibc
import Synchronization

@testable import Warehouse

/// Folders that vanish with the test process, and servers in them with it, however it ends.
///
/// A small shell process waits for the end of a pipe, which only this process holds open; that
/// also works when the tests are killed.
enum TemporaryFolder {
  /// A new, empty folder that other accounts may pass through, as the server's may be another.
  static func make() throws -> String {
    var name = Array("/tmp/sparkify-test-XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else { throw FileSystem.failure("could not make", "/tmp") }
    let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard chmod(path, 0o755) == 0 else { throw FileSystem.failure("could not open up", path) }
    try FileSystem.write(Array((path + "\n").utf8), to: guardian.get(), naming: path)
    return path
  }

  /// Makes a shell script that can be run at once.
  ///
  /// Another process writes it: a child that is being started in this one would for a moment hold a
  /// file open that is written here, and a program that is open for writing cannot be run.
  static func makeProgram(_ path: String, script: String) throws {
    try FileSystem.write(Array("#!/bin/sh\n\(script)\n".utf8), to: path + ".text")
    let made = try Subprocess.run(["/usr/bin/install", "-m", "755", path + ".text", path])
    guard made.status == 0 else { throw WarehouseError(.system, made.output) }
  }

  /// The write end of the pipe to the shell process.
  private static let guardian = Result { () throws(WarehouseError) in try startGuardian() }

  private static let script = """
    folders=""
    while read -r folder; do folders="$folders $folder"; done
    for folder in $folders; do
      for attempt in 1 2 3 4 5 6 7 8 9 10; do
        process=$(head -n 1 "$folder/cluster/data/postmaster.pid" 2>/dev/null) &&
          kill -QUIT "$process" 2>/dev/null
        rm -rf -- "$folder" 2>/dev/null && break
        sleep 0.1
      done
    done
    """

  private static func startGuardian() throws(WarehouseError) -> Int32 {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw FileSystem.failure("could not open", "a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A process group of its own: ctrl-C on the tests must not end it before them.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    var process: pid_t = 0
    let words = ["/bin/sh", "-c", script]
    let arguments: [UnsafeMutablePointer<CChar>?] =
      words.map { (word: String) in strdup(word) } + [nil]
    defer { for argument in arguments { free(argument) } }
    let failure = posix_spawn(&process, "/bin/sh", &actions, &attributes, arguments, environ)
    guard failure == 0 else {
      throw WarehouseError(.system, "could not start /bin/sh")
    }
    close(ends[0])
    return ends[1]
  }
}
