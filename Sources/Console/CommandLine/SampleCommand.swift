import Synchronization
import Warehouse

extension Command {
  /// `sample`: data of any size.
  static let sample = Command(
    name: "sample", usage: "--out DIR", summary: "makes sample data of any size",
    details: """
      Writes a catalogue (song_data), user logs (log_data, a file a day) and the JSONPaths file for
      Redshift into a new folder, in the layout and spelling of the real set. The same options give
      the same bytes. A folder that holds another sample is replaced; any other is left alone.
      """,
    options: [
      Option(name: "--out", value: "DIR", help: "the folder (needed)"),
      Option(name: "--songs", value: "N", help: "songs in the catalogue (default 8000)"),
      Option(name: "--events", value: "N", help: "events, exactly (default 100000)"),
      Option(name: "--users", value: "N", help: "users (default: one for 83 events a month)"),
      Option(name: "--days", value: "N", help: "days (default: 30, or 366 from 3 million events)"),
      Option(name: "--seed", value: "S", help: "what all randomness comes from (default 1)"),
      Option(
        name: "--outside", value: "SHARE",
        help: "plays of songs that the catalogue lacks, before --dirt, which adds some hundredths "
          + "(default 0.15; 0.951 in the real data)"),
      Option(name: "--paid", value: "SHARE", help: "users that begin as paid (default 0.167)"),
      Option(name: "--growth", value: "SHARE", help: "users that join later (default 0.5)"),
      Option(name: "--churn", value: "SHARE", help: "users that fall away a month (default 0.1)"),
      Option(
        name: "--dirt", value: "none|light|real|broken",
        help: "how much is damaged; broken makes rejects (default light)"),
      Option(
        name: "--song-files", value: "auto|files|lines",
        help: "a file a song, or many a file (default: a file each up to 10000)"),
      Option(name: "--json", value: nil, help: "the summary as JSON"),
    ]
  ) { invocation throws(WarehouseError) in
    try invocation.arguments.requireWords(atMost: 0)
    guard let folder = invocation.arguments.value("--out"), !folder.isEmpty else {
      throw WarehouseError(.usage, "there is no folder to write to", hint: "Give one: --out DIR.")
    }
    let options = try sampleOptions(invocation.arguments)
    let progress = SampleReporter(invocation.output)
    let summary = try await Sample.make(options, in: folder) { progress.show($0) }
    progress.clear()
    show(summary, invocation)
    if let unmet = summary.unmet(options) { invocation.output.talk(unmet) }
    return .done
  }

  private static func sampleOptions(
    _ arguments: Arguments
  ) throws(WarehouseError) -> SampleOptions {
    var options = SampleOptions()
    options.songs = try arguments.integer("--songs", in: 1...5_000_000) ?? options.songs
    options.users = try arguments.integer("--users", in: 1...5_000_000)
    options.days = try arguments.integer("--days", in: 1...3660)
    let events = try arguments.integer("--events", in: 1...2_000_000_000)
    // Users and days together say how many events there are, unless that is said too.
    let isOpen = events == nil && options.users != nil && options.days != nil
    options.events = isOpen ? nil : events ?? options.events
    options.seed = try seed(arguments) ?? options.seed
    options.outsideShare = try arguments.number("--outside", in: 0...1) ?? options.outsideShare
    options.paidShare = try arguments.number("--paid", in: 0...1) ?? options.paidShare
    options.growth = try arguments.number("--growth", in: 0...1) ?? options.growth
    options.churn = try arguments.number("--churn", in: 0...1) ?? options.churn
    options.dirt = try dirt(arguments.value("--dirt"))
    options.songLayout = try layout(arguments.value("--song-files"))
    return options
  }

  private static func seed(_ arguments: Arguments) throws(WarehouseError) -> UInt64? {
    guard let text = arguments.value("--seed") else { return nil }
    guard let seed = UInt64(text) else {
      throw WarehouseError(
        .usage, "--seed cannot be \"\(text)\"", hint: "Give a whole number from 0.")
    }
    return seed
  }

  private static func dirt(_ text: String?) throws(WarehouseError) -> SampleDirt {
    switch text {
    case "none": return .none
    case nil, "light": return .light
    case "real": return .real
    case "broken": return .broken
    case let text?:
      throw WarehouseError(
        .usage, "--dirt cannot be \"\(text)\"", hint: "Say none, light, real or broken.")
    }
  }

  private static func layout(
    _ text: String?
  ) throws(WarehouseError) -> SampleOptions.SongLayout {
    switch text {
    case nil, "auto": return .automatic
    case "files": return .files
    case "lines": return .lines
    case let text?:
      throw WarehouseError(
        .usage, "--song-files cannot be \"\(text)\"", hint: "Say auto, files or lines.")
    }
  }

  private static func show(_ summary: SampleSummary, _ invocation: Invocation) {
    let output = invocation.output
    if invocation.isJSON {
      var json = JSONText()
      json.object([
        ("folder", .string(summary.folder)), ("songs", .integer(summary.songs)),
        ("events", .integer(summary.events)), ("plays", .integer(summary.plays)),
        ("users", .integer(summary.users)), ("sessions", .integer(summary.sessions)),
        ("broken_records", .integer(summary.brokenRecords)), ("bytes", .integer(summary.bytes)),
        ("first", .string(summary.first.text)), ("last", .string(summary.last.text)),
        ("was_there", .boolean(summary.wasThere)),
      ])
      return output.line(json.text)
    }
    output.line(
      "\(Quantity.counted(summary.songs, "song")), \(Quantity.counted(summary.events, "event")) "
        + "(\(Quantity.counted(summary.plays, "play"))) of \(Quantity.counted(summary.users, "user")), "
        + Quantity.bytes(summary.bytes))
    output.line("from \(summary.first.text) to \(summary.last.text)")
    output.line(
      output.data("\(summary.wasThere ? "was there already" : "written"): \(summary.folder)"))
    if summary.brokenRecords > 0 {
      output.line("\(Quantity.counted(summary.brokenRecords, "broken record")) to be rejected")
    }
  }
}

extension SampleSummary {
  /// What was asked for and was not met, one line; nil when all was, within a tenth. The events
  /// decide: as many as are asked for are made, by as few users and over as long as they need.
  fileprivate func unmet(_ options: SampleOptions) -> String? {
    let day: Int64 = 86_400_000
    let days = Int((last.milliseconds - options.start.milliseconds) / day) + 1
    var asked: [String] = []
    if let users = options.users, self.users * 10 < users * 9 {
      asked.append(Quantity.counted(users, "user"))
    }
    if let wanted = options.days, days * 10 < wanted * 9 || days * 9 > wanted * 10 {
      asked.append(Quantity.counted(wanted, "day"))
    }
    guard !asked.isEmpty else { return nil }
    return "asked for \(asked.joined(separator: " and ")): "
      + "\(Quantity.counted(events, "event")) are of \(Quantity.counted(self.users, "user")) "
      + "over \(Quantity.counted(days, "day")); --events, --users and --days must fit each other"
  }
}

/// Shows on a terminal how far a sample is.
private final class SampleReporter: Sendable {
  private let lines: ReportLines
  private let last = Mutex<ContinuousClock.Instant?>(nil)

  init(_ output: Output) { lines = ReportLines(output) }

  func show(_ progress: SampleProgress) {
    guard lines.isTerminal else { return }
    let isDue = last.withLock { last in
      let now = ContinuousClock.now
      if let last, now - last < .milliseconds(100) { return false }
      last = now
      return true
    }
    guard isDue else { return }
    let total = progress.totalEvents.map { " of \(Quantity.count($0))" } ?? ""
    lines.progress(
      "\(Quantity.counted(progress.songs, "song")), "
        + "\(Quantity.count(progress.events))\(total) events, \(Quantity.bytes(progress.bytes))")
  }

  func clear() { lines.clearProgress() }
}
