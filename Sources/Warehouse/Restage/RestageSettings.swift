/// How sources are packed anew: `[RESTAGE]`.
public struct RestageSettings: Sendable, Equatable {
  /// The folder or bucket prefix under which every run makes a place of its own.
  public var output: DataLocation
  /// How many files a source becomes; nil for as many as the slices suggest.
  public var files: Int?
  /// How many slices the cluster reads with: the files are a multiple of them.
  public var slices = 4
  /// Whether the number of slices decides and is a guess: a cluster that can say so knows better.
  public var asksForSlices = true
  /// How the files are compressed.
  public var compression = RestageCompression.gzip
  /// What does the work.
  public var engine = RestageEngine.native
  /// The path of `spark-submit`; nil looks for it on the PATH.
  public var spark: String?
  /// The cluster that a step is added to.
  public var emrCluster: String?
  /// The EMR Serverless application that runs the job.
  public var emrApplication: String?
  /// The role that the job runs as.
  public var emrRole: String?

  /// How often a job on EMR is looked at.
  public var poll = Duration.seconds(10)

  /// To `output`, with all else as usual.
  public init(output: DataLocation) { self.output = output }

  /// At most this many: each has a thread and a compressor of its own.
  public static let mostFiles = 256

  /// How many files so many bytes become: the least multiple of the slices whose files stay well
  /// below a gigabyte, which is what COPY's documentation asks for ("Loading data files", Amazon
  /// Redshift Database Developer Guide).
  func fileCount(forBytes bytes: Int) -> Int {
    if let files { return files }
    let perFile = 1 << 30
    let rounds = max(1, (bytes / max(1, slices) + perFile - 1) / perFile)
    let (count, overflow) = rounds.multipliedReportingOverflow(by: slices)
    return overflow ? RestageSettings.mostFiles : min(count, RestageSettings.mostFiles)
  }
}

/// How restaged files are compressed.
public enum RestageCompression: String, Sendable, CaseIterable {
  /// One gzip member a file.
  case gzip
  /// One Zstandard frame a file.
  case zstd

  /// As the reader of sources calls it.
  public var compression: Compression {
    switch self {
    case .gzip: .gzip
    case .zstd: .zstd
    }
  }

  /// What a file's name ends with.
  var nameEnding: String {
    switch self {
    case .gzip: ".jsonl.gz"
    case .zstd: ".jsonl.zst"
    }
  }
}

/// What restages.
public enum RestageEngine: String, Sendable, CaseIterable {
  /// This program.
  case native
  /// The shipped PySpark job on this machine.
  case spark
  /// The same job as a step of an EMR cluster.
  case emr
  /// The same job on EMR Serverless.
  case emrServerless = "emr-serverless"
}
