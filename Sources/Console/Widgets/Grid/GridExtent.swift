import Warehouse

/// Which rows of how many a grid holds. It never claims more than is known.
struct GridExtent: Equatable, Sendable {
  /// How many rows there are in all.
  enum Total: Equatable, Sendable {
    case unknown
    case exact(Int)
    case estimate(Int)
    /// There are more, and nobody counted them.
    case moreThan(Int)
  }

  /// The number of the first row held, from 0; nil when it is not known.
  var first: Int?
  /// Whether `first` is only near the truth.
  var isFirstEstimate = false
  var total = Total.unknown
  /// Whether there are rows before those that are held.
  var hasBefore = false
  /// Whether there are rows after those that are held.
  var hasAfter = false

  /// All rows are held.
  static func all(_ count: Int) -> GridExtent { GridExtent(first: 0, total: .exact(count)) }

  /// `rows 41–80 of about 1.2M (estimate)`, for the rows from `top` on of those that are held.
  ///
  /// - Parameter held: how many are held; nil where it does not matter which are the last.
  func text(top: Int, count: Int, held: Int? = nil) -> String {
    guard count > 0 else { return hasBefore || hasAfter ? "no row here" : "no rows" }
    return numbers(top: top, count: count, held: held) + totalText
  }

  /// Whether nobody knows how many rows there are.
  var isUncounted: Bool { total == .unknown && (hasBefore || hasAfter) }

  private func numbers(top: Int, count: Int, held: Int?) -> String {
    guard let first else {
      let isEnd = !hasAfter && held.map { top + count >= $0 } ?? false
      return count == 1
        ? (isEnd ? "last row" : "a row")
        : (isEnd ? "last " : "") + Quantity.counted(count, "row")
    }
    let low = Quantity.count(first + top + 1)
    let high = Quantity.count(first + top + count)
    let about = isFirstEstimate ? "~" : ""
    return count == 1 ? "row \(about)\(low)" : "rows \(about)\(low)–\(high)"
  }

  private var totalText: String {
    switch total {
    case .unknown: isUncounted ? " of ?" : ""
    case .exact(let count): " of \(Quantity.count(count))"
    case .estimate(let count): " of about \(Quantity.short(Double(count))) (estimate)"
    case .moreThan(let count): " of more than \(Quantity.count(count))"
    }
  }
}

/// Rows that a grid would like to hold and does not.
enum GridNeed: Hashable, Sendable {
  case first, before, after, last
}
