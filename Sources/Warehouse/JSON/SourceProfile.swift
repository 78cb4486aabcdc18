/// Where something stands in a source.
public struct SourcePlace: Sendable, Equatable {
  /// The file's path.
  public var file: String
  /// The line on which the record begins, from 1; nil when only its byte is known.
  public var line: Int?
  /// The byte at which the record begins, from 0; for a compressed file, of its content.
  public var byteOffset: Int
}

/// How many different values there are.
public enum DistinctCount: Sendable, Equatable {
  /// So many.
  case exactly(Int)
  /// So many, and perhaps more: nobody counted on.
  case atLeast(Int)
}

/// What a sample says about one member of the records.
public struct FieldProfile: Sendable, Equatable {
  /// The member's name.
  public var name: String
  /// The staging columns that take it; none for a member that is not loaded.
  public var columns: [StagingColumn]
  /// Values by type, nulls among them.
  public var types: [MemberType: Int] = [:]
  /// Records without it.
  public var missingCount = 0
  /// Values that are the empty string.
  public var emptyCount = 0
  /// Different values, nulls left out.
  public var distinct = DistinctCount.exactly(0)
  /// The least value: the least text where there is text, else the least number. Long text is cut.
  public var minimum: String?
  /// The greatest value.
  public var maximum: String?
  /// The longest value, in bytes of UTF-8.
  public var widestBytes = 0
  /// Where the longest value stands; nil when there is none.
  public var widestPlace: SourcePlace?
  /// Records that loading would refuse because of it.
  public var refusedCount = 0

  /// Values that are null.
  public var nullCount: Int { types[.null] ?? 0 }
  /// The most bytes of text that its column takes; nil when it is no text.
  public var textLimit: Int? { columns.map(\.type.textLimit).filter { $0 > 0 }.min() }
  /// Whether a record without it is refused.
  public var isRequired: Bool { columns.contains(where: \.isRequired) }
  /// Whether no record of the sample has it.
  public var isAbsent: Bool { types.isEmpty }
}

/// A record of the sample that loading would refuse.
public struct ProfiledRefusal: Sendable, Equatable {
  /// Where it begins.
  public var place: SourcePlace
  /// The staging column that cannot hold its value; nil when the record itself is wrong.
  public var column: String?
  /// Why, in one line.
  public var reason: String
  /// The record as it stands, cut at `Reject.rawTextLimit` bytes.
  public var rawText: String
}

/// What a sample of a source's records says, before anything is loaded.
public struct SourceProfile: Sendable, Equatable {
  /// The members: in the order in which they came, then those that never came.
  public var fields: [FieldProfile] = []
  /// Records that were looked at, broken ones included.
  public var recordCount = 0
  /// Those of them that loading would refuse.
  public var refusedCount = 0
  /// Some of those, in the order of files and places.
  public var refusals: [ProfiledRefusal] = []
  /// Files of which something was read.
  public var filesRead = 0
  /// All files.
  public var fileCount = 0
  /// Bytes that were looked at; of compressed files, of their content.
  public var bytesRead = 0
  /// All bytes of the source, as they lie in the store.
  public var totalBytes = 0
  /// Whether every record was looked at.
  public var isWhole = false
  /// Whether it ended because time was over.
  public var isCutByTime = false

  /// Members that are not loaded.
  public var extraFields: [FieldProfile] { fields.filter(\.columns.isEmpty) }
  /// Members that a table asks for and no record has.
  public var absentFields: [FieldProfile] { fields.filter(\.isAbsent) }
}

extension StagingType {
  /// As a table's definition says it: `VARCHAR(256)`.
  public var declaration: String {
    switch self {
    case .integer: "INTEGER"
    case .bigint: "BIGINT"
    case .double: "DOUBLE PRECISION"
    case .varchar(let limit): "VARCHAR(\(limit))"
    case .timestamp: "TIMESTAMP"
    }
  }
}
