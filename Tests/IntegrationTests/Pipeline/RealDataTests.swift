import Foundation
import Testing

@testable import Warehouse

/// Figures of the star against the real files, counted here a second time.
@Suite("The real data set")
struct RealDataTests {
  private static let large = Task {
    let warehouse = try await TestWarehouse()
    let report = await warehouse.run(events: RealData.events, songs: RealData.allSongs)
    if let error = report.error { throw error }
    try await warehouse.session.execute("SET search_path TO sparkify")
    return warehouse
  }

  private static func plays() throws -> [[String: Any]] {
    try RealData.objects(RealData.events).filter { $0["page"] as? String == "NextSong" }
  }

  /// The moment of an event, in a calendar of Foundation's.
  private static func moment(_ event: [String: Any]) -> DateComponents {
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = .gmt
    let ts = (event["ts"] as? NSNumber)?.int64Value ?? 0
    return calendar.dateComponents(
      [.hour, .weekday, .weekOfYear], from: Date(timeIntervalSince1970: Double(ts) / 1000))
  }

  /// Counts by a key, as `key|count` in the order of the keys.
  private static func counts(_ keys: [Int]) -> [String] {
    Dictionary(keys.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }
      .map { "\($0.key)|\($0.value)" }
  }

  @Test("is whole, or its absence is said in the output: tests of it have no cases then")
  func presence() {
    guard let first = RealData.missing.first else { return }
    print("note: tests of the real data set had no cases: there is no \(first)")
    #expect(RealData.cases.isEmpty)
  }

  @Test("with the small song set has the known figures, twice", arguments: RealData.cases)
  func small(folder: String) async throws {
    let warehouse = try await TestWarehouse()
    var stars: [[String: String]] = []
    for _ in 1...2 {
      let report = await warehouse.run(events: RealData.events, songs: RealData.smallSongs)
      #expect(report.outcome == .succeeded, "\(report.outcome)")
      stars.append(try await warehouse.star())
    }
    #expect(stars[0] == stars[1])
    let figures = stars[0].mapValues { Int($0.prefix { $0 != " " }) }
    #expect(
      figures == [
        "staging_events": 8056, "staging_songs": 71, "songplays": 6820, "users": 97, "songs": 71,
        "artists": 69, "time": 6813, "plays_by_hour": 760, "plays_by_day": 30, "plays_by_song": 1,
        "plays_by_artist": 1, "song_charts": 1, "plays_by_user": 104, "level_changes": 9,
        "listeners_by_week": 15, "sessions_by_length": 70, "sessions_by_user": 96, "row_counts": 7,
      ])
    try await warehouse.session.execute("SET search_path TO sparkify")
    #expect(
      try await warehouse.rows("SELECT level, count(*) FROM users GROUP BY 1 ORDER BY 1")
        == ["free|75", "paid|22"])
    #expect(
      try await warehouse.rows("SELECT gender, count(*) FROM users GROUP BY 1 ORDER BY 1")
        == ["F|55", "M|42"])
    #expect(try await warehouse.scalar("SELECT count(*) FROM songs WHERE year = 0") == "43")
  }

  @Test("with all songs has the known figures", arguments: RealData.cases)
  func allSongs(folder: String) async throws {
    let warehouse = try await Self.large.value
    let row = try await warehouse.rows(
      """
      SELECT (SELECT count(*) FROM songs), (SELECT count(*) FROM artists), count(*),
        count(song_id), count(DISTINCT song_id)
      FROM songplays
      """)
    #expect(row == ["14896|9553|6820|319|209"])
    #expect(try await warehouse.scalar("SELECT count(*) FROM songs WHERE year = 0") == "4762")
  }

  @Test("gives the same star from one file a song, byte for byte", arguments: RealData.cases)
  func oneFileASong(folder: String) async throws {
    let songs = try TemporaryFolder.make()
    let tar = try Subprocess.run(["/bin/tar", "-xzf", RealData.songArchive, "-C", songs])
    #expect(tar.status == 0, "\(tar.output)")
    let warehouse = try await TestWarehouse()
    let report = await warehouse.run(events: RealData.events, songs: songs)
    #expect(report.outcome == .succeeded, "\(report.outcome)")
    #expect(try await warehouse.star() == Self.large.value.star())
  }

  @Test("has plays by hour, weekday and week as the files say", arguments: RealData.cases)
  func times(folder: String) async throws {
    let warehouse = try await Self.large.value
    let moments = try Self.plays().map(Self.moment)
    for (column, keys) in [
      ("hour", moments.map { $0.hour! }), ("weekday", moments.map { $0.weekday! - 1 }),
      ("week", moments.map { $0.weekOfYear! }),
    ] {
      let rows = try await warehouse.rows(
        "SELECT t.\(column), count(*) FROM songplays JOIN time AS t USING (start_time) "
          + "GROUP BY 1 ORDER BY 1")
      #expect(rows == Self.counts(keys), "\(column)")
    }
  }

  @Test("matches the plays whose title, artist and length a song has", arguments: RealData.cases)
  func matches(folder: String) async throws {
    struct Song: Hashable { let title: String, artist: String, duration: Double }
    func song(_ object: [String: Any], _ title: String, _ artist: String, _ duration: String)
      -> Song?
    {
      guard let title = object[title] as? String, let artist = object[artist] as? String,
        let duration = object[duration] as? NSNumber
      else { return nil }
      return Song(title: title, artist: artist, duration: duration.doubleValue)
    }
    var catalogue: [Song: String] = [:]
    for object in try RealData.objects(RealData.allSongs) {
      guard let song = song(object, "title", "artist_name", "duration") else { continue }
      let id = object["song_id"] as! String
      catalogue[song] = min(catalogue[song] ?? id, id)
    }
    let matched = try Self.plays().compactMap { event in
      song(event, "song", "artist", "length").flatMap { catalogue[$0] }.map { id in
        "\((event["ts"] as! NSNumber).int64Value)|\(event["sessionId"]!)|\(id)"
      }
    }
    let warehouse = try await Self.large.value
    let rows = try await warehouse.rows(
      """
      SELECT CAST(round(extract(epoch FROM start_time) * 1000) AS bigint), session_id, song_id
      FROM songplays WHERE song_id IS NOT NULL
      """)
    #expect(rows.sorted() == matched.sorted())
  }

  @Test("has each user's latest values", arguments: RealData.cases)
  func users(folder: String) async throws {
    func order(_ event: [String: Any]) -> (Int, Int, Int) {
      (event["ts"] as! Int, event["sessionId"] as! Int, event["itemInSession"] as! Int)
    }
    var latest: [Int: [String: Any]] = [:]
    for event in try RealData.objects(RealData.events) {
      guard let user = Int(event["userId"] as! String) else { continue }
      if let known = latest[user], order(known) > order(event) { continue }
      latest[user] = event
    }
    let expected = latest.sorted { $0.key < $1.key }.map { user, event in
      "\(user)|\(event["firstName"]!)|\(event["lastName"]!)|\(event["gender"]!)|\(event["level"]!)"
    }
    let warehouse = try await Self.large.value
    #expect(try await warehouse.rows("SELECT * FROM users ORDER BY user_id") == expected)
  }

  @Test("has each artist as on the least song_id", arguments: RealData.cases)
  func artists(folder: String) async throws {
    var least: [String: (song: String, name: String)] = [:]
    for object in try RealData.objects(RealData.allSongs) {
      let song = object["song_id"] as! String
      let artist = object["artist_id"] as! String
      if let known = least[artist], known.song < song { continue }
      least[artist] = (song, "\(object["artist_name"]!)")
    }
    let expected = least.map { "\($0.key)|\($0.value.name)" }.sorted()
    let warehouse = try await Self.large.value
    let rows = try await warehouse.rows("SELECT artist_id, name FROM artists")
    #expect(rows.sorted() == expected)
  }

  @Test("has the artists most played as the files spell them", arguments: RealData.cases)
  func topArtists(folder: String) async throws {
    let names = try Self.plays().map { $0["artist"] as! String }
    let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
    let top = Array(counts.values.sorted(by: >).prefix(10))
    let warehouse = try await Self.large.value
    let rows = try await warehouse.rows(
      "SELECT artist, count(*) FROM staging_events WHERE page = 'NextSong' "
        + "GROUP BY 1 ORDER BY 2 DESC LIMIT 10")
    #expect(rows.map { Int($0.split(separator: "|").last!) } == top)
    for row in rows {
      let parts = row.split(separator: "|")
      #expect(counts[String(parts[0])] == Int(parts[1]))
    }
  }
}
