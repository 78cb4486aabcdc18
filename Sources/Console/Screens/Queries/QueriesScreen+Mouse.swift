import Warehouse

extension QueriesScreen {
  mutating func click(_ pane: Pane, _ item: Int?, _ context: Context) -> Bool {
    guard let item else { return false }
    guard pane == "queries" else {
      return result?.view.click(pane, item, grid: "result", in: room(context)) ?? false
    }
    let wasSelected = position.selected == item
    position.select(item, count: queries.count, height: listHeight(context))
    return wasSelected
  }

  mutating func scroll(_ pane: Pane, _ rows: Int, _ context: Context) {
    if pane == "queries" {
      position.scroll(rows, count: queries.count, height: listHeight(context))
    } else {
      result?.view.scroll(rows, in: room(context))
    }
  }
}
