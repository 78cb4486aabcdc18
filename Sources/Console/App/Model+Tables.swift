import Warehouse

extension Model {
  /// Asks for the tables while they are what is shown.
  mutating func refreshShownTables() -> [Effect] {
    guard screen == .tables, case .ready = connection else { return [] }
    return [tables.askList(at: moment.uptime)]
  }

  /// Asks for the tables again while the star is shown and a run goes on, here or elsewhere: its
  /// counts follow the run.
  mutating func watchTables() -> [Effect] {
    guard tablesFollowRun, moment.uptime - tables.listedAt >= TablesScreen.listingInterval else {
      return []
    }
    return refreshShownTables()
  }

  /// A stage is done: its tables are there.
  mutating func refreshFollowingTables() -> [Effect] {
    tablesFollowRun ? refreshShownTables() : []
  }

  /// Whether the star is shown while a run goes on.
  var tablesFollowRun: Bool {
    screen == .tables && tables.view == nil && !tables.list.isLoading
      && (pipeline.isRunning || pipeline.foreignRun != nil)
  }

  /// Takes an answer for the Tables screen.
  mutating func take(_ message: TablesMessage) -> [Effect] {
    let context = context
    return tables.take(message, context).flatMap { fulfil($0) }
  }

  /// Takes what was typed for the Tables screen.
  mutating func enter(_ entry: TablesEntry, _ text: String) -> [Effect] {
    overlays.removeLast()
    let context = context
    return tables.enter(entry, text, context).flatMap { fulfil($0) }
  }
}
