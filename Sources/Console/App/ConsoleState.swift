import Warehouse

/// A part of the console whose looks come back at the next start.
///
/// A screen takes part by saying what to save and what it does with it later: small values by
/// name, nothing secret. It must bear that names are missing, or hold something else.
protocol RestorableState {
  /// What shall be there again at the next start.
  var saved: [String: JSONValue] { get }
  /// Takes back what an earlier session saved. Comes before anything was loaded.
  mutating func restore(_ saved: [String: JSONValue])
}

extension RestorableState {
  var saved: [String: JSONValue] { [:] }
  mutating func restore(_ saved: [String: JSONValue]) {}
}

/// What the console keeps over sessions: the screen that was shown, and what each screen saved.
struct ConsoleState: Sendable {
  /// The form of the file. Another form is not read.
  static let version = 1
  private static let format = "sparkify console state"

  var screen: String
  var screens: [String: [String: JSONValue]]

  init(screen: String, screens: [String: [String: JSONValue]]) {
    self.screen = screen
    self.screens = screens
  }

  /// Reads a file's bytes; nil when they are not a state of this version.
  init?(_ bytes: [UInt8]) {
    guard let value = JSONValue(parsing: bytes), value["format"]?.text == Self.format,
      value["version"]?.number == Self.version, let screen = value["screen"]?.text,
      let screens = value["screens"]?.members
    else { return nil }
    self.screen = screen
    self.screens = screens.compactMapValues(\.members)
  }

  /// The file's bytes, without the screens that would make it longer than `limit`; the longest goes
  /// first.
  func bytes(limit: Int) -> [UInt8] {
    var kept = self
    var bytes = kept.bytes
    while bytes.count > limit {
      let sizes = kept.screens.mapValues { screen in
        ConsoleState(screen: "", screens: ["": screen]).bytes.count
      }
      guard let longest = sizes.max(by: { $0.value < $1.value }) else { break }
      kept.screens[longest.key] = nil
      bytes = kept.bytes
    }
    return bytes
  }

  /// The file's bytes: the same for the same state.
  var bytes: [UInt8] {
    var json = JSONText()
    json.object([
      ("format", .string(Self.format)), ("version", .integer(Self.version)),
      ("screen", .string(screen)),
      ("screens", .object(screens.mapValues { .object($0.sortedByName) }.sortedByName)),
    ])
    return json.bytes + [0x0A]
  }
}

extension [String: JSONValue] {
  fileprivate var sortedByName: [(String, JSONValue)] {
    sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

extension Model {
  /// What shall be there again at the next start.
  var state: ConsoleState {
    var screens: [String: [String: JSONValue]] = [:]
    for id in ScreenID.allCases {
      let saved = self[id].saved
      if !saved.isEmpty { screens["\(id)"] = saved }
    }
    return ConsoleState(screen: "\(screen)", screens: screens)
  }

  /// Takes back what an earlier session saved. Screens that are no more are passed over.
  mutating func restore(_ state: ConsoleState) {
    screen = ScreenID.allCases.first { "\($0)" == state.screen } ?? screen
    for id in ScreenID.allCases {
      guard let saved = state.screens["\(id)"] else { continue }
      var shown = self[id]
      shown.restore(saved)
      put(shown)
    }
  }
}
