import Glibc

@testable import Warehouse

/// A sample in a folder of its own, read back line by line.
struct MadeSample {
  let folder: ScratchFolder
  let summary: SampleSummary

  init(_ change: (inout SampleOptions) -> Void) throws {
    var options = SampleOptions()
    options.songs = 300
    options.events = 5_000
    options.songLayout = .lines
    change(&options)
    folder = try ScratchFolder()
    summary = try Sample.write(options, to: folder.path + "/sample")
  }

  /// All files below the sample, by their paths in it, in order.
  func files() throws -> [(path: String, bytes: [UInt8])] {
    try Self.files(in: summary.folder).map { path in
      (String(path.dropFirst(summary.folder.count + 1)), try FileSystem.read(path, limit: 1 << 30))
    }
  }

  /// A digest of all paths and bytes: FNV-1a.
  func digest() throws -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for (path, bytes) in try files() {
      for byte in Array(path.utf8) + bytes {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
      }
    }
    return hash
  }

  /// The lines of the logs with the file that each is in, broken ones too.
  func lines() throws -> [(file: String, text: String)] {
    try files().filter { $0.path.hasPrefix("log_data/") }.flatMap { file in
      String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").map {
        (file.path, String($0))
      }
    }
  }

  func events() throws -> [LoggedEvent] {
    try lines().compactMap { LoggedEvent($0.text, file: $0.file) }
  }

  /// The catalogue's records.
  func songs() throws -> [String] {
    try files().filter { $0.path.hasPrefix("song_data/") }.flatMap { file in
      String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
  }

  private static func files(in folder: String) throws -> [String] {
    try FileSystem.names(in: folder).flatMap { name in
      let path = folder + "/" + name
      return FileSystem.isFolder(path) ? try files(in: path) : [path]
    }
  }
}

/// An event as its line says it: values as they stand there.
struct LoggedEvent {
  static let keys = [
    "artist", "auth", "firstName", "gender", "itemInSession", "lastName", "length", "level",
    "location", "method", "page", "registration", "sessionId", "song", "status", "ts",
    "userAgent", "userId",
  ]
  let file: String
  let values: [String: String]

  /// Nil when the line is not an object with exactly the known keys in their order.
  init?(_ line: String, file: String) {
    self.file = file
    guard let values = fields(Self.keys, of: line) else { return nil }
    self.values = values
  }

  subscript(key: String) -> String { values[key] ?? "" }
  func number(_ key: String) -> Int { Int(self[key]) ?? -1 }
  var page: String { String(self["page"].dropFirst().dropLast()) }
  var isPlay: Bool { page == "NextSong" }
  var isLoggedIn: Bool { self["auth"] == "\"Logged In\"" }
  /// What a play and a song are matched by.
  var songKey: String { self["song"] + self["artist"] + self["length"] }
}

/// The raw values of a compact JSON object with these keys in this order, and no other.
func fields(_ keys: [String], of line: String) -> [String: String]? {
  var values: [String: String] = [:]
  var rest = Substring(line)
  for (index, key) in keys.enumerated() {
    let head = (index == 0 ? "{" : ",") + "\"\(key)\":"
    guard rest.hasPrefix(head) else { return nil }
    rest = rest.dropFirst(head.count)
    let next = index + 1 < keys.count ? ",\"\(keys[index + 1])\":" : "}"
    guard let range = rest.firstRange(of: next) else { return nil }
    values[key] = String(rest[..<range.lowerBound])
    rest = rest[range.lowerBound...]
  }
  return rest == "}" ? values : nil
}

/// How often each value occurs.
func tally<Value: Hashable>(_ values: some Sequence<Value>) -> [Value: Int] {
  values.reduce(into: [:]) { $0[$1, default: 0] += 1 }
}
