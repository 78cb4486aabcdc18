/// A screen, by the number that switches to it.
enum ScreenID: Int, CaseIterable, Sendable {
  case cluster = 1
  case pipeline = 2
  case tables = 3
  case queries = 4
  case sql = 5
  case sources = 6
  case runs = 7

  /// Its name on the tab.
  var title: String {
    switch self {
    case .cluster: "Cluster"
    case .pipeline: "Pipeline"
    case .tables: "Tables"
    case .queries: "Queries"
    case .sql: "SQL"
    case .sources: "Sources"
    case .runs: "Runs"
    }
  }
}

/// What a person can have done. Keys and the palette name it; screens and the model do it.
enum Action: Hashable, Sendable {
  // Everywhere.
  case quit, interrupt, back, help, palette, log, showError, suspend, repaint, cancelExport
  case nextScreen, previousScreen
  case show(ScreenID)
  case useTheme(Theme)

  // In lists and texts.
  case move(Movement)
  case left, right, open, copy
  case filter, findNext, findPrevious

  // Pipeline.
  case runStage, runAll, runFromHere, cancelRun, showSQL, showRejects, setMaxRejects, followRun
  case logUp, logDown

  // Cluster.
  case provision, editConfiguration, reload
  case cluster(ClusterAction)

  // Runs.
  case mark, compare, refresh

  // Grids and results.
  case grid(GridAction)
  case result(ResultAction)

  // Screens with actions of their own.
  case tables(TablesAction)
  case queries(QueriesAction)
  case sql(SQLAction)
  case sources(SourcesAction)

  // The demo.
  case demo(DemoAction)

  // Dialogs.
  case accept
  case choose(Int)

  /// Whether it only moves the cursor of an editor.
  var isMove: Bool {
    if case .sql(.edit(.move)) = self { true } else { false }
  }
}
