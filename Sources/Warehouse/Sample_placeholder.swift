struct SampleFolder: Sendable {
  let path: String
  func make(_ report: @escaping @Sendable (String) -> Void) async throws(WarehouseError) {}
}
