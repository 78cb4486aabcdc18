/// The stage that packs the sources anew.
struct RestageStage: Sendable {
  let execution: StageExecution
  let restage: RestageSettings

  /// What is done, in words: no statement is.
  static func steps(_ settings: RunSettings) -> [String] {
    guard let restage = settings.restage else { return [] }
    let outline = RestageOutline(settings: settings, restage: restage)
    return switch restage.engine {
    case .native: outline.native
    case .spark: outline.spark
    case .emr, .emrServerless: outline.remote
    }
  }

  static let slicesQuery = "SELECT count(*) FROM stv_slices"

  /// What was configured, with as many slices as the cluster has: it may have been resized. Where it
  /// does not tell, as serverless, the guess stands.
  private func settings() async throws(WarehouseError) -> RestageSettings {
    guard restage.asksForSlices, execution.run.engine.engine == .redshift else { return restage }
    var settings = restage
    do throws(WarehouseError) {
      let count = try await execution.withSession { session throws(WarehouseError) in
        try await session.execute(Self.slicesQuery).scalar
      }
      if let count = count.flatMap({ Int($0) }), count > 0 { settings.slices = count }
    } catch {
      guard error.kind == .server else { throw error }
    }
    return settings
  }

  func perform() async throws(WarehouseError) -> StageSummary {
    try await execution.run.settings.makeSources? { execution.log($0) }
    let restage = try await settings()
    let rejects = RejectSpool()
    let work = RestageRun(
      execution.run.settings, restage,
      listeners: RestageRun.Listeners(
        log: { execution.log($0) }, rejected: { rejects.add($0) }))
    let result = await execution.reporting(rejects, { work.progress }) { await Self.perform(work) }
    let sources = try result.get()
    let files = sources.reduce(0) { $0 + $1.files.count }
    let bytes = sources.reduce(0) { $0 + $1.files.reduce(0) { $0 + $1.bytes } }
    return StageSummary(
      rows: sources.reduce(0) { $0 + ($1.records ?? 0) }, bytes: work.progress.totalBytes,
      rejects: sources.reduce(0) { $0 + $1.rejects },
      note: "\(Quantity.counted(files, "file")), \(Quantity.bytes(bytes)), "
        + "in \(sources.first?.run ?? "")")
  }

  private static func perform(
    _ work: RestageRun
  ) async -> Result<[RestagedSource], WarehouseError> {
    await withTaskCancellationHandler {
      do throws(WarehouseError) {
        return .success(
          try await onThread(Cancellation()) { () throws(WarehouseError) in try work.perform() })
      } catch { return .failure(error) }
    } onCancel: {
      work.cancel()
    }
  }
}
