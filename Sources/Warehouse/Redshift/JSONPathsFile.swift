/// A file that tells COPY which member of a record goes into which column.
struct JSONPathsFile: Sendable, Equatable {
  /// The member that each path names, in order; one that lies deeper stands as its whole path.
  let members: [String]

  /// Our own file: one path for each column that COPY fills.
  init(_ table: StagingTable) { members = table.copiedColumns.compactMap(\.member) }

  /// Somebody's file.
  ///
  /// - Throws: `.input` when it is none; COPY would take it for 'auto' without a word.
  init(parsing bytes: [UInt8], url: String) throws(WarehouseError) {
    let paths = JSONValue(parsing: bytes)?["jsonpaths"]?.elements?.map(\.text)
    guard let paths, !paths.isEmpty, !paths.contains(nil) else {
      throw WarehouseError(
        .input, "could not read the JSONPaths file \(url)",
        detail: "it is no object with a list of texts under \"jsonpaths\"",
        hint: "It reads like {\"jsonpaths\": [\"$['artist']\", …]}, with one path a column.")
    }
    members = paths.map { Self.member($0 ?? "") }
  }

  /// The file's text.
  var text: [UInt8] {
    var text = JSONText()
    let paths = members.map { JSONValue.string("$['\($0)']") }
    text.object([("jsonpaths", .array(paths))])
    return text.bytes
  }

  /// `$.name`, `$['name']` or `$["name"]`.
  private static func member(_ path: String) -> String {
    var rest = path[...]
    guard rest.first == "$" else { return path }
    rest = rest.dropFirst()
    if rest.first == "." {
      rest = rest.dropFirst()
    } else {
      for (open, close) in [("['", "']"), ("[\"", "\"]")]
      where rest.hasPrefix(open) && rest.hasSuffix(close) && rest.count > 4 {
        rest = rest.dropFirst(2).dropLast(2)
        break
      }
    }
    let isPlain = rest.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == " " }
    return isPlain && !rest.isEmpty ? String(rest) : path
  }
}

/// The list of files that a COPY reads.
enum CopyManifest {
  /// The manifest of listed files: each must be there, and is named with the size that was listed.
  static func text(_ listing: ObjectListing) -> [UInt8] {
    var text = JSONText()
    text.raw("{\"entries\":[")
    for (index, object) in listing.enumerated() {
      if index > 0 { text.raw(",\n") }
      text.raw("{\"url\":")
      text.string(object.path)
      text.raw(",\"mandatory\":true,\"meta\":{\"content_length\":\(object.size)}}")
    }
    text.raw("]}")
    return text.bytes
  }
}
