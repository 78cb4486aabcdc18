import Glibc
import Warehouse

/// The person's text editor.
struct Editor: Equatable, Sendable {
  /// The program and its arguments. No shell ever reads them.
  var command: [String]

  /// `$VISUAL`, else `$EDITOR`, else `vi`; words are parted by spaces.
  static func fromEnvironment() -> Editor {
    let names = ["VISUAL", "EDITOR"]
    let words = names.lazy.compactMap { String(environment: $0) }
      .map { $0.split(separator: " ").map(String.init) }.first { !$0.isEmpty }
    return Editor(command: words ?? ["vi"])
  }

  /// Edits a file, and waits for the editor's end. The terminal must be the editor's meanwhile.
  ///
  /// - Parameter stop: stops this program until it is continued.
  /// - Returns: what went wrong; nil when the file may be read again.
  func edit(_ path: String, stop: () -> Void) -> WarehouseError? {
    guard let name = command.first else { return refused("no editor is set") }
    var child = pid_t()
    let error = spawn(command + [path], named: name, as: &child)
    guard error == 0 else { return refused(String(cString: strerror(error))) }
    let status = wait(for: child, stop)
    let exitStatus = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F)
    return exitStatus == 0 ? nil : refused("it ended with status \(exitStatus)")
  }

  /// Edits a text, in a file that only this account can read and that is gone afterwards. The
  /// terminal must be the editor's meanwhile.
  ///
  /// - Returns: the text as the editor left it, without the line break that many editors end it with.
  func edit(text: String, stop: () -> Void) -> Result<String, WarehouseError> {
    let folder = String(environment: "TMPDIR") ?? "/tmp"
    var template = Array("\(folder)/sparkify-XXXXXX.sql".utf8CString)
    let descriptor = mkstemps(&template, 4)
    guard descriptor >= 0 else {
      return .failure(refused("\(folder): \(String(cString: strerror(errno)))"))
    }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { unlink(path) }
    return Result { () throws(WarehouseError) in
      do {
        defer { close(descriptor) }
        try FileSystem.write(text.utf8, to: descriptor, naming: path)
      }
      if let error = edit(path, stop: stop) { throw error }
      let edited = String(decoding: try FileSystem.read(path), as: UTF8.self)
      return edited.hasSuffix("\n") && !text.hasSuffix("\n") ? String(edited.dropLast()) : edited
    }
  }

  /// With an empty signal mask and the usual handlers: a child inherits ours otherwise.
  private func spawn(_ words: [String], named name: String, as child: inout pid_t) -> Int32 {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    return posix_spawnp(&child, name, nil, &attributes, &arguments, environ)
  }

  /// When the editor is stopped (Ctrl-Z), so are we; when we go on, so does it.
  private func wait(for child: pid_t, _ stop: () -> Void) -> Int32 {
    var status: Int32 = 0
    while true {
      guard waitpid(child, &status, WUNTRACED) == child else {
        if errno == EINTR { continue }
        return 0
      }
      guard status & 0xFF == 0x7F else { return status }  // not stopped: ended
      stop()
      kill(child, SIGCONT)
    }
  }

  private func refused(_ detail: String) -> WarehouseError {
    WarehouseError(
      .system, "could not edit with \(command.joined(separator: " "))", detail: detail,
      hint: "Set VISUAL or EDITOR to an editor that is installed.")
  }
}
