import Warehouse

extension Grid {
  /// Whether every row is held, so that it can be sorted here.
  var isComplete: Bool { !extent.hasBefore && !extent.hasAfter }

  /// Sorts the rows by the column under the cursor: upwards, then downwards. Equal ones keep their
  /// order, and NULL comes last upwards, as the server has it. Sparklines sort by their last value.
  ///
  /// For a result in memory only: a window would show a sorted piece.
  mutating func sortRows() {
    guard isComplete, let column = currentColumn else { return }
    let isDescending = sort?.source == column.source && sort?.isDescending == false
    sort = GridSort(source: column.source, isDescending: isDescending)
    let keyed = rows.enumerated().map { offset, row in
      (offset: offset, key: SortKey(value(row, column), column), row: row)
    }
    if keySources.isEmpty { setMarks { $0.removeAll() } }
    setRows(
      keyed.sorted { left, right in
        if left.key == right.key { return left.offset < right.offset }
        return isDescending ? right.key < left.key : left.key < right.key
      }.map(\.row))
  }
}

/// A value as it sorts: numbers by size, all else by its bytes, NULL last.
private enum SortKey: Comparable {
  case number(Double)
  case text(String)
  case null

  init(_ value: String?, _ column: GridColumn) {
    guard let value else {
      self = .null
      return
    }
    if column.hasSparklines {
      self = Sparkline.values(value).last { $0 != nil }?.map { .number($0) } ?? .null
    } else if column.kind.isNumeric, let number = Double(value), !number.isNaN {
      self = .number(number)
    } else {
      self = .text(value)
    }
  }

  static func < (left: SortKey, right: SortKey) -> Bool {
    switch (left, right) {
    case (.number(let left), .number(let right)): left < right
    case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
    case (.number, .text), (.number, .null), (.text, .null): true
    default: false
    }
  }
}
