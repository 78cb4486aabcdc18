import Glibc

/// How likely a session begins at a time of the week, in UTC.
///
/// A sine over the day, quiet at about 3 h and busy in the afternoon, and less at weekends, with a
/// slope of some hours at their edges.
struct SampleRhythm {
  /// For each hour of the week from Sunday 0 h, at most 1.
  private let weights: [Double]
  /// Seconds from Sunday 0 h to the start of the simulated time.
  private let offset: Int

  /// - Parameters:
  ///   - damping: how far the day's quiet hours lie below its mean, from 0 to 1.
  ///   - weekend: the share of sessions that a weekend keeps.
  init(start: Timestamp, damping: Double, weekend: Double) {
    let day = Int(start.milliseconds.flooredDivision(by: 86_400_000))
    // 1970-01-01 was a Thursday.
    offset = (day + 4).flooredModulo(7) * 86_400
    weights = (0..<168).map { hour in
      let daily = 1 + damping * sin(2 * .pi * (Double(hour % 24) - 9) / 24)
      return daily * Self.weekendWeight(hour, keeps: weekend) / (1 + damping)
    }
  }

  /// From Friday 22 h to Saturday 4 h the weight falls, from Sunday 20 h to Monday 2 h it rises.
  private static func weekendWeight(_ hour: Int, keeps: Double) -> Double {
    let sunday = Double(hour < 84 ? hour : hour - 168) + 0.5
    let inside = min(max((23 - abs(sunday)) / 6 + 0.5, 0), 1)
    return 1 - (1 - keeps) * inside
  }

  /// The mean weight of a week.
  var mean: Double { weights.reduce(0, +) / Double(weights.count) }

  /// The next moment at which something happens that would happen once in `gap` seconds on
  /// average at the busiest hour: an exponential wait, thinned by the weights.
  func next(after time: Double, gap: Double, _ random: inout SampleRandom) -> Double {
    var time = time
    while true {
      time += random.exponential(mean: gap)
      let hour = (Int(min(time, 1e9)) + offset) / 3600 % 168
      if random.unit() < weights[hour] { return time }
    }
  }
}

extension Int {
  fileprivate func flooredModulo(_ divisor: Int) -> Int {
    self - flooredDivision(by: divisor) * divisor
  }
}
