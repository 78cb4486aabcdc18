import Warehouse

extension EffectRunner {
  /// Begins what the SQL screen asks for.
  func performSQL(_ effect: SQLEffect) {
    let service = service
    let mailbox = mailbox
    switch effect {
    case .run(let id, let sql, let access, let limit):
      let gate = newGate(in: sqlGate, limit: limit)
      fetch(.sql, { .sql(.ended(id, $0)) }) { () async throws(WarehouseError) in
        try await service.runQuery(QueryRun([Statement(sql)], access: access), gate: gate) {
          mailbox.post(.sql(.came(id, $0)))
        }
      }
    case .more(let count): sqlGate.withLock { _ = $0?.open(for: count) }
    case .release: sqlGate.withLock { $0?.close() }
    case .cancel: cancel(.sql)
    case .terminate:
      change { () async throws(WarehouseError) in try await service.terminateQueries() }
    case .loadNames(let id):
      fetch(.sqlNames, { .sql(.namesLoaded(id, $0)) }) { () async throws(WarehouseError) in
        try await service.catalogNames()
      }
    case .loadHistory:
      start(.sqlHistory) { mailbox.post(.sql(.historyLoaded(await service.sqlHistory()))) }
    case .remember(let sql):
      change { () async throws(WarehouseError) in
        mailbox.post(.sql(.historyLoaded(try await service.rememberSQL(sql))))
      }
    }
  }
}
