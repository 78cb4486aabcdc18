/// What the tables' pages need to know on Redshift.
extension Browse {
  /// The tables and views of our schemas, with the rows that Redshift keeps count of, where this user
  /// may see that.
  func redshiftTables() async throws(WarehouseError) -> [TableSummary] {
    let rows = try await session.execute(SQLText.browseRedshiftTables).rows
    let sizes = try await redshiftSizes()
    return rows.map { row in
      var table = Self.summary(row)
      if let size = sizes[table.objectID] {
        table.rows = .estimate(size.rows)
        table.bytes = size.bytes
      }
      return table
    }
  }

  private func redshiftSizes() async throws(WarehouseError) -> [Int: (rows: Int, bytes: Int)] {
    let rows: [[String?]]
    do throws(WarehouseError) {
      rows = try await session.execute(SQLText.selectRedshiftTableSizes).rows
    } catch {
      guard error.kind == .server else { throw error }
      return [:]
    }
    return rows.reduce(into: [:]) { sizes, row in
      guard let id = row.integer(0), let count = row.integer(1) else { return }
      sizes[id] = (count, row.integer(2) ?? 0)
    }
  }

  /// A table with its columns. Redshift's rows have no address that a person may ask for, and its
  /// declared keys prove nothing; but those of the published star were counted before it was
  /// published. Of other tables only the first rows can be shown.
  func redshiftTable(_ summary: TableSummary) async throws(WarehouseError) -> BrowsedTable {
    let columns = try await session.execute(
      Statement(
        SQLText.browseRedshiftColumns, .text(summary.name.schema.name),
        .text(summary.name.table.name))
    ).rows.map(Self.column)
    guard !columns.isEmpty else {
      throw WarehouseError(
        .usage, "there is no table \(summary.name) any more",
        hint: "Read the list of tables again.")
    }
    var table = BrowsedTable(summary: summary, columns: columns, identity: .none)
    let schema = summary.name.schema.name
    guard schema == StarSchema.published else { return table }
    let links = StarSchema.foreignKeys.map { key in
      TableLink(
        table: TableName(schema, key.table), column: key.column,
        target: TableName(schema, key.dimension), targetColumn: key.key)
    }
    table.links = links.filter { $0.table == summary.name }
    table.backLinks = links.filter { $0.target == summary.name }
    let key = StarTable.all.first { $0.name == summary.name.table.name }?.primaryKey
    if let place = key.flatMap(table.place) { table.identity = .key([place]) }
    return table
  }
}
