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

/// How evenly the rows of a table lie on the slices, as `svv_table_info` tells.
enum RedshiftSkew {
  /// The tables of the build with their skew: the rows of the fullest slice over those of the
  /// emptiest. Empty tables are not in it.
  static let query = """
    SELECT "table", tbl_rows, skew_rows, diststyle, sortkey1, unsorted, stats_off, size
    FROM svv_table_info
    WHERE "schema" = '\(StarSchema.build)' AND skew_rows IS NOT NULL
    ORDER BY skew_rows DESC, "table"
    """

  /// From this on, one slice works while the others wait.
  static let noted = 4.0

  /// The result of the query.
  static func result(_ rows: [[String?]]) -> CheckResult {
    let skewed = rows.filter { Double($0.text(2)) ?? 0 > noted }
    let worst = rows.first.map { row in
      "\(row.text(0)) has \(row.text(2)) times as many rows on its fullest slice as on its emptiest"
        + " (\(row.text(3)))"
    }
    return CheckResult(
      name: "slice-skew", title: "rows lie evenly on the slices",
      verdict: skewed.isEmpty ? .passed : .noted, count: skewed.count,
      detail: worst ?? "no table is spread by a key", offendingRowsSQL: skewed.isEmpty ? nil : query
    )
  }

  /// The result where the view cannot be read: it is the superusers' alone by default.
  static func unknown(_ error: WarehouseError) -> CheckResult {
    CheckResult(
      name: "slice-skew", title: "rows lie evenly on the slices", verdict: .noted, count: 0,
      detail: "not known: \(error.message). "
        + "A superuser can run: GRANT SELECT ON svv_table_info TO …",
      offendingRowsSQL: nil)
  }
}
