import Warehouse

/// Records that could not be stored, over the screen.
struct RejectList: Equatable, Sendable {
  var run: Int
  var stage: StageID?
  var page = Loadable<RejectPage>()
  var position = ListPosition()

  /// So many are read at first; the title says when there are more.
  static let limit = 1000
  /// Four times as many are read whenever their end is reached, up to this number.
  static let mostKept = 8000
  /// How many are asked for.
  private(set) var limit = RejectList.limit

  /// Only records that contain this are shown.
  var filter = ""

  private var items: [RejectPage.Item] {
    let all = page.value?.items ?? []
    guard !filter.isEmpty else { return all }
    return all.filter { item in
      let reject = item.reject
      return contains(
        filter, [reject.file, reject.column ?? "", reject.reason, reject.rawText])
    }
  }

  /// The parts of an overlay's place: the list, the line between, the selected record.
  private func parts(of place: Rect) -> [Rect] {
    let inner = place.inset(rows: 1, columns: 2)
    return inner.splitRows([.flexible(3), .fixed(1), .flexible(2)])
  }

  /// Moves the selection.
  mutating func move(_ movement: Movement, in place: Rect) {
    position.move(
      movement, count: items.count, height: Table.height(in: parts(of: place)[0]))
  }

  /// Scrolls below the pointer.
  mutating func scroll(_ rows: Int, in place: Rect) {
    position.scroll(rows, count: items.count, height: Table.height(in: parts(of: place)[0]))
  }

  /// Selects an item; whether it was selected already.
  mutating func select(_ index: Int, in place: Rect) -> Bool {
    let wasSelected = position.selected == index
    position.select(index, count: items.count, height: Table.height(in: parts(of: place)[0]))
    return wasSelected
  }

  /// Asks for more when the last that is known is selected: how many; nil when it is not, or when
  /// there are no more.
  mutating func growAtEnd() -> Int? {
    guard let known = page.value, !page.isLoading, position.selected >= items.count - 1,
      known.items.count < min(known.total, RejectList.mostKept)
    else { return nil }
    limit = min(known.items.count * 4, RejectList.mostKept)
    return limit
  }

  /// The selected one.
  var selected: RejectPage.Item? {
    let index = position.selection(count: items.count)
    return items.indices.contains(index) ? items[index] : nil
  }

  /// Everything about the selected one.
  var viewer: TextViewer? {
    guard let item = selected else { return nil }
    return TextViewer(
      title: "\(item.reject.file), line \(item.reject.line)",
      lines: FactList.lines(RejectList.facts(item)) + [Line()]
        + TextPane.lines(item.reject.rawText) + RejectList.cutNote(item.reject),
      copy: item.reject.rawText)
  }

  private static func facts(_ item: RejectPage.Item) -> [Fact] {
    var facts = [
      Fact("stage", item.stage.rawValue), Fact("file", item.reject.file),
      Fact("line", Quantity.count(item.reject.line)),
    ]
    if let byte = item.reject.byteOffset { facts.append(Fact("byte", Quantity.count(byte))) }
    return facts + [
      Fact("column", item.reject.column ?? "the whole record"),
      Fact("reason", Line(item.reject.reason, .failure)),
    ]
  }

  private static func cutNote(_ reject: Reject) -> [Line] {
    guard reject.isCut else { return [] }
    return [Line("cut after \(Quantity.count(Reject.rawTextLimit)) bytes", .muted)]
  }

  // MARK: Drawing

  /// Draws it into an overlay's place.
  func draw(in place: Rect, of frame: inout Frame) {
    frame.box(place, title: title, trailing: counts, style: Style(role: .focus))
    let parts = parts(of: place)
    table(width: place.columns).draw(in: parts[0], of: &frame)
    let divider = Rect(
      row: parts[1].row, column: place.column, rows: 1, columns: place.columns)
    frame.divider(divider, title: Line("record", .muted), style: Style(role: .focus))
    drawSelected(in: parts[2], of: &frame)
  }

  private var title: Line {
    Line("Rejects", .accent.bold) + Line(" run \(run)" + (stage.map { " · \($0.rawValue)" } ?? ""))
  }

  private var counts: Line {
    guard let value = page.value else { return Line() }
    let shown = value.items.count
    if !filter.isEmpty {
      return Line("/ \(filter): \(Quantity.count(items.count)) of \(Quantity.count(shown))")
    }
    return Line(
      value.total > shown
        ? "first \(Quantity.count(shown)) of \(Quantity.count(value.total))"
        : Quantity.counted(value.total, "reject"))
  }

  private func table(width: Int) -> Table {
    let isWide = width >= 110
    let items = items
    return Table(
      columns: [
        .init(title: "File", width: .flexible(2), clipping: .start),
        .init(title: "Line", width: .fixed(9), alignment: .right),
        .init(title: "Byte", width: .fixed(isWide ? 12 : 0), alignment: .right),
        .init(title: "Column", width: .fixed(14)),
        .init(title: "Reason", width: .flexible(3)),
      ],
      count: items.count, position: position, pane: "rejects", placeholder: placeholder
    ) { index in
      guard items.indices.contains(index) else { return .init(cells: []) }
      let reject = items[index].reject
      return .init(cells: [
        Line(reject.file), Line(Quantity.count(reject.line)),
        Line(reject.byteOffset.map { Quantity.count($0) } ?? ""),
        Line(reject.column ?? "record", .muted),
        Line(reject.reason, .failure),
      ])
    }
  }

  private var placeholder: Line {
    if let error = page.error { return Line(error.message, .failure) }
    if !filter.isEmpty { return Line("No record is like that.", .muted) }
    return Line(page.isLoading ? "reading …" : "No record was refused.", .muted)
  }

  private func drawSelected(in place: Rect, of frame: inout Frame) {
    guard let item = selected else { return }
    let reason = Line(item.reject.reason, .failure)
    TextPane(
      lines: [reason] + TextPane.lines(item.reject.rawText) + RejectList.cutNote(item.reject),
      top: 0, pane: "reject"
    ).draw(in: place, of: &frame)
  }
}
