extension Model {
  /// Goes on with the demo as far as time and what is there allow it.
  mutating func walk() -> [Effect] {
    guard let walk = demo, exitStatus == nil, !isDemoInterrupted else { return [] }
    guard walk.beganAt != nil else { return goToStep(0, 1) }
    var effects = makeMoves()
    guard let demo, let step = demo.step, !demo.isMoving else { return effects + giveUp() }
    if demo.shownAt == nil, step.isShown(self) {
      self.demo?.shownAt = moment.uptime
      if case .info? = notice, demo.isPressed { notice = nil }
    }
    effects += giveUp()
    if self.demo?.isRead(step.text(self), at: moment.uptime) == true {
      effects += goToStep(demo.index + 1, 1)
    }
    return effects
  }

  /// Somebody opened something above what the demo shows: it waits until that is closed.
  private var isDemoInterrupted: Bool {
    overlays.last.map { $0.kind != .viewer && $0.kind != .log } ?? false
  }

  /// Whether the demo's keys count: not where somebody types.
  var demoTakesKeys: Bool {
    guard let demo, !isTooSmall, !isDemoInterrupted else { return false }
    return !overlays.isEmpty || !currentScreen.isTyping || demo.isMoving
  }

  // MARK: Moves

  private mutating func makeMoves() -> [Effect] {
    var effects: [Effect] = []
    while let move = demo?.dueMove(at: moment.uptime) {
      guard make(move, &effects) else { break }
    }
    return effects
  }

  /// Makes a move; `false` when it has to wait.
  private mutating func make(_ move: DemoMove, _ effects: inout [Effect]) -> Bool {
    let now = moment.uptime
    let repeats = demo?.repeats ?? 0
    switch move {
    case .wait(let until):
      guard until(self) else { return false }
      demo?.finishMove(at: now, wasMade: false)
    case .act(let action, let applies):
      let isWanted = applies(self)
      demo?.finishMove(at: now, wasMade: isWanted)
      if isWanted { effects += perform(action) }
    case .again(let action, let until):
      guard !until(self), repeats < DemoMove.mostRepeats else {
        demo?.finishMove(at: now, wasMade: repeats > 0)
        break
      }
      demo?.repeatMove(at: now)
      effects += perform(action)
    case .type(let text, let applies):
      guard repeats < text.count, repeats > 0 || applies(self) else {
        demo?.finishMove(at: now, wasMade: repeats > 0)
        break
      }
      let letter = text[text.index(text.startIndex, offsetBy: repeats)]
      demo?.repeatMove(at: now)
      effects += pressPastDemo(letter == "\n" ? .enter : .character(letter))
    case .press(let key, let applies):
      let isWanted = applies(self)
      demo?.finishMove(at: now, wasMade: isWanted)
      if isWanted { effects += pressPastDemo(key) }
    }
    return true
  }

  /// Begins the step at an index, or the next in that direction that has something to show.
  private mutating func goToStep(_ index: Int, _ direction: Int) -> [Effect] {
    guard let demo else { return [] }
    var index = index
    while demo.steps.indices.contains(index), demo.steps[index].isLeftOut(self) {
      index += direction
    }
    guard demo.steps.indices.contains(index) else {
      if direction > 0 { endDemo() } else { notice = .info("this is the first caption") }
      return []
    }
    self.demo?.begin(index, at: moment.uptime)
    return walk()
  }

  private mutating func endDemo() {
    if demo?.endsProgram == true, demo?.isPlaying == true { exitStatus = 0 }
    demo = nil
    notice = .info("that was the demo; :demo starts it again")
  }

  /// What a caption is about will not come: a demo that plays by itself does not tell of it.
  private mutating func giveUp() -> [Effect] {
    guard let demo, demo.isPlaying, let step = demo.step, let beganAt = demo.beganAt else {
      return []
    }
    let isLate = demo.shownAt == nil && moment.uptime - beganAt >= DemoWalk.patience
    guard isLate || step.hasFailed(self) else { return [] }
    self.demo?.isPlaying = false
    if demo.endsProgram { exitStatus = 1 }
    return []
  }

  // MARK: What a person does

  mutating func perform(_ action: DemoAction) -> [Effect] {
    guard let demo else { return action == .start ? startDemo() : [] }
    if case .info? = notice { notice = nil }
    switch action {
    case .start: break
    case .next: return goOn()
    case .back: return goToStep(demo.index - 1, -1)
    case .togglePlay:
      self.demo?.isPlaying.toggle()
      if demo.shownAt != nil { self.demo?.shownAt = moment.uptime }
      return walk()
    case .leave:
      self.demo = nil
      notice = .info("the demo is left; :demo starts it again")
    }
    return []
  }

  /// The first press hurries the moves, the next says what is missing, one more goes on without.
  private mutating func goOn() -> [Effect] {
    guard let demo, demo.shownAt == nil, !demo.isPressed else {
      return goToStep((demo?.index ?? 0) + 1, 1)
    }
    self.demo?.isHurried = true
    let effects = walk()
    guard let later = self.demo, later.shownAt == nil, let step = later.step else { return effects }
    self.demo?.isPressed = true
    notice = .info("waiting for \(step.waitsFor); Space again goes on without")
    return effects
  }

  /// A console that somebody works in: nothing runs anew where a star is published.
  private mutating func startDemo() -> [Effect] {
    demo = DemoWalk(DemoStep.all(runsPipeline: !hasPublished && isEmbedded))
    return walk()
  }

  /// Why an action of the demo cannot be done now; nil when it can.
  func refusal(of action: DemoAction) -> String? {
    guard action == .start else { return demo == nil ? "no demo is on" : nil }
    if demo != nil { return "the demo is on; Esc leaves it" }
    if pipeline.isRunning { return "a run goes on; c cancels it" }
    return connection.obstacle
  }
}
