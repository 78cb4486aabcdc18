import Foundation

/// What the shipped queries have to answer, counted from the records: rows as `TestWarehouse.rows`
/// writes them.
extension Listening {
  /// The answer of a query with these parameters; nil for a query that nobody counted yet.
  func answer(_ query: String, _ parameters: [String: String]) -> [String]? {
    let level = parameters["level"] ?? "all"
    let limit = Int(parameters["limit"] ?? "") ?? 20
    return switch query {
    case "calendar":
      days { "\(date($0[0].week))|\(weekdayName($0[0]))|\(date($0[0].day))|\($0.count)" }
    case "catalogue-coverage": coverage
    case "day-parts": dayParts
    case "faithful-few": faithfulFew
    case "level-changes": levelChanges
    case "locations": Array(locations.prefix(limit))
    case "long-tail": longTail
    case "longest-streaks": Array(streaks.prefix(limit))
    case "new-and-returning": newAndReturning
    case "number-ones": numberOnes
    case "paid-and-free": days(paidAndFree)
    case "plays-by-day":
      days { plays in
        "\(date(plays[0].day))|\(plays.count)|\(listeners(plays))|\(Set(plays.map(\.owner)).count)"
      }
    case "plays-by-hour": hours(level) { [$0.hour] }
    case "retention": retention
    case "row-counts": rowCounts
    case "sessions": sessions
    case "top-artists": Array(topArtists.prefix(limit))
    case "top-listeners": Array(topListeners.prefix(limit))
    case "top-songs": Array(topSongs.prefix(limit))
    case "user-agents": browsers
    case "weekday-hours": weekdayHours(level)
    case "weekend-rhythm": weekendRhythm
    default: nil
    }
  }

  // MARK: Time

  private func days(_ row: ([Play]) -> String) -> [String] {
    groups(plays, by: \.day).sorted { $0.key < $1.key }.map { row($0.value) }
  }

  private func hours(_ level: String, _ key: (Play) -> [Int]) -> [String] {
    groups(plays.filter { level == "all" || $0.level == level }, by: key)
      .sorted { $0.key.lexicographicallyPrecedes($1.key) }
      .map { ($0.key + [$0.value.count]).map(String.init).joined(separator: "|") }
  }

  private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

  private func weekdayName(_ play: Play) -> String { Self.weekdays[(play.weekday + 6) % 7] }

  private func weekdayHours(_ level: String) -> [String] {
    let chosen = plays.filter { level == "all" || $0.level == level }
    return Self.weekdays.flatMap { name in
      (0..<24).compactMap { hour in
        let count = chosen.count { weekdayName($0) == name && $0.hour == hour }
        return count > 0 ? "\(name)|\(hour)|\(count)" : nil
      }
    }
  }

  private func paidAndFree(_ plays: [Play]) -> String {
    let paid = plays.count { $0.level == "paid" }
    let free = plays.count { $0.level == "free" }
    return "\(date(plays[0].day))|\(paid)|\(free)|\(percent(paid, of: plays.count))"
  }

  private var dayParts: [String] {
    let names = ["night, 0 to 6", "morning, 6 to 12", "afternoon, 12 to 18", "evening, 18 to 24"]
    return groups(plays) { [$0.hour / 6, $0.day] }
      .sorted { $0.key.lexicographicallyPrecedes($1.key) }
      .map { "\(names[$0.key[0]])|\(date($0.key[1]))|\($0.value.count)" }
  }

  private var weekendRhythm: [String] {
    func kind(_ play: Play) -> String { [0, 6].contains(play.weekday) ? "weekend" : "weekday" }
    return (0..<24).flatMap { hour in
      ["weekday", "weekend"].compactMap { days in
        let all = plays.filter { kind($0) == days }
        let count = all.count { $0.hour == hour }
        guard count > 0 else { return nil }
        return "\(hour)|\(days)|\(tenths(10 * count, by: Set(all.map(\.day)).count))"
      }
    }
  }

  // MARK: Music

  private var played: [(song: String, plays: Int)] { ranking(plays.compactMap(\.song)) }

  private var topSongs: [String] {
    played.map { song, plays in
      let (title, artist) = titles[song] ?? ("", "")
      return "\(title)|\(artists[artist] ?? "")|\(plays)|\(song)"
    }
  }

  private var topArtists: [String] {
    ranking(plays.compactMap(\.artist)).map { artist, count in
      let songs = Set(plays.filter { $0.artist == artist }.compactMap(\.song))
      return "\(artists[artist] ?? "")|\(count)|\(songs.count)|\(artist)"
    }
  }

  private var numberOnes: [String] {
    groups(plays.filter { $0.song != nil }) { String(date($0.day).prefix(7)) }
      .sorted { $0.key < $1.key }
      .compactMap { month, plays in
        guard let (song, count) = ranking(plays.compactMap(\.song)).first else { return nil }
        let (title, artist) = titles[song] ?? ("", "")
        return "\(month)-01|\(title)|\(artists[artist] ?? "")|\(count)|\(song)|\(month) · \(title)"
      }
  }

  private var longTail: [String] {
    let classes = [
      (1...1, "once"), (2...5, "2 to 5 times"), (6...20, "6 to 20 times"),
      (21...100, "21 to 100 times"), (101...Int.max, "over 100 times"),
    ]
    let all = played.reduce(0) { $0 + $1.plays }
    return classes.compactMap { range, name in
      let songs = played.filter { range.contains($0.plays) }
      let plays = songs.reduce(0) { $0 + $1.plays }
      return songs.isEmpty ? nil : "\(name)|\(songs.count)|\(plays)|\(percent(plays, of: all))"
    }
  }

  // MARK: Listeners

  private var byUser: [Int: [Play]] {
    groups(plays.filter { $0.user != nil }) { $0.user ?? 0 }
  }

  private var ranked: [(user: Int, plays: [Play])] {
    byUser.map { (user: $0.key, plays: $0.value) }
      .sorted { (-$0.plays.count, $0.user) < (-$1.plays.count, $1.user) }
  }

  private var topListeners: [String] {
    ranked.map { user, plays in
      "\(user)|\(users[user]?.name ?? "")|\(users[user]?.level ?? "")|\(plays.count)|"
        + "\(Set(plays.map(\.session)).count)"
    }
  }

  private var streaks: [String] {
    ranked.map { user, plays -> (streak: Int, plays: Int, user: Int, days: Int) in
      let days = Set(plays.map(\.day))
      let longest = days.filter { !days.contains($0 - 1) }.map { first in
        (first...).prefix { days.contains($0) }.count
      }
      return (longest.max() ?? 0, plays.count, user, days.count)
    }
    .sorted { (-$0.streak, -$0.plays, $0.user) < (-$1.streak, -$1.plays, $1.user) }
    .map { "\($0.user)|\(users[$0.user]?.name ?? "")|\($0.streak)|\($0.days)|\($0.plays)" }
  }

  /// As SQL does it: where groups differ in size, the first are larger by one.
  private var faithfulFew: [String] {
    let (size, larger) = ranked.count.quotientAndRemainder(dividingBy: 10)
    let all = ranked.reduce(0) { $0 + $1.plays.count }
    var (rest, soFar) = (ranked[...], 0)
    return (1...10).compactMap { tenth in
      let group = rest.prefix(size + (tenth <= larger ? 1 : 0))
      rest = rest.dropFirst(group.count)
      guard !group.isEmpty else { return nil }
      let count = group.reduce(0) { $0 + $1.plays.count }
      soFar += count
      return
        "\(tenth)|\(group.count)|\(count)|\(percent(count, of: all))|\(percent(soFar, of: all))"
    }
  }

  private var levelChanges: [String] {
    var last: [Int: String] = [:]
    var changes: [(play: Play, from: String)] = []
    for play in plays {
      guard let user = play.user, let level = play.level else { continue }
      if let from = last[user], from != level { changes.append((play, from)) }
      last[user] = level
    }
    changes.sort {
      ($0.play.milliseconds, $0.play.user ?? 0) < ($1.play.milliseconds, $1.play.user ?? 0)
    }
    var net = 0
    return changes.map { play, from in
      net += play.level == "paid" ? 1 : -1
      return "\(play.user ?? 0)|\(moment(play.milliseconds))|\(from)|\(play.level ?? "")|\(net)"
    }
  }

  private var locations: [String] {
    groups(plays, by: \.location).map { place, plays in
      (count: plays.count, row: "\(place ?? "∅")|\(plays.count)|\(listeners(plays))", place: place)
    }
    .sorted { ($0.count, $1.place ?? "\u{10FFFF}") > ($1.count, $0.place ?? "\u{10FFFF}") }
    .map(\.row)
  }

  private var browsers: [String] {
    func family(_ agent: String?) -> String {
      guard let agent else { return "not known" }
      let families = [
        ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("iPhone", "Safari on iOS"),
        ("iPad", "Safari on iOS"), ("Safari/", "Safari"), ("MSIE ", "Internet Explorer"),
        ("Trident/", "Internet Explorer"),
      ]
      return families.first { agent.contains($0.0) }?.1 ?? "other"
    }
    return groups(plays) { family($0.agent) }
      .sorted { (-$0.value.count, $0.key) < (-$1.value.count, $1.key) }
      .map { "\($0.key)|\($0.value.count)|\(listeners($0.value))" }
  }

  private var sessions: [String] {
    let classes = [
      (1...1, "1"), (2...5, "2 to 5"), (6...20, "6 to 20"), (21...50, "21 to 50"),
      (51...Int.max, "over 50"),
    ]
    let all = groups(plays, by: \.owner).values
    return classes.compactMap { range, name in
      let sessions = all.filter { range.contains($0.count) }
      guard !sessions.isEmpty else { return nil }
      let total = sessions.reduce(0) { sum, plays in
        sum + plays[plays.count - 1].milliseconds - plays[0].milliseconds
      }
      return "\(name)|\(sessions.count)|\(tenths(10 * total, by: 60_000 * sessions.count))"
    }
  }

  /// Of each user the first week and all weeks.
  private var weeks: [(first: Int, week: Int)] {
    byUser.values.flatMap { plays in
      let weeks = Set(plays.map(\.week))
      return weeks.map { (first: weeks.min() ?? 0, week: $0) }
    }
  }

  private var retention: [String] {
    groups(weeks) { [$0.first, $0.week] }
      .sorted { $0.key.lexicographicallyPrecedes($1.key) }
      .map { "\(date($0.key[0]))|\(($0.key[1] - $0.key[0]) / 7)|\($0.value.count)" }
  }

  private var newAndReturning: [String] {
    groups(weeks) { "\(date($0.week))|\($0.week == $0.first ? "new" : "returning")" }
      .sorted { $0.key < $1.key }
      .map { "\($0.key)|\($0.value.count)" }
  }

  // MARK: Warehouse

  private var coverage: [String] {
    let known = plays.count { $0.song != nil }
    let halves = [("in the catalogue", known), ("not in the catalogue", plays.count - known)]
    return halves.filter { $0.1 > 0 }.sorted { (-$0.1, $0.0) < (-$1.1, $1.0) }
      .map { "\($0.0)|\($0.1)|\(percent($0.1, of: plays.count))" }
  }

  private var rowCounts: [String] {
    [
      ("artists", artists.count), ("songplays", plays.count), ("songs", titles.count),
      ("staging_events", eventCount), ("staging_songs", songCount),
      ("time", Set(plays.map(\.milliseconds)).count), ("users", users.count),
    ].sorted { (-$0.1, $0.0) < (-$1.1, $1.0) }.map { "\($0.0)|\($0.1)" }
  }

  // MARK: Parts

  private func groups<Element, Key: Hashable>(
    _ elements: [Element], by key: (Element) -> Key
  ) -> [Key: [Element]] { Dictionary(grouping: elements, by: key) }

  private func listeners(_ plays: [Play]) -> Int { Set(plays.compactMap(\.user)).count }

  /// Keys by how often they stand there; of equals the least leads.
  private func ranking(_ keys: [String]) -> [(song: String, plays: Int)] {
    groups(keys, by: \.self).map { (song: $0.key, plays: $0.value.count) }
      .sorted { (-$0.plays, $0.song) < (-$1.plays, $1.song) }
  }

  private func percent(_ part: Int, of whole: Int) -> String { tenths(1000 * part, by: whole) }

  /// The quotient, rounded half up, as a number with one decimal whose tenths it is.
  private func tenths(_ dividend: Int, by divisor: Int) -> String {
    let tenths = (2 * dividend + divisor) / (2 * divisor)
    return "\(tenths / 10).\(tenths % 10)"
  }

  private func date(_ day: Int) -> String {
    String(moment(day * 86_400_000).prefix(10))
  }

  /// `2018-11-01 21:01:46.796`, without zeros at the end of a fraction.
  private func moment(_ milliseconds: Int) -> String {
    let text = Date(timeIntervalSince1970: Double(milliseconds / 1000))
      .ISO8601Format().replacing("T", with: " ").replacing("Z", with: "")
    guard milliseconds % 1000 > 0 else { return text }
    var fraction = String(1000 + milliseconds % 1000).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    return text + "." + fraction
  }
}
