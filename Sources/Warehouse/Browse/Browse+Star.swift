/// An attribute of a dimension that a fact can be broken down by.
public struct BreakdownAttribute: Sendable, Equatable {
  /// The fact's link to the dimension; nil for a column of the fact itself.
  public var link: TableLink?
  /// The attribute.
  public var column: String
  /// Its type, as the server writes it.
  public var type: String

  /// In a few words: `users.gender`.
  public var title: String { (link.map { "\($0.target.table)." } ?? "") + column }

  /// An attribute.
  public init(link: TableLink?, column: String, type: String = "text") {
    self.link = link
    self.column = column
    self.type = type
  }
}

/// What a breakdown tells of each value of its attribute.
public enum BreakdownMeasure: Sendable, Equatable {
  /// How many rows have it.
  case rows
  /// How many different values of a column they have.
  case distinct(String)
  /// The sum of a column.
  case sum(String)
  /// The mean of a column.
  case mean(String)

  /// In a few words; also the heading of its column.
  public var title: String {
    switch self {
    case .rows: "rows"
    case .distinct(let column): "different \(column)"
    case .sum(let column): "sum of \(column)"
    case .mean(let column): "mean \(column)"
    }
  }

  fileprivate var sql: String {
    switch self {
    case .rows: "count(*)"
    case .distinct(let column): "count(DISTINCT fact.\(Identifier(column).sql))"
    case .sum(let column): "sum(fact.\(Identifier(column).sql))"
    case .mean(let column): "avg(CAST(fact.\(Identifier(column).sql) AS double precision))"
    }
  }
}

extension BrowsedTable {
  /// What can be told of the rows that share an attribute: how many they are, how many different
  /// things they name, sums and means of their numbers.
  public var measures: [BreakdownMeasure] {
    let others = columns.enumerated().filter { !key.contains($0.offset) }.map(\.element)
    let names = others.filter { column in
      column.name.hasSuffix("_id")
        || column.kind == .text && links.contains { $0.column == column.name }
    }
    let numbers = others.filter { column in
      column.kind.isNumeric && !names.contains(column) && !Self.labels.contains(column.name)
    }
    return [.rows] + names.map { .distinct($0.name) } + numbers.map { .sum($0.name) }
      + numbers.map { .mean($0.name) }
  }

  /// Numbers that nobody adds.
  private static let labels: Set = [
    "year", "month", "week", "day", "weekday", "hour", "minute", "status", "ts", "latitude",
    "longitude",
  ]
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
        BreakdownAttribute(link: link, column: $0.name, type: $0.type)
      }
    }
    let own = table.columns.enumerated().filter { place, column in
      column.isSortable && !table.key.contains(place)
        && !table.links.contains { $0.column == column.name }
    }
    return attributes
      + own.map { BreakdownAttribute(link: nil, column: $0.element.name, type: $0.element.type) }
  }

  /// Tells a measure of a query's rows for each value of an attribute, the greatest first; at most
  /// `limit` values. The value comes first in a row, the measure second, how many rows it is of
  /// last.
  public func breakdown(
    _ query: BrowseQuery, _ measure: BreakdownMeasure = .rows, by attribute: BreakdownAttribute,
    limit: Int
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
    let share = "round(100.0 * count(*) / sum(count(*)) OVER (), 2) AS percent"
    let figures =
      measure == .rows
      ? "count(*) AS rows, \(share)"
      : "\(measure.sql) AS \(Identifier(measure.title).sql), count(*) AS rows"
    let sql = """
      SELECT \(value) AS \(column), \(figures)
      FROM \(rows)
      GROUP BY \(value) ORDER BY \(measure.sql) DESC NULLS LAST, \(value)
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
