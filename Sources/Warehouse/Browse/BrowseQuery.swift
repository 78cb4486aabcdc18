/// Which rows of a table, and in what order.
public struct BrowseQuery: Sendable, Equatable {
  /// The table.
  public var table: BrowsedTable
  /// What it is sorted by before its key; nil leaves it in the order of its key.
  public var order: BrowseOrder?
  /// What rows must fulfil, all of it.
  public var filters: [BrowseFilter]

  /// A query over a table.
  public init(_ table: BrowsedTable, order: BrowseOrder? = nil, filters: [BrowseFilter] = []) {
    self.table = table
    self.order = order
    self.filters = filters
  }

  /// Whether a person's own SQL is part of it.
  var isTyped: Bool {
    filters.contains { if case .expression = $0 { true } else { false } }
  }
}

extension BrowseQuery {
  /// Refuses a typed expression that closes a parenthesis which it did not open, or leaves one open:
  /// what stands before and behind it would be read as a part of it.
  func checkTyped() throws(WarehouseError) {
    for case .expression(let sql) in filters {
      guard let byte = Self.unbalanced(Array(sql.utf8)) else { continue }
      let place = String(decoding: Array(sql.utf8.prefix(byte)), as: UTF8.self)
      throw WarehouseError(
        .usage, "could not read the filter \(sql.prefix(60))",
        hint: "Close every parenthesis that is opened, and no other.",
        position: filters.last == .expression(sql) ? place.unicodeScalars.count + 1 : nil)
    }
  }

  /// The byte of the first parenthesis that has no other one; nil when all have.
  private static func unbalanced(_ bytes: [UInt8]) -> Int? {
    var open: [Int] = []
    var lexer = SQLLexer(bytes)
    while let token = lexer.next() {
      guard token.kind == .symbol else { continue }
      for place in token.range {
        if bytes[place] == UInt8(ascii: "(") { open.append(place) }
        if bytes[place] == UInt8(ascii: ")"), open.popLast() == nil { return place }
      }
    }
    return open.first
  }

  /// An error with its place in the expression that was typed last, which a person can correct,
  /// instead of its place in the statement around it; without a place when it lies elsewhere.
  func placed(_ error: WarehouseError, in statement: Statement) -> WarehouseError {
    guard let position = error.position else { return error }
    var error = error
    error.position = nil
    guard case .expression(let typed)? = filters.last,
      let range = statement.sql.ranges(of: BrowseBuilder.parenthesized(typed)).last
    else { return error }
    // Behind the bracket and the line break.
    let scalars = statement.sql.unicodeScalars
    let start = scalars.distance(from: scalars.startIndex, to: range.lowerBound) + 2
    let length = typed.unicodeScalars.count
    // The bracket behind is what the server finds where the expression ends too soon.
    guard (1...length + 2).contains(position - start) else { return error }
    error.position = min(position - start, length + 1)
    return error
  }
}

/// What rows are sorted by.
public struct BrowseOrder: Sendable, Equatable {
  /// The column, by its place.
  public var column: Int
  /// Whether the greatest comes first.
  public var isDescending: Bool

  /// An order.
  public init(column: Int, isDescending: Bool = false) {
    self.column = column
    self.isDescending = isDescending
  }
}

/// What rows must fulfil.
public enum BrowseFilter: Sendable, Equatable {
  /// SQL that a person typed.
  case expression(String)
  /// A column, by its name, equals a value; nil is NULL.
  case equals(String, String?)
  /// A column differs from a value; NULL differs from all values.
  case differs(String, String?)
  /// A column's text contains a text, in capitals or not.
  case contains(String, String)
  /// The row that is named has this value in an attribute; with nil also rows that name none.
  case linked(BreakdownAttribute, String?)

  /// In a few words.
  public var text: String {
    switch self {
    case .expression(let sql): sql
    case .equals(let column, let value): value.map { "\(column) = \($0)" } ?? "\(column) IS NULL"
    case .differs(let column, let value):
      value.map { "\(column) ≠ \($0)" } ?? "\(column) IS NOT NULL"
    case .contains(let column, let text): "\(column) contains \(text)"
    case .linked(let attribute, let value):
      value.map { "\(attribute.title) = \($0)" } ?? "\(attribute.title) IS NULL"
    }
  }
}

/// A row's place in the order of a query: the values that it is sorted by.
public struct RowPosition: Sendable, Equatable {
  /// In the order of the sort; nil is NULL.
  public var values: [String?]
}

/// Where a page begins or ends.
public enum PageStart: Sendable, Equatable {
  /// The first page.
  case first
  /// The last page.
  case last
  /// The rows that follow this one.
  case after(RowPosition)
  /// The rows before this one.
  case before(RowPosition)
  /// From this share of the rows on, 0 to 1, as near as the server's statistics tell.
  case fraction(Double)
  /// From the first row on whose first sort column is at least this.
  case value(String)
}

/// Rows that follow each other.
public struct BrowsePage: Sendable, Equatable {
  /// The rows; each with the table's columns, and behind them the row's address where that is how
  /// rows are told apart.
  public var rows: [[String?]]
  /// Whether there are more beyond its far end: after it, or before it when it was read backwards.
  public var hasMore: Bool
  /// The share of rows before the first, when it is known or guessed.
  public var fraction: Double?
  /// How many rows the filters let through in all, when they were counted.
  public var total: Int?

  /// A page.
  public init(
    rows: [[String?]], hasMore: Bool, fraction: Double? = nil, total: Int? = nil
  ) {
    self.rows = rows
    self.hasMore = hasMore
    self.fraction = fraction
    self.total = total
  }
}
