import Warehouse

/// The recorded runs: a list, one in full, or two side by side.
struct RunsScreen: Screen {
  /// What is shown.
  enum Mode: Equatable, Sendable {
    case list
    case detail(Int)
    case comparison(Int, Int)
  }

  /// A part of a run's detail.
  enum Part: CaseIterable, Sendable { case stages, checks, configuration }

  /// So many runs are read at first, and as many more whenever their end is reached; the title says
  /// that there are more.
  static let limit = 500

  var page = Loadable<RunPage>()
  /// How many runs are asked for.
  private(set) var limit = RunsScreen.limit
  private(set) var mode = Mode.list
  /// Details that were read, by run. Runs that are over do not change.
  private(set) var details: [Int: RunDetail] = [:]
  private(set) var detailError: WarehouseError?
  private(set) var list = ListPosition()
  private(set) var inner = ListPosition()
  private(set) var part = Part.stages
  /// The runs that are marked for a comparison, the first marked first; two at most.
  private(set) var marked: [Int] = []
  private var wanted: [Int] = []
  /// When the detail that is shown was last asked for.
  private var askedAt = Duration.zero
  private var generation = 0
  /// The run to select once the runs are known: from an earlier session.
  private var wantedRun: Int?

  /// Rows of the list that contain this are shown.
  private var listFilter = ""
  var filter: String? {
    get { mode == .list ? listFilter : nil }
    set { listFilter = newValue ?? "" }
  }

  /// The runs that the list shows.
  var runs: [RunRecord] {
    let all = page.value?.runs ?? []
    return all.filter { run in
      contains(
        listFilter,
        [
          "\(run.id)", StateLook(run.state).word, run.selection, run.startedAt.minuteText,
          run.startedBy, run.error ?? "",
        ])
    }
  }

  /// The run that keys are about.
  var selected: RunRecord? {
    let index = list.selection(count: runs.count)
    return runs.indices.contains(index) ? runs[index] : nil
  }

  // MARK: Over sessions

  var saved: [String: JSONValue] {
    ["filter": .string(listFilter), "run": JSONValue(wantedRun ?? selected?.id)]
  }

  mutating func restore(_ saved: [String: JSONValue]) {
    listFilter = saved["filter"]?.text ?? ""
    wantedRun = saved["run"]?.number
  }

  /// Selects what an earlier session had selected, once the runs are known.
  mutating func settle(_ context: Context) {
    guard let wanted = wantedRun, page.value != nil else { return }
    wantedRun = nil
    guard let index = runs.firstIndex(where: { $0.id == wanted }) else { return }
    list.select(index, count: runs.count, height: height(context))
  }

  // MARK: Messages

  /// Forgets what belongs to the warehouse of another configuration; answers under way are dropped.
  mutating func forget() {
    page = page.emptied
    (details, detailError, marked, wanted, mode) = ([:], nil, [], [], .list)
    generation += 1
  }

  /// Takes in a detail, and asks for the next one that is wanted.
  mutating func take(_ id: Int, _ answer: Result<RunDetail, WarehouseError>) -> [Effect] {
    guard id == generation, !wanted.isEmpty else { return [] }
    wanted.removeFirst()
    switch answer {
    case .success(let detail): details[detail.run.id] = detail
    case .failure(let error): detailError = error
    }
    return loadWanted()
  }

  private mutating func load(_ ids: [Int]) -> [Effect] {
    wanted = ids.filter { details[$0].map { $0.run.state == .running } ?? true }
    detailError = nil
    return loadWanted()
  }

  private mutating func loadWanted() -> [Effect] {
    guard let next = wanted.first else { return [] }
    generation += 1
    return [.loadRun(generation, id: next)]
  }

  /// Whether a run is shown that went on when it was read.
  var showsRunningRun: Bool {
    guard case .detail(let id) = mode else { return false }
    return details[id]?.run.state == .running
  }

  /// Reads a run that goes on again, when it is time to.
  mutating func watch(at moment: Duration) -> [Effect] {
    guard case .detail(let id) = mode, showsRunningRun, !isLoadingDetail,
      moment - askedAt >= Model.foreignRunInterval
    else { return [] }
    askedAt = moment
    return load([id])
  }

  /// Whether a detail is awaited.
  var isLoadingDetail: Bool { !wanted.isEmpty }

  // MARK: Actions

  mutating func perform(_ action: Action, _ context: Context) -> [Request] {
    switch action {
    case .move(let movement):
      move(movement, context)
      return scrolled(context)
    case .open: return open(context)
    case .mark: mark(context)
    case .compare: return compare()
    case .right: turn(1)
    case .left: turn(-1)
    case .back: goBack()
    case .showRejects:
      return shownRun.map { [.overlay(.rejects(RejectList(run: $0, stage: nil)))] } ?? []
    default: break
    }
    return []
  }

  func refusal(of action: Action, _ context: Context) -> String? {
    switch action {
    case .open: refusalToOpen
    case .mark: mode == .list && selected != nil ? nil : "only in the list of runs"
    case .compare: marked.count == 2 ? nil : "mark two runs first, with Space"
    case .showRejects: shownRun == nil ? "no run is recorded yet" : nil
    case .refresh: context.notConnected
    case .left, .right: isInDetail ? nil : "only in a run's detail"
    case .back: mode == .list ? "this is the first level" : nil
    default: nil
    }
  }

  private var refusalToOpen: String? {
    if case .comparison = mode { return "a comparison is all there is" }
    return selected == nil ? "no run is recorded yet" : nil
  }

  private var isInDetail: Bool {
    if case .detail = mode { true } else { false }
  }

  private var shownRun: Int? {
    switch mode {
    case .list: selected?.id
    case .detail(let id): id
    case .comparison: nil
    }
  }

  private mutating func open(_ context: Context) -> [Request] {
    switch mode {
    case .list:
      guard let id = selected?.id else { return [] }
      (mode, part, inner) = (.detail(id), .stages, ListPosition())
      askedAt = context.moment.uptime
      return load([id]).map { .effect($0) }
    case .detail(let id):
      if let rows = checkRows(of: id) { return [.overlay(.checkRows(rows))] }
      guard let viewer = viewer(of: id) else { return [] }
      return [.overlay(.viewer(viewer))]
    case .comparison: return []
    }
  }

  private mutating func mark(_ context: Context) {
    guard let id = selected?.id else { return }
    if let index = marked.firstIndex(of: id) {
      marked.remove(at: index)
    } else {
      marked = marked.suffix(1) + [id]
    }
    move(.down, context)
  }

  private mutating func compare() -> [Request] {
    guard marked.count == 2, let older = marked.min(), let newer = marked.max() else { return [] }
    (mode, inner) = (.comparison(older, newer), ListPosition())
    return load([older, newer]).map { .effect($0) }
  }

  private mutating func turn(_ step: Int) {
    let parts = Part.allCases
    guard isInDetail, let index = parts.firstIndex(of: part) else { return }
    part = parts[(index + step + parts.count) % parts.count]
    inner = ListPosition()
  }

  private mutating func goBack() { mode = .list }

  /// Shows a part of a run's detail.
  private mutating func show(_ part: Part) {
    self.part = part
    inner = ListPosition()
  }

  // MARK: Selection

  private mutating func move(_ movement: Movement, _ context: Context) {
    if mode == .list {
      list.move(movement, count: runs.count, height: height(context))
    } else {
      inner.move(movement, count: innerCount, height: height(context))
    }
  }

  mutating func click(_ pane: Pane, _ item: Int?, _ context: Context) -> Bool {
    guard let item else { return false }
    if pane == "parts" {
      if Part.allCases.indices.contains(item) { show(Part.allCases[item]) }
      return false
    }
    if pane == "runs" {
      let wasSelected = item == list.selection(count: runs.count)
      list.select(item, count: runs.count, height: height(context))
      return wasSelected
    }
    let wasSelected = item == inner.selection(count: innerCount)
    inner.select(item, count: innerCount, height: height(context))
    return wasSelected
  }

  /// Asks for older runs once the oldest that are known can be seen.
  mutating func scrolled(_ context: Context) -> [Request] {
    guard mode == .list, let known = page.value, known.isTruncated, !page.isLoading,
      context.notConnected == nil, list.top + height(context) >= runs.count
    else { return [] }
    limit = known.runs.count + RunsScreen.limit
    return [.effect(.loadRuns(page.begin(at: context.moment.uptime), limit: limit))]
  }

  mutating func scroll(_ pane: Pane, _ rows: Int, _ context: Context) {
    if mode == .list {
      list.scroll(rows, count: runs.count, height: height(context))
    } else {
      inner.scroll(rows, count: innerCount, height: height(context))
    }
  }
}
