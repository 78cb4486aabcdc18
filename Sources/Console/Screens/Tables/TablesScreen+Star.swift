import Warehouse

extension TablesScreen {
  /// The star: the fact in the middle, its dimensions around it, the keys between; below it all
  /// other tables.
  func drawStar(into frame: inout Frame, _ context: Context) {
    let layout = layout
    let schema = layout.star.joined().first.map { " · \($0.name.schema)" } ?? ""
    let inner = frame.box(
      context.body, title: Line("Star", .accent.bold) + Line(schema, .muted),
      trailing: isSlow(context) ? Line("reading …", .active) : filterStatus(layout),
      style: Style(role: .focus))
    guard !layout.items.isEmpty else {
      frame.write(
        emptiness(context), row: inner.row, column: inner.column, width: inner.columns)
      return
    }
    var rest = inner
    if !layout.star.isEmpty, inner.rows >= StarPicture.rows, inner.columns >= 44 {
      let picture = StarPicture(layout: layout, selected: selected)
      picture.draw(in: inner, of: &frame)
      rest = Rect(
        row: inner.row + StarPicture.rows, column: inner.column,
        rows: inner.rows - StarPicture.rows, columns: inner.columns)
      drawList(layout.others, offset: layout.items.count - layout.others.count, in: rest, &frame)
    } else {
      drawList(layout.items, offset: 0, in: rest, &frame)
    }
  }

  private func filterStatus(_ layout: StarLayout) -> Line {
    listFilter.isEmpty
      ? Line()
      : Line("/ \(listFilter): \(layout.items.count) of \(list.value?.count ?? 0)", .muted)
  }

  /// Whether the list is awaited for longer than a moment: one that follows a run is read often.
  private func isSlow(_ context: Context) -> Bool {
    guard let since = list.since else { return false }
    return list.value == nil || context.moment.uptime - since >= .milliseconds(300)
  }

  private func emptiness(_ context: Context) -> Line {
    if let error = list.error { return Line("✗ " + error.message, .failure) }
    if let reason = context.notConnected { return Line("The tables: \(reason).", .muted) }
    if !listFilter.isEmpty, list.value != nil { return Line("No table is like that.", .muted) }
    return list.value == nil
      ? Line("Reading …", .muted)
      : Line("There is no table yet: run the pipeline (2, then a).", .muted)
  }

  private func drawList(
    _ tables: [TableSummary], offset: Int, in place: Rect, _ frame: inout Frame
  ) {
    guard !tables.isEmpty, place.rows > 1 else { return }
    var position = ListPosition()
    position.select(
      max(0, selected - offset), count: tables.count, height: Table.height(in: place))
    var table = Table(
      columns: [
        .init(title: offset > 0 ? "Other tables" : "Table", width: .flexible()),
        .init(title: "Kind", width: .fixed(17)),
        .init(title: "Rows", width: .fixed(12), alignment: .right),
        .init(title: "Size", width: .fixed(8), alignment: .right),
      ], count: tables.count, position: position, pane: offset > 0 ? "others" : "tables"
    ) { index in
      guard tables.indices.contains(index) else { return .init(cells: []) }
      let table = tables[index]
      return .init(cells: [
        Line("\(table.name.schema).", .muted) + Line(table.name.table.name),
        Line(table.kind.rawValue, .muted), Line(table.rows.text),
        Line(table.bytes.map { Quantity.bytes($0) } ?? "", .muted),
      ])
    }
    table.isFocused = selected >= offset
    table.draw(in: place, of: &frame)
  }
}

extension TableSummary.Count {
  /// `1,234`; `~1.2M` for an estimate.
  var text: String {
    switch self {
    case .unknown: ""
    case .exact(let count): Quantity.count(count)
    case .estimate(let count): "~" + Quantity.short(Double(count))
    }
  }
}

/// The star as boxes with the keys between them.
struct StarPicture {
  let layout: StarLayout
  let selected: Int

  /// The rows that it takes.
  static let rows = 13

  /// Draws it at the top of a place.
  func draw(in place: Rect, of frame: inout Frame) {
    let width = min(place.columns, 132)
    let left = place.column + (place.columns - width) / 2
    let box = max(18, width * 2 / 5)
    let right = left + width - box
    let places: [(String, Rect)] = [
      ("users", Rect(row: place.row, column: left, rows: 3, columns: box)),
      ("time", Rect(row: place.row, column: right, rows: 3, columns: box)),
      (
        "songplays",
        Rect(row: place.row + 4, column: left + box / 4, rows: 3, columns: width - 2 * (box / 4))
      ),
      ("songs", Rect(row: place.row + 8, column: left, rows: 3, columns: box)),
      ("artists", Rect(row: place.row + 8, column: right, rows: 3, columns: box)),
    ]
    for (name, rect) in places { draw(name, in: rect, of: &frame) }
    let columns = [left + box / 2, right + box / 2]
    key("user_id", row: place.row + 3, column: columns[0], of: &frame)
    key("start_time", row: place.row + 3, column: columns[1], of: &frame)
    key("song_id", row: place.row + 7, column: columns[0], of: &frame)
    key("artist_id", row: place.row + 7, column: columns[1], of: &frame)
    let gap = Rect(row: place.row + 9, column: left + box, rows: 1, columns: right - left - box)
    frame.fill(gap, with: "─", style: .border)
    frame.write(
      " artist_id ", row: gap.row, column: gap.column, width: gap.columns, style: .muted,
      align: .center)
  }

  private func draw(_ name: String, in rect: Rect, of frame: inout Frame) {
    guard let table = layout.table(name), let index = layout.index(of: name) else { return }
    let isSelected = index == selected
    let isFact = name == StarTable.songplays.name
    let style: Style = isSelected ? Style(role: .focus) : isFact ? .accent : .border
    let inner = frame.box(rect, title: Line(name, isFact ? .accent.bold : .accent), style: style)
    let about = (StarTable.all.first { $0.name == name }?.columns.map(\.name) ?? []).joined(
      separator: " ")
    let rows = table.rows.text
    frame.write(rows, row: inner.row, column: inner.column, width: inner.columns, style: .bold)
    let rest = inner.columns - CellText.width(of: rows) - 7
    frame.write(
      rows == "1" ? " row" : " rows", row: inner.row,
      column: inner.column + CellText.width(of: rows), style: .muted)
    frame.write(
      about, row: inner.row, column: inner.endColumn - max(0, rest), width: max(0, rest),
      style: .muted)
    frame.mark(rect, as: .item("star", index))
    if isSelected { frame.select(inner, isFocused: true) }
  }

  private func key(_ name: String, row: Int, column: Int, of frame: inout Frame) {
    frame.write("│", row: row, column: column, style: .border)
    frame.write(name, row: row, column: column + 2, style: .muted)
  }
}
