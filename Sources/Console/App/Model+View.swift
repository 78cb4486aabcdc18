import Warehouse

extension Model {
  /// The whole screen, from the model alone.
  func view() -> Frame {
    var frame = Frame(size, glyphs: glyphs)
    guard !isTooSmall else {
      drawTooSmall(into: &frame)
      return frame
    }
    drawHeader(into: &frame)
    currentScreen.draw(into: &frame, context)
    if !overlays.isEmpty { drawOverlays(into: &frame) }
    drawCaption(into: &frame)
    drawNotice(into: &frame)
    drawFooter(into: &frame)
    return frame
  }

  private func drawTooSmall(into frame: inout Frame) {
    let least = Model.leastSize
    frame.write(
      "\(size.columns)×\(size.rows) is too small: \(least.columns)×\(least.rows) is needed",
      row: size.rows / 2, column: 0, width: size.columns, align: .center)
  }

  // MARK: Header

  private func drawHeader(into frame: inout Frame) {
    let lines = connectionLines
    let room = size.columns - 2 - (lines.last?.width ?? 0)
    let isShort = tabs(isShort: false) > room
    // The tabs and the state of the connection need the room more than the program's name.
    let hasName = tabs(isShort: isShort) + 12 <= room
    var column = hasName ? frame.write("sparkify", row: 0, column: 1, style: .accent.bold) + 3 : 0
    for screen in ScreenID.allCases {
      column = drawTab(screen, isShort: isShort, at: column, into: &frame)
    }
    let rest = size.columns - column - 2
    let line = lines.first { $0.width <= rest } ?? Line()
    frame.write(line, row: 0, column: column + 1, width: rest, align: .right)
  }

  /// How many columns all tabs take.
  private func tabs(isShort: Bool) -> Int {
    ScreenID.allCases.reduce(0) { $0 + CellText.width(of: title(of: $1, isShort: isShort)) }
  }

  private func title(of screen: ScreenID, isShort: Bool) -> String {
    isShort && screen != self.screen
      ? " \(screen.rawValue) " : " \(screen.rawValue) \(screen.title) "
  }

  /// Where there is no room for all titles, only the shown screen has one.
  private func drawTab(
    _ screen: ScreenID, isShort: Bool, at column: Int, into frame: inout Frame
  ) -> Int {
    let isShown = screen == self.screen
    let title = title(of: screen, isShort: isShort)
    let style: Style = isShown ? .accent.bold.reversed : .muted
    let end = frame.write(title, row: 0, column: column, style: style)
    frame.mark(
      Rect(row: 0, column: column, rows: 1, columns: end - column),
      as: .key(.character(Character("\(screen.rawValue)"))))
    return end
  }

  /// How it stands with the warehouse, from long to short.
  private var connectionLines: [Line] {
    switch connection {
    case .connecting(let step):
      let picture = Spinner.picture(at: moment.uptime, glyphs: glyphs)
      return [Line(picture + " " + step, .active), Line(picture + " connecting", .active)]
    case .ready(let server):
      let ready = Line("● ready", .success)
      return [
        Line("\(server.target) · \(server.product) · ", .muted) + ready,
        Line("\(server.product) · ", .muted) + ready, ready,
      ]
    case .failed: return [Line("✗ not connected", .failure)]
    }
  }

  // MARK: Footer

  private func drawNotice(into frame: inout Frame) {
    let line: Line
    switch notice {
    case nil:
      guard let export else { return }
      line = export.line(now: moment.uptime, glyphs: glyphs)
    case .info(let text): line = Line("· " + text, .accent.bold)
    case .error(let error):
      let more =
        overlays.isEmpty ? Line("  Enter shows more", .muted) : Line("  ! shows more", .muted)
      line = Line("✗ " + error.message, .failure.bold) + more
    }
    let row = bounds.rows - 2
    let place = Rect(row: row, column: 0, rows: 1, columns: size.columns)
    frame.label(place, title: line)
    frame.clearEdge(row: row, from: min(size.columns - 2, 4 + line.width))
  }

  private func drawFooter(into frame: inout Frame) {
    var column = 1
    for (key, title) in hints {
      let start = column
      column = frame.write(key.title, row: size.rows - 1, column: column, style: .key.bold) + 1
      column = frame.write(title, row: size.rows - 1, column: column)
      frame.mark(
        Rect(row: size.rows - 1, column: start, rows: 1, columns: column - start), as: .key(key))
      column += 2
    }
  }

  /// The keys that the footer shows: those of the innermost place that can work now, as many as
  /// fit beside help and quit.
  private var hints: [(key: Key, title: String)] {
    guard let top = overlays.last else {
      if currentScreen.isTyping { return typingHints }
      let always = hints(of: .everywhere)
      let own = hints(of: .screen(screen))
      let room = size.columns - 1 - always.reduce(0) { $0 + Model.width(of: $1) }
      return Model.fitting(own, room: room) + always
    }
    if case .choice(let choice) = top { return choice.answers.map { ($0.key, $0.title) } }
    return Model.fitting(hints(of: .overlay(top.kind)), room: size.columns - 1)
  }

  /// While text is typed: the screen's keys that are no letters.
  private var typingHints: [(key: Key, title: String)] {
    if let hints = currentScreen.typingHints {
      return Model.fitting(hints, room: size.columns - 1)
    }
    let leave: (key: Key, title: String) = (.escape, "leave")
    let own = hints(of: .screen(screen)).filter { $0.key.typed == nil }
    return Model.fitting(own + [(.tab, "complete"), leave], room: size.columns - 1)
  }

  private func hints(of place: Place) -> [(key: Key, title: String)] {
    Keymap.bindings(of: place).compactMap { binding in
      guard let key = binding.keys.first, let hint = binding.hint,
        refusal(of: binding.action) == nil,
        !demoTakesKeys || Keymap.action(for: key, in: [.demo]) == nil
      else { return nil }
      return (key, hint)
    }
  }

  private static func width(of hint: (key: Key, title: String)) -> Int {
    CellText.width(of: hint.key.title) + CellText.width(of: hint.title) + 3
  }

  private static func fitting(
    _ hints: [(key: Key, title: String)], room: Int
  ) -> [(key: Key, title: String)] {
    var room = room
    return hints.filter { hint in
      room -= width(of: hint)
      return room >= 0
    }
  }

  // MARK: Overlays

  private func drawOverlays(into frame: inout Frame) {
    guard let index = overlays.lastIndex(where: { $0.kind != .filter }) else {
      drawFilter(into: &frame)
      return
    }
    frame.restyle(frame.bounds) { _ in .muted }
    frame.coverTargets()
    draw(overlays[index], into: &frame)
    drawFilter(into: &frame)
  }

  /// The field for the filter, on the lower edge of what it filters.
  private func drawFilter(into frame: inout Frame) {
    guard case .filter(let field)? = overlays.last, let place = overlays.last?.place(in: bounds)
    else { return }
    let line = place.inset(columns: 2)
    frame.clear(line)
    frame.write("/", row: line.row, column: line.column + 1, style: .key.bold)
    field.draw(
      in: Rect(row: line.row, column: line.column + 3, rows: 1, columns: line.columns - 3),
      of: &frame)
  }

  private func draw(_ top: Overlay, into frame: inout Frame) {
    let place = top.place(in: bounds)
    frame.clear(place)
    switch top {
    case .help(let viewer), .viewer(let viewer): viewer.draw(in: place, of: &frame)
    case .palette(let palette): palette.draw(paletteEntries, in: place, of: &frame)
    case .log(let log): statements.draw(in: place, log, of: &frame)
    case .rejects(let list): list.draw(in: place, of: &frame)
    case .checkRows(let list): list.draw(in: place, of: &frame)
    case .choice(let choice): choice.draw(in: place, of: &frame)
    case .form(let form): form.draw(in: place, of: &frame)
    case .filter: break
    case .prompt(let prompt): prompt.draw(in: place, of: &frame)
    }
  }
}
