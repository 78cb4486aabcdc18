import Warehouse

/// The stages: what they do, how they stand, and their runs live.
struct PipelineScreen: Screen {
  var stages = Loadable<[StageDescription]>()
  /// The run of this console that goes on, or its last.
  private(set) var run: RunProgress?
  /// When the run was asked to stop.
  private(set) var cancelledAt: Duration?
  /// How long the server took to stop, once it has.
  private(set) var stoppedAfter: Duration?
  /// A run that another console began and that goes on.
  var foreignRun: RunRecord?
  var maxRejects: Int?
  /// The stages are few enough to see.
  var filter: String? {
    get { nil }
    set {}
  }
  private(set) var list = ListPosition()
  /// Whether the selection goes with the run.
  private(set) var isFollowing = true
  /// Rows that the log is scrolled back from its end.
  private(set) var logBack = 0

  /// The stage to select once the stages are known: from an earlier session.
  private var wantedStage: StageID?

  /// Whether a run of this console goes on.
  var isRunning: Bool { run.map { $0.outcome == nil } ?? false }

  /// The stages that are shown.
  var descriptions: [StageDescription] { stages.value ?? [] }

  /// The selected stage.
  var selected: StageDescription? {
    let index = list.selection(count: descriptions.count)
    return descriptions.indices.contains(index) ? descriptions[index] : nil
  }

  // MARK: Over sessions

  var saved: [String: JSONValue] {
    ["stage": JSONValue((wantedStage ?? selected?.id)?.rawValue)]
  }

  mutating func restore(_ saved: [String: JSONValue]) {
    wantedStage = saved["stage"]?.text.flatMap(StageID.init)
  }

  /// Selects what an earlier session had selected, once the stages are known.
  mutating func settle(_ context: Context) {
    guard let wanted = wantedStage, !descriptions.isEmpty else { return }
    wantedStage = nil
    if !isRunning { select(wanted, context) }
  }

  // MARK: Messages

  /// Forgets what belongs to the warehouse of another configuration, unless a run goes on there.
  mutating func forget() {
    guard !isRunning else { return }
    (run, foreignRun, stoppedAfter) = (nil, nil, nil)
  }

  /// Takes in an event of the run.
  mutating func take(_ event: PipelineEvent, _ context: Context) {
    run?.take(event, at: context.moment)
    if isFollowing, case .stageStarted = event { selectCurrent(context) }
    if isFollowing, case .stageFailed(let stage, _, _) = event { select(stage, context) }
  }

  /// The run is over.
  mutating func end(_ outcome: RunOutcome, _ context: Context) {
    run?.end(outcome, at: context.moment)
    if let cancelledAt { stoppedAfter = context.moment.uptime - cancelledAt }
    cancelledAt = nil
  }

  // MARK: Actions

  mutating func perform(_ action: Action, _ context: Context) -> [Request] {
    switch action {
    case .runAll: return start(.all, context)
    case .runStage: return selected.map { start(.only([$0.id]), context) } ?? []
    case .runFromHere: return selected.map { start(.from($0.id), context) } ?? []
    case .provision: return start(.only([.provision]), context)
    case .cancelRun: return cancel(context)
    case .showSQL: return selected.map { [.overlay(.viewer($0.statements))] } ?? []
    case .open: return selected.map { [.overlay(.viewer(details($0)))] } ?? []
    case .showRejects: return showRejects()
    case .setMaxRejects: return [.overlay(.prompt(prompt))]
    case .followRun:
      isFollowing = true
      selectCurrent(context)
    case .move(let movement):
      isFollowing = false
      logBack = 0
      list.move(movement, count: descriptions.count, height: layout(context).list.rows)
    case .logUp: scrollLog(-1, context)
    case .logDown: scrollLog(1, context)
    default: break
    }
    return []
  }

  func refusal(of action: Action, _ context: Context) -> String? {
    switch action {
    case .runAll, .runFromHere, .provision: refusalToRun(context)
    case .runStage: refusalToRun(context) ?? selected?.obstacle
    case .cancelRun: isRunning ? nil : "nothing runs"
    case .followRun: isRunning ? nil : "nothing runs"
    case .showSQL:
      selected.map { $0.sql.isEmpty ? "\($0.id.rawValue) has no SQL" : nil } ?? "no stage"
    case .open: selected == nil ? "no stage is selected" : nil
    case .showRejects: rejectRun == nil ? "nothing has run yet" : nil
    default: nil
    }
  }

  private func refusalToRun(_ context: Context) -> String? {
    if isRunning { return "a run goes on; c cancels it" }
    if descriptions.isEmpty { return context.notConnected ?? "the stages are not known yet" }
    return nil
  }

  private mutating func start(_ selection: StageSelection, _ context: Context) -> [Request] {
    run = RunProgress(selection, at: context.moment.uptime)
    (cancelledAt, stoppedAfter, isFollowing, logBack) = (nil, nil, true, 0)
    return [.effect(.run(selection))]
  }

  /// The first press asks the server to stop; a later one ends the sessions of this run, and of no
  /// other: before it has its number, another console's may be the one that goes on.
  private mutating func cancel(_ context: Context) -> [Request] {
    guard let since = cancelledAt else {
      cancelledAt = context.moment.uptime
      return [.effect(.cancelRun)]
    }
    guard context.moment.uptime - since >= PipelineScreen.patience else { return [] }
    guard let id = run?.id else {
      return [.notice("nothing of this run is at the server yet; it ends by itself")]
    }
    return [.effect(.terminateRun(id)), .notice("ending the run's sessions at the server")]
  }

  /// How long a server may take to stop before a harder way is offered.
  static let patience = Duration.seconds(2)

  /// The run whose rejects are shown: the latest.
  private var rejectRun: Int? { run?.id ?? selected?.pastRuns.first?.runID }

  private func showRejects() -> [Request] {
    if let checkRows { return [.overlay(.checkRows(checkRows))] }
    guard let rejectRun, let stage = selected?.id else { return [] }
    return [.overlay(.rejects(RejectList(run: rejectRun, stage: stage.readsFiles ? stage : nil)))]
  }

  /// The rows that the checks of this run found, on their stage.
  private var checkRows: CheckRowList? {
    guard selected?.id == .check, let run, let id = run.id else { return nil }
    return CheckRowList(run: id, checks: run.checks)
  }

  private var prompt: Prompt {
    Prompt(
      title: "Max rejects",
      text: "A stage fails when more records than this cannot be stored.",
      current: maxRejects.map { "now \($0)" } ?? "")
  }

  // MARK: Selection

  private mutating func selectCurrent(_ context: Context) {
    if let stage = run?.current { select(stage, context) }
  }

  private mutating func select(_ stage: StageID, _ context: Context) {
    guard let index = descriptions.firstIndex(where: { $0.id == stage }) else { return }
    if index != list.selected { logBack = 0 }
    list.select(index, count: descriptions.count, height: layout(context).list.rows)
  }

  mutating func click(_ pane: Pane, _ item: Int?, _ context: Context) -> Bool {
    guard pane == "stages", let item else { return false }
    let wasSelected = item == list.selection(count: descriptions.count)
    isFollowing = false
    logBack = 0
    list.select(item, count: descriptions.count, height: layout(context).list.rows)
    return wasSelected
  }

  mutating func scroll(_ pane: Pane, _ rows: Int, _ context: Context) {
    if pane == "log" {
      scrollLog(rows, context)
    } else {
      isFollowing = false
      list.scroll(rows, count: descriptions.count, height: layout(context).list.rows)
    }
  }

  private mutating func scrollLog(_ rows: Int, _ context: Context) {
    let room = layout(context).log
    let count = TextPane.broken(logLines, columns: room.columns).count
    logBack = min(max(0, logBack - rows), max(0, count - room.rows))
  }
}
