import Glibc
import Synchronization

@testable import Warehouse

/// Two sources in a folder of their own, and what restaging makes of them.
final class Restaging: Sendable {
  let folder: String
  var output: String { folder + "/out" }
  var events: String { folder + "/events" }
  var songs: String { folder + "/songs" }

  /// - Parameter events: files of the first source, by name. The second has one record.
  init(events files: [String: [UInt8]]) throws {
    var name = Array("/tmp/sparkify-restage-XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else { throw FileSystem.failure("could not make", "/tmp") }
    folder = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    for (name, bytes) in files {
      try FileSystem.makeFolder(FileSystem.parent(of: "\(events)/\(name)"))
      try FileSystem.write(bytes, to: "\(events)/\(name)")
    }
    try FileSystem.makeFolder(songs)
    try FileSystem.write(Array("{\"song\":1}\n".utf8), to: songs + "/a.json")
  }

  convenience init(_ files: [String: String]) throws {
    try self.init(events: files.mapValues { Array($0.utf8) })
  }

  deinit { try? FileSystem.removeTree(folder) }

  /// What a restaging said.
  struct Report {
    var sources: [RestagedSource]
    var rejects: [Reject]
    var events: RestagedSource { sources[0] }
  }

  /// Restages into `name`.
  func run(
    _ name: String = "run-1", maxRejects: Int = 100, readers: Int = 8,
    _ change: (inout RestageSettings) -> Void = { _ in },
    hearing log: @escaping @Sendable (RestageRun, String) -> Void = { _, _ in }
  ) throws -> Report {
    var restage = RestageSettings(output: .path(output))
    restage.slices = 2
    change(&restage)
    let settings = RunSettings(
      eventSource: events, songSource: songs, maxRejects: maxRejects, readers: readers,
      startedBy: "test", restage: restage)
    let rejects = Mutex<[Reject]>([])
    let own = Mutex<RestageRun?>(nil)
    let run = RestageRun(
      settings, restage, name: name,
      listeners: RestageRun.Listeners(
        log: { line in if let run = own.withLock({ $0 }) { log(run, line) } },
        rejected: { reject in rejects.withLock { $0.append(reject) } }))
    own.withLock { $0 = run }
    defer { own.withLock { $0 = nil } }
    return Report(sources: try run.perform(), rejects: rejects.withLock { $0 })
  }

  /// The lines of restaged files, one file after the other.
  func lines(_ source: RestagedSource) throws -> [String] {
    let store = FolderStore(source.run)
    return try source.listing.flatMap { object in
      let stream = try store.openContent(object, Cancellation())
      var content: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 64 << 10)
      while true {
        let count = try chunk.withUnsafeMutableBytes { try stream.read(into: $0) }
        if count == 0 { break }
        content += chunk[..<count]
      }
      guard stream.damage == nil else { throw WarehouseError(.input, stream.damage ?? "") }
      return String(decoding: content, as: UTF8.self).split(separator: "\n").map(String.init)
    }
  }

  /// Every file under the output, by its path there.
  func written() throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    func visit(_ folder: String) throws {
      for name in try FileSystem.names(in: folder) {
        let path = "\(folder)/\(name)"
        if FileSystem.isFolder(path) {
          try visit(path)
        } else {
          found[String(path.dropFirst(output.count + 1))] = try FileSystem.read(path)
        }
      }
    }
    if FileSystem.exists(output) { try visit(output) }
    return found
  }
}
