import Warehouse

/// Which part of a chart is seen, for the edge of its box.
enum ChartPosition {
  /// `1–9 of 300`; nil when all of it is.
  static func text(_ shown: Range<Int>, of count: Int) -> String? {
    guard shown.count < count else { return nil }
    let first = Quantity.count(shown.lowerBound + 1)
    return "\(first)–\(Quantity.count(shown.upperBound)) of \(Quantity.count(count))"
  }
}
