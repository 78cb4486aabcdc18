import Warehouse

/// The frame of what lies on top.
private let edge = Style(role: .focus)

extension TextViewer {
  /// Draws it into its place.
  func draw(in place: Rect, of frame: inout Frame) {
    frame.box(place, title: Line(title, .accent.bold), style: edge)
    let room = TextViewer.room(in: place)
    let count = TextPane(lines: lines, top: top, pane: "text")
      .draw(broken: broken(in: place), in: room, of: &frame)
    frame.highlight(search, in: room)
    guard count > room.rows else { return }
    let last = min(count, top + room.rows)
    frame.label(
      place.line(place.rows - 1), title: Line(),
      trailing: Line("\(top + 1)–\(last) of \(Quantity.count(count))", .muted))
  }
}

extension CommandPalette {
  /// Where the found actions are listed, in the palette's place.
  static func listPlace(in place: Rect) -> Rect {
    let inner = place.inset(rows: 1, columns: 2)
    return inner.splitRows([.fixed(1), .fixed(1), .flexible()])[2]
  }

  /// Draws the field, and below it what it finds.
  func draw(_ entries: [Entry], in place: Rect, of frame: inout Frame) {
    let inner = frame.box(place, title: Line("Command", .accent.bold), style: edge)
    frame.write(":", row: inner.row, column: inner.column, style: .key.bold)
    field.draw(
      in: Rect(row: inner.row, column: inner.column + 2, rows: 1, columns: inner.columns - 2),
      of: &frame, placeholder: "type a part of an action's name")
    frame.divider(
      Rect(row: inner.row + 1, column: place.column, rows: 1, columns: place.columns), style: edge)
    let found = found(in: entries)
    Table(
      columns: [
        .init(title: "", width: .flexible(3)), .init(title: "", width: .flexible(4)),
        .init(title: "", width: .fixed(9), alignment: .right),
      ],
      count: found.count, position: position, pane: "palette", hasHeader: false,
      placeholder: Line("No action has such a name.", .muted)
    ) { index in
      guard found.indices.contains(index) else { return .init(cells: []) }
      return CommandPalette.row(found[index])
    }.draw(in: CommandPalette.listPlace(in: place), of: &frame)
  }

  private static func row(_ entry: Entry) -> Table.Row {
    var name = Line()
    for (index, character) in entry.name.enumerated() {
      let isMatch = entry.matches.contains(index)
      let style: Style = isMatch ? .accent.bold : entry.refusal == nil ? .plain : .muted
      name += Line(String(character), style)
    }
    let about = entry.refusal.map { Line($0, .warning) } ?? Line(entry.binding.help, .muted)
    return .init(cells: [name, about, Line(entry.binding.keys.first?.title ?? "", .key)])
  }
}

extension Choice {
  /// Draws the question and its answers.
  func draw(in place: Rect, of frame: inout Frame) {
    let inner = frame.box(place, title: Line(title, .warning.bold), style: Style(role: .warning))
    let lines = TextPane.broken([Line(text)], columns: inner.columns)
    for (index, line) in lines.enumerated() where index < inner.rows {
      frame.write(line, row: inner.row + index, column: inner.column, width: inner.columns)
    }
    for (index, answer) in answers.enumerated() {
      let place = inner.line(lines.count + 1 + index)
      guard !place.isEmpty else { continue }
      frame.write(
        Line("  " + answer.key.title.padded(5), .key.bold) + Line(answer.title), row: place.row,
        column: place.column, width: place.columns)
      frame.mark(place, as: .key(answer.key))
    }
  }
}

extension Prompt {
  /// Draws the field with what it is for.
  func draw(in place: Rect, of frame: inout Frame) {
    let inner = frame.box(place, title: Line(title, .accent.bold), style: edge)
    let lines = TextPane.broken([Line(text, .muted)], columns: inner.columns)
    for (index, line) in lines.enumerated() where index < inner.rows {
      frame.write(line, row: inner.row + index, column: inner.column, width: inner.columns)
    }
    let row = inner.row + lines.count + 1
    guard row < inner.endRow else { return }
    frame.write("›", row: row, column: inner.column, style: .key.bold)
    field.draw(
      in: Rect(row: row, column: inner.column + 2, rows: 1, columns: inner.columns - 2),
      of: &frame, placeholder: current)
    if let problem {
      frame.write(
        problem, row: min(row + 1, inner.endRow - 1), column: inner.column, width: inner.columns,
        style: .failure)
    }
  }
}
