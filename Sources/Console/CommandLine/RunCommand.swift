import Warehouse

extension Command {
  /// `run`: the pipeline, or stages of it.
  static let run = Command(
    name: "run", usage: "[STAGE…]",
    summary: "runs the pipeline, or only some stages",
    details: """
      Runs stages in order: \(StageID.allCases.filter { $0 != .teardown && $0 != .restage }
        .map(\.rawValue).joined(separator: ", ")).
      With no stage it runs all of them; restage comes before create where RESTAGE.OUTPUT is set. The published star changes in the last one only, whole or
      not at all. Without sources in the configuration, sample data is made and loaded. Where the
      configuration names a cluster or a workgroup that is missing or paused, provision makes or
      resumes it, as `cluster provision` does.
      """,
    options: [
      Option(name: "--from", value: "STAGE", help: "this stage and all after it"),
      Option(
        name: "--dry-run", value: nil,
        help: "write every statement for the engine that the configuration names, and run none"),
      Option(name: "--max-rejects", value: "N", help: "how many records a stage may refuse"),
      Option(name: "--json", value: nil, help: "one JSON object a line for each event"),
    ]
  ) { invocation throws(WarehouseError) in
    let selection = try selection(invocation.arguments)
    let overrides = try overrides(invocation.arguments)
    if invocation.arguments.has("--dry-run") {
      return try dryRun(selection, overrides, invocation)
    }
    let reporter = RunReporter(invocation)
    return try await invocation.withWarehouse { (target) throws(WarehouseError) in
      let pipeline = Pipeline(observe: { event in reporter.report(event) }) {
        () throws(WarehouseError) in
        let ready = try await provisioned(target, selection, overrides, invocation, reporter)
        let settings = try RunSource(ready.configuration, invocation.stateFolder)
          .settings(overrides) { line in reporter.talk(line) }
        return PreparedRun(settings: settings) { report throws(WarehouseError) in
          try await ready.openSession(report)
        }
      }
      let outcome = await pipeline.run(selection)
      if case .failed(_, let error) = outcome { throw await target.explained(error) }
      return try reporter.finish(outcome)
    }
  }

  /// The target, once its warehouse at AWS is there; another one where that was made now.
  private static func provisioned(
    _ target: WarehouseTarget, _ selection: StageSelection, _ overrides: RunOverrides,
    _ invocation: Invocation, _ reporter: RunReporter
  ) async throws(WarehouseError) -> WarehouseTarget {
    let source = RunSource(target.configuration, invocation.stateFolder)
    let isMade = try await target.provision(for: selection, source.plannedSettings(overrides)) {
      event in reporter.report(event)
    }
    guard isMade else { return target }
    return WarehouseTarget(
      configuration: try Configuration.load(invocation.configurationOptions),
      stateFolder: invocation.stateFolder)
  }

  private static func overrides(_ arguments: Arguments) throws(WarehouseError) -> RunOverrides {
    var overrides = RunOverrides(origin: .flag("--max-rejects"))
    overrides.maxRejects = try arguments.integer("--max-rejects", in: 0...Int.max)
    return overrides
  }

  private static func selection(_ arguments: Arguments) throws(WarehouseError) -> StageSelection {
    var stages: [StageID] = []
    for word in arguments.words { stages.append(try stage(word)) }
    guard let from = arguments.value("--from") else { return stages.isEmpty ? .all : .only(stages) }
    guard stages.isEmpty else {
      throw WarehouseError(
        .usage, "--from and single stages do not go together", hint: "Give one or the other.")
    }
    return .from(try stage(from))
  }

  private static func stage(_ word: String) throws(WarehouseError) -> StageID {
    if let stage = StageID(rawValue: word) { return stage }
    throw WarehouseError(
      .usage, "there is no stage \"\(word)\"",
      hint:
        "The stages are \(Stage.all(for: .postgres).map(\.id.rawValue).joined(separator: ", "))."
    )
  }

  private static func dryRun(
    _ selection: StageSelection, _ overrides: RunOverrides, _ invocation: Invocation
  ) throws(WarehouseError) -> ExitStatus {
    let configuration = try invocation.configuration()
    let settings = try RunSource(configuration, invocation.stateFolder).rehearsedSettings(overrides)
    let plan = try DryRun(selection, engine: configuration.likelyEngine, settings: settings)
    for part in plan.parts { show(part, invocation) }
    return .done
  }

  private static func show(_ part: DryRun.Part, _ invocation: Invocation) {
    guard !invocation.isJSON else {
      var json = JSONText()
      json.object([
        (part.stage == nil ? "part" : "stage", .string(part.name)),
        ("steps", .array(part.steps.map(JSONValue.string))),
      ])
      return invocation.output.line(json.text)
    }
    invocation.output.line("-- \(part.name): \(part.about)")
    for step in part.steps {
      invocation.output.line(invocation.output.data(DryRun.terminated(step)))
    }
    invocation.output.line()
  }
}
