import Warehouse

/// What the Sources screen asks: files and buckets alone, so that it works without any warehouse.
protocol SourcesService: Sendable {
  /// Lists the files of a source.
  ///
  /// - Throws: with a hint that names the setting to change.
  func listSource(_ kind: SourceKind) async throws(WarehouseError) -> SourceListing

  /// Records of a file, broken ones included: at most `limit` after the first `skipped`.
  func sourceRecords(
    _ kind: SourceKind, of object: SourceObject, skipping skipped: Int, limit: Int
  ) async throws(WarehouseError) -> RecordPage

  /// A page of what lies at a place in buckets; `unsigned` looks as everybody may.
  func bucketPage(
    of place: BucketPlace, after token: String?, unsigned: Bool
  ) async throws(WarehouseError) -> BucketPage

  /// Records of an object that was found there.
  func bucketRecords(
    of object: SourceObject, skipping skipped: Int, limit: Int, unsigned: Bool
  ) async throws(WarehouseError) -> RecordPage

  /// What a sample of the records below a place in buckets says, taken for records of a kind.
  func profileBucket(
    _ place: BucketPlace, as kind: SourceKind, unsigned: Bool
  ) async throws(WarehouseError) -> SourceProfile

  /// What a sample of a source's records says.
  func profileSource(
    _ kind: SourceKind, _ listing: ObjectListing
  ) async throws(WarehouseError) -> SourceProfile
}

/// The files of a source.
struct SourceListing: Equatable, Sendable {
  /// The folder or file.
  var path: String
  /// Who says where it lies: the setting, and where that was set.
  var origin: String
  var isSample: Bool
  var files: ObjectListing
  var inventory: SourceInventory

  /// So many bytes at the start of each file's path are the folder.
  var rootLength: Int {
    if let place = BucketPlace(path), path.hasPrefix("s3://") { return place.rootLength }
    if files.count == 1, files.first?.path == path {
      return path.utf8.count - FileSystem.name(of: path).utf8.count
    }
    return path.utf8.count + (path.hasSuffix("/") ? 0 : 1)
  }
}

/// Some records of one file.
struct RecordPage: Equatable, Sendable {
  /// How many records stand before them.
  var skipped: Int
  var records: [SampledRecord]
  /// Whether there are more after them.
  var hasMore: Bool
}

/// What can be done on the Sources screen alone.
enum SourcesAction: Hashable, Sendable {
  case profile, nextRecord, previousRecord, sort, refresh
  case browse, goTo, toggleKeys
}

/// Answers to what the Sources screen asked for.
enum SourcesMessage: Equatable, Sendable {
  case listed(SourceKind, Int, Result<SourceListing, WarehouseError>)
  case records(Int, Result<RecordPage, WarehouseError>)
  case profiled(SourceKind, Int, Result<SourceProfile, WarehouseError>)
  case bucketPage(Int, Result<BucketPage, WarehouseError>)
  case bucketProfiled(Int, Result<SourceProfile, WarehouseError>)
}

/// What the Sources screen asks for; the number comes back with the answer.
enum SourcesEffect: Equatable, Sendable {
  case list(SourceKind, Int)
  case records(SourceKind, Int, of: SourceObject, skipping: Int)
  case profile(SourceKind, Int, ObjectListing)
  case bucketPage(BucketPlace, Int, after: String?, unsigned: Bool)
  case bucketRecords(Int, of: SourceObject, skipping: Int, unsigned: Bool)
  case profileBucket(Int, BucketPlace, as: SourceKind, unsigned: Bool)
  /// Nobody waits for the profile any more.
  case cancelProfile
  case cancelBucketProfile
  /// Nobody waits for any of it any more.
  case cancelReading
}
