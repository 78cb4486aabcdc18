/// Whether git tracks a file, as its index says.
enum GitIndex {
  /// Looks for `path` in the index of the work tree around it. False when there is none, when it
  /// cannot be read, or when it is of version 4, which shortens names.
  static func tracks(_ path: String) -> Bool {
    var folder = FileSystem.parent(of: path)
    var name = FileSystem.name(of: path)
    while !FileSystem.exists(folder + "/.git") {
      guard folder != "/", folder != "." else { return false }
      name = FileSystem.name(of: folder) + "/" + name
      folder = FileSystem.parent(of: folder)
    }
    guard let index = try? FileSystem.read(gitFolder(of: folder) + "/index") else { return false }
    return lists(name, in: index)
  }

  /// `.git` itself, or where the file `.git` of a linked work tree points to.
  private static func gitFolder(of folder: String) -> String {
    let path = folder + "/.git"
    guard !FileSystem.isFolder(path), let bytes = try? FileSystem.read(path, limit: 4096) else {
      return path
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasPrefix("gitdir: ") else { return path }
    let target = Array(text.dropFirst("gitdir: ".count).unicodeScalars).trimmed.text
    return target.absolutePath(in: folder, home: "")
  }

  /// In an index of version 2 or 3 each name stands whole between its length, in the low twelve
  /// bits of two bytes, and a zero (git's documentation, "index-format"); version 3 may put two
  /// bytes of flags between length and name.
  private static func lists(_ name: String, in index: [UInt8]) -> Bool {
    let name = Array(name.utf8)
    var start = 12
    while start + name.count < index.count {
      guard
        let found = index[start...].firstIndex(of: name.first ?? 0),
        found + name.count < index.count
      else { return false }
      start = found + 1
      guard index[found...].starts(with: name), index[found + name.count] == 0 else { continue }
      for flags in [found - 2, found - 4] where flags >= 12 {
        let length = Int(index[flags] & 0x0F) << 8 | Int(index[flags + 1])
        if length == min(name.count, 0xFFF) { return true }
      }
    }
    return false
  }
}
