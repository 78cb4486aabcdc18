import Warehouse

/// The rows of a result as they are looked at: as a grid, or as a chart of them.
struct ResultView: Equatable, Sendable {
  /// How rows are shown.
  enum Face: Equatable, Sendable {
    case table
    case chart(ChartSpec)
  }

  /// Some of the rows, by themselves.
  struct Behind: Equatable, Sendable {
    var title: String
    var grid: Grid
  }

  /// What a query's header says of its chart; nil where it says nothing.
  var header: String?
  private(set) var columns: [ResultColumn] = []
  /// All rows that are here.
  var grid = Grid()
  private(set) var face = Face.table
  private(set) var chart: Chart?
  /// A chart of sparklines as a grid: a row for each series.
  private(set) var sparks: Grid?
  /// Why there is no chart.
  private(set) var chartProblem: WarehouseError?
  /// What is pointed at in the chart.
  var item = 0
  /// Some of the rows, over the rest.
  var behind: Behind?
  /// Whether a chart shows the values at its parts.
  var showsValues = false

  init(header: String? = nil) { self.header = header }

  /// Takes the columns of a run, whose rows will follow. They are shown as they were looked at last,
  /// or as the header proposes.
  mutating func begin(_ columns: [ResultColumn], look: QueryLook?) {
    self.columns = columns
    (grid, chart, sparks, chartProblem, behind) = (Grid(columns: columns), nil, nil, nil, nil)
    if let look { grid.arrange(look.arrangement) }
    face = .table
    proposeFace(look)
  }

  /// How it is looked at; nil before its columns are known.
  var look: QueryLook? {
    guard !columns.isEmpty else { return nil }
    var kind: ChartSpec.Kind?
    if case .chart(let spec) = face { kind = spec.kind }
    return QueryLook(kind: kind, arrangement: grid.arrangement)
  }

  // MARK: Faces

  private mutating func proposeFace(_ look: QueryLook?) {
    if let look {
      guard let kind = look.kind else { return }
      if let spec = possibleCharts.first(where: { $0.kind == kind }) {
        face = .chart(spec)
        return
      }
    }
    do throws(WarehouseError) {
      guard header != nil, let spec = try ChartSpec(header: header, columns: columns) else {
        return
      }
      face = .chart(spec)
    } catch {
      chartProblem = error
    }
  }

  /// The kinds of chart that these columns can make, each with its columns.
  var possibleCharts: [ChartSpec] {
    let proposed = try? ChartSpec(header: header, columns: columns)
    return ChartSpec.Kind.allCases.compactMap { kind in
      proposed?.kind == kind ? proposed : .best(kind, for: columns)
    }
  }

  /// Shows it in another way.
  mutating func show(_ face: Face) {
    (self.face, behind) = (face, nil)
    draw()
  }

  /// The way that comes after this one: table, then each kind of chart.
  var nextFace: Face {
    let all = [Face.table] + possibleCharts.map(Face.chart)
    let current = all.firstIndex(of: face) ?? 0
    return all[(current + 1) % all.count]
  }

  /// Whether all rows are here.
  var isComplete: Bool {
    if case .exact = grid.extent.total { true } else { false }
  }

  /// Makes the chart of the rows that are here.
  mutating func draw() {
    let looked = sparks
    (chart, sparks) = (nil, nil)
    guard case .chart(let spec) = face else { return }
    do throws(WarehouseError) {
      let made = try Chart(spec, columns: columns, rows: grid.rows, isCut: !isComplete)
      item = min(item, max(0, made.itemCount - 1))
      (chart, chartProblem) = (made, nil)
      sparks = made.table
      if let looked { sparks?.select(row: looked.row, height: 1) }
    } catch {
      chartProblem = error
    }
  }

  // MARK: Rows

  /// Whether a grid is shown, and not a drawing.
  var showsGrid: Bool { behind != nil || sparks != nil || chart == nil }

  /// The grid that is shown.
  var shownGrid: Grid {
    get { behind?.grid ?? sparks ?? grid }
    set {
      if behind != nil {
        behind?.grid = newValue
      } else if sparks != nil {
        sparks = newValue
      } else {
        grid = newValue
      }
    }
  }

  /// What a part of the chart is made of: the one that is pointed at. nil where no chart is shown.
  var pointed: Chart.Item? {
    guard behind == nil, let chart else { return nil }
    guard let sparks else { return chart.item(item) }
    guard let name = sparks.currentRow?.first else { return nil }
    return chart.series(named: name ?? "").flatMap { chart.item($0) }
  }

  /// The one row of the result that is pointed at, with what it is called; nil when it is none, or
  /// several.
  var pointedRow: (values: [String?], title: String)? {
    if let pointed {
      guard pointed.rows.count == 1, let index = pointed.rows.first,
        grid.rows.indices.contains(index)
      else { return nil }
      return (grid.rows[index], pointed.text)
    }
    return showsGrid ? shownGrid.currentRow.map { ($0, title(of: $0)) } : nil
  }

  /// A row in a few words.
  private func title(of row: [String?]) -> String {
    zip(columns, row).prefix(3).map { "\($0.name) \($1 ?? "NULL")" }.joined(separator: "  ")
  }

  /// Shows the result's own rows behind the part of the chart that is pointed at.
  mutating func openItem() {
    guard let pointed else { return }
    let rows = pointed.rows.compactMap { grid.rows.indices.contains($0) ? grid.rows[$0] : nil }
    behind = Behind(title: pointed.text, grid: Grid(ResultSet(columns: columns, rows: rows)))
  }

  /// The chart as text; nil where none is shown.
  func chartText(width: Int, glyphs: GlyphSet) -> String? {
    guard behind == nil else { return nil }
    return chart?.text(width: max(60, width), glyphs: glyphs, showsValues: showsValues)
  }
}
