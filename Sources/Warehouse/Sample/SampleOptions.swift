/// How much of the data is damaged, in the ways that the real data is. Each field is a share.
public struct SampleDirt: Sendable, Equatable {
  /// Of the names and titles beyond ASCII: spelled in the logs as after two wrong decodings.
  public var misdecoded = 0.0
  /// Of the songs: a control character where a quote or a dash was.
  public var controlCharacters = 0.0
  /// Of the artists: a name of digits, which stands in the files as a number.
  public var numbersAsText = 0.0
  /// Of the songs: a blank after the title.
  public var trailingSpaces = 0.0
  /// Of the events: a torn copy of the record on the line before it. These come on top of the
  /// events that were asked for, and every one becomes a reject.
  public var brokenRecords = 0.0

  /// Clean data.
  public static let none = SampleDirt()
  /// A little of everything that still can be stored.
  public static let light = SampleDirt(
    misdecoded: 0.15, controlCharacters: 0.002, numbersAsText: 0.002, trailingSpaces: 0.001)
  /// As the real data is, every record of which can be stored.
  public static let real = SampleDirt(
    misdecoded: 0.9, controlCharacters: 0.002, numbersAsText: 0.002, trailingSpaces: 0.001)
  /// The same, and one record in a thousand is broken.
  public static let broken = SampleDirt(
    misdecoded: 0.9, controlCharacters: 0.002, numbersAsText: 0.002, trailingSpaces: 0.001,
    brokenRecords: 0.001)

  /// Damage by kind.
  public init(
    misdecoded: Double = 0, controlCharacters: Double = 0, numbersAsText: Double = 0,
    trailingSpaces: Double = 0, brokenRecords: Double = 0
  ) {
    self.misdecoded = misdecoded
    self.controlCharacters = controlCharacters
    self.numbersAsText = numbersAsText
    self.trailingSpaces = trailingSpaces
    self.brokenRecords = brokenRecords
  }
}

/// What sample data to make. The same options make the same bytes.
public struct SampleOptions: Sendable, Equatable {
  /// How songs lie in files.
  public enum SongLayout: String, Sendable, CaseIterable {
    /// A file each up to 10,000 songs, else lines: making more small files takes longer than
    /// anything else here.
    case automatic
    /// One object a file, in folders by track: `song_data/A/B/C/TRABC….json`.
    case files
    /// Files of 25,000 lines: `song_data/songs-001.jsonl`.
    case lines
  }

  /// How many songs the catalogue holds; at least 1.
  public var songs = 8_000
  /// How many events there are, exactly. Nil: as many as the users make in the days.
  public var events: Int? = 100_000
  /// How many users there are. Nil: one for each 83 events and 30 days, as in the real data.
  public var users: Int?
  /// Over how many days. Nil: 30, or 366 from 3 million events on; with users given, as many as
  /// they need at 83 events each in 30 days.
  public var days: Int?
  /// The first day's midnight, UTC, between 2000 and 2100; 2018-11-01 as in the real logs.
  public var start = Timestamp(milliseconds: 1_541_030_400_000)
  /// What all randomness comes from.
  public var seed: UInt64 = 1
  /// The share of plays whose song is not in the catalogue. 0.951 in the real data, where little
  /// can then be said about artists.
  public var outsideShare = 0.15
  /// The share of users that begin as paid; a sixth in eventsim.
  public var paidShare = 1.0 / 6
  /// The share of users that register in the course of the days.
  public var growth = 0.5
  /// The share of users that fall away in 30 days: they come back very rarely.
  public var churn = 0.1
  /// The share of the catalogue's plays that one song rises to in the course of the days; 0 for
  /// none.
  public var hit = 0.06
  /// How far the quiet hours lie below the day's mean, from 0 to 1.
  public var damping = 0.55
  /// The share of sessions that a weekend keeps.
  public var weekend = 0.5
  /// What is damaged.
  public var dirt = SampleDirt.light
  /// How songs lie in files.
  public var songLayout = SongLayout.automatic

  /// The data that is made when nobody says anything: about 50 MB, in about a second.
  public init() {}
}

/// Options with every number decided.
struct SamplePlan {
  let options: SampleOptions
  let users: Int
  let days: Int
  let songFiles: Bool

  /// What the real users do in 30 days.
  static let eventsPerUser = 83

  /// - Throws: `.usage` when a number is out of its range.
  init(_ options: SampleOptions) throws(WarehouseError) {
    try Self.check("songs", options.songs, in: 1...5_000_000)
    try Self.check("events", options.events ?? 1, in: 1...2_000_000_000)
    try Self.check("users", options.users ?? 1, in: 1...5_000_000)
    try Self.check("days", options.days ?? 1, in: 1...3660)
    guard options.start.millisecondOfDay == 0, (2000...2100).contains(options.start.date.year)
    else {
      throw WarehouseError(
        .usage, "could not make the sample: it would start at \(options.start.text)",
        hint: "Start at midnight of a day between 2000 and 2100.")
    }
    for (name, share) in Self.shares(of: options) where !(0...1).contains(share) {
      throw WarehouseError(
        .usage, "could not make the sample: \(name) is \(share)",
        hint: "A share lies between 0 and 1.")
    }
    self.options = options
    let perDay = Double(Self.eventsPerUser) / 30
    let events = Double(options.events ?? 100_000)
    if let users = options.users {
      self.users = users
      days = options.days ?? min(3660, max(1, Int((events / perDay / Double(users)).rounded(.up))))
    } else {
      days = options.days ?? (events < 3_000_000 ? 30 : 366)
      users = min(5_000_000, max(1, Int(events / perDay / Double(days))))
    }
    songFiles =
      options.songLayout == .files
      || (options.songLayout == .automatic && options.songs <= 10_000)
  }

  private static func check(
    _ name: String, _ number: Int, in range: ClosedRange<Int>
  ) throws(WarehouseError) {
    guard range.contains(number) else {
      throw WarehouseError(
        .usage, "could not make the sample: \(number) \(name)",
        hint: "Ask for \(range.lowerBound) to \(range.upperBound) \(name).")
    }
  }

  private static func shares(of options: SampleOptions) -> [(String, Double)] {
    [
      ("the share outside the catalogue", options.outsideShare),
      ("the paid share", options.paidShare), ("growth", options.growth), ("churn", options.churn),
      ("the hit's share", options.hit), ("damping", options.damping),
      ("the weekend's share", options.weekend),
      ("the share of mis-decoded names", options.dirt.misdecoded),
      ("the share of control characters", options.dirt.controlCharacters),
      ("the share of numbers as text", options.dirt.numbersAsText),
      ("the share of trailing spaces", options.dirt.trailingSpaces),
      ("the share of broken records", options.dirt.brokenRecords),
    ]
  }

  /// Everything that decides the bytes, one thing a line.
  var text: String {
    """
    form=1
    songs=\(options.songs)
    events=\(options.events.map(String.init) ?? "any")
    users=\(users)
    days=\(days)
    start=\(options.start.text)
    seed=\(options.seed)
    shares=\(Self.shares(of: options).map { String($0.1) }.joined(separator: " "))
    songFiles=\(songFiles)
    """
  }
}
