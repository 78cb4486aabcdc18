/// The demo while it goes on: at which caption, and how far with it.
struct DemoWalk: Sendable {
  let steps: [DemoStep]
  /// Whether the warehouse is the demo's own, with sample data.
  let ownsWarehouse: Bool
  /// How long a shown caption stays while the demo plays by itself; nil as long as its text needs.
  let stay: Duration?
  /// Whether the program ends with the demo.
  let endsProgram: Bool
  var isPlaying: Bool

  private(set) var index = 0
  private(set) var beganAt: Duration?
  /// Since when everything that the caption is about is there.
  var shownAt: Duration?
  /// Whether somebody wanted to go on while the step still waited.
  var isPressed = false
  /// Whether the moves follow each other at once.
  var isHurried = false
  /// How often the current move was made; of a text, how many letters are typed.
  private(set) var repeats = 0
  private var move = 0
  private var nextMoveAt = Duration.zero

  /// A demo before its first move.
  init(
    _ steps: [DemoStep], ownsWarehouse: Bool = false, isPlaying: Bool = false,
    stay: Duration? = nil, endsProgram: Bool = false
  ) {
    self.steps = steps
    (self.ownsWarehouse, self.isPlaying) = (ownsWarehouse, isPlaying)
    (self.stay, self.endsProgram) = (stay, endsProgram)
  }

  /// The caption's step; nil when there is none left.
  var step: DemoStep? { steps.indices.contains(index) ? steps[index] : nil }

  /// Whether moves are still to be made.
  var isMoving: Bool { step.map { move < $0.moves.count } ?? false }

  /// How often the clock is wanted; nil when time changes nothing.
  var clockInterval: Duration? {
    if isMoving { return DemoWalk.quickPace }
    return shownAt == nil || isPlaying ? .milliseconds(100) : nil
  }

  /// The time between two moves: slow enough to be followed.
  private static let pace = Duration.milliseconds(300)
  /// Between two letters, and two times of a repeated action.
  private static let quickPace = Duration.milliseconds(25)
  /// What is not there after this time will not come.
  static let patience = Duration.seconds(300)

  /// Begins a step.
  mutating func begin(_ index: Int, at moment: Duration) {
    (self.index, beganAt, shownAt) = (index, moment, nil)
    (move, repeats, isPressed, isHurried) = (0, 0, false, false)
    nextMoveAt = moment
  }

  /// The move whose time has come.
  func dueMove(at moment: Duration) -> DemoMove? {
    guard let moves = step?.moves, moves.indices.contains(move) else { return nil }
    return isHurried || moment >= nextMoveAt ? moves[move] : nil
  }

  /// The current move was made, or need not be.
  mutating func finishMove(at moment: Duration, wasMade: Bool = true) {
    (move, repeats) = (move + 1, 0)
    if wasMade { nextMoveAt = moment + DemoWalk.pace }
  }

  /// The current move was made once; it comes again.
  mutating func repeatMove(at moment: Duration) {
    repeats += 1
    nextMoveAt = moment + DemoWalk.quickPace
  }

  /// Whether the caption has stayed long enough while the demo plays.
  func isRead(_ text: String, at moment: Duration) -> Bool {
    guard isPlaying, let shownAt else { return false }
    // Eighteen letters a second, and a moment to look up.
    return moment - shownAt >= stay ?? .milliseconds(2000 + text.count * 55)
  }
}

/// What a person can do with the demo.
enum DemoAction: Hashable, Sendable {
  case start, next, back, togglePlay, leave
}
