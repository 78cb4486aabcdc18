/// A stage of the pipeline, by the name that people type.
public enum StageID: String, Sendable, CaseIterable, Codable, Comparable {
  /// Makes the warehouse ready: on embedded, initialise and start the cluster.
  case provision
  /// Packs many small nested objects into few equal compressed files.
  case restage
  /// Drops the build schema and creates its tables, empty.
  case create
  /// Event files into `staging_events`.
  case stageEvents = "stage-events"
  /// Song files into `staging_songs`.
  case stageSongs = "stage-songs"
  /// The dimension `users`.
  case loadUsers = "load-users"
  /// The dimension `songs`.
  case loadSongs = "load-songs"
  /// The dimension `artists`.
  case loadArtists = "load-artists"
  /// The dimension `time`.
  case loadTime = "load-time"
  /// The fact `songplays`.
  case loadSongplays = "load-songplays"
  /// Counts, keys, orphans, ranges, duplicates, freshness.
  case check
  /// Swaps the build into place.
  case publish
  /// Deletes what `provision` made.
  case teardown

  /// In the order of the pipeline.
  public static func < (left: StageID, right: StageID) -> Bool {
    left.position < right.position
  }

  /// Whether it reads source files, and may therefore have rejects.
  public var readsFiles: Bool { self == .restage || self == .stageEvents || self == .stageSongs }

  private var position: Int { StageID.allCases.firstIndex(of: self) ?? 0 }
}
