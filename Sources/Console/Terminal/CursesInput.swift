import CNcurses
import Glibc

/// Keys that ncurses has no number for get one of ours: above its own, which begin at 256, and
/// within the 16 bits that it keeps of a number.
private enum OwnKey {
  static let first: Int32 = 0x4000
  static let mouse = first
  static let pasteStart = first + 1
  static let pasteEnd = first + 2
  /// Keys with modifiers follow: the key's place in `movable` times 8, plus the modifiers.
  static let modified = first + 16
  /// xterm's final byte for each key that can be told with modifiers.
  static let movable: [(code: Key.Code, final: String)] = [
    (.up, "A"), (.down, "B"), (.right, "C"), (.left, "D"), (.home, "H"), (.end, "F"),
  ]
}

/// Tells ncurses the sequences that its terminal descriptions lack or hide.
func defineKeys() {
  define_key("\u{1B}[<", OwnKey.mouse)
  define_key("\u{1B}[200~", OwnKey.pasteStart)
  define_key("\u{1B}[201~", OwnKey.pasteEnd)
  // A terminal that ignores the keypad's application mode sends the plain form.
  for (final, code) in [
    ("A", KEY_UP), ("B", KEY_DOWN), ("C", KEY_RIGHT), ("D", KEY_LEFT), ("H", KEY_HOME),
    ("F", KEY_END),
  ] {
    define_key("\u{1B}[\(final)", code)
    define_key("\u{1B}O\(final)", code)
  }
  define_key("\u{1B}[1~", KEY_HOME)
  define_key("\u{1B}[4~", KEY_END)
  define_key("\u{1B}[Z", KEY_BTAB)
  for (place, key) in OwnKey.movable.enumerated() {
    for modifiers in 1..<8 {
      // xterm counts modifiers from 1: shift 1, alt 2, control 4.
      define_key(
        "\u{1B}[1;\(modifiers + 1)\(key.final)", OwnKey.modified + Int32(place * 8 + modifiers))
    }
  }
}

/// Turns what ncurses reads into keys, clicks and pastes.
///
/// Nothing in it waits: what has come in part, a character, a sequence or a paste, is kept until the
/// rest is there.
struct CursesInput {
  /// The bytes of a character that is not whole yet, as the C library keeps them.
  private var partial = mbstate_t()
  /// What came of a control sequence behind `ESC [`, and when it began; nil when none is open.
  private var sequence: (text: String, since: ContinuousClock.Instant)?
  /// The paste that is coming in.
  private var paste: BracketedPaste?

  /// The next one; nil when none waits, or has come in part only.
  mutating func next() -> Input? {
    while true {
      if paste != nil {
        guard let event = pasted() else { return nil }
        if let input = input(from: event) { return input }
        continue
      }
      guard let read = readOne() else { return nil }
      if let input = input(from: read) { return input }
    }
  }

  /// How long until `next` has something though nothing is typed; nil when only input can bring it.
  var timeLeft: Duration? { paste?.timeLeft(at: .now) }

  private enum Read {
    case character(Unicode.Scalar)
    case code(Int32)
  }

  /// The next character or key. ncurses' own reading of wide characters loses one that comes in
  /// parts, so that it is asked for bytes.
  private mutating func readOne() -> Read? {
    while true {
      let value = wgetch(ncurses_screen())
      guard value >= 0 else { return nil }
      if value > 0xFF { return .code(value) }
      if let scalar = character(behind: UInt8(truncatingIfNeeded: value)) {
        return .character(scalar)
      }
    }
  }

  /// The character that a byte completes.
  private mutating func character(behind byte: UInt8) -> Unicode.Scalar? {
    var byte = CChar(bitPattern: byte)
    var wide = wchar_t()
    var status = mbrtowc(&wide, &byte, 1, &partial)
    if status == -1 {
      // It does not go on with what came before, but may begin another one.
      partial = mbstate_t()
      status = mbrtowc(&wide, &byte, 1, &partial)
      if status == -1 { partial = mbstate_t() }
    }
    return status < 0 ? nil : Unicode.Scalar(UInt32(bitPattern: wide))
  }

  private mutating func input(from read: Read) -> Input? {
    if let open = sequence {
      sequence = nil
      if case .character(let scalar) = read, open.since.duration(to: .now) < .seconds(1),
        (0x20...0x7E).contains(scalar.value)
      {
        return take(scalar, in: open)
      }
    }
    switch read {
    case .character(let scalar): return key(of: scalar).map { .key($0) }
    case .code(OwnKey.mouse):
      sequence = ("<", .now)
      return nil
    case .code(OwnKey.pasteStart):
      paste = BracketedPaste(at: .now)
      return nil
    case .code(let code): return key(ofCode: code).map { .key($0) }
    }
  }

  // MARK: Sequences

  /// ECMA-48, 5.4: parameters, then one final byte. What means nothing here is passed over: the
  /// rest of a sequence is never keys.
  private mutating func take(
    _ scalar: Unicode.Scalar, in open: (text: String, since: ContinuousClock.Instant)
  ) -> Input? {
    let text = open.text + String(scalar)
    guard scalar.value >= 0x40 else {
      if text.utf8.count < 32 { sequence = (text, open.since) }
      return nil
    }
    if text == "200~" { paste = BracketedPaste(at: .now) }
    return text.hasPrefix("<") ? mouse(text) : nil
  }

  /// nil for what begins a sequence.
  private mutating func key(of scalar: Unicode.Scalar) -> Key? {
    switch scalar.value {
    case 27: return escapeOrAlt()
    case 9: return .tab
    case 13: return .enter
    // The terminal is told to leave Enter as it is (`nonl`), so that a line feed is Ctrl-J.
    case 10: return .control("j")
    case 8, 127: return .backspace
    case 0: return .control(" ")
    case 1...26: return .control(Character(Unicode.Scalar(UInt8(scalar.value + 96))))
    case 31: return .control("_")
    default: return .character(Character(scalar))
    }
  }

  /// Alt and a letter come as Escape and the letter, at once; Escape alone comes alone. ncurses
  /// gives a sequence in single bytes when its rest is late.
  private mutating func escapeOrAlt() -> Key? {
    guard case .character(let next)? = readOne() else { return .escape }
    if next.value == 27 { return .escape }
    if next == "[" {
      sequence = ("", .now)
      return nil
    }
    var key = key(of: next)
    key?.modifiers.insert(.alt)
    return key
  }

  private func key(ofCode code: Int32) -> Key? {
    switch code {
    case KEY_UP: return .up
    case KEY_DOWN: return .down
    case KEY_LEFT: return .left
    case KEY_RIGHT: return .right
    case KEY_HOME: return .home
    case KEY_END: return .end
    case KEY_PPAGE: return .pageUp
    case KEY_NPAGE: return .pageDown
    case KEY_ENTER: return .enter
    case KEY_BACKSPACE: return .backspace
    case KEY_DC: return .delete
    case KEY_IC: return Key(code: .insert)
    case KEY_BTAB: return .backTab
    case KEY_SR: return .shift(.up)
    case KEY_SF: return .shift(.down)
    case KEY_SLEFT: return .shift(.left)
    case KEY_SRIGHT: return .shift(.right)
    case KEY_F0 + 1...KEY_F0 + 12: return Key(code: .function(Int(code - KEY_F0)))
    default: return modified(code)
    }
  }

  private func modified(_ code: Int32) -> Key? {
    let place = Int(code) - Int(OwnKey.modified)
    guard place >= 0, place / 8 < OwnKey.movable.count else { return nil }
    return Key(
      code: OwnKey.movable[place / 8].code, modifiers: Key.Modifiers(rawValue: UInt8(place % 8)))
  }

  /// `< button ; column ; row M`, or `m` when the button is let go.
  private func mouse(_ text: String) -> Input? {
    guard text.hasSuffix("M") else { return nil }
    let parts = text.dropFirst().dropLast().split(
      separator: ";", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }.filter { (0..<1_000_000).contains($0) }
    return numbers.count == parts.count ? pointer(numbers) : nil
  }

  private func pointer(_ numbers: [Int]) -> Input? {
    guard numbers.count == 3 else { return nil }
    let kind: Pointer.Kind
    switch numbers[0] & ~0x1C {  // without shift, alt and control
    case 0: kind = .press
    case 64: kind = .wheelUp
    case 65: kind = .wheelDown
    default: return nil
    }
    return .pointer(Pointer(kind: kind, row: numbers[2] - 1, column: numbers[1] - 1))
  }

  // MARK: Pastes

  private mutating func input(from event: BracketedPaste.Event) -> Input? {
    switch event {
    case .text(let text): return .paste(text)
    case .ended(let text):
      paste = nil
      return text.isEmpty ? nil : .paste(text)
    }
  }

  /// What comes of the paste with the bytes that are here. They are read past ncurses, which has
  /// none of them yet: it reads byte by byte, and only to the end of a key.
  private mutating func pasted() -> BracketedPaste.Event? {
    var waiting: Int32 = 0
    guard ioctl(STDIN_FILENO, UInt(FIONREAD), &waiting) == 0 else { return nil }
    let isAlone = waiting == 1
    while waiting > 0, let wanted = paste?.wanted {
      var bytes = [UInt8](repeating: 0, count: min(wanted, Int(waiting)))
      let count = read(STDIN_FILENO, &bytes, bytes.count)
      guard count > 0 else { return nil }
      waiting -= Int32(count)
      let event = paste?.take(Array(bytes.prefix(count)), isAlone: isAlone, at: .now)
      if let event { return event }
    }
    return paste?.wait(until: .now)
  }
}
