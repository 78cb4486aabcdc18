import Warehouse

extension Command {
  /// `cluster status`: how far the warehouse can be reached.
  static let clusterStatus = Command(
    name: "cluster status", usage: "", summary: "says how far the warehouse can be reached",
    details: """
      Tries every step on the way to a warehouse that can work, each for some seconds at most: the
      cluster itself where it is one of Amazon Redshift, the host's name, the port, the encryption,
      the login, what the user may do, and the sources. Each step says what was found and, where it
      fails, what would help. An embedded warehouse is started for it.
      Exit status 1 when a step fails.
      """,
    options: [Option(name: "--json", value: nil, help: "as JSON")]
  ) { invocation throws(WarehouseError) in
    try invocation.arguments.requireWords(atMost: 0)
    let stateFolder = invocation.stateFolder
    return try await invocation.withWarehouse { (target) throws(WarehouseError) in
      let output = invocation.output
      let isJSON = invocation.isJSON
      // What cannot be asked is a step that failed, with its remedy.
      let cloud = try? await CloudStatus.asked(target.configuration)
      if let cloud, !isJSON { show(cloud, target.configuration.cluster, output) }
      let steps = await Reachability(target, stateFolder).check { step in
        if !isJSON { show(step, output) }
      }
      if Task.isCancelled { throw .cancelled }
      let facts = await serverFacts(of: target, after: steps)
      if isJSON {
        output.line(json(steps, cloud, facts))
      } else if !facts.isEmpty {
        output.line()
        for fact in facts { output.line(output.words(fact.label.padded(20) + fact.value)) }
      }
      return steps.contains { $0.outcome == .failed } ? .failed : .done
    }
  }

  private static func show(_ cloud: CloudStatus, _ settings: ClusterSettings, _ output: Output) {
    for fact in cloud.facts(at: .now()) {
      output.line(output.words(fact.label.padded(12) + fact.value))
    }
    if let delay = settings.pauseAfter, case .cluster = cloud.name {
      let time = Quantity.duration(delay)
      output.line("pauses".padded(12) + "\(time) after the last use, while a console is open")
    }
    output.line()
    output.flush()
  }

  private static func show(_ step: ReachabilityStep, _ output: Output) {
    let look = step.outcome.look
    let verdict = "\(look.glyph) \(look.word)".padded(11) + step.name.padded(12)
    let time = step.duration.map { "  (\(Quantity.duration($0)))" } ?? ""
    output.line(output.words(verdict + step.detail + time))
    if let remedy = step.remedy {
      output.line(output.words(String(repeating: " ", count: 23) + "→ " + remedy))
    }
    output.flush()
  }

  /// What the server says of itself; nothing where it cannot be asked.
  private static func serverFacts(
    of target: WarehouseTarget, after steps: [ReachabilityStep]
  ) async -> [(label: String, value: String)] {
    guard steps.contains(where: { $0.name == "login" && $0.outcome == .passed }),
      let session = try? await target.openSession()
    else { return [] }
    let facts = try? await ServerFacts.read(from: session, target.configuration)
    await session.close()
    return facts ?? []
  }

  private static func json(
    _ steps: [ReachabilityStep], _ cloud: CloudStatus?, _ facts: [(label: String, value: String)]
  ) -> String {
    var json = JSONText()
    json.object([
      ("verdict", .string(verdict(of: steps).rawValue)), ("cloud", cloud?.json ?? .null),
      ("steps", .array(steps.map(\.json))),
      (
        "server",
        .object(facts.map { ($0.label.replacing(" ", with: "_"), .string($0.value)) })
      ),
    ])
    return json.text
  }

  private static func verdict(of steps: [ReachabilityStep]) -> ReachabilityStep.Outcome {
    let outcomes = Set(steps.map(\.outcome))
    if outcomes.contains(.failed) { return .failed }
    return outcomes.contains(.warning) ? .warning : .passed
  }
}

extension CloudStatus {
  /// As one object; what is not known is null. Prices are dollars.
  fileprivate var json: JSONValue {
    let now = Timestamp.now()
    return .object([
      ("name", .string(name.text)), ("region", .string(region)),
      ("state", JSONValue(state?.word)), ("created", JSONValue(created?.text)),
      ("per_hour", price.map { .real($0.perHour) } ?? .null),
      ("price", JSONValue(price?.sourceText)),
      ("at_most_so_far", costSoFar(at: now).map { .real($0) } ?? .null),
      (
        "facts",
        .object(facts(at: now).map { ($0.label.replacing(" ", with: "_"), .string($0.value)) })
      ),
      ("snapshots", .array(snapshots.map { .string($0.name) })),
    ])
  }
}

extension ReachabilityStep {
  /// As one object; the remedy and the seconds are null where there are none.
  fileprivate var json: JSONValue {
    .object([
      ("step", .string(name)), ("outcome", .string(outcome.rawValue)), ("found", .string(detail)),
      ("remedy", JSONValue(remedy)),
      ("seconds", duration.map { .real($0.inSeconds) } ?? .null),
    ])
  }
}
