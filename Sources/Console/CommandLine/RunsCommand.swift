import Warehouse

extension Command {
  /// `runs`: what the pipeline remembers.
  static let runs = Command(
    name: "runs", usage: "[ID]", summary: "lists the recorded runs, or all about one",
    details: """
      Lists the recorded runs, the newest first. With a run's number: its stages, checks and
      rejects, and the configuration that it ran with.
      """,
    options: [
      Option(name: "--limit", value: "N", help: "so many runs or rejects at most (default 20)"),
      Option(name: "--json", value: nil, help: "as JSON"),
    ]
  ) { invocation throws(WarehouseError) in
    try invocation.arguments.requireWords(atMost: 1)
    let limit = try invocation.arguments.integer("--limit", in: 1...1_000_000) ?? 20
    let id = try number(invocation.arguments.words.first)
    return try await invocation.withSession { (session) throws(WarehouseError) in
      let history = RunHistory(session)
      guard let id else {
        list(try await history.runs(limit: limit), invocation)
        return .done
      }
      guard let detail = try await history.detail(of: id, rejectLimit: limit) else {
        throw WarehouseError(
          .usage, "there is no run \(id)", hint: "`sparkify runs` lists the ones there are.")
      }
      show(detail, invocation)
      return .done
    }
  }

  private static func number(_ word: String?) throws(WarehouseError) -> Int? {
    guard let word else { return nil }
    guard let id = Int(word) else {
      throw WarehouseError(
        .usage, "\"\(word)\" is no run", hint: "Give the number that `sparkify runs` lists.")
    }
    return id
  }

  private static func list(_ runs: [RunRecord], _ invocation: Invocation) {
    if invocation.isJSON {
      for run in runs {
        var json = JSONText()
        json.object(run.jsonMembers)
        invocation.output.line(json.text)
      }
      return
    }
    let columns = [
      ResultColumn(name: "run", kind: .integer), ResultColumn(name: "state", kind: .text),
      ResultColumn(name: "stages", kind: .text), ResultColumn(name: "started (UTC)", kind: .text),
      ResultColumn(name: "took", kind: .text), ResultColumn(name: "by", kind: .text),
      ResultColumn(name: "error", kind: .text),
    ]
    let rows: [[String?]] = runs.map { run in
      [
        String(run.id), run.state.rawValue, run.selection,
        "\(run.startedAt.dateText) \(run.startedAt.clockText)",
        run.duration.map(Quantity.duration) ?? "", run.startedBy, firstLine(run.error),
      ]
    }
    RowPrinter(format: .table, output: invocation.output)
      .print(ResultSet(columns: columns, rows: rows))
  }

  private static func firstLine(_ text: String?) -> String {
    text.flatMap { $0.split(separator: "\n").first.map(String.init) } ?? ""
  }

  private static func show(_ detail: RunDetail, _ invocation: Invocation) {
    if invocation.isJSON {
      var json = JSONText()
      json.object(
        detail.run.jsonMembers + [
          ("stages", .array(detail.stages.map { .object($0.jsonMembers) })),
          ("checks", .array(detail.checks.map { .object($0.jsonMembers) })),
          ("reject_count", .integer(detail.rejectCount)),
          (
            "rejects",
            .array(
              detail.rejects.map {
                .object([("stage", .string($0.stage.rawValue))] + $0.reject.jsonMembers)
              })
          ),
        ])
      invocation.output.line(json.text)
      return
    }
    let output = invocation.output
    let run = detail.run
    func line(_ text: String) { output.line(output.data(text)) }
    line("run \(run.id): \(run.selection), \(run.state.rawValue)")
    line("  started \(run.startedAt.text) by \(run.startedBy)")
    if let duration = run.duration { line("  took \(Quantity.duration(duration))") }
    for text in (run.error ?? "").split(separator: "\n") { line("  \(text)") }
    line("stages")
    for stage in detail.stages {
      let rows = stage.summary?.rows.map { ", " + Quantity.counted($0, "row") } ?? ""
      let time = stage.summary.map { ", " + Quantity.duration($0.duration) } ?? ""
      line("  \(stage.stage.rawValue): \(stage.state.rawValue)\(rows)\(time)")
    }
    if !detail.checks.isEmpty { line("checks") }
    for check in detail.checks {
      line("  \(check.verdict.rawValue): \(check.title): \(check.detail)")
    }
    if detail.rejectCount > 0 {
      line("rejects (\(detail.rejects.count) of \(detail.rejectCount))")
    }
    for (stage, reject) in detail.rejects {
      let byte = reject.byteOffset.map { ", byte \($0)" } ?? ""
      let column = reject.column.map { ", column \($0)" } ?? ""
      line(
        "  \(stage.rawValue): \(reject.file), line \(reject.line)\(byte)\(column): "
          + reject.reason)
      line("    \(reject.rawText)\(reject.isCut ? "…" : "")")
    }
    line("configuration")
    for setting in run.configuration { line("  \(setting.key) = \(setting.value)") }
  }
}
