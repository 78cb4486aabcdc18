/// How far a sample has come.
public struct SampleProgress: Sendable, Equatable {
  /// Songs written.
  public var songs = 0
  /// Songs there will be.
  public var totalSongs: Int
  /// Events written.
  public var events = 0
  /// Events there will be; nil when the users decide.
  public var totalEvents: Int?
  /// Bytes written.
  public var bytes = 0
}

/// What a sample holds.
public struct SampleSummary: Sendable, Equatable {
  /// The folder, which holds the three below.
  public var folder: String
  /// The logs' folder.
  public var logData: String { folder + "/log_data" }
  /// The catalogue's folder.
  public var songData: String { folder + "/song_data" }
  /// The file that names an event's fields for Redshift.
  public var logJSONPath: String { folder + "/log_json_path.json" }
  /// Songs in the catalogue.
  public var songs = 0
  /// Files that they lie in.
  public var songFiles = 0
  /// Events, broken copies not counted.
  public var events = 0
  /// Files that they lie in: one for each day with an event.
  public var logFiles = 0
  /// Events that are plays.
  public var plays = 0
  /// Plays of songs that the catalogue does not hold.
  public var playsOutside = 0
  /// Users with an event that carries their name.
  public var users = 0
  /// Sessions.
  public var sessions = 0
  /// Changes from free to paid.
  public var upgrades = 0
  /// Changes from paid to free.
  public var downgrades = 0
  /// Torn copies of records.
  public var brokenRecords = 0
  /// Bytes in all files.
  public var bytes = 0
  /// The first event.
  public var first = Timestamp(milliseconds: 0)
  /// The last event.
  public var last = Timestamp(milliseconds: 0)
  /// Whether the very same sample stood there already, and nothing was done.
  public var wasThere = false
}

/// Makes data like Sparkify's: a catalogue of songs, and what listeners did day by day.
///
/// Memory grows with the users and the songs, never with the events.
public enum Sample {
  /// Makes a sample in `folder`, which is new, empty, or holds another sample, which is replaced.
  /// When it holds this very sample, nothing is done. Blocks the calling thread; cancelling the
  /// task ends it within a few milliseconds, and leaves the folder as it was.
  ///
  /// - Parameter progress: called a few hundred times at most for a million events, on the calling
  ///   thread.
  /// - Throws: `.usage` when the options or the folder cannot be used, `.system` when a file
  ///   cannot be written, `.cancelled`.
  public static func write(
    _ options: SampleOptions, to folder: String,
    progress: @escaping @Sendable (SampleProgress) -> Void = { _ in }
  ) throws(WarehouseError) -> SampleSummary {
    let plan = try SamplePlan(options)
    let place = SampleFolder(folder)
    if let summary = SampleMarker.summary(in: place.marker, plan: plan, folder: place.path) {
      return summary
    }
    try place.begin()
    var isDone = false
    defer { if !isDone { place.abandon() } }
    var writer = SampleWriter(plan, folder: place.building, progress: progress)
    try writer.writeSongs()
    try writer.writeEvents()
    try writer.writeJSONPaths()
    var summary = writer.summary
    summary.folder = place.path
    try place.finish(marker: SampleMarker.text(plan: plan, summary: summary))
    isDone = true
    return summary
  }
}

/// The marker's text: the plan, then what came of it.
enum SampleMarker {
  private static let fields:
    [(name: String, path: WritableKeyPath<SampleSummary, Int> & Sendable)] =
      [
        ("songs", \.songs), ("songFiles", \.songFiles), ("events", \.events),
        ("logFiles", \.logFiles), ("plays", \.plays), ("playsOutside", \.playsOutside),
        ("users", \.users), ("sessions", \.sessions), ("upgrades", \.upgrades),
        ("downgrades", \.downgrades), ("brokenRecords", \.brokenRecords), ("bytes", \.bytes),
      ]

  static func text(plan: SamplePlan, summary: SampleSummary) -> String {
    var lines = fields.map { "\($0.name)=\(summary[keyPath: $0.path])" }
    lines.append("first=\(summary.first.milliseconds)")
    lines.append("last=\(summary.last.milliseconds)")
    return plan.text + "\n\n" + lines.joined(separator: "\n") + "\n"
  }

  /// What stands there, when it was made by this very plan.
  static func summary(in marker: String?, plan: SamplePlan, folder: String) -> SampleSummary? {
    guard let marker, marker.hasPrefix(plan.text + "\n\n") else { return nil }
    var numbers: [String: Int] = [:]
    for line in marker.dropFirst(plan.text.count + 2).split(separator: "\n") {
      let parts = line.split(separator: "=")
      guard parts.count == 2, let number = Int(parts[1]) else { return nil }
      numbers[String(parts[0])] = number
    }
    var summary = SampleSummary(folder: folder)
    for field in fields {
      guard let number = numbers[field.name] else { return nil }
      summary[keyPath: field.path] = number
    }
    guard let first = numbers["first"], let last = numbers["last"] else { return nil }
    summary.first = Timestamp(milliseconds: Int64(first))
    summary.last = Timestamp(milliseconds: Int64(last))
    summary.wasThere = true
    return summary
  }
}

extension Sample {
  /// `write` on a thread of its own, so that no shared thread waits.
  public static func make(
    _ options: SampleOptions, in folder: String,
    progress: @escaping @Sendable (SampleProgress) -> Void = { _ in }
  ) async throws(WarehouseError) -> SampleSummary {
    // The writer looks at the task itself.
    try await onThread(Cancellation()) { () throws(WarehouseError) in
      try write(options, to: folder, progress: progress)
    }
  }
}
