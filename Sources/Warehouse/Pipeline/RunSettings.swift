/// What a run needs to know.
public struct RunSettings: Sendable {
  /// Where the events lie: a folder or a file.
  public var eventSource: String
  /// Where the songs lie: a folder or a file.
  public var songSource: String
  /// How many records a staging stage may refuse before it fails.
  public var maxRejects: Int
  /// A longer record is refused.
  public var maxRecordBytes: Int
  /// COPY connections; one does all in a transaction.
  public var connections: Int
  /// How many files are read at once, at most; nil for what suits the place where they lie.
  public var readers: Int?
  /// Who runs it: user and host.
  public var startedBy: String
  /// The configuration for the run's record, without secrets.
  public var configuration: [(key: String, value: String)]
  /// AWS, where a source lies in a bucket.
  public var aws: AWSClient?
  /// How the sources are packed anew before they are loaded; nil loads them as they are.
  public var restage: RestageSettings?
  /// What COPY needs to know on Redshift.
  public var copy = CopySettings()
  /// How tables lie on Redshift.
  public var redshift = RedshiftSettings()
  /// For a dry run: what would be asked of AWS before there is a warehouse, in comments.
  public var provisioning: [String] = []
  /// The words for what is asked of AWS to log in; none where there is a password.
  public var login: [String] = []
  /// Makes the sources where they are ours to make, before a stage reads them. Lines about it go to
  /// the closure that it is given.
  var makeSources: (@Sendable (@Sendable (String) -> Void) async throws(WarehouseError) -> Void)?

  /// Settings.
  public init(
    eventSource: String, songSource: String, maxRejects: Int = 0,
    maxRecordBytes: Int = 16 << 20, connections: Int = PipelineSettings.usualConnections,
    readers: Int? = nil, startedBy: String,
    configuration: [(key: String, value: String)] = [], aws: AWSClient? = nil,
    restage: RestageSettings? = nil
  ) {
    self.eventSource = eventSource
    self.songSource = songSource
    self.maxRejects = maxRejects
    self.maxRecordBytes = maxRecordBytes
    self.connections = connections
    self.readers = readers
    self.startedBy = startedBy
    self.configuration = configuration
    self.aws = aws
    self.restage = restage
  }

  /// Where the records of a staging table lie.
  func source(of table: StagingTable) -> String {
    table == .events ? eventSource : songSource
  }

  /// The store of a source: a bucket's for `s3://…`, else the disk's.
  ///
  /// - Parameter objects: how many will be read, once that is known: parts of a few large ones are
  ///   fetched side by side.
  public func store(_ source: String, objects: Int = .max) -> any ObjectStore {
    guard let aws, case .s3(let bucket, let prefix) = DataLocation(s3: source) else {
      return FolderStore(source)
    }
    return S3Store(
      S3Client(aws), bucket: bucket, prefix: prefix,
      ahead: S3Store.ahead(objects: objects, readers: readers))
  }
}

extension RunSettings {
  /// Makes sure that no more records were refused than may be.
  ///
  /// - Parameter place: what they were refused in, for the error.
  /// - Throws: `.input` when there are more.
  func requireFewRejects(_ count: Int, in place: String) throws(WarehouseError) {
    guard count > maxRejects else { return }
    throw WarehouseError(
      .input, "could not accept \(count) rejects in \(place)",
      detail: "MAX_REJECTS is \(maxRejects)",
      hint: "Look at the rejects of this run, correct the files, or raise MAX_REJECTS.")
  }
}
