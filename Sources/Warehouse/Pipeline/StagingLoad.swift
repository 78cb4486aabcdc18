/// Reads a source's files into a staging table.
struct StagingLoad: Sendable {
  let execution: StageExecution
  let table: StagingTable

  func perform() async throws(WarehouseError) -> StageSummary {
    throw WarehouseError(.input, "not yet")
  }
}
