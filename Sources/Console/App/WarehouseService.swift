import Warehouse

/// All that the console asks of the warehouse. Calls come from tasks, never from the first thread;
/// cancelling the task cancels the work.
protocol WarehouseService: TablesService, QueriesService, SQLService, SourcesService,
  ClusterService, ExportService
{
  /// Hears every statement that runs from now on, for the command log. Called once, at the start.
  func observeStatements(_ observer: @escaping StatementObserver)

  /// Connects, and starts the embedded cluster first where that is the target. `report` hears a
  /// line for each step that takes time ("starting PostgreSQL").
  ///
  /// Called again after it failed and after the configuration was read again.
  func connect(
    _ report: @escaping @Sendable (String) -> Void
  ) async throws(WarehouseError) -> ServerDescription

  /// The stages that this target has, in order. Works without a connection; then there are no
  /// past runs.
  func stages() async throws(WarehouseError) -> [StageDescription]

  /// Runs stages to their end. Returns once the server has stopped, also when it was cancelled.
  func run(
    _ selection: StageSelection, observer: @escaping PipelineObserver
  ) async -> RunOutcome

  /// Ends the sessions of a run at the server, for a server that does not answer a cancel.
  func terminateRun(_ id: Int) async throws(WarehouseError)

  /// The latest runs, the newest first.
  func runs(limit: Int) async throws(WarehouseError) -> RunPage

  /// Everything that is recorded of one run.
  func runDetail(_ id: Int) async throws(WarehouseError) -> RunDetail

  /// The recorded rejects of a run, of one stage or of all.
  func rejects(
    run: Int, stage: StageID?, limit: Int
  ) async throws(WarehouseError) -> RejectPage

  /// The rows that a check of a run is about, read from the star that it judged.
  func checkRows(
    run: Int, check: String, limit: Int
  ) async throws(WarehouseError) -> CheckRows

  /// How many rejects a stage may have, for the next run; the file is left as it is.
  func setMaxRejects(_ count: Int) async throws(WarehouseError)

  /// Reads the configuration again. What follows uses it; the console connects again by itself.
  func reloadConfiguration() async throws(WarehouseError)
}

/// What answers at the other end.
struct ServerDescription: Equatable, Sendable {
  /// Where it is: "embedded", or the host's name.
  var target: String
  /// What it is: "PostgreSQL 15.18".
  var product: String
}

/// What the Pipeline screen knows of a stage before it runs.
struct StageDescription: Equatable, Sendable {
  var id: StageID
  /// What it does, in a line or two.
  var about: String
  /// The stages that must be done before it.
  var dependsOn: [StageID]
  /// Its statements as they would be sent, in order.
  var sql: [String]
  /// What is recorded of it, the newest first.
  var pastRuns: [StageRecord]
  /// Why it cannot run alone now ("needs create: there is no schema sparkify_build"); nil when it
  /// can.
  var obstacle: String?
  /// How it stands in the build that is open; nil when none is, or it does no work there.
  var build: BuildPart?
  /// Which stages run beside it.
  var lane = Lane.alone
}

/// Runs, as far as they were asked for.
struct RunPage: Equatable, Sendable {
  var runs: [RunRecord]
  /// Whether there are more.
  var isTruncated: Bool
}

/// Rejects, as far as they were asked for.
struct RejectPage: Equatable, Sendable {
  /// A reject and the stage that it came from.
  struct Item: Equatable, Sendable {
    var stage: StageID
    var reject: Reject
  }
  var items: [Item]
  /// How many there are in all.
  var total: Int
}
