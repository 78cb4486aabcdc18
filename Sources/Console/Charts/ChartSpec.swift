import Warehouse

/// Which chart, of which columns: what a query's header says behind `-- chart:`.
struct ChartSpec: Equatable, Sendable {
  /// How values are drawn.
  enum Kind: String, CaseIterable, Sendable {
    /// A bar for each row.
    case bar
    /// A line over an axis, one for each series.
    case line
    /// How often values occur, in ranges of equal width.
    case histogram
    /// A value for each pair of two columns, as shades.
    case heat
  }

  var kind: Kind
  /// The column along the axis, or of the values that a histogram counts.
  var x: String
  /// The column of the values; of a heat map: the one that goes down.
  var y: String?
  /// A heat map's values.
  var value: String?
  /// The column that tells the lines apart.
  var series: String?

  init(_ kind: Kind, x: String, y: String? = nil, value: String? = nil, series: String? = nil) {
    (self.kind, self.x, self.y, self.value, self.series) = (kind, x, y, value, series)
  }

  /// The chart for a result: what the header says, or what suits the columns; nil for none.
  ///
  /// - Throws: `.usage` for a header that cannot be read, or names a column that is not there.
  init?(header: String?, columns: [ResultColumn]) throws(WarehouseError) {
    guard let header else {
      guard let proposed = ChartSpec.proposed(for: columns) else { return nil }
      self = proposed
      return
    }
    if header == "none" { return nil }
    try self.init(parsing: header)
    for name in [x, y, value, series].compactMap({ $0 })
    where !columns.contains(where: { $0.name == name }) {
      throw WarehouseError(
        .usage, "there is no column \"\(name)\" for the chart",
        detail: "the columns are \(columns.map(\.name).joined(separator: ", "))",
        hint: "Correct the line \"-- chart:\" of the query.")
    }
  }

  /// Reads `bar x=hour y=plays` and the like.
  private init(parsing text: String) throws(WarehouseError) {
    let words = text.split(separator: " ").map(String.init)
    var members: [String: String] = [:]
    for word in words.dropFirst() {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      if let name = parts.first, parts.count == 2 { members[name] = parts[1] }
    }
    let name = words.first == "heatmap" ? "heat" : words.first ?? ""
    let needed: [Kind: [String]] = [
      .bar: ["x", "y"], .line: ["x", "y"], .histogram: ["x"], .heat: ["x", "y", "value"],
    ]
    guard let kind = Kind(rawValue: name), let x = members["x"],
      needed[kind]?.allSatisfy({ members[$0] != nil }) == true
    else {
      throw WarehouseError(
        .usage, "could not read the chart \"\(text)\"",
        hint:
          "Write bar x=… y=…, line x=… y=… [series=…], histogram x=…, heat x=… y=… value=… or none."
      )
    }
    self.init(
      kind, x: x, y: members["y"], value: members["value"],
      series: kind == .line ? members["series"] : nil)
  }

  /// What suits columns that no header speaks for; nil when nothing does.
  static func proposed(for columns: [ResultColumn]) -> ChartSpec? {
    ChartSpec.Kind.allCases.lazy.compactMap { best($0, for: columns) }.first
  }

  /// The chart of a kind that suits columns best; nil when they cannot be drawn so.
  static func best(_ kind: Kind, for columns: [ResultColumn]) -> ChartSpec? {
    let labels = columns.filter { !$0.kind.isNumeric }.map(\.name)
    let times = columns.filter { $0.kind == .date || $0.kind == .timestamp }.map(\.name)
    let numbers = columns.filter(\.kind.isNumeric).map(\.name)
    switch kind {
    case .bar, .line:
      guard let x = (kind == .line ? times.first : nil) ?? labels.first ?? numbers.first,
        let y = numbers.first(where: { $0 != x })
      else { return nil }
      // Two columns of numbers: the first is the axis. A time makes a line, what else has a name a bar.
      if kind == .bar, times.first == x, columns.count > 1 { return .init(.bar, x: x, y: y) }
      return .init(kind, x: x, y: y)
    case .histogram: return numbers.last.map { .init(.histogram, x: $0) }
    case .heat:
      guard columns.count >= 3, let value = numbers.last else { return nil }
      let others = columns.map(\.name).filter { $0 != value }
      return .init(.heat, x: others[1], y: others[0], value: value)
    }
  }
}
