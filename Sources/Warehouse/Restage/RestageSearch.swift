/// Finds what was restaged before.
///
/// Nothing but the output itself says so: a place whose manifests are there is whole.
struct RestageSearch {
  let restage: RestageSettings
  let aws: AWSClient?
  let cancellation: Cancellation

  /// The newest whole restaging of `source`; nil when there is none.
  func latest(_ kind: SourceKind, of source: String) throws(WarehouseError) -> RestagedSource? {
    for run in try runs() {
      if let found = try restaged(kind, of: source, in: run) { return found }
    }
    return nil
  }

  /// The names of the places, the newest first.
  private func runs() throws(WarehouseError) -> [String] {
    var names: [String] = []
    switch restage.output {
    case .path(let path):
      guard FileSystem.isFolder(path) else { return [] }
      names = try FileSystem.names(in: path)
    case .s3(let bucket, let prefix):
      guard let s3 = aws.map(S3Client.init) else { return [] }
      let folder = prefix.isEmpty || prefix.hasSuffix("/") ? prefix : prefix + "/"
      try s3.pages(of: bucket, prefix: folder + "run-", delimiter: "/", cancellation) { page in
        names += page.folders.map { FileSystem.name(of: $0) }
      }
    }
    return names.filter { $0.hasPrefix("run-") }
      .sorted { $1.utf8.lexicographicallyPrecedes($0.utf8) }
  }

  /// The files of both manifests; nil when one is missing, as the run has not ended.
  private func manifests(
    in output: RestageOutput
  ) throws(WarehouseError) -> [SourceKind: [RestagedSource.File]]? {
    var manifests: [SourceKind: [RestagedSource.File]] = [:]
    for kind in SourceKind.allCases {
      let name = "\(kind.rawValue)/\(RestageManifest.name)"
      guard let bytes = try output.read(name, cancellation) else { return nil }
      manifests[kind] = RestageManifest.files(in: bytes)
    }
    return manifests
  }

  /// Places of runs that did not end, or that others still write to, among the newest few.
  func unfinished() throws(WarehouseError) -> [String] {
    var places: [String] = []
    for run in try runs().prefix(10) {
      let output = try RestageOutput(restage.output, run: run, aws: aws)
      if try manifests(in: output) == nil { places.append(output.place) }
    }
    return places
  }

  /// Places with uploads that were not ended: of runs that were killed, or that others still write
  /// to. None where they may not be listed.
  func uploading() -> [String] {
    guard case .s3(let bucket, let prefix) = restage.output, let s3 = aws.map(S3Client.init)
    else { return [] }
    let folder = prefix.isEmpty || prefix.hasSuffix("/") ? prefix : prefix + "/"
    let found = (try? s3.uploads(of: bucket, prefix: folder + "run-", cancellation)) ?? []
    let runs = Set(
      found.map { upload in
        String(decoding: upload.key.utf8.dropFirst(folder.utf8.count), as: UTF8.self)
          .prefix { $0 != "/" }
      })
    return runs.sorted().map { "s3://\(bucket)/\(folder)\($0)" }
  }

  /// What one run made of `source`; nil when it did not end, or had another source.
  func restaged(
    _ kind: SourceKind, of source: String, in run: String
  ) throws(WarehouseError) -> RestagedSource? {
    let output = try RestageOutput(restage.output, run: run, aws: aws)
    guard let manifests = try manifests(in: output),
      let text = try output.read(RestagedSource.summaryName, cancellation),
      let summary = JSONValue(parsing: text)?[kind.rawValue], summary["source"]?.text == source,
      let files = manifests[kind],
      let compression = summary["compression"]?.text.flatMap(RestageCompression.init)
    else { return nil }
    return RestagedSource(
      kind: kind, source: source, run: output.place,
      manifest: output.location("\(kind.rawValue)/\(RestageManifest.name)"), files: files,
      compression: compression, records: summary["records"]?.number,
      rejects: summary["rejects"]?.number ?? 0)
  }
}

extension RestagedSource {
  /// What is loaded instead of a source; nil when restaging is not configured.
  ///
  /// - Throws: `.dependency` when it is configured and was not done.
  public static func required(
    _ kind: SourceKind, _ settings: RunSettings
  ) async throws(WarehouseError) -> RestagedSource? {
    guard settings.restage != nil else { return nil }
    let cancellation = Cancellation()
    return try await onThread(cancellation) { () throws(WarehouseError) in
      try required(kind, settings, cancellation)
    }
  }

  /// The same. Blocks.
  static func required(
    _ kind: SourceKind, _ settings: RunSettings, _ cancellation: Cancellation
  ) throws(WarehouseError) -> RestagedSource? {
    guard let restage = settings.restage else { return nil }
    let search = RestageSearch(restage: restage, aws: settings.aws, cancellation: cancellation)
    if let found = try search.latest(kind, of: settings.source(of: kind)) { return found }
    throw WarehouseError(
      .dependency, "could not find restaged \(kind.rawValue)",
      detail: "nothing under \(restage.output.text) was made of \(settings.source(of: kind))",
      hint: "Run restage first, or take RESTAGE.OUTPUT out of the configuration.")
  }
}

extension RestageOutput {
  /// A small file of it; nil when it is not there.
  func read(_ name: String, _ cancellation: Cancellation) throws(WarehouseError) -> [UInt8]? {
    switch self {
    case .folder(let path):
      guard FileSystem.exists("\(path)/\(name)") else { return nil }
      return try FileSystem.read("\(path)/\(name)")
    case .bucket(let s3, let bucket, let prefix):
      do throws(WarehouseError) {
        return try s3.get(prefix + name, in: bucket, cancellation).bytes
      } catch  where error.serviceCode == "NoSuchKey" { return nil }
    }
  }
}
