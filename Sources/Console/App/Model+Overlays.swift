import Warehouse

extension Model {
  /// The rows of the list on top.
  var overlayHeight: Int {
    guard let top = overlays.last else { return 0 }
    let place = top.place(in: bounds)
    switch top {
    case .palette: return CommandPalette.listPlace(in: place).rows
    case .checkRows: return Grid.height(in: CheckRowList.gridPlace(in: place))
    case .log, .help, .viewer, .rejects, .choice, .prompt, .form, .filter:
      return Table.height(in: place.inset(rows: 1, columns: 2))
    }
  }

  /// Breaks the texts that lie over the screen to its width.
  mutating func layTexts() {
    for index in overlays.indices {
      let place = overlays[index].place(in: bounds)
      switch overlays[index] {
      case .help(var viewer):
        viewer.lay(in: place)
        overlays[index] = .help(viewer)
      case .viewer(var viewer):
        viewer.lay(in: place)
        overlays[index] = .viewer(viewer)
      case .palette, .log, .rejects, .checkRows, .choice, .prompt, .form, .filter: break
      }
    }
  }

  /// Actions of what lies on top.
  mutating func performInOverlay(_ action: Action) -> [Effect] {
    guard let top = overlays.last else { return [] }
    switch (top, action) {
    case (_, .move(let movement)):
      move(movement, in: top)
      return loadMoreRejects()
    case (.palette(let palette), .accept): return accept(palette)
    case (.filter, .accept): overlays.removeLast()
    case (.checkRows(let list), _): return perform(action, in: list, place: top.place(in: bounds))
    case (_, .findNext): find(1, from: 1)
    case (_, .findPrevious): find(-1, from: -1)
    case (.prompt(let prompt), .accept): return accept(prompt)
    case (.form(let form), .accept): return accept(form)
    case (.viewer(let viewer), .copy): return viewer.copy.map { copy($0) } ?? []
    case (.log(let log), .copy): return selected(in: log).map { copy($0.sql) } ?? []
    case (.log(let log), .open):
      if let record = selected(in: log) { push(.viewer(StatementLog.viewer(record))) }
    case (.rejects(let list), .open): if let viewer = list.viewer { push(.viewer(viewer)) }
    case (.rejects(let list), .copy):
      return list.selected.map { copy($0.reject.rawText) } ?? []
    default: break
    }
    return []
  }

  private mutating func perform(
    _ action: Action, in list: CheckRowList, place: Rect
  ) -> [Effect] {
    var list = list
    let place = CheckRowList.gridPlace(in: place)
    var requests: [Request] = []
    switch action {
    case .grid(let action): requests = list.grid.perform(action, in: place, glyphs: glyphs)
    case .open: requests = list.grid.perform(.detail, in: place, glyphs: glyphs)
    case .showSQL: requests = list.viewer.map { [.overlay(.viewer($0))] } ?? []
    case .findNext: requests = list.turn(1, at: moment.uptime).map { .effect($0) }
    case .findPrevious: requests = list.turn(-1, at: moment.uptime).map { .effect($0) }
    default: break
    }
    setTop(.checkRows(list))
    return requests.flatMap { fulfil($0) }
  }

  /// Asks for further rejects where the end of those that are known is reached.
  private mutating func loadMoreRejects() -> [Effect] {
    guard case .rejects(var list)? = overlays.last, let limit = list.growAtEnd() else { return [] }
    let id = list.page.begin(at: moment.uptime)
    setTop(.rejects(list))
    return [.loadRejects(id, run: list.run, stage: list.stage, limit: limit)]
  }

  /// The statement that the command log points at.
  private func selected(in log: LogView) -> StatementRecord? {
    let records = statements.records(containing: log.filter)
    let index = log.position.selection(count: records.count)
    return records.indices.contains(index) ? records[index] : nil
  }

  private mutating func move(_ movement: Movement, in top: Overlay) {
    let place = top.place(in: bounds)
    switch top {
    case .help(var viewer):
      viewer.move(movement, in: place)
      setTop(.help(viewer))
    case .viewer(var viewer):
      viewer.move(movement, in: place)
      setTop(.viewer(viewer))
    case .log(var log):
      let count = statements.records(containing: log.filter).count
      log.position.move(movement, count: count, height: overlayHeight)
      setTop(.log(log))
    case .palette(var palette):
      let count = palette.found(in: paletteEntries).count
      palette.position.move(movement, count: count, height: overlayHeight)
      setTop(.palette(palette))
    case .rejects(var list):
      list.move(movement, in: place)
      setTop(.rejects(list))
    case .checkRows(var list):
      _ = list.grid.move(movement, in: CheckRowList.gridPlace(in: place))
      setTop(.checkRows(list))
    case .form(var form):
      form.move(movement == .up ? -1 : 1)
      setTop(.form(form))
    case .choice, .prompt, .filter: break
    }
  }

  mutating func scrollOverlay(_ rows: Int) {
    guard let top = overlays.last else { return }
    switch top {
    case .help, .viewer:
      for _ in 0..<abs(rows) {
        move(rows < 0 ? .up : .down, in: top == overlays.last ? top : overlays.last ?? top)
      }
    case .log(var log):
      let count = statements.records(containing: log.filter).count
      log.position.scroll(rows, count: count, height: overlayHeight)
      setTop(.log(log))
    case .palette(var palette):
      let count = palette.found(in: paletteEntries).count
      palette.position.scroll(rows, count: count, height: overlayHeight)
      setTop(.palette(palette))
    case .rejects(var list):
      list.scroll(rows, in: top.place(in: bounds))
      setTop(.rejects(list))
    case .checkRows(var list):
      list.grid.scroll(rows, in: CheckRowList.gridPlace(in: top.place(in: bounds)))
      setTop(.checkRows(list))
    case .form(var form):
      form.move(rows < 0 ? -1 : 1)
      setTop(.form(form))
    case .choice, .prompt, .filter: break
    }
  }

  /// A click selects; on what is selected it opens.
  mutating func clickOverlay(_ item: Int) -> [Effect] {
    guard let top = overlays.last else { return [] }
    switch top {
    case .log(var log):
      let wasSelected = log.position.selected == item
      let count = statements.records(containing: log.filter).count
      log.position.select(item, count: count, height: overlayHeight)
      setTop(.log(log))
      return wasSelected ? performInOverlay(.open) : []
    case .palette(var palette):
      let count = palette.found(in: paletteEntries).count
      palette.position.select(item, count: count, height: overlayHeight)
      setTop(.palette(palette))
      return accept(palette)
    case .rejects(var list):
      let wasSelected = list.select(item, in: top.place(in: bounds))
      setTop(.rejects(list))
      return wasSelected ? performInOverlay(.open) : []
    case .checkRows(var list):
      let place = CheckRowList.gridPlace(in: top.place(in: bounds))
      let wasCurrent = list.grid.click(item, in: place)
      setTop(.checkRows(list))
      return wasCurrent ? performInOverlay(.open) : []
    case .form(var form):
      form.select(item)
      setTop(.form(form))
      return []
    case .help, .viewer, .choice, .prompt, .filter: return []
    }
  }

  mutating func openLog() {
    overlays.removeAll { $0.kind == .log }
    push(.log(LogView()))
    if let top = overlays.last { move(.last, in: top) }
  }

  // MARK: Filter

  /// What lies below the field for the filter, or on top.
  private var filtered: Int? {
    overlays.lastIndex { $0.kind != .filter }
  }

  /// The filter that holds now; nil where there is none.
  var filterText: String? {
    guard let filtered else { return currentScreen.filter }
    switch overlays[filtered] {
    case .help(let viewer), .viewer(let viewer): return viewer.search
    case .log(let log): return log.filter
    case .rejects(let list): return list.filter
    case .checkRows(let list): return list.grid.search
    case .palette, .choice, .prompt, .form, .filter: return nil
    }
  }

  mutating func openFilter() { push(.filter(InputField(filterText ?? ""))) }

  /// Filters the list, or finds the text from the topmost row on.
  mutating func setFilter(_ text: String) {
    guard let filtered else {
      withScreen { $0.filter = text }
      return
    }
    switch overlays[filtered] {
    case .log(var log):
      log.filter = text
      let count = statements.records(containing: text).count
      log.position.select(count - 1, count: count, height: overlayHeight)
      overlays[filtered] = .log(log)
    case .rejects(var list):
      (list.filter, list.position) = (text, ListPosition())
      overlays[filtered] = .rejects(list)
    case .checkRows(var list):
      list.grid.look(for: text)
      overlays[filtered] = .checkRows(list)
    case .help, .viewer, .palette, .choice, .prompt, .form, .filter:
      find(1, from: 0, text, at: filtered)
    }
  }

  private mutating func find(_ step: Int, from start: Int) {
    guard let filtered, let text = filterText else { return }
    find(step, from: start, text, at: filtered)
  }

  private mutating func find(_ step: Int, from start: Int, _ text: String, at index: Int) {
    let place = overlays[index].place(in: bounds)
    switch overlays[index] {
    case .help(var viewer):
      viewer.search = text
      viewer.find(step, from: start, in: place)
      overlays[index] = .help(viewer)
    case .viewer(var viewer):
      viewer.search = text
      viewer.find(step, from: start, in: place)
      overlays[index] = .viewer(viewer)
    case .palette, .log, .rejects, .checkRows, .choice, .prompt, .form, .filter: break
    }
  }

  // MARK: Palette

  /// Every action that has a name: this screen's first, then everywhere, then the others'.
  var paletteEntries: [CommandPalette.Entry] {
    let places =
      [Place.screen(screen)] + [.everywhere]
      + ScreenID.allCases.filter { $0 != screen }.map { .screen($0) } + [.editor]
    return places.flatMap { place in
      Keymap.bindings(of: place).compactMap { binding in entry(binding, place) }
    }
  }

  private func entry(_ binding: Binding, _ place: Place) -> CommandPalette.Entry? {
    if [.palette, .back, .interrupt, .left, .right].contains(binding.action) { return nil }
    // What only moves the cursor, nobody looks for; what the screen offers too, is there already.
    if place == .editor, binding.action.isMove || Keymap.offers(binding.action, in: .sql) {
      return nil
    }
    guard let id = place.screenID else {
      let isOwn = [.showError, .cancelExport, .demo(.start)].contains(binding.action)
      return .init(
        name: binding.title, binding: binding, refusal: isOwn ? refusal(of: binding.action) : nil)
    }
    let refusal = self[id].refusal(of: binding.action, context)
    return .init(name: "\(place.title): \(binding.title)", binding: binding, refusal: refusal)
  }

  private mutating func accept(_ palette: CommandPalette) -> [Effect] {
    let found = palette.found(in: paletteEntries)
    let index = palette.position.selection(count: found.count)
    guard found.indices.contains(index) else { return [] }
    let entry = found[index]
    overlays.removeLast()
    if let refusal = entry.refusal {
      notice = .info("\(entry.name): \(refusal)")
      return []
    }
    if let id = entry.binding.place.screenID { screen = id }
    return perform(entry.binding.action)
  }

  // MARK: Prompt

  private mutating func accept(_ prompt: Prompt) -> [Effect] {
    // Without a text a filter is taken away.
    if prompt.field.text.isEmpty, prompt.purpose != .tables(.filter) {
      overlays.removeLast()
      return []
    }
    if prompt.purpose == .resize { return resize(prompt) }
    if case .tables(let entry) = prompt.purpose { return enter(entry, prompt.field.text) }
    if case .sources = prompt.purpose { return goToBucket(prompt) }
    if case .shareOfResult = prompt.purpose { return goToShare(prompt) }
    guard let count = Int(prompt.field.text.filter { $0 != "," && $0 != " " }), count >= 0 else {
      var prompt = prompt
      prompt.problem = "A whole number from 0 on, please."
      setTop(.prompt(prompt))
      return []
    }
    overlays.removeLast()
    return [.setMaxRejects(count)]
  }

  /// Goes to a share of the rows of a result.
  private mutating func goToShare(_ prompt: Prompt) -> [Effect] {
    let digits = prompt.field.text.filter { $0 != "%" && $0 != " " }
    guard let percent = Double(digits), percent.isFinite else {
      var prompt = prompt
      prompt.problem = "A number from 0 to 100, please."
      setTop(.prompt(prompt))
      return []
    }
    overlays.removeLast()
    return perform(.result(.goToShare(percent: percent)))
  }

  // MARK: Help

  /// The keys of the places that count now, as a text.
  var help: TextViewer {
    let kind = overlays.last?.kind
    let places: [Place] =
      (demoTakesKeys ? [.demo] : [])
      + [kind.map { .overlay($0) } ?? .screen(screen)]
      + (kind == nil && screen == .sql ? [.editor] : []) + [.lists, .everywhere]
    var lines: [Line] = []
    for place in places {
      if !lines.isEmpty { lines.append(Line()) }
      lines.append(Line(place.title, .accent.bold))
      for binding in Keymap.bindings(of: place) where !binding.keys.isEmpty {
        let keys = binding.keys.map(\.title).joined(separator: " ")
        lines.append((Line("  " + keys.padded(16), .key) + Line(binding.help)).hanging(18))
      }
    }
    lines += [Line(), Line("Behind a column's name", .accent.bold)]
    for (mark, meaning) in ColumnKind.gridMarks {
      lines.append(Line("  " + mark.padded(16), .key) + Line(meaning))
    }
    lines += [Line(), Line("The mouse", .accent.bold)]
    lines.append(Line("  " + "click".padded(16), .key) + Line("Select; on what is selected, open."))
    lines.append(Line("  " + "wheel".padded(16), .key) + Line("Scroll what is below the pointer."))
    lines.append(
      Line("  " + "Shift".padded(16), .key) + Line("Held down, the terminal selects text."))
    return TextViewer(title: "Help", lines: lines)
  }
}
