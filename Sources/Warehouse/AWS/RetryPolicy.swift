import Glibc
import Synchronization

/// How often, how fast and how many times something is tried again.
///
/// The rules of the AWS SDKs' standard mode: a growing random wait, and a store of tokens that keeps
/// many failing calls from becoming very many (SDKs and Tools reference, "Retry behavior").
struct RetryPolicy: Sendable {
  /// Tries in all.
  var attempts = 4
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

  /// Takes what one more try costs; false when there is too little left.
  func take(isThrottled: Bool) -> Bool {
    let cost = isThrottled ? 5 : 14
    return tokens.withLock { tokens in
      guard tokens >= cost else { return false }
      tokens -= cost
      return true
    }
  }

  /// Gives something back after a success.
  func giveBack() {
    tokens.withLock { $0 = min(Self.full, $0 + 1) }
  }
}
