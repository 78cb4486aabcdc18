import Warehouse

extension QueriesScreen {
  mutating func click(_ pane: Pane, _ item: Int?, _ context: Context) -> Bool {
    guard let item else { return false }
    let room = room(context)
    guard pane == "queries" else {
      return result?.view.click(pane, item, grid: "result", in: room) ?? false
    }
    let wasSelected = position.selected == item
    position.select(item, count: queries.count, height: listHeight(context))
    return wasSelected
  }

  mutating func scroll(_ pane: Pane, _ rows: Int, _ context: Context) {
    if pane == "queries" {
      position.scroll(rows, count: queries.count, height: listHeight(context))
    } else {
      let room = room(context)
      result?.view.scroll(rows, in: room)
    }
  }
}
