import Warehouse

extension TablesScreen {
  /// Asks where the rows of the table on top go, and which.
  func export() -> [Request] {
    guard let view else { return [] }
    let grid = view.grid
    let name = view.query?.table.name.table.name ?? "breakdown"
    var choices: [ExportOffer.Choice] = grid.exports.filter {
      view.query == nil || $0.title != "as shown"
    }
    if let query = view.query {
      let shown = grid.displayed.map(\.source)
      let asShown = QueryRun(Browse.export(query, columns: shown))
      choices.append(.init(title: "as shown", source: .run(asShown, view.total)))
      let whole = BrowseQuery(query.table)
      let all = QueryRun(Browse.export(whole, columns: Array(query.table.columns.indices)))
      if all != asShown {
        var unfiltered = view
        (unfiltered.query, unfiltered.counted) = (whole, nil)
        choices.append(.init(title: "whole table", source: .run(all, unfiltered.total)))
      }
    }
    return [
      .overlay(.form(ExportOffer(title: view.title, name: name, choices: choices).form))
    ]
  }
}
