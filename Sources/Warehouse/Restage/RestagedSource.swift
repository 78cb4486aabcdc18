/// A source that was restaged, with everything that loading it needs.
public struct RestagedSource: Sendable, Equatable {
  /// One of its files.
  public struct File: Sendable, Equatable {
    /// A path, or `s3://bucket/key`.
    public var location: String
    /// Its size in the store.
    public var bytes: Int
  }

  /// What its records are about.
  public var kind: SourceKind
  /// Where it came from, as configured.
  public var source: String
  /// The place of the whole run: a path or `s3://bucket/prefix`, without a slash at its end.
  public var run: String
  /// The manifest: a path or `s3://bucket/key`. COPY takes the second kind.
  public var manifest: String
  /// The files in order: JSON lines.
  public var files: [File]
  /// How they are compressed.
  public var compression: RestageCompression
  /// Records in them; nil when nobody counted.
  public var records: Int?
  /// Records that were broken and lie in the quarantine file.
  public var rejects: Int

  /// The files as a listing, for our own reader.
  public var listing: ObjectListing {
    ObjectListing(
      files.map { file in
        SourceObject(
          path: file.location, size: file.bytes, modified: Timestamp(milliseconds: 0),
          compression: compression.compression)
      })
  }
}

extension RestagedSource {
  /// The name of a run's summary, beside its folders.
  static let summaryName = "_run.json"

  /// What the summary says of this source. Where the files are, the manifest says.
  var summary: JSONValue {
    .object([
      ("source", .string(source)), ("files", .integer(files.count)),
      ("records", JSONValue(records)), ("rejects", .integer(rejects)),
      ("compression", .string(compression.rawValue)),
    ])
  }
}
