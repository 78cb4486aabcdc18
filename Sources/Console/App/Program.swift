import Glibc
import Warehouse

/// The console: the loop that owns the terminal and the model.
///
/// It sleeps until there is a key, a signal or a message; takes all that wait; then draws once.
/// Keys are answered at once. What only messages changed is drawn thirty times a second at most.
struct Program<Screen: Terminal & ~Copyable>: ~Copyable {
  private var terminal: Screen
  private var model: Model
  private let mailbox = Mailbox<Message>()
  private let runner: EffectRunner
  /// What time it is.
  private let now: () -> ContinuousClock.Instant
  private let began: ContinuousClock.Instant
  private var drawnAt: ContinuousClock.Instant
  private var tickedAt: ContinuousClock.Instant
  private var isStale = true
  private var keeper: StateKeeper?

  /// The shortest time between two frames that no key asked for.
  private let pace: Duration

  /// A program on a terminal, with a service behind it.
  ///
  /// - Parameter frameRate: frames a second at most, for what no key asked for.
  /// - Parameter stateFile: keeps the looks over sessions; nil when nothing shall be kept.
  /// - Parameter demo: what the console begins with; nil begins with a person.
  /// - Parameter now: the clock that frames are paced by.
  init(
    terminal: consuming Screen, service: any WarehouseService, frameRate: Int = 30,
    stateFile: StateFile? = nil, demo: DemoWalk? = nil,
    now: @escaping () -> ContinuousClock.Instant
  ) {
    self.now = now
    began = now()
    (drawnAt, tickedAt) = (began, began)
    let moment = Moment(uptime: .zero, time: .now())
    var model = Model(size: terminal.size, glyphs: terminal.glyphs, moment: moment)
    keeper = stateFile.map { StateKeeper($0, restoring: &model) }
    model.demo = demo
    self.model = model
    self.terminal = terminal
    pace = .seconds(1) / max(1, frameRate)
    runner = EffectRunner(service: service, mailbox: mailbox)
  }

  /// Runs to the end, and returns the exit status: 0, or 128 plus the signal that ended it.
  ///
  /// Blocks; call it on the first thread. The terminal is given back when it returns. Tasks that
  /// still run are cancelled and not waited for.
  consuming func run() -> Int32 {
    runner.observeStatements()
    draw()
    perform(model.start())
    while model.exitStatus == nil {
      let wake = mailbox.wait(for: terminal.descriptors, timeout: timeout)
      if wake.isHungUp { update(.ended(128 + SIGHUP)) }
      tick()
      let isSignalled = take(terminal.takeSignals())
      let isTyped = takeInput()
      for message in wake.items { update(message) }
      let isDue = isStale && drawnAt.duration(to: now()) >= pace
      if model.exitStatus == nil, isSignalled || isTyped || isDue { draw() }
      keeper?.look(at: model)
    }
    runner.cancelAll()
    keeper?.finish(model)
    return model.exitStatus ?? 0
  }

  // MARK: Time

  /// Until the next frame or tick is due; nil when only an event can change anything.
  private var timeout: Duration? {
    var waits: [Duration] = []
    if isStale { waits.append(pace - drawnAt.duration(to: now())) }
    if let interval = model.clockInterval { waits.append(interval - tickedAt.duration(to: now())) }
    if let wait = terminal.inputTimeLeft { waits.append(wait) }
    return waits.min()
  }

  private mutating func tick() {
    let now = now()
    // Asked before: what time brought to its end is drawn once more.
    let interval = model.clockInterval
    perform(model.update(.tick(Moment(uptime: began.duration(to: now), time: .now()))))
    guard let interval, tickedAt.duration(to: now) >= interval else { return }
    tickedAt = now
    isStale = true
  }

  // MARK: Events

  private mutating func update(_ message: Message) {
    isStale = true
    perform(model.update(message))
  }

  private mutating func take(_ signals: [Signal]) -> Bool {
    for signal in signals {
      switch signal {
      case .resized: resize()
      case .stopped: suspend(wholeGroup: false)
      case .continued: terminal.takeBack()
      case .ended(let status): update(.ended(status))
      }
    }
    return !signals.isEmpty
  }

  /// Takes the keys that wait; a flood of them is drawn in between.
  private mutating func takeInput() -> Bool {
    var count = 0
    while count < 1000, model.exitStatus == nil, let input = terminal.nextInput() {
      count += 1
      switch input {
      case .key(let key): update(.key(key))
      case .paste(let text): update(.paste(text))
      case .pointer(let pointer): take(pointer)
      }
    }
    return count > 0
  }

  /// The frame knows what lies below the pointer.
  private mutating func take(_ pointer: Pointer) {
    guard let target = model.view().target(row: pointer.row, column: pointer.column) else { return }
    switch pointer.kind {
    case .press: update(.click(target))
    case .wheelUp: update(.wheel(target, -3))
    case .wheelDown: update(.wheel(target, 3))
    }
  }

  // MARK: Effects

  private mutating func perform(_ effects: [Effect]) {
    for effect in effects {
      switch effect {
      case .copy(let text): terminal.copy(text)
      case .edit(let path): edit(path)
      case .editText(let text): edit(text: text)
      case .suspend: suspend(wholeGroup: true)
      case .repaint: terminal.repaint()
      case .useTheme(let theme):
        terminal.theme = theme
        terminal.repaint()
      default: runner.perform(effect)
      }
    }
  }

  private mutating func resize() {
    terminal.resize()
    update(.resized(terminal.size))
  }

  private mutating func suspend(wholeGroup: Bool) {
    terminal.suspend(wholeGroup: wholeGroup)
    update(.resized(terminal.size))
  }

  private mutating func edit(_ path: String) {
    let error = terminal.lend { stop in Editor.fromEnvironment().edit(path, stop: stop) }
    update(.resized(terminal.size))
    update(.edited(error))
  }

  private mutating func edit(text: String) {
    let answer = terminal.lend { stop in Editor.fromEnvironment().edit(text: text, stop: stop) }
    update(.resized(terminal.size))
    switch answer {
    case .success(let text): update(.sql(.textEdited(text)))
    case .failure(let error): update(.failed(error))
    }
  }

  private mutating func draw() {
    terminal.show(model.view())
    drawnAt = now()
    isStale = false
  }
}
