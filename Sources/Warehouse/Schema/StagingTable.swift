/// The type of a staging column, as both engines know it.
public enum StagingType: Sendable, Equatable {
  /// 32-bit integer.
  case integer
  /// 64-bit integer.
  case bigint
  /// Double precision.
  case double
  /// Text of at most this many **bytes** of UTF-8, as Redshift counts.
  case varchar(Int)
  /// A time in UTC without zone, to the millisecond.
  case timestamp
}

/// Where a staging column's value comes from.
public enum StagingValue: Sendable, Equatable {
  /// The record's member of this name. A missing member or null gives NULL; so does `""` in a
  /// column that is not text. A number, boolean, array or object in a text column is kept as it
  /// stands in the record.
  case member(String)
  /// The member of this name, milliseconds since 1970, as a timestamp.
  case epochMilliseconds(String)
  /// The number of the file that the record was read from.
  case sourceFile
  /// The line of that file on which the record begins, from 1.
  case sourceLine
}

/// One column of a staging table.
public struct StagingColumn: Sendable, Equatable {
  /// Its name in the warehouse.
  public let name: String
  /// Its type.
  public let type: StagingType
  /// Where its value comes from.
  public let value: StagingValue
  /// Whether NULL is refused: the record becomes a reject.
  public let isRequired: Bool
  /// Whether sources write the whole number with a fraction of zero: 1540919166796.0. Redshift's
  /// COPY does not take such a text for an integer.
  let hasFraction: Bool

  init(
    _ name: String, _ type: StagingType, _ value: StagingValue, required: Bool = false,
    hasFraction: Bool = false
  ) {
    self.hasFraction = hasFraction
    self.name = name
    self.type = type
    self.value = value
    self.isRequired = required
  }
}

/// A staging table: every field of the source, typed, and where each record came from.
///
/// Columns that are never NULL and of fixed width stand first: PostgreSQL then finds them at a
/// known offset in every row, which the transform's scans live on.
public struct StagingTable: Sendable, Equatable {
  /// Its name.
  public let name: String
  /// Its columns, in the order of the table.
  public let columns: [StagingColumn]

  /// User activity: one row an event of the log files.
  public static let events = StagingTable(
    name: "staging_events",
    columns: [
      StagingColumn("ts", .bigint, .member("ts"), required: true),
      StagingColumn("start_time", .timestamp, .epochMilliseconds("ts"), required: true),
      StagingColumn("source_line", .bigint, .sourceLine, required: true),
      StagingColumn("source_file", .integer, .sourceFile, required: true),
      StagingColumn("session_id", .integer, .member("sessionId"), required: true),
      StagingColumn("item_in_session", .integer, .member("itemInSession"), required: true),
      StagingColumn("user_id", .integer, .member("userId")),
      StagingColumn("status", .integer, .member("status")),
      StagingColumn("length", .double, .member("length")),
      StagingColumn("registration", .bigint, .member("registration"), hasFraction: true),
      StagingColumn("page", .varchar(64), .member("page"), required: true),
      StagingColumn("level", .varchar(16), .member("level")),
      StagingColumn("auth", .varchar(32), .member("auth")),
      StagingColumn("method", .varchar(16), .member("method")),
      StagingColumn("gender", .varchar(16), .member("gender")),
      StagingColumn("first_name", .varchar(256), .member("firstName")),
      StagingColumn("last_name", .varchar(256), .member("lastName")),
      StagingColumn("song", .varchar(1024), .member("song")),
      StagingColumn("artist", .varchar(1024), .member("artist")),
      StagingColumn("location", .varchar(1024), .member("location")),
      StagingColumn("user_agent", .varchar(2048), .member("userAgent")),
    ])

  /// The catalogue: one row a song.
  public static let songs = StagingTable(
    name: "staging_songs",
    columns: [
      StagingColumn("source_line", .bigint, .sourceLine, required: true),
      StagingColumn("source_file", .integer, .sourceFile, required: true),
      StagingColumn("num_songs", .integer, .member("num_songs")),
      StagingColumn("year", .integer, .member("year")),
      StagingColumn("duration", .double, .member("duration")),
      StagingColumn("artist_latitude", .double, .member("artist_latitude")),
      StagingColumn("artist_longitude", .double, .member("artist_longitude")),
      StagingColumn("song_id", .varchar(32), .member("song_id"), required: true),
      StagingColumn("artist_id", .varchar(32), .member("artist_id"), required: true),
      StagingColumn("title", .varchar(1024), .member("title")),
      StagingColumn("artist_name", .varchar(1024), .member("artist_name")),
      StagingColumn("artist_location", .varchar(1024), .member("artist_location")),
    ])
}
