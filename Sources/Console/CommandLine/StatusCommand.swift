import Warehouse

extension Command {
  /// `status`: where the warehouse is and how it stands.
  static let status = Command(
    name: "status", usage: "", summary: "says where the warehouse is and what it holds",
    details: """
      Connects to the warehouse (an embedded one is started for it) and says what answers, which
      run is published, and how the last run ended.
      """,
    options: [Option(name: "--json", value: nil, help: "as JSON")]
  ) { invocation throws(WarehouseError) in
    try invocation.arguments.requireWords(atMost: 0)
    return try await invocation.withWarehouse { (target) throws(WarehouseError) in
      let session = try await target.openSession { line in invocation.output.talk(line) }
      do throws(WarehouseError) {
        let facts = try await facts(of: target, session, invocation.stateFolder)
        show(facts, invocation)
        await session.close()
        return .done
      } catch {
        await session.close()
        throw error
      }
    }
  }

  private static func facts(
    of target: WarehouseTarget, _ session: PostgresSession, _ stateFolder: StateFolder
  ) async throws(WarehouseError) -> [StatusFact] {
    let history = RunHistory(session)
    let cluster = try await target.cluster?.status()
    let publication = try await history.publication()
    let last = try await history.runs(limit: 1).first
    return [
      StatusFact("target", target.cluster == nil ? "server" : "embedded"),
      StatusFact("server", await session.version),
      cluster.map { cluster in
        StatusFact(
          "data", "\(cluster.dataFolder), \(Quantity.bytes(cluster.bytes))",
          [
            ("data_folder", .string(cluster.dataFolder)), ("data_bytes", .integer(cluster.bytes)),
          ])
      } ?? StatusFact("host", ConnectionSettings(target.configuration.server).title),
      StatusFact("state folder", stateFolder.path),
      StatusFact(
        "published", publication.map { "run \($0.runID), \($0.at.text)" } ?? "nothing yet",
        [
          ("published_run", JSONValue(publication?.runID)),
          ("published_at", JSONValue(publication?.at.text)),
        ]),
      StatusFact(
        "last run", last.map { "run \($0.id) (\($0.selection)): \($0.state.rawValue)" } ?? "none",
        [
          ("last_run_number", JSONValue(last?.id)),
          ("last_run_selection", JSONValue(last?.selection)),
          ("last_run_state", JSONValue(last?.state.rawValue)),
          ("last_run_started_at", JSONValue(last?.startedAt.text)),
        ]),
    ]
  }

  private static func show(_ facts: [StatusFact], _ invocation: Invocation) {
    let output = invocation.output
    if invocation.isJSON {
      var json = JSONText()
      json.object(facts.flatMap(\.members))
      output.line(json.text)
      return
    }
    let width = facts.map(\.label.count).max() ?? 0
    for fact in facts {
      output.line(fact.label.padded(width + 2) + output.data(fact.value))
    }
  }
}

/// One thing that `status` says.
private struct StatusFact {
  let label: String
  let value: String
  /// For machines: the sentence, under the label with underscores for blanks, and its parts.
  let members: [(String, JSONValue)]

  init(_ label: String, _ value: String, _ parts: [(String, JSONValue)] = []) {
    self.label = label
    self.value = value
    members = [(String(label.map { $0 == " " ? "_" : $0 }), .string(value))] + parts
  }
}
