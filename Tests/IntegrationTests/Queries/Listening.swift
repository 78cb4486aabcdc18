import Foundation

@testable import Warehouse

/// The plays of a source, read from its records without any part of the product.
struct Listening {
  struct Play {
    var milliseconds: Int
    var user: Int?
    var session: Int
    var item: Int
    var level: String?
    var location: String?
    var agent: String?
    var song: String?
    var artist: String?

    var day: Int { Int((Double(milliseconds) / 86_400_000).rounded(.down)) }
    var hour: Int { milliseconds / 3_600_000 % 24 }
    /// 0 is Sunday; 1970 began on a Thursday.
    var weekday: Int { (day + 4) % 7 }
    /// The Monday of the week, as a day.
    var week: Int { day - (day + 3) % 7 }
    var owner: Owner { Owner(user: user, session: session) }
  }

  /// What a session is known by.
  struct Owner: Hashable {
    var user: Int?
    var session: Int
  }

  struct User {
    var order: (Int, Int, Int)
    var name: String
    var level: String
  }

  /// In the order of time, as `songplay_id` counts.
  var plays: [Play] = []
  var users: [Int: User] = [:]
  var titles: [String: (title: String, artist: String)] = [:]
  /// The name on the artist's least song_id.
  var artists: [String: String] = [:]
  var eventCount = 0
  var songCount = 0

  private struct Match: Hashable {
    var title: String
    var artist: String
    var duration: Double
  }

  init(events: String, songs: String) throws {
    var catalogue: [Match: String] = [:]
    for song in try RealData.objects(songs).sorted(by: { Self.id($0) < Self.id($1) }) {
      songCount += 1
      let (id, artist) = (Self.id(song), song["artist_id"] as? String ?? "")
      let name = Self.text(song["artist_name"]) ?? ""
      let title = Self.text(song["title"]) ?? ""
      titles[id] = (title, artist)
      artists[artist] = artists[artist] ?? name
      let duration = (song["duration"] as? NSNumber)?.doubleValue ?? 0
      let match = Match(title: title, artist: name, duration: duration)
      catalogue[match] = catalogue[match] ?? id
    }
    for event in try RealData.objects(events) {
      eventCount += 1
      note(user: event)
      guard event["page"] as? String == "NextSong" else { continue }
      let match = Match(
        title: Self.text(event["song"]) ?? "", artist: Self.text(event["artist"]) ?? "",
        duration: (event["length"] as? NSNumber)?.doubleValue ?? 0)
      let song = catalogue[match]
      plays.append(
        Play(
          milliseconds: Self.number(event["ts"]), user: Self.user(event),
          session: Self.number(event["sessionId"]), item: Self.number(event["itemInSession"]),
          level: event["level"] as? String, location: event["location"] as? String,
          agent: event["userAgent"] as? String, song: song,
          artist: song.flatMap { titles[$0]?.artist }))
    }
    plays.sort {
      ($0.milliseconds, $0.session, $0.item, $0.user ?? .max)
        < ($1.milliseconds, $1.session, $1.item, $1.user ?? .max)
    }
  }

  private mutating func note(user event: [String: Any]) {
    guard let user = Self.user(event) else { return }
    let order = (
      Self.number(event["ts"]), Self.number(event["sessionId"]), Self.number(event["itemInSession"])
    )
    if let known = users[user], known.order > order { return }
    let name = "\(event["firstName"] ?? "") \(event["lastName"] ?? "")"
    users[user] = User(order: order, name: name, level: event["level"] as? String ?? "")
  }

  private static func id(_ song: [String: Any]) -> String { song["song_id"] as? String ?? "" }

  private static func user(_ event: [String: Any]) -> Int? {
    (event["userId"] as? String).flatMap(Int.init)
  }

  private static func number(_ value: Any?) -> Int { (value as? NSNumber)?.intValue ?? 0 }

  /// Numbers in place of text stand as their digits.
  private static func text(_ value: Any?) -> String? {
    value as? String ?? (value as? NSNumber)?.stringValue
  }
}
