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
        let run = QueryRun([Statement(sql)], access: access)
        let receive: @Sendable (QueryRun.Event) -> Void = { mailbox.post(.sql(.came(id, $0))) }
        guard access == .writing else {
          return try await service.runQuery(run, for: .sql, gate: gate, receive: receive)
        }
        let end = await Result { () async throws(WarehouseError) in
          try await service.runWriting(run, gate: gate, receive: receive)
        }
        mailbox.post(.sql(.transaction(await service.openTransaction())))
        return try end.get()
      }
    case .endWriting: start(.sql) { await service.endWriting() }
    case .more(let count): sqlGate.withLock { _ = $0?.open(for: count) }
    case .release: sqlGate.withLock { $0?.close() }
    case .cancel: cancel(.sql)
    case .cancelPlan: cancel(.sqlPlan)
    case .explain(let id, let statement, let analyze):
      fetch(.sqlPlan, { .sql(.explained(id, $0)) }) { () async throws(WarehouseError) in
        try await service.explain(statement, analyze: analyze, for: .sql)
      }
    case .terminate(let access):
      let owner: QueryOwner = access == .writing ? .changes : .sql
      change(as: .terminate(owner)) { () async throws(WarehouseError) in
        try await service.terminateQueries(of: owner)
      }
    case .loadNames(let id):
      fetch(.sqlNames, { .sql(.namesLoaded(id, $0)) }) { () async throws(WarehouseError) in
        try await service.catalogNames()
      }
    case .loadHistory:
      start(.sqlHistory) { mailbox.post(.sql(.historyLoaded(await service.sqlHistory()))) }
    case .remember(let sql):
      change(as: .rememberSQL) { () async throws(WarehouseError) in
        mailbox.post(.sql(.historyLoaded(try await service.rememberSQL(sql))))
      }
    }
  }
}
