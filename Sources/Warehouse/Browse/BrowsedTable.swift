/// A table or view as the list of them shows it.
public struct TableSummary: Sendable, Equatable {
  /// What it is.
  public enum Kind: String, Sendable {
    case table = "table"
    case view = "view"
    case materializedView = "materialized view"
    case partitioned = "partitioned table"
  }

  /// How many rows it has.
  public enum Count: Sendable, Equatable {
    case unknown
    case exact(Int)
    /// As of the server's last look at it.
    case estimate(Int)
  }

  /// Its name.
  public var name: TableName
  /// What it is.
  public var kind: Kind
  /// How many rows it has.
  public var rows: Count
  /// Its size on disk, in bytes, without indexes; nil for a view.
  public var bytes: Int?
  /// The server's number for it.
  public var objectID: Int
  /// What somebody wrote about it.
  public var comment: String?

  /// A summary.
  public init(
    name: TableName, kind: Kind, rows: Count = .unknown, bytes: Int? = nil, objectID: Int = 0,
    comment: String? = nil
  ) {
    self.name = name
    self.kind = kind
    self.rows = rows
    self.bytes = bytes
    self.objectID = objectID
    self.comment = comment
  }
}

/// A column that names a row of another table.
public struct TableLink: Sendable, Equatable {
  /// The table that holds the column.
  public var table: TableName
  /// The column.
  public var column: String
  /// The table whose row it names.
  public var target: TableName
  /// The column there.
  public var targetColumn: String

  /// A link.
  public init(table: TableName, column: String, target: TableName, targetColumn: String) {
    self.table = table
    self.column = column
    self.target = target
    self.targetColumn = targetColumn
  }
}

/// One column of a table.
public struct TableColumn: Sendable, Equatable {
  /// Its name.
  public var name: String
  /// Its type, as the server writes it.
  public var type: String
  /// What it holds.
  public var kind: ColumnKind
  /// Whether it may be NULL.
  public var isNullable: Bool

  /// A column.
  public init(name: String, type: String, kind: ColumnKind, isNullable: Bool) {
    self.name = name
    self.type = type
    self.kind = kind
    self.isNullable = isNullable
  }

  var sql: String { Identifier(name).sql }

  /// Whether the server can sort by it, as far as its kind tells. (JSON has no order.)
  public var isSortable: Bool {
    switch kind {
    case .integer, .number, .text, .boolean, .timestamp, .date: true
    case .json, .other: false
    }
  }
}

/// A table with all that is needed to page through it.
public struct BrowsedTable: Sendable, Equatable {
  /// How it stands in the list.
  public var summary: TableSummary
  /// Its columns, in order.
  public var columns: [TableColumn]
  /// How its rows are told apart.
  public var identity: Identity
  /// The columns that name rows of other tables.
  public var links: [TableLink]
  /// The columns of other tables that name rows of this one.
  public var backLinks: [TableLink]

  /// How rows are told apart.
  public enum Identity: Sendable, Equatable {
    /// By a key: its columns, by their places.
    case key([Int])
    /// By where they lie: the server's own address of a row (`ctid`), in the order of the file.
    case address
    /// Not at all: a view. Only its first rows can be shown.
    case none
  }

  /// A table.
  public init(
    summary: TableSummary, columns: [TableColumn], identity: Identity, links: [TableLink] = [],
    backLinks: [TableLink] = []
  ) {
    self.summary = summary
    self.columns = columns
    self.identity = identity
    self.links = links
    self.backLinks = backLinks
  }

  /// Its name.
  public var name: TableName { summary.name }

  /// Whether reading all of it takes no time that anybody would notice.
  var isSmall: Bool { summary.bytes.map { $0 <= Browse.countedSize } ?? false }

  /// The place of a column; nil when there is none of that name.
  public func place(of column: String) -> Int? { columns.firstIndex { $0.name == column } }

  /// The columns as a result has them.
  public var resultColumns: [ResultColumn] {
    columns.map { ResultColumn(name: $0.name, kind: $0.kind) }
  }

  /// The key's columns, by their places; none without a key.
  public var key: [Int] {
    if case .key(let places) = identity { places } else { [] }
  }
}
