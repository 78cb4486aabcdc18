import Synchronization
import Warehouse

/// Clients of AWS, each kept with its connections and credentials as long as its settings count.
final class AWSClients: Sendable {
  private let known = Mutex<[(settings: AWSSettings, client: AWSClient)]>([])

  /// The client of these settings.
  func client(_ settings: AWSSettings, observer: @escaping StatementObserver) -> AWSClient {
    known.withLock { known in
      if let found = known.first(where: { $0.settings == settings }) { return found.client }
      let client = AWSClient(settings, observer: observer)
      // With keys and without: those of an older configuration go.
      known = known.suffix(1) + [(settings, client)]
      return client
    }
  }
}

extension ConnectedWarehouse {
  private func aws(unsigned: Bool = false) throws(WarehouseError) -> AWSClient {
    let settings = try configuration().aws
    return awsClients.client(unsigned ? settings.unsigned : settings) { [weak self] record in
      self?.observe(record)
    }
  }

  private func source(_ kind: SourceKind) throws(WarehouseError) -> ConfiguredSource {
    try ConfiguredSource(kind, try configuration(), stateFolder, aws: try aws())
  }

  func bucketPage(
    of place: BucketPlace, after token: String?, unsigned: Bool
  ) async throws(WarehouseError) -> BucketPage {
    try await BucketBrowser(try aws(unsigned: unsigned)).page(of: place, after: token)
  }

  func bucketRecords(
    of object: SourceObject, skipping skipped: Int, limit: Int, unsigned: Bool
  ) async throws(WarehouseError) -> RecordPage {
    let records = try await BucketBrowser(try aws(unsigned: unsigned)).records(
      of: object, skipping: skipped, limit: limit + 1)
    return RecordPage(
      skipped: skipped, records: Array(records.prefix(limit)), hasMore: records.count > limit)
  }

  func profileBucket(
    _ place: BucketPlace, as kind: SourceKind, unsigned: Bool
  ) async throws(WarehouseError) -> SourceProfile {
    let source = try ConfiguredSource(
      kind, at: place, namedBy: "the address", try configuration(), aws: try aws(unsigned: unsigned)
    )
    return try await source.profile(try await source.list())
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
