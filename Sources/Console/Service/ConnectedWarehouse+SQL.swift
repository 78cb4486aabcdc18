import Warehouse

extension ConnectedWarehouse {
  func catalogNames() async throws(WarehouseError) -> CatalogNames {
    try await queries.use(try target(), for: .sql) { session throws(WarehouseError) in
      try await CatalogNames.read(from: session)
    }
  }

  func runWriting(
    _ run: QueryRun, gate: RowGate, receive: @escaping @Sendable (QueryRun.Event) -> Void
  ) async throws(WarehouseError) -> QueryRun.End {
    try await writer.use(try target()) { session throws(WarehouseError) in
      try await run.perform(on: session, gate: gate, receive: receive)
    }
  }

  func openTransaction() async -> OpenTransaction? {
    switch await writer.transactionStatus {
    case .inTransaction, .active: .open
    case .failed: .failed
    case .idle, .unknown, nil: nil
    }
  }

  func endWriting() async { await writer.close() }

  func sqlHistory() async -> [String] {
    (try? StatementHistory(stateFolder: stateFolder.path).read()) ?? []
  }

  func rememberSQL(_ sql: String) async throws(WarehouseError) -> [String] {
    try StatementHistory(stateFolder: stateFolder.path).add(sql)
  }
}
