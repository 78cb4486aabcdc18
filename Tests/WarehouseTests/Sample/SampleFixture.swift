import Glibc

@testable import Warehouse

/// A sample that was made in a folder of its own and read back whole.
struct MadeSample: Sendable {
  /// All files by their paths in the sample, in order.
  let files: [(path: String, bytes: [UInt8])]
  let summary: SampleSummary

  init(_ change: (inout SampleOptions) -> Void) throws {
    var options = SampleOptions()
    options.songs = 300
    options.events = 5_000
    options.songLayout = .lines
    change(&options)
    let folder = try ScratchFolder()
    summary = try Sample.write(options, to: folder.path + "/sample")
    let root = summary.folder
    files = try Self.paths(in: root).map { path in
      (String(path.dropFirst(root.count + 1)), try FileSystem.read(path, limit: 1 << 30))
    }
  }

  /// A digest of all paths and bytes: FNV-1a.
  func digest() -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for (path, bytes) in files {
      for byte in Array(path.utf8) + bytes {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
      }
    }
    return hash
  }

  /// The lines of the logs with the file that each is in, broken ones too.
  func lines() -> [(file: String, text: ArraySlice<UInt8>)] {
    files.filter { $0.path.hasPrefix("log_data/") }.flatMap { file in
      file.bytes.split(separator: 0x0A).map { (file.path, $0) }
    }
  }

  func events() -> [LoggedEvent] { lines().compactMap { LoggedEvent($0.text, file: $0.file) } }

  /// The catalogue's records.
  func songs() -> [ArraySlice<UInt8>] {
    files.filter { $0.path.hasPrefix("song_data/") }.flatMap { $0.bytes.split(separator: 0x0A) }
  }

  private static func paths(in folder: String) throws -> [String] {
    try FileSystem.names(in: folder).flatMap { name in
      let path = folder + "/" + name
      return FileSystem.isFolder(path) ? try paths(in: path) : [path]
    }
  }
}

/// An event as its line says it: values as they stand there.
struct LoggedEvent: Sendable {
  static let keys = [
    "artist", "auth", "firstName", "gender", "itemInSession", "lastName", "length", "level",
    "location", "method", "page", "registration", "sessionId", "song", "status", "ts",
    "userAgent", "userId",
  ]
  private static let texts = separators(of: keys)
  let file: String
  private let values: [String]

  /// Nil when the line is not an object with exactly the known keys in their order.
  init?(_ line: ArraySlice<UInt8>, file: String) {
    self.file = file
    guard let values = rawValues(between: Self.texts, of: line) else { return nil }
    self.values = values
  }

  subscript(key: String) -> String { Self.keys.firstIndex(of: key).map { values[$0] } ?? "" }
  func number(_ key: String) -> Int { Int(self[key]) ?? -1 }
  var page: String { String(self["page"].utf8.dropFirst().dropLast()) ?? "" }
  var isPlay: Bool { self["page"] == "\"NextSong\"" }
  var isLoggedIn: Bool { self["auth"] == "\"Logged In\"" }
  /// What a play and a song are matched by.
  var songKey: String { self["song"] + self["artist"] + self["length"] }
}

/// The raw values of a compact JSON object with these keys in this order, and no other.
func fields(_ keys: [String], of line: ArraySlice<UInt8>) -> [String: String]? {
  rawValues(between: separators(of: keys), of: line).map {
    Dictionary(uniqueKeysWithValues: zip(keys, $0))
  }
}

/// What stands before each value, and after the last.
private func separators(of keys: [String]) -> [[UInt8]] {
  keys.enumerated().map { Array("\($0 == 0 ? "{" : ",")\"\($1)\":".utf8) } + [[UInt8(ascii: "}")]]
}

private func rawValues(between texts: [[UInt8]], of line: ArraySlice<UInt8>) -> [String]? {
  guard let first = texts.first, line.starts(with: first) else { return nil }
  var values: [String] = []
  var start = line.startIndex + first.count
  for text in texts.dropFirst() {
    var end = start
    while end < line.endIndex, line[end] != text[0] || !line[end...].starts(with: text) { end += 1 }
    guard end < line.endIndex else { return nil }
    values.append(String(decoding: line[start..<end], as: UTF8.self))
    start = end + text.count
  }
  return start == line.endIndex ? values : nil
}

/// How often each value occurs.
func tally<Value: Hashable>(_ values: some Sequence<Value>) -> [Value: Int] {
  values.reduce(into: [:]) { $0[$1, default: 0] += 1 }
}

/// The elements that break a rule, the first few of them.
func violations<Element>(
  _ elements: some Sequence<Element>, _ holds: (Element) -> Bool
) -> [Element] {
  Array(elements.filter { !holds($0) }.prefix(3))
}
