/// Writes the statements of a query: names quoted, values as parameters.
struct BrowseBuilder {
  /// One thing that rows are sorted by.
  struct Term {
    var sql: String
    var type: String
    /// Where its value stands in a row of a page.
    var place: Int
  }

  let query: BrowseQuery
  private(set) var parameters: [Parameter] = []
  /// The column that may be NULL and is sorted by first; nil when there is none.
  let nullable: Term?
  /// What rows are sorted by, all in one direction.
  let terms: [Term]

  init(_ query: BrowseQuery) {
    self.query = query
    let table = query.table
    func term(_ place: Int) -> Term {
      Term(sql: table.columns[place].sql, type: table.columns[place].type, place: place)
    }
    var terms: [Term] = []
    let order = query.order.flatMap { table.columns.indices.contains($0.column) ? $0.column : nil }
    if let order { terms.append(term(order)) }
    switch table.identity {
    case .key(let places):
      terms += places.filter { $0 != order && table.columns.indices.contains($0) }.map(term)
    case .address: terms.append(Term(sql: "ctid", type: "tid", place: table.columns.count))
    case .none: break
    }
    self.terms = terms
    nullable = order.flatMap { table.columns[$0].isNullable ? terms.first : nil }
  }

  /// Whether the greatest comes first.
  var isDescending: Bool { query.order?.isDescending ?? false }

  /// The parts that the order falls into: PostgreSQL and Redshift put NULL last upwards and first
  /// downwards. Each part is found by an index over the sorted columns.
  enum Segment: Sendable { case values, nulls }

  var segments: [Segment] {
    guard nullable != nil else { return [.values] }
    return isDescending ? [.nulls, .values] : [.values, .nulls]
  }

  /// The part that a place in the order lies in.
  func segment(of position: RowPosition) -> Segment {
    nullable != nil && position.values.first == .some(nil) ? .nulls : .values
  }

  /// Where a row of a page stands in the order.
  func position(of row: [String?]) -> RowPosition {
    RowPosition(values: terms.map { row.indices.contains($0.place) ? row[$0.place] : nil })
  }

  // MARK: Statements

  mutating func parameter(_ value: String, as type: String) -> String {
    parameters.append(.text(value))
    return "$\(parameters.count)::\(type)"
  }

  func statement(_ sql: String) -> Statement { Statement(sql, parameters: parameters) }

  /// What is selected: the table's columns, and the address where that tells rows apart.
  var selection: String {
    let columns = query.table.columns.map(\.sql)
    let address = query.table.identity == .address ? ["ctid"] : []
    return (columns + address).joined(separator: ", ")
  }

  /// At most `limit` rows of a part of the order, beyond a place in it.
  ///
  /// - Parameter isBackward: read against the order, from its end.
  mutating func page(
    _ segment: Segment, beyond position: RowPosition?, isBackward: Bool, isInclusive: Bool = false,
    extra: [String] = [], limit: Int
  ) -> Statement {
    let isDown = isDescending != isBackward
    var conditions = extra
    let sorted = segment == .nulls ? Array(terms.dropFirst()) : terms
    if let nullable {
      if segment == .nulls { conditions.append("\(nullable.sql) IS NULL") }
      if segment == .values, position == nil { conditions.append("\(nullable.sql) IS NOT NULL") }
    }
    if let position {
      let values = segment == .nulls ? position.values.dropFirst() : position.values[...]
      let sign = (isDown ? "<" : ">") + (isInclusive ? "=" : "")
      if let condition = comparison(sorted, sign, Array(values)) { conditions.append(condition) }
    }
    let direction = isDown ? " DESC" : ""
    let order = sorted.map { $0.sql + direction }.joined(separator: ", ")
    let sql =
      "SELECT \(selection)\nFROM \(query.table.name.sql)" + whereClause(conditions)
      + (order.isEmpty ? "" : "\nORDER BY \(order)") + "\nLIMIT \(limit)"
    return statement(sql)
  }

  /// `(a, b) > ($1, $2)`: an index over a, b finds it at once.
  private mutating func comparison(_ terms: [Term], _ sign: String, _ values: [String?]) -> String?
  {
    let pairs = zip(terms, values).compactMap { term, value in value.map { (term, $0) } }
    guard !pairs.isEmpty else { return nil }
    let left = pairs.map(\.0.sql).joined(separator: ", ")
    let right = pairs.map { parameter($0.1, as: $0.0.type) }.joined(separator: ", ")
    return pairs.count == 1 ? "\(left) \(sign) \(right)" : "(\(left)) \(sign) (\(right))"
  }

  /// The filters and further conditions; empty when there are none.
  mutating func whereClause(_ conditions: [String]) -> String {
    var all: [String] = []
    for filter in query.filters { all.append(condition(filter)) }
    all += conditions
    return all.isEmpty ? "" : "\nWHERE " + all.joined(separator: "\n  AND ")
  }

  private mutating func condition(_ filter: BrowseFilter) -> String {
    switch filter {
    case .expression(let sql): return Self.parenthesized(sql)
    case .equals(let column, nil): return "\(Identifier(column).sql) IS NULL"
    case .differs(let column, nil): return "\(Identifier(column).sql) IS NOT NULL"
    case .equals(let column, let value?):
      return "\(Identifier(column).sql) = \(parameter(value, as: type(column)))"
    case .differs(let column, let value?):
      let name = Identifier(column).sql
      return "(\(name) <> \(parameter(value, as: type(column))) OR \(name) IS NULL)"
    case .contains(let column, let text):
      return """
        position(lower(\(parameter(text, as: "text"))) in \
        lower(CAST(\(Identifier(column).sql) AS text))) > 0
        """
    case .linked(let attribute, let value): return linked(attribute, value)
    }
  }

  private mutating func linked(_ attribute: BreakdownAttribute, _ value: String?) -> String {
    guard let link = attribute.link else { return condition(.equals(attribute.column, value)) }
    let column = Identifier(attribute.column).sql
    let name = Identifier(link.column).sql
    let named =
      "SELECT \(Identifier(link.targetColumn).sql) FROM \(link.target.sql) WHERE \(column)"
    guard let value else { return "(\(name) IS NULL OR \(name) NOT IN (\(named) IS NOT NULL))" }
    return "\(name) IN (\(named) = \(parameter(value, as: attribute.type)))"
  }

  /// On lines of its own, so that a comment in it ends there.
  static func parenthesized(_ sql: String) -> String { "(\n\(sql)\n)" }

  private func type(_ column: String) -> String {
    query.table.columns.first { $0.name == column }?.type ?? "text"
  }
}
