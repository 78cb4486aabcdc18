import Glibc
import Synchronization

/// How often, how fast and how many times something is tried again.
///
/// The rules of the AWS SDKs' standard mode: a growing random wait, and a store of tokens that keeps
/// many failing calls from becoming very many (SDKs and Tools reference, "Retry behavior").
struct RetryPolicy: Sendable {
  /// Tries in all; nil for what the environment or the profile says, else four.
  var attempts: Int?
  /// Waits so long; throws when somebody asked for the end.
  var pause: @Sendable (Duration, Cancellation) throws(WarehouseError) -> Void = Self.sleep
  /// A number from 0 to 1.
  var random: @Sendable () -> Double = { Double.random(in: 0...1) }

  /// How long to wait before try number `next`, counted from 2.
  func delay(before next: Int, isThrottled: Bool, asked: Duration? = nil) -> Duration {
    let base = isThrottled ? 1.0 : 0.05
    let longest = min(20, base * Double(1 << min(10, max(0, next - 2))))
    let own = Duration.seconds(longest * random())
    guard let asked else { return own }
    return min(max(own, asked), .seconds(20))
  }

  /// Waits in short steps, so that a cancellation is heard.
  private static func sleep(
    _ duration: Duration, _ cancellation: Cancellation
  ) throws(WarehouseError) {
    let end = ContinuousClock.now + duration
    while true {
      try cancellation.check()
      let rest = end - ContinuousClock.now
      guard rest > .zero else { return }
      usleep(UInt32(max(1, min(50_000, rest / .microseconds(1)))))
    }
  }
}

/// What all calls of one client may spend on trying again.
final class RetryTokens: Sendable {
  private static let full = 500
  private let tokens = Mutex(full)

  /// Takes what one more try costs, and returns it; nil when there is too little left.
  func take(isThrottled: Bool) -> Int? {
    let cost = isThrottled ? 5 : 14
    return tokens.withLock { tokens in
      guard tokens >= cost else { return nil }
      tokens -= cost
      return cost
    }
  }

  /// Gives back, after a success, what its last repetition cost; one after a success at once.
  func giveBack(_ paid: Int) {
    tokens.withLock { $0 = min(Self.full, $0 + max(1, paid)) }
  }
}

extension AWSClient {
  /// How often a call is tried in all: `AWS_MAX_ATTEMPTS`, else the profile's `max_attempts`, else
  /// what goes with `AWS_RETRY_MODE` or `retry_mode` (SDKs and Tools reference, "Retry behavior").
  ///
  /// The modes differ in nothing else here: `standard` is how waits and tokens work in all of them.
  var attempts: Int {
    get throws(WarehouseError) {
      if let attempts = retry.attempts { return attempts }
      if let text = try setting("AWS_MAX_ATTEMPTS", "max_attempts") {
        guard let count = Int(text), (1...100).contains(count) else {
          throw WarehouseError(
            .configuration, "could not use \"\(text)\" as AWS_MAX_ATTEMPTS",
            hint: "Use a number from 1, which tries once, to 100.")
        }
        return count
      }
      switch try setting("AWS_RETRY_MODE", "retry_mode")?.lowercased() {
      case nil: return 4
      case "standard", "adaptive": return 3
      case "legacy": return 5
      case let mode?:
        throw WarehouseError(
          .configuration, "could not use \"\(mode)\" as AWS_RETRY_MODE",
          hint: "Use standard, adaptive or legacy.")
      }
    }
  }

  private func setting(_ variable: String, _ key: String) throws(WarehouseError) -> String? {
    if let value = settings.surroundings[variable] { return value.reveal() }
    return try profiles.value(key)
  }
}
