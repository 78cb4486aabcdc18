import Warehouse

/// A short list to choose from, over the grid. What is typed narrows it.
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

  /// What a breakdown can tell; empty for other menus.
  let measures: [BreakdownMeasure]
  private let ownTitle: String
  private let all: [Item]
  private var measureIndex = 0
  var field = InputField()
  var position = ListPosition()

  init(title: String, items: [Item]) { (ownTitle, all, measures) = (title, items, []) }

  /// A menu of what measures can be broken down by.
  init(items: [Item], measures: [BreakdownMeasure]) {
    (ownTitle, all, self.measures) = ("", items, measures)
  }

  /// What a breakdown tells.
  var measure: BreakdownMeasure {
    measures.indices.contains(measureIndex) ? measures[measureIndex] : .rows
  }

  var title: String { measures.isEmpty ? ownTitle : "Break down \(measure.title) by" }

  /// The next measure, round at the end.
  mutating func turnMeasure() {
    if !measures.isEmpty { measureIndex = (measureIndex + 1) % measures.count }
  }

  /// Those that contain every word that was typed.
  var items: [Item] {
    let words = field.text.lowercased().split(separator: " ")
    guard !words.isEmpty else { return all }
    return all.filter { item in
      let title = item.title.lowercased()
      return words.allSatisfy { title.contains($0) }
    }
  }

  /// The selected one.
  var selected: Item? {
    let items = items
    let index = position.selection(count: items.count)
    return items.indices.contains(index) ? items[index] : nil
  }

  /// Takes a key of the text; `false` when it means nothing to it.
  mutating func take(_ key: Key) -> Bool {
    guard field.take(key) else { return false }
    position = ListPosition()
    return true
  }

  /// Where it lies on the screen; its size does not follow what is typed.
  func place(in body: Rect) -> Rect {
    let width = (all.map { CellText.width(of: $0.title) }.max() ?? 0) + 8
    let measure = measures.map { CellText.width(of: $0.title) + "Break down  by".count }.max() ?? 0
    return body.centered(
      Size(
        columns: max(28, width, max(measure, CellText.width(of: ownTitle)) + 16),
        rows: min(all.count + 4, max(6, body.rows - 2))))
  }

  private func listPlace(in body: Rect) -> Rect {
    let inner = place(in: body).inset(rows: 1, columns: 2)
    return Rect(
      row: inner.row + 2, column: inner.column, rows: max(0, inner.rows - 2),
      columns: inner.columns)
  }

  /// Rows for items.
  func height(in body: Rect) -> Int { listPlace(in: body).rows }

  /// Draws it.
  func draw(in body: Rect, of frame: inout Frame) {
    frame.restyle(body) { _ in .muted }
    frame.coverTargets()
    let place = place(in: body)
    frame.clear(place)
    let items = items
    let count = items.count == all.count ? "" : "\(items.count) of \(all.count)"
    let inner = frame.box(
      place, title: Line(title, .accent.bold), trailing: Line(count, .muted),
      style: Style(role: .focus))
    frame.write("/", row: inner.row, column: inner.column, style: .key.bold)
    Table(
      columns: [.init(title: "", width: .flexible())], count: items.count, position: position,
      pane: "tables-menu", hasHeader: false, placeholder: Line("Nothing is like that.", .muted)
    ) { index in
      .init(cells: [Line(items.indices.contains(index) ? items[index].title : "")])
    }.draw(in: listPlace(in: body), of: &frame)
    field.draw(
      in: Rect(
        row: inner.row, column: inner.column + 2, rows: 1, columns: max(0, inner.columns - 2)),
      of: &frame, placeholder: "type to narrow")
  }
}
