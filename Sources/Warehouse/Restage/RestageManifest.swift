/// The list of a source's restaged files, as Redshift's COPY reads it ("Using a manifest to specify
/// data files", Amazon Redshift Database Developer Guide).
enum RestageManifest {
  /// Its name beside the files. A name that begins with `_` is no data to whoever lists the folder.
  static let name = "_manifest.json"

  /// Where one will be, in a run whose name is not known yet.
  static func outline(_ kind: SourceKind, under output: DataLocation) -> String {
    let place = output.text
    return (place.hasSuffix("/") ? place : place + "/") + "run-N/\(kind.rawValue)/\(name)"
  }

  /// The text of a manifest. Every file is mandatory: one that is missing is an error.
  static func text(_ files: [(address: String, bytes: Int)]) -> [UInt8] {
    var json = JSONText()
    json.raw("{\"entries\":[")
    for (index, file) in files.enumerated() {
      json.raw(index == 0 ? "\n" : ",\n")
      json.object([
        ("url", .string(file.address)), ("mandatory", .boolean(true)),
        ("meta", .object([("content_length", .integer(file.bytes))])),
      ])
    }
    json.raw("\n]}\n")
    return json.bytes
  }

  /// The files of a manifest; nil when it is none.
  static func files(in bytes: [UInt8]) -> [RestagedSource.File]? {
    guard let entries = JSONValue(parsing: bytes)?["entries"]?.elements else { return nil }
    var files: [RestagedSource.File] = []
    for entry in entries {
      guard let url = entry["url"]?.text, let bytes = entry["meta"]?["content_length"]?.number,
        bytes >= 0, let location = location(of: url)
      else { return nil }
      files.append(RestagedSource.File(location: location, bytes: bytes))
    }
    return files
  }

  /// The path of a `file:` address; an `s3:` address as it stands.
  private static func location(of url: String) -> String? {
    if url.hasPrefix("s3://") { return url }
    guard url.hasPrefix("file:/") else { return nil }
    let path = url.dropFirst("file:".count).drop { $0 == "/" }
    return PercentEncoding.decodeKey("/" + path)
  }
}
