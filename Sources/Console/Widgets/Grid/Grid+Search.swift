extension Grid {
  /// Looks for a text, in capitals or not, from the cell under the cursor on.
  mutating func look(for text: String) {
    search = text
    missedRows = nil
    guard !text.isEmpty, !isFound(row, column) else { return }
    _ = find(1)
  }

  /// Whether none of the rows that are here contains what is looked for.
  var hasMissed: Bool { !search.isEmpty && missedRows == rows.count }

  /// Goes to the next cell that contains what is looked for, or the one before; round at the ends of
  /// the rows that are held.
  mutating func find(_ step: Int) -> [Request] {
    guard !search.isEmpty else { return [.notice("nothing is looked for: / begins")] }
    let shown = displayed.compactMap { column in columns.firstIndex { $0.source == column.source } }
    guard !shown.isEmpty, !rows.isEmpty else { return [.notice("there is no row")] }
    let count = rows.count * shown.count
    let here = row * shown.count + (shown.firstIndex(of: column) ?? 0)
    for distance in 1...count {
      let place = ((here + step * distance) % count + count) % count
      let (row, column) = (place / shown.count, shown[place % shown.count])
      guard isFound(row, column) else { continue }
      point(row: row, column: column)
      return []
    }
    missedRows = rows.count
    return [.notice("nothing here is like \(search)")]
  }

  private func isFound(_ row: Int, _ column: Int) -> Bool {
    guard let value = value(row, column), columns.indices.contains(column) else { return false }
    return contains(search, [value, columns[column].text(value)])
  }
}
