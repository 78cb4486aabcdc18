extension Browse {
  /// The statements whose last one answers with all rows of a query, in its order, the columns at
  /// these places and no others.
  public static func export(_ query: BrowseQuery, columns: [Int]) -> [Statement] {
    // Rows without a key lie in the order of the file, which reading it alone gives.
    let isByAddress = query.table.identity == .address && query.order == nil
    let statement = ordered(query, columns: columns, isByAddress: isByAddress)
    return isByAddress ? fileOrder + [statement] : [statement]
  }

  /// All rows of a query in its order, those without a value included.
  static func ordered(
    _ query: BrowseQuery, columns: [Int], isByAddress: Bool = false
  ) -> Statement {
    var builder = BrowseBuilder(query)
    let names = columns.filter(query.table.columns.indices.contains)
      .map { query.table.columns[$0].sql }
    let direction = builder.isDescending ? " DESC" : ""
    let order = isByAddress ? [] : builder.terms.map { $0.sql + direction }
    let sql =
      "SELECT \(names.joined(separator: ", "))\nFROM \(query.table.name.sql)"
      + builder.whereClause([])
      + (order.isEmpty ? "" : "\nORDER BY \(order.joined(separator: ", "))")
    return builder.statement(sql)
  }

  /// So that PostgreSQL reads a table's file from its beginning, with one process.
  private static let fileOrder = [
    Statement("SET LOCAL synchronize_seqscans TO off"),
    Statement("SET LOCAL max_parallel_workers_per_gather TO 0"),
  ]
}
