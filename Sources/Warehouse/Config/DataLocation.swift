/// Where source files lie.
public enum DataLocation: Sendable, Hashable {
  /// In a bucket: all objects whose key begins with `prefix`, which has no slash in front.
  case s3(bucket: String, prefix: String)
  /// A folder or a file, as an absolute path.
  case path(String)

  /// `s3://bucket/prefix`, or the path.
  public var text: String {
    switch self {
    case .s3(let bucket, let prefix): "s3://\(bucket)/\(prefix)"
    case .path(let path): path
    }
  }

  /// Reads `s3://bucket/prefix` (`s3a` and `s3n` too, as Spark writes it) or a path, which is
  /// relative to `folder`, or to `bucket` when there is one. Nil when an address is wrong.
  init?(_ text: String, folder: String, home: String, bucket: String?) {
    guard let range = text.firstRange(of: "://") else {
      self =
        bucket.map { .s3(bucket: $0, prefix: String(text.drop { $0 == "/" })) }
        ?? .path(text.absolutePath(in: folder, home: home))
      return
    }
    guard ["s3", "s3a", "s3n"].contains(text[..<range.lowerBound].lowercased()) else { return nil }
    let rest = text[range.upperBound...]
    let name = rest.prefix { $0 != "/" }
    guard Self.isBucket(String(name)) else { return nil }
    self = .s3(bucket: String(name), prefix: String(rest.dropFirst(name.count).drop { $0 == "/" }))
  }

  /// Reads `s3://bucket/prefix`; nil when `text` is no such address.
  init?(s3 text: String) {
    guard text.hasPrefix("s3://") else { return nil }
    self.init(text, folder: "/", home: "/", bucket: nil)
  }

  /// Whether a bucket may have this name; old ones may hold capitals and underscores.
  static func isBucket(_ name: String) -> Bool {
    (3...255).contains(name.utf8.count)
      && name.unicodeScalars.allSatisfy { scalar in
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
          || ("0"..."9").contains(scalar) || "-._".unicodeScalars.contains(scalar)
      }
  }
}

/// How Redshift finds the fields of an event.
public enum JSONPaths: Sendable, Hashable {
  /// By the names of the columns.
  case auto
  /// By a file of paths.
  case file(DataLocation)

  /// `auto`, or where the file is.
  public var text: String {
    switch self {
    case .auto: "auto"
    case .file(let location): location.text
    }
  }
}

extension String {
  /// The path from the root: `~` is the home folder, anything else without `/` in front lies in
  /// `folder`. A `.` and a `/` too many are taken out.
  func absolutePath(in folder: String, home: String) -> String {
    let path: String
    if self == "~" || hasPrefix("~/") {
      path = home + dropFirst()
    } else {
      path = hasPrefix("/") ? self : folder + "/" + self
    }
    let parts = path.split(separator: "/").filter { $0 != "." }
    return "/" + parts.joined(separator: "/") + (path.hasSuffix("/") && !parts.isEmpty ? "/" : "")
  }
}
