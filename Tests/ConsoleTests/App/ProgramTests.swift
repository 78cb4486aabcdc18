import Glibc
import Testing
import Warehouse

@testable import Console
@testable import ConsoleFixture

/// A terminal that types what a test says and keeps the frames that it is shown.
struct ScriptedTerminal: Terminal, ~Copyable {
  /// What happened at it.
  final class Log: Sendable {
    let frames = Locked<[Frame]>([])
    let done = Locked<[String]>([])
  }

  var size = Size(columns: 60, rows: 15)
  let glyphs = GlyphSet.unicode
  var theme = Theme.dark
  let log: Log
  /// Input for each time that the program asks, the first first.
  var rounds: [[Input]]
  var signals: [Signal] = []
  /// What happens each time that the program looks for signals.
  var eachRound: () -> Void = {}

  /// Always readable, so that the program never sleeps.
  let descriptors: [Int32] = [open("/dev/zero", O_RDONLY | O_CLOEXEC)]

  mutating func nextInput() -> Input? {
    guard !rounds.isEmpty else { return nil }
    guard !rounds[0].isEmpty else {
      rounds.removeFirst()
      return nil
    }
    return rounds[0].removeFirst()
  }

  var inputTimeLeft: Duration? { nil }

  mutating func takeSignals() -> [Signal] {
    eachRound()
    defer { signals = [] }
    return signals.isEmpty && rounds.isEmpty ? [.ended(0)] : signals
  }

  mutating func show(_ frame: Frame) { log.frames.withLock { $0.append(frame) } }
  mutating func repaint() { note("repaint") }
  mutating func resize() { size = Size(columns: 50, rows: 12) }
  mutating func takeBack() { note("take back") }
  mutating func suspend(wholeGroup: Bool) { note("suspend \(wholeGroup)") }
  mutating func lend<Value>(to child: (_ stop: () -> Void) -> Value) -> Value { child {} }
  mutating func copy(_ text: String) { note("copy") }
  private func note(_ what: String) { log.done.withLock { $0.append(what) } }
}

@Suite("The loop")
struct ProgramTests {
  private func run(
    _ rounds: [[Input]], signals: [Signal] = []
  ) -> (status: Int32, frames: [Frame], done: [String]) {
    let log = ScriptedTerminal.Log()
    let terminal = ScriptedTerminal(log: log, rounds: rounds, signals: signals)
    let status = Program(terminal: terminal, service: ScriptedService(), now: { .now }).run()
    return (status, log.frames.withLock { $0 }, log.done.withLock { $0 })
  }

  @Test("takes all keys that wait, then draws once")
  func drawsOnce() {
    let (status, frames, _) = run([[.key("?"), .key(.escape), .key("7"), .key(":"), .key("x")]])
    #expect(status == 0)
    #expect(frames.count == 2)
    #expect(frames[1].text.contains(": x"))
  }

  @Test("draws thirty times a second at most, whatever is reported, and a key at once")
  func pace() {
    let service = ScriptedService()
    let clock = Locked(ContinuousClock.now)
    let log = ScriptedTerminal.Log()
    // A thousand rounds of a millisecond, each with a message; frames before and after a key.
    var rounds = [[Input]](repeating: [], count: 1000)
    rounds[500] = [.key("?")]
    var framesAt: [Int] = []
    let terminal = ScriptedTerminal(log: log, rounds: rounds) {
      framesAt.append(log.frames.withLock { $0.count })
      clock.withLock { $0 += .milliseconds(1) }
      service.tell("SELECT 1", rows: 1, milliseconds: 1)
    }
    let status = Program(
      terminal: terminal, service: service, now: { clock.withLock { $0 } }
    ).run()
    #expect(status == 0)
    #expect((25...32).contains(framesAt[999]), "\(framesAt[999])")
    #expect(framesAt[501] == framesAt[500] + 1, "the key's frame")
    let inAnyTenth = (0..<900).map { framesAt[$0 + 99] - framesAt[$0] }.max() ?? 0
    #expect(inAnyTenth <= 4, "three, and the key's")
  }

  @Test("the first frame comes before anything is asked")
  func firstFrame() {
    let frames = run([]).frames
    #expect(frames.first?.text.contains("Pipeline") == true)
  }

  @Test("ends with the status of the signal that ended it")
  func signals() {
    #expect(run([], signals: [.ended(143)]).status == 143)
  }

  @Test("takes the new size, suspends, repaints and comes back")
  func terminalEvents() {
    let (_, frames, done) = run(
      [[.key(.control("z")), .key(.control("l"))], []], signals: [.resized, .continued])
    #expect(done == ["take back", "suspend true", "repaint"])
    #expect(frames.last?.size == Size(columns: 50, rows: 12))
  }

  @Test("a click goes to what the frame shows there")
  func pointer() {
    let click = Input.pointer(Pointer(kind: .press, row: 0, column: 40))
    let frames = run([[click]]).frames
    #expect(frames.last?.text.contains("Started (UTC)") == true)
  }
}

@Suite("The mailbox")
struct MailboxTests {
  @Test("hands on what was posted, in order, and sleeps no longer than it must")
  func posting() {
    let mailbox = Mailbox<Int>()
    for number in 0..<1000 { mailbox.post(number) }
    #expect(mailbox.wait(for: [], timeout: nil).items == Array(0..<1000))
    #expect(mailbox.wait(for: [], timeout: .zero).items.isEmpty)
    mailbox.post(7)
    #expect(mailbox.wait(for: [], timeout: nil).items == [7])
  }

  @Test("loses nothing that several tasks post")
  func concurrentPosting() async {
    let mailbox = Mailbox<Int>()
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<100 { group.addTask { mailbox.post(number) } }
    }
    var items: [Int] = []
    while items.count < 100 { items += mailbox.wait(for: [], timeout: nil).items }
    #expect(Set(items).count == 100)
  }

  @Test("tells a descriptor whose other end is closed")
  func hangingUp() {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    close(ends[1])
    let wake = Mailbox<Int>().wait(for: [ends[0]], timeout: nil)
    #expect(wake.isHungUp && wake.readable == [ends[0]])
    close(ends[0])
  }
}
