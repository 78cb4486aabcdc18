/// What the PySpark job set aside because it is no record.
struct RestageQuarantine {
  /// The first of it, by file and place.
  var rejects: [Reject] = []
  /// How many there are, as far as was read.
  var count = 0

  /// At most this many are told one by one.
  static let limit = 10_000
  /// At most so much of a file is read.
  private static let mostBytes = 256 << 20

  /// Reads what lies in a place; nothing where nothing was set aside. Blocks.
  init(in output: RestageOutput, _ cancellation: Cancellation) throws(WarehouseError) {
    for kind in SourceKind.allCases {
      // One by one: together they may be more than fits into memory.
      for file in try Self.files(of: kind, in: output, cancellation) {
        let text = try Self.read(file, of: output, cancellation)
        for line in text.split(separator: UInt8(ascii: "\n")) {
          try cancellation.check()
          guard let reject = Reject(quarantined: Array(line)) else { continue }
          count += 1
          if rejects.count < Self.limit { rejects.append(reject) }
        }
      }
    }
  }

  /// The files: paths, or keys with their sizes.
  private static func files(
    of kind: SourceKind, in output: RestageOutput, _ cancellation: Cancellation
  ) throws(WarehouseError) -> [(name: String, size: Int)] {
    let folder = "\(kind.rawValue)/_quarantine"
    switch output {
    case .folder(let path):
      guard FileSystem.isFolder("\(path)/\(folder)") else { return [] }
      return try FileSystem.names(in: "\(path)/\(folder)").filter { $0.hasPrefix("part-") }
        .sorted().map { ("\(path)/\(folder)/\($0)", mostBytes) }
    case .bucket(let s3, let bucket, let prefix):
      var files: [(String, Int)] = []
      try s3.pages(of: bucket, prefix: "\(prefix)\(folder)/part-", cancellation) { page in
        files += page.objects.filter { $0.size > 0 }.map { ($0.key, min($0.size, mostBytes)) }
      }
      return files
    }
  }

  private static func read(
    _ file: (name: String, size: Int), of output: RestageOutput, _ cancellation: Cancellation
  ) throws(WarehouseError) -> [UInt8] {
    switch output {
    case .folder: try FileSystem.read(file.name, limit: file.size)
    case .bucket(let s3, let bucket, _):
      try s3.get(file.name, in: bucket, range: 0..<file.size, cancellation).bytes
    }
  }
}

extension Reject {
  /// A line of the job's quarantine; nil when it is none.
  fileprivate init?(quarantined line: [UInt8]) {
    guard let value = JSONValue(parsing: line), let file = value["file"]?.text else { return nil }
    self.init(
      file: file, line: value["line"]?.number ?? 0, byteOffset: value["byte_offset"]?.number,
      column: nil, reason: value["reason"]?.text ?? "", rawText: value["record"]?.text ?? "",
      isCut: value["is_cut"]?.flag ?? false)
  }
}
