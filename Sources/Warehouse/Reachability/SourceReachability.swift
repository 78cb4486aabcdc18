/// Whether the sources can be read, by this program: a cluster reads buckets through its role.
struct SourceReachability: Sendable {
  private let configuration: Configuration
  private let stateFolder: StateFolder
  private let client: AWSClient

  init(
    _ configuration: Configuration, _ stateFolder: StateFolder, _ observer: StatementObserver?
  ) {
    self.configuration = configuration
    self.stateFolder = stateFolder
    client = AWSClient(configuration.aws, observer: observer)
  }

  /// - Parameter clusterRegion: where a cluster is that will read; nil when none will.
  func check(
    _ report: ReachabilityReport, clusterRegion: String?, writesWorkArea: Bool
  ) async {
    let sources = configuration.sources
    if sources.logData == nil, sources.songData == nil {
      let folder = RunSource(configuration, stateFolder).sampleFolder
      let why = FileSystem.exists(folder) ? folder : "made by the first run"
      report.skip(["events", "songs"], "the sample data: \(why)")
    } else {
      await check("events", sources.logData, .logData, clusterRegion, report)
      await check("songs", sources.songData, .songData, clusterRegion, report)
    }
    if case .file(let paths)? = sources.logJSONPath {
      await check("JSON paths", paths, .logJSONPath, clusterRegion, report)
    }
    if case .s3(let bucket, let prefix)? = sources.work {
      if writesWorkArea {
        await report.time { await workArea(bucket, prefix) }
      } else {
        report.skip(["work area"], "s3://\(bucket)/\(prefix) was written to before")
      }
    }
  }

  /// Writes an empty object where manifests and packed sources will lie, and removes it again.
  private func workArea(_ bucket: String, _ prefix: String) async -> ReachabilityStep {
    let s3 = S3Client(client)
    let key = "\(prefix)sparkify-check-\(Timestamp.now().milliseconds)"
    let cancellation = Cancellation()
    do throws(WarehouseError) {
      _ = try await onThread(cancellation) { () throws(WarehouseError) in
        try s3.put([], to: key, in: bucket, cancellation)
      }
    } catch {
      return .failed("work area", error)
    }
    do throws(WarehouseError) {
      try await onThread(cancellation) { () throws(WarehouseError) in
        try s3.delete(key, in: bucket, cancellation)
      }
    } catch {
      var step = ReachabilityStep.failed("work area", error)
      step.outcome = .warning
      return step
    }
    return ReachabilityStep(
      name: "work area", outcome: .passed, detail: "s3://\(bucket)/\(prefix) can be written")
  }

  private func check(
    _ name: String, _ place: DataLocation?, _ key: ConfigurationKey, _ clusterRegion: String?,
    _ report: ReachabilityReport
  ) async {
    await report.time {
      switch place {
      case nil:
        ReachabilityStep(
          name: name, outcome: .failed, detail: "there is no \(key.rawValue)",
          remedy: "Name both sources, or none to load sample data.")
      case .path(let path): Self.folder(name, path, key)
      case .s3(let bucket, let prefix):
        await self.bucket(name, bucket, prefix, key, clusterRegion)
      }
    }
  }

  private static func folder(
    _ name: String, _ path: String, _ key: ConfigurationKey
  ) -> ReachabilityStep {
    let isThere = FileSystem.exists(path)
    guard isThere, FileSystem.isReadable(path) else {
      return ReachabilityStep(
        name: name, outcome: .failed,
        detail: isThere ? "\(path) may not be read" : "\(path) is not there",
        remedy: "Set \(key.rawValue) to a folder or a file that exists and may be read.")
    }
    return ReachabilityStep(name: name, outcome: .passed, detail: "\(path) can be read")
  }

  private func bucket(
    _ name: String, _ bucket: String, _ prefix: String, _ key: ConfigurationKey,
    _ clusterRegion: String?
  ) async -> ReachabilityStep {
    let s3 = S3Client(client)
    let cancellation = Cancellation()
    let address = "s3://\(bucket)/\(prefix)"
    do throws(WarehouseError) {
      let (isEmpty, region) = try await onThread(cancellation) { () throws(WarehouseError) in
        let page = try s3.page(of: bucket, prefix: prefix, limit: 1, cancellation)
        return (page.objects.isEmpty, s3.region(of: bucket, cancellation))
      }
      if isEmpty {
        return ReachabilityStep(
          name: name, outcome: .failed, detail: "no object in \(bucket) begins with \(prefix)",
          remedy: "Look at the prefix in \(key.rawValue).")
      }
      guard let region, let clusterRegion, region != clusterRegion else {
        return ReachabilityStep(
          name: name, outcome: .passed,
          detail: "\(address) can be listed" + (region.map { ", in \($0)" } ?? ""))
      }
      return ReachabilityStep(
        name: name, outcome: .warning,
        detail: "\(address) can be listed; it is in \(region), the cluster in \(clusterRegion)",
        remedy: "COPY is told the region, and AWS charges for the way between: restage into "
          + "\(clusterRegion), or make the cluster in \(region).")
    } catch {
      return .failed(name, error)
    }
  }
}
