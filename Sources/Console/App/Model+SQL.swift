extension Model {
  /// Takes in an answer for the SQL screen.
  mutating func take(_ message: SQLMessage) -> [Effect] {
    let requests = sql.take(message, context)
    // Whoever does something else meanwhile is not interrupted.
    if case .overlay? = requests.first, screen != .sql || !overlays.isEmpty { return [] }
    return requests.flatMap { fulfil($0) }
  }

  /// What the SQL screen needs: once a connection the names, and once at all the history.
  mutating func openSQL() -> [Effect] {
    guard screen == .sql, case .ready = connection else { return [] }
    var effects: [Effect] = []
    if sql.history.isEmpty { effects.append(.sql(.loadHistory)) }
    if namesConnectionID != connectionID {
      namesConnectionID = connectionID
      effects += sql.loadNames(context).flatMap { fulfil($0) }
    }
    return effects
  }
}
