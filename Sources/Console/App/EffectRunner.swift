import Warehouse

/// Does what effects ask for, each in a task that posts its answer.
final class EffectRunner: Sendable {
  let service: any WarehouseService
  let mailbox: Mailbox<Message>
  private let tasks = Locked<[Work: Task<Void, Never>]>([:])

  /// Where the rows of the Queries screen's result wait.
  let queryGate = Locked<RowGate?>(nil)
  /// Where the rows of a view wait.
  let tablesGate = Locked<RowGate?>(nil)
  /// Where the rows of the SQL screen's result wait.
  let sqlGate = Locked<RowGate?>(nil)

  /// What is done once at a time: asking for it again cancels the earlier task.
  enum Work: Hashable {
    case connect, status, cloud, cloudLook, otherWork, stages, run, terminateRun, runs, runDetail
    case rejects, checkRows, settings
    case tables(TablesChannel)
    case savedQueries, query, plan, copyQuery, export
    case terminate(QueryOwner)
    case sql, sqlNames, sqlHistory, rememberSQL, sqlPlan
    case sourceFiles(SourceKind), sourceRecords, sourceProfile, bucketPage, bucketProfile
  }

  /// A runner on a service.
  init(service: any WarehouseService, mailbox: Mailbox<Message>) {
    self.service = service
    self.mailbox = mailbox
  }

  /// Sends the service's statements to the mailbox.
  func observeStatements() {
    let mailbox = mailbox
    service.observeStatements { mailbox.post(.statement($0)) }
  }

  /// Begins what an effect asks for. Returns at once.
  func perform(_ effect: Effect) {
    let service = service
    let mailbox = mailbox
    switch effect {
    case .connect(let id):
      fetch(.connect, { .connected(id, $0) }) { () async throws(WarehouseError) in
        try await service.connect { mailbox.post(.connecting(id, $0)) }
      }
    case .loadStatus(let id):
      start(.status) {
        let status = await service.status { mailbox.post(.cluster(.statusGrew(id, $0))) }
        mailbox.post(.statusLoaded(id, status))
      }
    case .loadStages(let id):
      fetch(.stages, { .stagesLoaded(id, $0) }) { () async throws(WarehouseError) in
        try await service.stages()
      }
    case .run(let selection):
      start(.run) {
        let outcome = await service.run(selection) { mailbox.post(.pipeline($0)) }
        mailbox.post(.runEnded(outcome))
      }
    case .cancelRun: cancel(.run)
    case .terminateRun(let id):
      change(as: .terminateRun) { () async throws(WarehouseError) in
        try await service.terminateRun(id)
      }
    case .loadRuns(let id, let limit):
      fetch(.runs, { .runsLoaded(id, $0) }) { () async throws(WarehouseError) in
        try await service.runs(limit: limit)
      }
    case .loadRun(let id, let run):
      fetch(.runDetail, { .runLoaded(id, $0) }) { () async throws(WarehouseError) in
        try await service.runDetail(run)
      }
    case .loadRejects(let id, let run, let stage, let limit):
      fetch(.rejects, { .rejectsLoaded(id, $0) }) { () async throws(WarehouseError) in
        try await service.rejects(run: run, stage: stage, limit: limit)
      }
    case .loadCheckRows(let id, let run, let check, let limit):
      fetch(.checkRows, { .checkRowsLoaded(id, $0) }) { () async throws(WarehouseError) in
        try await service.checkRows(run: run, check: check, limit: limit)
      }
    case .cancelCheckRows: cancel(.checkRows)
    case .sources(let effect): performSources(effect)
    case .cluster(let effect): performCluster(effect)
    case .setMaxRejects(let count):
      change(then: .maxRejectsSet(count)) { () async throws(WarehouseError) in
        try await service.setMaxRejects(count)
      }
    case .reloadConfiguration:
      change(then: .configurationReloaded) { () async throws(WarehouseError) in
        try await service.reloadConfiguration()
      }
    case .tables(let effect): performTables(effect)
    case .queries(let effect): perform(effect)
    case .sql(let effect): performSQL(effect)
    case .export(let effect): performExport(effect)
    case .copy, .edit, .editText, .suspend, .repaint, .useTheme: break  // the loop's own
    }
  }

  /// A gate for a new result. The result before it gets no more rows.
  func newGate(in place: Locked<RowGate?>, limit: Int) -> RowGate {
    let gate = RowGate(limit: limit)
    place.withLock { earlier in
      earlier?.close()
      earlier = gate
    }
    return gate
  }

  /// Cancels everything, for the end of the program.
  func cancelAll() {
    tasks.withLock { $0.values.forEach { $0.cancel() } }
  }

  func cancel(_ work: Work) {
    tasks.withLock { $0[work]?.cancel() }
  }

  func start(_ work: Work, _ body: @escaping @Sendable () async -> Void) {
    let task = Task { await body() }
    let earlier = tasks.withLock { $0.updateValue(task, forKey: work) }
    earlier?.cancel()
  }

  /// Fetches a value and posts it, or why there is none.
  func fetch<Value: Sendable>(
    _ work: Work, _ message: @escaping @Sendable (Result<Value, WarehouseError>) -> Message,
    _ body: @escaping @Sendable () async throws(WarehouseError) -> Value
  ) {
    start(work) { [mailbox] in
      do throws(WarehouseError) {
        mailbox.post(message(.success(try await body())))
      } catch {
        mailbox.post(message(.failure(error)))
      }
    }
  }

  /// Changes something, and posts `message` when that worked.
  func change(
    as work: Work = .settings, then message: Message? = nil,
    _ body: @escaping @Sendable () async throws(WarehouseError) -> Void
  ) {
    start(work) { [mailbox] in
      do throws(WarehouseError) {
        try await body()
        if let message { mailbox.post(message) }
      } catch {
        mailbox.post(.failed(error))
      }
    }
  }
}
