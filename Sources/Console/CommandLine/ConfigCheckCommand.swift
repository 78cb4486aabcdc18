import Warehouse

extension Command {
  /// `config check`: everything there is to say about the configuration.
  static let configCheck = Command(
    name: "config check", usage: "", summary: "says what is set, from where, and what is wrong",
    details: """
      Reads the configuration and lists every finding at once, with file and line, and every value
      with its origin. Where a source lies in a bucket it says what that will be asked with: region,
      address, and where the keys come from; nobody is asked. Secrets show as dots. Exit status 2
      when there is an error.
      """,
    options: [Option(name: "--json", value: nil, help: "as JSON")]
  ) { invocation throws(WarehouseError) in
    try invocation.arguments.requireWords(atMost: 0)
    let report = Configuration.inspect(invocation.configurationOptions)
    if invocation.isJSON {
      write(report, to: invocation.output)
    } else {
      show(report, on: invocation.output)
    }
    return report.hasErrors ? .misused : .done
  }

  private static func show(_ report: ConfigurationReport, on output: Output) {
    for finding in report.findings { output.line(output.words(finding.text)) }
    if !report.findings.isEmpty { output.line() }
    let columns = [
      ResultColumn(name: "setting", kind: .text), ResultColumn(name: "value", kind: .text),
      ResultColumn(name: "from", kind: .text),
    ]
    let rows: [[String?]] = report.configuration.entries.filter { $0.value != nil }.map { entry in
      [entry.id.rawValue, entry.value, entry.origin.text]
    }
    RowPrinter(format: .table, output: output).print(ResultSet(columns: columns, rows: rows))
    showBuckets(report.configuration, on: output)
    output.line()
    for (label, value) in facts(report) { output.line(label.padded(11) + output.data(value)) }
  }

  /// What was read, and what it leads to as far as it is right.
  private static func facts(_ report: ConfigurationReport) -> [(label: String, value: String)] {
    let configuration = report.configuration
    let files = [configuration.path, configuration.localPath].compactMap { $0 }
    let read = ("read", files.isEmpty ? "no file" : files.joined(separator: ", "))
    guard !report.hasErrors else { return [read] }
    let sources = configuration.sources
    return [
      read, ("warehouse", warehouse(configuration)),
      ("events", sources.logData?.text ?? "sample data"),
      ("songs", sources.songData?.text ?? "sample data"),
    ]
  }

  /// The warehouse that a command would work on.
  private static func warehouse(_ configuration: Configuration) -> String {
    switch configuration.target {
    case .server:
      return ConnectionSettings(configuration.server).title
    case .embedded:
      guard let name = CloudName(configuration) else { return "embedded" }
      return "\(name.text) at AWS, whose HOST is not known yet"
    }
  }

  /// The buckets of the sources, and what each will be asked with.
  private static func buckets(
    _ configuration: Configuration
  ) -> [(name: String, facts: [(label: String, value: String)])] {
    let sources = configuration.sources
    var names: [String] = []
    for case .s3(let bucket, _)? in [sources.logData, sources.songData]
    where !names.contains(bucket) { names.append(bucket) }
    guard !names.isEmpty else { return [] }
    let client = AWSClient(configuration.aws)
    return names.map { ($0, client.resolution(for: $0)) }
  }

  private static func showBuckets(_ configuration: Configuration, on output: Output) {
    for bucket in buckets(configuration) {
      output.line()
      output.line(output.data("s3://\(bucket.name) is asked with"))
      for line in FactList.lines(bucket.facts.map { Fact($0.label, $0.value) }) {
        output.line(output.data("  " + line.text))
      }
    }
  }

  private static func write(_ report: ConfigurationReport, to output: Output) {
    var json = JSONText()
    json.object([
      ("path", JSONValue(report.configuration.path)),
      ("local_path", JSONValue(report.configuration.localPath)),
      (
        "warehouse",
        report.hasErrors ? .null : .string(warehouse(report.configuration))
      ),
      ("has_errors", .boolean(report.hasErrors)),
      (
        "findings",
        .array(
          report.findings.map { finding in
            .object([
              ("severity", .string("\(finding.severity)")),
              ("origin", .string(finding.origin.text)),
              ("message", .string(finding.message)), ("hint", JSONValue(finding.hint)),
            ])
          })
      ),
      (
        "settings",
        .array(
          report.configuration.entries.map { entry in
            .object([
              ("key", .string(entry.id.rawValue)), ("value", JSONValue(entry.value)),
              ("origin", .string(entry.origin.text)),
            ])
          })
      ),
      (
        "buckets",
        .array(
          buckets(report.configuration).map { bucket in
            .object([("name", .string(bucket.name))] + bucket.facts.map { ($0, .string($1)) })
          })
      ),
    ])
    output.line(json.text)
  }
}
