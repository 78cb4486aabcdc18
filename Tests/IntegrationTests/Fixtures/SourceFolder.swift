import Foundation

@testable import Warehouse

/// A source of the pipeline that a test wrote: events and songs in files of its own.
struct SourceFolder: Sendable {
  let path: String
  var events: String { path + "/log_data" }
  var songs: String { path + "/song_data" }

  /// Writes files; a name holds its path below the source, `log_data/a.json`.
  init(_ files: [String: String]) throws {
    path = try TemporaryFolder.make()
    try FileSystem.makeFolder(path + "/log_data")
    try FileSystem.makeFolder(path + "/song_data")
    for (name, text) in files { try write(text, to: name) }
  }

  /// One file of events and one of songs.
  init(events: [String], songs: [String]) throws {
    try self.init([
      "log_data/a.json": events.joined(separator: "\n"),
      "song_data/a.json": songs.joined(separator: "\n"),
    ])
  }

  /// Replaces a file, or adds one.
  func write(_ text: String, to name: String) throws {
    let file = path + "/" + name
    try FileSystem.makeFolder(FileSystem.parent(of: file))
    try FileSystem.write(Array(text.utf8), to: file)
  }

  /// A few plays of `users` people, and songs of which every second one was played.
  static func small(users: Int, seed: Int = 0) throws -> SourceFolder {
    var (events, songs): ([String], [String]) = ([], [])
    for user in 1...users {
      let (title, name) = ("Title \(user)", "Name \(user)")
      let duration = 100.5 + Double(user)
      songs.append(
        Record.song(
          "S\(seed)_\(user)", artist: "A\(user)", title: title, name: name, duration: duration))
      for item in 0..<3 {
        let ts: Int64 = 1_541_100_000_796 + Int64(user) * 1000 + Int64(item)
        events.append(
          Record.event(
            ts: ts, user: "\(user)", session: user, item: item,
            song: user.isMultiple(of: 2) ? title : "Other", artist: name, length: duration))
      }
    }
    return try SourceFolder(events: events, songs: songs)
  }
}

/// Records as the source spells them.
enum Record {
  static func event(
    ts: Int64 = 1_541_100_000_796, user: Any? = "1", session: Int = 1, item: Int = 0,
    page: String = "NextSong", song: Any? = nil, artist: Any? = nil, length: Any? = nil,
    level: String = "free", first: String = "Ava", last: String = "Robinson", gender: String = "F",
    location: String? = "Lyon", agent: String = "curl", with others: [String: Any] = [:]
  ) -> String {
    var members: [String: Any] = [
      "ts": ts, "userId": user ?? NSNull(), "sessionId": session, "itemInSession": item,
      "page": page, "song": song ?? NSNull(), "artist": artist ?? NSNull(),
      "length": length ?? NSNull(), "level": level, "firstName": first, "lastName": last,
      "gender": gender, "location": location ?? NSNull(), "userAgent": agent, "auth": "Logged In",
      "method": "PUT", "status": 200, "registration": 1_540_919_166_796,
    ]
    members.merge(others) { $1 }
    return json(members)
  }

  static func song(
    _ id: String, artist: String, title: Any? = "Title", name: Any? = "Name",
    duration: Any? = 100.5, year: Int = 2001, location: Any? = "", latitude: Any? = nil,
    longitude: Any? = nil
  ) -> String {
    json([
      "song_id": id, "artist_id": artist, "title": title ?? NSNull(),
      "artist_name": name ?? NSNull(), "duration": duration ?? NSNull(), "year": year,
      "artist_location": location ?? NSNull(), "artist_latitude": latitude ?? NSNull(),
      "artist_longitude": longitude ?? NSNull(), "num_songs": 1,
    ])
  }

  private static func json(_ members: [String: Any]) -> String {
    let data = try? JSONSerialization.data(withJSONObject: members, options: .sortedKeys)
    return String(decoding: data ?? Data(), as: UTF8.self)
  }
}
