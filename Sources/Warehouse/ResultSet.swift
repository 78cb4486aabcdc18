/// What a column holds, as far as showing it goes.
public enum ColumnKind: Sendable, Equatable {
  /// Whole numbers.
  case integer
  /// Numbers with a fraction, exact or not.
  case number
  /// Text of any kind.
  case text
  /// True or false.
  case boolean
  /// A date and time, in UTC.
  case timestamp
  /// A date.
  case date
  /// JSON.
  case json
  /// Anything else: shown as the server writes it.
  case other

  /// Whether values line up at their right end.
  public var isNumeric: Bool { self == .integer || self == .number }
}

/// One column of a result.
public struct ResultColumn: Sendable, Equatable {
  /// The name that the server gave it.
  public let name: String
  /// What it holds.
  public let kind: ColumnKind
  /// The server's number for its type (`pg_type.oid`); 0 when there was no server.
  public let typeID: UInt32

  /// A column.
  public init(name: String, kind: ColumnKind, typeID: UInt32 = 0) {
    self.name = name
    self.kind = kind
    self.typeID = typeID
  }
}

/// Rows as values, in the server's text form; nil is NULL.
public struct ResultSet: Sendable, Equatable {
  /// The columns, in order.
  public var columns: [ResultColumn]
  /// The rows; each has as many values as there are columns.
  public var rows: [[String?]]
  /// Whether there were more rows than were kept.
  public var isTruncated: Bool
  /// Rows that the statement inserted, updated, deleted, copied or returned, as the server counted.
  public var affectedRows: Int?
  /// What the server said beside the answer; the first few.
  public var notices: [ServerNotice] = []

  /// A result.
  public init(
    columns: [ResultColumn] = [], rows: [[String?]] = [], isTruncated: Bool = false,
    affectedRows: Int? = nil
  ) {
    self.columns = columns
    self.rows = rows
    self.isTruncated = isTruncated
    self.affectedRows = affectedRows
  }

  /// The value in the first row's first column; nil when there is none or it is NULL.
  public var scalar: String? { rows.first.flatMap { $0.first ?? nil } }
}
