/// Counts and extremes of a build, from one pass over each table: what the checks judge by.
struct StarFacts: Sendable, Equatable {
  var stagedEvents = 0
  var stagedPlays = 0
  var stagedUsers = 0
  var stagedSongs = 0
  var distinctSongs = 0
  var distinctArtists = 0
  var namelessSongs = 0
  var songplays = 0
  var matchedSongplays = 0
  var unknownLevels = 0
  var firstPlay = ""
  var lastPlay = ""
  var users = 0
  var songs = 0
  var strangeYears = 0
  var strangeDurations = 0
  var artists = 0
  var strangeCoordinates = 0
  var times = 0
  var strangeTimes = 0
  var userSongplays = 0
  /// What each proof of each summary came to, in the order of `SummaryTable.all`.
  var proofs: [Int?] = []
  /// Deliveries of a play beyond its first; counted one by one only when there are any.
  var duplicateDeliveries = 0

  static let strangeYear = "year <> 0 AND (year < 1860 OR year > 2100)"
  static let strangeDuration = "duration <= 0 OR duration IS NULL"
  static let strangeCoordinate =
    "latitude < -90 OR latitude > 90 OR longitude < -180 OR longitude > 180"
  static let strangeTime = """
    hour < 0 OR hour > 23 OR day < 1 OR day > 31 OR week < 1 OR week > 53 \
    OR month < 1 OR month > 12 OR weekday < 0 OR weekday > 6
    """
  static let unknownLevel = "level IS NULL OR level NOT IN ('free', 'paid')"
  static let nameless = "song_id = '' OR artist_id = ''"
  static let duplicates = """
    SELECT start_time, session_id, item_in_session, user_id, count(*) AS deliveries
    FROM staging_events WHERE page = 'NextSong'
    GROUP BY start_time, session_id, item_in_session, user_id HAVING count(*) > 1
    """

  /// The plays that songplays has not as often as they were delivered, each event counted once.
  static let differingPlays = """
    SELECT start_time, session_id, user_id, sum(delivered) AS delivered, sum(stored) AS stored
    FROM (
      SELECT start_time, session_id, user_id, 1 AS delivered, 0 AS stored
      FROM (
        SELECT DISTINCT start_time, session_id, item_in_session, user_id
        FROM staging_events WHERE page = 'NextSong'
      ) AS events
      UNION ALL
      SELECT start_time, session_id, user_id, 0 AS delivered, 1 AS stored FROM songplays
    ) AS plays
    GROUP BY start_time, session_id, user_id HAVING sum(delivered) <> sum(stored)
    """

  /// The keys of a dimension that the source has and it has not, and the other way round.
  static func difference(
    of table: StarTable, from source: String, where condition: String = "1 = 1"
  ) -> String {
    let (name, key) = (Identifier(table.name).sql, Identifier(table.primaryKey).sql)
    let keys = "(SELECT DISTINCT \(key) FROM \(source) WHERE \(condition))"
    return """
      SELECT s.\(key), 'missing in \(table.name)' AS problem FROM \(keys) AS s
      LEFT JOIN \(name) AS d ON d.\(key) = s.\(key) WHERE d.\(key) IS NULL
      UNION ALL
      SELECT d.\(key), 'not in the source' AS problem FROM \(name) AS d
      LEFT JOIN \(keys) AS s ON s.\(key) = d.\(key) WHERE s.\(key) IS NULL
      """
  }

  /// What the staged events are, where none is a play.
  static let eventsByPage = """
    SELECT page, count(*) AS events FROM staging_events GROUP BY page ORDER BY page
    """

  /// How many rows a staging table has beside how many were read.
  static func stored(in table: StagingTable, of mark: StageMark?) -> String {
    let read = mark?.rows.map(String.init) ?? "NULL"
    return "SELECT count(*) AS stored, \(read) AS read FROM \(Identifier(table.name).sql)"
  }

  /// What a summary's sum comes to beside what the fact has.
  static func sums(_ sum: String, of table: String, beside count: String) -> String {
    """
    SELECT (SELECT \(sum) FROM \(Identifier(table).sql)) AS counted,
      (SELECT \(count) FROM songplays) AS plays
    """
  }

  /// One query a table, each giving one row.
  static let queries: [String] = [
    """
    SELECT sum(events), sum(plays), count(user_id)
    FROM (
      SELECT user_id, count(*) AS events, sum(CASE WHEN page = 'NextSong' THEN 1 ELSE 0 END) AS plays
      FROM staging_events GROUP BY user_id
    ) AS by_user
    """,
    """
    SELECT count(*), count(DISTINCT song_id), count(DISTINCT artist_id),
      sum(CASE WHEN \(nameless) THEN 1 ELSE 0 END)
    FROM staging_songs
    """,
    """
    SELECT count(*), count(song_id), sum(CASE WHEN \(unknownLevel) THEN 1 ELSE 0 END),
      min(start_time), max(start_time), count(user_id)
    FROM songplays
    """,
    "SELECT count(*) FROM users",
    """
    SELECT count(*), sum(CASE WHEN \(strangeYear) THEN 1 ELSE 0 END),
      sum(CASE WHEN \(strangeDuration) THEN 1 ELSE 0 END)
    FROM songs
    """,
    """
    SELECT count(*), sum(CASE WHEN \(strangeCoordinate) THEN 1 ELSE 0 END) FROM artists
    """,
    """
    SELECT count(*), sum(CASE WHEN \(strangeTime) THEN 1 ELSE 0 END) FROM time
    """,
    "SELECT " + SummaryTable.all.flatMap(\.proofQueries).joined(separator: ",\n  "),
  ]

  /// Says how many deliveries of a play there were beyond its first.
  private static let countDuplicates =
    "SELECT sum(deliveries - 1) FROM (\(duplicates)) AS repeated"

  /// How the facts are taken, in the words of a dry run.
  static var steps: [String] {
    queries + ["-- where plays were delivered twice:", TableLoad.commented(countDuplicates)]
  }

  /// The rows of the star's tables and of what they were made from, by name.
  var rowCounts: [(table: String, rows: Int)] {
    [
      (StarTable.songplays.name, songplays), (StarTable.users.name, users),
      (StarTable.songs.name, songs), (StarTable.artists.name, artists),
      (StarTable.time.name, times), (StagingTable.events.name, stagedEvents),
      (StagingTable.songs.name, stagedSongs),
    ]
  }

  /// Takes the facts of the build that is first on the session's search path.
  static func take(from session: any Session) async throws(WarehouseError) -> StarFacts {
    var rows: [[String?]] = []
    for query in queries {
      rows.append(try await session.execute(query).rows.first ?? [])
    }
    var facts = StarFacts(rows: rows)
    if facts.stagedPlays != facts.songplays {
      let sum = try await session.execute(countDuplicates)
      facts.duplicateDeliveries = sum.rows.first?.integer(0) ?? 0
    }
    return facts
  }

  init() {}

  private init(rows: [[String?]]) {
    func value(_ row: Int, _ column: Int) -> Int { rows[row].integer(column) ?? 0 }
    (stagedEvents, stagedPlays, stagedUsers) = (value(0, 0), value(0, 1), value(0, 2))
    (stagedSongs, distinctSongs, distinctArtists) = (value(1, 0), value(1, 1), value(1, 2))
    namelessSongs = value(1, 3)
    (songplays, matchedSongplays, unknownLevels) = (value(2, 0), value(2, 1), value(2, 2))
    (firstPlay, lastPlay) = (rows[2].text(3), rows[2].text(4))
    users = value(3, 0)
    (songs, strangeYears, strangeDurations) = (value(4, 0), value(4, 1), value(4, 2))
    (artists, strangeCoordinates) = (value(5, 0), value(5, 1))
    (times, strangeTimes) = (value(6, 0), value(6, 1))
    userSongplays = value(2, 5)
    proofs = rows[7].indices.map { rows[7].integer($0) }
  }
}

extension SummaryTable {
  /// A scalar query for each proof.
  fileprivate var proofQueries: [String] {
    proofs.map { proof in
      switch proof {
      case .plays(let sum), .cataloguePlays(let sum), .userPlays(let sum):
        "(SELECT \(sum) FROM \(Identifier(name).sql))"
      case .contradictions(let query): "(SELECT count(*) FROM (\(query)) AS contradictions)"
      }
    }
  }
}
