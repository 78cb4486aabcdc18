/// What lies in the warehouse's schemas.
public struct Catalog: Sendable {
  private let session: any Session

  /// Reads through `session`.
  public init(_ session: any Session) { self.session = session }

  /// The tables and views of our schemas with exact row counts and sizes in bytes.
  ///
  /// Every table is counted in full: for a command, not for a screen.
  public func tables() async throws(WarehouseError) -> ResultSet {
    let names = try await session.execute(await tablesQuery)
    var result = ResultSet(columns: [
      ResultColumn(name: "schema", kind: .text), ResultColumn(name: "table", kind: .text),
      ResultColumn(name: "kind", kind: .text), ResultColumn(name: "rows", kind: .integer),
      ResultColumn(name: "bytes", kind: .integer),
    ])
    for row in names.rows {
      let name = TableName(row.text(0), row.text(1))
      let count = try await session.execute("SELECT count(*) FROM \(name.sql)").scalar
      result.rows.append([row.text(0), row.text(1), row.text(2), count, row.optional(3)])
    }
    return result
  }

  /// The statement that lists the columns of a table: `name`, or `schema.name`.
  ///
  /// - Throws: `.usage` when there is no such table; the hint names those there are.
  public func columnsStatement(of word: String) async throws(WarehouseError) -> Statement {
    let parts = word.split(separator: ".", maxSplits: 1).map(String.init)
    let known = try await session.execute(await tablesQuery).rows
    let found = known.first { row in
      parts.count == 2
        ? row.text(0) == parts[0] && row.text(1) == parts[1] : row.text(1) == parts.first
    }
    guard let found else {
      let names = known.map { "\($0.text(0)).\($0.text(1))" }.joined(separator: ", ")
      throw WarehouseError(
        .usage, "there is no table \(word)",
        hint: names.isEmpty ? "Run the pipeline first." : "There are \(names).")
    }
    let columns =
      switch await session.engine {
      case .postgres: Self.selectColumns
      case .redshift: SQLText.selectRedshiftCatalogColumns
      }
    return Statement(columns, .text(found.text(0)), .text(found.text(1)))
  }

  private static let schemas = """
    ('\(StarSchema.published)', '\(StarSchema.build)', '\(StarSchema.operations)')
    """

  private var tablesQuery: String {
    get async {
      switch await session.engine {
      case .postgres: Self.selectTables
      case .redshift: Self.selectRedshiftTables
      }
    }
  }

  /// How large a table is only superusers see. The table whose lock is the run's cannot be counted.
  private static let selectRedshiftTables = """
    SELECT n.nspname, c.relname, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END, NULL AS bytes
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname IN \(schemas) AND c.relkind IN ('r', 'v') AND c.relname <> 'run_lock'
    ORDER BY CASE n.nspname WHEN 'sparkify' THEN 1 WHEN 'sparkify_build' THEN 2 ELSE 3 END, c.relname
    """

  private static let selectTables = """
    SELECT n.nspname, c.relname,
      CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'table' END,
      pg_total_relation_size(c.oid)
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname IN \(schemas) AND c.relkind IN ('r', 'p', 'v', 'm')
    ORDER BY array_position(ARRAY['sparkify', 'sparkify_build', 'sparkify_ops'], n.nspname::text),
      c.relname
    """

  private static let selectColumns = """
    SELECT a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type,
      NOT a.attnotnull AS nullable,
      (SELECT string_agg(CASE k.contype WHEN 'p' THEN 'primary key'
          ELSE 'names ' || k.confrelid::regclass::text END, ', ' ORDER BY k.contype DESC)
        FROM pg_constraint AS k
        WHERE k.conrelid = c.oid AND k.contype IN ('p', 'f') AND a.attnum = ANY (k.conkey)) AS key
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE n.nspname = $1 AND c.relname = $2
    ORDER BY a.attnum
    """
}
