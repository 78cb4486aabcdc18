import Synchronization
import Testing

@testable import Warehouse

@Suite("A dry run beside a real one")
struct DryRunOrderTests {
  /// What the sessions of a run sent, each in order.
  private final class Transcript: Sendable {
    private let sent = Mutex<[[String]]>([])

    var sessions: [[String]] { sent.withLock { $0 } }

    /// A session whose statements are noted.
    func open(_ settings: ConnectionSettings) async throws(WarehouseError) -> PostgresSession {
      let index = sent.withLock { sent in
        sent.append([])
        return sent.count - 1
      }
      let session = try await PostgresSession.connect(
        settings, observer: { self.note($0.sql, index) })
      try await session.execute(WarehouseTarget.searchPathStatement)
      return session
    }

    private func note(_ sql: String, _ index: Int) { sent.withLock { $0[index].append(sql) } }
  }

  private struct Comparison {
    /// What only the dry run has, and what only the real one.
    var onlyPlanned: [String]
    var onlySent: [String]
  }

  /// Runs stages, and compares what was sent with what their dry run says.
  private func compare(
    _ selection: StageSelection, _ source: SourceFolder, on warehouse: TestWarehouse,
    connections: Int
  ) async throws -> Comparison {
    let transcript = Transcript()
    let settings = RunSettings(
      eventSource: source.events, songSource: source.songs, connections: connections,
      startedBy: "test@here")
    let pipeline = Pipeline(
      settings: settings,
      open: { _ throws(WarehouseError) in try await transcript.open(warehouse.settings) },
      observe: { _ in })
    #expect(await pipeline.run(selection) == .succeeded)
    let steps = try DryRun(selection, engine: .postgres, settings: settings).steps
    // What begins a session is sent before anybody can listen.
    let unheard = Set(Engine.postgres.connectStatements.dropLast())
    let all = steps.filter { DryRun.terminated($0) != $0 }.map(Self.plain)
    let planned = all.filter { !unheard.contains($0) }
    let sessions = transcript.sessions.map { Self.once($0.map(Self.plain)) }
    #expect(sessions.count == all.filter { $0 == "SELECT version()" }.count)
    for session in sessions {
      var rest = planned[...]
      // Lanes record their stages as they come; what else a session sends has its order.
      let lanes = [JournalStatement.beginStage, JournalStatement.endStage]
      let isOrdered = selection == .only([.provision, .create])
      for statement in session where isOrdered || !lanes.contains(statement) {
        let place = rest.firstIndex(of: statement)
        #expect(place != nil, "\(selection.title): \(statement) is not planned, or not there")
        rest = rest[(place.map { $0 + 1 } ?? rest.startIndex)...]
      }
    }
    let sent = sessions.flatMap { $0 }
    return Comparison(
      onlyPlanned: Self.without(sent, planned), onlySent: Self.without(planned, sent))
  }

  /// The statement with one row where it inserts many, and the number of no run.
  private static func plain(_ sql: String) -> String {
    let oneRow = sql.replacing(/VALUES (\([^()]*\))(, \([^()]*\))+$/) { "VALUES \($0.1)" }
    return oneRow.replacing(/'sparkify run [0-9N]+'/, with: "'sparkify run N'")
  }

  /// The statement of the one loop counts once.
  private static func once(_ statements: [String]) -> [String] {
    let counts = statements.indices.filter { statements[$0] == TableDefinition.insertRowCount }
    return statements.indices.filter { !counts.dropFirst().contains($0) }.map { statements[$0] }
  }

  /// What is left of `all`, each as often as `some` has it less.
  private static func without(_ some: [String], _ all: [String]) -> [String] {
    var counts = some.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    return all.filter { statement in
      guard let count = counts[statement], count > 0 else { return true }
      counts[statement] = count - 1
      return false
    }
  }

  @Test("names what is sent, all of it and nothing else, in the order of every session")
  func order() async throws {
    let warehouse = try await TestWarehouse()
    let source = try SourceFolder.small(users: 6)
    let tables = StatementSplitter.split(SQLText.createOperations).map(\.text)

    let first = try await compare(.all, source, on: warehouse, connections: 2)
    #expect(first.onlySent == [])
    // There is no build and no published star yet.
    #expect(first.onlyPlanned.first == BuildSchema.stagesQuery)
    #expect(first.onlyPlanned.dropFirst().allSatisfy { $0.hasPrefix("LOCK TABLE") })
    #expect(first.onlyPlanned.count == 3)

    let create = try await compare(
      .only([.provision, .create]), source, on: warehouse, connections: 1)
    #expect(create.onlySent == [])
    #expect(create.onlyPlanned == tables + [BuildSchema.stagesQuery])

    let rest = try await compare(.from(.stageEvents), source, on: warehouse, connections: 1)
    #expect(rest.onlySent == [])
    #expect(rest.onlyPlanned == tables)
  }
}
