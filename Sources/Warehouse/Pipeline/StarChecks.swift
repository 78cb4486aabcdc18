/// The checks of a build, as judgements on its facts.
///
/// What contradicts the star's rules fails and stops the run; what is odd in the source is noted.
/// Keys are not here: on PostgreSQL the constraints prove them (see `KeyChecks`).
enum StarChecks {
  /// Judges the facts. `marks` says what the staging stages stored and refused.
  static func judge(_ facts: StarFacts, marks: [StageID: StageMark]) -> [CheckResult] {
    staging(facts, marks) + completeness(facts) + summaries(facts) + ranges(facts)
      + notes(facts, marks)
  }

  private static func staging(_ facts: StarFacts, _ marks: [StageID: StageMark]) -> [CheckResult] {
    [
      equal(
        "staged-events", "staging_events holds every event that was read", facts.stagedEvents,
        marks[.stageEvents]?.rows ?? facts.stagedEvents,
        rows: StarFacts.stored(in: .events, of: marks[.stageEvents])),
      equal(
        "staged-songs", "staging_songs holds every song that was read", facts.stagedSongs,
        marks[.stageSongs]?.rows ?? facts.stagedSongs,
        rows: StarFacts.stored(in: .songs, of: marks[.stageSongs])),
      atLeastOne(
        "events-present", "there is at least one play to publish", facts.songplays,
        rows: StarFacts.eventsByPage),
      atLeastOne(
        "songs-present", "there is at least one song to publish", facts.songs, rows: nil),
    ]
  }

  private static func completeness(_ facts: StarFacts) -> [CheckResult] {
    [
      equal(
        "songplays-complete", "songplays holds every play once", facts.songplays,
        facts.stagedPlays - facts.duplicateDeliveries, rows: StarFacts.differingPlays),
      equal(
        "users-complete", "users holds every user with an event", facts.users, facts.stagedUsers,
        rows: StarFacts.difference(
          of: .users, from: "staging_events", where: "user_id IS NOT NULL")),
      equal(
        "songs-complete", "songs holds every song_id once", facts.songs, facts.distinctSongs,
        rows: StarFacts.difference(of: .songs, from: "staging_songs")),
      equal(
        "artists-complete", "artists holds every artist_id once", facts.artists,
        facts.distinctArtists,
        rows: StarFacts.difference(of: .artists, from: "staging_songs")),
    ]
  }

  /// That the summaries tell of the fact's plays. A sum over no rows is NULL and counts as none.
  private static func summaries(_ facts: StarFacts) -> [CheckResult] {
    let proofs = SummaryTable.all.flatMap { table in table.proofs.map { (table.name, $0) } }
    return zip(proofs, facts.proofs).map { proof, found in
      let (table, found) = (proof.0, found ?? 0)
      return switch proof.1 {
      case .plays(let sum):
        equal(
          "\(table)-plays", "\(table) counts every play", found, facts.songplays,
          rows: StarFacts.sums(sum, of: table, beside: "count(*)"))
      case .cataloguePlays(let sum):
        equal(
          "\(table)-catalogue-plays", "\(table) counts every play with a song", found,
          facts.matchedSongplays, rows: StarFacts.sums(sum, of: table, beside: "count(song_id)"))
      case .userPlays(let sum):
        equal(
          "\(table)-user-plays", "\(table) counts every play with a user", found,
          facts.userSongplays, rows: StarFacts.sums(sum, of: table, beside: "count(user_id)"))
      case .contradictions(let query):
        none(
          "\(table)-contradictions", "\(table) fits the other summaries", found, failing: true,
          rows: query)
      }
    }
  }

  private static func ranges(_ facts: StarFacts) -> [CheckResult] {
    [
      none(
        "catalogue-ids", "every staged song has a song_id and an artist_id", facts.namelessSongs,
        failing: true, rows: "SELECT * FROM staging_songs WHERE \(StarFacts.nameless)"),
      none(
        "time-ranges", "hours, days, weeks, months and weekdays are in range", facts.strangeTimes,
        failing: true, rows: "SELECT * FROM time WHERE \(StarFacts.strangeTime)"),
      none(
        "song-years", "years are 0 or between 1860 and 2100", facts.strangeYears,
        rows: "SELECT * FROM songs WHERE \(StarFacts.strangeYear)"),
      none(
        "song-durations", "songs last longer than nothing", facts.strangeDurations,
        rows: "SELECT * FROM songs WHERE \(StarFacts.strangeDuration)"),
      none(
        "artist-coordinates", "coordinates lie on the globe", facts.strangeCoordinates,
        rows: "SELECT * FROM artists WHERE \(StarFacts.strangeCoordinate)"),
      none(
        "songplay-levels", "levels are free or paid", facts.unknownLevels,
        rows: "SELECT * FROM songplays WHERE \(StarFacts.unknownLevel)"),
    ]
  }

  private static func notes(_ facts: StarFacts, _ marks: [StageID: StageMark]) -> [CheckResult] {
    let rejects = (marks[.stageEvents]?.rejects ?? 0) + (marks[.stageSongs]?.rejects ?? 0)
    return [
      none(
        "duplicate-deliveries", "no event was delivered twice", facts.duplicateDeliveries,
        rows: StarFacts.duplicates),
      CheckResult(
        name: "catalogue-coverage", title: "plays whose song is in the catalogue",
        verdict: .passed, count: facts.matchedSongplays,
        detail: "\(facts.matchedSongplays) of \(facts.songplays) plays carry a song_id",
        offendingRowsSQL: "SELECT * FROM songplays WHERE song_id IS NULL"),
      CheckResult(
        name: "freshness", title: "when the plays lie", verdict: .passed, count: facts.times,
        detail: "from \(facts.firstPlay) to \(facts.lastPlay) UTC", offendingRowsSQL: nil),
      none(rejectsName, "no record was refused", rejects, rows: rejectRows(marks)),
    ]
  }

  /// The check whose rows are the pipeline's own record: they are there when the star is gone.
  static let rejectsName = "rejects"

  /// What was refused by the runs that filled the staging tables.
  private static func rejectRows(_ marks: [StageID: StageMark]) -> String? {
    let conditions = [StageID.stageEvents, .stageSongs].compactMap { stage in
      marks[stage].map { "(run_id = \($0.runID) AND stage = '\(stage.rawValue)')" }
    }
    guard !conditions.isEmpty else { return nil }
    return """
      SELECT stage, file, line, column_name, reason, raw_text FROM sparkify_ops.rejects
      WHERE \(conditions.joined(separator: " OR ")) ORDER BY stage, file, line
      """
  }

  private static func equal(
    _ name: String, _ title: String, _ actual: Int, _ expected: Int, rows: String? = nil
  ) -> CheckResult {
    CheckResult(
      name: name, title: title, verdict: actual == expected ? .passed : .failed, count: actual,
      detail: rowCount(actual) + (actual == expected ? "" : ", \(expected) were expected"),
      offendingRowsSQL: actual == expected ? nil : rows)
  }

  private static func atLeastOne(
    _ name: String, _ title: String, _ count: Int, rows: String?
  ) -> CheckResult {
    CheckResult(
      name: name, title: title, verdict: count > 0 ? .passed : .failed, count: count,
      detail: count > 0 ? rowCount(count) : "no rows: is the source the right one?",
      offendingRowsSQL: count > 0 ? nil : rows)
  }

  private static func none(
    _ name: String, _ title: String, _ count: Int, failing: Bool = false, rows: String?
  ) -> CheckResult {
    CheckResult(
      name: name, title: title, verdict: count == 0 ? .passed : failing ? .failed : .noted,
      count: count, detail: count == 0 ? "none" : rowCount(count),
      offendingRowsSQL: count == 0 ? nil : rows)
  }

  /// As scripts may read it: without separators.
  private static func rowCount(_ count: Int) -> String { "\(count) \(count == 1 ? "row" : "rows")" }
}

/// The keys of the star, proven by PostgreSQL's own constraints.
enum KeyChecks {
  /// What the primary keys, made when their tables were loaded, prove.
  static let primaryKeys = StarTable.all.map { table in
    CheckResult(
      name: "\(table.name)-key",
      title: "\(table.name).\(table.primaryKey) is unique and never null",
      verdict: .passed, count: 0, detail: "held by the primary key", offendingRowsSQL: nil)
  }

  /// Takes the constraint away, for a check that runs again.
  static func drop(_ key: ForeignKey) -> String {
    "ALTER TABLE IF EXISTS \(Identifier(key.table).sql) "
      + "DROP CONSTRAINT IF EXISTS \(Identifier(key.name).sql)"
  }

  /// Adds the constraint; the server verifies it by a join.
  static func add(_ key: ForeignKey) -> String {
    """
    ALTER TABLE \(Identifier(key.table).sql) ADD CONSTRAINT \(Identifier(key.name).sql)
      FOREIGN KEY (\(Identifier(key.column).sql)) \
    REFERENCES \(Identifier(key.dimension).sql) (\(Identifier(key.key).sql))
    """
  }

  /// The rows whose key names no row.
  static func orphans(_ key: ForeignKey) -> String {
    """
    SELECT f.* FROM \(Identifier(key.table).sql) AS f
    LEFT JOIN \(Identifier(key.dimension).sql) AS d
      ON d.\(Identifier(key.key).sql) = f.\(Identifier(key.column).sql)
    WHERE f.\(Identifier(key.column).sql) IS NOT NULL AND d.\(Identifier(key.key).sql) IS NULL
    """
  }

  /// The result for a key whose orphans were counted.
  static func result(_ key: ForeignKey, orphanCount: Int) -> CheckResult {
    CheckResult(
      name: "\(key.table)-\(key.column)-orphans",
      title: "every \(key.table).\(key.column) is in \(key.dimension)",
      verdict: orphanCount == 0 ? .passed : .failed, count: orphanCount,
      detail: orphanCount == 0
        ? "held by the foreign key"
        : "\(orphanCount) \(orphanCount == 1 ? "row names" : "rows name") no row",
      offendingRowsSQL: orphanCount == 0 ? nil : orphans(key))
  }
}
