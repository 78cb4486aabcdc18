import Warehouse

extension QueriesScreen {
  mutating func click(_ pane: Pane, _ item: Int?, _ context: Context) -> Bool {
    guard let item else { return false }
    let place = resultPlace(context)
    switch pane {
    case "queries":
      let wasSelected = position.selected == item
      position.select(item, count: queries.count, height: listHeight(context))
      return wasSelected
    case "chart":
      let wasSelected = result?.item == item
      result?.item = item
      return wasSelected
    case "result": return result?.shownGrid.click(item, in: place) ?? false
    case Grid.headerPane(of: "result"):
      result?.shownGrid.go(toColumn: item, in: place)
      result?.shownGrid.sortRows()
    default: break
    }
    return false
  }

  mutating func scroll(_ pane: Pane, _ rows: Int, _ context: Context) {
    let place = resultPlace(context)
    switch pane {
    case "queries": position.scroll(rows, count: queries.count, height: listHeight(context))
    case "result": result?.shownGrid.scroll(rows, in: place)
    default: pointBeside(right: 0, down: rows.signum())
    }
  }
}
