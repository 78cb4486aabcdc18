/// Rows and columns of cells.
struct Size: Hashable, Sendable {
  var columns: Int
  var rows: Int
}

/// A part of the screen, in cells.
struct Rect: Hashable, Sendable {
  var row: Int
  var column: Int
  var rows: Int
  var columns: Int

  /// The column after the last.
  var endColumn: Int { column + columns }
  /// The row after the last.
  var endRow: Int { row + rows }
  /// Whether there is nothing in it.
  var isEmpty: Bool { rows <= 0 || columns <= 0 }

  /// Whether a cell lies in it.
  func contains(row: Int, column: Int) -> Bool {
    row >= self.row && row < endRow && column >= self.column && column < endColumn
  }

  /// What is left when so many cells are taken from each side; never less than nothing.
  func inset(rows: Int = 0, columns: Int = 0) -> Rect {
    Rect(
      row: row + rows, column: column + columns, rows: max(0, self.rows - 2 * rows),
      columns: max(0, self.columns - 2 * columns))
  }

  /// One of its rows, counted from its top.
  func line(_ index: Int) -> Rect {
    Rect(row: row + index, column: column, rows: index < rows ? 1 : 0, columns: columns)
  }

  /// A rectangle of at most that size in its middle.
  func centered(_ size: Size) -> Rect {
    let rows = min(size.rows, self.rows)
    let columns = min(size.columns, self.columns)
    return Rect(
      row: row + (self.rows - rows) / 2, column: column + (self.columns - columns) / 2,
      rows: rows, columns: columns)
  }

  /// How much of a side a part takes.
  enum Share: Sendable {
    /// So many cells, as long as there are any.
    case fixed(Int)
    /// A share of what the fixed ones leave, by weight.
    case flexible(Int = 1)
  }

  /// Parts above each other, in order.
  func splitRows(_ shares: [Share]) -> [Rect] {
    var top = row
    return Rect.lengths(of: shares, in: rows).map { length in
      defer { top += length }
      return Rect(row: top, column: column, rows: length, columns: columns)
    }
  }

  /// Parts beside each other, in order.
  func splitColumns(_ shares: [Share]) -> [Rect] {
    var left = column
    return Rect.lengths(of: shares, in: columns).map { length in
      defer { left += length }
      return Rect(row: row, column: left, rows: rows, columns: length)
    }
  }

  private static func lengths(of shares: [Share], in total: Int) -> [Int] {
    var left = max(0, total)
    var weights = 0
    var lengths = shares.map { share in
      switch share {
      case .fixed(let wanted):
        let length = min(max(0, wanted), left)
        left -= length
        return length
      case .flexible(let weight):
        weights += weight
        return 0
      }
    }
    for (index, share) in shares.enumerated() {
      guard case .flexible(let weight) = share, weights > 0 else { continue }
      lengths[index] = left * weight / weights
      left -= lengths[index]
      weights -= weight
    }
    return lengths
  }
}
