import Warehouse

extension Model {
  /// Takes in what happened, whatever it means for the screens.
  mutating func take(in message: Message) -> [Effect] {
    noteUse(message)
    return respond(to: message) + noteLoss(message)
  }

  private mutating func respond(to message: Message) -> [Effect] {
    switch message {
    case .key(let key): return press(key)
    case .paste(let text): return paste(text)
    case .click(let target): return click(target)
    case .wheel(let target, let rows): return wheel(target, rows)
    case .resized(let size): self.size = size
    case .tick(let moment):
      self.moment = moment
      return watchForeignRun() + watchShownRun() + watchQueries() + watchTables() + watchPause()
        + watchCloud()
    case .ended(let status): exitStatus = status
    case .statement(let record): append(record)
    case .edited(let error): return edited(error)
    case .failed(let error): report(error)
    default: return take(message)
    }
    return []
  }

  /// Answers of the warehouse.
  private mutating func take(_ message: Message) -> [Effect] {
    switch message {
    case .connecting(let id, let step):
      if id == connectionID { connection = .connecting(step) }
    case .connected(let id, let answer): return connected(id, answer)
    case .statusLoaded(let id, let status): take(id, status)
    case .stagesLoaded(let id, let answer):
      pipeline.stages.finish(id, answer)
      pipeline.settle(context)
    case .pipeline(let event):
      pipeline.take(event, context)
      if case .stageFinished = event { return refreshFollowingTables() }
    case .runEnded(let outcome): return runEnded(outcome)
    case .runsLoaded(let id, let answer): return take(id, answer)
    case .runLoaded(let id, let answer): return runs.take(id, answer)
    case .rejectsLoaded(let id, let answer): take(id, answer)
    case .checkRowsLoaded(let id, let answer): take(id, answer)
    case .queries(let message): return take(message)
    case .export(let message): take(message)
    case .sources(let answer): sources.take(answer)
    case .cluster(let message): return take(message)
    case .maxRejectsSet(let count):
      pipeline.maxRejects = count
      notice = .info("a stage may now have \(Quantity.counted(count, "reject"))")
      return refreshStatus()
    case .tables(let message): return take(message)
    case .sql(let message):
      return take(message)
    case .configurationReloaded:
      notice = .info("the configuration was read again")
      sources.forget()
      runs.forget()
      pipeline.forget()
      return connect() + refreshStages() + refreshStatus()
    default: break
    }
    return []
  }

  private mutating func connected(
    _ id: Int, _ answer: Result<ServerDescription, WarehouseError>
  ) -> [Effect] {
    guard id == connectionID else { return [] }
    switch answer {
    case .success(let server):
      connection = .ready(server)
      return refreshStages() + refreshStatus() + refreshRuns() + refreshShownTables() + openSQL()
    case .failure(let error):
      connection = .failed(error)
      report(error)
      return refreshStatus()
    }
  }

  private mutating func take(_ id: Int, _ status: WarehouseStatus) {
    guard cluster.status.finish(id, .success(status)) else { return }
    cluster.loadedAt = moment.time
    pipeline.maxRejects = status.maxRejects
  }

  private mutating func take(_ id: Int, _ answer: Result<RunPage, WarehouseError>) -> [Effect] {
    guard runs.page.finish(id, answer) else { return [] }
    runs.settle(context)
    guard !pipeline.isRunning else { return [] }
    let hadForeignRun = pipeline.foreignRun != nil
    pipeline.foreignRun = runs.page.value?.runs.first { $0.state == .running }
    // What it published is seen.
    return hadForeignRun && pipeline.foreignRun == nil ? refreshShownTables() : []
  }

  private mutating func take(_ id: Int, _ answer: Result<RejectPage, WarehouseError>) {
    guard let index = overlays.lastIndex(where: { $0.kind == .rejects }),
      case .rejects(var list) = overlays[index]
    else { return }
    list.page.finish(id, answer)
    overlays[index] = .rejects(list)
  }

  private mutating func take(_ id: Int, _ answer: Result<CheckRows, WarehouseError>) {
    guard let index = overlays.lastIndex(where: { $0.kind == .checkRows }),
      case .checkRows(var list) = overlays[index]
    else { return }
    list.take(id, answer)
    overlays[index] = .checkRows(list)
    if case .failure(let error) = answer { report(error) }
  }

  private mutating func runEnded(_ outcome: RunOutcome) -> [Effect] {
    pipeline.end(outcome, context)
    if quitsAfterRun { exitStatus = 0 }
    switch outcome {
    case .failed(_, let error): report(error)
    case .succeeded, .cancelled: break
    }
    overlays.removeAll { $0 == .choice(.leavingRun) }
    let connecting = mayHaveProvisioned ? connect() : []
    return connecting + refreshStages() + refreshStatus() + refreshRuns() + refreshShownTables()
  }

  private mutating func edited(_ error: WarehouseError?) -> [Effect] {
    if let error {
      report(error)
      return []
    }
    return screen == .queries ? refreshQueries() : [.reloadConfiguration]
  }

  /// Says at the foot of the screen what went wrong.
  mutating func report(_ error: WarehouseError) {
    guard error.kind != .cancelled else { return }
    lastError = error
    notice = .error(error)
  }

  /// The log on the screen stays where it is, unless its last line is selected.
  private mutating func append(_ record: StatementRecord) {
    guard let index = overlays.lastIndex(where: { $0.kind == .log }),
      case .log(var log) = overlays[index]
    else {
      statements.append(record)
      return
    }
    let last = statements.records(containing: log.filter).count - 1
    statements.append(record)
    guard log.position.selected >= last else { return }
    log.position.move(
      .last, count: statements.records(containing: log.filter).count, height: overlayHeight)
    overlays[index] = .log(log)
  }

  // MARK: Keys

  private mutating func press(_ key: Key) -> [Effect] {
    if demoTakesKeys, let action = Keymap.action(for: key, in: [.demo]) { return perform(action) }
    return pressPastDemo(key)
  }

  /// A key for what lies below the demo.
  mutating func pressPastDemo(_ key: Key) -> [Effect] {
    if let effects = typedOnScreen(.key(key)) { return effects }
    if key.modifiers.contains(.alt), Keymap.action(for: key, in: places) == nil {
      return pressBoth(key)
    }
    if isTooSmall { return pressTooSmall(key) }
    if case .choice(let choice)? = overlays.last { return answer(choice, key) }
    if let effects = typed(key) { return effects }
    if case .info? = notice { notice = nil }
    if overlays.isEmpty, case .error? = notice {
      if key == .enter { return perform(.showError) }
      if key == .escape {
        notice = nil
        return []
      }
    }
    guard let action = Keymap.action(for: key, in: places) else { return [] }
    return perform(action)
  }

  /// Lets the screen take what is typed; nil when it has no use for it.
  private mutating func typedOnScreen(_ typing: Typing) -> [Effect]? {
    guard overlays.isEmpty, !isTooSmall else { return nil }
    let context = context
    guard let requests = withScreen({ $0.type(typing, context) }) else { return nil }
    if case .info? = notice { notice = nil }
    return requests.flatMap { fulfil($0) }
  }

  /// Esc and a key right after it look like Alt and that key: when nobody wants the latter, it is
  /// taken as the former.
  private mutating func pressBoth(_ key: Key) -> [Effect] {
    var second = key
    second.modifiers.remove(.alt)
    return press(.escape) + press(second)
  }

  var isTooSmall: Bool {
    size.columns < Model.leastSize.columns || size.rows < Model.leastSize.rows
  }

  /// Nothing can be read, so that only leaving and stopping make sense.
  private mutating func pressTooSmall(_ key: Key) -> [Effect] {
    switch Keymap.action(for: key, in: [.everywhere]) {
    case .quit? where !pipeline.isRunning && leavingStatement == nil: exitStatus = 0
    case .interrupt? where !pipeline.isRunning && leavingStatement == nil: exitStatus = 0
    case .interrupt? where pipeline.isRunning: return perform(.cancelRun)
    case .suspend?: return [.suspend]
    case .repaint?: return [.repaint]
    default: break
    }
    return []
  }

  /// Lets a field take the key; nil when there is none or it is no editing key.
  private mutating func typed(_ key: Key) -> [Effect]? {
    switch overlays.last {
    case .palette(var palette)?:
      guard palette.field.take(key) else { return nil }
      palette.position = ListPosition()
      setTop(.palette(palette))
    case .prompt(var prompt)?:
      guard prompt.field.take(key) else { return nil }
      prompt.problem = nil
      setTop(.prompt(prompt))
    case .form(var form)?:
      guard form.take(key) else { return nil }
      setTop(.form(form))
    case .filter(var field)?:
      guard field.take(key) else { return nil }
      setTop(.filter(field))
      setFilter(field.text)
    default: return nil
    }
    return []
  }

  /// A paste is text for a field and nothing else: never keys. It is taken whole or not at all, as
  /// a part of a filter would let other rows through.
  private mutating func paste(_ text: String) -> [Effect] {
    if let effects = typedOnScreen(.paste(text)) { return effects }
    switch overlays.last {
    case .palette(var palette)?:
      guard palette.field.paste(text) else { return refusePaste() }
      palette.position = ListPosition()
      setTop(.palette(palette))
    case .prompt(var prompt)?:
      prompt.problem = prompt.field.paste(text) ? nil : InputField.tooLong
      setTop(.prompt(prompt))
    case .form(var form)?:
      form.paste(text)
      setTop(.form(form))
    case .filter(var field)?:
      guard field.paste(text) else { return refusePaste() }
      setTop(.filter(field))
      setFilter(field.text)
    default: break
    }
    return []
  }

  private mutating func refusePaste() -> [Effect] {
    notice = .info(InputField.tooLong)
    return []
  }

  mutating func setTop(_ overlay: Overlay) {
    guard !overlays.isEmpty else { return }
    overlays[overlays.count - 1] = overlay
  }

  // MARK: Mouse

  private mutating func click(_ target: Target) -> [Effect] {
    switch target {
    case .key(let key):
      if overlays.last?.kind == .filter { overlays.removeLast() }
      return press(key)
    case .item(let pane, let item): return click(pane, item)
    case .pane(let pane): return click(pane, nil)
    case .cell(let pane, let row, let column):
      guard overlays.isEmpty else { return [] }
      let context = context
      withScreen { $0.click(pane, row: row, column: column, context) }
      return []
    }
  }

  private mutating func click(_ pane: Pane, _ item: Int?) -> [Effect] {
    guard !overlays.isEmpty else {
      let context = context
      let opens = withScreen { $0.click(pane, item, context) }
      return opens ? perform(.open) : []
    }
    guard let item else { return [] }
    return clickOverlay(item)
  }

  private mutating func wheel(_ target: Target, _ rows: Int) -> [Effect] {
    switch target {
    case .item(let pane, _), .pane(let pane), .cell(let pane, _, _): return wheel(pane, rows)
    case .key: return []
    }
  }

  private mutating func wheel(_ pane: Pane, _ rows: Int) -> [Effect] {
    guard overlays.isEmpty else {
      scrollOverlay(rows)
      return []
    }
    let context = context
    let requests = withScreen { screen in
      screen.scroll(pane, rows, context)
      return screen.scrolled(context)
    }
    return requests.flatMap { fulfil($0) }
  }
}
