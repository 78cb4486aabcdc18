import Warehouse

extension ConnectedWarehouse {
  func catalogNames() async throws(WarehouseError) -> CatalogNames {
    try await queries.use(try target()) { session throws(WarehouseError) in
      try await CatalogNames.read(from: session)
    }
  }

  func sqlHistory() async -> [String] {
    (try? StatementHistory(stateFolder: stateFolder.path).read()) ?? []
  }

  func rememberSQL(_ sql: String) async throws(WarehouseError) -> [String] {
    try StatementHistory(stateFolder: stateFolder.path).add(sql)
  }
}
