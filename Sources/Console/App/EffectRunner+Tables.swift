import Warehouse

extension EffectRunner {
  /// Asks, or stops asking.
  func performTables(_ effect: TablesEffect) {
    let service = service
    switch effect {
    case .ask(let channel, let id, let question):
      fetch(.tables(channel), { .tables(.answered(channel, id, $0)) }) {
        () async throws(WarehouseError) in
        try await service.answer(question, on: channel)
      }
    case .cancel(let channel): cancel(.tables(channel))
    }
  }
}
