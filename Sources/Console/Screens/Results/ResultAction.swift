import Warehouse

/// What a person can do with any result.
enum ResultAction: Hashable, Sendable {
  case nextFace, showTable, showValues, draw(ChartSpec.Kind)
  case sort
  case keep(RowChoice), profile, askShare, goToShare(percent: Double)
}

extension ResultView {
  /// Does an action.
  mutating func perform(_ action: ResultAction, in room: Rect, glyphs: GlyphSet) -> [Request] {
    switch action {
    case .nextFace: show(nextFace)
    case .showTable: show(.table)
    case .draw(let kind):
      if let spec = possibleCharts.first(where: { $0.kind == kind }) { show(.chart(spec)) }
    case .showValues: showsValues.toggle()
    case .sort: shownGrid.sortRows()
    case .keep(let choice): keep(choice)
    case .profile:
      // A result lies in a box that is as wide as the screen.
      let columns = TextViewer.columns(ofScreen: room.columns + 4)
      return profile.map {
        [.overlay(.viewer($0.viewer(glyphs: glyphs, columns: columns)))]
      } ?? []
    case .askShare: return [.overlay(.prompt(sharePrompt))]
    case .goToShare(let percent): go(toShare: percent, in: room)
    }
    return []
  }

  /// Why an action cannot be done now; nil when it can.
  func refusal(of action: ResultAction) -> String? {
    switch action {
    case .nextFace, .showTable: columns.isEmpty ? "there is no result" : nil
    case .draw(let kind):
      possibleCharts.contains { $0.kind == kind } ? nil : "these columns cannot be drawn so"
    case .showValues: showsGrid ? "only in a chart" : nil
    case .sort: refusalToSort
    case .keep(let choice): refusal(toKeep: choice)
    case .profile: refusal(toKeep: .equal)
    case .askShare, .goToShare: showsGrid && shownGrid.hasCell ? nil : "only in a table with rows"
    }
  }

  private var refusalToSort: String? {
    guard showsGrid else { return "only in a table" }
    if case .exact = shownGrid.extent.total { return nil }
    return "only when all rows are here: these are the first ones"
  }

  /// Does an action of the grid; in a chart those that go to its parts.
  mutating func perform(_ action: GridAction, in room: Rect, glyphs: GlyphSet) -> [Request] {
    guard !showsGrid else { return shownGrid.perform(action, in: place(in: room), glyphs: glyphs) }
    switch action {
    case .left: point(right: -1)
    case .right: point(right: 1)
    case .firstColumn: item = 0
    case .lastColumn: item = lastItem
    default: break
    }
    return []
  }

  /// Why an action of the grid cannot be done now; nil when it can.
  func refusal(of action: GridAction) -> String? {
    if showsGrid { return shownGrid.refusal(of: action) }
    switch action {
    case .left, .right, .firstColumn, .lastColumn: return nil
    default: return "only in a table; t shows it"
    }
  }

  private var lastItem: Int { max(0, (chart?.itemCount ?? 1) - 1) }

  /// Points at what lies beside in the chart.
  mutating func point(right: Int = 0, down: Int = 0) {
    guard let chart else { return }
    item = chart.neighbour(of: item, right: right, down: down)
  }

  /// So many parts of a chart are a page.
  private static let chartPage = 10

  /// Moves in what is shown. All rows that are here are held, so that nothing is asked for.
  mutating func move(_ movement: Movement, in room: Rect) {
    guard !showsGrid else {
      _ = shownGrid.move(movement, in: place(in: room))
      return
    }
    switch movement {
    case .up: point(down: -1)
    case .down: point(down: 1)
    case .pageUp, .halfPageUp: for _ in 0..<Self.chartPage { point(down: -1) }
    case .pageDown, .halfPageDown: for _ in 0..<Self.chartPage { point(down: 1) }
    case .first: item = 0
    case .last: item = lastItem
    }
  }

  // MARK: The mouse

  /// Takes a click: whether it was on what is selected already.
  ///
  /// - Parameter pane: the name under which the grid is drawn.
  mutating func click(_ clicked: Pane, _ item: Int, grid pane: Pane, in room: Rect) -> Bool {
    switch clicked {
    case "chart":
      let wasSelected = self.item == item
      self.item = item
      return wasSelected
    case pane: return shownGrid.click(item, in: place(in: room))
    case Grid.headerPane(of: pane):
      shownGrid.go(toColumn: item, in: place(in: room))
      if refusalToSort == nil { shownGrid.sortRows() }
    default: break
    }
    return false
  }

  /// Scrolls below the pointer.
  mutating func scroll(_ rows: Int, in room: Rect) {
    if showsGrid {
      shownGrid.scroll(rows, in: place(in: room))
    } else {
      point(down: rows.signum())
    }
  }
}
