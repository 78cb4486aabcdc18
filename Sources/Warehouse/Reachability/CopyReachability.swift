/// Whether the warehouse's role can read the sources: that the program can says nothing about it.
///
/// Redshift is let read one small file of each, and stores nothing of it (developer guide, "COPY",
/// NOLOAD).
struct CopyReachability: Sendable {
  private let target: WarehouseTarget
  private let client: AWSClient
  /// The sources that lie in buckets.
  private let places: [(name: String, bucket: String, prefix: String)]

  /// Nil when COPY reads none of the sources as they lie there.
  init?(_ target: WarehouseTarget, _ observer: StatementObserver?) {
    let configuration = target.configuration
    guard target.cluster == nil, configuration.restage == nil else { return nil }
    let sources = [
      ("COPY events", configuration.sources.logData),
      ("COPY songs", configuration.sources.songData),
    ]
    places = sources.compactMap { name, place in
      if case .s3(let bucket, let prefix)? = place { (name, bucket, prefix) } else { nil }
    }
    guard !places.isEmpty else { return nil }
    self.target = target
    client = AWSClient(configuration.aws, observer: observer)
  }

  /// - Parameter isTried: whether it was tried before, and need not be paid for again.
  func check(_ report: ReachabilityReport, isTried: Bool) async {
    let passed = Set(report.all.filter { $0.outcome == .passed }.map(\.name))
    guard passed.isSuperset(of: ["login", "privileges"]),
      let session = try? await target.openSession()
    else { return }
    if await session.engine == .redshift {
      if isTried {
        report.skip(places.map(\.name), "the role has read it before")
      } else {
        for place in places { await report.time { await step(place, on: session) } }
      }
    }
    await session.close()
  }

  private func step(
    _ place: (name: String, bucket: String, prefix: String), on session: PostgresSession
  ) async -> ReachabilityStep {
    do throws(WarehouseError) {
      guard let (file, region) = try await smallFile(place.bucket, place.prefix) else {
        return .skipped(place.name, "there is no file to try it on")
      }
      let url = "s3://\(place.bucket)/\(file)"
      try await session.execute("CREATE TEMP TABLE IF NOT EXISTS sparkify_check (a VARCHAR(1))")
      try await session.execute(statement(url, region))
      return ReachabilityStep(
        name: place.name, outcome: .passed, detail: "the role reads \(url)")
    } catch {
      var step = ReachabilityStep.failed(place.name, error)
      step.remedy = error.copyHint ?? error.hint
      // What is wrong with the file itself the run will tell; the role could read it.
      if error.copyHint == nil { step.outcome = .warning }
      return step
    }
  }

  private func statement(_ url: String, _ region: String) -> String {
    let role = target.configuration.role.arn?.redshiftLiteral ?? "default"
    let kind =
      switch S3Store.compression(of: url) {
      case .none: ""
      case .gzip: "GZIP "
      case .zstd: "ZSTD "
      }
    return "COPY sparkify_check (a) FROM \(url.redshiftLiteral) IAM_ROLE \(role) "
      + "REGION \(region.redshiftLiteral) FORMAT AS JSON 'auto' \(kind)NOLOAD"
  }

  /// The smallest of the first files, and the region that they lie in.
  private func smallFile(
    _ bucket: String, _ prefix: String
  ) async throws(WarehouseError) -> (key: String, region: String)? {
    let cancellation = Cancellation()
    return try await onThread(cancellation) { [client] () throws(WarehouseError) in
      let page = try S3Client(client).page(of: bucket, prefix: prefix, limit: 100, cancellation)
      let files = page.objects.filter {
        $0.size > 0 && SourceName.compression(FileSystem.name(of: $0.key)) != nil
      }
      guard let least = files.min(by: { $0.size < $1.size }) else { return nil }
      return (least.key, try client.region(ofBucket: bucket))
    }
  }
}
