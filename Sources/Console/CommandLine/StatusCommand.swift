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
  ) async throws(WarehouseError) -> [(label: String, value: String)] {
    let history = RunHistory(session)
    var facts = [("target", target.cluster == nil ? "server" : "embedded")]
    facts.append(("server", await session.version))
    if let cluster = try await target.cluster?.status() {
      facts.append(("data", "\(cluster.dataFolder), \(Quantity.bytes(cluster.bytes))"))
    } else {
      facts.append(("host", ConnectionSettings(target.configuration.server).title))
    }
    facts.append(("state folder", stateFolder.path))
    let publication = try await history.publication()
    facts.append(
      ("published", publication.map { "run \($0.runID), \($0.at.text)" } ?? "nothing yet"))
    let last = try await history.runs(limit: 1).first
    facts.append(
      (
        "last run",
        last.map { "run \($0.id) (\($0.selection)): \($0.state.rawValue)" } ?? "none"
      ))
    return facts.map { (label: $0.0, value: $0.1) }
  }

  private static func show(
    _ facts: [(label: String, value: String)], _ invocation: Invocation
  ) {
    let output = invocation.output
    if invocation.isJSON {
      var json = JSONText()
      json.object(facts.map { ($0.label.replacingBlanks, .string($0.value)) })
      output.line(json.text)
      return
    }
    let width = facts.map(\.label.count).max() ?? 0
    for fact in facts {
      let blanks = String(repeating: " ", count: width - fact.label.count + 2)
      output.line(fact.label + blanks + output.data(fact.value))
    }
  }
}

extension String {
  /// With underscores for blanks, as names in JSON are written.
  fileprivate var replacingBlanks: String { String(map { $0 == " " ? "_" : $0 }) }
}
