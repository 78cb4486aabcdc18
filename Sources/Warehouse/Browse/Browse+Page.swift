extension Browse {
  /// Reads a page of at most `limit` rows, always in the query's order.
  ///
  /// Its cost does not grow with the place of the page, as long as an index serves the order.
  public func page(
    _ query: BrowseQuery, _ start: PageStart, limit: Int
  ) async throws(WarehouseError) -> BrowsePage {
    if query.table.identity == .none { return try await firstRows(query, limit) }
    var page = try await read(query, start, limit)
    switch start {
    case .after, .before: break
    case .first, .last, .fraction, .value: page.total = try await filteredCount(query, page)
    }
    return page
  }

  /// How many rows the filters of a small table let through; nil where that is known without them,
  /// or would take long.
  private func filteredCount(
    _ query: BrowseQuery, _ page: BrowsePage
  ) async throws(WarehouseError) -> Int? {
    guard page.hasMore, !query.filters.isEmpty, query.table.isSmall else { return nil }
    do throws(WarehouseError) {
      return try await exactCount(query)
    } catch {
      // An expression may fail at a row that the page does not have.
      guard error.kind == .server else { throw error }
      return nil
    }
  }

  private func read(
    _ query: BrowseQuery, _ start: PageStart, _ limit: Int
  ) async throws(WarehouseError) -> BrowsePage {
    switch start {
    case .first: return try await read(query, from: nil, isBackward: false, limit, fraction: 0)
    case .last: return try await read(query, from: nil, isBackward: true, limit)
    case .after(let position):
      return try await read(query, from: position, isBackward: false, limit)
    case .before(let position):
      return try await read(query, from: position, isBackward: true, limit)
    case .fraction(let fraction):
      return try await page(query, atFraction: min(max(0, fraction), 1), limit)
    case .value(let value):
      let position = RowPosition(values: [value])
      return try await read(query, from: position, isBackward: false, isInclusive: true, limit)
    }
  }

  /// Where a row of a page stands in the query's order.
  public static func position(of row: [String?], in query: BrowseQuery) -> RowPosition {
    BrowseBuilder(query).position(of: row)
  }

  /// Of a view: its rows cannot be told apart, so that nothing can begin behind one of them. They
  /// come by the statement that reads on from there, too.
  private func firstRows(
    _ query: BrowseQuery, _ limit: Int
  ) async throws(WarehouseError) -> BrowsePage {
    var statement = Self.ordered(query, columns: Array(query.table.columns.indices))
    statement.sql += "\nLIMIT \(limit + 1)"
    let rows = try await run(statement, query).rows
    return BrowsePage(rows: Array(rows.prefix(limit)), hasMore: rows.count > limit, fraction: 0)
  }

  /// Reads on from a place, through the parts of the order, until there are enough rows.
  private func read(
    _ query: BrowseQuery, from position: RowPosition?, isBackward: Bool,
    isInclusive: Bool = false, _ limit: Int, fraction: Double? = nil
  ) async throws(WarehouseError) -> BrowsePage {
    if query.table.identity == .address, query.order == nil {
      return try await readByAddress(query, from: position, isBackward: isBackward, limit, fraction)
    }
    let order = BrowseBuilder(query)
    var segments = isBackward ? order.segments.reversed() : order.segments
    if let position, let index = segments.firstIndex(of: order.segment(of: position)) {
      segments.removeFirst(index)
    }
    var rows: [[String?]] = []
    for (index, segment) in segments.enumerated() where rows.count <= limit {
      var builder = BrowseBuilder(query)
      let statement = builder.page(
        segment, beyond: index == 0 ? position : nil, isBackward: isBackward,
        isInclusive: isInclusive, limit: limit + 1 - rows.count)
      rows += try await run(statement, query).rows
    }
    return Self.page(rows, isBackward: isBackward, limit, fraction)
  }

  private static func page(
    _ rows: [[String?]], isBackward: Bool, _ limit: Int, _ fraction: Double?
  ) -> BrowsePage {
    let kept = Array(rows.prefix(limit))
    return BrowsePage(
      rows: isBackward ? kept.reversed() : kept, hasMore: rows.count > limit, fraction: fraction)
  }

  // MARK: In the order of the file

  /// Reads blocks of the table's file: PostgreSQL 14 and later find a range of addresses without
  /// reading what lies before it ("Tid Range Scan"). More blocks at a time as long as filters let
  /// little through.
  private func readByAddress(
    _ query: BrowseQuery, from position: RowPosition?, isBackward: Bool, _ limit: Int,
    _ fraction: Double?
  ) async throws(WarehouseError) -> BrowsePage {
    let blocks = try await blockCount(query)
    var rows: [[String?]] = []
    var position = position
    var block = position.flatMap { Self.block(of: $0) } ?? (isBackward ? blocks - 1 : 0)
    var step = 32
    while rows.count <= limit, isBackward ? block >= 0 : block < blocks {
      let low = isBackward ? max(0, block - step + 1) : block
      let high = isBackward ? block + 1 : block + step
      var builder = BrowseBuilder(query)
      let range = ["ctid >= '(\(low),0)'::tid", "ctid < '(\(high),0)'::tid"]
      let statement = builder.page(
        .values, beyond: position, isBackward: isBackward, extra: range,
        limit: limit + 1 - rows.count)
      rows += try await run(statement, query).rows
      block = isBackward ? low - 1 : high
      position = nil
      step = min(step * 4, 1 << 20)
    }
    return Self.page(rows, isBackward: isBackward, limit, fraction)
  }

  func blockCount(_ query: BrowseQuery) async throws(WarehouseError) -> Int {
    let sql = """
      SELECT pg_relation_size($1::regclass) / current_setting('block_size')::bigint
      """
    let answer = try await session.execute(Statement(sql, .text(query.table.name.sql)))
    return answer.scalar.flatMap { Int($0) } ?? 0
  }

  /// The block of `(12,3)`.
  private static func block(of position: RowPosition) -> Int? {
    guard let address = position.values.last ?? nil else { return nil }
    return Int(address.dropFirst().prefix { $0 != "," })
  }

  // MARK: Anywhere

  private func page(
    _ query: BrowseQuery, atFraction fraction: Double, _ limit: Int
  ) async throws(WarehouseError) -> BrowsePage {
    if fraction <= 0 {
      return try await read(query, from: nil, isBackward: false, limit, fraction: 0)
    }
    if fraction >= 1 { return try await read(query, from: nil, isBackward: true, limit) }
    guard let position = try await position(query, at: fraction) else {
      return try await read(query, from: nil, isBackward: false, limit, fraction: 0)
    }
    var page = try await read(
      query, from: position, isBackward: false, isInclusive: true, limit)
    page.fraction = fraction
    return page
  }

  /// A place near a share of the rows: between least and greatest key where that is a number or a
  /// time, else by the server's histogram of the column. Nothing is counted.
  private func position(
    _ query: BrowseQuery, at fraction: Double
  ) async throws(WarehouseError) -> RowPosition? {
    guard let term = BrowseBuilder(query).terms.first else { return nil }
    guard query.table.columns.indices.contains(term.place) else {
      let blocks = try await blockCount(query)
      return RowPosition(values: ["(\(Int(Double(blocks) * fraction)),0)"])
    }
    let column = query.table.columns[term.place]
    let share = query.order?.isDescending == true ? 1 - fraction : fraction
    let bound = try await histogramBound(query.table, column, share)
    if let bound { return RowPosition(values: [bound]) }
    return try await between(query.table, column, share).map { RowPosition(values: [$0]) }
  }

  private func histogramBound(
    _ table: BrowsedTable, _ column: TableColumn, _ share: Double
  ) async throws(WarehouseError) -> String? {
    if await session.engine == .redshift { return nil }
    // A dense key is met exactly between its ends; a histogram has a hundred steps only.
    if table.key == [table.place(of: column.name) ?? -1], column.kind == .integer { return nil }
    let sql = """
      SELECT bounds[1 + round($4::float8 * (array_length(bounds, 1) - 1))::int]
      FROM (
        SELECT CAST(CAST(histogram_bounds AS text) AS text[]) AS bounds FROM pg_stats
        WHERE schemaname = $1 AND tablename = $2 AND attname = $3
      ) AS statistics
      """
    return try await session.execute(
      Statement(
        sql, .text(table.name.schema.name), .text(table.name.table.name), .text(column.name),
        .real(share))
    ).scalar
  }

  private func between(
    _ table: BrowsedTable, _ column: TableColumn, _ share: Double
  ) async throws(WarehouseError) -> String? {
    let difference: String
    switch column.kind {
    case .integer:
      difference = "round((max(\(column.sql)) - min(\(column.sql)))::float8 * $1::float8)::bigint"
    case .number, .timestamp:
      difference = "(max(\(column.sql)) - min(\(column.sql))) * $1::float8"
    case .text, .boolean, .date, .json, .other: return nil
    }
    let sql = "SELECT min(\(column.sql)) + \(difference) FROM \(table.name.sql)"
    return try await session.execute(Statement(sql, .real(share))).scalar
  }
}
