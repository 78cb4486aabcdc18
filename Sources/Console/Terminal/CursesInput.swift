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
struct CursesInput {
  /// The next one; nil when none waits.
  mutating func next() -> Input? {
    while let read = readOne() {
      if let input = input(from: read) { return input }
    }
    return nil
  }

  private enum Read {
    case character(Unicode.Scalar)
    case code(Int32)
  }

  private func readOne() -> Read? {
    var value = wint_t()
    switch wget_wch(ncurses_screen(), &value) {
    case OK: return Unicode.Scalar(UInt32(value)).map { .character($0) } ?? .code(0)
    case KEY_CODE_YES: return .code(Int32(bitPattern: UInt32(value)))
    default: return nil
    }
  }

  private func input(from read: Read) -> Input? {
    switch read {
    case .character(let scalar): return .key(key(of: scalar))
    case .code(OwnKey.mouse): return mouse()
    case .code(OwnKey.pasteStart): return .paste(paste())
    case .code(let code): return key(ofCode: code).map { .key($0) }
    }
  }

  private func key(of scalar: Unicode.Scalar) -> Key {
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

  /// Alt and a letter come as Escape and the letter, at once; Escape alone comes alone.
  private func escapeOrAlt() -> Key {
    guard case .character(let next)? = readOne() else { return .escape }
    if next.value == 27 { return .escape }
    var key = key(of: next)
    key.modifiers.insert(.alt)
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

  /// `ESC [ < button ; column ; row M`, or `m` when the button is let go.
  private func mouse() -> Input? {
    var numbers = [0]
    while let character = waitedCharacter() {
      switch character {
      case ";": numbers.append(0)
      case "0"..."9":
        guard let digit = character.properties.numericValue, numbers[numbers.count - 1] < 100_000
        else { return nil }
        numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + Int(digit)
      case "M": return pointer(numbers)
      default: return nil
      }
    }
    return nil
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

  /// All up to the closing bracket. A terminal that never closes it ends it by half a second of
  /// silence.
  private func paste() -> String {
    var text = String.UnicodeScalarView()
    while let read = waited(milliseconds: 500) {
      switch read {
      case .character("\r"): text.append("\n")
      case .character(let scalar): text.append(scalar)
      case .code(OwnKey.pasteEnd): return String(text)
      case .code: continue
      }
    }
    return String(text)
  }

  private func waitedCharacter() -> Unicode.Scalar? {
    guard case .character(let scalar)? = waited(milliseconds: 50) else { return nil }
    return scalar
  }

  private func waited(milliseconds: Int32) -> Read? {
    if let read = readOne() { return read }
    var wait = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&wait, 1, milliseconds) > 0 else { return nil }
    return readOne()
  }
}
