import Warehouse

/// What the SQL screen asks of the warehouse besides running statements.
protocol SQLService: Sendable {
  /// The names that completion knows.
  func catalogNames() async throws(WarehouseError) -> CatalogNames

  /// The statements that were run, over sessions, the latest first. None when they cannot be read.
  func sqlHistory() async -> [String]

  /// Keeps a statement, unless it may hold a secret; returns what is kept, the latest first.
  func rememberSQL(_ sql: String) async throws(WarehouseError) -> [String]
}
