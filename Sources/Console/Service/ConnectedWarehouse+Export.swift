import Synchronization
import Warehouse

extension ConnectedWarehouse {
  /// `~/` at the beginning means the home folder, as in a shell.
  private func expanded(_ path: String) -> String {
    path.hasPrefix("~/") ? options.homeFolder + path.dropFirst() : path
  }

  func fileExists(_ path: String) async -> Bool { FileSystem.exists(expanded(path)) }

  func export(
    _ request: ExportRequest, progress: @escaping @Sendable (Int) -> Void
  ) async throws(WarehouseError) -> Int {
    let file = try NewFile(expanded(request.path), replacing: request.replaces)
    switch request.source {
    case .text(let text):
      try file.write(text)
      try file.finish()
      return 0
    case .rows(let result):
      var rows = RowFile(file, request.format)
      rows.take(.columns(result.columns))
      for start in stride(from: 0, to: result.count, by: 1000) {
        if Task.isCancelled { throw .cancelled }
        rows.take(.rows(result.rows(in: start..<start + 1000)))
        if let count = rows.dueCount { progress(count) }
      }
      return try rows.finish()
    case .run(let run, _):
      return try await write(run, RowFile(file, request.format), progress)
    }
  }

  private func write(
    _ run: QueryRun, _ rows: RowFile, _ progress: @escaping @Sendable (Int) -> Void
  ) async throws(WarehouseError) -> Int {
    let file = Mutex(rows)
    let gate = RowGate(limit: .max)
    do throws(WarehouseError) {
      _ = try await runQuery(run, for: .export, gate: gate) { event in
        let (count, failed) = file.withLock { file in
          file.take(event)
          return (file.dueCount, file.error != nil)
        }
        if let count { progress(count) }
        if failed { gate.close() }
      }
      return try file.withLock { (file) throws(WarehouseError) in try file.finish() }
    } catch {
      throw file.withLock { $0.error } ?? error
    }
  }
}

/// Rows on their way to a file.
private struct RowFile {
  private let file: NewFile
  private let format: RowFormat
  private var formatter: RowFormatter?
  private var count = 0
  private var toldAt = ContinuousClock.now
  /// Why it could not be written.
  private(set) var error: WarehouseError?

  init(_ file: NewFile, _ format: RowFormat) {
    self.file = file
    self.format = format
  }

  /// The rows so far, when it is time to tell: nobody reads faster than ten times a second.
  var dueCount: Int? {
    mutating get {
      guard toldAt.duration(to: .now) >= .milliseconds(100) else { return nil }
      toldAt = .now
      return count
    }
  }

  mutating func take(_ event: QueryRun.Event) {
    guard error == nil else { return }
    do throws(WarehouseError) {
      switch event {
      case .columns(let columns):
        let made = RowFormatter(format, columns: columns)
        try file.write(made.header())
        formatter = made
      case .rows(let rows):
        try file.write(rows.map { formatter?.row($0) ?? "" }.joined())
        count += rows.count
      case .paused: break
      }
    } catch {
      self.error = error
    }
  }

  /// Puts the whole file into its place.
  mutating func finish() throws(WarehouseError) -> Int {
    if let error { throw error }
    try file.write(formatter?.footer() ?? "")
    try file.finish()
    return count
  }
}
