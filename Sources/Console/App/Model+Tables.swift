import Warehouse

extension Model {
  /// Asks for the tables while they are what is shown.
  mutating func refreshShownTables() -> [Effect] {
    guard screen == .tables, case .ready = connection else { return [] }
    return [tables.askList(at: moment.uptime)]
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
