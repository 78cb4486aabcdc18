import Testing

@testable import Console

/// A paste as its bytes come, with silences between them.
@Suite struct BracketedPasteTests {
  private static let end = "\u{1B}[201~"
  private let start = ContinuousClock.now
  private var paste: BracketedPaste
  private var moment: ContinuousClock.Instant

  init() {
    moment = start
    paste = BracketedPaste(at: start)
  }

  /// Lets bytes come after a silence: what came of the paste, and the bytes that it did not take.
  private mutating func come(
    _ bytes: some Sequence<UInt8>, after silence: Duration = .zero
  ) -> (event: BracketedPaste.Event?, rest: [UInt8]) {
    moment += silence
    var rest = Array(bytes)[...]
    let isAlone = rest.count == 1
    while !rest.isEmpty {
      let taken = Array(rest.prefix(paste.wanted))
      rest = rest.dropFirst(taken.count)
      if let event = paste.take(taken, isAlone: isAlone, at: moment) { return (event, Array(rest)) }
    }
    return (nil, [])
  }

  @Test mutating func `Its text is whole, and what is behind its end is left for the keys`() {
    let answer = come("select 1;\rselect '日本';\u{1B}[201~q7".utf8)
    #expect(answer.event == .ended("select 1;\nselect '日本';"))
    #expect(answer.rest == Array("q7".utf8))
  }

  @Test mutating func `A silence does not end it, within a character or the end mark either`() {
    #expect(come("select 1;\nselect '".utf8 + [0xE6], after: .milliseconds(700)).event == nil)
    #expect(come([0x97, 0xA5] + "'\u{1B}[20".utf8, after: .milliseconds(900)).event == nil)
    #expect(
      come("1~".utf8, after: .milliseconds(900)).event == .ended("select 1;\nselect '日'"))
  }

  @Test mutating func `What looks like the end mark and is none is text`() {
    let text = "a\u{1B}[20\u{1B}\u{1B}[2b"
    #expect(come((text + Self.end).utf8).event == .ended(text))
  }

  @Test mutating func `After a long silence its whole characters are handed over, and it goes on`()
  {
    #expect(come("ab".utf8 + [0xE6, 0x97]).event == nil)
    #expect(paste.timeLeft(at: moment) == BracketedPaste.patience)
    #expect(paste.wait(until: moment + .seconds(1)) == nil)
    #expect(paste.wait(until: moment + .seconds(2)) == .text("ab"))
    #expect(paste.timeLeft(at: moment + .seconds(2)) == nil)
    #expect(come([0xA5, 10], after: .seconds(9)).event == nil)
    #expect(come(Self.end.utf8).event == .ended("日\n"))
  }

  @Test mutating func `Esc or Ctrl-C, alone and after a pause, ends one that has no end`() {
    #expect(come("q\n".utf8).event == nil)
    var other = self
    #expect(other.come([3], after: .seconds(3)).event == .ended("q\n"))
    #expect(come([27], after: .seconds(3)).event == nil)
    #expect(paste.timeLeft(at: moment) == BracketedPaste.markPatience)
    #expect(paste.wait(until: moment + .seconds(1)) == .ended("q\n"))
    // At once, or with more behind it, it is a part of the text or of the mark.
    #expect(come([3]).event == nil)
    #expect(come(Self.end.utf8, after: .seconds(3)).event == .ended("q\n\u{1B}\u{3}"))
  }
}
