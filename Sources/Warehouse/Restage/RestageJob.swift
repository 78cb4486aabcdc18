/// The shipped PySpark job, which does the same as this program for sources that outgrow a machine.
struct RestageJob: Sendable {
  /// What it reads and where it writes.
  let settings: RunSettings
  let restage: RestageSettings
  let output: RestageOutput
  let fileCount: Int

  /// Its text, in Python.
  static var script: [UInt8] { PackageResources.restage_py }

  /// The run's own name, which no other has.
  var runName: String { FileSystem.name(of: output.place) }

  /// What it is called at EMR.
  var title: String { "sparkify restage \(runName)" }

  /// The words that follow the script's name.
  var arguments: [String] {
    var words: [String] = []
    for kind in SourceKind.allCases {
      let source = settings.source(of: kind)
      words += ["--source", "\(kind.rawValue)=\(Self.address(source))"]
      words += ["--name", "\(kind.rawValue)=\(source)"]
    }
    return words + [
      "--output", Self.address(output.place), "--files", "\(fileCount)",
      "--compression", restage.compression.rawValue, "--max-rejects", "\(settings.maxRejects)",
      "--max-record-bytes", "\(settings.maxRecordBytes)",
    ]
  }

  private static func address(_ location: String) -> String {
    location.hasPrefix("s3://") ? location : "file://" + location
  }

  /// - Throws: `.configuration` when the engine cannot reach the sources or the output.
  func requireReach() throws(WarehouseError) {
    let places = SourceKind.allCases.map(settings.source(of:)) + [output.place]
    let isLocal = restage.engine == .spark
    for place in places where place.hasPrefix("s3://") == isLocal {
      throw WarehouseError(
        .configuration, "could not restage \(place) with \(restage.engine.rawValue)",
        detail: isLocal
          ? "Spark from PyPI has no way to S3" : "EMR does not see this machine's files",
        hint: isLocal
          ? "Use folders, or RESTAGE.ENGINE=native, which reads and writes buckets."
          : "Use s3:// addresses for both sources and RESTAGE.OUTPUT, or RESTAGE.ENGINE=native.")
    }
    if isLocal && restage.compression == .zstd {
      throw WarehouseError(
        .configuration, "could not restage into zstd files with spark",
        detail: "Spark from PyPI has no zstd for files",
        hint: "Use RESTAGE.COMPRESSION=gzip, or RESTAGE.ENGINE=native.")
    }
  }
}

/// What the job says, a JSON object a line; everything else that it prints is Spark's own.
struct RestageJobLine {
  /// A line for people; nil when it says none.
  var log: String?
  /// Records of a source that was just written.
  var records = 0
  var rejects = 0

  /// Nil when the line is not the job's.
  init?(_ line: some StringProtocol) {
    guard line.hasPrefix("{"), let value = JSONValue(parsing: Array(line.utf8)) else { return nil }
    log = value["log"]?.text
    records = value["records"]?.number ?? 0
    rejects = value["rejects"]?.number ?? 0
  }
}
