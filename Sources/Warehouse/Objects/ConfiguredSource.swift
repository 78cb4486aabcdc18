/// What the records of a source are about.
public enum SourceKind: String, Sendable, CaseIterable {
  /// User activity.
  case events
  /// The catalogue.
  case songs

  /// The kind of record that a staging table takes.
  init(_ table: StagingTable) { self = table == .events ? .events : .songs }

  /// The staging table that takes its records.
  public var table: StagingTable {
    switch self {
    case .events: .events
    case .songs: .songs
    }
  }

  /// The setting that says where it lies.
  public var setting: ConfigurationKey {
    switch self {
    case .events: .logData
    case .songs: .songData
    }
  }
}

/// A source as the configuration names it, for looking at it before anything is loaded.
public struct ConfiguredSource: Sendable {
  /// What its records are about.
  public let kind: SourceKind
  /// The folder, the file, or `s3://bucket/prefix`.
  public let path: String
  /// Whether it is the sample data, because the configuration names no source.
  public let isSample: Bool
  /// Who says where it lies: "S3.LOG_DATA, dwh.cfg, line 3".
  public let origin: String
  private let maxRecordBytes: Int
  private let store: any ObjectStore
  private let readers: Int?

  /// The source of a configuration.
  ///
  /// - Parameter aws: who is asked for buckets; nil makes one of the configuration.
  /// - Throws: `.configuration` when it names none.
  public init(
    _ kind: SourceKind, _ configuration: Configuration, _ stateFolder: StateFolder,
    aws: AWSClient? = nil
  ) throws(WarehouseError) {
    self.kind = kind
    maxRecordBytes = configuration.pipeline.maxRecordBytes
    readers = configuration.pipeline.readers
    let run = RunSource(configuration, stateFolder)
    isSample = run.isSample
    let entry = configuration.entries.first { $0.id == kind.setting }
    origin = kind.setting.rawValue + (entry.map { ", \($0.origin.text)" } ?? "")
    let sources = configuration.sources
    switch isSample ? nil : kind == .events ? sources.logData : sources.songData {
    case .path(let path):
      self.path = path
      store = FolderStore(path)
    case .s3(let bucket, let prefix):
      path = "s3://\(bucket)/\(prefix)"
      store = S3Store(
        S3Client(aws ?? AWSClient(configuration.aws)), bucket: bucket, prefix: prefix,
        isForLooking: true)
    case nil:
      guard isSample else {
        throw WarehouseError(
          .configuration, "there is no \(kind.setting.rawValue)",
          detail: "the configuration names the other source only",
          hint: "Set \(kind.setting.rawValue) to a folder, a file or s3://bucket/prefix/.")
      }
      path = run.sampleFolder + (kind == .events ? "/log_data" : "/song_data")
      store = FolderStore(path)
    }
  }

  /// What lies at a place in buckets, taken for records of a kind.
  ///
  /// - Parameter origin: who says where it lies, for errors.
  /// - Throws: `.usage` for a place that is no bucket.
  public init(
    _ kind: SourceKind, at place: BucketPlace, namedBy origin: String,
    _ configuration: Configuration, aws: AWSClient
  ) throws(WarehouseError) {
    guard case .folder(let bucket, let prefix) = place else {
      throw WarehouseError(
        .usage, "could not read a sample of all buckets",
        hint: "Give an address such as s3://bucket/prefix/.")
    }
    self.kind = kind
    self.origin = origin
    (path, isSample) = (place.text, false)
    maxRecordBytes = configuration.pipeline.maxRecordBytes
    readers = configuration.pipeline.readers
    store = S3Store(S3Client(aws), bucket: bucket, prefix: prefix, isForLooking: true)
  }

  /// The files. Cancelling the task ends it: at once in a folder, within a second in a bucket.
  ///
  /// - Throws: `.input` when the place is not there or cannot be read; the hint names the setting.
  public func list() async throws(WarehouseError) -> ObjectListing {
    let cancellation = Cancellation()
    do throws(WarehouseError) {
      return try await onThread(cancellation) { () throws(WarehouseError) in
        try store.list(cancellation)
      }
    } catch {
      throw explained(error)
    }
  }

  private func explained(_ error: WarehouseError) -> WarehouseError {
    guard error.kind == .input else { return error }
    let isUnmade = isSample && !FileSystem.exists(path)
    let wanted =
      store is S3Store
      ? "name a bucket and a prefix with objects."
      : "name a folder or a file there that "
        + "exists and may be read."
    return WarehouseError(
      .input, isUnmade ? "the sample data is not made yet" : error.message,
      detail: isUnmade ? nil : error.detail,
      hint: isUnmade
        ? "The first run makes it; or set S3.LOG_DATA and S3.SONG_DATA to folders with JSON files."
        : "This place is named by \(origin): \(wanted)")
  }

  /// Records of one file, those included that are broken: at most `limit` after the first
  /// `skipped`. Cancelling the task ends it.
  public func records(
    of object: SourceObject, skipping skipped: Int, limit: Int
  ) async throws(WarehouseError) -> [SampledRecord] {
    let cancellation = Cancellation()
    return try await onThread(cancellation) { () throws(WarehouseError) in
      try store.sample(
        object, skipping: skipped, limit: limit, for: kind.table, maxRecordBytes: maxRecordBytes,
        cancellation: cancellation)
    }
  }

  /// What a sample of the records says. Cancelling the task ends it.
  ///
  /// - Throws: `.input` when a file cannot be read; `.cancelled`.
  public func profile(
    _ listing: ObjectListing, options: ProfileOptions = ProfileOptions()
  ) async throws(WarehouseError) -> SourceProfile {
    let cancellation = Cancellation()
    return try await onThread(cancellation) { () throws(WarehouseError) in
      var options = options
      options.readers = readers ?? store.preferredReaders ?? 1
      return try store.profile(
        listing, for: kind.table, options: options, maxRecordBytes: maxRecordBytes,
        cancellation: cancellation)
    }
  }
}

extension ObjectStore {
  /// What a sample of a source's records says: chosen across files and inside them, the same for
  /// the same files unless time runs out. Blocks.
  ///
  /// - Throws: `.input` when a file cannot be read; `.cancelled`.
  public func profile(
    _ listing: ObjectListing, for table: StagingTable, options: ProfileOptions = ProfileOptions(),
    maxRecordBytes: Int = 16 << 20, cancellation: Cancellation = Cancellation()
  ) throws(WarehouseError) -> SourceProfile {
    var reader = ProfileReader(
      self, listing, table, options, maxRecordBytes: maxRecordBytes, cancellation)
    return try reader.run()
  }
}
