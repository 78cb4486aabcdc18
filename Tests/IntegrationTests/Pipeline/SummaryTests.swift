import Testing

@testable import Warehouse

@Suite("The summaries")
struct SummaryTests {
  /// A build of five users, checked and not published.
  private func checkedBuild() async throws -> TestWarehouse {
    let warehouse = try await TestWarehouse()
    let source = try TwoStars.new.get()
    let stages = Stage.all(for: .postgres).map(\.id).filter { $0 != .publish }
    #expect(await warehouse.run(source, .only(stages)).outcome == .succeeded)
    return warehouse
  }

  @Test(
    "that tell of other plays than the fact stop the run before publishing",
    arguments: [
      ("plays_by_hour-plays", "UPDATE plays_by_hour SET plays = plays + 1"),
      (
        "plays_by_hour-catalogue-plays",
        "UPDATE plays_by_hour SET catalogue_plays = catalogue_plays + 1"
      ),
      ("plays_by_day-plays", "DELETE FROM plays_by_day"),
      (
        "plays_by_song-catalogue-plays",
        "UPDATE plays_by_song SET plays = plays + 1"
      ),
      ("plays_by_artist-catalogue-plays", "UPDATE plays_by_artist SET plays = plays - 1"),
      ("song_charts-contradictions", "UPDATE song_charts SET plays = plays + 1"),
      ("plays_by_user-plays", "INSERT INTO plays_by_user VALUES (NULL, 'free', 'x', 'y', 1)"),
      ("level_changes-contradictions", "INSERT INTO level_changes (user_id) VALUES (1)"),
      ("listeners_by_week-user-plays", "UPDATE listeners_by_week SET plays = plays + 1"),
      ("sessions_by_length-plays", "UPDATE sessions_by_length SET sessions = sessions + 1"),
      ("sessions_by_user-user-plays", "UPDATE sessions_by_user SET plays = plays - 1"),
    ])
  func contradiction(check: String, change: String) async throws {
    let warehouse = try await checkedBuild()
    try await warehouse.session.execute("SET search_path TO sparkify_build")
    try await warehouse.session.execute(change)
    let report = await warehouse.run(try TwoStars.new.get(), .only([.check, .publish]))
    #expect(report.failedStage == .check)
    #expect(report.checks.values.filter { $0.verdict == .failed }.map(\.name) == [check])
    #expect(
      try await warehouse.scalar("SELECT to_regclass('sparkify.plays_by_day') IS NULL") == "t")
  }

  @Test("come anew with the fact, and what they were counted from is gone")
  func again() async throws {
    let warehouse = try await checkedBuild()
    let session = warehouse.session
    try await session.execute("DELETE FROM sparkify_build.plays_by_day")
    let report = await warehouse.run(
      try TwoStars.new.get(), .only([.loadSongplays, .check, .publish]))
    #expect(report.outcome == .succeeded, "\(report.outcome)")
    #expect(try await warehouse.star() == TwoStars.stars().new)
    let steps = try await warehouse.scalar(
      "SELECT count(*) FROM pg_tables WHERE tablename IN ('play_groups', 'song_months', 'mixed_levels')"
    )
    #expect(steps == "0")
  }

  @Test("leave the fact with an index for each of its keys")
  func indexes() async throws {
    let warehouse = try await checkedBuild()
    for schema in ["sparkify_build", "sparkify"] {
      let rows = try await warehouse.rows(
        "SELECT indexname FROM pg_indexes WHERE schemaname = '\(schema)' "
          + "AND tablename = 'songplays' ORDER BY 1")
      #expect(
        rows == [
          "songplays_artist_id_idx", "songplays_pkey", "songplays_song_id_idx",
          "songplays_start_time_idx", "songplays_user_id_idx",
        ])
      _ = await warehouse.run(try TwoStars.new.get(), .only([.publish]))
    }
  }
}
