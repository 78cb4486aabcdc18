#if DEBUG
  @testable import Console
  import Glibc
  @testable import Warehouse

  /// A warehouse that does nothing but tell: every answer is made up.
  final class ScriptedService: WarehouseService {
    let script: Script
    private let state = Locked(State())

    private struct State {
      var observer: StatementObserver?
      var maxRejects = 0
      var cloud = CloudState.available
      var runs: [RunDetail]
      init() { runs = ScriptedHistory.runs }
    }

    init(_ script: Script = Script()) { self.script = script }

    func observeStatements(_ observer: @escaping StatementObserver) {
      state.withLock { $0.observer = observer }
    }

    /// Lets whoever listens hear of a statement.
    func tell(_ sql: String, rows: Int?, milliseconds: Int, error: WarehouseError? = nil) {
      let record = StatementRecord(
        sql: sql, parameterCount: 0, startedAt: Timestamp.now().milliseconds,
        duration: .milliseconds(milliseconds), rows: rows, error: error)
      state.withLock { $0.observer }?(record)
    }

    var maxRejects: Int { state.withLock { $0.maxRejects } }

    var cloudState: CloudState { state.withLock { $0.cloud } }

    func setCloudState(_ cloud: CloudState) { state.withLock { $0.cloud = cloud } }

    func pause(_ milliseconds: Double) async throws {
      try await Task.sleep(for: .microseconds(Int(milliseconds * 1000 / script.speed)))
    }

    // MARK: The warehouse

    static let refused = WarehouseError(
      .connection, "could not connect to the warehouse",
      detail: "connection to server at \"127.0.0.1\", port 5433 failed: Connection refused",
      hint: "Start the server, or correct [CLUSTER] HOST and DB_PORT in dwh.cfg.")

    func connect(
      _ report: @escaping @Sendable (String) -> Void
    ) async throws(WarehouseError) -> ServerDescription {
      report("starting PostgreSQL")
      try? await pause(150)
      if script.isUnreachable { throw Self.refused }
      tell("SELECT version()", rows: 1, milliseconds: 1)
      return ServerDescription(target: "embedded", product: "PostgreSQL 15.18")
    }

    func stages() async throws(WarehouseError) -> [StageDescription] {
      let runs = state.withLock { $0.runs }
      return ScriptedHistory.descriptions(runs, isHostile: script.isHostile)
    }

    func runs(limit: Int) async throws(WarehouseError) -> RunPage {
      if script.isUnreachable { throw Self.refused }
      tell(
        "SELECT id, selection, state FROM sparkify_ops.runs\nORDER BY id DESC", rows: 14,
        milliseconds: 2)
      let runs = state.withLock { $0.runs.map(\.run) }
      return RunPage(runs: Array(runs.prefix(limit)), isTruncated: runs.count > limit)
    }

    func runDetail(_ id: Int) async throws(WarehouseError) -> RunDetail {
      guard let detail = state.withLock({ $0.runs.first { $0.run.id == id } }) else {
        throw WarehouseError(.usage, "there is no run \(id)")
      }
      return detail
    }

    func rejects(
      run: Int, stage: StageID?, limit: Int
    ) async throws(WarehouseError) -> RejectPage {
      let items = ScriptedHistory.rejects(isHostile: script.isHostile)
        .filter { stage == nil || $0.stage == stage }
      return RejectPage(items: items, total: items.count)
    }

    func checkRows(
      run: Int, check: String, limit: Int
    ) async throws(WarehouseError) -> CheckRows {
      guard let check = ScriptedHistory.checks.first(where: { $0.name == check }) else {
        throw WarehouseError(.usage, "run \(run) has no check \"\(check)\"")
      }
      let names = ["session_id", "item_in_session", "count"]
      let columns = names.map { ResultColumn(name: $0, kind: .integer) }
      let rows: [[String?]] = (1...12).map { ["\($0 * 17)", "\($0)", "2"] }
      return CheckRows(
        check: check, schema: "sparkify", rows: ResultSet(columns: columns, rows: rows))
    }

    func setMaxRejects(_ count: Int) async throws(WarehouseError) {
      state.withLock { $0.maxRejects = count }
    }

    func reloadConfiguration() async throws(WarehouseError) {}

    func terminateRun(_ id: Int) async throws(WarehouseError) {}

    // MARK: A run

    func run(
      _ selection: StageSelection, observer: @escaping PipelineObserver
    ) async -> RunOutcome {
      if script.crashes { fatalError("the script says so") }
      if script.isLocked {
        return .failed(
          nil,
          WarehouseError(
            .locked, "could not start: another console runs the pipeline",
            detail: "run 15, started 12 s ago by ana@studio",
            hint: "Wait for it, or cancel it there."))
      }
      let id = state.withLock { $0.runs.count } + 1
      let all = ScriptedHistory.stages
      let stages =
        switch selection {
        case .all: all
        case .only(let some): some
        case .from(let first): Array(all.drop { $0 != first })
        }
      let began = ContinuousClock.now
      observer(.runStarted(id: id, stages: stages, at: .now()))
      let outcome = await play(stages, observer)
      let took = began.duration(to: .now)
      record(id, selection, outcome, took)
      observer(.runFinished(id: id, outcome, after: took))
      return outcome
    }

    private func record(
      _ id: Int, _ selection: StageSelection, _ outcome: RunOutcome, _ took: Duration
    ) {
      let (runState, error): (RunState, String?) =
        switch outcome {
        case .succeeded: (.succeeded, nil)
        case .failed(_, let error): (.failed, error.message)
        case .cancelled: (.cancelled, nil)
        }
      let run = RunRecord(
        id: id, selection: selection.title, state: runState, startedBy: "you@here",
        startedAt: .now(), duration: took, error: error, configuration: [])
      let detail = RunDetail(run: run, stages: [], checks: [], rejects: [], rejectCount: 0)
      state.withLock { $0.runs.insert(detail, at: 0) }
    }

    private func play(_ stages: [StageID], _ observer: @escaping PipelineObserver) async
      -> RunOutcome
    {
      for stage in stages {
        let began = ContinuousClock.now
        observer(.stageStarted(stage, at: .now()))
        do {
          let summary = try await play(stage, since: began, observer)
          observer(.stageFinished(stage, summary))
        } catch let error as WarehouseError {
          observer(.stageFailed(stage, error, after: began.duration(to: .now)))
          return .failed(stage, error)
        } catch {
          if script.isStubborn {
            await Task.detached { try? await Task.sleep(for: .seconds(60)) }.value
          }
          observer(.stageFailed(stage, .cancelled, after: began.duration(to: .now)))
          return .cancelled
        }
      }
      return .succeeded
    }

    private func play(
      _ stage: StageID, since began: ContinuousClock.Instant, _ observer: PipelineObserver
    ) async throws -> StageSummary {
      var progress = Progress()
      let plan = ScriptedHistory.plan(stage)
      progress.totalBytes = plan.bytes
      progress.totalFiles = plan.files
      observer(.logged(stage, plan.firstLine, at: .now()))
      let steps = max(1, Int(plan.seconds * 30))
      for step in 1...steps {
        try await pause(33)
        progress.elapsed = began.duration(to: .now)
        progress.rows = plan.rows * step / steps
        progress.bytes = (plan.bytes ?? 0) * step / steps
        progress.files = (plan.files ?? 0) * step / steps
        if plan.bytes != nil { observer(.stageProgressed(stage, progress)) }
        if script.failing == stage, step > steps / 2 { throw ScriptedHistory.failure(stage) }
      }
      if stage == .check {
        for check in ScriptedHistory.checks { observer(.checked(check)) }
      }
      for sql in ScriptedHistory.sql(stage) {
        tell(sql, rows: plan.rows, milliseconds: Int(plan.seconds * 1000))
      }
      return StageSummary(
        rows: plan.rows > 0 ? plan.rows : nil, bytes: plan.bytes, rejects: 0,
        duration: began.duration(to: .now), note: plan.note)
    }
  }
#endif
