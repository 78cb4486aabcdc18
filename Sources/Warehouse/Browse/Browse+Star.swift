/// An attribute of a dimension that a fact can be broken down by.
public struct BreakdownAttribute: Sendable, Equatable {
  /// The fact's link to the dimension; nil for a column of the fact itself.
  public var link: TableLink?
  /// The attribute.
  public var column: String

  /// In a few words: `users.gender`.
  public var title: String { (link.map { "\($0.target.table)." } ?? "") + column }

  /// An attribute.
  public init(link: TableLink?, column: String) {
    self.link = link
    self.column = column
  }
}

/// Where a play came from.
public struct PlayOrigin: Sendable, Equatable {
  /// The staged event: each column with its value.
  public var event: [(name: String, value: String?)]
  /// The source file.
  public var path: String?
  /// The line of the file, from 1.
  public var line: Int?
  /// How many staged events fit the play: more than one when it was delivered more than once.
  public var deliveries: Int

  /// Whether both tell the same.
  public static func == (left: PlayOrigin, right: PlayOrigin) -> Bool {
    left.path == right.path && left.line == right.line && left.deliveries == right.deliveries
      && left.event.elementsEqual(right.event) { $0 == $1 }
  }

  /// An origin.
  public init(
    event: [(name: String, value: String?)], path: String?, line: Int?, deliveries: Int
  ) {
    self.event = event
    self.path = path
    self.line = line
    self.deliveries = deliveries
  }
}

extension Browse {
  /// The attributes that a table can be broken down by: those of the tables that it names, and its
  /// own.
  public func attributes(
    of table: BrowsedTable
  ) async throws(WarehouseError) -> [BreakdownAttribute] {
    var attributes: [BreakdownAttribute] = []
    for link in table.links {
      let target = try await self.table(TableSummary(name: link.target, kind: .table))
      attributes += target.columns.filter { $0.isSortable && $0.name != link.targetColumn }.map {
        BreakdownAttribute(link: link, column: $0.name)
      }
    }
    let own = table.columns.enumerated().filter { place, column in
      column.isSortable && !table.key.contains(place)
        && !table.links.contains { $0.column == column.name }
    }
    return attributes + own.map { BreakdownAttribute(link: nil, column: $0.element.name) }
  }

  /// Counts a query's rows by an attribute, the most frequent value first; at most `limit` values.
  public func breakdown(
    _ query: BrowseQuery, by attribute: BreakdownAttribute, limit: Int
  ) async throws(WarehouseError) -> ResultSet {
    var builder = BrowseBuilder(query)
    let clause = builder.whereClause([])
    let column = Identifier(attribute.column).sql
    var rows = "(SELECT * FROM \(query.table.name.sql)\(clause)) AS fact"
    var value = "fact.\(column)"
    if let link = attribute.link {
      value = "dimension.\(column)"
      rows += """
        \nLEFT JOIN \(link.target.sql) AS dimension \
        ON dimension.\(Identifier(link.targetColumn).sql) = fact.\(Identifier(link.column).sql)
        """
    }
    let sql = """
      SELECT \(value) AS \(column), count(*) AS rows,
        round(100.0 * count(*) / sum(count(*)) OVER (), 2) AS percent
      FROM \(rows)
      GROUP BY \(value) ORDER BY rows DESC, \(value)
      """
    return try await run(builder.statement(sql), query, limit: limit)
  }

  /// The staged event that a play was made from, and the file and line that it came from.
  ///
  /// - Parameter play: a row of `songplays`, by its columns' names.
  /// - Returns: nil when the schema holds no such event.
  public func origin(
    ofPlay play: [String: String?], in schema: Identifier
  ) async throws(WarehouseError) -> PlayOrigin? {
    guard let time = play["start_time"] ?? nil, let session = play["session_id"] ?? nil else {
      return nil
    }
    guard await self.session.engine == .postgres else {
      throw WarehouseError(
        .usage, "could not find the line that the play came from",
        detail: "Redshift's COPY does not tell a record's file and line",
        hint: "Look into staging_events by start_time and session_id.")
    }
    let events = TableName(schema.name, StagingTable.events.name).sql
    let files = TableName(schema.name, StarSchema.sourceFiles).sql
    let statement = Statement(
      """
      SELECT f.path, e.*
      FROM \(events) AS e
      LEFT JOIN \(files) AS f
        ON f.staging_table = 'staging_events' AND f.source_file = e.source_file
      WHERE e.start_time = $1::timestamp AND e.session_id = $2::integer
        AND e.user_id IS NOT DISTINCT FROM $3::integer AND e.page = 'NextSong'
      ORDER BY e.item_in_session, e.source_file, e.source_line
      """, .text(time), .text(session), Parameter(play["user_id"] ?? nil))
    let result = try await self.session.execute(statement, limit: 100)
    guard let row = result.rows.first else { return nil }
    let names = result.columns.map(\.name)
    let event = zip(names, row).dropFirst().map { (name: $0, value: $1) }
    return PlayOrigin(
      event: event, path: row.optional(0),
      line: event.first { $0.name == "source_line" }?.value.flatMap { Int($0) },
      deliveries: result.rows.count)
  }
}
