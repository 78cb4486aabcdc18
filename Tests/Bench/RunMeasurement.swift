import Glibc
import Warehouse

/// One `sparkify run`, measured from outside.
struct RunMeasurement {
  /// What a stage took, or all that ran at the same time as others.
  struct Part {
    var name: String
    var seconds = 0.0
    var rows: Int?
    /// CPU seconds of program and server; nil for a stage that shared its time with another.
    var programCPU: Double?
    var serverCPU: Double?
    /// The most memory that was resident in the program, and the server's own, meanwhile.
    var programPeak: Int?
    var serverPeak: Int?
  }

  var parts: [Part] = []
  var seconds = 0.0
  var programCPU = 0.0
  var serverCPU = 0.0
  var programPeak = 0
  var serverPeak = 0

  var cpu: Double { programCPU + serverCPU }

  func seconds(of stage: StageID) -> Double {
    parts.first { $0.name == stage.rawValue }?.seconds ?? 0
  }

  /// Loads what lies in `data` into the warehouse of `home`.
  static func take(
    program: String, home: String, data: String, server: ServerWatch
  ) throws(WarehouseError) -> RunMeasurement {
    var attribution = Attribution(server: server)
    _ = server.takePeak()
    let serverBefore = server.cpuSeconds
    let start = ContinuousClock.now
    let outcome = try Child.run([
      program, "run", "--json", "--home", home, "--set", "S3.LOG_DATA=\(data)/log_data",
      "--set", "S3.SONG_DATA=\(data)/song_data", "--max-rejects", "0",
    ]) { process, line in attribution.hear(line, from: process) }
    guard outcome.status == 0 else {
      throw WarehouseError(
        .input, "could not measure: sparkify run ended with \(outcome.status)",
        detail: attribution.lastLine)
    }
    var measurement = RunMeasurement()
    measurement.seconds = (ContinuousClock.now - start).inSeconds
    measurement.programCPU = outcome.cpuSeconds
    measurement.serverCPU = server.cpuSeconds - serverBefore
    measurement.parts = attribution.parts
    measurement.programPeak = max(
      outcome.peakBytes, attribution.parts.compactMap(\.programPeak).max() ?? 0)
    measurement.serverPeak = max(
      server.takePeak(), attribution.parts.compactMap(\.serverPeak).max() ?? 0)
    return measurement
  }
}

/// Shares out CPU time among stages, by what it was when each began and ended, and says the most
/// memory between.
///
/// Loads run side by side, so what they take is told for all of them.
private struct Attribution {
  private static let loads: Substring = "all loads"

  let server: ServerWatch
  private(set) var parts: [RunMeasurement.Part] = []
  private(set) var lastLine = ""
  private var running: [Substring] = []
  private var last: (program: Double, server: Double, at: ContinuousClock.Instant)

  init(server: ServerWatch) {
    self.server = server
    last = (0, server.cpuSeconds, .now)
  }

  mutating func hear(_ line: Substring, from process: pid_t) {
    lastLine = String(line)
    guard let stage = line.member("stage") else { return }
    switch line.member("event") {
    case "stage-started":
      share(process)
      running.append(stage)
    case "stage-finished":
      share(process)
      running.removeAll { $0 == stage }
      let seconds = line.member("seconds").flatMap { Double($0) } ?? 0
      let rows = line.member("rows").flatMap { Int($0) }
      update(stage) { part in (part.seconds, part.rows) = (seconds, rows) }
    default: break
    }
  }

  /// Gives what was taken since the last look to what ran.
  private mutating func share(_ process: pid_t) {
    let now = (
      program: ProcessFacts.cpu(of: process)?.own ?? last.program, server: server.cpuSeconds,
      at: ContinuousClock.now
    )
    let peaks = (program: ProcessFacts.peakBytes(of: process), server: server.takePeak())
    ProcessFacts.forgetPeak(of: process)
    defer { self.last = now }
    guard let stage = running.first else { return }
    let isLoad = stage.hasPrefix("load-")
    let last = last
    update(isLoad ? Self.loads : stage) { part in
      if isLoad { part.seconds += (now.at - last.at).inSeconds }
      part.programCPU = (part.programCPU ?? 0) + now.program - last.program
      part.serverCPU = (part.serverCPU ?? 0) + now.server - last.server
      part.programPeak = max(part.programPeak ?? 0, peaks.program)
      part.serverPeak = max(part.serverPeak ?? 0, peaks.server)
    }
  }

  private mutating func update(
    _ name: Substring, _ change: (inout RunMeasurement.Part) -> Void
  ) {
    let index = parts.firstIndex { $0.name == name } ?? parts.count
    if index == parts.count { parts.append(RunMeasurement.Part(name: String(name))) }
    change(&parts[index])
  }
}

extension Substring {
  /// The value of a member, without quotes, in a line of our own JSON; nil for null.
  fileprivate func member(_ name: String) -> Substring? {
    guard let start = firstRange(of: "\"\(name)\":")?.upperBound else { return nil }
    let value = self[start...].prefix { $0 != "," && $0 != "}" }
    return value == "null" ? nil : value.filter { $0 != "\"" }[...]
  }

  private func firstRange(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}

extension Duration {
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
