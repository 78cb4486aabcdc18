import Synchronization
import Warehouse

/// The warehouse of the configuration, for the console.
///
/// One session stays open for what the screens read; runs open their own.
final class ConnectedWarehouse: WarehouseService {
  private struct State {
    var target: WarehouseTarget?
    var configuration: Configuration?
    var overrides = RunOverrides(origin: .session)
    var observer: StatementObserver?
    var run: Task<RunOutcome, Never>?
    /// Whether the work area was written to since the configuration was read.
    var hasWrittenWorkArea = false
  }

  let options: ConfigurationOptions
  let stateFolder: StateFolder
  private let state = Mutex(State())
  let reader = ReadingSession()
  /// Pages of tables, and what takes longer beside them; apart from each other and from runs.
  let browser = ReadingSession(isReadOnly: true)
  let figures = ReadingSession(isReadOnly: true)
  /// For what analysts run: a load never makes them wait.
  let queries = SessionPool()
  /// For what lies in buckets.
  let awsClients = AWSClients()
  /// For what may change things: one session, as a transaction is one session's.
  let writer = ReadingSession()

  init(options: ConfigurationOptions, stateFolder: StateFolder) {
    self.options = options
    self.stateFolder = stateFolder
  }

  func observeStatements(_ observer: @escaping StatementObserver) {
    state.withLock { $0.observer = observer }
  }

  // MARK: Connecting

  func connect(
    _ report: @escaping @Sendable (String) -> Void
  ) async throws(WarehouseError) -> ServerDescription {
    let target = try target()
    let version = try await reader.use(target, report) { session throws(WarehouseError) in
      (await session.engine, await session.version)
    }
    let place =
      target.cluster == nil ? ConnectionSettings(target.configuration.server).title : "embedded"
    return ServerDescription(target: place, product: Self.product(version.0, version.1))
  }

  /// "PostgreSQL 15.18" from "PostgreSQL 15.18 (Debian …) on x86_64 …".
  private static func product(_ engine: Engine, _ version: String) -> String {
    guard engine == .postgres else { return engine.title }
    return version.split(separator: " ").prefix(2).joined(separator: " ")
  }

  func target() throws(WarehouseError) -> WarehouseTarget {
    if let target = state.withLock({ $0.target }) { return target }
    let configuration = try Configuration.load(options)
    let target = WarehouseTarget(
      configuration: configuration, stateFolder: stateFolder,
      observer: { [weak self] record in self?.observe(record) })
    return state.withLock { state in
      state.configuration = configuration
      if let made = state.target { return made }
      state.target = target
      return target
    }
  }

  func configuration() throws(WarehouseError) -> Configuration {
    if let known = state.withLock({ $0.configuration }) { return known }
    return try Configuration.load(options)
  }

  /// Whether the work area need not be written to again to know that it can be.
  var hasWrittenWorkArea: Bool {
    get { state.withLock { $0.hasWrittenWorkArea } }
    set { state.withLock { $0.hasWrittenWorkArea = newValue } }
  }

  /// What counts otherwise than the configuration says.
  var overrides: RunOverrides { state.withLock { $0.overrides } }

  func observe(_ record: StatementRecord) {
    state.withLock { $0.observer }?(record)
  }

  func reloadConfiguration() async throws(WarehouseError) {
    let configuration = try Configuration.load(options)
    let old = state.withLock { state in
      defer {
        state.target = nil
        state.hasWrittenWorkArea = false
        state.configuration = configuration
      }
      return state.target
    }
    await closeSessions()
    await old?.leave()
  }

  /// The server processes of this console, those of a run left out.
  private var backends: Set<Int> {
    get async {
      var found = queries.backends
      for session in [reader, browser, figures, writer] {
        if let backend = await session.backend { found.append(backend) }
      }
      return Set(found.map { Int($0) })
    }
  }

  func otherWork() async throws(WarehouseError) -> OtherWork {
    let own = await backends
    return try await reader.use(try target()) { session throws(WarehouseError) in
      try await OtherWork.read(from: session, except: own)
    }
  }

  private func closeSessions() async {
    await reader.close()
    await browser.close()
    await figures.close()
    await queries.close()
    await writer.close()
  }

  /// Ends what still runs and leaves the warehouse; the last console stops an embedded one.
  ///
  /// What does not end in some seconds, over a network that carries nothing, ends with the program.
  func leave() async {
    let (run, target) = state.withLock { ($0.run, $0.target) }
    run?.cancel()
    await waiting(atMost: .seconds(10)) { [self] in
      async let closing: Void = closeSessions()
      _ = await run?.value
      await closing
    }
    await target?.leave()
  }

  // MARK: Cluster

  func facts(of target: WarehouseTarget) async throws(WarehouseError) -> [ServerFact] {
    var facts = try await reader.use(target) { session throws(WarehouseError) in
      try await ServerFacts.read(from: session, target.configuration)
    }
    if let cluster = try await target.cluster?.status() {
      facts.append((label: "data", value: cluster.dataFolder))
      facts.append((label: "on disk", value: Quantity.bytes(cluster.bytes)))
      cluster.processID.map { facts.append((label: "process", value: String($0))) }
    }
    facts.append((label: "state folder", value: stateFolder.path))
    let source = RunSource(target.configuration, stateFolder)
    if let settings = try? source.plannedSettings() {
      let kind = source.isSample ? " (sample data)" : ""
      facts.append((label: "events from", value: settings.eventSource + kind))
      facts.append((label: "songs from", value: settings.songSource + kind))
    }
    return facts.map { ServerFact(label: $0.label, value: $0.value) }
  }

  // MARK: Pipeline

  func stages() async throws(WarehouseError) -> [StageDescription] {
    let configuration = try configuration()
    let overrides = state.withLock { $0.overrides }
    let source = RunSource(configuration, stateFolder)
    var settings = try source.plannedSettings(overrides)
    if let rehearsed = try? source.rehearsedSettings(overrides) { settings = rehearsed }
    // What is connected to is not what a run would load, before that is made.
    let isToBeMade = configuration.asksForCloud && configuration.target == .embedded
    let isConnected = await reader.isOpen
    let recorded = isConnected && !isToBeMade ? try? await recordedStages() : nil
    let engine = recorded?.engine ?? configuration.likelyEngine
    return Stage.all(for: engine, restages: settings.restage != nil).map { stage in
      StageDescription(
        id: stage.id, about: stage.about, dependsOn: stage.dependencies,
        sql: stage.steps(settings, engine: engine), pastRuns: recorded?.runs[stage.id] ?? [],
        obstacle: recorded?.build.obstacles[stage.id], build: recorded?.build.parts[stage.id],
        lane: stage.lane)
    }
  }

  private func recordedStages() async throws(WarehouseError) -> (
    engine: Engine, runs: [StageID: [StageRecord]], build: BuildStatus
  ) {
    try await reader.use(try target()) { session throws(WarehouseError) in
      let runs = try await RunHistory(session).stageRuns(limit: 10)
      return (await session.engine, runs, try await BuildStatus(on: session))
    }
  }

  func run(
    _ selection: StageSelection, observer: @escaping PipelineObserver
  ) async -> RunOutcome {
    let task = Task { await perform(selection, observer) }
    state.withLock { $0.run = task }
    return await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }
  }

  private func perform(
    _ selection: StageSelection, _ observer: @escaping PipelineObserver
  ) async -> RunOutcome {
    let pipeline = Pipeline(observe: observer) { [self] () throws(WarehouseError) in
      let target = try await provisionedTarget(selection, observer)
      let settings = try source(of: target).settings(overrides) {
        observer(.logged(.provision, $0, at: .now()))
      }
      return PreparedRun(settings: settings) { report throws(WarehouseError) in
        try await target.openSession(report)
      }
    }
    let outcome = await pipeline.run(selection)
    guard case .failed(let stage, let error) = outcome, let target = try? target() else {
      return outcome
    }
    return .failed(stage, await target.explained(error))
  }

  /// The target, once its warehouse at AWS is there.
  private func provisionedTarget(
    _ selection: StageSelection, _ observer: @escaping PipelineObserver
  ) async throws(WarehouseError) -> WarehouseTarget {
    let known = try target()
    let settings = try source(of: known).plannedSettings(overrides)
    guard try await known.provision(for: selection, settings, observer) else { return known }
    try await reloadConfiguration()
    return try target()
  }

  private func source(of target: WarehouseTarget) -> RunSource {
    RunSource(target.configuration, stateFolder, observer: { [weak self] in self?.observe($0) })
  }

  func terminateRun(_ id: Int) async throws(WarehouseError) {
    try await reader.use(try target()) { session throws(WarehouseError) in
      try await RunLock.terminate(run: id, on: session)
    }
  }

  func setMaxRejects(_ count: Int) async throws(WarehouseError) {
    state.withLock { $0.overrides.maxRejects = count }
  }

  // MARK: Runs

  func runs(limit: Int) async throws(WarehouseError) -> RunPage {
    let runs = try await reader.use(try target()) { session throws(WarehouseError) in
      try await RunHistory(session).runs(limit: limit + 1)
    }
    return RunPage(runs: Array(runs.prefix(limit)), isTruncated: runs.count > limit)
  }

  func runDetail(_ id: Int) async throws(WarehouseError) -> RunDetail {
    let detail = try await reader.use(try target()) { session throws(WarehouseError) in
      try await RunHistory(session).detail(of: id)
    }
    guard let detail else { throw WarehouseError(.usage, "there is no run \(id)") }
    return detail
  }

  func checkRows(
    run: Int, check: String, limit: Int
  ) async throws(WarehouseError) -> CheckRows {
    // Beside the others: a query over the fact may take long.
    try await queries.use(try target(), for: .checks) { session throws(WarehouseError) in
      try await RunHistory(session).rows(of: check, run: run, limit: limit)
    }
  }

  func rejects(
    run: Int, stage: StageID?, limit: Int
  ) async throws(WarehouseError) -> RejectPage {
    let page = try await reader.use(try target()) { session throws(WarehouseError) in
      try await RunHistory(session).rejects(of: run, in: stage, limit: limit)
    }
    return RejectPage(
      items: page.rejects.map { RejectPage.Item(stage: $0.stage, reject: $0.reject) },
      total: page.total)
  }
}

/// Waits for `body`, but not longer than `limit`: it then goes on by itself.
func waiting(
  atMost limit: Duration, _ body: @escaping @Sendable () async -> Void
) async {
  let (ends, first) = AsyncStream<Void>.makeStream()
  let alarm = Task {
    try? await Task.sleep(for: limit)
    first.finish()
  }
  Task {
    await body()
    first.finish()
    alarm.cancel()
  }
  for await _ in ends {}
}
