/// What differs between the engines in the stages of a run: stages ask the one at hand.
protocol LoadEngine: Sendable {
  /// The engine that it loads.
  var engine: Engine { get }

  /// How often a transaction is tried that another one was in the way of.
  var transactionAttempts: Int { get }

  /// What a session that builds begins with; the build schema is then first on its search path.
  var sessionSettings: [String] { get }

  /// What gives a session of a run its name in the server's lists.
  func nameStatement(run: String) -> String

  /// The words for what a run begins with, whatever it then does: login, lock, record.
  func opening(_ settings: RunSettings) -> [String]

  /// The words for what every run ends with.
  var closing: [String] { get }

  /// Makes the build anew: every table there is, empty. For one transaction.
  var createStatements: [String] { get }

  /// Replaces a table of the star by what its query gives.
  func load(_ table: StarTable) -> TableLoad

  /// What keeps a loaded table quick to read: outside transactions, and nothing depends on it.
  func careStatements(_ table: StarTable) -> [String]

  /// Makes the table of the row counts, empty, in place of an older one.
  var createRowCounts: [String] { get }

  /// The words for a stage's work on this engine: each statement, and in comments what else is done.
  func steps(_ stage: Stage, _ settings: RunSettings) -> [String]

  /// Takes the lock that keeps a second run off the warehouse.
  ///
  /// - Parameters:
  ///   - session: the session of the run's journal.
  ///   - open: opens another one, where the lock needs it.
  /// - Returns: the lock; nil when another run holds it.
  func acquireLock(
    on session: any Session, _ open: SessionOpener
  ) async throws(WarehouseError) -> (any RunLockHold)?

  /// Whether any run holds the lock.
  func isLockHeld(asSeenBy session: any Session) async throws(WarehouseError) -> Bool

  /// Ends the sessions of a run, for one that does not answer a cancel; those of no other run.
  func terminate(run: Int, on session: any Session) async throws(WarehouseError)

  /// Does `body` on a session of a stage; a cancel that the server does not follow is sent again in
  /// stronger words.
  func watch<Value: Sendable>(
    _ session: any Session, _ open: @escaping SessionOpener,
    _ body: () async throws(WarehouseError) -> Value
  ) async throws(WarehouseError) -> Value

  /// Reads the source of a staging table into it.
  func stage(
    _ table: StagingTable, _ execution: StageExecution
  ) async throws(WarehouseError) -> StageSummary

  /// Proves the keys of the build and takes its facts.
  func inspect(
    _ execution: StageExecution, on session: any Session
  ) async throws(WarehouseError) -> (keys: [CheckResult], facts: StarFacts)

  /// Puts the build in place of the published star.
  func publish(
    _ execution: StageExecution, on session: any Session
  ) async throws(WarehouseError)
}

/// The run lock, held: it dies with its holder, however that dies.
protocol RunLockHold: Sendable {
  /// How often to `confirm` the lock; nil where the server never takes it away.
  var heartbeat: Duration? { get }

  /// Makes sure that the lock is still held, and shows the server that its session is in use.
  ///
  /// - Throws: when it is lost; the run must end then.
  func confirm() async throws(WarehouseError)

  /// Gives the lock back. What fails here the server does by itself when the session ends.
  func release() async
}

extension Engine {
  /// How this engine does the stages of a run.
  func loading(_ design: RedshiftSettings = RedshiftSettings()) -> any LoadEngine {
    switch self {
    case .postgres: PostgresLoading()
    case .redshift: RedshiftLoading(design)
    }
  }
}

extension LoadEngine {
  /// What a session of a stage begins with, in the words of a dry run.
  var sessionOpening: [String] {
    ["-- on a session of its own"] + engine.connectStatements + [nameStatement(run: "N")]
      + sessionSettings + [CancelEscalation.watchStatement]
  }

  /// The statements of the stage `create`, as a dry run tells them.
  func createSteps(_ stage: Stage) -> [String] {
    sessionOpening + ["BEGIN"] + createStatements + BuildSchema.markStatements(stage.id)
      + ["COMMIT"]
  }

  /// The statements of the stage `check`, as a dry run tells them: around what this engine looks at.
  func checkSteps(_ stage: Stage, inspection: [String]) -> [String] {
    sessionOpening + ["BEGIN", BuildSchema.unmarkStatement(), "COMMIT"] + inspection
      + [JournalStatement.hasTable, BuildSchema.stagesQuery]
      + ["-- on the run's first session, a row for each check:", JournalStatement.checks.insert()]
      + ["-- on the stage's first session:", "BEGIN"] + createRowCounts
      + ["-- for each table:", TableDefinition.insertRowCount]
      + BuildSchema.markStatements(stage.id) + ["COMMIT"]
  }
}

extension Engine {
  /// What every session of the console begins with, before anything else is sent on it.
  var connectStatements: [String] {
    let start = self == .postgres ? SQLText.startSession : SQLText.startRedshiftSession
    return [SQLText.selectVersion, start].flatMap { StatementSplitter.split($0) }
      .map { piece in
        piece.text.split(separator: "\n").filter { !$0.hasPrefix("--") }.joined(separator: "\n")
      } + [WarehouseTarget.searchPathStatement]
  }
}

extension Session {
  /// Whether there is such a table; on both engines.
  func hasTable(_ name: TableName) async throws(WarehouseError) -> Bool {
    let count = try await execute(
      Statement(JournalStatement.hasTable, .text(name.schema.name), .text(name.table.name))
    ).scalar
    return count != "0"
  }
}
