import Glibc

/// Modes of the terminal that ncurses does not know: mouse, paste, updates in one piece, clipboard.
struct TerminalModes: Sendable {
  /// Whether the terminal has only what a VT100 had: ASCII, no mouse, no paste.
  let isPlain: Bool
  /// Whether it cannot show a screen at all.
  let isUnusable: Bool
  private let hasMouse: Bool

  /// The modes for a value of `TERM`.
  init(terminal: String, hasMouse: Bool) {
    self.hasMouse = hasMouse
    isPlain = ["vt", "ansi", "dumb"].contains { terminal.hasPrefix($0) }
    isUnusable = terminal.isEmpty || terminal == "dumb"
  }

  /// Takes back all that was switched on, ncurses' part too: for a crash, when nothing else runs.
  ///
  /// xterm's control sequences: mouse off, paste off, no update held back, attributes off,
  /// keypad back, cursor shown, the ordinary screen.
  var undo: String {
    let own = isPlain ? "" : "\u{1B}[?2026l\u{1B}[?1006l\u{1B}[?1000l\u{1B}[?2004l"
    return own + "\u{1B}[0m\u{1B}[?1l\u{1B}>"
      + (isPlain ? "\u{1B}[H\u{1B}[J" : "\u{1B}[?25h\u{1B}[?1049l")
  }

  /// Clicks and the wheel in SGR form, and pastes in brackets.
  func enter() {
    if !isPlain { send((hasMouse ? "\u{1B}[?1000h\u{1B}[?1006h" : "") + "\u{1B}[?2004h") }
  }

  /// What `enter` switched on goes off.
  func leave() {
    if !isPlain { send("\u{1B}[?1006l\u{1B}[?1000l\u{1B}[?2004l") }
  }

  /// Holds the picture until `endUpdate`, where the terminal can (mode 2026); others ignore it.
  func beginUpdate() { if !isPlain { send("\u{1B}[?2026h") } }
  /// Shows what came since `beginUpdate`.
  func endUpdate() { if !isPlain { send("\u{1B}[?2026l") } }

  /// Puts text on the clipboard.
  func copy(_ text: String) {
    if !isPlain { send("\u{1B}]52;c;" + base64(Array(text.utf8)) + "\u{7}") }
  }

  /// ncurses has written all that it had, so that the order is right.
  private func send(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }
}

/// RFC 4648, section 4.
func base64(_ bytes: [UInt8]) -> String {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var text: [UInt8] = []
  text.reserveCapacity((bytes.count + 2) / 3 * 4)
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    var bits = group.reduce(0) { $0 << 8 | Int($1) }
    bits <<= 8 * (3 - group.count)
    for place in 0..<4 {
      let isPadding = place > group.count
      text.append(isPadding ? UInt8(ascii: "=") : alphabet[bits >> (18 - 6 * place) & 63])
    }
  }
  return String(decoding: text, as: UTF8.self)
}
