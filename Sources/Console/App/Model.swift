import Warehouse

/// How the console stands to the warehouse.
enum Connection: Equatable, Sendable {
  case connecting(String)
  case ready(ServerDescription)
  case failed(WarehouseError)
}

/// A line at the foot of the screen.
enum Notice: Equatable, Sendable {
  /// Good to know; goes with the next key.
  case info(String)
  /// Stays until Esc, or until Enter has shown it in full.
  case error(WarehouseError)
}

/// All that the program knows, as one value. Only the loop changes it.
struct Model: Sendable {
  var size: Size
  let glyphs: GlyphSet
  var moment: Moment
  var screen: ScreenID
  var cluster = ClusterScreen()
  var pipeline = PipelineScreen()
  var queries = QueriesScreen()
  var sql = SQLScreen()
  var sources = SourcesScreen()
  var runs = RunsScreen()
  var tables = TablesScreen()
  /// What lies over the screen; the last on top.
  var overlays: [Overlay] = []
  var notice: Notice?
  var lastError: WarehouseError?
  var connection = Connection.connecting("connecting")
  var connectionID = 0
  /// When the last attempt was made to come back after the connection was lost.
  var reconnectedAt: Duration?
  /// The file that is being written, of all screens.
  var export: ExportProgress?
  /// The number of the last file.
  var exportID = 0
  /// The connection whose names the SQL screen asked for.
  var namesConnectionID = 0
  var statements = StatementLog()
  /// The guided walk, while it goes on.
  var demo: DemoWalk?
  private var runsLoadedAt = Duration.zero
  /// When somebody last did something here, or something that was done came to its end.
  var lastUse = Duration.zero
  /// When AWS was last asked how a warehouse on its way stands.
  var cloudLookedAt = Duration.zero
  /// Whether the program ends as soon as AWS was asked to pause the cluster.
  var quitsAfterPause = false
  /// Whether the program ends as soon as the run has stopped.
  var quitsAfterRun = false
  /// Whether the program ends as soon as the file that is being written is gone.
  var quitsAfterExport = false
  /// Set once the program shall end.
  var exitStatus: Int32?

  /// The least room in which the screens can be read.
  static let leastSize = Size(columns: 40, rows: 10)

  /// A model at the start.
  init(size: Size, glyphs: GlyphSet, moment: Moment, screen: ScreenID = .pipeline) {
    self.size = size
    self.glyphs = glyphs
    self.moment = moment
    self.screen = screen
  }

  /// What is asked for at the start. Nothing on the screen waits for it.
  mutating func start() -> [Effect] {
    // The folder of queries needs no connection.
    let files = screen == .queries ? refreshQueries() : []
    return connect() + refreshStages() + refreshStatus() + files
  }

  // MARK: Asking

  mutating func connect() -> [Effect] {
    connectionID += 1
    connection = .connecting("connecting")
    return [.connect(connectionID)]
  }

  mutating func refreshStages() -> [Effect] {
    [.loadStages(pipeline.stages.begin(at: moment.uptime))]
  }

  mutating func refreshStatus() -> [Effect] {
    [.loadStatus(cluster.status.begin(at: moment.uptime))]
  }

  mutating func refreshRuns() -> [Effect] {
    runsLoadedAt = moment.uptime
    return [.loadRuns(runs.page.begin(at: moment.uptime), limit: runs.limit)]
  }

  // MARK: Looking

  /// What the screens may know.
  var context: Context {
    let body = Rect(row: 1, column: 0, rows: max(0, bounds.rows - 2), columns: size.columns)
    return Context(
      moment: moment, body: body, glyphs: glyphs, notConnected: connection.obstacle,
      connectionError: connection.error, isRunning: pipeline.isRunning, pauseDue: pauseDue)
  }

  /// Where keys count, the innermost first.
  var places: [Place] {
    let demo: [Place] = demoTakesKeys ? [.demo] : []
    guard let top = overlays.last else { return demo + [.screen(screen), .lists, .everywhere] }
    let inner = Place.overlay(top.kind)
    return top.kind.isTyped || top.kind == .choice ? [inner] : demo + [inner, .lists, .everywhere]
  }

  /// How often the clock is wanted: while something goes on whose time is shown.
  var clockInterval: Duration? {
    if let interval = demo?.clockInterval { return interval }
    if pipeline.isRunning || queries.isRunning || sql.isRunning { return .milliseconds(100) }
    if screen == .tables, tables.isLoading { return .milliseconds(100) }
    if export != nil { return .milliseconds(100) }
    if case .connecting = connection { return .milliseconds(100) }
    if screen == .queries { return QueriesScreen.listingInterval }
    if let interval = clusterInterval { return interval }
    if screen == .sources, sources.isBusy { return .milliseconds(100) }
    if screen == .runs, runs.showsRunningRun { return Model.foreignRunInterval }
    if tablesFollowRun { return TablesScreen.listingInterval }
    return pipeline.foreignRun == nil ? nil : Model.foreignRunInterval
  }

  /// How often a run of another console, or the record of one that goes on, is looked at.
  static let foreignRunInterval = Duration.seconds(5)

  /// Reads the run that is shown again while it goes on.
  mutating func watchShownRun() -> [Effect] {
    screen == .runs ? runs.watch(at: moment.uptime) : []
  }

  /// Looks whether a run of another console still goes on.
  mutating func watchForeignRun() -> [Effect] {
    guard pipeline.foreignRun != nil, !runs.page.isLoading,
      moment.uptime - runsLoadedAt >= Model.foreignRunInterval
    else { return [] }
    return refreshRuns()
  }

  /// Lets the screen that is shown do something.
  mutating func withScreen<Value>(_ body: (inout any Screen) -> Value) -> Value {
    var shown = currentScreen
    defer { put(shown) }
    return body(&shown)
  }

  /// The screen that is shown.
  var currentScreen: any Screen { self[screen] }

  /// A screen by its name.
  subscript(_ id: ScreenID) -> any Screen {
    switch id {
    case .cluster: cluster
    case .pipeline: pipeline
    case .queries: queries
    case .sql: sql
    case .sources: sources
    case .runs: runs
    case .tables: tables
    }
  }

  mutating func put(_ shown: any Screen) {
    switch shown {
    case let shown as ClusterScreen: cluster = shown
    case let shown as PipelineScreen: pipeline = shown
    case let shown as QueriesScreen: queries = shown
    case let shown as SQLScreen: sql = shown
    case let shown as SourcesScreen: sources = shown
    case let shown as RunsScreen: runs = shown
    case let shown as TablesScreen: tables = shown
    default: break
    }
  }
}

extension Connection {
  /// Why nothing can be asked; nil when it can.
  var obstacle: String? {
    switch self {
    case .connecting: "not connected yet"
    case .failed: "not connected; ! says why"
    case .ready: nil
    }
  }

  /// What was said when it failed.
  fileprivate var error: WarehouseError? {
    if case .failed(let error) = self { error } else { nil }
  }
}
