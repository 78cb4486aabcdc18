import Glibc
import Synchronization

/// Restages both sources into a new place, all or nothing.
///
/// Data comes first and the manifests last: a place without them is one of a run that did not end.
/// What fails or is cancelled takes its place away again.
final class RestageRun: Sendable {
  /// What it reports besides counts.
  struct Listeners: Sendable {
    var log: @Sendable (String) -> Void
    var rejected: @Sendable (Reject) -> Void
  }

  let settings: RunSettings
  let restage: RestageSettings
  let name: String
  let listeners: Listeners
  let counters = FeedCounters()
  let cancellation = Cancellation()
  private struct State {
    var core: RestageCore?
    var totals: (bytes: Int, files: Int)?
  }
  private let state = Mutex(State())

  /// - Parameter name: the name of the run's place: `newName()`, outside of tests.
  init(
    _ settings: RunSettings, _ restage: RestageSettings, name: String = RestageRun.newName(),
    listeners: Listeners
  ) {
    self.settings = settings
    self.restage = restage
    self.name = name
    self.listeners = listeners
  }

  /// `run-20181101T205710Z-1f3a9c`: sorts by time; the end keeps two of one second apart.
  static func newName() -> String {
    let now = Timestamp.now()
    let day = now.dateText.filter { $0 != "-" }
    let time = now.clockText.filter { $0 != ":" }
    let id = String(UInt32.random(in: 0..<1 << 24), radix: 16)
    return "run-\(day)T\(time)Z-" + String(repeating: "0", count: 6 - id.count) + id
  }

  /// How far it is; `elapsed` is left to the caller.
  var progress: Progress {
    var progress = counters.progress(of: ObjectListing())
    let totals = state.withLock { $0.totals }
    progress.totalBytes = totals?.bytes
    progress.totalFiles = totals?.files
    return progress
  }

  /// Makes `perform` throw `.cancelled` soon.
  func cancel() {
    cancellation.cancel()
    state.withLock { $0.core }?.stop(.cancelled)
  }

  /// Does all of it. Blocks; call it on a thread that may.
  ///
  /// - Throws: `.input` when a source cannot be read or there are too many rejects; `.cancelled`.
  func perform() throws(WarehouseError) -> [RestagedSource] {
    let output = try RestageOutput(restage.output, run: name, aws: settings.aws)
    // Before anything is listed, which may take long.
    try requireReach(of: output)
    try tellUnfinished()
    let listings = try SourceKind.allCases.map { kind throws(WarehouseError) in
      (kind, try list(settings.source(of: kind)))
    }
    state.withLock { state in
      state.totals = listings.reduce((0, 0)) { ($0.0 + $1.1.totalBytes, $0.1 + $1.1.count) }
    }
    try output.requireFree(cancellation)
    guard restage.engine == .native else { return try runJob(listings.map(\.1), output) }
    try output.make(folders: SourceKind.allCases.map(\.rawValue))
    do throws(WarehouseError) {
      listeners.log("writing to \(output.place)")
      let sources = try listings.map { kind, listing throws(WarehouseError) in
        try restage(kind, listing, to: output)
      }
      try finish(sources, in: output)
      if let error = output.removeLostUploads() {
        listeners.log("could not look for lost uploads in \(output.place): \(error.message)")
      }
      return sources
    } catch {
      throw explained(error, output.remove(), output)
    }
  }

  /// Names what runs left behind that were killed. It is removed by people: somebody else may still
  /// be writing there.
  private func tellUnfinished() throws(WarehouseError) {
    let search = RestageSearch(restage: restage, aws: settings.aws, cancellation: cancellation)
    for place in try search.unfinished() {
      listeners.log("\(place) was not finished: remove it, unless somebody works on it")
    }
    for place in search.uploading() {
      listeners.log(
        "\(place) has parts of uploads that were not ended, which cost: give them up "
          + "(AbortMultipartUpload), unless somebody works on it")
    }
  }

  private func list(_ source: String) throws(WarehouseError) -> ObjectListing {
    listeners.log("listing \(source)")
    let listing = try settings.store(source).list(cancellation)
    listeners.log(listing.summary)
    return listing
  }

  private func restage(
    _ kind: SourceKind, _ listing: ObjectListing, to output: RestageOutput
  ) throws(WarehouseError) -> RestagedSource {
    let source = settings.source(of: kind)
    let plan = RestagePlan(
      listing, fileCount: restage.fileCount(forBytes: listing.totalBytes), isFar: output.isFar)
    let core = RestageCore(
      listing, in: settings.store(source, objects: listing.count), plan: plan, settings: settings,
      counters: counters,
      rejected: listeners.rejected)
    state.withLock { $0.core = core }
    // A cancel that came before there was anything to stop.
    try cancellation.check()
    let before = counters.progress(of: listing)
    let files = try RestageWork(
      core: core, output: output, folder: kind.rawValue, compression: restage.compression,
      cancellation: cancellation
    ).perform(readers: readerCount(listing))
    let after = counters.progress(of: listing)
    guard after.rows > before.rows else {
      throw WarehouseError(
        .input, "could not find a record in \(source)",
        hint: "Look at the source: a wrong path or a wrong prefix is the usual cause.")
    }
    listeners.log(
      "\(kind.rawValue): \(Quantity.counted(after.rows - before.rows, "record")) "
        + "in \(Quantity.counted(files.count, "file"))")
    return RestagedSource(
      kind: kind, source: source, run: output.place,
      manifest: output.location("\(kind.rawValue)/\(RestageManifest.name)"), files: files,
      compression: restage.compression, records: after.rows - before.rows,
      rejects: after.rejects - before.rejects)
  }

  /// Many for small or far files, which are waited for; of large ones two read more than is
  /// compressed.
  private func readerCount(_ listing: ObjectListing) -> Int {
    let far = settings.store(listing.first?.path ?? "").preferredReaders
    let wanted = far ?? (listing.hasSmallFiles ? max(2, listing.count / 32) : 2)
    return max(1, min(listing.count, settings.readers ?? 32, wanted))
  }

  /// Writes what makes the data count.
  private func finish(
    _ sources: [RestagedSource], in output: RestageOutput
  ) throws(WarehouseError) {
    let rejects = sources.reduce(0) { $0 + $1.rejects }
    try settings.requireFewRejects(rejects, in: "restaging")
    try cancellation.check()
    var summary = JSONText()
    summary.object(sources.map { ($0.kind.rawValue, $0.summary) })
    try output.put(summary.bytes, to: RestagedSource.summaryName, cancellation)
    for source in sources {
      let files = source.files.map { file in
        (
          output.address("\(source.kind.rawValue)/\(FileSystem.name(of: file.location))"),
          file.bytes
        )
      }
      let name = "\(source.kind.rawValue)/\(RestageManifest.name)"
      try output.put(RestageManifest.text(files), to: name, cancellation)
    }
  }

  func explained(
    _ error: WarehouseError, _ leftover: WarehouseError?, _ output: RestageOutput
  ) -> WarehouseError {
    guard let leftover else { return error }
    listeners.log("left behind: \(output.place), \(leftover.message)")
    var error = error
    let note = "what it had written could not be removed: \(output.place)"
    error.detail = error.detail.map { "\($0)\n\(note)" } ?? note
    return error
  }
}

extension RestageOutput {
  /// The place itself, without a slash at its end.
  var place: String { String(location("").dropLast()) }
}

extension RunSettings {
  /// Where the records of a kind lie.
  func source(of kind: SourceKind) -> String { source(of: kind.table) }
}
