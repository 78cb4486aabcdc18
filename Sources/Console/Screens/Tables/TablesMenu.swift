import Warehouse

/// A short list to choose from, over the grid.
struct TablesMenu: Equatable, Sendable {
  /// What can be chosen.
  enum Item: Equatable, Sendable {
    case attribute(BreakdownAttribute)
    case backLink(TableLink)

    var title: String {
      switch self {
      case .attribute(let attribute): attribute.title
      case .backLink(let link): "\(link.table) by \(link.column)"
      }
    }
  }

  var title: String
  var items: [Item]
  var position = ListPosition()

  /// Where it lies on the screen.
  func place(in body: Rect) -> Rect {
    let width = (items.map { CellText.width(of: $0.title) }.max() ?? 0) + 6
    return body.centered(
      Size(columns: max(width, CellText.width(of: title) + 6), rows: items.count + 2))
  }

  /// Rows for items.
  func height(in body: Rect) -> Int { max(0, place(in: body).rows - 2) }

  /// Draws it.
  func draw(in body: Rect, of frame: inout Frame) {
    let place = place(in: body)
    frame.clear(place)
    let inner = frame.box(place, title: Line(title, .accent.bold), style: Style(role: .focus))
    Table(
      columns: [.init(title: "", width: .flexible())], count: items.count, position: position,
      pane: "tables-menu", hasHeader: false
    ) { index in
      .init(cells: [Line(items.indices.contains(index) ? items[index].title : "")])
    }.draw(in: inner, of: &frame)
  }
}
