import Warehouse

/// A figure, and what it should be at most.
struct Goal {
  var name: String
  var value: Double
  /// Nil for a figure that stands beside others and is no goal itself.
  var reach: Double?
  var stretch: Double?
  var decimals = 2
}

extension Goal {
  /// A figure without a stretch.
  init(_ name: String, _ value: Double, reach: Double) {
    self.init(name: name, value: value, reach: reach, decimals: reach < 100 ? 1 : 0)
  }

  /// A time, in milliseconds.
  init(_ name: String, _ time: Duration, reach: Double) {
    self.init(name, time.inSeconds * 1000, reach: reach)
  }
}

extension [Goal] {
  /// A line for each, with its verdict; names take `width` places.
  func table(width: Int) -> String {
    var text = "goals".filled(to: width)
    text += ["measured", "reach", "stretch"].map { $0.shifted(to: 13) }.joined() + "\n"
    for goal in self {
      let cells = [
        fixed(goal.value, goal.decimals),
        goal.reach.map { "≤ " + fixed($0, goal.decimals > 0 ? 1 : 0) } ?? "",
        goal.stretch.map { fixed($0, goal.decimals > 0 ? 1 : 0) } ?? "",
        goal.reach.map { goal.value <= $0 ? "yes" : "NO" } ?? "",
      ]
      text += goal.name.filled(to: width) + cells.map { $0.shifted(to: 13) }.joined() + "\n"
    }
    return text
  }

  /// The same for machines.
  var json: JSONValue {
    .array(
      map { goal in
        .object([
          ("name", .string(goal.name)), ("value", .real(goal.value)),
          ("reach", goal.reach.map(JSONValue.real) ?? .null),
          ("stretch", goal.stretch.map(JSONValue.real) ?? .null),
        ])
      })
  }
}

extension [Duration] {
  /// The value in the middle; none takes no time.
  var median: Duration { percentile(50) }

  /// The least value that so many of a hundred do not exceed.
  func percentile(_ share: Int) -> Duration {
    guard !isEmpty else { return .zero }
    return sorted()[Swift.min(count - 1, count * share / 100)]
  }
}
