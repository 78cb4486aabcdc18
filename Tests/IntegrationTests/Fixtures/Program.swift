import Foundation
import Glibc
import Testing

@testable import Warehouse

/// The built program as a process of its own, with an environment that holds nothing but what the
/// test gives. Its output goes to files, so that it never waits for us.
final class Program: Sendable {
  let id: pid_t
  private let folder: String

  /// Starts `sparkify` with `arguments`, in an empty folder unless `workingFolder` names one.
  init(
    _ arguments: [String], environment: [String: String] = [:], input: String = "",
    workingFolder: String? = nil, shell: String? = nil
  ) throws {
    folder = try TemporaryFolder.make()
    let home = folder + "/home"
    try FileSystem.makeFolder(home)
    try FileSystem.write(Array(input.utf8), to: folder + "/in")
    var words = [try Self.path()] + arguments
    if let shell { words = ["/bin/sh", "-c", shell, "sh"] + words }
    words = ["/usr/bin/env", "-C", workingFolder ?? home] + words
    var variables = ["HOME": home, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
    variables.merge(environment) { $1 }
    id = try Self.spawn(words, variables.map { "\($0)=\($1)" }, folder)
  }

  /// Runs `sparkify` to its end.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], input: String = "",
    workingFolder: String? = nil, shell: String? = nil
  ) async throws -> Outcome {
    try await Program(
      arguments, environment: environment, input: input, workingFolder: workingFolder, shell: shell
    ).outcome()
  }

  /// How it ended: the exit status, or 128 and a signal's number, and what it wrote.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
    /// The most memory that was resident at once, as far as it was seen.
    var peakBytes = 0
    /// Lines of standard output, each as a JSON object.
    var events: [Event] { Event.all(in: output) }
    var all: String { output + errors }
  }

  /// One line of `--json`.
  struct Event {
    let members: [String: Any]
    var name: String { members["event"] as? String ?? "" }
    var stage: String? { members["stage"] as? String }
    subscript(_ member: String) -> Any? { members[member] }

    /// The whole lines of `text` that are JSON objects.
    static func all(in text: String) -> [Event] {
      text.split(separator: "\n").compactMap { line in
        let json = try? JSONSerialization.jsonObject(with: Data(line.utf8))
        return (json as? [String: Any]).map(Event.init)
      }
    }
  }

  /// Waits for the end.
  func outcome() async throws -> Outcome {
    var status: Int32 = 0
    var peak = 0
    try await eventually("the program ends", within: .seconds(120)) {
      peak = max(peak, fact("VmHWM").flatMap { Int($0) } ?? 0)
      return waitpid(id, &status, WNOHANG) == id
    }
    let signal = status & 0x7f
    return Outcome(
      status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, output: output,
      errors: text("err"), peakBytes: peak << 10)
  }

  /// What the system tells of the process under a name (`/proc/PID/status`, proc(5)), without its
  /// unit; nil when it is gone.
  ///
  /// Its peak of memory is from here and not from wait4, which counts the memory of the tests in,
  /// as a child borrows that until it begins.
  func fact(_ name: String) -> String? {
    guard let text = try? FileSystem.read("/proc/\(id)/status", limit: 64 << 10) else { return nil }
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
      let words = line.split { $0 == ":" || $0 == " " || $0 == "\t" }
      if words.first.map(String.init) == name { return words.dropFirst().first.map(String.init) }
    }
    return nil
  }

  /// What it wrote to standard output so far.
  var output: String { text("out") }

  /// Waits until it told an event.
  func waitFor(_ name: String, stage: String? = nil) async throws {
    try await eventually("\(name) of \(stage ?? "the run"): \(text("err"))", within: .seconds(60)) {
      Event.all(in: output).contains { $0.name == name && (stage == nil || $0.stage == stage) }
    }
  }

  /// Sends it a signal.
  func send(_ signal: Int32) { kill(id, signal) }

  private func text(_ name: String) -> String {
    (try? String(decoding: FileSystem.read("\(folder)/\(name)", limit: 256 << 20), as: UTF8.self))
      ?? ""
  }

  /// Beside the test's own program, where the build puts all of them.
  static func path() throws -> String {
    let own = try FileSystem.resolved("/proc/self/exe")
    let beside = FileSystem.parent(of: own) + "/sparkify"
    if FileSystem.isExecutable(beside) { return beside }
    return packageFolder + "/.build/debug/sparkify"
  }

  /// The folder of Package.swift.
  static var packageFolder: String {
    (0..<4).reduce(#filePath) { path, _ in FileSystem.parent(of: path) }
  }

  private static func spawn(
    _ words: [String], _ environment: [String], _ folder: String
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, folder + "/in", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, folder + "/out", O_WRONLY | O_CREAT, 0o644)
    posix_spawn_file_actions_addopen(&actions, 2, folder + "/err", O_WRONLY | O_CREAT, 0o644)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Threads of the tests block signals, and children inherit that.
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
    func pointers(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
      texts.map { text in strdup(text) } + [nil]
    }
    let (argv, envp) = (pointers(words), pointers(environment))
    defer { for text in argv + envp { free(text) } }
    var process: pid_t = 0
    let failure = posix_spawn(&process, words[0], &actions, &attributes, argv, envp)
    guard failure == 0 else {
      throw WarehouseError(.system, "could not start \(words[0])")
    }
    return process
  }
}
