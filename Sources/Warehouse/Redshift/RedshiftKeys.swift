/// The keys of a build on Redshift: nobody enforces them, so they are counted.
enum RedshiftKeys {
  /// How many values of a key come more than once, or are NULL.
  ///
  /// Over the whole table, and never by a key that is declared: the planner would believe it.
  static func violations(of table: StarTable) -> String {
    "SELECT count(*) FROM (\n\(offendingRows(of: table))\n) AS violations"
  }

  /// The values of a table's key that come more than once, or are NULL.
  static func offendingRows(of table: StarTable) -> String {
    let (name, key) = (Identifier(table.name).sql, Identifier(table.primaryKey).sql)
    return """
      SELECT \(key), count(*) AS row_count FROM \(name)
      GROUP BY \(key) HAVING count(*) > 1 OR \(key) IS NULL
      """
  }

  /// How many rows name a row that is not there.
  static func orphans(_ key: ForeignKey) -> String {
    "SELECT count(*) FROM (\n\(KeyChecks.orphans(key))\n) AS orphans"
  }

  /// Declares the keys of tables of a schema, in an order that works.
  static func declarations(in schema: String) -> [String] {
    StarTable.all.map { table in
      "ALTER TABLE \(TableName(schema, table.name).sql) "
        + "ADD CONSTRAINT \(Identifier("\(table.name)_pkey").sql) "
        + "PRIMARY KEY (\(Identifier(table.primaryKey).sql))"
    }
      + StarSchema.foreignKeys.map { key in
        "ALTER TABLE \(TableName(schema, key.table).sql) "
          + "ADD CONSTRAINT \(Identifier(key.name).sql) "
          + "FOREIGN KEY (\(Identifier(key.column).sql)) "
          + "REFERENCES \(TableName(schema, key.dimension).sql) (\(Identifier(key.key).sql))"
      }
  }

  /// The result for a table whose key was looked at.
  static func result(_ table: StarTable, violations: Int) -> CheckResult {
    CheckResult(
      name: "\(table.name)-key",
      title: "\(table.name).\(table.primaryKey) is unique and never null",
      verdict: violations == 0 ? .passed : .failed, count: violations,
      detail: violations == 0
        ? "counted over the whole table" : "\(violations) values come twice, or are missing",
      offendingRowsSQL: violations == 0 ? nil : offendingRows(of: table))
  }

  /// The result for a key whose orphans were counted.
  static func result(_ key: ForeignKey, orphans: Int) -> CheckResult {
    var result = KeyChecks.result(key, orphanCount: orphans)
    if orphans == 0 { result.detail = "counted over the whole table" }
    return result
  }
}

/// How evenly the rows of tables lie on the slices.
enum RedshiftSkew {
  /// The result for the tables of the build.
  static func result(_ tables: [TableHealth]) -> CheckResult {
    let spread = tables.filter { $0.skew != nil }.sorted { ($0.skew ?? 0) > ($1.skew ?? 0) }
    let skewed = spread.filter { ($0.skew ?? 0) > TableHealth.notedSkew }
    let worst = spread.first.map { table in
      "\(table.table) has \(table.skew ?? 0) times as many rows on its fullest slice as on its "
        + "emptiest (\(table.distribution))"
    }
    return CheckResult(
      name: "slice-skew", title: "rows lie evenly on the slices",
      verdict: skewed.isEmpty ? .passed : .noted, count: skewed.count,
      detail: worst ?? "no table is spread by a key",
      offendingRowsSQL: skewed.isEmpty ? nil : TableHealth.query(of: StarSchema.build))
  }

  /// The result where the view cannot be read: it is the superusers' alone by default.
  static func unknown(_ error: WarehouseError) -> CheckResult {
    CheckResult(
      name: "slice-skew", title: "rows lie evenly on the slices", verdict: .noted, count: 0,
      detail: "not known: \(error.message); \(TableHealth.remedy(for: "…"))",
      offendingRowsSQL: nil)
  }
}
