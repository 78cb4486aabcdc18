/// The name of a schema, table or column, quoted when it goes into SQL.
public struct Identifier: Sendable, Hashable, CustomStringConvertible {
  /// The name as the catalog holds it.
  public let name: String

  /// A name as the catalog holds it. A NUL cannot be part of one and is left out.
  public init(_ name: String) {
    self.name = String(name.unicodeScalars.filter { $0 != "\0" })
  }

  /// The name inside double quotes, quotes in it doubled.
  public var sql: String { "\"" + name.doubling("\"") + "\"" }

  /// The bare name, for people.
  public var description: String { name }
}

/// A table or view and the schema that it lies in.
public struct TableName: Sendable, Hashable, CustomStringConvertible {
  /// The schema.
  public let schema: Identifier
  /// The table's own name.
  public let table: Identifier

  /// The table `table` in `schema`, both as the catalog holds them.
  public init(_ schema: String, _ table: String) {
    self.schema = Identifier(schema)
    self.table = Identifier(table)
  }

  /// Both parts quoted, with the dot between them.
  public var sql: String { schema.sql + "." + table.sql }

  /// `schema.table`, for people.
  public var description: String { "\(schema).\(table)" }
}
