/// A small table that is counted from the fact, so that the saved queries need not read it.
///
/// All of them are functions of `songplays` alone and are made in the stage that fills it, which is
/// done when all are: no summary is ever of another star.
public struct SummaryTable: Sendable, Equatable {
  /// What shows that a summary tells of the same plays as the fact.
  enum Proof: Sendable, Equatable {
    /// The expression adds up to all plays.
    case plays(String)
    /// To the plays that carry a song.
    case cataloguePlays(String)
    /// To the plays that have a user.
    case userPlays(String)
    /// The query gives rows that cannot be; there are none.
    case contradictions(String)
  }

  /// What summaries are counted from. Those of one kind follow one another, and need none of the
  /// other kind: the two are made side by side.
  enum Source: CaseIterable {
    /// `play_groups`, what plays have in common but the song.
    case playGroups
    /// `song_months`, the plays of each song of the catalogue by month.
    case songMonths
  }

  /// Its name.
  public let name: String
  /// One line about it.
  public let about: String
  /// The query that fills it, from the fact and from summaries before it.
  let query: String
  /// How the check proves it.
  let proofs: [Proof]
  /// What it is counted from.
  var source = Source.playGroups

  /// The summaries in the order in which they are made: some are counted from others.
  public static let all = [
    SummaryTable(
      name: "plays_by_hour", about: "plays in each hour by level",
      query: SQLText.loadPlaysByHour,
      proofs: [.plays("sum(plays)"), .cataloguePlays("sum(catalogue_plays)")]),
    SummaryTable(
      name: "plays_by_day", about: "plays, listeners and sessions on each day",
      query: SQLText.loadPlaysByDay, proofs: [.plays("sum(plays)")]),
    SummaryTable(
      name: "plays_by_song", about: "plays of each song of the catalogue",
      query: SQLText.loadPlaysBySong, proofs: [.cataloguePlays("sum(plays)")], source: .songMonths),
    SummaryTable(
      name: "plays_by_artist", about: "plays of each artist of the catalogue",
      query: SQLText.loadPlaysByArtist, proofs: [.cataloguePlays("sum(plays)")],
      source: .songMonths),
    SummaryTable(
      name: "song_charts", about: "the ten songs most played in each month",
      query: SQLText.loadSongCharts,
      proofs: [.contradictions(contradictingCharts)], source: .songMonths),
    SummaryTable(
      name: "plays_by_user", about: "plays of each user by level, location and user agent",
      query: SQLText.loadPlaysByUser,
      proofs: [
        .plays("sum(plays)"), .userPlays("sum(CASE WHEN user_id IS NOT NULL THEN plays END)"),
      ]),
    SummaryTable(
      name: "level_changes", about: "when users went from free to paid or back",
      query: SQLText.loadLevelChanges, proofs: [.contradictions(contradictingChanges)]),
    SummaryTable(
      name: "listeners_by_week", about: "listeners of each week by the week of their first play",
      query: SQLText.loadListenersByWeek, proofs: [.userPlays("sum(plays)")]),
    SummaryTable(
      name: "sessions_by_length", about: "sessions by their number of plays",
      query: SQLText.loadSessionsByLength, proofs: [.plays("sum(plays * sessions)")]),
    SummaryTable(
      name: "sessions_by_user", about: "sessions, days and longest streak of each user",
      query: SQLText.loadSessionsByUser, proofs: [.userPlays("sum(plays)")]),
  ]

  /// What the summaries are counted from: made before them and dropped after.
  static let steps = [
    SummaryTable(
      name: "play_groups", about: "plays by all that they are counted by, but the song",
      query: SQLText.loadPlayGroups, proofs: []),
    SummaryTable(
      name: "song_months", about: "plays of each song by month", query: SQLText.loadSongMonths,
      proofs: [], source: .songMonths),
    SummaryTable(
      name: "mixed_levels", about: "users whose plays at different levels overlap",
      query: SQLText.loadMixedLevels, proofs: []),
  ]

  /// Songs with more plays in the charts than in all, and months whose charts have a gap.
  private static let contradictingCharts = """
    SELECT c.song_id FROM song_charts AS c
    LEFT JOIN plays_by_song AS s ON s.song_id = c.song_id AND s.artist_id = c.artist_id
    GROUP BY c.song_id, c.artist_id
    HAVING sum(c.plays) > coalesce(max(s.plays), 0)
    UNION ALL
    SELECT CAST(month AS VARCHAR(10)) FROM song_charts
    GROUP BY month HAVING max(place) <> count(*)
    """

  /// Users with a change who have plays at one level only, or the other way round.
  private static let contradictingChanges = """
    SELECT users.user_id FROM (
      SELECT user_id, count(DISTINCT level) AS levels
      FROM plays_by_user WHERE user_id IS NOT NULL GROUP BY user_id
    ) AS users
    LEFT JOIN (SELECT DISTINCT user_id FROM level_changes) AS changed
      ON changed.user_id = users.user_id
    WHERE (users.levels > 1 AND changed.user_id IS NULL)
      OR (users.levels < 2 AND changed.user_id IS NOT NULL)
    """
}
