import Warehouse

extension Model {
  /// Takes in what happened, and says what should be done.
  mutating func update(_ message: Message) -> [Effect] {
    let before = screen
    var effects = take(in: message)
    effects += walk()
    if before == .sources, screen != .sources {
      effects += sources.leave().map { .sources($0) }
    }
    if screen == .sources {
      effects += sources.wanted(at: moment.uptime).map { .sources($0) }
    }
    layTexts()
    return effects
  }
}
