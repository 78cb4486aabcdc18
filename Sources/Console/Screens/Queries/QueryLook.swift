import Warehouse

/// How a query's result is looked at: kept from run to run, and over sessions.
struct QueryLook: Equatable, Sendable {
  /// The kind of chart; nil is the table.
  var kind: ChartSpec.Kind?
  var arrangement = GridArrangement()
}

extension QueriesScreen {
  /// Keeps how the result on top is looked at, for its next run.
  mutating func rememberLook() {
    guard let result, let look = result.view.look else { return }
    looks[result.query.name] = look
  }

  /// So many queries are remembered.
  private static let mostKept = 200

  var saved: [String: JSONValue] {
    var all = self
    all.rememberLook()
    let names = Set(all.values.keys).union(all.looks.keys).sorted().prefix(Self.mostKept)
    let kept: [(String, JSONValue)] = names.map { name in
      var members: [(String, JSONValue)] = []
      if let given = all.values[name], !given.isEmpty {
        members.append(
          ("values", .object(given.sorted { $0.key < $1.key }.map { ($0, .string($1)) })))
      }
      if let look = all.looks[name] {
        members.append(("shown", .string(look.kind?.rawValue ?? "table")))
        members.append(("columns", look.arrangement.json))
      }
      return (name, .object(members))
    }
    let name = wantedName ?? (covered.first?.query ?? selected)?.name
    return [
      "filter": .string(listFilter), "query": JSONValue(name), "queries": .object(kept),
    ]
  }

  mutating func restore(_ saved: [String: JSONValue]) {
    listFilter = saved["filter"]?.text ?? ""
    wantedName = saved["query"]?.text
    for (name, kept) in saved["queries"]?.members ?? [:] {
      if let given = kept["values"]?.members { values[name] = given.compactMapValues(\.text) }
      if let shown = kept["shown"]?.text {
        looks[name] = QueryLook(
          kind: ChartSpec.Kind(rawValue: shown), arrangement: GridArrangement(kept["columns"]))
      }
    }
  }

  /// Selects what an earlier session had selected, once the folder was read.
  mutating func settle(_ context: Context) {
    guard let wanted = wantedName, listing.value != nil else { return }
    wantedName = nil
    guard let index = queries.firstIndex(where: { $0.name == wanted }) else { return }
    position.select(index, count: queries.count, height: listHeight(context))
  }
}
