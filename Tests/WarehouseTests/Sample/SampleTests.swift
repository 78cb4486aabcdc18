import Testing

@testable import Warehouse

@Suite struct SampleTests {
  /// Large enough for shares to settle, small enough to read back.
  private static let large = Result { () throws -> (sample: MadeSample, events: [LoggedEvent]) in
    let sample = try MadeSample {
      $0.songs = 2_000
      $0.events = 20_000
      $0.dirt = .none
    }
    return (sample, sample.events())
  }

  @Test("the same options make the same bytes, and another seed makes others")
  func deterministic() throws {
    let first = try MadeSample { $0.dirt = .broken }.digest()
    #expect(try MadeSample { $0.dirt = .broken }.digest() == first)
    #expect(
      try MadeSample {
        $0.dirt = .broken
        $0.seed = 2
      }.digest() != first)
  }

  @Test("there are exactly as many events as were asked for", arguments: [1, 2, 83, 1_000, 4_321])
  func exactEvents(count: Int) throws {
    let sample = try MadeSample { $0.events = count }
    #expect(sample.summary.events == count)
    #expect(sample.events().count == count)
    #expect(sample.songs().count == 300)
  }

  @Test(
    "the days are filled, and hardly more", arguments: [(2_000, 7), (10_000, 30), (10_000, 90)])
  func fillsDays(events: Int, days: Int) throws {
    let sample = try MadeSample {
      $0.events = events
      $0.days = days
    }
    let end = SampleOptions().start.milliseconds + Int64(days) * 86_400_000
    #expect(sample.summary.last.milliseconds <= end)
    #expect(sample.summary.last.milliseconds > end - Int64(days) * 86_400_000 / 20 - 86_400_000)
    #expect(sample.summary.logFiles <= days)
  }

  @Test("without a number of events the users fill the days")
  func openEnd() throws {
    let sample = try MadeSample {
      $0.events = nil
      $0.users = 100
      $0.days = 10
    }
    #expect(sample.summary.events == sample.events().count)
    #expect((1_000...6_000).contains(sample.summary.events))
    #expect(Set(sample.events().map(\.file)).count == 10)
  }

  @Test("events are spelled as the real ones: keys, order, numbers, nulls, no last line end")
  func spelling() throws {
    let sample = try MadeSample { $0.dirt = .none }
    for (path, bytes) in sample.files where path.hasPrefix("log_data/") {
      #expect(bytes.last == UInt8(ascii: "}"))
      #expect(bytes.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) })
    }
    let events = sample.events()
    #expect(violations(events) { $0["ts"].hasSuffix("796") && $0["ts"].count == 13 }.isEmpty)
    for key in ["artist", "length", "song"] {
      #expect(violations(events) { ($0[key] == "null") == !$0.isPlay }.isEmpty)
    }
    for key in ["firstName", "gender", "lastName", "location", "registration", "userAgent"] {
      #expect(violations(events) { ($0[key] == "null") == !$0.isLoggedIn }.isEmpty)
    }
    #expect(violations(events) { ($0["userId"] == "\"\"") == !$0.isLoggedIn }.isEmpty)
    #expect(violations(events) { ["\"free\"", "\"paid\""].contains($0["level"]) }.isEmpty)
    let loggedIn = events.filter(\.isLoggedIn)
    #expect(violations(loggedIn) { $0["registration"].hasSuffix("796.0") }.isEmpty)
    // An agent with a comma stands between literal quotes.
    #expect(
      violations(loggedIn) { event in
        event["userAgent"].hasPrefix(
          event["userAgent"].contains(",") ? "\"\\\"Mozilla\\/" : "\"Mozilla\\/")
      }.isEmpty)
  }

  @Test("events are sorted, and lie in the file of their day")
  func sorted() throws {
    let events = try MadeSample { _ in }.events()
    let times = events.map { $0.number("ts") }
    #expect(times == times.sorted())
    #expect(
      violations(events) { event in
        let date = Timestamp(milliseconds: Int64(event.number("ts"))).dateText
        let month = date.dropLast(3).replacing("-", with: "/")
        return event.file == "log_data/\(month)/\(date)-events.json"
      }.isEmpty)
  }

  @Test("a session is of one user, gapless, and moves only as the application lets it")
  func sessions() throws {
    let events = try Self.large.get().events
    let sessions = Dictionary(grouping: events) { $0.number("sessionId") }
    #expect(sessions.count == (try Self.large.get().sample.summary.sessions))
    #expect(
      violations(sessions.values) { session in
        session.map { $0.number("itemInSession") } == Array(session.indices)
          && Set(session.map { $0["userId"] }).subtracting(["\"\""]).count <= 1
      }.isEmpty)
    let steps = sessions.values.flatMap { Array(zip($0, $0.dropFirst())) }
    func gap(_ step: (LoggedEvent, LoggedEvent)) -> Int {
      step.1.number("ts") - step.0.number("ts")
    }
    let songs = steps.filter { $0.0.isPlay && $0.1.isPlay }
    #expect(songs.count > 8_000)
    #expect(
      violations(songs) { gap($0) == Int($0.0["length"].prefix { $0 != "." }).map { $0 * 1000 } }
        .isEmpty)
    let redirects = steps.filter { $0.0["status"] == "307" }
    #expect(redirects.count > 300)
    #expect(violations(redirects) { gap($0) == 1000 }.isEmpty)
    #expect(
      violations(steps) { step in
        (step.0["level"] != step.1["level"]) == step.0.page.hasPrefix("Submit ")
      }.isEmpty)
    #expect(
      violations(steps) { step in
        (step.0.isLoggedIn != step.1.isLoggedIn) == ["Login", "Logout"].contains(step.0.page)
      }.isEmpty)
  }

  @Test("pages carry their method and status")
  func pages() throws {
    let redirects = ["Login", "Logout", "Save Settings", "Submit Upgrade", "Submit Downgrade"]
    let events = try Self.large.get().events
    #expect(
      violations(events) { event in
        let page = event.page
        let isRedirect = redirects.contains(page)
        let status = isRedirect ? "307" : page == "Error" ? "404" : "200"
        return event["method"] == (isRedirect || event.isPlay ? "\"PUT\"" : "\"GET\"")
          && event["status"] == status
      }.isEmpty)
    #expect(violations(events.filter(\.isPlay), \.isLoggedIn).isEmpty)
  }

  @Test("a user has one identity, and keeps the level between sessions")
  func identities() throws {
    let events = try Self.large.get().events.filter(\.isLoggedIn)
    let users = Dictionary(grouping: events) { $0["userId"] }.values
    for key in ["firstName", "lastName", "gender", "location", "userAgent", "registration"] {
      #expect(violations(users) { user in Set(user.map { $0[key] }).count == 1 }.isEmpty)
    }
    let steps = users.flatMap { Array(zip($0, $0.dropFirst())) }
    #expect(
      violations(steps) { step in
        step.0["level"] == step.1["level"] || step.0.page.hasPrefix("Submit ")
      }.isEmpty)
  }

  @Test("what follows a play is as likely as in the real logs")
  func transitions() throws {
    let events = try Self.large.get().events
    let sessions = Dictionary(grouping: events) { $0.number("sessionId") }.values
    func share(_ level: String, _ page: String?) -> Double {
      var all = 0.0
      var hits = 0.0
      for session in sessions {
        for (index, event) in session.enumerated()
        where event.isPlay && event["level"] == "\"\(level)\"" {
          all += 1
          let next = index + 1 < session.count ? session[index + 1].page : nil
          if next == page { hits += 1 }
        }
      }
      return hits / all
    }
    // The real logs: 0.923, 0.023, 0.501, 0.439, 0.021, 0.020, 0.009, 0.012.
    #expect(abs(share("paid", "NextSong") - 0.923) < 0.01)
    #expect(abs(share("paid", nil) - 0.023) < 0.01)
    #expect(abs(share("free", "NextSong") - 0.501) < 0.02)
    #expect(abs(share("free", nil) - 0.439) < 0.02)
    #expect(abs(share("paid", "Home") - 0.021) < 0.01)
    #expect(abs(share("free", "Logout") - 0.020) < 0.01)
    #expect(abs(share("paid", "Downgrade") - 0.009) < 0.01)
    #expect(abs(share("free", "Upgrade") - 0.012) < 0.01)
  }

  @Test("sessions follow the day, rest at weekends, and grow in number")
  func rhythm() throws {
    let events = try Self.large.get().events.filter { $0["itemInSession"] == "0" }
    let hours = tally(events.map { $0.number("ts") / 3_600_000 % 24 })
    func sum(_ range: Range<Int>) -> Double { Double(range.map { hours[$0] ?? 0 }.reduce(0, +)) }
    #expect(sum(13..<17) > 1.8 * sum(1..<5))
    // 2018-11-01 was a Thursday.
    let days = tally(
      events.map { ($0.number("ts") - Int(SampleOptions().start.milliseconds)) / 86_400_000 })
    let weekends = [2, 3, 9, 10, 16, 17, 23, 24].map { Double(days[$0] ?? 0) }.reduce(0, +) / 8
    let workdays =
      [4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 18, 19, 20, 21, 22].map {
        Double(days[$0] ?? 0)
      }.reduce(0, +) / 15
    #expect((0.4...0.7).contains(weekends / workdays))
    let early = (4...8).map { days[$0] ?? 0 }.reduce(0, +)
    let late = (25...29).map { days[$0] ?? 0 }.reduce(0, +)
    #expect(Double(late) > 1.3 * Double(early))
  }

  @Test("a few songs are played very often, most hardly ever, and one rises")
  func popularity() throws {
    let plays = try Self.large.get().events.filter(\.isPlay)
    let counts = tally(plays.map(\.songKey))
    let top = counts.values.sorted(by: >).prefix(counts.count / 20).reduce(0, +)
    #expect(Double(top) > 0.35 * Double(plays.count))
    func hits(_ plays: ArraySlice<LoggedEvent>) -> Int {
      plays.count { $0["song"] == "\"\(SampleCatalogue.hitTitle)\"" }
    }
    #expect(hits(plays.suffix(4_000)) > 10 * max(1, hits(plays.prefix(4_000))))
  }

  @Test("a play matches a song of the catalogue exactly, unless it is one from outside")
  func matches() throws {
    let sample = try MadeSample {
      $0.dirt = .none
      $0.outsideShare = 0.951
    }
    let keys = [
      "artist_id", "artist_latitude", "artist_location", "artist_longitude", "artist_name",
      "duration", "num_songs", "song_id", "title", "year",
    ]
    let songs = try sample.songs().map { try #require(fields(keys, of: $0)) }
    func text(_ song: [String: String], _ key: String) -> String { song[key] ?? "" }
    let known = Set(
      songs.map { text($0, "title") + text($0, "artist_name") + text($0, "duration") })
    #expect(known.count == 300)
    #expect(Set(songs.map { text($0, "song_id") }).count == 300)
    #expect(songs.allSatisfy { text($0, "song_id").count == 20 })
    let plays = sample.events().filter(\.isPlay)
    let outside = plays.count { !known.contains($0.songKey) }
    #expect(outside == sample.summary.playsOutside)
    #expect(plays.count == sample.summary.plays)
    #expect(abs(Double(outside) / Double(plays.count) - 0.951) < 0.02)
    let unknownYears = songs.count { text($0, "year") == "0" }
    #expect((70...130).contains(unknownYears))
    let unplaced = songs.count { text($0, "artist_latitude") == "null" }
    #expect((150...250).contains(unplaced))
    let byArtist = Dictionary(grouping: songs) { text($0, "artist_id") }
    #expect(byArtist.values.contains { $0.count > 2 })
    #expect(byArtist.values.allSatisfy { Set($0.map { text($0, "artist_name") }).count == 1 })
  }

  @Test("the summary counts what the files hold")
  func summary() throws {
    let (sample, events) = try Self.large.get()
    #expect(sample.summary.users == Set(events.filter(\.isLoggedIn).map { $0["userId"] }).count)
    #expect(sample.summary.upgrades == events.count { $0.page == "Submit Upgrade" })
    #expect(sample.summary.downgrades == events.count { $0.page == "Submit Downgrade" })
    #expect(sample.summary.upgrades > 8)
    #expect(sample.summary.logFiles == Set(events.map(\.file)).count)
    #expect(Int(sample.summary.first.milliseconds) == events.first?.number("ts"))
    #expect(Int(sample.summary.last.milliseconds) == events.last?.number("ts"))
    let bytes = sample.files.filter { !$0.path.hasPrefix(".") }.map(\.bytes.count)
    #expect(sample.summary.bytes == bytes.reduce(0, +))
    // 466 bytes an event in the real logs.
    let logged = sample.files.filter { $0.path.hasPrefix("log_data") }.map(\.bytes.count)
    #expect((430...510).contains(logged.reduce(0, +) / events.count))
  }

  @Test("dirt is there when it is asked for, and broken records cost no others")
  func dirt() throws {
    let sample = try MadeSample {
      $0.dirt = SampleDirt(
        misdecoded: 1, controlCharacters: 0.2, numbersAsText: 0.1, trailingSpaces: 0.1,
        brokenRecords: 0.02)
    }
    let lines = sample.lines()
    let events = sample.events()
    #expect(events.count == 5_000)
    #expect(sample.summary.brokenRecords == lines.count - events.count)
    #expect((50...160).contains(sample.summary.brokenRecords))
    let plays = events.filter(\.isPlay)
    #expect(plays.contains { $0["artist"].contains("\\u00c3\\u0083") })
    #expect(plays.contains { $0["song"].contains("\\u0019") })
    #expect(plays.contains { Int($0["artist"]) != nil })
    #expect(plays.contains { $0["song"].hasSuffix(" \"") })
    let cleanLines = try MadeSample { $0.dirt = .none }.lines()
    let clean = cleanLines.map { String(decoding: $0.text, as: UTF8.self) }.joined()
    #expect(!clean.contains("\\u00c3\\u0083") && !clean.contains("\\u001"))
  }

  @Test("songs lie in a file each below folders of their track, or in lines")
  func layouts() throws {
    let files = try MadeSample {
      $0.songs = 60
      $0.songLayout = .files
    }
    let paths = files.files.map(\.path).filter { $0.hasPrefix("song_data/") }
    #expect(paths.count == 60)
    for path in paths {
      let parts = path.split(separator: "/")
      try #require(parts.count == 5)
      #expect(parts[4].count == 23 && parts[4].hasSuffix(".json") && parts[4].hasPrefix("TRA"))
      #expect(parts[4].dropFirst(2).prefix(3) == parts[1] + parts[2] + parts[3])
    }
    let lines = try MadeSample {
      $0.songs = 60
      $0.songLayout = .lines
    }
    #expect(lines.summary.songFiles == 1)
    #expect(Set(files.songs()) == Set(lines.songs()))
    #expect(
      files.files.first { $0.path == "log_json_path.json" }?.bytes.count ?? 0 > 400)
  }

  @Test(
    "the numbers that are not given are found",
    arguments: [
      (100_000, nil, nil, 1204, 30), (10_000_000, nil, nil, 9875, 366), (8_300, 100, nil, 100, 30),
      (8_300, nil, 60, 50, 60), (1, nil, nil, 1, 30),
    ] as [(Int, Int?, Int?, Int, Int)])
  func plans(events: Int, users: Int?, days: Int?, plannedUsers: Int, plannedDays: Int) throws {
    var options = SampleOptions()
    options.events = events
    options.users = users
    options.days = days
    let plan = try SamplePlan(options)
    #expect(plan.users == plannedUsers)
    #expect(plan.days == plannedDays)
  }

  @Test("options out of range are refused")
  func ranges() throws {
    func refuses(_ change: (inout SampleOptions) -> Void) {
      var options = SampleOptions()
      change(&options)
      let error = #expect(throws: WarehouseError.self) { _ = try SamplePlan(options) }
      #expect(error?.kind == .usage)
      #expect(error?.hint?.hasSuffix(".") == true)
    }
    refuses { $0.songs = 0 }
    refuses { $0.events = -1 }
    refuses { $0.users = 0 }
    refuses { $0.days = 100_000 }
    refuses { $0.start = Timestamp(milliseconds: 0) }
    refuses { $0.start = Timestamp(milliseconds: 1_541_030_400_796) }
    refuses { $0.outsideShare = 1.5 }
    refuses { $0.paidShare = -.infinity }
    refuses { $0.dirt.misdecoded = .nan }
  }
}
