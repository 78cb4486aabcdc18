import Glibc

/// The folder that a sample is made in: beside the place where it will stand, so that a sample is
/// there whole or not at all.
struct SampleFolder {
  /// What a finished sample is known by: its options, and what came of them. Readers of sources
  /// leave names with a dot in front alone.
  static let markerName = ".sparkify-sample"
  private static let ours: Set<String> = [
    markerName, "log_data", "song_data", "log_json_path.json",
  ]

  /// Where the sample will stand, without a slash at its end.
  let path: String
  /// Where it is made.
  let building: String

  init(_ path: String) {
    var trimmed = Substring(path)
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
    self.path = String(trimmed)
    building = "\(trimmed).\(getpid()).new"
  }

  /// The marker of the sample that stands there; nil when there is none.
  var marker: String? {
    guard let bytes = try? FileSystem.read(path + "/" + Self.markerName, limit: 64 << 10) else {
      return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Makes an empty folder to build in, and removes what dead processes left beside it.
  ///
  /// - Throws: `.usage` when something stands at `path` that no sample is.
  func begin() throws(WarehouseError) {
    try refuseStrangers()
    try FileSystem.makeFolder(FileSystem.parent(of: path))
    for name in try FileSystem.names(in: FileSystem.parent(of: path)) where isAbandoned(name) {
      try Self.removeTree(FileSystem.parent(of: path) + "/" + name)
    }
    try Self.removeTree(building)
    try FileSystem.makeFolder(building)
  }

  /// Puts the finished sample into its place, and removes the one that stood there.
  func finish(marker: String) throws(WarehouseError) {
    try FileSystem.write(Array(marker.utf8), to: building + "/" + Self.markerName)
    try refuseStrangers()
    let old = "\(path).\(getpid()).old"
    try Self.removeTree(old)
    if FileSystem.exists(path) {
      guard rename(path, old) == 0 else {
        throw FileSystem.failure("could not replace", path)
      }
    }
    guard rename(building, path) == 0 else {
      let failure = FileSystem.failure("could not make", path)
      _ = rename(old, path)
      throw failure
    }
    try Self.removeTree(old)
  }

  /// Removes what was built so far.
  func abandon() { try? Self.removeTree(building) }

  private func refuseStrangers() throws(WarehouseError) {
    guard FileSystem.exists(path) else { return }
    guard FileSystem.isFolder(path) else {
      throw WarehouseError(
        .usage, "could not make a sample in \(path)", detail: "it is a file",
        hint: "Name a folder that is not there yet.")
    }
    let names = try FileSystem.names(in: path)
    let isSample = names.contains(Self.markerName) && names.allSatisfy(Self.ours.contains)
    guard names.isEmpty || isSample else {
      throw WarehouseError(
        .usage, "could not make a sample in \(path)",
        detail: "it holds something that is not a sample",
        hint: "Name a folder that is not there yet, or one that holds a sample alone.")
    }
  }

  /// Whether a sibling was left by a process that is no more: `<name>.<process>.new`.
  private func isAbandoned(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 3, let end = parts.last, end == "new" || end == "old",
      let process = pid_t(parts[parts.count - 2]), process > 0,
      parts.dropLast(2).joined(separator: ".") == FileSystem.name(of: path)
    else { return false }
    return kill(process, 0) != 0 && errno == ESRCH
  }

  /// Removes a folder with all that is in it; links are removed, not followed.
  private static func removeTree(_ path: String) throws(WarehouseError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else { return try FileSystem.remove(path) }
    for name in try FileSystem.names(in: path) { try removeTree(path + "/" + name) }
    guard rmdir(path) == 0 else { throw FileSystem.failure("could not remove", path) }
  }
}
