/// What a listener is doing: a page, whether logged in, and at which level.
///
/// The pages and their probabilities follow the example configuration of eventsim (Interana), the
/// simulator that the public Sparkify logs come from, and what those logs show where the two
/// differ. A row that sums to less than one ends the session with the rest.
struct SampleStates {
  /// A page of the application.
  enum Page: Int, CaseIterable {
    case nextSong, home, login, logout, downgrade, settings, help, about, upgrade
    case saveSettings, error, submitUpgrade, submitDowngrade

    /// As the logs write it.
    var name: String {
      switch self {
      case .nextSong: "NextSong"
      case .home: "Home"
      case .login: "Login"
      case .logout: "Logout"
      case .downgrade: "Downgrade"
      case .settings: "Settings"
      case .help: "Help"
      case .about: "About"
      case .upgrade: "Upgrade"
      case .saveSettings: "Save Settings"
      case .error: "Error"
      case .submitUpgrade: "Submit Upgrade"
      case .submitDowngrade: "Submit Downgrade"
      }
    }

    /// Pages that send the browser on to another a second later.
    var isRedirect: Bool {
      switch self {
      case .login, .logout, .saveSettings, .submitUpgrade, .submitDowngrade: true
      case .nextSong, .home, .downgrade, .settings, .help, .about, .upgrade, .error: false
      }
    }

    /// The HTTP status.
    var status: Int { isRedirect ? 307 : self == .error ? 404 : 200 }
    /// The HTTP method.
    var method: String { isRedirect || self == .nextSong ? "PUT" : "GET" }
  }

  /// A state as one byte: page times four, plus two when logged in, plus one when paid.
  struct State: Equatable {
    let code: UInt8
    init(_ page: Page, loggedIn: Bool, paid: Bool) {
      code = UInt8(page.rawValue * 4 + (loggedIn ? 2 : 0) + (paid ? 1 : 0))
    }
    fileprivate init(code: UInt8) { self.code = code }
    var page: Page { Page(rawValue: Int(code >> 2)) ?? .home }
    var isLoggedIn: Bool { code & 2 != 0 }
    var isPaid: Bool { code & 1 != 0 }
    var isPlay: Bool { code >> 2 == 0 }
    static let all = (0..<UInt8(Page.allCases.count * 4)).map(State.init(code:))
  }

  /// What may follow: the limit that a random 32-bit number must stay below, and the state.
  private typealias Row = [(limit: UInt32, state: State)]
  private let rows: [Row]
  private let firstRows: [Row]

  init() {
    var rows = [Row](repeating: [], count: State.all.count)
    for paid in [false, true] {
      for (page, next) in Self.loggedIn(paid: paid) {
        let after = page == .submitUpgrade ? true : page == .submitDowngrade ? false : paid
        rows[Int(State(page, loggedIn: true, paid: paid).code)] = Self.row(
          next, loggedIn: page != .logout, paid: after)
      }
      for (page, next) in Self.loggedOut(paid: paid) {
        rows[Int(State(page, loggedIn: false, paid: paid).code)] = Self.row(
          next, loggedIn: page == .login, paid: paid)
      }
    }
    self.rows = rows
    firstRows = [false, true].flatMap { loggedIn in
      [false, true].map { Self.row(Self.first(loggedIn: loggedIn), loggedIn: loggedIn, paid: $0) }
    }
  }

  /// What follows a state; nil when the session ends.
  func next(after state: State, _ random: inout SampleRandom) -> State? {
    Self.draw(rows[Int(state.code)], &random)
  }

  /// How a session begins.
  func first(loggedIn: Bool, paid: Bool, _ random: inout SampleRandom) -> State {
    Self.draw(firstRows[(loggedIn ? 2 : 0) + (paid ? 1 : 0)], &random)
      ?? State(.home, loggedIn: loggedIn, paid: paid)
  }

  private static func draw(_ row: Row, _ random: inout SampleRandom) -> State? {
    let number = UInt32(truncatingIfNeeded: random.next() >> 32)
    for entry in row where number < entry.limit { return entry.state }
    return nil
  }

  private static func row(_ next: [(Page, Double)], loggedIn: Bool, paid: Bool) -> Row {
    var sum = 0.0
    return next.map { page, share in
      sum += share
      let limit = UInt32(min(sum, 1) * Double(UInt32.max))
      return (limit, State(page, loggedIn: loggedIn, paid: paid))
    }
  }

  private static func first(loggedIn: Bool) -> [(Page, Double)] {
    loggedIn
      ? [(.nextSong, 0.588), (.home, 0.407), (.about, 0.003), (.help, 0.002)]
      : [(.home, 0.69), (.login, 0.31)]
  }

  private static func loggedIn(paid: Bool) -> [(Page, [(Page, Double)])] {
    let common: [(Page, [(Page, Double)])] = [
      (.logout, [(.home, 1)]), (.saveSettings, [(.home, 1)]),
      (.submitUpgrade, [(.home, 1)]), (.submitDowngrade, [(.home, 1)]),
      (.error, [(.nextSong, 0.25), (.home, 0.2)]),
    ]
    return common
      + (paid
        ? [
          (
            .nextSong,
            [
              (.nextSong, 0.923), (.home, 0.020), (.logout, 0.010), (.downgrade, 0.010),
              (.settings, 0.006), (.help, 0.005), (.about, 0.002), (.error, 0.001),
            ]
          ),
          (
            .home,
            [
              (.nextSong, 0.855), (.settings, 0.030), (.logout, 0.020), (.downgrade, 0.018),
              (.home, 0.004), (.about, 0.004),
            ]
          ),
          (.about, [(.nextSong, 0.25), (.about, 0.2), (.home, 0.2)]),
          (
            .downgrade,
            [
              (.nextSong, 0.60), (.home, 0.15), (.downgrade, 0.05), (.submitDowngrade, 0.012),
            ]
          ),
          (.help, [(.nextSong, 0.80), (.downgrade, 0.06), (.home, 0.04), (.help, 0.03)]),
          (
            .settings,
            [
              (.nextSong, 0.57), (.saveSettings, 0.19), (.settings, 0.07), (.logout, 0.07),
              (.home, 0.05), (.help, 0.05),
            ]
          ),
        ]
        : [
          (
            .nextSong,
            [
              (.nextSong, 0.500), (.home, 0.020), (.logout, 0.020), (.upgrade, 0.011),
              (.help, 0.002), (.about, 0.002), (.settings, 0.002), (.error, 0.001),
            ]
          ),
          (
            .home,
            [
              (.nextSong, 0.570), (.settings, 0.030), (.home, 0.014), (.upgrade, 0.012),
              (.logout, 0.010), (.about, 0.003),
            ]
          ),
          (.about, [(.home, 0.2), (.nextSong, 0.2)]),
          (
            .upgrade,
            [(.submitUpgrade, 0.32), (.home, 0.24), (.nextSong, 0.16), (.upgrade, 0.08)]
          ),
          (.help, [(.nextSong, 0.5), (.home, 0.17)]),
          (
            .settings,
            [
              (.nextSong, 0.43), (.saveSettings, 0.15), (.home, 0.15), (.help, 0.12),
              (.settings, 0.07),
            ]
          ),
        ])
  }

  private static func loggedOut(paid: Bool) -> [(Page, [(Page, Double)])] {
    [
      (
        .home,
        [(.login, paid ? 0.35 : 0.43), (.home, 0.15), (.about, 0.075), (.help, 0.035)]
      ),
      (.login, [(.home, 1)]),
      (.about, [(.login, 0.28), (.home, 0.14), (.about, 0.07)]),
      (.help, [(.login, 0.22), (.help, 0.3)]),
    ]
  }
}
