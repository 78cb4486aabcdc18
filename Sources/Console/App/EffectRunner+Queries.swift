import Warehouse

extension EffectRunner {
  /// Begins what the Queries screen asks for. Returns at once.
  func perform(_ effect: QueriesEffect) {
    let (service, mailbox) = (service, mailbox)
    switch effect {
    case .list(let id):
      start(.savedQueries) { mailbox.post(.queries(.listed(id, await service.savedQueries()))) }
    case .run(let id, let run, let limit):
      let gate = newGate(in: queryGate, limit: limit)
      fetch(.query, { .queries(.ended(id, $0)) }) { () async throws(WarehouseError) in
        try await service.runQuery(run, for: .queries, gate: gate) {
          mailbox.post(.queries(.event(id, $0)))
        }
      }
    case .fetchMore(let count): queryGate.withLock { _ = $0?.open(for: count) }
    case .release: queryGate.withLock { $0?.close() }
    case .cancel: cancel(.query)
    case .cancelPlan: cancel(.plan)
    case .terminate:
      change(as: .terminate(.queries)) { () async throws(WarehouseError) in
        try await service.terminateQueries(of: .queries)
      }
    case .explain(let id, let statement, let analyze):
      fetch(.plan, { .queries(.explained(id, $0)) }) { () async throws(WarehouseError) in
        try await service.explain(statement, analyze: analyze, for: .queries)
      }
    case .create(let name, let text):
      fetch(.copyQuery, { .queries(.created($0)) }) { () async throws(WarehouseError) in
        try await service.createQuery(name, text)
      }
    case .copy(let name, let copy):
      fetch(.copyQuery, { .queries(.copied($0)) }) { () async throws(WarehouseError) in
        try await service.copyQuery(name, to: copy)
      }
    }
  }
}
