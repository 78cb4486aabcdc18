import Warehouse

extension EffectRunner {
  /// Does what the Sources screen asks for.
  func performSources(_ effect: SourcesEffect) {
    let service = service
    switch effect {
    case .list(let kind, let id):
      fetch(.sourceFiles(kind), { .sources(.listed(kind, id, $0)) }) {
        () async throws(WarehouseError) in try await service.listSource(kind)
      }
    case .records(let kind, let id, let object, let skipped):
      fetch(.sourceRecords, { .sources(.records(id, $0)) }) { () async throws(WarehouseError) in
        try await service.sourceRecords(
          kind, of: object, skipping: skipped, limit: SourcesScreen.pageLength)
      }
    case .profile(let kind, let id, let files):
      fetch(.sourceProfile, { .sources(.profiled(kind, id, $0)) }) {
        () async throws(WarehouseError) in try await service.profileSource(kind, files)
      }
    case .bucketPage(let place, let id, let token, let unsigned):
      fetch(.bucketPage, { .sources(.bucketPage(id, $0)) }) { () async throws(WarehouseError) in
        try await service.bucketPage(of: place, after: token, unsigned: unsigned)
      }
    case .bucketRecords(let id, let object, let skipped, let unsigned):
      fetch(.sourceRecords, { .sources(.records(id, $0)) }) { () async throws(WarehouseError) in
        try await service.bucketRecords(
          of: object, skipping: skipped, limit: SourcesScreen.pageLength, unsigned: unsigned)
      }
    case .profileBucket(let id, let place, let kind, let unsigned):
      fetch(.bucketProfile, { .sources(.bucketProfiled(id, $0)) }) {
        () async throws(WarehouseError) in
        try await service.profileBucket(place, as: kind, unsigned: unsigned)
      }
    case .cancelBucketProfile: cancel(.bucketProfile)
    case .cancelProfile: cancel(.sourceProfile)
    case .cancelReading:
      cancel(.sourceRecords)
      cancel(.bucketPage)
    }
  }
}
