import Foundation

@testable import Warehouse

/// The real data set, where it lies beside the package; tests of it have no cases elsewhere.
enum RealData {
  private static let folder = FileSystem.parent(of: Program.packageFolder) + "/shared/data/sparkify"

  static let events = folder + "/log_data"
  static let smallSongs = folder + "/song_data"
  static let allSongs = folder + "/s3/song_data.jsonl"
  static let songArchive = folder + "/s3/song_data_tree.tar.gz"

  /// One case where the data is there, else none.
  static let cases: [String] = missing.isEmpty ? [folder] : []

  /// The files that are not there.
  static let missing = [events, smallSongs, allSongs, songArchive].filter {
    !FileSystem.exists($0)
  }

  /// All objects of the files below `path`, read without any part of the product.
  static func objects(_ path: String) throws -> [[String: Any]] {
    try files(path).flatMap { file in
      try String(contentsOfFile: file, encoding: .utf8)
        .split(whereSeparator: \.isNewline)
        .compactMap { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
    }
  }

  private static func files(_ path: String) -> [String] {
    guard let names = FileManager.default.enumerator(atPath: path) else { return [path] }
    let found = names.compactMap { $0 as? String }.filter { $0.hasSuffix(".json") }
    return found.isEmpty ? [path] : found.map { path + "/" + $0 }
  }
}
