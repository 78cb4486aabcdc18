import CSimdJSON

/// Fills blocks with one file's content, and finds where to cut it.
///
/// A block ends at a boundary between lines where there is one. Elsewhere (an array of records, all
/// on one line) the text is searched from the start for the ends of its records.
struct FileCutter {
  /// What has to happen before the file can go on.
  enum Outcome {
    /// Nothing: the file is at its end.
    case isDone
    /// The block is finished but for its last bytes, which belong into the next one.
    case needsBlock(rest: Int)
    /// One record fills the whole block.
    case needsRoom
  }

  /// Where the text that is not cut yet begins in the block.
  var start: Int
  private let file: Int
  private let stream: any ByteStream
  private let maxRecordBytes: Int

  /// The place of that text in the file.
  private var line = 1
  private var byteOffset = 0
  private var between = json_between()
  /// Bytes of the store that pieces were made of so far.
  private var storedBytes = 0

  /// What is known to be whole records, counted from `start`, and how reading stands after it.
  private var whole = 0
  private var betweenWhole = json_between()
  /// The search for the end of the record that begins there.
  private var scan = json_scan()
  private var isScanning = false
  /// Bytes in which there is no boundary, counted from `start`.
  private var searched = 0
  /// Whether the record is longer than allowed, so that its bytes are thrown away.
  private var isSkipping = false

  init(file: Int, stream: any ByteStream, start: Int, maxRecordBytes: Int) {
    self.file = file
    self.stream = stream
    self.start = start
    self.maxRecordBytes = maxRecordBytes
  }

  /// Reads until the block is full or the file ends; into a grown block, `step` bytes at a time,
  /// so that little of the next record comes with the long one.
  mutating func fill(_ block: Block, step: Int) throws(WarehouseError) -> Outcome {
    while true {
      let goal = block.isGrown ? min(block.capacity, block.count + step) : block.capacity
      let isAtEnd = try read(into: block, upTo: goal)
      if isSkipping { skip(block, isAtEnd: isAtEnd) }
      if isAtEnd {
        finish(block)
        return .isDone
      }
      if isSkipping || block.count < goal { continue }
      if cut(block) || start > 0 && !isSkipping { return .needsBlock(rest: block.count - start) }
      if !isSkipping && block.count == block.capacity { return .needsRoom }
    }
  }

  /// Whether the file is at its end.
  private func read(into block: Block, upTo goal: Int) throws(WarehouseError) -> Bool {
    while block.count < goal {
      let room = UnsafeMutableRawBufferPointer(rebasing: block.room.prefix(goal - block.count))
      let count = try stream.read(into: room)
      if count == 0 { return true }
      block.count += count
    }
    return false
  }

  // MARK: - Pieces

  /// The next `count` bytes become a piece.
  private mutating func take(
    _ count: Int, of block: Block, next: json_between, kind: Piece.Kind = .records
  ) -> Piece {
    let consumed = stream.consumedBytes
    let piece = Piece(
      kind: kind, file: file, start: start, count: count, line: line, byteOffset: byteOffset,
      between: between, storedBytes: consumed - storedBytes)
    storedBytes = consumed
    advance(count, in: block)
    between = next
    return piece
  }

  private mutating func advance(_ count: Int, in block: Block) {
    line += json_count_newlines(block.text(at: start), count)
    byteOffset += count
    start += count
  }

  /// Begins to look for records anew, at `start`.
  private mutating func restart(_ state: json_between) {
    between = state
    betweenWhole = state
    whole = 0
    searched = 0
    isScanning = false
  }

  private mutating func finish(_ block: Block) {
    _ = dropByteOrderMark(block)
    var piece = take(block.count - start, of: block, next: json_between())
    piece.endsFile = true
    piece.damage = stream.damage
    block.pieces.append(piece)
  }

  /// Whether a piece could be cut off.
  private mutating func cut(_ block: Block) -> Bool {
    guard dropByteOrderMark(block) else { return false }
    let length = block.count - start
    var next = json_between()
    let boundary = json_last_boundary(block.text(at: start), searched, length, &next.column)
    if boundary > 0 {
      block.pieces.append(take(boundary, of: block, next: next))
      restart(next)
      return true
    }
    searched = max(0, length - 1)
    findRecords(block.text(at: start), length)
    if whole > 0 {
      block.pieces.append(take(whole, of: block, next: betweenWhole))
      searched = max(0, searched - whole)
      whole = 0
      return true
    }
    if isScanning && scan.total > maxRecordBytes { beginSkipping(block) }
    return false
  }

  /// Moves `whole` over all records that end in the text.
  private mutating func findRecords(_ text: UnsafePointer<UInt8>, _ length: Int) {
    while true {
      if !isScanning {
        whole += json_between_skip(&betweenWhole, text + whole, length - whole)
        if whole == length { return }
        json_scan_begin(&scan, maxRecordBytes, betweenWhole.column)
        isScanning = true
      }
      let seen = whole + scan.total
      let frame = json_scan_run(&scan, text + seen, length - seen, false)
      if frame == JSON_FRAME_MORE { return }
      json_between_resume(&betweenWhole, &scan)
      whole += scan.end
      isScanning = false
    }
  }

  /// Steps over the mark that some editors put at a file's start. False when the text is too short
  /// to tell.
  private mutating func dropByteOrderMark(_ block: Block) -> Bool {
    guard byteOffset == 0 && !isScanning && !isSkipping else { return true }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = UnsafeBufferPointer(start: block.text(at: start), count: block.count - start)
    guard text.prefix(3).elementsEqual(mark.prefix(text.count)) else { return true }
    guard text.count >= 3 else { return false }
    byteOffset = 3
    start += 3
    return true
  }

  // MARK: - Records that are too long

  /// Keeps the beginning of the record, for the reject, and throws the rest away.
  private mutating func beginSkipping(_ block: Block) {
    let length = block.count - start
    let kept = min(Reject.rawTextLimit, maxRecordBytes)
    block.pieces.append(take(kept, of: block, next: betweenWhole, kind: .oversized))
    advance(length - kept, in: block)
    start -= length - kept
    block.count = start
    isSkipping = true
  }

  /// Goes on with the search for the record's end.
  private mutating func skip(_ block: Block, isAtEnd: Bool) {
    let seen = scan.total
    let length = block.count - start
    let frame = json_scan_run(&scan, block.text(at: start), length, isAtEnd)
    if frame == JSON_FRAME_MORE {
      advance(length, in: block)
      start -= length
      block.count = start
      return
    }
    var state = between
    json_between_resume(&state, &scan)
    // The record can end at the start of a line whose first blanks are thrown away already.
    state.column += max(0, seen - scan.end)
    advance(max(0, scan.end - seen), in: block)
    restart(state)
    isSkipping = false
  }
}
