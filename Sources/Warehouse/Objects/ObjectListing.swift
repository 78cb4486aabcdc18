/// The files of a source, in the byte order of their paths, and how many were left out.
///
/// A hundred thousand of them take a few megabytes: folders are kept once, and names as bytes.
public struct ObjectListing: Sendable, Equatable {
  private struct Entry: Sendable, Equatable {
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
  /// The first few of their names.
  public private(set) var hiddenNames: [String] = []
  /// Files and folders left out because their names are no UTF-8: as text they would be others.
  public var undecodableCount = 0
  /// Files left out because their names are not those of JSON files.
  public var otherCount = 0
  /// Links left out because there is nothing where they lead.
  public var brokenLinkCount = 0
  /// How many files lie beside the folder of the prefix, whose name theirs begins with.
  private var besideCount = 0
  private var besideNames: [String] = []
  /// Whether files lie in a folder of the prefix's very name.
  var hasFolderOfPrefix = false
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

  /// Counts a name that is left out because of how it begins.
  mutating func hide(_ name: String) {
    hiddenCount += 1
    if hiddenNames.count < 5, !hiddenNames.contains(name) { hiddenNames.append(name) }
  }

  /// Counts a file below a folder whose name only begins as the wanted one.
  mutating func noteSibling(_ name: String) {
    besideCount += 1
    if besideNames.count < 3, !besideNames.contains(name) { besideNames.append(name) }
  }

  /// A prefix without a slash at its end that matches more than the folder of its name: how many
  /// files lie in others, and what the first of those are called. Nil when it does not.
  ///
  /// A prefix that no folder is called by is meant as the beginning of names, and fine.
  public var siblings: (count: Int, names: [String])? {
    hasFolderOfPrefix && besideCount > 0 ? (besideCount, besideNames) : nil
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

extension ObjectListing {
  /// Whether its files are waited for rather than worked on.
  var hasSmallFiles: Bool { totalBytes / Swift.max(1, count) < 64 << 10 }

  /// How much there is, and how much was left out, as a line.
  var summary: String {
    var line = "\(Quantity.counted(count, "file")), \(Quantity.bytes(totalBytes))"
    if hiddenCount > 0 {
      line += "; \(Quantity.counted(hiddenCount, "hidden one")) left out"
    }
    if otherCount > 0 { line += "; \(Quantity.count(otherCount)) of other kinds left out" }
    if undecodableCount > 0 {
      line += "; \(Quantity.count(undecodableCount)) whose names are not UTF-8 left out"
    }
    if brokenLinkCount > 0 {
      line += "; \(Quantity.counted(brokenLinkCount, "link")) to nothing left out"
    }
    return line
  }

  /// The size of the file at `index`, without making its path.
  public func size(at index: Int) -> Int { entries[index].size }

  /// When the file at `index` was last changed, without making its path.
  public func modified(at index: Int) -> Timestamp {
    Timestamp(milliseconds: entries[index].modified)
  }

  /// How the file at `index` is compressed, without making its path.
  func compression(at index: Int) -> Compression { entries[index].compression }

  /// Those of `candidates` whose paths contain `text`; the letters of ASCII in capitals or not.
  ///
  /// - Parameter root: so many bytes of each path are not looked at.
  public func indexes(
    containing text: String, among candidates: [Int32], ignoringFirst root: Int
  ) -> [Int32] {
    let wanted = text.utf8.map(\.lowercasedASCII)
    guard !wanted.isEmpty else { return candidates }
    var path: [UInt8] = []
    var folder = Int32(-1)
    var folderBytes: [UInt8] = []
    return candidates.filter { index in
      let entry = entries[Int(index)]
      if entry.folder != folder {
        folder = entry.folder
        folderBytes = folders[Int(folder)].utf8.dropFirst(root).map(\.lowercasedASCII)
      }
      path.removeAll(keepingCapacity: true)
      path.append(contentsOf: folderBytes)
      let name = entry.nameStart..<entry.nameStart + Int(entry.nameLength)
      // A listing of single paths has no folders: the root is then part of the name.
      let skipped = Swift.max(0, root - folders[Int(folder)].utf8.count)
      for byte in names[name].dropFirst(skipped) { path.append(byte.lowercasedASCII) }
      return path.contains(wanted)
    }
  }
}

extension UInt8 {
  fileprivate var lowercasedASCII: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }
}

extension [UInt8] {
  /// Whether `wanted`, which is not empty, stands somewhere in it.
  fileprivate func contains(_ wanted: [UInt8]) -> Bool {
    guard let first = wanted.first, count >= wanted.count else { return false }
    for start in 0...count - wanted.count where self[start] == first {
      if self[start..<start + wanted.count].elementsEqual(wanted) { return true }
    }
    return false
  }
}
