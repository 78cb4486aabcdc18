import CSimdJSON

/// The JSON type of a member's value.
public enum MemberType: String, Sendable, CaseIterable {
  /// null
  case null
  /// true or false
  case boolean
  /// A whole number of 64 bits.
  case integer
  /// Another number.
  case number
  /// A string.
  case text
  /// An array or an object.
  case nested

  init(_ type: json_type) {
    self =
      switch type {
      case JSON_NULL: .null
      case JSON_BOOL: .boolean
      case JSON_INTEGER: .integer
      case JSON_REAL: .number
      case JSON_NESTED: .nested
      default: .text
      }
  }
}

/// One member of a record, as it stands in the file.
public struct SampledMember: Sendable, Equatable {
  /// Its name.
  public var name: String
  /// The type of its value.
  public var type: MemberType
  /// Its value: a string without quotes and escapes, anything else as it stands; cut at
  /// `Reject.rawTextLimit` bytes.
  public var text: String
  /// The length of the whole value in bytes of UTF-8.
  public var byteCount: Int
}

/// One record of a file, read for looking at it.
public struct SampledRecord: Sendable, Equatable {
  /// The line on which it begins, from 1.
  public var line: Int
  /// The byte at which it begins, from 0; for a compressed file, of its content.
  public var byteOffset: Int
  /// The record as it stands, cut at `Reject.rawTextLimit` bytes.
  public var rawText: String
  /// Its members, in their order; none when it is no object.
  public var members: [SampledMember]
  /// The column that refuses it, when it is one column.
  public var refusedColumn: String?
  /// Why it will not be stored; nil when it will be.
  public var refusal: String?
}

extension ObjectStore {
  /// Records of one file, those included that are broken: at most `limit` after the first
  /// `skipped`.
  ///
  /// Blocks. With a table, each record's refusal says what loading it into the table would say.
  /// - Throws: `.input` when the file cannot be read; `.cancelled`.
  public func sample(
    _ object: SourceObject, skipping skipped: Int = 0, limit: Int, for table: StagingTable? = nil,
    maxRecordBytes: Int = 16 << 20, cancellation: Cancellation = Cancellation()
  ) throws(WarehouseError) -> [SampledRecord] {
    var options = FeedOptions()
    options.consumers = 1
    options.maxRecordBytes = maxRecordBytes
    options.blockBytes = 64 << 10
    let feed = SourceFeed(ObjectListing([object]), in: self, options: options) { _ in }
    var sampler = RecordSampler(
      maxRecordBytes: maxRecordBytes, table: table, skipped: skipped, limit: limit)
    while !sampler.isFull, let block = try feed.core.take() {
      try cancellation.check()
      for piece in block.pieces where !sampler.isFull { sampler.read(piece, of: block) }
      feed.core.giveBack(block)
    }
    return sampler.records
  }
}

/// Collects records.
private struct RecordSampler: ~Copyable {
  private(set) var records: [SampledRecord] = []
  private let limit: Int
  /// Records that are passed over before one is kept.
  private var skipped: Int
  private var reader: RecordReader
  private var encoder: RowEncoder
  private var rows: RowBuffer
  private let hasTable: Bool

  init(maxRecordBytes: Int, table: StagingTable?, skipped: Int, limit: Int) {
    self.limit = limit
    self.skipped = skipped
    hasTable = table != nil
    reader = RecordReader(maxRecordBytes: maxRecordBytes)
    encoder = RowEncoder(table ?? StagingTable(name: "", columns: []))
    rows = RowBuffer(batch: 0, largestRow: encoder.largestRow)
  }

  var isFull: Bool { records.count >= limit }

  mutating func read(_ piece: Piece, of block: Block) {
    reader.begin(piece, at: block.text(at: piece.start))
    while !isFull {
      let step = reader.next()
      if skipped > 0, !step.isEnd {
        skipped -= 1
        continue
      }
      switch step {
      case .record(let place):
        var record = record(at: place, in: block)
        reader.parser.forEachBatch { members in
          record.members.append(contentsOf: members.map(SampledMember.init))
        }
        if hasTable {
          rows.cut(to: 0)
          let refusal = encoder.append(
            &reader.parser, file: piece.file + 1, line: place.line, to: &rows)
          record.refusal = refusal?.reason
          record.refusedColumn = refusal?.column
        }
        records.append(record)
      case .refused(let place, let refusal):
        var record = record(at: place, in: block)
        record.refusal = refusal.reason
        records.append(record)
      case .end: return
      }
    }
  }

  private func record(at place: RecordPlace, in block: Block) -> SampledRecord {
    SampledRecord(
      line: place.line, byteOffset: place.byteOffset,
      rawText: String(cutting: block.text(at: place.start), place.count), members: [],
      refusedColumn: nil, refusal: nil)
  }
}

extension RecordReader.Step {
  fileprivate var isEnd: Bool {
    if case .end = self { true } else { false }
  }
}

extension SampledMember {
  fileprivate init(_ member: json_member) {
    name = String(cutting: member.key, member.key_length)
    type = MemberType(member.type)
    text = String(cutting: member.text, member.length)
    byteCount = member.length
  }
}

extension String {
  /// At most `Reject.rawTextLimit` bytes of UTF-8, invalid ones made visible.
  init(cutting text: UnsafePointer<UInt8>, _ length: Int) {
    let bytes = UnsafeBufferPointer(start: text, count: Swift.min(length, Reject.rawTextLimit))
    self = String(
      decoding: bytes.count < length ? bytes.withoutPartOfCharacter : bytes, as: UTF8.self)
  }
}
