import Warehouse

/// A table as it was looked at in an earlier session.
struct SavedTable: Equatable, Sendable {
  var name: TableName
  var filters: [BrowseFilter] = []
  /// The column that rows were sorted by, by its name.
  var order: String?
  var isDescending = false
  var arrangement = GridArrangement()

  /// What was looked at; nil for what is no table, such as a breakdown.
  init?(_ view: TableView) {
    guard let query = view.query else { return nil }
    name = query.table.name
    filters = query.filters
    if let order = query.order, query.table.columns.indices.contains(order.column) {
      self.order = query.table.columns[order.column].name
      isDescending = order.isDescending
    }
    arrangement = view.grid.arrangement
  }

  // MARK: Over sessions

  var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("schema", .string(name.schema.name)), ("table", .string(name.table.name)),
      ("filters", .array(filters.compactMap(\.json))), ("columns", arrangement.json),
    ]
    if let order {
      members += [("order", .string(order)), ("descending", .boolean(isDescending))]
    }
    return .object(members)
  }

  init?(_ json: JSONValue?) {
    guard let schema = json?["schema"]?.text, let table = json?["table"]?.text else { return nil }
    name = TableName(schema, table)
    filters = (json?["filters"]?.elements ?? []).prefix(50).compactMap { BrowseFilter($0) }
    order = json?["order"]?.text
    isDescending = json?["descending"]?.flag ?? false
    arrangement = GridArrangement(json?["columns"])
  }
}

extension BrowseFilter {
  /// No longer filter is kept over sessions, in bytes: a cell's value may be megabytes.
  private static let greatestKept = 4096

  /// As it is kept over sessions; nil for what may hold a secret, and for what is very long.
  fileprivate var json: JSONValue? {
    guard text.utf8.count <= Self.greatestKept else { return nil }
    func members(_ kind: String, _ column: String, _ value: String?) -> JSONValue {
      .object([("is", .string(kind)), ("column", .string(column)), ("value", JSONValue(value))])
    }
    switch self {
    case .expression(let sql):
      return StatementHistory.mayHoldSecret(sql) ? nil : .object([("sql", .string(sql))])
    case .equals(let column, let value): return members("equal", column, value)
    case .differs(let column, let value): return members("different", column, value)
    case .contains(let column, let text): return members("containing", column, text)
    case .linked(let attribute, let value): return attribute.json(value)
    }
  }

  fileprivate init?(_ json: JSONValue) {
    if let sql = json["sql"]?.text {
      self = .expression(sql)
      return
    }
    guard let column = json["column"]?.text else { return nil }
    let value = json["value"]?.text
    if json["is"]?.text == "linked" {
      guard let attribute = BreakdownAttribute(column, json) else { return nil }
      self = .linked(attribute, value)
      return
    }
    switch (json["is"]?.text, value) {
    case ("equal", let value): self = .equals(column, value)
    case ("different", let value): self = .differs(column, value)
    case ("containing", let text?): self = .contains(column, text)
    default: return nil
    }
  }
}

extension BreakdownAttribute {
  /// With a value of it, as a filter is kept over sessions; nil without a link.
  fileprivate func json(_ value: String?) -> JSONValue? {
    guard let link else { return nil }
    let parts = [
      ("is", "linked"), ("column", column), ("type", type), ("schema", link.table.schema.name),
      ("table", link.table.table.name), ("link", link.column),
      ("target-schema", link.target.schema.name), ("target", link.target.table.name),
      ("key", link.targetColumn),
    ]
    return .object(parts.map { ($0.0, .string($0.1)) } + [("value", JSONValue(value))])
  }

  fileprivate init?(_ column: String, _ json: JSONValue) {
    func text(_ name: String) -> String { json[name]?.text ?? "" }
    let type = text("type")
    // It stands in the statement as it is.
    guard !type.isEmpty, type.utf8.allSatisfy({ TypeName.allows($0) }) else { return nil }
    let link = TableLink(
      table: TableName(text("schema"), text("table")), column: text("link"),
      target: TableName(text("target-schema"), text("target")), targetColumn: text("key"))
    self.init(link: link, column: column, type: type)
  }
}

/// The name of a type, such as `character varying(16)`.
private enum TypeName {
  static func allows(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
      || [UInt8(ascii: " "), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ",")]
        .contains(byte)
  }
}

extension TablesScreen {
  var saved: [String: JSONValue] {
    var saved: [String: JSONValue] = [:]
    if let table = wanted ?? views.last(where: { $0.query != nil }).flatMap({ SavedTable($0) }) {
      saved["open"] = table.json
    }
    if let selectedTable {
      saved["selected"] = .string(selectedTable.name.description)
    } else if let wantedSelection {
      saved["selected"] = .string(wantedSelection)
    }
    return saved
  }

  mutating func restore(_ saved: [String: JSONValue]) {
    wanted = SavedTable(saved["open"])
    wantedSelection = saved["selected"]?.text
  }

  /// Opens what an earlier session looked at, once the tables are known; a table that is no more is
  /// passed over.
  mutating func settle(_ context: Context) -> [Request] {
    guard list.value != nil else { return [] }
    if let wantedSelection {
      self.wantedSelection = nil
      let place = layout.items.firstIndex { $0.name.description == wantedSelection }
      if let place { select(place) }
    }
    guard let wanted, views.isEmpty else {
      self.wanted = nil
      return []
    }
    guard let table = list.value?.first(where: { $0.name == wanted.name }) else {
      self.wanted = nil
      return []
    }
    return open(table, filters: wanted.filters, context)
  }

  /// Opens a table of the earlier session without its filters, when the server refuses these: their
  /// column may be gone. nil when that is not what went wrong.
  mutating func openUnfiltered(_ error: WarehouseError, _ context: Context) -> [Request]? {
    guard [.server, .usage].contains(error.kind), view?.query == nil, var table = wanted,
      !table.filters.isEmpty, let found = list.value?.first(where: { $0.name == table.name })
    else { return nil }
    table.filters = []
    pop()
    let requests = open(found, context)
    wanted = table
    return [.notice("the filter of last time is left out: \(error.message)")] + requests
  }

  /// Arranges a table that was just opened as it was in the earlier session, and asks for its order.
  mutating func arrangeWanted(_ context: Context) -> [Request] {
    guard let wanted, let query = view?.query, query.table.name == wanted.name else { return [] }
    self.wanted = nil
    changeView { $0.grid.arrange(wanted.arrangement) }
    guard let name = wanted.order, let place = query.table.place(of: name),
      query.table.columns[place].isSortable
    else { return [] }
    return sort(by: BrowseOrder(column: place, isDescending: wanted.isDescending), context)
  }
}
