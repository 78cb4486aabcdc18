import Warehouse

extension Model {
  /// How soon after one attempt to come back there is another.
  static let reconnectInterval = Duration.seconds(10)

  /// An answer did not come as there is no connection: the header says so, and one attempt is made
  /// to come back, which starts an embedded server again.
  mutating func noteLoss(_ message: Message) -> [Effect] {
    guard let error = message.lostConnection, case .ready = connection else { return [] }
    if let last = reconnectedAt, moment.uptime - last < Model.reconnectInterval {
      connection = .failed(error)
      return []
    }
    reconnectedAt = moment.uptime
    return connect()
  }
}

extension Message {
  /// Why an answer of the warehouse did not come, where there was no connection for it.
  var lostConnection: WarehouseError? {
    failure.flatMap { $0.kind == .connection ? $0 : nil }
  }

  private var failure: WarehouseError? {
    switch self {
    case .stagesLoaded(_, .failure(let error)), .runsLoaded(_, .failure(let error)),
      .runLoaded(_, .failure(let error)), .rejectsLoaded(_, .failure(let error)),
      .checkRowsLoaded(_, .failure(let error)), .failed(let error),
      .runEnded(.failed(_, let error)), .tables(.answered(_, _, .failure(let error))),
      .tables(.streamEnded(_, .failure(let error))), .queries(.ended(_, .failure(let error))),
      .queries(.explained(_, .failure(let error))), .sql(.ended(_, .failure(let error))),
      .sql(.namesLoaded(_, .failure(let error))):
      error
    default: nil
    }
  }
}
