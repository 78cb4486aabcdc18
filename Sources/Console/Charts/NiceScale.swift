import Warehouse

/// An axis of numbers with ticks at round places: 1, 2 or 5 times a power of ten.
struct NiceScale: Equatable, Sendable {
  let lower: Double
  let upper: Double
  let step: Double

  /// A scale over some numbers with about `count` ticks.
  ///
  /// - Parameter holdsZero: whether the axis must reach zero, as bars need it.
  init(_ values: some Sequence<Double>, count: Int, holdsZero: Bool) {
    let finite = values.filter(\.isFinite).map { min(max($0, -1e300), 1e300) }
    var low = finite.min() ?? 0
    var high = finite.max() ?? 1
    if holdsZero { (low, high) = (min(low, 0), max(high, 0)) }
    if low == high { high = low + max(1, abs(low) / 10) }
    let step = NiceScale.niceStep((high - low) / Double(max(1, count)))
    self.step = step
    lower = (low / step).rounded(.down) * step
    upper = (high / step).rounded(.up) * step
  }

  /// The least 1, 2 or 5 times a power of ten that is not below `raw`.
  static func niceStep(_ raw: Double) -> Double {
    guard raw.isFinite, raw > 0 else { return 1 }
    var power = 1.0
    while power * 10 <= raw { power *= 10 }
    while power > raw, power > 1e-300 { power /= 10 }
    return [1, 2, 5, 10].map { $0 * power }.first { $0 >= raw * 0.999_999 } ?? power * 10
  }

  /// The round places, from the lowest up.
  var ticks: [Double] {
    let count = ((upper - lower) / step).rounded()
    guard count.isFinite, count >= 0, count < 1000 else { return [lower, upper] }
    return (0...Int(count)).map { index in
      let tick = lower + Double(index) * step
      return abs(tick) < step / 1000 ? 0 : tick
    }
  }

  /// Where a number lies: 0 at the lower end, 1 at the upper.
  func fraction(_ value: Double) -> Double {
    min(max(0, (value - lower) / (upper - lower)), 1)
  }

  /// A tick in figures that are short and exact.
  func label(_ tick: Double) -> String { NiceScale.label(tick, step: step) }

  private static func label(_ tick: Double, step: Double) -> String {
    let largest = abs(tick)
    if largest >= 10_000 {
      var (unit, size) = ("k", 1000.0)
      for (next, name) in [(1e6, "M"), (1e9, "G"), (1e12, "T")] where largest >= next {
        (unit, size) = (name, next)
      }
      guard largest < 1e15 else { return ChartNumber.text(tick) }
      return ChartNumber.decimals(tick / size, step / size) + unit
    }
    return ChartNumber.decimals(tick, step)
  }
}

/// Numbers of a result in a chart.
enum ChartNumber {
  /// In full, with thousands parted; at most four digits after the point.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return "?" }
    if let whole = Int(exactly: value) { return Quantity.count(whole) }
    guard abs(value) < 1e13 else { return String(value) }
    let text = trimmed(Quantity.fixed(value, 4))
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let whole = Int(parts[0]), whole.magnitude >= 1000 else { return text }
    return Quantity.count(whole) + "." + parts[1]
  }

  /// For machines: nothing parted, at most four digits after the point.
  static func plain(_ value: Double) -> String { text(value).filter { $0 != "," } }

  /// A number as a server wrote it with six significant digits; whole ones in full.
  static func significant(_ text: String) -> String {
    guard let value = Double(text), value.isFinite, value != 0 else { return text }
    var (digits, size) = (5, abs(value))
    while size >= 10, digits > 0 { (digits, size) = (digits - 1, size / 10) }
    while size < 1, digits < 15 { (digits, size) = (digits + 1, size * 10) }
    guard abs(value) < 1e15 else { return text }
    return NumberText.grouped(trimmed(Quantity.fixed(value, digits)))
  }

  /// Without the zeros that end it behind a point.
  private static func trimmed(_ fixed: String) -> String {
    var text = fixed
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text
  }

  /// With as many digits after the point as steps of this size need, six at most.
  static func decimals(_ value: Double, _ step: Double) -> String {
    var (digits, rest) = (0, step)
    while digits < 6, abs(rest - rest.rounded()) > 1e-9 {
      digits += 1
      rest *= 10
    }
    guard digits > 0 else {
      return Int(exactly: value.rounded()).map { Quantity.count($0) } ?? String(value)
    }
    return Quantity.fixed(value, digits)
  }
}
