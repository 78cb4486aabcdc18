import Glibc
import Synchronization
import Warehouse

/// Where a command writes: data to standard output, talk to standard error.
///
/// Whoever reads may go away: the command then ends like a cancelled one, without a word. When
/// writing fails for another reason, a full disk, it ends as well, and says so.
final class Output: Sendable {
  /// Whether standard output is a terminal: data is then cleaned before it is written.
  let isTerminal: Bool
  /// Whether standard error is a terminal.
  let talksToTerminal: Bool
  /// Whether a line of it can be written over, as progress is: not where `TERM` is `dumb` or unset.
  let canWriteOver: Bool
  /// The characters that the locale has.
  let glyphs = GlyphSet.ofLocale
  private let buffer = Mutex<[UInt8]>([])
  private let isClosed = Atomic<Bool>(false)
  private let error = Mutex<WarehouseError?>(nil)

  init() {
    isTerminal = isatty(STDOUT_FILENO) == 1
    talksToTerminal = isatty(STDERR_FILENO) == 1
    let modes = TerminalModes(terminal: String(environment: "TERM") ?? "", hasMouse: false)
    canWriteOver = talksToTerminal && !modes.isUnusable
  }

  /// Whether nothing more can be written to standard output: its reader went away, or `failure`.
  var isBroken: Bool { isClosed.load(ordering: .relaxed) }

  /// Why writing to standard output failed; nil also when its reader went away.
  var failure: WarehouseError? { error.withLock { $0 } }

  /// Writes data. Blocks while the reader is slow.
  func write(_ text: String) {
    let full = buffer.withLock { buffer -> [UInt8]? in
      buffer.append(contentsOf: text.utf8)
      guard buffer.count >= 64 << 10 else { return nil }
      defer { buffer = [] }
      return buffer
    }
    if let full { send(full, to: STDOUT_FILENO) }
  }

  /// Writes help, and ends.
  func help(_ text: String) -> ExitStatus {
    write(CommandHelp.text(text, glyphs))
    return finish()
  }

  /// Writes a line of data.
  func line(_ text: String = "") { write(text + "\n") }

  /// Writes what waits in the buffer.
  func flush() {
    let rest = buffer.withLock { buffer in
      defer { buffer = [] }
      return buffer
    }
    send(rest, to: STDOUT_FILENO)
  }

  /// Writes what waits in the buffer, and ends: `.failed`, and why, when that did not work.
  func finish() -> ExitStatus {
    flush()
    return failure.map(report) ?? .done
  }

  /// Says what went wrong, on standard error, and gives the status for it.
  func report(_ error: WarehouseError) -> ExitStatus {
    talk("sparkify: \(error.description)")
    return ExitStatus(error)
  }

  /// Writes a line to standard error, cleaned.
  func talk(_ text: String) {
    flush()
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let clean = lines.map { CellText(String($0), glyphs: glyphs).plainText }
      .joined(separator: "\n")
    send(Array((clean + "\n").utf8), to: STDERR_FILENO)
  }

  /// Writes control sequences of our own to standard error.
  func control(_ text: String) { send(Array(text.utf8), to: STDERR_FILENO) }

  /// The columns of the terminal behind standard error, as it is now; 80 when it does not say.
  var talkColumns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Text as it may go to a terminal: what could act on it is made visible.
  static func clean(_ text: String) -> String { CellText(text).plainText }

  /// Text of data for standard output: cleaned for a terminal, unchanged for a file or a pipe.
  func data(_ text: String) -> String { isTerminal ? Output.clean(text) : text }

  /// A line of ours for standard output: in the characters of the locale, and as `data`.
  func words(_ text: String) -> String {
    glyphs == .ascii ? CellText(text, glyphs: .ascii).plainText : data(text)
  }

  private func send(_ bytes: [UInt8], to descriptor: Int32) {
    guard !bytes.isEmpty, !(descriptor == STDOUT_FILENO && isBroken) else { return }
    do throws(WarehouseError) {
      try FileSystem.write(bytes, to: descriptor, naming: "the output")
    } catch {
      guard descriptor == STDOUT_FILENO else { return }
      isClosed.store(true, ordering: .relaxed)
      if error.detail != String(cString: strerror(EPIPE)) { self.error.withLock { $0 = error } }
    }
  }
}
