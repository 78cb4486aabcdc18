import Warehouse

extension Model {
  /// Does an action, wherever it came from: a key, a click, the palette.
  mutating func perform(_ action: Action) -> [Effect] {
    if let refusal = refusal(of: action) {
      notice = .info(refusal)
      return []
    }
    switch action {
    case .quit: return quit()
    case .interrupt: return interrupt()
    case .back: return goBack()
    case .help: push(.help(help))
    case .palette: push(.palette(CommandPalette()))
    case .log: openLog()
    case .showError: return showError()
    case .suspend: return [.suspend]
    case .repaint: return [.repaint]
    case .cancelExport: return cancelExport()
    case .filter: openFilter()
    case .useTheme(let theme): return [.useTheme(theme)]
    case .nextScreen: return show(neighbour(1))
    case .previousScreen: return show(neighbour(-1))
    case .show(let screen): return show(screen)
    case .demo(let action): return perform(action)
    default: return performBelow(action)
    }
    return []
  }

  /// Actions of what lies on top, or of the screen.
  private mutating func performBelow(_ action: Action) -> [Effect] {
    guard overlays.isEmpty else { return performInOverlay(action) }
    switch action {
    case .provision: return provision()
    case .cluster(.check): return refreshStatus()
    case .cluster(.putOffPause): lastUse = moment.uptime
    case .refresh: return refreshRuns()
    default: return request { $0.perform(action, $1) }
    }
    return []
  }

  /// Lets the screen act, and does what it asks for.
  private mutating func request(_ body: (inout any Screen, Context) -> [Request]) -> [Effect] {
    let context = context
    let requests = withScreen { body(&$0, context) }
    return requests.flatMap { fulfil($0) }
  }

  mutating func fulfil(_ request: Request) -> [Effect] {
    switch request {
    case .effect(.copy(let text)): return copy(text)
    case .effect(let effect): return [effect]
    case .change(let operation): return begin(operation)
    case .notice(let text): notice = .info(text)
    case .failed(let error): report(error)
    case .settled(let error): if notice == .error(error) { notice = nil }
    case .overlay(.rejects(var list)):
      let id = list.page.begin(at: moment.uptime)
      push(.rejects(list))
      return [
        .loadRejects(id, run: list.run, stage: list.stage, limit: RejectList.limit)
      ]
    case .overlay(.checkRows(var list)):
      let effects = list.load(at: moment.uptime)
      push(.checkRows(list))
      return effects
    case .overlay(let overlay): push(overlay)
    }
    return []
  }

  /// Why an action cannot be done now; nil when it can.
  func refusal(of action: Action) -> String? {
    switch action {
    case .showError: lastError == nil ? "nothing has gone wrong" : nil
    case .cancelExport: export == nil ? "no file is being written" : nil
    case .demo(let action): refusal(of: action)
    case .back, .move, .copy, .open, .accept, .choose, .left, .right:
      overlays.isEmpty && action != .back ? currentScreen.refusal(of: action, context) : nil
    case .provision:
      cluster.isCloud
        ? cluster.refusalToProvision(context) : pipeline.refusal(of: action, context)
    case .filter: filterText == nil ? "there is nothing to filter here" : nil
    default: overlays.isEmpty ? currentScreen.refusal(of: action, context) : nil
    }
  }

  /// Sends text to the clipboard. Terminals take about 74 kB at most: what is longer can be written
  /// to a file.
  mutating func copy(_ text: String) -> [Effect] {
    guard text.utf8.count <= 74_000 else {
      let size = Quantity.bytes(text.utf8.count)
      notice = .info("too long for the terminal's clipboard: \(size); a file takes it")
      push(.form(ExportOffer(title: "\(size) of text", name: "copied", text: text).form))
      return []
    }
    notice = .info("sent to the terminal's clipboard")
    return [.copy(text)]
  }

  // MARK: Screens

  private mutating func show(_ screen: ScreenID) -> [Effect] {
    overlays = []
    self.screen = screen
    if screen == .queries { return refreshQueries() }
    guard case .ready = connection else { return [] }
    switch screen {
    case .cluster: return refreshStatus()
    case .runs: return refreshRuns()
    case .tables: return refreshShownTables()
    case .sql: return openSQL()
    case .pipeline, .queries, .sources: return []
    }
  }

  private func neighbour(_ step: Int) -> ScreenID {
    let all = ScreenID.allCases
    guard let index = all.firstIndex(of: screen) else { return screen }
    return all[(index + step + all.count) % all.count]
  }

  // MARK: Back and out

  private mutating func goBack() -> [Effect] {
    if let top = overlays.last {
      if top.kind == .filter { setFilter("") }
      overlays.removeLast()
      if case .checkRows(let list) = top, list.page.isLoading { return [.cancelCheckRows] }
      return []
    }
    if let filter = filterText, !filter.isEmpty {
      setFilter("")
      return []
    }
    if notice != nil {
      notice = nil
      return []
    }
    return request { $0.perform(.back, $1) }
  }

  private mutating func quit() -> [Effect] {
    guard overlays.isEmpty else { return goBack() }
    guard let choice = leavingStatement else { return quitPastStatements() }
    push(.choice(choice))
    return []
  }

  /// Quits, whatever becomes of a statement that runs and of a transaction that is open.
  private mutating func quitPastStatements() -> [Effect] {
    if pipeline.isRunning {
      push(.choice(.leavingRun))
    } else if export != nil {
      push(.choice(.leavingExport))
    } else if let choice = leavingCloud {
      push(.choice(choice))
    } else {
      exitStatus = 0
    }
    return []
  }

  /// Cancels what runs; asks whether to quit when nothing does, or when it is cancelled already.
  private mutating func interrupt() -> [Effect] {
    if export?.isCancelled == false { return cancelExport() }
    if queries.canCancel { return queries.cancel(context).flatMap { fulfil($0) } }
    if pipeline.isRunning {
      guard pipeline.cancelledAt != nil else { return cancelRun() }
      push(.choice(leavingStatement ?? .leavingRun))
    } else if screen == .sql, sql.isRunning {
      return perform(.sql(.cancel))
    } else if let requests = interruptShown() {
      return requests.flatMap { fulfil($0) }
    } else {
      push(.choice(leavingStatement ?? leavingCloud ?? .leaving))
    }
    return []
  }

  /// Stops what the shown screen waits for; nil when that is nothing.
  private mutating func interruptShown() -> [Request]? {
    let context = context
    return switch screen {
    case .tables: tables.interrupt(context)
    case .sources: sources.interrupt()
    case .cluster, .pipeline, .queries, .sql, .runs: nil
    }
  }

  private mutating func cancelRun() -> [Effect] {
    pipeline.perform(.cancelRun, context).flatMap { fulfil($0) }
  }

  /// Takes an answer to a question; Esc and Ctrl-C mean to stay.
  mutating func answer(_ choice: Choice, _ key: Key) -> [Effect] {
    let meaning: Choice.Meaning
    if key == .escape || key == .control("c") {
      meaning = .stay
    } else if key == .enter, let enter = choice.enter {
      meaning = enter
    } else if let answer = choice.answers.first(where: { $0.key == key }) {
      meaning = answer.meaning
    } else {
      return []
    }
    overlays.removeLast()
    switch meaning {
    case .stay:
      lastUse = moment.uptime
      return []
    case .change(let operation): return begin(operation)
    case .pauseAndQuit:
      quitsAfterPause = true
      return begin(.pause)
    case .write(let request): return begin(request)
    case .createConfiguration(let path): return [.cluster(.createConfiguration(path))]
    case .profile(let kind, let place):
      return sources.profile(place, as: kind, context).flatMap { fulfil($0) }
    case .quit:
      exitStatus = 0
      return []
    case .stopStatementsAndQuit: return quitPastStatements()
    case .stopAndQuit:
      guard pipeline.isRunning else {
        quitsAfterExport = export != nil
        exitStatus = quitsAfterExport ? nil : 0
        return cancelExport()
      }
      quitsAfterRun = true
      return pipeline.cancelledAt == nil ? cancelRun() : []
    }
  }

  private mutating func showError() -> [Effect] {
    if case .error? = notice { notice = nil }
    guard let error = lastError else { return [] }
    push(.viewer(error.viewer))
    return []
  }

  mutating func push(_ overlay: Overlay) { overlays.append(overlay) }
}

extension Choice {
  static let leaving = Choice(
    title: "Quit", text: "Leave sparkify?",
    answers: [
      .init(key: "y", title: "quit", meaning: .quit),
      .init(key: .escape, title: "stay", meaning: .stay),
    ], enter: .quit)

  static let leavingExport = Choice(
    title: "A file is being written",
    text: "It is kept only when it is whole.",
    answers: [
      .init(key: "s", title: "stop writing and quit", meaning: .stopAndQuit),
      .init(key: .escape, title: "stay, and let it go on", meaning: .stay),
    ])

  static let leavingRun = Choice(
    title: "A run goes on",
    text: "Nothing that is published changes, whichever way it ends.",
    answers: [
      .init(key: "s", title: "stop the run and quit", meaning: .stopAndQuit),
      .init(key: "l", title: "leave at once; the run ends as interrupted", meaning: .quit),
      .init(key: .escape, title: "stay, and let it run", meaning: .stay),
    ])
}

extension WarehouseError {
  /// Everything that is known of it.
  var viewer: TextViewer {
    var lines = [Line("✗ " + message, .failure.bold)]
    if let detail { lines += [Line()] + TextPane.lines(detail) }
    if let hint { lines += [Line(), Line("→ " + hint, .accent)] }
    if let sqlState { lines += [Line(), Line("SQLSTATE \(sqlState)", .muted)] }
    return TextViewer(title: "Error", lines: lines, copy: description)
  }
}
