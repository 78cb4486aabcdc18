import Synchronization

@testable import Warehouse

/// Files in memory.
struct MemoryStore: ObjectStore {
  var files: [(path: String, bytes: [UInt8])]

  func list(_ cancellation: Cancellation) throws(WarehouseError) -> ObjectListing {
    ObjectListing(
      files.map { file in
        SourceObject(
          path: file.path, size: file.bytes.count, modified: Timestamp(milliseconds: 0),
          compression: SourceName.compression(file.path) ?? .none)
      })
  }

  func open(_ object: SourceObject) throws(WarehouseError) -> any ByteStream {
    guard let file = files.first(where: { $0.path == object.path }) else {
      throw WarehouseError(.input, "could not read \(object.path)")
    }
    return MemoryStream(file.bytes)
  }
}

/// What came out of a source.
struct Loaded: Equatable {
  /// One dictionary a row, by column; NULL is missing.
  var rows: [[String: String]]
  var rejects: [Reject]

  /// `file:line column: reason`, for the eye.
  var reasons: [String] {
    rejects.map { "\($0.file):\($0.line)@\($0.byteOffset ?? -1) \($0.column ?? "-"): \($0.reason)" }
  }
  /// The values of one column.
  func values(_ column: String) -> [String?] { rows.map { $0[column] } }
}

/// Three columns and the place: enough to see what became of a record.
let smallTable = StagingTable(
  name: "small",
  columns: [
    StagingColumn("source_line", .bigint, .sourceLine, required: true),
    StagingColumn("source_file", .integer, .sourceFile, required: true),
    StagingColumn("a", .integer, .member("a")),
    StagingColumn("b", .bigint, .member("b")),
    StagingColumn("d", .double, .member("d")),
    StagingColumn("s", .varchar(8), .member("s")),
    StagingColumn("t", .timestamp, .epochMilliseconds("t")),
  ])

/// Loads files through a feed, as a COPY does, and decodes the bytes.
func load(
  _ store: some ObjectStore, table: StagingTable = smallTable, consumers: Int = 1,
  _ change: (inout FeedOptions) -> Void = { _ in }
) throws -> Loaded {
  var options = FeedOptions()
  options.consumers = consumers
  options.maxRejects = 100_000
  change(&options)
  let rejects = Mutex<[Reject]>([])
  let feed = SourceFeed(try store.list(Cancellation()), in: store, options: options) { reject in
    rejects.withLock { $0.append(reject) }
  }
  let results = Mutex<[Result<[[String: String]], any Error>]>([])
  Threads.run(consumers) { _ in
    let result = Result { try decode(drain(feed.rows(for: table)), as: table) }
    results.withLock { $0.append(result) }
  }
  let rows = try results.withLock { try $0.flatMap { try $0.get() } }
  let told = rejects.withLock { $0 }
  let progress = feed.progress
  precondition(progress.rows == rows.count && progress.rejects == told.count)
  return Loaded(
    rows: rows.sorted { rowKey($0) < rowKey($1) },
    rejects: told.sorted {
      ($0.file, $0.byteOffset ?? 0, $0.reason) < ($1.file, $1.byteOffset ?? 0, $1.reason)
    })
}

/// Loads one text.
func load(
  _ text: String, name: String = "f.json", table: StagingTable = smallTable,
  _ change: (inout FeedOptions) -> Void = { _ in }
) throws -> Loaded {
  try load(MemoryStore(files: [(name, Array(text.utf8))]), table: table, change)
}

private func rowKey(_ row: [String: String]) -> (Int, Int, String) {
  (
    Int(row["source_file"] ?? "") ?? 0, Int(row["source_line"] ?? "") ?? 0,
    row.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
  )
}

/// All bytes of a COPY.
func drain(_ source: some CopySource) throws -> [UInt8] {
  var all: [UInt8] = []
  var buffer: [UInt8] = []
  while true {
    buffer.removeAll(keepingCapacity: true)
    let hasMore = try source.fill(&buffer)
    all += buffer
    if !hasMore { return all }
  }
}

struct MalformedCopy: Error { let offset: Int }

/// Reads binary COPY as the server would.
func decode(_ bytes: [UInt8], as table: StagingTable) throws -> [[String: String]] {
  var position = 0
  func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, position + count <= bytes.count else {
      throw MalformedCopy(offset: position)
    }
    defer { position += count }
    return bytes[position..<position + count]
  }
  func integer(_ count: Int) throws -> Int {
    let bits = try take(count).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let shift = 64 - 8 * count
    return Int(Int64(bitPattern: bits << shift) >> shift)
  }
  let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0]
  guard try take(11) == signature[...], try integer(4) == 0, try integer(4) == 0 else {
    throw MalformedCopy(offset: 0)
  }
  var rows: [[String: String]] = []
  while true {
    let fields = try integer(2)
    if fields == -1 { break }
    guard fields == table.columns.count else { throw MalformedCopy(offset: position) }
    var row: [String: String] = [:]
    for column in table.columns {
      let length = try integer(4)
      if length == -1 { continue }
      switch column.type {
      case .integer, .bigint, .timestamp:
        guard length == column.type.largestValue else { throw MalformedCopy(offset: position) }
        row[column.name] = String(try integer(length))
      case .double:
        guard length == 8 else { throw MalformedCopy(offset: position) }
        row[column.name] = String(Double(bitPattern: UInt64(bitPattern: Int64(try integer(8)))))
      case .varchar(let limit):
        guard length <= limit, let text = String(validating: try take(length), as: UTF8.self),
          !text.utf8.contains(0)
        else { throw MalformedCopy(offset: position) }
        row[column.name] = text
      }
    }
    rows.append(row)
  }
  guard position == bytes.count else { throw MalformedCopy(offset: position) }
  return rows
}
