/// Why a warehouse in the cloud does not answer.
extension WarehouseTarget {
  /// The error with what AWS says about the warehouse, where that is why nothing answers: one that is
  /// paused, or being made, says nothing itself.
  func explainedByCloud(_ error: WarehouseError) async -> WarehouseError {
    guard error.kind == .connection, error.sqlState == nil, error.serviceCode == nil,
      let obstacle = await CloudObstacle.asked(configuration, observer)
    else { return error }
    var explained = error
    explained.detail = [error.detail, obstacle.words].compactMap { $0 }.joined(separator: "\n")
    explained.hint = obstacle.remedy
    return explained
  }
}

/// Why a warehouse in the cloud cannot answer.
struct CloudObstacle: Sendable, Equatable {
  /// "the cluster dwh is paused"
  var words: String
  /// What would help.
  var remedy: String

  /// Nil when it runs: then something else is wrong.
  init?(_ name: CloudName, region: String, _ state: CloudState?) {
    guard let state else {
      words = "there is no \(name.title.dropFirst(4)) in \(region)"
      remedy = "Run `sparkify cluster provision`, or correct its name and AWS.REGION."
      return
    }
    words = "\(name.title) is \(state.word)"
    switch state {
    case .available: return nil
    case .paused: remedy = "Resume it: `sparkify cluster resume`."
    case .changing: remedy = "Wait until it is available; that takes some minutes."
    case .leaving: remedy = "Wait until it is gone, then `sparkify cluster provision`."
    case .broken: remedy = "Look at its events in AWS's console."
    }
  }

  /// Asks AWS, once; nil when AWS does not tell either.
  static func asked(
    _ configuration: Configuration, _ observer: StatementObserver?
  ) async -> CloudObstacle? {
    guard let status = try? await CloudStatus.asked(configuration, observer: observer) else {
      return nil
    }
    return CloudObstacle(status.name, region: status.region, status.state)
  }
}
