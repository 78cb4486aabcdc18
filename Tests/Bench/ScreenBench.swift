import Dispatch
import Glibc
import PseudoTerminal
import Synchronization
import Warehouse

/// Measures the console on a pseudo-terminal of 120 × 40, over the warehouse that a load left.
struct ScreenBench {
  let options: BenchOptions
  /// Where the warehouse lies, and the data that is loaded again meanwhile.
  let home: String
  let data: String

  private static let keys = 2000
  private static let pages = 200
  private static let starts = 20
  /// The row of the screen that holds the first row of a table.
  private static let firstRow = 3

  /// Measures everything once.
  func run() throws -> [Goal] {
    var goals = try measureStarts()
    let terminal = try start()
    goals += try measureTable(terminal)
    goals += try measureResult(terminal)
    goals += try measureIdleness(terminal)
    goals.append(
      Goal(
        "console's peak memory, MB",
        Double(ProcessFacts.peakBytes(of: terminal.process)) / 1_048_576, reach: 60))
    terminal.send("q")
    _ = try terminal.exitStatus()
    return goals + [try measureCancel()]
  }

  /// Ctrl-C on a statement without end, until the server has stopped.
  private func measureCancel() throws -> Goal {
    let terminal = try start()
    terminal.send("5")
    try terminal.wait(for: "SQL")
    terminal.send("i\u{1b}[200~SELECT count(*) FROM songplays AS a, songplays AS b\u{1b}[201~")
    try terminal.wait(for: "songplays AS b")
    var times: [Duration] = []
    for _ in 0..<5 {
      terminal.send("\u{1b}[15~")
      _ = terminal.listen(for: .seconds(1))
      times.append(try terminal.time("\u{3}") { $0.text.contains("server stopped") })
    }
    terminal.send("\u{1b}")
    _ = terminal.listen(for: .milliseconds(500))
    terminal.send("q")
    _ = try terminal.exitStatus()
    return Goal("cancel of a statement, worst, ms", times.percentile(100), reach: 120)
  }

  private func launch() throws -> VirtualTerminal {
    // What was shown last would come back otherwise.
    unlink(home + "/console.json")
    return try VirtualTerminal(
      [options.program, "--home", home, "--config", "/dev/null"], columns: 120, rows: 40)
  }

  private func start() throws -> VirtualTerminal {
    let terminal = try launch()
    try terminal.wait(for: "the connection", until: Self.isReady)
    return terminal
  }

  private static func isReady(_ terminal: VirtualTerminal) -> Bool {
    terminal.row(0).hasSuffix("● ready")
  }

  private func measureStarts() throws -> [Goal] {
    var (frames, usable, quits): ([Duration], [Duration], [Duration]) = ([], [], [])
    for _ in 0..<Self.starts {
      let start = ContinuousClock.now
      let terminal = try launch()
      _ = try terminal.time("") { !$0.row(39).isEmpty }
      frames.append(ContinuousClock.now - start)
      _ = try terminal.time("", until: Self.isReady)
      usable.append(ContinuousClock.now - start)
      let quit = ContinuousClock.now
      terminal.send("q")
      _ = try terminal.exitStatus()
      quits.append(ContinuousClock.now - quit)
    }
    return [
      Goal("exec → first frame, ms", frames.median, reach: 20),
      Goal("exec → usable, ms", usable.median, reach: 100),
      Goal("quit, ms", quits.median, reach: 20),
    ]
  }

  /// The fact's grid: keys, idle and during a load; then pages.
  private func measureTable(_ terminal: VirtualTerminal) throws -> [Goal] {
    terminal.send("3")
    try terminal.wait(for: "songplays")
    terminal.send("j")
    try terminal.wait(for: "the fact") { $0.text.contains("songplay_id") }
    _ = terminal.listen(for: .milliseconds(300))
    terminal.send("\r")
    try terminal.wait(for: "the grid") { $0.text.contains("rows 1–") }
    _ = terminal.listen(for: .milliseconds(300))
    let idle = try pressKeys(terminal)
    let pages = try turnPages(terminal)
    let held = try hold(terminal)
    let loading = try Load(program: options.program, home: home, data: data).during {
      try pressKeys(terminal)
    }
    return [
      Goal("key → change, median, ms", idle.latencies.median, reach: 2),
      Goal("key → change, p99, ms", idle.latencies.percentile(99), reach: 8),
      Goal("during a load: median, ms", loading.latencies.median, reach: 2),
      Goal("during a load: p99, ms", loading.latencies.percentile(99), reach: 8),
      Goal("bytes a Down", idle.bytes, reach: 500),
      held,
    ] + pages
  }

  private func pressKeys(
    _ terminal: VirtualTerminal
  ) throws -> (latencies: [Duration], bytes: Double) {
    var (latencies, bytes): ([Duration], [Double]) = ([], [])
    for number in 0..<Self.keys {
      let answer = try terminal.answer(to: number.isMultiple(of: 2) ? "j" : "k")
      latencies.append(answer.latency)
      bytes.append(Double(answer.bytes))
    }
    return (latencies, bytes.median)
  }

  /// A key that repeats 200 times a second: what is still to be drawn when it is let go.
  private func hold(_ terminal: VirtualTerminal) throws -> Goal {
    for _ in 0..<400 {
      terminal.send("j")
      _ = terminal.listen(for: .milliseconds(5))
    }
    let released = ContinuousClock.now
    var last = released
    while ContinuousClock.now - released < .milliseconds(500) {
      if terminal.listen(for: .milliseconds(1)) > 0 { last = .now }
    }
    return Goal("drained after 200 keys a second, ms", [last - released].median, reach: 30)
  }

  private func turnPages(_ terminal: VirtualTerminal) throws -> [Goal] {
    let (next, previous) = ("\u{1b}[6~", "\u{1b}[5~")
    let (times, bytes) = try turn(terminal, next)
    let (back, _) = try turn(terminal, previous)
    var jumps: [Duration] = []
    for target in ["G", "g", "%50%\r", "%90%\r", "%10%\r", "G", "g"] {
      let before = terminal.row(Self.firstRow)
      jumps.append(try terminal.time(target) { $0.row(Self.firstRow) != before })
      _ = terminal.listen(for: .milliseconds(100))
    }
    return [
      Goal("bytes a page", bytes.median, reach: 6000),
      Goal("next page of the fact, worst, ms", times.percentile(100), reach: 50),
      Goal("page before, worst, ms", back.percentile(100), reach: 50),
      Goal("first, last, share, worst, ms", jumps.percentile(100), reach: 50),
    ]
  }

  private func turn(
    _ terminal: VirtualTerminal, _ key: String
  ) throws -> (times: [Duration], bytes: [Double]) {
    var (times, bytes): ([Duration], [Double]) = ([], [])
    for _ in 0..<Self.pages {
      let (before, written) = (terminal.row(Self.firstRow), terminal.output.count)
      times.append(try terminal.time(key) { $0.row(Self.firstRow) != before })
      _ = terminal.listen(for: .milliseconds(20))
      bytes.append(Double(terminal.output.count - written))
    }
    return (times, bytes)
  }

  /// A result of a million rows, or of all plays where there are fewer.
  private func measureResult(_ terminal: VirtualTerminal) throws -> [Goal] {
    terminal.send("5")
    try terminal.wait(for: "SQL")
    terminal.send("i\u{1b}[200~SELECT * FROM songplays LIMIT 1000000\u{1b}[201~")
    try terminal.wait(for: "LIMIT 1000000")
    let first = try terminal.time("\u{1b}[15~") { $0.text.contains("rows 1–") }
    terminal.send("\u{1b}")
    _ = terminal.listen(for: .milliseconds(500))
    let peak = Double(ProcessFacts.peakBytes(of: terminal.process)) / 1_048_576
    return [
      Goal("first row of a million, ms", [first].median, reach: 60),
      Goal("peak memory with that result, MB", peak, reach: 60),
    ]
  }

  private func measureIdleness(_ terminal: VirtualTerminal) throws -> [Goal] {
    terminal.send("2")
    _ = terminal.listen(for: .seconds(1))
    let before = ProcessFacts.cpu(of: terminal.process)?.own ?? 0
    let bytes = terminal.listen(for: .seconds(3))
    let cpu = (ProcessFacts.cpu(of: terminal.process)?.own ?? 0) - before
    return [
      Goal("bytes in 3 s of idleness", Double(bytes), reach: 0),
      Goal("CPU of idleness, %", cpu / 3 * 100, reach: 0.5),
    ]
  }
}

/// Loads that keep the machine busy, one after the other.
private struct Load {
  let program: String
  let home: String
  let data: String

  /// Does `body` while loads run, and waits for the last of them.
  func during<Value>(_ body: () throws -> Value) throws -> Value {
    let isOver = Flag()
    let begun = DispatchSemaphore(value: 0)
    let ended = DispatchSemaphore(value: 0)
    DispatchQueue(label: "bench.load").async {
      repeat {
        _ = try? Child.run([
          program, "run", "--json", "--home", home, "--config", "/dev/null",
          "--set", "S3.LOG_DATA=\(data)/log_data", "--set", "S3.SONG_DATA=\(data)/song_data",
        ]) { _, line in if line.contains("stage-events") { begun.signal() } }
        // A load that could not begin must not keep anybody waiting.
        begun.signal()
      } while !isOver.isRaised.load(ordering: .acquiring)
      ended.signal()
    }
    begun.wait()
    defer {
      isOver.isRaised.store(true, ordering: .releasing)
      ended.wait()
    }
    return try body()
  }
}

private final class Flag: Sendable {
  let isRaised = Atomic(false)
}
