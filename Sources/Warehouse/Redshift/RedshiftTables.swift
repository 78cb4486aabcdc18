/// The DDL of the star and the staging tables for Redshift.
///
/// No keys: Redshift does not enforce them, but plans with them, so that a false one gives wrong
/// answers (developer guide, "CREATE TABLE"). They are declared when the checks have proved them.
/// Names are unqualified: the statements run with the build schema first on the search path.
struct RedshiftTables: Sendable {
  let design: RedshiftSettings

  /// Makes the build anew: every table there is, empty.
  var createBuild: [String] {
    let schema = Identifier(StarSchema.build).sql
    return [
      "DROP SCHEMA IF EXISTS \(schema) CASCADE",
      "CREATE SCHEMA \(schema)",
      """
      CREATE TABLE \(StarSchema.buildStages) (
        stage VARCHAR(32) NOT NULL,
        run_id BIGINT NOT NULL,
        stored_rows BIGINT,
        rejects BIGINT NOT NULL
      ) DISTSTYLE ALL
      """,
    ] + StarSchema.stagingTables.map(create) + StarTable.all.map(create)
  }

  /// `CREATE TABLE` of a staging table, empty.
  func create(_ table: StagingTable) -> String {
    create(
      table.name,
      table.copiedColumns.map {
        Column($0.name, $0.type, $0.isRequired, definition: $0.redshiftSQL)
      }, Placement(distribution: "DISTSTYLE EVEN", sortKey: nil))
  }

  /// `CREATE TABLE` of a table of the star, empty.
  func create(_ table: StarTable) -> String {
    create(
      table.name, table.columns.map { Column($0.name, $0.type, $0.isRequired) },
      placement(of: table))
  }

  /// Replaces a table of the star by what its query gives: made anew, so that nothing is to be
  /// vacuumed, and in one batch, which Redshift sorts.
  func load(_ table: StarTable) -> [String] {
    let name = Identifier(table.name).sql
    let columns = table.columns.map { Identifier($0.name).sql }.joined(separator: ", ")
    return [
      "DROP TABLE IF EXISTS \(name)", create(table),
      "INSERT INTO \(name) (\(columns))\n\(table.query)",
    ] + (table == .songplays ? summaries : [])
  }

  /// Counts all summaries from the fact at hand. They are small: every node has a copy.
  private var summaries: [String] {
    let steps = SummaryTable.steps.map { "DROP TABLE IF EXISTS \(Identifier($0.name).sql)" }
    return (SummaryTable.steps + SummaryTable.all).flatMap { summary in
      let name = Identifier(summary.name).sql
      let style = SummaryTable.steps.contains(summary) ? "DISTSTYLE EVEN" : "DISTSTYLE ALL"
      return ["DROP TABLE IF EXISTS \(name)", "CREATE TABLE \(name) \(style) AS\n\(summary.query)"]
    } + steps
  }

  /// `CREATE TABLE` of the row counts, empty, in place of older ones.
  var createRowCounts: [String] {
    [
      "DROP TABLE IF EXISTS \(StarSchema.rowCounts)",
      """
      CREATE TABLE \(StarSchema.rowCounts) (
        table_name VARCHAR(64) NOT NULL,
        row_count BIGINT NOT NULL
      ) DISTSTYLE ALL
      """,
    ]
  }

  // MARK: The design

  private struct Column {
    let name: String
    let type: StagingType
    let isRequired: Bool
    let definition: String
    init(
      _ name: String, _ type: StagingType, _ isRequired: Bool, definition: String? = nil
    ) {
      (self.name, self.type, self.isRequired) = (name, type, isRequired)
      self.definition = definition ?? type.redshiftSQL
    }
  }

  private struct Placement {
    let distribution: String
    let sortKey: String?
  }

  /// The fact and the dimension that it is joined with by its distribution key lie together.
  private func placement(of table: StarTable) -> Placement {
    let key = design.distribution.column
    if table == .songplays {
      return Placement(
        distribution: key.map { "DISTKEY (\(Identifier($0).sql))" }
          ?? "DISTSTYLE \(design.distribution.rawValue.uppercased())",
        sortKey: design.sortKey == .auto ? nil : design.sortKey.rawValue)
    }
    if let key, table.primaryKey == key {
      return Placement(distribution: "DISTKEY (\(Identifier(key).sql))", sortKey: key)
    }
    return Placement(
      distribution: "DISTSTYLE \(design.dimensions.rawValue.uppercased())",
      sortKey: table.primaryKey)
  }

  private func create(_ name: String, _ columns: [Column], _ placement: Placement) -> String {
    let lines = columns.map { column in
      "\(Identifier(column.name).sql) \(column.definition)"
        + (column.isRequired ? " NOT NULL" : "")
        + encoding(column.type, isSorted: column.name == placement.sortKey)
    }
    let sortKey = placement.sortKey.map { "\nSORTKEY (\(Identifier($0).sql))" } ?? ""
    return "CREATE TABLE \(Identifier(name).sql) (\n  " + lines.joined(separator: ",\n  ")
      + "\n)\n\(placement.distribution)\(sortKey)"
  }

  /// What a table is sorted by is not compressed: whole blocks are left out by it, and many more
  /// rows of the others lie in each of them (developer guide, "Choose the best sort key").
  private func encoding(_ type: StagingType, isSorted: Bool) -> String {
    guard design.encoding == .stated else { return "" }
    return " ENCODE " + (isSorted ? "RAW" : type.redshiftEncoding)
  }
}

extension RedshiftSettings.Distribution {
  /// The column; nil for a style without one.
  var column: String? {
    switch self {
    case .songID, .artistID, .userID: rawValue
    case .even, .all, .auto: nil
    }
  }
}

extension StagingTable {
  /// The columns that COPY can fill: it knows neither the number of a file nor of a line.
  var copiedColumns: [StagingColumn] {
    columns.filter { column in
      switch column.value {
      case .member, .epochMilliseconds: true
      case .sourceFile, .sourceLine: false
      }
    }
  }
}

extension StagingColumn {
  /// The type in Redshift: a number that COPY reads also where it has a fraction, if it may.
  var redshiftSQL: String { hasFraction ? "NUMERIC(18,0)" : type.redshiftSQL }

  /// The member of a record that its value comes from; nil when it comes from none.
  var member: String? {
    switch value {
    case .member(let name), .epochMilliseconds(let name): name
    case .sourceFile, .sourceLine: nil
    }
  }
}

extension StagingType {
  /// The type in Redshift, which counts the length of text in bytes.
  var redshiftSQL: String {
    switch self {
    case .integer: "INTEGER"
    case .bigint: "BIGINT"
    case .double: "DOUBLE PRECISION"
    case .varchar(let bytes): "VARCHAR(\(bytes))"
    case .timestamp: "TIMESTAMP"
    }
  }

  /// The encoding that Redshift recommends for the type; AZ64 does not take floating point and text.
  var redshiftEncoding: String {
    switch self {
    case .integer, .bigint, .timestamp: "AZ64"
    case .double, .varchar: "ZSTD"
    }
  }
}

extension StarSchema {
  /// The tables that are published on Redshift, in an order in which they can be dropped. There are no
  /// numbered source files.
  static let redshiftTables = publishedTables.filter { $0 != sourceFiles }
}

extension String {
  /// The text as a string constant of Redshift, where a backslash escapes what follows it.
  var redshiftLiteral: String { "'" + doubling("\\").doubling("'") + "'" }
}
