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

  /// The tables and views of our schemas. Small ones are counted; the large ones of the published
  /// star were counted by its check.
  ///
  /// - Throws: `.server` with SQLSTATE 55P03 when somebody holds a table that none may look at for
  ///   longer than a moment, as a run does that makes an index.
  public func tables() async throws(WarehouseError) -> [TableSummary] {
    if await session.engine == .redshift { return try await redshiftTables() }
    try await session.execute("SET lock_timeout TO '200ms'")
    let result: Result<[TableSummary], WarehouseError>
    do throws(WarehouseError) {
      result = .success(try await countedTables())
    } catch {
      result = .failure(error)
    }
    // A cancelled task could not send it by itself.
    let session = session
    _ = await Task { try? await session.execute("RESET lock_timeout") }.value
    return try result.get()
  }

  private func countedTables() async throws(WarehouseError) -> [TableSummary] {
    var tables = try await session.execute(SQLText.browseTables).rows.map(Self.summary)
    let known = try await publishedCounts(tables)
    for index in tables.indices {
      guard let bytes = tables[index].bytes else { continue }
      let name = tables[index].name
      let count = bytes <= Self.countedSize ? try await count(name) : known[name]
      tables[index].rows = count.map(TableSummary.Count.exact) ?? tables[index].rows
    }
    return tables
  }

  /// nil for a table that went away meanwhile, as a publication makes them, or that is held.
  private func count(_ name: TableName) async throws(WarehouseError) -> Int? {
    do throws(WarehouseError) {
      return try await session.execute("SELECT count(*) FROM \(name.sql)").scalar.flatMap {
        Int($0)
      }
    } catch {
      guard error.kind == .server else { throw error }
      return nil
    }
  }

  /// What the check counted before the star was published.
  private func publishedCounts(
    _ tables: [TableSummary]
  ) async throws(WarehouseError) -> [TableName: Int] {
    let name = TableName(StarSchema.published, StarSchema.rowCounts)
    guard tables.contains(where: { $0.name == name }) else { return [:] }
    do throws(WarehouseError) {
      let rows = try await session.execute("SELECT table_name, row_count FROM \(name.sql)").rows
      return rows.reduce(into: [:]) { counts, row in
        counts[TableName(StarSchema.published, row.text(0))] = row.integer(1)
      }
    } catch {
      guard error.kind == .server else { throw error }
      return [:]
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
    try query.checkTyped()
    return try await session.readOnlyTransaction { () throws(WarehouseError) in
      do throws(WarehouseError) {
        return try await session.execute(statement, limit: limit)
      } catch {
        throw query.placed(error, in: statement)
      }
    }
  }
}
