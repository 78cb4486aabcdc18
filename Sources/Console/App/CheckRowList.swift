import Warehouse

/// The rows that a run's checks are about, over the screen: one check at a time.
struct CheckRowList: Equatable, Sendable {
  let run: Int
  /// The checks that have rows, in order.
  let checks: [CheckResult]
  /// Which of them is shown.
  private(set) var index: Int
  private(set) var page = Loadable<CheckRows>()
  var grid = Grid()

  /// At most so many rows are read; the grid says when there are more.
  static let limit = 1000

  /// - Parameter name: the check to begin with; nil for the first that failed, or the first.
  /// - Returns: nil when no check has rows, or that one has none.
  init?(run: Int, checks: [CheckResult], from name: String? = nil) {
    let shown = checks.filter(\.hasRows)
    let index =
      if let name {
        shown.firstIndex { $0.name == name }
      } else {
        shown.firstIndex { $0.verdict == .failed } ?? (shown.isEmpty ? nil : 0)
      }
    guard let index else { return nil }
    (self.run, self.checks, self.index) = (run, shown, index)
  }

  /// The check that is shown.
  var check: CheckResult? { checks.indices.contains(index) ? checks[index] : nil }

  /// Asks for the rows of the check that is shown.
  mutating func load(at moment: Duration) -> [Effect] {
    guard let check else { return [] }
    grid = Grid()
    page = page.emptied
    let id = page.begin(at: moment)
    return [.loadCheckRows(id, run: run, check: check.name, limit: CheckRowList.limit)]
  }

  /// Goes to the next check, or the one before.
  mutating func turn(_ step: Int, at moment: Duration) -> [Effect] {
    guard checks.count > 1 else { return [] }
    index = (index + step + checks.count) % checks.count
    return load(at: moment)
  }

  /// Takes the rows.
  mutating func take(_ id: Int, _ answer: Result<CheckRows, WarehouseError>) {
    guard page.finish(id, answer), let rows = page.value?.rows else { return }
    grid = Grid(rows)
  }

  /// The check in words, with its SQL.
  var viewer: TextViewer? { check.map { TextViewer($0) } }

  // MARK: Drawing

  /// Where the grid lies in an overlay's place: below the words about the check.
  static func gridPlace(in place: Rect) -> Rect {
    let inner = place.inset(rows: 1, columns: 1)
    return inner.splitRows([.fixed(2), .flexible()])[1]
  }

  /// Draws it into an overlay's place.
  func draw(in place: Rect, of frame: inout Frame) {
    guard let check else { return }
    let number = checks.count > 1 ? " · \(index + 1) of \(checks.count), n next" : ""
    frame.box(
      place, title: Line(check.name, .accent.bold) + Line(" run \(run)"),
      trailing: Line("check\(number)", .muted), style: Style(role: .focus))
    let words = place.inset(rows: 1, columns: 2)
    frame.write(
      StateLook(check.verdict).line + Line("  " + check.title), row: words.row,
      column: words.column, width: words.columns)
    frame.write(
      Line(check.detail, .muted), row: words.row + 1, column: words.column, width: words.columns)
    let gridPlace = CheckRowList.gridPlace(in: place)
    grid.draw(in: gridPlace, of: &frame, pane: "check-rows", placeholder: placeholder)
    if let value = page.value {
      let status = "\(grid.status(in: gridPlace)) · in \(value.schema)"
      frame.label(
        place.line(place.rows - 1), title: Line(), trailing: Line(status, .muted))
    }
  }

  private var placeholder: Line {
    if let error = page.error { return Line("✗ " + error.message, .failure) }
    return Line(page.isLoading ? "reading …" : "No rows any more.", .muted)
  }
}

extension TextViewer {
  /// A check in words, with its SQL.
  init(_ check: CheckResult) {
    var lines =
      [Line(check.title, .bold), Line()]
      + FactList.lines([
        Fact("verdict", StateLook(check.verdict).line),
        Fact("count", Quantity.count(check.count)),
      ]) + [Line()] + TextPane.lines(check.detail)
    if let reason = check.whyNoRows { lines += [Line(), Line(reason, .muted)] }
    if let sql = check.offendingRowsSQL {
      lines += [Line(), Line("Shows the rows", .accent.bold)] + TextPane.lines(sql)
    }
    self.init(
      title: check.name, lines: lines,
      copy: check.offendingRowsSQL ?? lines.map(\.text).joined(separator: "\n"))
  }
}
