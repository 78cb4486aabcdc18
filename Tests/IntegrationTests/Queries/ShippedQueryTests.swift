import Testing

@testable import Warehouse

/// Every shipped query against a second count of the same records.
@Suite("The shipped queries")
struct ShippedQueryTests {
  private static let library = QueryLibrary(folders: [Program.packageFolder + "/queries"])

  /// A source, its published star, and its plays as they stand in the files.
  struct Answered: Sendable {
    var warehouse: TestWarehouse
    var listening: Listening

    init(events: String, songs: String) async throws {
      warehouse = try await TestWarehouse()
      let report = await warehouse.run(events: events, songs: songs)
      if let error = report.error { throw error }
      try await warehouse.session.execute("SET search_path TO sparkify")
      listening = try Listening(events: events, songs: songs)
    }
  }

  private static let sample = Task {
    var options = SampleOptions()
    (options.songs, options.events, options.days) = (300, 12_000, 75)
    let made = try Sample.write(options, to: TemporaryFolder.make() + "/sample")
    return try await Answered(events: made.logData, songs: made.songData)
  }

  private static let real = Task {
    try await Answered(events: RealData.events, songs: RealData.allSongs)
  }

  /// What no ordinary source has: plays without a user or a place, a session of two users, over
  /// midnight and into a new week, levels that change within a second, a missing level.
  private static let odd = Task {
    func play(
      _ ts: Int64, _ user: Any?, _ session: Int, _ item: Int, _ level: String = "free",
      location: String? = "Lyon", agent: String = "Firefox/1"
    ) -> String {
      Record.event(
        ts: ts, user: user, session: session, item: item,
        song: item.isMultiple(of: 2) ? "One" : "Two", artist: "A", length: 100.5, level: level,
        location: location, agent: agent)
    }
    let midnight: Int64 = 1_541_376_000_000  // Monday, 2018-11-05
    let source = try SourceFolder(
      events: [
        play(midnight - 2000, "1", 1, 0), play(midnight - 1000, "1", 1, 1, "paid"),
        play(midnight - 1000, "1", 1, 2), play(midnight - 500, "1", 1, 3, "paid"),
        play(midnight + 20, "1", 1, 4, "paid", location: nil),
        play(midnight + 1000, "2", 1, 0, agent: "curl"), play(midnight + 1000, "", 7, 0),
        play(midnight + 86_400_000, "", 7, 1, location: nil, agent: "Chrome/7 Safari/1"),
        play(midnight + 604_800_000, "2", 9, 1, "paid", agent: "iPad Safari/2"),
      ],
      songs: [
        Record.song("S1", artist: "A1", title: "One", name: "A"),
        Record.song("S2", artist: "A1", title: "One", name: "A", duration: 7),
      ])
    return try await Answered(events: source.events, songs: source.songs)
  }

  private static let sources =
    ["sample", "odd"] + (RealData.cases.isEmpty ? [] : ["real"])

  private static func answered(_ source: String) async throws -> Answered {
    switch source {
    case "odd": try await odd.value
    case "real": try await real.value
    default: try await sample.value
    }
  }

  /// Every choice of each parameter; of a limit a small and a large one.
  private static func variants(_ query: SavedQuery) -> [[String: String]] {
    query.parameters.reduce([[:]]) { variants, parameter in
      let values = parameter.choices.isEmpty ? ["3", "100000"] : parameter.choices
      return variants.flatMap { variant in
        values.map { variant.merging([parameter.name: $0]) { $1 } }
      }
    }
  }

  @Test("answer what the records say", arguments: sources, library.names)
  func answers(source: String, name: String) async throws {
    let answered = try await Self.answered(source)
    let query = try #require(try Self.library.query(name))
    for parameters in Self.variants(query) {
      let statement = try #require(query.script(parameters).statements.first)
      let rows = try await answered.warehouse.session.execute(statement).rows
        .map { $0.map { $0 ?? "∅" }.joined(separator: "|") }
      let expected = try #require(answered.listening.answer(name, parameters))
      #expect(rows == expected, "\(parameters)")
      #expect(!rows.isEmpty || source == "odd")
    }
  }

  @Test("say what they are, and draw columns that they have", arguments: library.names)
  func headers(name: String) async throws {
    let query = try #require(try Self.library.query(name))
    #expect(!query.about.isEmpty && !query.group.isEmpty && query.title != name)
    let statement = try #require(query.script([:]).statements.first)
    let session = try await Self.sample.value.warehouse.session
    let columns = try await session.execute(statement).columns.map(\.name)
    let drawn = try #require(query.chart).split(separator: " ").dropFirst()
      .filter { !$0.hasPrefix("unit=") && !$0.hasPrefix("other=") }
      .compactMap { $0.split(separator: "=").last.map(String.init) }
    #expect(drawn.count >= 2 && Set(drawn).isSubset(of: columns), "\(columns)")
  }

  /// The column that counts the rows behind; of those that are not named here `plays`.
  private static let countOfRows = [
    "sessions": "sessions", "retention": "listeners", "new-and-returning": "listeners",
    "faithful-few": "listeners", "row-counts": "row_count",
  ]

  /// Their rows behind are more than what they count, or count something else.
  private static let countOtherwise = [
    "level-changes", "weekend-rhythm", "long-tail", "paid-and-free",
  ]

  @Test(
    "open as many rows behind a bar as it counts",
    arguments: library.names.filter { !countOtherwise.contains($0) })
  func rowsBehind(name: String) async throws {
    for answered in [try await Self.sample.value, try await Self.odd.value] {
      let session = answered.warehouse.session
      let query = try #require(try Self.library.query(name))
      let result = try await session.execute(try #require(query.script([:]).statements.first))
      let title = Self.countOfRows[name] ?? "plays"
      let count = try #require(result.columns.firstIndex { $0.name == title })
      for row in result.rows.prefix(12) {
        let behind = try #require(try query.rowsBehind(row, columns: result.columns, [:]))
        let rows = try await session.execute(behind).rows
        #expect(row[count] == "\(rows.count)", "\(row)")
      }
    }
  }

  @Test("open rows behind what counts something else, too", arguments: countOtherwise)
  func otherRowsBehind(name: String) async throws {
    let session = try await Self.odd.value.warehouse.session
    let query = try #require(try Self.library.query(name))
    let result = try await session.execute(try #require(query.script([:]).statements.first))
    guard let row = result.rows.first else { return }
    let behind = try #require(try query.rowsBehind(row, columns: result.columns, [:]))
    #expect(try await !session.execute(behind).rows.isEmpty)
  }

  @Test("are at least seventeen, and those that analysts start from are among them")
  func names() {
    #expect(Self.library.names.count >= 17)
    let usual = [
      "top-songs", "top-artists", "plays-by-hour", "weekday-hours", "plays-by-day",
      "paid-and-free", "top-listeners", "locations", "sessions", "user-agents", "level-changes",
      "retention", "catalogue-coverage", "row-counts",
    ]
    #expect(Set(usual).isSubset(of: Self.library.names))
  }
}
