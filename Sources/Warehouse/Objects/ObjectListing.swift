/// The files of a source, in the byte order of their paths, and how many were left out.
///
/// A hundred thousand of them take a few megabytes: folders are kept once, and names as bytes.
public struct ObjectListing: Sendable {
  private struct Entry: Sendable {
    var folder: Int32
    var compression: Compression
    var nameLength: UInt16
    var nameStart: Int
    var size: Int
    var modified: Int64
  }

  private var folders: [String] = []
  private var names: [UInt8] = []
  private var entries: [Entry] = []

  /// All files together, in bytes, as they lie in the store.
  public private(set) var totalBytes = 0
  /// Files and folders left out because their names begin with `.` or `_`.
  public var hiddenCount = 0
  /// Files left out because their names are not those of JSON files.
  public var otherCount = 0
  /// Folders left out because they were listed under another path already: links.
  public var repeatedFolderCount = 0

  /// Nothing yet.
  public init() {}

  /// A listing of these files, which stand in the byte order of their paths.
  public init(_ objects: some Sequence<SourceObject>) {
    for object in objects {
      append(
        folder: "", name: object.path, size: object.size, modified: object.modified,
        compression: object.compression)
    }
  }

  /// Adds a file: its path is that of the folder and the name, joined as they are.
  mutating func append(
    folder: String, name: String, size: Int, modified: Timestamp, compression: Compression
  ) {
    if folders.last != folder { folders.append(folder) }
    let bytes = name.utf8.prefix(Int(UInt16.max))
    entries.append(
      Entry(
        folder: Int32(clamping: folders.count - 1), compression: compression,
        nameLength: UInt16(clamping: bytes.count), nameStart: names.count, size: size,
        modified: modified.milliseconds))
    names.append(contentsOf: bytes)
    totalBytes += size
  }

  /// Sets what is known of the file at `index` only later.
  mutating func update(_ index: Int, size: Int, modified: Timestamp) {
    totalBytes += size - entries[index].size
    entries[index].size = size
    entries[index].modified = modified.milliseconds
  }

  /// Removes the files at `indexes`.
  mutating func remove(_ indexes: Set<Int>) {
    guard !indexes.isEmpty else { return }
    totalBytes -= indexes.reduce(0) { $0 + entries[$1].size }
    entries = entries.indices.filter { !indexes.contains($0) }.map { entries[$0] }
  }
}

extension ObjectListing: RandomAccessCollection {
  /// The first file.
  public var startIndex: Int { 0 }
  /// One past the last file.
  public var endIndex: Int { entries.count }

  /// The file at `index`. Its number in the warehouse is one more.
  public subscript(index: Int) -> SourceObject {
    let entry = entries[index]
    let name = names[entry.nameStart..<entry.nameStart + Int(entry.nameLength)]
    return SourceObject(
      path: folders[Int(entry.folder)] + String(decoding: name, as: UTF8.self), size: entry.size,
      modified: Timestamp(milliseconds: entry.modified), compression: entry.compression)
  }
}
