import Warehouse

/// How a person arranged the columns of a grid, by their titles.
struct GridArrangement: Equatable, Sendable {
  /// One column.
  struct Column: Equatable, Sendable {
    var title: String
    /// In cells; nil when nobody chose it.
    var width: Int?
    var isHidden = false
    var isFrozen = false
  }

  /// From left to right.
  var columns: [Column] = []

  /// No table has more; a file that says so is not believed.
  private static let most = 2000
}

extension Grid {
  /// How its columns are arranged.
  var arrangement: GridArrangement {
    GridArrangement(
      columns: columns.map {
        .init(
          title: $0.title, width: $0.isWidthChosen ? $0.width : nil, isHidden: $0.isHidden,
          isFrozen: $0.isFrozen)
      })
  }

  /// Arranges the columns as they were in another grid. Those that it did not have come last.
  mutating func arrange(_ arrangement: GridArrangement) {
    let known = Dictionary(arrangement.columns.enumerated().map { ($1.title, ($0, $1)) }) {
      first, _ in first
    }
    guard columns.contains(where: { known[$0.title] != nil }) else { return }
    setColumns { columns in
      for index in columns.indices {
        guard let (_, old) = known[columns[index].title] else { continue }
        (columns[index].isHidden, columns[index].isFrozen) = (old.isHidden, old.isFrozen)
        columns[index].isWidthChosen = old.width != nil
        if let width = old.width { columns[index].width = width }
      }
      let order = columns.enumerated().sorted { left, right in
        let places = (known[left.element.title]?.0, known[right.element.title]?.0)
        return (places.0 ?? .max, left.offset) < (places.1 ?? .max, right.offset)
      }
      columns = order.map(\.element)
      if columns.allSatisfy(\.isHidden) { columns.indices.forEach { columns[$0].isHidden = false } }
    }
    setColumn(shownColumns.first ?? 0)
  }
}

extension GridArrangement {
  /// As it is kept over sessions.
  var json: JSONValue {
    .array(
      columns.map { column in
        var members: [(String, JSONValue)] = [("title", .string(column.title))]
        if let width = column.width { members.append(("width", .integer(width))) }
        if column.isHidden { members.append(("hidden", .boolean(true))) }
        if column.isFrozen { members.append(("frozen", .boolean(true))) }
        return .object(members)
      })
  }

  /// What was kept; columns that cannot be read are left out.
  init(_ json: JSONValue?) {
    columns = (json?.elements ?? []).prefix(GridArrangement.most).compactMap { column in
      guard let title = column["title"]?.text else { return nil }
      let width = column["width"]?.number.map {
        min(max(GridColumn.leastWidth, $0), GridColumn.greatestWidth)
      }
      return Column(
        title: title, width: width, isHidden: column["hidden"]?.flag ?? false,
        isFrozen: column["frozen"]?.flag ?? false)
    }
  }
}
