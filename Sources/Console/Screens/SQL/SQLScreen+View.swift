import Warehouse

extension SQLScreen {
  /// Where text and rows lie, inside of their boxes.
  func parts(_ context: Context) -> (editor: Rect, result: Rect) {
    let boxes = boxes(context)
    return (boxes.editor.inset(rows: 1, columns: 2), boxes.result.inset(rows: 1, columns: 2))
  }

  private func boxes(_ context: Context) -> (editor: Rect, result: Rect) {
    let body = context.body
    guard !results.isEmpty else {
      return (body, Rect(row: body.endRow, column: body.column, rows: 0, columns: body.columns))
    }
    // As high as the text with a line to go on, three lines at least, and half at most.
    let wanted = max(3, editor.buffer.lines.count + 1) + 2
    let parts = body.splitRows([.fixed(min(wanted, max(3, body.rows / 2))), .flexible()])
    return (parts[0], parts[1])
  }

  func draw(into frame: inout Frame, _ context: Context) {
    let boxes = boxes(context)
    drawEditor(in: boxes.editor, of: &frame, context)
    if !results.isEmpty { drawResult(in: boxes.result, of: &frame, context) }
    if search != nil {
      drawSearch(in: context.body, of: &frame)
    } else {
      drawCompletion(in: context.body, parts(context).editor, of: &frame)
    }
  }

  // MARK: Editor

  private func drawEditor(in place: Rect, of frame: inout Frame, _ context: Context) {
    let mode =
      isTyping
      ? Line(" typing ", .accent.bold.reversed) + Line(" Esc leaves", .muted)
      : Line("i types", .muted)
    var lock =
      isUnlocked
      ? Line(" ! changes are possible ", .failure.bold.reversed) : Line("read-only", .success)
    switch transaction {
    case .open?: lock = Line("transaction open · ", .warning.bold) + lock
    case .failed?: lock = Line("transaction failed: ROLLBACK · ", .failure.bold) + lock
    case nil: break
    }
    if let planStatus = plan.status(context, cancelKey: cancelKey) {
      lock = planStatus + Line(" · ", .muted) + lock
    }
    let room = frame.box(
      place, title: Line("SQL", .accent.bold) + Line("  ") + mode, trailing: lock,
      style: isUnlocked ? .failure : isTyping ? Style(role: .focus) : .border)
    editor.draw(
      in: room, of: &frame, pane: SQLScreen.editorPane, marks: marks, isTyping: isTyping,
      placeholder: Line(
        isTyping
          ? "SELECT …    F5 or Ctrl-J runs it, Tab completes, Ctrl-R finds what was run before"
          : "Enter or i to write SQL, Ctrl-R for what was run before", .muted))
  }

  private func drawCompletion(in body: Rect, _ editorPlace: Rect, of frame: inout Frame) {
    guard isTyping, let completion else { return }
    let gutter = editor.gutter
    let room = Rect(
      row: editorPlace.row, column: editorPlace.column + gutter, rows: editorPlace.rows,
      columns: editorPlace.columns - gutter)
    guard let cursor = editor.cursorPlace(in: room) else { return }
    let rows = min(SQLScreen.popupRows, completion.candidates.count)
    let texts = completion.candidates.map { CellText.width(of: $0.text) }.max() ?? 0
    let details = min(20, completion.candidates.map { CellText.width(of: $0.detail) }.max() ?? 0)
    let columns = min(max(28, texts + details + 8 + 8), min(72, body.columns))
    let isBelow = cursor.row + rows + 3 <= body.endRow
    let wanted = cursor.column - CellText.width(of: editor.buffer.text(in: completion.range)) - 2
    let place = Rect(
      row: isBelow ? cursor.row + 1 : max(body.row, cursor.row - rows - 2),
      column: max(body.column, min(wanted, body.endColumn - columns)), rows: rows + 2,
      columns: columns)
    frame.clear(place)
    let count = completion.candidates.count
    let inner = frame.box(
      place, trailing: Line("Tab takes it · \(Quantity.count(count))", .muted),
      style: Style(role: .focus))
    Table(
      columns: [
        .init(title: "", width: .flexible()), .init(title: "", width: .fixed(details)),
        .init(title: "", width: .fixed(8), alignment: .right),
      ],
      count: count, position: completion.position, pane: "sql-completion", hasHeader: false
    ) { index in
      guard completion.candidates.indices.contains(index) else { return .init(cells: []) }
      let candidate = completion.candidates[index]
      return .init(cells: [
        Line(candidate.text, candidate.kind == .keyword ? .accent.bold : .plain),
        Line(candidate.detail, .muted), Line(candidate.kind.rawValue, .muted),
      ])
    }.draw(in: inner, of: &frame)
  }

  private func drawSearch(in body: Rect, of frame: inout Frame) {
    guard let search else { return }
    let found = search.found(in: history)
    let place = Rect(
      row: body.row + 1, column: body.column + 2, rows: min(SQLScreen.popupRows + 4, body.rows - 2),
      columns: body.columns - 4)
    frame.clear(place)
    let inner = frame.box(
      place, title: Line("What was run", .accent.bold),
      trailing: Line("Enter takes it · Esc closes · \(Quantity.count(found.count))", .muted),
      style: Style(role: .focus))
    frame.write("/", row: inner.row, column: inner.column, style: .key.bold)
    let list = Rect(
      row: inner.row + 2, column: inner.column, rows: inner.rows - 2, columns: inner.columns)
    Table(
      columns: [.init(title: "", width: .flexible())], count: found.count,
      position: search.position, pane: "sql-history", hasHeader: false,
      placeholder: Line("Nothing like that was run.", .muted)
    ) { index in
      guard found.indices.contains(index) else { return .init(cells: []) }
      let words = found[index].prefix(400).split(whereSeparator: \.isWhitespace)
      return .init(cells: [Line(words.joined(separator: " "))])
    }.draw(in: list, of: &frame)
    search.field.draw(
      in: Rect(
        row: inner.row, column: inner.column + 2, rows: 1, columns: max(0, inner.columns - 2)),
      of: &frame, placeholder: "words of a statement")
  }

  // MARK: Result

  private func drawResult(in place: Rect, of frame: inout Frame, _ context: Context) {
    guard results.indices.contains(shown) else { return }
    let result = results[shown]
    let name = results.count > 1 ? "Result \(shown + 1) of \(results.count)" : "Result"
    let room = frame.box(
      place, title: Line(name, .accent.bold) + Line("  ") + state(of: result, context),
      trailing: Line(results.count > 1 ? "[ ] others" : "", .muted),
      style: isTyping ? .border : Style(role: .focus))
    if !result.view.columns.isEmpty {
      result.view.draw(
        in: room, of: &frame, pane: SQLScreen.resultPane, isFocused: !isTyping,
        opens: "shows its rows",
        placeholder: Line(result.isOpen ? "no row yet" : "No rows.", .muted))
      let status = result.view.status(in: room, isFocused: !isTyping) + more(of: result)
      frame.label(place.line(place.rows - 1), title: behind, trailing: Line(status, .muted))
      guard case .failed = result.state else { return }
    }
    for (index, line) in TextPane.broken(lines(of: result), columns: room.columns).enumerated()
    where index < room.rows {
      frame.write(line, row: room.row + index, column: room.column, width: room.columns)
    }
  }

  /// Which rows are shown when they are not all.
  private var behind: Line {
    guard let behind = view?.behind else { return Line() }
    return Line(behind.title, .bold) + Line(" · Esc goes back", .muted)
  }

  private func more(of result: SQLResult) -> String {
    switch result.state {
    case .paused: result.isFull ? " · no more are held here" : " · m fetches more"
    case .done(isCut: true, _):
      result.access == .reading && !result.isFull
        ? " · m runs it again for more" : " · the server was let go"
    case .waiting, .running, .done, .failed, .cancelled, .skipped: ""
    }
  }

  private func state(of result: SQLResult, _ context: Context) -> Line {
    let count = result.count
    let time = result.took.map { " · \(Quantity.duration($0))" } ?? ""
    switch result.state {
    case .waiting: return Line("waits", .muted)
    case .running(let since):
      let picture = Spinner.picture(at: context.moment.uptime, glyphs: context.glyphs)
      let elapsed = Quantity.clock(context.moment.uptime - since)
      let rows = count > 0 ? " · \(Quantity.counted(count, "row"))" : ""
      guard let cancelledAt else {
        return Line("\(picture) \(elapsed)\(rows)", .active)
          + Line(" · \(cancelKey) cancels", .muted)
      }
      let waited = context.moment.uptime - cancelledAt
      let hint = waited >= SQLScreen.cancelPatience ? " · \(cancelKey) again ends the session" : ""
      return Line("\(picture) stopping \(Quantity.clock(waited))\(hint)", .warning)
    case .paused: return Line("first \(Quantity.counted(count, "row"))", .warning)
    case .done(isCut: true, _):
      return Line("first \(Quantity.counted(count, "row"))", .warning) + Line(time, .muted)
    case .done(_, let affected):
      let what =
        result.view.columns.isEmpty
        ? affected.map { "\(Quantity.counted($0, "row")) changed" } ?? "done"
        : Quantity.counted(count, "row")
      return Line("✓ " + what, .success) + Line(time, .muted)
    case .failed: return Line("✗ failed", .failure.bold) + Line(time, .muted)
    case .cancelled(let after):
      return Line("cancelled, server stopped after \(Quantity.duration(after))", .warning)
    case .skipped: return Line("not run", .muted)
    }
  }

  private func lines(of result: SQLResult) -> [Line] {
    switch result.state {
    case .failed(let error):
      var lines = [Line("✗ " + error.message, .failure.bold)]
      if let detail = error.detail { lines += TextPane.lines(detail) }
      if let hint = error.hint { lines.append(Line("→ " + hint, .accent)) }
      if error.sqlState == "25006" {
        lines.append(Line("→ The server refused it: w lets statements change things.", .accent))
      }
      return lines
    case .skipped: return [Line("One before it did not succeed.", .muted)]
    case .waiting, .running, .paused, .done, .cancelled: return TextPane.lines(result.sql)
    }
  }
}
