import Warehouse

extension ConnectedWarehouse {
  private func source(_ kind: SourceKind) throws(WarehouseError) -> ConfiguredSource {
    try ConfiguredSource(kind, try configuration(), stateFolder)
  }

  func listSource(_ kind: SourceKind) async throws(WarehouseError) -> SourceListing {
    try await SourceListing(try source(kind))
  }

  func sourceRecords(
    _ kind: SourceKind, of object: SourceObject, skipping skipped: Int, limit: Int
  ) async throws(WarehouseError) -> RecordPage {
    let records = try await source(kind).records(of: object, skipping: skipped, limit: limit + 1)
    return RecordPage(
      skipped: skipped, records: Array(records.prefix(limit)), hasMore: records.count > limit)
  }

  func profileSource(
    _ kind: SourceKind, _ listing: ObjectListing
  ) async throws(WarehouseError) -> SourceProfile {
    try await source(kind).profile(listing)
  }
}

extension SourceListing {
  /// Lists a source.
  init(_ source: ConfiguredSource) async throws(WarehouseError) {
    let files = try await source.list()
    self.init(
      path: source.path, origin: source.origin, isSample: source.isSample, files: files,
      inventory: SourceInventory(files))
  }
}
