import Warehouse

extension TablesScreen {
  func draw(into frame: inout Frame, _ context: Context) {
    if let view { draw(view, into: &frame, context) } else { drawStar(into: &frame, context) }
    menu?.draw(in: context.body, of: &frame)
  }

  // MARK: A table

  private func draw(_ view: TableView, into frame: inout Frame, _ context: Context) {
    var title = Line(view.title, .accent.bold)
    if !view.conditions.isEmpty { title += Line(" · " + view.conditions, .warning) }
    let inner = frame.box(
      context.body, title: title, trailing: progress(context), style: Style(role: .focus))
    if let chart = view.chart {
      draw(chart, view, in: inner, of: &frame)
      let position = chart.position(
        in: TablesScreen.chartParts(of: inner)[0], selected: view.grid.row, showsValues: false)
      frame.label(
        context.body.line(context.body.rows - 1), title: Line(),
        trailing: Line(position ?? "", .muted))
      return
    }
    let placeholder =
      view.error.map { Line("✗ " + $0.message, .failure) }
      ?? Line(view.fetch == nil ? "No rows." : "Reading …", .muted)
    view.grid.draw(
      in: inner, of: &frame, pane: TablesScreen.pane, isFocused: menu == nil,
      placeholder: placeholder)
    var status = view.grid.status(in: inner)
    if view.query?.table.identity == .address, view.query?.order == nil {
      status += " · no key: in the order of the file"
    }
    if view.query?.table.identity == BrowsedTable.Identity.none {
      status += view.grid.extent.hasAfter ? " · more come on the way down" : ""
    }
    if let cost = view.cost, !cost.isCheap { status += " · no index" }
    if view.query != nil, view.grid.extent.isUncounted { status += " · # counts" }
    frame.label(
      context.body.line(context.body.rows - 1), title: Line(),
      trailing: Line(view.query == nil && view.grid.rows.isEmpty ? "" : status, .muted))
  }

  static let pane: Pane = "table-grid"

  /// What is on its way, and for how long.
  private func progress(_ context: Context) -> Line {
    let picture = Spinner.picture(at: context.moment.uptime, glyphs: context.glyphs)
    if let figure {
      let elapsed = Quantity.duration(context.moment.uptime - figure.since)
      return Line("\(picture) \(figure.title) \(elapsed) · Esc cancels", .active)
    }
    if let fetch = view?.fetch {
      let elapsed = context.moment.uptime - fetch.since
      // A page that comes at once needs no word.
      guard elapsed >= .milliseconds(300) else { return Line() }
      return Line("\(picture) reading \(Quantity.duration(elapsed)) · Esc cancels", .active)
    }
    if let stream = view?.stream, stream.phase == .running {
      let elapsed = context.moment.uptime - stream.since
      guard elapsed >= .milliseconds(300) else { return Line() }
      return Line("\(picture) reading \(Quantity.duration(elapsed)) · Esc leaves", .active)
    }
    return Line()
  }

  // MARK: The mouse

  mutating func click(_ pane: Pane, _ item: Int?, _ context: Context) -> Bool {
    guard let item else { return false }
    if pane == "tables-menu" {
      guard var menu else { return false }
      let wasSelected = menu.position.selection(count: menu.items.count) == item
      menu.position.select(
        item, count: menu.items.count, height: menu.height(in: context.body))
      show(menu)
      return wasSelected
    }
    guard menu == nil else { return false }
    let place = TablesScreen.gridPlace(context)
    if pane == "chart" {
      let wasSelected = view?.grid.row == item
      changeView { $0.grid.select(row: item, height: Grid.height(in: place)) }
      return wasSelected
    }
    if pane == TablesScreen.pane {
      var opens = false
      changeView { opens = $0.grid.click(item, in: place) }
      return opens
    }
    if pane == Grid.headerPane(of: TablesScreen.pane) {
      changeView { $0.grid.go(toColumn: item, in: place) }
      return false
    }
    let index = pane == "others" ? item + layout.items.count - layout.others.count : item
    let wasSelected = index == selected
    select(index)
    return wasSelected
  }

  mutating func scroll(_ pane: Pane, _ rows: Int, _ context: Context) {
    if var menu {
      menu.position.scroll(rows, count: menu.items.count, height: menu.height(in: context.body))
      show(menu)
    } else if view == nil {
      select(layout.index(from: selected, rows < 0 ? .up : .down))
    } else {
      changeView { $0.grid.scroll(rows, in: TablesScreen.gridPlace(context)) }
    }
  }
}
