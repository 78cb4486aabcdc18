/// Reads tables a page at a time, however large they are.
///
/// Nothing is counted, sorted or skipped that a page does not need: a page begins behind the row
/// that the one before ended with (keyset paging), and the server finds it by an index.
public struct Browse: Sendable {
  let session: any Session

  /// Reads through `session`, which should be read-only.
  public init(_ session: any Session) { self.session = session }

  // MARK: What there is

  /// Tables up to this size, in bytes, are counted for the list; others show the server's estimate.
  static let countedSize = 4_000_000

  /// The tables and views of our schemas.
  public func tables() async throws(WarehouseError) -> [TableSummary] {
    if await session.engine == .redshift { return try await redshiftTables() }
    let rows = try await session.execute(SQLText.browseTables).rows
    var tables: [TableSummary] = []
    for row in rows {
      var table = Self.summary(row)
      if let bytes = table.bytes, bytes <= Self.countedSize {
        table.rows = try await count(table.name)
      }
      tables.append(table)
    }
    return tables
  }

  /// A table that went away meanwhile, as a publication makes them, has no count.
  private func count(_ name: TableName) async throws(WarehouseError) -> TableSummary.Count {
    do throws(WarehouseError) {
      let text = try await session.execute("SELECT count(*) FROM \(name.sql)").scalar
      return text.flatMap { Int($0) }.map(TableSummary.Count.exact) ?? .unknown
    } catch {
      guard error.kind == .server else { throw error }
      return .unknown
    }
  }

  static func summary(_ row: [String?]) -> TableSummary {
    let kind: TableSummary.Kind =
      switch row.text(2) {
      case "v": .view
      case "m": .materializedView
      case "p": .partitioned
      default: .table
      }
    // -1: never analysed.
    let estimate = row.integer(3).flatMap { $0 < 0 || kind == .view ? nil : $0 }
    return TableSummary(
      name: TableName(row.text(0), row.text(1)), kind: kind,
      rows: estimate.map(TableSummary.Count.estimate) ?? .unknown, bytes: row.integer(5),
      objectID: row.integer(4) ?? 0, comment: row.optional(6))
  }

  /// A table with its columns, key and links.
  ///
  /// - Throws: `.usage` when there is no such table any more.
  public func table(_ summary: TableSummary) async throws(WarehouseError) -> BrowsedTable {
    if await session.engine == .redshift { return try await redshiftTable(summary) }
    let parameters: [Parameter] = [
      .text(summary.name.schema.name), .text(summary.name.table.name),
    ]
    func rows(_ sql: String) async throws(WarehouseError) -> [[String?]] {
      try await session.execute(Statement(sql, parameters: parameters)).rows
    }
    let columns = try await rows(SQLText.browseColumns).map(Self.column)
    guard !columns.isEmpty else {
      throw WarehouseError(
        .usage, "there is no table \(summary.name) any more",
        hint: "Read the list of tables again.")
    }
    let links = try await rows(SQLText.browseLinks).map(Self.link)
    var table = BrowsedTable(
      summary: summary, columns: columns, identity: .none,
      links: links.filter { $0.table == summary.name },
      backLinks: links.filter { $0.target == summary.name })
    table.identity = Self.identity(of: table, try await rows(SQLText.browseKeys))
    return table
  }

  static func column(_ row: [String?]) -> TableColumn {
    TableColumn(
      name: row.text(0), type: row.text(1),
      kind: ColumnKind(typeID: row.integer(3).flatMap { UInt32(exactly: $0) } ?? 0),
      isNullable: row.text(2) != "t")
  }

  private static func link(_ row: [String?]) -> TableLink {
    TableLink(
      table: TableName(row.text(0), row.text(1)), column: row.text(2),
      target: TableName(row.text(3), row.text(4)), targetColumn: row.text(5))
  }

  private static func identity(
    of table: BrowsedTable, _ indexes: [[String?]]
  ) -> BrowsedTable.Identity {
    if let first = indexes.first?.text(0) {
      let names = indexes.filter { $0.text(0) == first }.map { $0.text(1) }
      let places = names.compactMap { table.place(of: $0) }
      if places.count == names.count { return .key(places) }
    }
    switch table.summary.kind {
    case .table, .materializedView: return .address
    case .view, .partitioned: return .none
    }
  }

  /// Counts a table's rows exactly, those that the filters let through. Reads all of it.
  public func exactCount(_ query: BrowseQuery) async throws(WarehouseError) -> Int {
    var builder = BrowseBuilder(query)
    let clause = builder.whereClause([])
    let sql = "SELECT count(*) FROM \(query.table.name.sql)\(clause)"
    return try await run(builder.statement(sql), query).scalar.flatMap { Int($0) } ?? 0
  }

  // MARK: Running

  /// Runs a statement that holds what a person typed in a transaction that cannot write, whatever
  /// the typed text calls.
  func run(
    _ statement: Statement, _ query: BrowseQuery, limit: Int? = nil
  ) async throws(WarehouseError) -> ResultSet {
    guard query.isTyped else { return try await session.execute(statement, limit: limit) }
    try await session.execute("BEGIN READ ONLY")
    let result: Result<ResultSet, WarehouseError>
    do throws(WarehouseError) {
      result = .success(try await session.execute(statement, limit: limit))
    } catch {
      result = .failure(query.placed(error, in: statement))
    }
    // A cancelled task could not send it by itself.
    let session = session
    _ = await Task { try? await session.execute("ROLLBACK") }.value
    return try result.get()
  }
}
