import Warehouse

/// A moment, told from outside: the model has no clock.
struct Moment: Equatable, Sendable {
  /// Since the program began: never set back.
  var uptime: Duration
  /// The time of day.
  var time: Timestamp
}

/// What happened.
enum Message: Equatable, Sendable {
  // The person.
  case key(Key)
  case paste(String)
  case click(Target)
  /// The wheel over a pane, by so many rows.
  case wheel(Target, Int)

  // The world.
  case resized(Size)
  case tick(Moment)
  case ended(Int32)
  case statement(StatementRecord)

  // Answers to effects.
  case connecting(Int, String)
  case connected(Int, Result<ServerDescription, WarehouseError>)
  case statusLoaded(Int, WarehouseStatus)
  case stagesLoaded(Int, Result<[StageDescription], WarehouseError>)
  case pipeline(PipelineEvent)
  case runEnded(RunOutcome)
  case runsLoaded(Int, Result<RunPage, WarehouseError>)
  case runLoaded(Int, Result<RunDetail, WarehouseError>)
  case rejectsLoaded(Int, Result<RejectPage, WarehouseError>)
  case checkRowsLoaded(Int, Result<CheckRows, WarehouseError>)
  case sources(SourcesMessage)
  case cluster(ClusterMessage)
  case maxRejectsSet(Int)
  case configurationReloaded
  case tables(TablesMessage)
  /// The editor is closed; nil when all went well.
  case edited(WarehouseError?)
  case sql(SQLMessage)
  case failed(WarehouseError)
  case queries(QueriesMessage)
  case export(ExportMessage)
}

/// What should be done.
enum Effect: Equatable, Sendable {
  // By the loop, which owns the terminal.
  case copy(String)
  /// Opens a file in the person's editor.
  case edit(String)
  /// Opens a text there, and brings it back.
  case editText(String)
  case suspend
  case repaint
  case useTheme(Theme)

  // By the runner; the number comes back with the answer.
  case connect(Int)
  case loadStatus(Int)
  case loadStages(Int)
  case run(StageSelection)
  case cancelRun
  case terminateRun(Int)
  case loadRuns(Int, limit: Int)
  case loadRun(Int, id: Int)
  case loadRejects(Int, run: Int, stage: StageID?, limit: Int)
  case loadCheckRows(Int, run: Int, check: String, limit: Int)
  case cancelCheckRows
  case sources(SourcesEffect)
  case cluster(ClusterEffect)
  case setMaxRejects(Int)
  case reloadConfiguration
  case tables(TablesEffect)
  case queries(QueriesEffect)
  case sql(SQLEffect)
  case export(ExportEffect)
}
