import Warehouse

/// The tables in the order of the screen: the star as it lies there, then all others.
struct StarLayout: Equatable, Sendable {
  /// The star's tables as far as they exist, row by row.
  private(set) var star: [[TableSummary]] = []
  private(set) var others: [TableSummary] = []

  /// What can be selected.
  var items: [TableSummary] { star.flatMap { $0 } + others }

  private static let rows = [["users", "time"], ["songplays"], ["songs", "artists"]]

  /// The published star, or the one in the making where none is published.
  init(_ tables: [TableSummary]) {
    let schemas = [StarSchema.published, StarSchema.build]
    let schema = schemas.first { schema in
      tables.contains { $0.name == TableName(schema, StarTable.songplays.name) }
    }
    if let schema {
      star = StarLayout.rows.map { names in
        names.compactMap { name in tables.first { $0.name == TableName(schema, name) } }
      }
    }
    let shown = Set(star.flatMap { $0 }.map(\.name))
    others = tables.filter { !shown.contains($0.name) }
  }

  /// Some of the tables, as a list alone.
  func only(_ isWanted: (TableSummary) -> Bool) -> StarLayout {
    var layout = self
    (layout.star, layout.others) = ([], items.filter(isWanted))
    return layout
  }

  /// A table of the star.
  func table(_ name: String) -> TableSummary? {
    star.joined().first { $0.name.table.name == name }
  }

  /// The item's place among all; nil when it is none of the star.
  func index(of name: String) -> Int? {
    star.flatMap { $0 }.firstIndex { $0.name.table.name == name }
  }

  private var rows: [[Int]] {
    var next = 0
    var rows: [[Int]] = []
    for row in star where !row.isEmpty {
      rows.append(Array(next..<next + row.count))
      next += row.count
    }
    return rows + others.indices.map { [next + $0] }
  }

  /// Where a movement leads.
  func index(from index: Int, _ movement: Movement) -> Int {
    let rows = rows
    guard let row = rows.firstIndex(where: { $0.contains(index) }) else { return 0 }
    let column = rows[row].firstIndex(of: index) ?? 0
    let step: Int
    switch movement {
    case .up: step = -1
    case .down: step = 1
    case .pageUp, .halfPageUp: step = -5
    case .pageDown, .halfPageDown: step = 5
    case .first: step = -rows.count
    case .last: step = rows.count
    }
    let target = rows[min(max(0, row + step), rows.count - 1)]
    return target.indices.contains(column) ? target[column] : target.last ?? index
  }

  /// The neighbour in the same row.
  func index(from index: Int, beside step: Int) -> Int {
    guard let row = rows.first(where: { $0.contains(index) }), row.contains(index + step) else {
      return index
    }
    return index + step
  }
}
