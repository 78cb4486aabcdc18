import Warehouse

/// A result as a picture, ready to be drawn at any size.
struct Chart: Equatable, Sendable {
  /// What is drawn.
  enum Shape: Equatable, Sendable {
    case bars(BarChart)
    case lines(LineChart)
    case heat(HeatMap)
    case sparks(SparkChart)
  }

  let spec: ChartSpec
  let shape: Shape
  /// The rows that it was made of, when there are more than that.
  let cutAfter: Int?

  /// Something in it that can be pointed at.
  struct Item: Equatable, Sendable {
    /// What it is, and its values in full.
    var text: String
    /// The rows of the result that it stands for.
    var rows: [Int]
  }

  /// A chart of a result.
  ///
  /// - Throws: `.usage` when the columns cannot be drawn so.
  init(
    _ spec: ChartSpec, columns: [ResultColumn], rows: [[String?]], isCut: Bool = false
  ) throws(WarehouseError) {
    let table = ChartTable(columns: columns, rows: rows)
    self.spec = spec
    cutAfter = isCut ? rows.count : nil
    shape =
      switch spec.kind {
      case .bar: .bars(try BarChart(spec, table))
      case .histogram: .bars(try BarChart(histogram: spec, table))
      case .line: .lines(try LineChart(spec, table))
      case .heat: .heat(try HeatMap(spec, table))
      case .sparkline: .sparks(try SparkChart(spec, table))
      }
  }

  /// The columns that it shows, as a title.
  var title: String {
    switch spec.kind {
    case .bar: "\(spec.measureTitle) by \(spec.x)"
    case .line: "\(spec.measureTitle) over \(spec.x)" + (spec.series.map { ", by \($0)" } ?? "")
    case .histogram: "how often \(spec.measureTitle)"
    case .sparkline: "\(spec.measureTitle) over \(spec.x), by \(spec.series ?? "")"
    case .heat: "\(spec.measureTitle) by \(spec.x) and \(spec.y ?? "")"
    }
  }

  /// As a grid, where a row of text is what is drawn: sparklines. nil for all else.
  var table: Grid? {
    if case .sparks(let sparks) = shape { sparks.grid } else { nil }
  }

  /// Which item a series of sparklines is; nil when there is none of that name.
  func series(named name: String) -> Int? {
    if case .sparks(let sparks) = shape {
      sparks.series.firstIndex { $0.name == name }
    } else {
      nil
    }
  }

  /// How many things can be pointed at.
  var itemCount: Int {
    switch shape {
    case .bars(let bars): bars.bars.count
    case .lines(let lines): lines.stops.count
    case .heat(let map): map.cells.count
    case .sparks(let sparks): sparks.series.count
    }
  }

  /// What can be pointed at, by its place in their order; nil where there is none. There may be a
  /// hundred thousand, so that each is put into words when it is wanted.
  func item(_ index: Int) -> Item? {
    guard (0..<itemCount).contains(index) else { return nil }
    return switch shape {
    case .bars(let bars): bars.item(index)
    case .lines(let lines): lines.item(index)
    case .heat(let map): map.item(index)
    case .sparks(let sparks): sparks.item(index)
    }
  }

  /// The item beside another one.
  func neighbour(of item: Int, right: Int, down: Int) -> Int {
    let step: Int
    switch shape {
    case .bars, .lines, .sparks: step = right + down
    case .heat(let map): return map.neighbour(of: item, right: right, down: down)
    }
    return min(max(0, item + step), max(0, itemCount - 1))
  }

  /// Draws it. `selected` is shown as such where it is seen.
  ///
  /// - Parameter showsValues: whether values are written at their places, as far as they fit.
  func draw(
    in place: Rect, of frame: inout Frame, selected: Int? = nil, showsValues: Bool = false
  ) {
    guard !place.isEmpty else { return }
    switch shape {
    case .bars(let bars):
      bars.draw(in: place, of: &frame, selected: selected, showsValues: showsValues)
    case .lines(let lines):
      lines.draw(in: place, of: &frame, selected: selected, showsValues: showsValues)
    case .heat(let map):
      map.draw(in: place, of: &frame, selected: selected, showsValues: showsValues)
    case .sparks(let sparks):
      sparks.draw(in: place, of: &frame, selected: selected, showsValues: showsValues)
    }
  }

  /// The same drawing as text, so many cells wide.
  func text(
    width: Int, glyphs: GlyphSet, rows: Int? = nil, showsValues: Bool = false
  ) -> String {
    let width = max(20, width)
    let size = Size(
      columns: width, rows: rows ?? height(width: width, showsValues: showsValues))
    var frame = Frame(size, glyphs: glyphs)
    draw(in: frame.bounds, of: &frame, showsValues: showsValues && !leavesValuesOut(width))
    return ([title] + notes(width: width, showsValues)).map {
      CellText($0, limit: width, glyphs: glyphs).plainText + "\n"
    }
    .joined() + frame.text + "\n"
  }

  /// What a reader must know besides.
  private func notes(width: Int, _ showsValues: Bool) -> [String] {
    var notes = cutAfter.map { ["only the first \(Quantity.count($0)) rows"] } ?? []
    guard case .heat(let map) = shape else { return notes }
    if showsValues, leavesValuesOut(width) {
      notes.append("without values: they need \(map.width(showsValues: true)) columns")
    }
    if map.width(showsValues: false) > width {
      let place = Rect(row: 0, column: 0, rows: map.height, columns: width)
      let part = map.position(in: place, selected: nil, showsValues: false)
      if let part { notes.append("columns " + part) }
    }
    return notes
  }

  /// Whether values would take the room of columns: a text cannot be scrolled.
  private func leavesValuesOut(_ width: Int) -> Bool {
    if case .heat(let map) = shape { map.width(showsValues: true) > width } else { false }
  }

  /// Which part of it is seen in a place: `1–9 of 300`; nil when all of it is.
  func position(in place: Rect, selected: Int?, showsValues: Bool) -> String? {
    switch shape {
    case .bars(let bars):
      bars.position(in: place, selected: selected, showsValues: showsValues)
    case .heat(let map): map.position(in: place, selected: selected, showsValues: showsValues)
    case .lines, .sparks: nil
    }
  }

  /// The rows that it needs to show all of itself.
  private func height(width: Int, showsValues: Bool) -> Int {
    switch shape {
    case .bars(let bars): bars.height(width: width, showsValues: showsValues)
    case .sparks(let sparks): sparks.height
    case .lines: 18
    case .heat(let map): map.height
    }
  }
}

/// The columns of a result by name.
struct ChartTable {
  let columns: [ResultColumn]
  let rows: [[String?]]

  /// The values of a column with what it holds.
  func column(_ name: String?) throws(WarehouseError) -> (values: [String?], kind: ColumnKind) {
    guard let name, let index = columns.firstIndex(where: { $0.name == name }) else {
      throw WarehouseError(
        .usage, "there is no column \"\(name ?? "")\" for the chart",
        hint: "The columns are \(columns.map(\.name).joined(separator: ", ")).")
    }
    return (rows.map { $0.indices.contains(index) ? $0[index] : nil }, columns[index].kind)
  }

  /// The numbers of a column; nil for NULL.
  func numbers(_ name: String?) throws(WarehouseError) -> [Double?] {
    let (values, kind) = try column(name)
    guard kind.isNumeric else {
      throw WarehouseError(
        .usage, "could not draw the column \"\(name ?? "")\": it holds no numbers",
        hint: "Name a column of numbers, or cast it.")
    }
    return values.map { ChartAxis.number($0, kind) }
  }
}
