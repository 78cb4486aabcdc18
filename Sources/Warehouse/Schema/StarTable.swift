/// One column of the star.
public struct StarColumn: Sendable, Equatable {
  /// Its name.
  public let name: String
  /// Its type.
  public let type: StagingType
  /// Whether NULL is refused.
  public let isRequired: Bool

  init(_ name: String, _ type: StagingType, required: Bool = false) {
    self.name = name
    self.type = type
    self.isRequired = required
  }
}

/// A column that names a row of a dimension.
public struct ForeignKey: Sendable, Equatable {
  /// The table that holds the column.
  public let table: String
  /// The column.
  public let column: String
  /// The dimension.
  public let dimension: String
  /// The dimension's key.
  public let key: String

  /// The constraint's name.
  public var name: String { "\(table)_\(column)_fkey" }
}

/// A table of the star schema: the fact or a dimension of it.
public struct StarTable: Sendable, Equatable {
  /// Its name.
  public let name: String
  /// One line about it.
  public let about: String
  /// Its columns, in order.
  public let columns: [StarColumn]
  /// The column of its primary key.
  public let primaryKey: String
  /// The columns that selective questions and the keys of other tables ask by, each with an index
  /// where the engine has indexes.
  var indexedColumns: [String] = []
  /// The query that fills it, from the staging tables.
  let query: String

  /// The fact: one row a play.
  public static let songplays = StarTable(
    name: "songplays", about: "one row for each play of a song",
    columns: [
      StarColumn("songplay_id", .bigint, required: true),
      StarColumn("start_time", .timestamp, required: true),
      StarColumn("user_id", .integer),
      StarColumn("level", .varchar(16)),
      StarColumn("song_id", .varchar(32)),
      StarColumn("artist_id", .varchar(32)),
      StarColumn("session_id", .integer, required: true),
      StarColumn("location", .varchar(1024)),
      StarColumn("user_agent", .varchar(2048)),
    ],
    primaryKey: "songplay_id", indexedColumns: ["start_time", "user_id", "song_id", "artist_id"],
    query: SQLText.loadSongplays)

  /// The people who use the app.
  public static let users = StarTable(
    name: "users", about: "every user with an event, as last seen",
    columns: [
      StarColumn("user_id", .integer, required: true),
      StarColumn("first_name", .varchar(256)),
      StarColumn("last_name", .varchar(256)),
      StarColumn("gender", .varchar(16)),
      StarColumn("level", .varchar(16)),
    ],
    primaryKey: "user_id", query: SQLText.loadUsers)

  /// The songs of the catalogue.
  public static let songs = StarTable(
    name: "songs", about: "the songs of the catalogue",
    columns: [
      StarColumn("song_id", .varchar(32), required: true),
      StarColumn("title", .varchar(1024)),
      StarColumn("artist_id", .varchar(32), required: true),
      StarColumn("year", .integer),
      StarColumn("duration", .double),
    ],
    primaryKey: "song_id", query: SQLText.loadSongs)

  /// The artists of the catalogue.
  public static let artists = StarTable(
    name: "artists", about: "the artists of the catalogue",
    columns: [
      StarColumn("artist_id", .varchar(32), required: true),
      StarColumn("name", .varchar(1024)),
      StarColumn("location", .varchar(1024)),
      StarColumn("latitude", .double),
      StarColumn("longitude", .double),
    ],
    primaryKey: "artist_id", query: SQLText.loadArtists)

  /// The moments at which plays began, taken apart.
  public static let time = StarTable(
    name: "time", about: "the moments at which plays began, taken apart (UTC)",
    columns: [
      StarColumn("start_time", .timestamp, required: true),
      StarColumn("hour", .integer, required: true),
      StarColumn("day", .integer, required: true),
      StarColumn("week", .integer, required: true),
      StarColumn("month", .integer, required: true),
      StarColumn("year", .integer, required: true),
      StarColumn("weekday", .integer, required: true),
    ],
    primaryKey: "start_time", query: SQLText.loadTime)

  /// The fact and then the dimensions.
  public static let all = [songplays, users, songs, artists, time]
}

/// The three schemas and all that lies in them.
public enum StarSchema {
  /// Where readers look: the star as it was last published.
  public static let published = "sparkify"
  /// Where the pipeline builds.
  public static let build = "sparkify_build"
  /// What the pipeline remembers: runs, stages, checks, rejects.
  public static let operations = "sparkify_ops"

  /// The staging tables.
  public static let stagingTables = [StagingTable.events, .songs]

  /// The files that the staging tables were read from, by the numbers in `source_file`.
  static let sourceFiles = "source_files"

  /// Which build stages are done, and with what: written in the same transaction as their work.
  static let buildStages = "build_stages"

  /// How many rows the tables of the star hold, as the check counted them.
  static let rowCounts = "row_counts"

  /// The tables that are published, in an order in which they can be dropped.
  public static let publishedTables =
    StarTable.all.map(\.name) + SummaryTable.all.map(\.name) + [rowCounts]
    + stagingTables.map(\.name) + [sourceFiles]

  /// The keys that tie the star together. Dimensions before the fact, so that the first failure
  /// names the cause and not its consequence.
  public static let foreignKeys = [
    ForeignKey(table: "songs", column: "artist_id", dimension: "artists", key: "artist_id"),
    ForeignKey(table: "songplays", column: "start_time", dimension: "time", key: "start_time"),
    ForeignKey(table: "songplays", column: "user_id", dimension: "users", key: "user_id"),
    ForeignKey(table: "songplays", column: "song_id", dimension: "songs", key: "song_id"),
    ForeignKey(table: "songplays", column: "artist_id", dimension: "artists", key: "artist_id"),
  ]
}
