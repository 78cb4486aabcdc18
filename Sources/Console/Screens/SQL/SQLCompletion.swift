import Warehouse

/// What may stand at the cursor, and what was chosen of it.
struct SQLCompletion: Equatable, Sendable {
  /// What a name is.
  enum Kind: String, Sendable {
    case column, alias, table, schema, function, keyword
  }

  /// One thing that may stand there.
  struct Candidate: Equatable, Sendable {
    /// As it is written.
    var text: String
    var kind: Kind
    /// A column's type, a table's schema.
    var detail = ""
  }

  /// What is replaced.
  var range: Range<TextPosition>
  var candidates: [Candidate]
  var position = ListPosition()
  /// Whether a person moved in the list: then Enter means it.
  var isChosen = false

  /// The selected one.
  var selected: Candidate? {
    let index = position.selection(count: candidates.count)
    return candidates.indices.contains(index) ? candidates[index] : nil
  }

  /// So many are offered.
  static let limit = 100

  /// What may stand at a place; nil when nothing fits, or in strings and comments.
  init?(in buffer: TextBuffer, at cursor: TextPosition, _ names: CatalogNames) {
    guard let place = SQLPlace(in: buffer, at: cursor) else { return nil }
    let wanted = place.prefix.lowercased()
    var seen = Set<String>()
    candidates = SQLCompletion.all(for: place, names).filter {
      let name = $0.text.lowercased()
      let bare = name.hasPrefix("\"") ? String(name.dropFirst()) : name
      return (name.hasPrefix(wanted) || bare.hasPrefix(wanted)) && name != wanted
        && seen.insert(name).inserted
    }
    candidates = Array(candidates.prefix(SQLCompletion.limit))
    if candidates.isEmpty { return nil }
    range = place.range
  }

  /// All that may stand at a place, the likeliest first.
  private static func all(for place: SQLPlace, _ names: CatalogNames) -> [Candidate] {
    if let qualifier = place.qualifier { return members(of: qualifier, place, names) }
    let schemas = Set(names.tables.map(\.schema)).sorted()
      .map { Candidate(text: quoted($0), kind: .schema) }
    // What lies on the search path is named without its schema.
    let tables = names.tables.map { table in
      let isPublished = table.schema == "sparkify" || table.schema == "public"
      let name = isPublished ? "" : quoted(table.schema) + "."
      return Candidate(text: name + quoted(table.name), kind: .table, detail: table.schema)
    }.sorted { ($0.text.contains(".") ? 1 : 0, $0.text) < ($1.text.contains(".") ? 1 : 0, $1.text) }
    let common = place.commonTables.map {
      Candidate(text: quoted($0.name), kind: .table, detail: "WITH")
    }
    let keywords = SQLKeywords.all.map {
      Candidate(text: place.isInCapitals ? $0 : $0.lowercased(), kind: .keyword)
    }
    if place.wantsTable { return common + tables + schemas + keywords }
    let columns = place.tables.flatMap { SQLCompletion.columns(of: $0, place.commonTables, names) }
    let aliases = place.tables.compactMap(\.alias).map { Candidate(text: $0, kind: .alias) }
    let functions = (names.functions + SQLFunctions.all).sorted()
      .map { Candidate(text: quoted($0) + "(", kind: .function) }
    return columns + aliases + keywords + functions + common + tables + schemas
  }

  /// What may follow a dot: columns of a table or alias, tables of a schema.
  private static func members(
    of qualifier: String, _ place: SQLPlace, _ names: CatalogNames
  ) -> [Candidate] {
    let named = place.tables.filter { ($0.alias ?? $0.name) == qualifier || $0.name == qualifier }
    let tables = named.isEmpty ? [.init(schema: nil, name: qualifier, alias: nil)] : named
    let columns = tables.flatMap { SQLCompletion.columns(of: $0, place.commonTables, names) }
    return columns
      + names.tables.filter { $0.schema == qualifier }
      .map { Candidate(text: quoted($0.name), kind: .table, detail: $0.schema) }
  }

  private static func columns(
    of table: SQLPlace.Table, _ common: [SQLWithTable], _ names: CatalogNames
  ) -> [Candidate] {
    if table.schema == nil, let place = common.firstIndex(where: { $0.name == table.name }) {
      // Such a table sees those before it alone.
      let before = Array(common[..<place])
      return common[place].columns.map { Candidate(text: quoted($0), kind: .column) }
        + common[place].wholeTables.flatMap { columns(of: $0, before, names) }
    }
    let found = names.tables.filter {
      $0.name == table.name && (table.schema == nil || $0.schema == table.schema)
    }
    // A name without a schema means the published one first.
    let meant = found.first { $0.schema == "sparkify" } ?? found.first
    return (meant?.columns ?? []).map {
      Candidate(text: quoted($0.name), kind: .column, detail: shortType($0.type))
    }
  }

  /// A type as people write it: `varchar(16)`, `timestamp`.
  static func shortType(_ type: String) -> String {
    let names = [
      ("character varying", "varchar"), ("timestamp without time zone", "timestamp"),
      ("timestamp with time zone", "timestamptz"), ("time without time zone", "time"),
      ("time with time zone", "timetz"), ("double precision", "float8"), ("character(", "char("),
    ]
    guard let name = names.first(where: { type.hasPrefix($0.0) }) else { return type }
    return name.1 + type.dropFirst(name.0.count)
  }

  /// A name as it must be written: in quotes unless it is plain.
  private static func quoted(_ name: String) -> String {
    let isPlain =
      name.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
      } && name.utf8.first.map { $0 > 0x39 } == true
    return isPlain ? name : Identifier(name).sql
  }
}
