import Synchronization

/// The rows of one COPY into a staging table, made from a feed's records as they are asked for.
///
/// Several share a feed and its records. One that is dropped before its end cancels the feed: rows
/// that it had taken are lost, so the others must not go on as if nothing were missing.
public final class StagingRows: CopySource {
  private let feed: SourceFeed
  private let writer: Mutex<RowWriter>

  init(_ feed: SourceFeed, _ table: StagingTable) {
    self.feed = feed
    writer = Mutex(RowWriter(feed.core, table))
  }

  deinit {
    let isAbandoned = writer.withLock { $0.isAbandoned }
    if isAbandoned { feed.cancel() }
  }

  /// Appends about 256 KB of rows. Blocks while no text was read yet.
  ///
  /// - Throws: `.input` when a file cannot be read or there are too many rejects; `.cancelled` when
  ///   the feed was cancelled.
  public func fill(_ buffer: inout [UInt8]) throws(WarehouseError) -> Bool {
    try writer.withLock { writer throws(WarehouseError) in try writer.fill(&buffer) }
  }
}

/// Turns blocks into rows.
struct RowWriter: ~Copyable {
  private enum State { case new, open, done }

  /// Bytes that are made in one go.
  private static let batch = 256 << 10

  private let core: FeedCore
  private var reader: RecordReader
  private var encoder: RowEncoder
  private var rows: RowBuffer
  private var state = State.new

  private var block: Block?
  private var nextPiece = 0
  private var piece: Piece?
  private var rowCount = 0

  init(_ core: FeedCore, _ table: StagingTable) {
    self.core = core
    reader = RecordReader(maxRecordBytes: core.maxRecordBytes)
    encoder = RowEncoder(table)
    rows = RowBuffer(batch: RowWriter.batch, largestRow: encoder.largestRow)
  }

  /// Whether it was begun, and not brought to its end.
  var isAbandoned: Bool { state == .open }

  /// Appends the next batch to `buffer`. False when it was the last one.
  mutating func fill(_ buffer: inout [UInt8]) throws(WarehouseError) -> Bool {
    if state == .done { return false }
    try core.check()
    if state == .new {
      rows.appendHeader()
      state = .open
    }
    var hasMore = true
    while hasMore && rows.count < RowWriter.batch { hasMore = try step() }
    if !hasMore {
      rows.appendTrailer()
      state = .done
    }
    rows.move(to: &buffer)
    countRows()
    return hasMore
  }

  /// Works through the piece at hand until the batch is full, or goes on to the next one. False
  /// when there is none.
  private mutating func step() throws(WarehouseError) -> Bool {
    guard let piece, let block else { return try beginPiece() }
    while rows.count < RowWriter.batch {
      switch reader.next() {
      case .record(let place):
        let refusal = encoder.append(
          &reader.parser, file: piece.file + 1, line: place.line, to: &rows)
        if let refusal {
          try reject(refusal, place, piece, block)
        } else {
          rowCount += 1
        }
      case .refused(let place, let refusal): try reject(refusal, place, piece, block)
      case .end:
        core.counters.add(bytes: piece.storedBytes, files: piece.endsFile ? 1 : 0)
        self.piece = nil
        return true
      }
    }
    return true
  }

  private mutating func beginPiece() throws(WarehouseError) -> Bool {
    if block == nil {
      countRows()
      guard let next = try core.take() else { return false }
      block = next
      nextPiece = 0
    }
    guard let block else { return false }
    guard nextPiece < block.pieces.count else {
      core.giveBack(block)
      self.block = nil
      return true
    }
    let next = block.pieces[nextPiece]
    nextPiece += 1
    piece = next
    reader.begin(next, at: block.text(at: next.start))
    return true
  }

  private mutating func countRows() {
    core.counters.add(rows: rowCount)
    rowCount = 0
  }

  private func reject(
    _ refusal: Refusal, _ place: RecordPlace, _ piece: Piece, _ block: Block
  ) throws(WarehouseError) {
    try core.reject(
      Reject(
        refusal, at: place, in: block, of: core.listing[piece.file].path,
        maxRecordBytes: core.maxRecordBytes))
  }
}

extension Reject {
  /// What was refused at a place of a block with text of `file`.
  init(
    _ refusal: Refusal, at place: RecordPlace, in block: Block, of file: String,
    maxRecordBytes: Int
  ) {
    // Of a record that is too long, only so much is there when it did not fit into a block.
    let isTooLong = refusal == .tooLong(maxRecordBytes)
    let limit = min(Reject.rawTextLimit, isTooLong ? maxRecordBytes : Int.max)
    let text = UnsafeBufferPointer(
      start: block.text(at: place.start), count: min(place.count, limit))
    let isCut = isTooLong || text.count < place.count
    self.init(
      file: file, line: place.line, byteOffset: place.byteOffset, column: refusal.column,
      reason: refusal.reason,
      rawText: String(decoding: isCut ? text.withoutPartOfCharacter : text, as: UTF8.self),
      isCut: isCut)
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The text without a UTF-8 character at its end that was cut in two.
  var withoutPartOfCharacter: UnsafeBufferPointer<UInt8> {
    var end = count
    while end > 0, count - end < 3, self[end - 1] & 0xC0 == 0x80 { end -= 1 }
    guard end > 0 else { return self }
    let lead = self[end - 1]
    let width = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1
    return end - 1 + width > count ? UnsafeBufferPointer(rebasing: prefix(end - 1)) : self
  }
}
