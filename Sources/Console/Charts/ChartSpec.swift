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
    /// A line of text for each series, with its values as a sparkline.
    case sparkline

    /// What it is called.
    var title: String {
      switch self {
      case .bar: "bars"
      case .line: "lines"
      case .histogram: "histogram"
      case .heat: "heat map"
      case .sparkline: "sparklines"
      }
    }
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
  /// What the values are measured in: what a header says, or else their column's name; nil for plain
  /// numbers.
  var unit: String?
  /// Whether the values of several bars may be added: counts of different things may, means, shares
  /// and records may not.
  var addsUp: Bool

  init(
    _ kind: Kind, x: String, y: String? = nil, value: String? = nil, series: String? = nil,
    unit: String? = nil, addsUp: Bool = false
  ) {
    (self.kind, self.x, self.y, self.value, self.series) = (kind, x, y, value, series)
    self.addsUp = addsUp
    self.unit = unit ?? ColumnName.unit(measure)
  }

  /// The column whose values are drawn.
  var measure: String {
    switch kind {
    case .histogram: x
    case .heat: value ?? ""
    case .bar, .line, .sparkline: y ?? ""
    }
  }

  /// The measured column for an axis, with its unit unless the name tells that: `paid_share, %`.
  var measureTitle: String {
    guard let unit, ColumnName.unit(measure) == nil else { return measure }
    return "\(measure), \(unit)"
  }

  /// A value with its unit.
  func amount(_ value: Double?) -> String {
    guard let value else { return "NULL" }
    return ChartNumber.text(value) + (unit.map { " " + $0 } ?? "")
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
    let knowsRest = members["other"] == nil || members["other"] == "sum"
    let needed: [Kind: [String]] = [
      .bar: ["x", "y"], .line: ["x", "y"], .histogram: ["x"], .heat: ["x", "y", "value"],
      .sparkline: ["x", "y", "series"],
    ]
    guard let kind = Kind(rawValue: name), let x = members["x"],
      needed[kind]?.allSatisfy({ members[$0] != nil }) == true, knowsRest
    else {
      throw WarehouseError(
        .usage, "could not read the chart \"\(text)\"",
        hint:
          "Write bar x=… y=… [other=sum], line x=… y=… [series=…], histogram x=…, "
          + "heatmap x=… y=… value=…, sparkline x=… y=… series=… or none; behind it, if need be, "
          + "unit=…."
      )
    }
    self.init(
      kind, x: x, y: members["y"], value: members["value"],
      series: kind == .line || kind == .sparkline ? members["series"] : nil, unit: members["unit"],
      addsUp: kind == .bar && members["other"] == "sum")
  }

  /// Whether a header can be read, before there is a result.
  ///
  /// - Throws: `.usage` with what may stand there.
  static func check(header: String) throws(WarehouseError) {
    if header != "none" { _ = try ChartSpec(parsing: header) }
  }

  /// What suits columns that no header speaks for; nil when nothing does.
  static func proposed(for columns: [ResultColumn]) -> ChartSpec? {
    let hasTime = columns.contains { $0.kind == .date || $0.kind == .timestamp }
    let kinds: [Kind] = hasTime ? [.line, .bar, .histogram] : [.bar, .histogram]
    return kinds.lazy.compactMap { best($0, for: columns) }.first
  }

  /// Whether a column only names something: nobody adds or compares such numbers.
  private static func isKey(_ name: String) -> Bool { name == "id" || name.hasSuffix("_id") }

  /// The chart of a kind that suits columns best; nil when they cannot be drawn so.
  static func best(_ kind: Kind, for columns: [ResultColumn]) -> ChartSpec? {
    let labels = columns.filter { !$0.kind.isNumeric }.map(\.name)
    let times = columns.filter { $0.kind == .date || $0.kind == .timestamp }.map(\.name)
    let numbers = columns.filter { $0.kind.isNumeric && !isKey($0.name) }.map(\.name)
    switch kind {
    case .bar, .line:
      guard let x = (kind == .line ? times.first : nil) ?? labels.first ?? numbers.first,
        let y = numbers.first(where: { $0 != x })
      else { return nil }
      return .init(kind, x: x, y: y)
    case .sparkline: return sparkline(for: columns)
    case .histogram: return numbers.last.map { .init(.histogram, x: $0) }
    case .heat:
      guard let value = numbers.last else { return nil }
      let others = dimensions(of: columns, besides: value)
      guard others.count >= 2 else { return nil }
      return .init(.heat, x: others[1].name, y: others[0].name, value: value)
    }
  }

  /// Series of numbers over a time, or over another number.
  private static func sparkline(for columns: [ResultColumn]) -> ChartSpec? {
    guard let y = columns.last(where: { $0.kind.isNumeric && !isKey($0.name) }) else { return nil }
    let others = dimensions(of: columns, besides: y.name)
    let time = others.first { $0.kind == .date || $0.kind == .timestamp }
    guard let x = time ?? others.last(where: { $0.kind.isNumeric }),
      let series = others.first(where: { $0.name != x.name })
    else { return nil }
    return .init(.sparkline, x: x.name, y: y.name, series: series.name)
  }

  private static let timeParts = ["hour", "day", "weekday", "week", "month", "quarter", "year"]

  /// The columns that tell rows apart: names, times and parts of times; numbers that measure
  /// something are none. Of three columns of numbers the last measures.
  private static func dimensions(
    of columns: [ResultColumn], besides value: String
  ) -> [ResultColumn] {
    let others = columns.filter { $0.name != value }
    if columns.count == 3, columns.allSatisfy(\.kind.isNumeric) { return others }
    return others.filter { !$0.kind.isNumeric || timeParts.contains($0.name) }
  }
}
