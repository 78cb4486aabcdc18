/// How much of a result is held: so many rows, or so many bytes of wide ones. An export writes all.
struct RowBudget: Equatable, Sendable {
  private(set) var rows = 0
  /// About what they take in memory.
  private(set) var bytes = 0

  static let mostRows = 100_000
  static let mostBytes = 64 << 20

  /// Whether nothing more may be held.
  var isSpent: Bool { rows >= RowBudget.mostRows || bytes >= RowBudget.mostBytes }

  /// Counts rows that are held from now on.
  mutating func spend(on more: [[String?]]) {
    rows += more.count
    for row in more { bytes += row.reduce(0) { $0 + ($1?.utf8.count ?? 0) + 16 } }
  }
}
