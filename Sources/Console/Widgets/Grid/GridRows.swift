import Warehouse

/// Rows of a grid as they leave it: with the columns that are shown, in their order.
///
/// It holds the grid's own rows, and puts together each of those that leave when it is wanted: a
/// hundred thousand need not be held twice.
struct GridRows: Equatable, Sendable {
  let columns: [ResultColumn]
  private let sources: [Int]
  private let held: [[String?]]

  init(columns: [GridColumn], held: [[String?]]) {
    self.columns = columns.map { ResultColumn(name: $0.title, kind: $0.kind) }
    sources = columns.map(\.source)
    self.held = held
  }

  /// How many there are.
  var count: Int { held.count }

  /// All of them.
  var rows: [[String?]] { rows(in: 0..<count) }

  /// Some of them.
  func rows(in range: Range<Int>) -> [[String?]] {
    held[range.clamped(to: 0..<count)].map { row in
      sources.map { row.indices.contains($0) ? row[$0] : nil }
    }
  }
}
