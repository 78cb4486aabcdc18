/// A bracketed paste that is coming in: nothing of it is a key, however slowly it comes.
///
/// It ends with the terminal's end mark. Where that never comes, what is here is handed over after
/// a silence, and Esc or Ctrl-C, pressed after a pause, ends it.
struct BracketedPaste: Equatable {
  typealias Instant = ContinuousClock.Instant

  /// What came of it.
  enum Event: Equatable {
    /// Text to be taken in; more may follow.
    case text(String)
    /// It is over, with this text behind what was handed over before.
    case ended(String)
  }

  /// `ESC [ 201 ~`
  private static let mark: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]
  private static let escape: UInt8 = 0x1B
  private static let interrupt: UInt8 = 0x03
  /// After such a silence, what is here is handed over.
  static let patience = Duration.seconds(2)
  /// A person presses a key after such a pause; a terminal on a slow line seldom makes one.
  static let pause = Duration.seconds(1)
  /// The rest of a mark comes sooner than this behind its Escape.
  static let markPatience = Duration.milliseconds(300)

  private var bytes: [UInt8] = []
  /// How many of the last bytes are the beginning of the mark.
  private var matched = 0
  private var lastAt: Instant
  /// Whether the last byte is an Escape that came alone, after a pause.
  private var mayBeEscape = false

  /// One that begins now.
  init(at moment: Instant) { lastAt = moment }

  /// How many bytes may be read: never one that is behind the mark, which is a key again.
  var wanted: Int { Self.mark.count - matched }

  /// How long until something is due though no byte comes; nil when nothing waits.
  func timeLeft(at moment: Instant) -> Duration? {
    let silence = lastAt.duration(to: moment)
    if mayBeEscape { return max(.zero, Self.markPatience - silence) }
    return deliverable > 0 ? max(.zero, Self.patience - silence) : nil
  }

  /// Takes bytes, at most `wanted` of them.
  ///
  /// - Parameter isAlone: whether no other byte came with them.
  mutating func take(_ new: [UInt8], isAlone: Bool, at moment: Instant) -> Event? {
    let silence = lastAt.duration(to: moment)
    lastAt = moment
    mayBeEscape = false
    if isAlone, new.count == 1, silence >= Self.pause {
      if new == [Self.interrupt] { return .ended(rest()) }
      mayBeEscape = new == [Self.escape]
    }
    for byte in new {
      bytes.append(byte)
      matched = byte == Self.mark[matched] ? matched + 1 : byte == Self.escape ? 1 : 0
      if matched == Self.mark.count { return .ended(rest()) }
    }
    return nil
  }

  /// What is due when no byte comes.
  mutating func wait(until moment: Instant) -> Event? {
    guard timeLeft(at: moment) == .zero else { return nil }
    if mayBeEscape { return .ended(rest()) }
    let text = Self.text(bytes.prefix(deliverable))
    bytes.removeFirst(deliverable)
    return .text(text)
  }

  /// All that is here but the mark, or its beginning.
  private func rest() -> String { Self.text(bytes.dropLast(matched)) }

  /// How many bytes are whole characters, and no beginning of the mark.
  private var deliverable: Int {
    let end = bytes.count - matched
    // The last character's first byte is one of the last four, and says how long it is.
    for length in 1...4 where length <= end {
      let byte = bytes[end - length]
      if byte & 0xC0 == 0x80 { continue }
      let whole = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
      return whole > length ? end - length : end
    }
    return end
  }

  /// Terminals send a line's end as Enter would.
  private static func text(_ bytes: some Collection<UInt8>) -> String {
    var lines: [UInt8] = []
    lines.reserveCapacity(bytes.count)
    var isBehindReturn = false
    for byte in bytes {
      if byte != 0x0A || !isBehindReturn { lines.append(byte == 0x0D ? 0x0A : byte) }
      isBehindReturn = byte == 0x0D
    }
    return String(decoding: lines, as: UTF8.self)
  }
}
