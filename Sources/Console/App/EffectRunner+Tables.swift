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
    case .stream(let id, let run, let limit):
      let gate = newGate(in: tablesGate, limit: limit)
      let mailbox = mailbox
      fetch(.tables(.pages), { .tables(.streamEnded(id, $0)) }) {
        () async throws(WarehouseError) in
        try await service.runQuery(run, for: .tables, gate: gate) {
          mailbox.post(.tables(.streamed(id, $0)))
        }
      }
    case .streamMore(let count): tablesGate.withLock { _ = $0?.open(for: count) }
    case .releaseStream: tablesGate.withLock { $0?.close() }
    }
  }
}
