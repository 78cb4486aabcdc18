/// The DDL of the star and the staging tables for PostgreSQL.
///
/// Names are unqualified: the statements run with the build schema first on the search path.
enum TableDefinition {
  /// Autovacuum stays away while a table is built: the pipeline analyses it itself.
  private static let buildOptions = "WITH (autovacuum_enabled = false)"

  /// Makes the build anew: every table there is, empty.
  static var createBuild: [String] {
    let schema = Identifier(StarSchema.build).sql
    return [
      "DROP SCHEMA IF EXISTS \(schema) CASCADE",
      "CREATE SCHEMA \(schema)",
      """
      CREATE TABLE \(StarSchema.buildStages) (
        stage VARCHAR(32) NOT NULL PRIMARY KEY,
        run_id BIGINT NOT NULL,
        stored_rows BIGINT,
        rejects BIGINT NOT NULL
      )
      """,
      """
      CREATE TABLE \(StarSchema.sourceFiles) (
        staging_table VARCHAR(64) NOT NULL,
        source_file INTEGER NOT NULL,
        path VARCHAR(4096) NOT NULL,
        bytes BIGINT NOT NULL,
        PRIMARY KEY (staging_table, source_file)
      )
      """,
    ] + StarSchema.stagingTables.map(create) + StarTable.all.map(create)
  }

  /// `CREATE TABLE` of a staging table, empty.
  static func create(_ table: StagingTable) -> String {
    create(table.name, table.columns.map { ($0.name, $0.type, $0.isRequired) }, key: nil)
  }

  /// `CREATE TABLE` of a table of the star, empty, with its primary key.
  static func create(_ table: StarTable) -> String {
    create(
      table.name, table.columns.map { ($0.name, $0.type, $0.isRequired) }, key: table.primaryKey)
  }

  /// Replaces a table of the star by what its query gives, with its primary key.
  ///
  /// `CREATE TABLE AS`, not `INSERT`: only it gets a parallel plan, and under
  /// `wal_level = minimal` a table made in the same transaction needs no write-ahead log and is
  /// crash-safe all the same (PostgreSQL documentation, "Populating a Database").
  static func load(_ table: StarTable) -> TableLoad {
    var changes = table.columns.filter(\.isRequired).map {
      "ALTER COLUMN \(Identifier($0.name).sql) SET NOT NULL"
    }
    changes.append("ADD PRIMARY KEY (\(Identifier(table.primaryKey).sql))")
    let name = Identifier(table.name).sql
    return TableLoad(
      filling: planSettings(table) + [
        "DROP TABLE IF EXISTS \(name) CASCADE",
        "CREATE TABLE \(name) \(buildOptions) AS\n\(table.query)",
      ],
      repeats: table == .songplays ? .ofSongplays : nil,
      keys: [
        "ALTER TABLE \(name)\n  " + changes.joined(separator: ",\n  "), "ANALYZE \(name)",
      ],
      finishing: table == .songplays
        ? [indexes] + SummaryTable.Source.allCases.map(summaries) : [])
  }

  /// Makes the indexes of the fact. On one processor: the summaries keep the other busy. Sorts that
  /// fit the processor's cache, and are merged, beat one large sort by a tenth.
  private static var indexes: [String] {
    let table = StarTable.songplays
    let settings = [
      "SET LOCAL max_parallel_maintenance_workers TO 0", "SET LOCAL maintenance_work_mem TO '8MB'",
    ]
    return settings
      + table.indexedColumns.map { column in
        "CREATE INDEX \(Identifier("\(table.name)_\(column)_idx").sql) "
          + "ON \(Identifier(table.name).sql) (\(Identifier(column).sql))"
      }
  }

  /// Counts the summaries of one kind from the fact at hand.
  private static func summaries(from source: SummaryTable.Source) -> [String] {
    // Hashes of a year's groups stay in memory, and no index that is there by then tempts the
    // planner to fetch the fact in another order than it lies in.
    let settings = [
      "SET LOCAL work_mem TO '256MB'", "SET LOCAL enable_indexscan TO off",
      "SET LOCAL max_parallel_workers_per_gather TO 0",
    ]
    let steps = SummaryTable.steps.filter { $0.source == source }
    let summaries = SummaryTable.all.filter { $0.source == source }
    // At a year's plays the planner takes the groups for more than memory holds, and would sort the
    // whole fact on disk: twice the work.
    return settings
      + ["SET LOCAL enable_sort TO off"] + steps.flatMap(fill)
      + ["SET LOCAL enable_sort TO DEFAULT"] + summaries.flatMap(fill)
      + steps.map { "DROP TABLE IF EXISTS \(Identifier($0.name).sql)" }
  }

  private static func fill(_ summary: SummaryTable) -> [String] {
    let name = Identifier(summary.name).sql
    return [
      "DROP TABLE IF EXISTS \(name) CASCADE",
      "CREATE TABLE \(name) \(buildOptions) AS\n\(summary.query)",
      "ANALYZE \(name)",
    ]
  }

  /// `CREATE TABLE` of the row counts, empty, in place of older ones.
  static let createRowCounts = [
    "DROP TABLE IF EXISTS \(StarSchema.rowCounts) CASCADE",
    """
    CREATE TABLE \(StarSchema.rowCounts) (
      table_name VARCHAR(64) COLLATE "C" NOT NULL PRIMARY KEY,
      row_count BIGINT NOT NULL
    ) \(buildOptions)
    """,
  ]

  /// Says how many rows a table has: `$1` its name, `$2` the number.
  static let insertRowCount =
    "INSERT INTO \(StarSchema.rowCounts) (table_name, row_count) VALUES ($1, $2)"

  /// What the planner of PostgreSQL 15 does not see by itself; for the transaction of the load.
  private static func planSettings(_ table: StarTable) -> [String] {
    switch table {
    // Sorting beats hashing for distinct times: events come nearly in their order.
    case .time: ["SET LOCAL enable_hashagg TO off"]
    // Every worker would make the whole list of latest times for itself.
    case .users: ["SET LOCAL max_parallel_workers_per_gather TO 0"]
    default: []
    }
  }

  private static func create(
    _ name: String, _ columns: [(name: String, type: StagingType, isRequired: Bool)], key: String?
  ) -> String {
    var lines = columns.map { column in
      "\(Identifier(column.name).sql) \(column.type.postgresSQL)"
        + (column.isRequired ? " NOT NULL" : "")
    }
    if let key { lines.append("PRIMARY KEY (\(Identifier(key).sql))") }
    return "CREATE TABLE \(Identifier(name).sql) (\n  " + lines.joined(separator: ",\n  ")
      + "\n) \(buildOptions)"
  }
}

extension StagingType {
  /// The type in PostgreSQL. Text sorts by its bytes, whatever the database's collation: the same
  /// order as in Redshift, and the fastest.
  var postgresSQL: String {
    switch self {
    case .integer: "INTEGER"
    case .bigint: "BIGINT"
    case .double: "DOUBLE PRECISION"
    case .varchar(let bytes): "VARCHAR(\(bytes)) COLLATE \"C\""
    case .timestamp: "TIMESTAMP"
    }
  }
}
