/// What a column holds, over a whole table or a sample of it.
public struct ColumnProfile: Sendable, Equatable {
  /// A value and how often it comes.
  public struct Frequency: Sendable, Equatable {
    /// The value; nil is NULL.
    public var value: String?
    /// How often it comes.
    public var count: Int

    /// A value with its count.
    public init(value: String?, count: Int) {
      self.value = value
      self.count = count
    }
  }

  /// The column.
  public var column: TableColumn
  /// How many rows were looked at.
  public var rows: Int
  /// Whether they are a sample: then no figure is exact.
  public var isSample: Bool
  /// NULL among them.
  public var nulls: Int
  /// Different values among them; nil where values cannot be compared.
  public var distinct: Int?
  /// The least value.
  public var least: String?
  /// The greatest value.
  public var greatest: String?
  /// The mean, of numbers.
  public var mean: String?
  /// The most frequent values, the first most.
  public var top: [Frequency]
  /// Counts of values in equal steps from least to greatest, for numbers and times; else empty.
  public var histogram: [Int]

  /// A profile.
  public init(
    column: TableColumn, rows: Int, isSample: Bool, nulls: Int, distinct: Int? = nil,
    least: String? = nil, greatest: String? = nil, mean: String? = nil, top: [Frequency] = [],
    histogram: [Int] = []
  ) {
    self.column = column
    self.rows = rows
    self.isSample = isSample
    self.nulls = nulls
    self.distinct = distinct
    self.least = least
    self.greatest = greatest
    self.mean = mean
    self.top = top
    self.histogram = histogram
  }
}

extension Browse {
  /// Tables of more rows than this are profiled by a sample of about that many.
  static let profiledRows = 400_000
  private static let topCount = 10
  private static let binCount = 16

  /// Profiles a column of the rows that a query lets through.
  ///
  /// A large table is sampled by pages (`TABLESAMPLE SYSTEM`), and the profile says so.
  public func profile(
    _ query: BrowseQuery, column: TableColumn
  ) async throws(WarehouseError) -> ColumnProfile {
    let engine = await session.engine
    // Redshift has no sample of a table, and reads one column alone.
    let share = engine == .postgres ? Self.sampleShare(query.table.summary) : nil
    let source =
      query.table.name.sql + (share.map { " TABLESAMPLE SYSTEM (\($0)) REPEATABLE (1)" } ?? "")
    var profile = ColumnProfile(column: column, rows: 0, isSample: share != nil, nulls: 0)
    try await addFigures(&profile, query, source)
    if column.isSortable {
      try await addTop(&profile, query, source)
      try await addHistogram(&profile, query, source)
    }
    return profile
  }

  /// In percent; nil reads all of it.
  private static func sampleShare(_ table: TableSummary) -> Double? {
    guard table.kind == .table || table.kind == .materializedView else { return nil }
    let rows: Int
    switch table.rows {
    case .exact(let count), .estimate(let count): rows = count
    case .unknown: return nil
    }
    return rows > profiledRows ? 100 * Double(profiledRows) / Double(rows) : nil
  }

  private func addFigures(
    _ profile: inout ColumnProfile, _ query: BrowseQuery, _ source: String
  ) async throws(WarehouseError) {
    let name = profile.column.sql
    var figures = ["count(*)", "count(\(name))"]
    if profile.column.isSortable { figures.append("count(DISTINCT \(name))") }
    if Self.hasEnds(profile.column) {
      figures += ["CAST(min(\(name)) AS text)", "CAST(max(\(name)) AS text)"]
    }
    if profile.column.kind.isNumeric { figures.append("CAST(avg(\(name)) AS text)") }
    var builder = BrowseBuilder(query)
    let clause = builder.whereClause([])
    let sql = "SELECT \(figures.joined(separator: ", "))\nFROM \(source)\(clause)"
    let statement = builder.statement(sql)
    let row = try await run(statement, query).rows.first ?? []
    profile.rows = row.integer(0) ?? 0
    profile.nulls = profile.rows - (row.integer(1) ?? 0)
    profile.distinct = profile.column.isSortable ? row.integer(2) : nil
    guard Self.hasEnds(profile.column) else { return }
    (profile.least, profile.greatest) = (row.optional(3), row.optional(4))
    profile.mean = row.optional(5)
  }

  /// Whether there are `min` and `max` of it: not of booleans.
  private static func hasEnds(_ column: TableColumn) -> Bool {
    column.isSortable && column.kind != .boolean
  }

  private func addTop(
    _ profile: inout ColumnProfile, _ query: BrowseQuery, _ source: String
  ) async throws(WarehouseError) {
    let name = profile.column.sql
    var builder = BrowseBuilder(query)
    let clause = builder.whereClause([])
    let sql = """
      SELECT CAST(\(name) AS text), count(*) FROM \(source)\(clause)
      GROUP BY \(name) ORDER BY count(*) DESC, \(name) LIMIT \(Self.topCount)
      """
    profile.top = try await run(builder.statement(sql), query).rows.map {
      .init(value: $0.optional(0), count: $0.integer(1) ?? 0)
    }
  }

  private func addHistogram(
    _ profile: inout ColumnProfile, _ query: BrowseQuery, _ source: String
  ) async throws(WarehouseError) {
    let value: String
    switch profile.column.kind {
    case .integer, .number: value = "CAST(\(profile.column.sql) AS double precision)"
    case .timestamp, .date:
      value = "CAST(extract(epoch FROM \(profile.column.sql)) AS double precision)"
    case .text, .boolean, .json, .other: return
    }
    guard let least = profile.least, let greatest = profile.greatest, least != greatest else {
      return
    }
    var builder = BrowseBuilder(query)
    let type = profile.column.type
    let ends = [least, greatest].map { end in
      value.replacing(profile.column.sql, with: builder.parameter(end, as: type))
    }
    let clause = builder.whereClause(["\(profile.column.sql) IS NOT NULL"])
    // Redshift has no function for the bins, and both engines count so.
    let (low, high) = (ends[0], ends[1])
    let sql = """
      SELECT CASE WHEN \(value) >= \(high) THEN \(Self.binCount)
        ELSE CAST(floor((\(value) - \(low)) / (\(high) - \(low)) * \(Self.binCount)) AS INTEGER) + 1
        END AS bin, count(*)
      FROM \(source)\(clause)
      GROUP BY 1
      """
    var bins = Array(repeating: 0, count: Self.binCount)
    for row in try await run(builder.statement(sql), query).rows {
      guard let bin = row.integer(0), bins.indices.contains(bin - 1) else { continue }
      bins[bin - 1] = row.integer(1) ?? 0
    }
    profile.histogram = bins
  }
}
