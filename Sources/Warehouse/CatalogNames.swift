/// The names in a warehouse that a person may write in SQL.
public struct CatalogNames: Sendable, Equatable {
  /// A column.
  public struct Column: Sendable, Equatable {
    /// Its name as the catalog holds it.
    public var name: String
    /// Its type, as the server writes it.
    public var type: String

    /// A column.
    public init(_ name: String, _ type: String) { (self.name, self.type) = (name, type) }
  }

  /// A table or view.
  public struct Table: Sendable, Equatable {
    /// The schema that it lies in.
    public var schema: String
    /// Its name as the catalog holds it.
    public var name: String
    /// Its columns, in order.
    public var columns: [Column]

    /// A table or view.
    public init(schema: String, name: String, columns: [Column]) {
      (self.schema, self.name, self.columns) = (schema, name, columns)
    }
  }

  /// The tables and views, by schema and name.
  public var tables: [Table]
  /// The functions that people made, beside the server's own.
  public var functions: [String]

  /// The names that there are.
  public init(tables: [Table] = [], functions: [String] = []) {
    (self.tables, self.functions) = (tables, functions)
  }

  /// Reads them: the first 20,000 columns, without those of the server's own schemas.
  public static func read(from session: some Session) async throws(WarehouseError) -> CatalogNames {
    var names = CatalogNames()
    for row in try await session.execute(SQLText.selectNames).rows {
      let column = Column(row.text(2), row.text(3))
      if names.tables.last?.schema == row.text(0), names.tables.last?.name == row.text(1) {
        names.tables[names.tables.count - 1].columns.append(column)
      } else {
        names.tables.append(Table(schema: row.text(0), name: row.text(1), columns: [column]))
      }
    }
    names.functions = try await session.execute(SQLText.selectFunctions).rows.map { $0.text(0) }
    return names
  }
}
