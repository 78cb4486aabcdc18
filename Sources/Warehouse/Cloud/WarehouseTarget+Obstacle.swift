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

  /// Asks AWS, once and on a thread of its own; nil when AWS does not tell either.
  static func asked(
    _ configuration: Configuration, _ observer: StatementObserver?
  ) async -> CloudObstacle? {
    guard let name = CloudName(configuration) else { return nil }
    let client = AWSClient(CloudName.settings(configuration), observer: observer)
    let calls = LiveCloudCalls(client: client)
    let cancellation = Cancellation()
    return try? await onThread(cancellation) { () throws(WarehouseError) in
      let region = try client.region
      switch name {
      case .cluster(let text):
        let redshift = RedshiftClient(calls: calls, cancellation: cancellation)
        return CloudObstacle(name, region: region, try redshift.cluster(text)?.state)
      case .workgroup(let text):
        let serverless = ServerlessClient(calls: calls, cancellation: cancellation)
        return CloudObstacle(name, region: region, try serverless.workgroup(text)?.state)
      }
    }
  }
}
