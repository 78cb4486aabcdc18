extension Model {
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
