import CVTerm
import Glibc

/// A real program on a real pseudo-terminal, with libvterm as the screen.
package final class VirtualTerminal {
  /// What a test waited for and did not see, with the screen as it was.
  package struct TimedOut: Error, CustomStringConvertible {
    package var description: String
  }

  private let master: Int32
  private let slavePath: String
  private let vterm: OpaquePointer
  private let screen: OpaquePointer
  package private(set) var process = pid_t()
  package private(set) var size: (columns: Int, rows: Int)
  /// Everything that the program wrote.
  package private(set) var output: [UInt8] = []
  private var status: Int32?
  private let properties = Properties()
  private var callbacks = UnsafeMutablePointer<VTermScreenCallbacks>.allocate(capacity: 1)

  /// Modes that the program switched on, as libvterm tells them.
  private final class Properties {
    var isAlternate = false
    var isCursorVisible = true
    var mouse: Int32 = 0
    var title = ""
  }

  /// Long enough for a loaded machine; nothing waits so long when all is well.
  private static let patience = Duration.seconds(120)

  /// Starts a program with its arguments and exactly this environment.
  package init(
    _ words: [String], environment: [String: String] = [:], columns: Int = 80, rows: Int = 24
  ) throws {
    size = (columns, rows)
    master = posix_openpt(O_RDWR | O_NOCTTY)
    guard master >= 0, grantpt(master) == 0, unlockpt(master) == 0, let path = ptsname(master)
    else { throw TimedOut(description: "no pseudo-terminal: \(errno)") }
    slavePath = String(cString: path)
    vterm = vterm_new(Int32(rows), Int32(columns))
    screen = vterm_obtain_screen(vterm)
    vterm_set_utf8(vterm, 1)
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    _ = fcntl(master, F_SETFD, FD_CLOEXEC)
    setSize()
    observe()
    vterm_screen_enable_altscreen(screen, 1)
    vterm_screen_reset(screen, 1)
    try spawn(words, environment)
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      var ignored: Int32 = 0
      waitpid(process, &ignored, 0)
    }
    if !isClosed { close(master) }
    vterm_free(vterm)
    callbacks.deallocate()
  }

  private func observe() {
    callbacks.initialize(to: VTermScreenCallbacks())
    callbacks.pointee.settermprop = { property, value, user in
      guard let user, let value else { return 1 }
      let properties = Unmanaged<Properties>.fromOpaque(user).takeUnretainedValue()
      switch property {
      case VTERM_PROP_ALTSCREEN: properties.isAlternate = value.pointee.boolean != 0
      case VTERM_PROP_CURSORVISIBLE: properties.isCursorVisible = value.pointee.boolean != 0
      case VTERM_PROP_MOUSE: properties.mouse = value.pointee.number
      case VTERM_PROP_TITLE: properties.title = "set"
      default: break
      }
      return 1
    }
    vterm_screen_set_callbacks(screen, callbacks, Unmanaged.passUnretained(properties).toOpaque())
  }

  private func setSize() {
    var window = winsize(
      ws_row: UInt16(size.rows), ws_col: UInt16(size.columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &window)
  }

  /// A session of its own, with the terminal as its controlling one and no signal blocked: the
  /// threads of a test block them, and a child inherits that.
  private func spawn(_ words: [String], _ environment: [String: String]) throws {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) | CVTERM_SPAWN_SETSID)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 0, slavePath, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var variables = [
      "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin",
      "SWIFT_BACKTRACE": "enable=no", "HOME": "/nonexistent",
      // A sanitizer would take the faults that the console's own guard is tested with.
      "TSAN_OPTIONS": "handle_segv=0:handle_abort=0:handle_sigill=0",
      "ASAN_OPTIONS": "handle_segv=0:handle_abort=0:handle_sigill=0",
    ]
    variables.merge(environment) { $1 }
    var arguments = words.map { strdup($0) } + [nil]
    var settings = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    let error = posix_spawn(&process, words[0], &actions, &attributes, &arguments, &settings)
    for text in arguments + settings { free(text) }
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
    guard error == 0 else { throw TimedOut(description: "could not start \(words): \(error)") }
  }

  // MARK: What is seen

  /// The screen as text, without the spaces at the ends of its rows.
  package var text: String { (0..<size.rows).map { row($0) }.joined(separator: "\n") }

  /// One row of the screen.
  package func row(_ index: Int) -> String {
    var scalars = String.UnicodeScalarView()
    var column = 0
    while column < size.columns {
      let cell = cell(index, column)
      let first = cell.chars.0
      scalars.append(first == 0 ? " " : Unicode.Scalar(first) ?? "?")
      if cell.chars.1 != 0, let mark = Unicode.Scalar(cell.chars.1) { scalars.append(mark) }
      column += max(1, Int(cell.width))
    }
    var text = String(scalars)
    while text.last == " " { text.removeLast() }
    return text
  }

  package func cell(_ row: Int, _ column: Int) -> VTermScreenCell {
    var cell = VTermScreenCell()
    vterm_screen_get_cell(screen, VTermPos(row: Int32(row), col: Int32(column)), &cell)
    return cell
  }

  /// The first cell of a text on the screen.
  package func place(of text: String) -> (row: Int, column: Int)? {
    for row in 0..<size.rows {
      guard let range = self.row(row).range(of: text) else { continue }
      return (row, self.row(row)[..<range.lowerBound].unicodeScalars.count)
    }
    return nil
  }

  /// Whether the terminal is as a shell wants it: its own screen, echo, a cursor, no mouse.
  package var isRestored: Bool {
    var modes = termios()
    guard tcgetattr(master, &modes) == 0 else { return false }
    let lineMode = tcflag_t(ECHO | ICANON)
    return modes.c_lflag & lineMode == lineMode && !properties.isAlternate
      && properties.isCursorVisible && properties.mouse == 0
  }

  package var isAlternate: Bool { properties.isAlternate }
  package var hasMouse: Bool { properties.mouse != 0 }
  package var hasTitle: Bool { properties.title != "" }

  // MARK: What is done

  /// Types text, or sends the bytes of a sequence.
  package func send(_ text: String) { send(Array(text.utf8)) }

  /// Sends bytes, which need not be whole characters.
  package func send(_ bytes: [UInt8]) {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
      if written > 0 { bytes = bytes.dropFirst(written) } else { _ = pump(milliseconds: 20) }
    }
  }

  /// Presses a key that has a name, in the form that the terminal's modes ask for.
  package func press(_ key: VTermKey) {
    vterm_keyboard_key(vterm, key, VTERM_MOD_NONE)
    flushReplies()
  }

  package func resize(columns: Int, rows: Int) {
    size = (columns, rows)
    vterm_set_size(vterm, Int32(rows), Int32(columns))
    setSize()
  }

  /// Sends a signal to the program.
  package func signal(_ number: Int32) { kill(process, number) }

  /// Puts the terminal back into line mode, as another program might.
  package func loseModes() {
    var modes = termios()
    tcgetattr(master, &modes)
    modes.c_lflag |= tcflag_t(ECHO | ICANON)
    tcsetattr(master, TCSANOW, &modes)
  }

  package private(set) var isClosed = false

  /// The terminal goes away, as when its window is closed.
  package func hangUp() {
    close(master)
    isClosed = true
  }

  // MARK: Waiting

  /// Reads what the program writes until `condition` holds.
  package func wait(
    for what: String = "the screen", until condition: (VirtualTerminal) -> Bool
  ) throws {
    let end = ContinuousClock.now + Self.patience
    while !condition(self) {
      guard ContinuousClock.now < end else {
        throw TimedOut(description: "waited for \(what), and saw:\n\(text)")
      }
      _ = pump(milliseconds: 100)
    }
    // A frame may arrive in parts: take in the rest of it. A spinner is slower than this.
    while ContinuousClock.now < end, pump(milliseconds: 20) {}
  }

  /// Reads until a text is on the screen.
  package func wait(for text: String) throws {
    try wait(for: "\"\(text)\"") { $0.text.contains(text) }
  }

  /// Sends keys and reads until `condition` holds: how long that took, to the chunk of output.
  package func time(
    _ keys: String, until condition: (VirtualTerminal) -> Bool
  ) throws -> Duration {
    let start = ContinuousClock.now
    send(keys)
    while !condition(self) {
      guard ContinuousClock.now - start < Self.patience else {
        throw TimedOut(description: "waited in vain, and saw:\n\(text)")
      }
      _ = pump(milliseconds: 100)
    }
    return ContinuousClock.now - start
  }

  /// Sends a key and reads all of its answer, which is over when nothing came for a while: how long
  /// the first of it took, and how many bytes it has.
  package func answer(to key: String) throws -> (latency: Duration, bytes: Int) {
    let before = output.count
    let latency = try time(key) { $0.output.count > before }
    while pump(milliseconds: 8) {}
    return (latency, output.count - before)
  }

  /// Reads what comes for so long; how many bytes it was.
  package func listen(for duration: Duration) -> Int {
    let (before, end) = (output.count, ContinuousClock.now + duration)
    while ContinuousClock.now < end { _ = pump(milliseconds: 10) }
    return output.count - before
  }

  /// Reads to the program's end: its exit status, or minus the signal that ended it.
  package func exitStatus() throws -> Int32 {
    let end = ContinuousClock.now + Self.patience
    while status == nil {
      var result: Int32 = 0
      if waitpid(process, &result, WNOHANG) == process {
        status = result & 0x7F == 0 ? result >> 8 & 0xFF : -(result & 0x7F)
      } else if ContinuousClock.now > end {
        throw TimedOut(description: "waited for the end, and saw:\n\(text)")
      } else {
        if isClosed { usleep(2000) } else { _ = pump(milliseconds: 5) }
      }
    }
    while !isClosed, pump(milliseconds: 0) {}
    return status ?? 0
  }

  /// Takes in what there is; whether there was something.
  private func pump(milliseconds: Int32) -> Bool {
    var wait = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&wait, 1, milliseconds) > 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = read(master, &buffer, buffer.count)
    guard count > 0 else {
      // The other end is closed for now; do not spin.
      if milliseconds > 0 { poll(nil, 0, 2) }
      return false
    }
    output += buffer.prefix(count)
    buffer.withUnsafeBytes {
      _ = vterm_input_write(vterm, $0.baseAddress?.assumingMemoryBound(to: CChar.self), count)
    }
    flushReplies()
    return true
  }

  private func flushReplies() {
    var bytes = [CChar](repeating: 0, count: 256)
    let count = vterm_output_read(vterm, &bytes, bytes.count)
    if count > 0 { _ = write(master, bytes, count) }
  }
}

extension String {
  /// Where another text lies in it first.
  package func range(of other: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(other) {
        return start..<index(start, offsetBy: other.count)
      }
      start = index(after: start)
    }
    return nil
  }
}
