import Warehouse

extension Command {
  /// `runs`: what the pipeline remembers.
  static let runs = Command(
    name: "runs", usage: "[ID]", summary: "lists the recorded runs, or all about one",
    details: """
      Lists the recorded runs, the newest first. With a run's number: its stages, checks and
      rejects, and the configuration that it ran with. With --check: the rows that one of its checks
      is about, as long as the star is there that it judged.
      """,
    options: [
      Option(
        name: "--limit", value: "N", help: "so many runs, rejects or rows at most (default 20)"),
      Option(name: "--check", value: "NAME", help: "the rows that a check of the run is about"),
      Option(
        name: "--format", value: "table|csv|json|jsonl|markdown",
        help:
          "how the list, or those rows, are written; a check's are csv where there is no terminal"),
      Option(
        name: "--json", value: nil,
        help: "as JSON: a run a line, with its configuration, or all about one"),
    ]
  ) { invocation throws(WarehouseError) in
    try invocation.arguments.requireWords(atMost: 1)
    let limit = try invocation.arguments.integer("--limit", in: 1...1_000_000) ?? 20
    let id = try number(invocation.arguments.words.first)
    let check = invocation.arguments.value("--check")
    let format = try OutputFormat(invocation)
    let isFormatted = invocation.arguments.value("--format") != nil
    guard id == nil || check != nil || !isFormatted else {
      throw WarehouseError(
        .usage, "all about one run is no list of rows",
        hint: "--json writes it for machines; --format goes with the list and with --check.")
    }
    guard check == nil || id != nil else {
      throw WarehouseError(
        .usage, "a check is one of a run",
        hint: "Give the run's number too: runs 5 --check users-complete.")
    }
    return try await invocation.withSession { (session) throws(WarehouseError) in
      let history = RunHistory(session)
      if let check, let id {
        show(try await history.rows(of: check, run: id, limit: limit), format, invocation)
        return .done
      }
      guard let id else {
        let runs = try await history.runs(limit: limit)
        if isFormatted, case .rows = format {
          RowPrinter(format: format, output: invocation.output).print(ResultSet(runs: runs))
        } else {
          list(runs, invocation)
        }
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

  private static func show(
    _ found: CheckRows, _ format: OutputFormat, _ invocation: Invocation
  ) {
    let check = found.check
    let count = found.rows.rows.count
    let shown = found.rows.isTruncated ? "first \(count) rows" : Quantity.counted(count, "row")
    invocation.output.talk(
      "\(check.verdict.rawValue): \(check.title): \(check.detail) (\(shown), in \(found.schema))")
    RowPrinter(format: format, output: invocation.output).print(found.rows)
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
    func line(_ text: String) { output.line(output.words(text)) }
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
      let rows = check.hasRows ? " (--check \(check.name) shows the rows)" : ""
      line("  \(check.verdict.rawValue): \(check.title): \(check.detail)\(rows)")
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

extension ResultSet {
  /// Runs as rows for machines, under the names of `--json`.
  fileprivate init(runs: [RunRecord]) {
    let columns: [(String, ColumnKind)] = [
      ("run", .integer), ("state", .text), ("selection", .text), ("started_at", .text),
      ("seconds", .number), ("started_by", .text), ("error", .text),
    ]
    self.init(
      columns: columns.map { ResultColumn(name: $0.0, kind: $0.1) },
      rows: runs.map { run in
        [
          String(run.id), run.state.rawValue, run.selection, run.startedAt.text,
          run.duration.map { String($0.seconds) }, run.startedBy, run.error,
        ]
      })
  }
}
