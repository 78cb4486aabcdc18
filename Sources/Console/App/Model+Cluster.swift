import Warehouse

/// The warehouse in the cloud: what is done to it, and what it costs.
extension Model {
  mutating func take(_ message: ClusterMessage) -> [Effect] {
    switch message {
    case .statusGrew(let id, let status):
      cluster.status.grow(id, status.filled(from: cluster.status.value))
    case .event(let event):
      cluster.take(event, context)
      // AWS pauses it now, whether anybody waits for it or not.
      if quitsAfterPause, case .progressed = event { exitStatus = 0 }
    case .changed(let answer): return changed(answer)
    case .looked(let id, let answer): return looked(id, answer)
    case .configurationCreated(let path):
      cluster.status.edit { ($0.configurationPath, $0.newConfigurationPath) = (path, nil) }
      return [.edit(path)]
    case .workFound(let id, let answer): return workFound(id, answer)
    }
    return []
  }

  // MARK: Changes by themselves

  /// How often AWS is asked about a warehouse that is on its way to another state.
  static let cloudLookInterval = Duration.seconds(10)

  /// Whether the warehouse that is shown goes to another state without this console's doing.
  private var isWatchingCloud: Bool {
    guard screen == .cluster, !cluster.isChanging else { return false }
    switch cluster.cloud?.state {
    case .changing?, .leaving?: return true
    case .available?, .paused?, .broken?, nil: return false
    }
  }

  /// Asks how the warehouse stands that is on its way.
  mutating func watchCloud() -> [Effect] {
    guard isWatchingCloud, !cluster.status.isLoading, !cluster.look.isLoading,
      moment.uptime - cloudLookedAt >= Self.cloudLookInterval
    else { return [] }
    cloudLookedAt = moment.uptime
    return [.cluster(.look(cluster.look.begin(at: moment.uptime)))]
  }

  /// Takes in how it stands, and what that means for the connection. That AWS did not answer costs
  /// nothing but this look.
  private mutating func looked(
    _ id: Int, _ answer: Result<CloudStatus?, WarehouseError>
  ) -> [Effect] {
    let before = cluster.cloud?.state
    guard cluster.look.finish(id, answer), case .success(let cloud?) = answer else { return [] }
    cluster.status.edit { $0.cloud = cloud }
    guard cloud.state != before else { return [] }
    switch cloud.state {
    case .available?:
      notice = .info("\(cloud.name.text) is available")
      return connect() + refreshStatus()
    case .paused?: return follow(.pause)
    case .broken?, nil: return refreshStatus()
    case .changing?, .leaving?: return []
    }
  }

  /// Begins to do something, on the Cluster screen.
  mutating func begin(_ operation: CloudOperation) -> [Effect] {
    overlays = []
    screen = .cluster
    cluster.begin(operation, context)
    return [.cluster(.change(operation))]
  }

  /// Provisions: an embedded warehouse as a stage, one in the cloud after a question.
  mutating func provision() -> [Effect] {
    if cluster.isCloud {
      push(.choice(cluster.provisionChoice))
      return []
    }
    screen = .pipeline
    let context = context
    return withScreen { $0.perform(.provision, context) }.flatMap { fulfil($0) }
  }

  private mutating func changed(_ answer: Result<[String], WarehouseError>) -> [Effect] {
    lastUse = moment.uptime
    cluster.operation?.end(answer, at: moment.uptime)
    guard let operation = cluster.operation?.operation else { return [] }
    switch answer {
    case .failure(let error):
      quitsAfterPause = false
      report(error)
      if error.kind == .cancelled { notice = .info("not waited for; AWS goes on with it") }
      if case .resize(let count, false) = operation, error.asksForClassicResize, isLookedAt {
        push(.choice(.classicResize(to: count)))
      }
      return refreshStatus()
    case .success(let lines):
      tell(lines, of: operation)
      if quitsAfterPause { exitStatus = 0 }
      return follow(operation)
    }
  }

  /// Whether the Cluster screen is seen, and nobody reads or writes something else just now.
  private var isLookedAt: Bool { screen == .cluster && overlays.isEmpty }

  /// Says what came of it. A receipt is a text to read and to copy.
  private mutating func tell(_ lines: [String], of operation: CloudOperation) {
    notice = .info(lines.joined(separator: "; "))
    guard case .teardown = operation, isLookedAt else { return }
    notice = .info("torn down")
    push(
      .viewer(
        TextViewer(
          title: "Receipt", lines: lines.map { Line($0) }, copy: lines.joined(separator: "\n"))))
  }

  /// Whether a run may have made or resumed the warehouse at AWS: it was not known to be there.
  var mayHaveProvisioned: Bool {
    guard let status = cluster.status.value, status.cloudName != nil else { return false }
    return status.cloud?.state != .available
  }

  /// What must be asked again after something was done.
  private mutating func follow(_ operation: CloudOperation) -> [Effect] {
    switch operation {
    // Endpoint and role were written, or taken back.
    case .provision, .teardown: return [.reloadConfiguration]
    case .resume, .resize: return connect() + refreshStatus()
    case .pause:
      connection = .failed(
        WarehouseError(
          .connection, "the cluster is paused", hint: "Resume it on the Cluster screen."))
      return refreshStatus()
    case .snapshot: return refreshStatus()
    }
  }

  // MARK: Entries

  /// Takes the number of nodes, or of processing units.
  mutating func resize(_ prompt: Prompt) -> [Effect] {
    guard let count = Int(prompt.field.text), (1...1024).contains(count) else {
      var prompt = prompt
      prompt.problem = "A whole number from 1 on, please."
      setTop(.prompt(prompt))
      return []
    }
    return begin(.resize(count))
  }

  /// Tears down once the name was typed.
  mutating func tearDown(_ name: String, _ form: Form) -> [Effect] {
    guard let typed = form.fields.first?.value, typed == name else {
      var form = form
      if !form.fields.isEmpty { form.fields[0].problem = "Type \(name), or Esc leaves it." }
      setTop(.form(form))
      return []
    }
    return begin(.teardown(keepsSnapshot: form.value("last snapshot") != "none"))
  }

  // MARK: Money

  /// Whether something of this console is at work, or would lose what it has.
  private var isBusy: Bool {
    pipeline.isRunning || queries.isRunning || sql.isRunning || sql.transaction != nil
      || export != nil || tables.isLoading || sources.isBusy
  }

  /// When the cluster is to be paused; nil when it is not.
  var pauseDue: Duration? {
    guard let delay = cluster.status.value?.pauseAfter, !cluster.isChanging,
      let cloud = cluster.cloud, cloud.costsByTheHour, cloud.state == .available
    else { return nil }
    return lastUse + delay
  }

  /// Pauses the cluster that nobody uses, after a look whether others do; asks first while something
  /// runs here.
  mutating func watchPause() -> [Effect] {
    guard isPauseDue, !cluster.work.isLoading else { return [] }
    guard isBusy else {
      return [.cluster(.findWork(cluster.work.begin(at: moment.uptime)))]
    }
    if !overlays.contains(where: { $0.kind == .choice }) { push(.choice(.pausing)) }
    return []
  }

  private var isPauseDue: Bool { pauseDue.map { moment.uptime >= $0 } ?? false }

  /// Pauses, or puts the pause off for as long again: others work, or that cannot be told.
  private mutating func workFound(
    _ id: Int, _ answer: Result<OtherWork, WarehouseError>
  ) -> [Effect] {
    guard cluster.work.finish(id, answer), isPauseDue, !isBusy else { return [] }
    let reason: String
    switch answer {
    case .success(let work):
      guard let words = work.text else { return begin(.pause) }
      reason = words
    case .failure(let error): reason = "could not see whether others work: \(error.message)"
    }
    lastUse = moment.uptime
    notice = .info("PAUSE_AFTER: not paused, \(reason)")
    return []
  }

  /// Notes that somebody is here.
  mutating func noteUse(_ message: Message) {
    switch message {
    case .key, .paste, .click, .wheel, .runEnded: lastUse = moment.uptime
    default: break
    }
  }

  /// How often the clock is wanted for what is shown of the cloud.
  var clusterInterval: Duration? {
    if cluster.isChanging || isWatchingCloud { return .seconds(1) }
    if screen == .cluster, pauseDue != nil { return .seconds(1) }
    if pauseDue != nil || (screen == .cluster && cluster.costs) { return .seconds(10) }
    return nil
  }

  /// What is asked before the console is left while the cloud is at work or costs.
  var leavingCloud: Choice? {
    if let operation = cluster.operation, operation.isRunning {
      return .leavingOperation(operation.operation.word)
    }
    guard let cloud = cluster.cloud, cloud.costsByTheHour, cloud.state == .available else {
      return nil
    }
    return .leavingCluster(cloud, pausesByItself: cluster.status.value?.pauseAfter != nil)
  }
}

extension Choice {
  static let pausing = Choice(
    title: "Nobody uses the cluster",
    text: "PAUSE_AFTER has passed, and something still runs. Pausing ends it.",
    answers: [
      .init(key: "p", title: "pause the cluster now", meaning: .change(.pause)),
      .init(key: .escape, title: "later", meaning: .stay),
    ])

  static func classicResize(to nodes: Int) -> Choice {
    Choice(
      title: "No elastic resize",
      text: "AWS has no elastic resize to this. A classic one may take hours, and until then the "
        + "cluster can be read and not written.",
      answers: [
        .init(
          key: "c", title: "ask for a classic resize",
          meaning: .change(.resize(nodes, isClassic: true))),
        .init(key: .escape, title: "leave it as it is", meaning: .stay),
      ])
  }

  static func leavingOperation(_ word: String) -> Choice {
    Choice(
      title: "\(word) goes on",
      text: "AWS goes on with what it was asked for; the steps after that are not done. The same "
        + "again later goes on where this ended.",
      answers: [
        .init(key: "q", title: "quit", meaning: .quit),
        .init(key: .escape, title: "stay", meaning: .stay),
      ])
  }

  static func leavingCluster(_ cloud: CloudStatus, pausesByItself: Bool) -> Choice {
    let price = cloud.price.map { "It costs \($0.hourText)" } ?? "It costs by the hour"
    return Choice(
      title: "The cluster \(cloud.name.text) runs on",
      text: "\(price) until it is paused."
        + (pausesByItself ? " PAUSE_AFTER counts in an open console alone." : ""),
      answers: [
        .init(key: "p", title: "pause it and quit", meaning: .pauseAndQuit),
        .init(key: "q", title: "quit, and leave it running", meaning: .quit),
        .init(key: .escape, title: "stay", meaning: .stay),
      ])
  }
}
