/// What the name of a file says about it.
enum SourceName {
  /// Whether the name begins with `.` or `_`: such files and folders are no data, by Spark's
  /// and Hadoop's custom.
  static func isHidden(_ name: String) -> Bool {
    name.utf8.first == UInt8(ascii: ".") || name.utf8.first == UInt8(ascii: "_")
  }

  /// The compression of a JSON file by its name; nil when the name is not one of a JSON file.
  ///
  /// Files are `.json` or `.jsonl`, or `.gz` or `.zst` of either. What a plain `.gz` holds its name
  /// does not say: it counts as JSON. `songs.csv.gz` and `songs.tar.gz` do say.
  static func compression(_ name: String) -> Compression? {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, let last = parts.popLast() else { return nil }
    switch last.lowercased() {
    case "json", "jsonl": return Compression.none
    case "gz": return isJSON(parts) ? .gzip : nil
    case "zst": return isJSON(parts) ? .zstd : nil
    default: return nil
    }
  }

  /// Whether what is left of a name without `.gz` may be JSON: no extension, one of JSON, or digits,
  /// as in `events.2018.gz`.
  private static func isJSON(_ parts: [Substring]) -> Bool {
    guard parts.count > 1, let inner = parts.last else { return true }
    return ["json", "jsonl"].contains(inner.lowercased())
      || inner.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
