import CSimdJSON
import Glibc

/// Where a record lies: in its block and in its file.
struct RecordPlace: Equatable {
  /// Its first byte in the block.
  var start: Int
  /// Its length in bytes, without the blanks around it.
  var count: Int
  /// The line of the file on which it begins, from 1.
  var line: Int
  /// The byte of the file's content at which it begins, from 0.
  var byteOffset: Int
}

/// Finds the records in a piece of text, one after the other, and reads their members.
///
/// A line that is one object is read as it stands: the fast way, and the usual one. Everything else
/// (several on a line, one over several lines, arrays, broken JSON) goes through the scan that
/// finds where a record ends. Both agree: what simdjson accepts as one object is what the scan
/// finds. The outcome therefore doesn't depend on where the text was cut into pieces.
struct RecordReader: ~Copyable {
  /// What comes next.
  enum Step {
    /// A record; `parser` has its members.
    case record(RecordPlace)
    /// Something that is none.
    case refused(RecordPlace, Refusal)
    /// The piece is used up.
    case end
  }

  /// Has the members of the record that came last.
  var parser: JSONParser
  private let maxRecordBytes: Int
  /// Whether `parser` gets the members, which takes most of the time.
  private let readsMembers: Bool

  /// What of a piece is asked for at each record: numbers alone, which cost nothing to copy.
  private struct Extent {
    var isOversized: Bool
    var start: Int
    var count: Int
    var line: Int
    var byteOffset: Int
    var endsFile: Bool
  }

  private var text: UnsafePointer<UInt8>?
  private var extent: Extent?
  private var damage: String?
  /// Bytes of the piece that are done, and the line on which reading stands.
  private var position = 0
  private var line = 1
  private var between = json_between()
  /// Up to here the fast way was tried in vain.
  private var slowUntil = 0
  private var isEndTold = false

  /// - Parameter readsMembers: whether the members are wanted, or the records as they stand alone.
  init(maxRecordBytes: Int, readsMembers: Bool = true) {
    self.maxRecordBytes = maxRecordBytes
    self.readsMembers = readsMembers
    parser = JSONParser(maxRecordBytes: maxRecordBytes)
  }

  /// Begins a piece, whose text starts at `text` and stays there until the last `next()`.
  mutating func begin(_ piece: Piece, at text: UnsafePointer<UInt8>) {
    self.text = text
    extent = Extent(
      isOversized: piece.kind == .oversized, start: piece.start, count: piece.count,
      line: piece.line, byteOffset: piece.byteOffset, endsFile: piece.endsFile)
    damage = piece.damage
    position = 0
    line = piece.line
    between = piece.between
    slowUntil = 0
    isEndTold = false
  }

  /// The next record of the piece.
  mutating func next() -> Step {
    guard let text, let piece = extent else { return .end }
    if piece.isOversized { return nextOversized(piece) }
    if position < piece.count {
      let skipped = json_between_skip(&between, text + position, piece.count - position)
      line += json_count_newlines(text + position, skipped)
      position += skipped
    }
    guard position < piece.count else { return endStep(piece) }
    if position >= slowUntil, text[position] == UInt8(ascii: "{"),
      let place = readLine(text, piece)
    {
      return .record(place)
    }
    return readFrame(text, piece)
  }

  /// The fast way: the rest of the line is one object. Nil when it is not.
  private mutating func readLine(_ text: UnsafePointer<UInt8>, _ piece: Extent) -> RecordPlace? {
    var end = piece.count
    if let newline = memchr(text + position, 0x0A, piece.count - position) {
      // memchr found it in the piece, so the distance is less than the piece's length.
      end = UnsafeRawPointer(newline) - UnsafeRawPointer(text)
    }
    slowUntil = end
    end = withoutBlanks(text, end)
    if between.in_array && text[end - 1] == UInt8(ascii: ",") {
      end = withoutBlanks(text, end - 1)
    }
    let count = end - position
    guard count <= maxRecordBytes, text[end - 1] == UInt8(ascii: "}"),
      read(text + position, count) == nil
    else { return nil }
    let place = RecordPlace(
      start: piece.start + position, count: count, line: line,
      byteOffset: piece.byteOffset + position)
    position = end
    between.column += count
    between.after_closer = true
    between.after_newline = false
    return place
  }

  /// Nil when it is a whole object, or why it is none.
  private mutating func read(_ text: UnsafePointer<UInt8>, _ length: Int) -> json_failure? {
    readsMembers ? parser.read(text, length) : parser.check(text, length)
  }

  /// The end without the blanks before it. The byte at `position` is none, so it ends there.
  private func withoutBlanks(_ text: UnsafePointer<UInt8>, _ end: Int) -> Int {
    var end = end
    while end > position + 1, isBlank(text[end - 1]) { end -= 1 }
    return end
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  /// The slow way: finds the end of whatever begins here, by its brackets.
  private mutating func readFrame(_ text: UnsafePointer<UInt8>, _ piece: Extent) -> Step {
    var scan = json_scan()
    json_scan_begin(&scan, maxRecordBytes, between.column)
    let rest = piece.count - position
    let frame = json_scan_run(&scan, text + position, rest, true)
    json_between_resume(&between, &scan)
    let first = position
    let length = max(1, min(scan.end, rest))
    let end = scan.is_too_long ? first + scan.known : withoutBlanks(text, first + length)
    let place = RecordPlace(
      start: piece.start + first, count: end - first, line: line,
      byteOffset: piece.byteOffset + first)
    position += length
    line += json_count_newlines(text + first, length)
    if scan.is_too_long { return .refused(place, .tooLong(maxRecordBytes)) }
    switch frame {
    case JSON_FRAME_OBJECT:
      guard let failure = read(text + first, length) else { return .record(place) }
      let bytes = UnsafeBufferPointer(start: text + first, count: length)
      return .refused(place, .broken(failure, bytes))
    case JSON_FRAME_ARRAY: return .refused(place, Refusal("not an object: an array in an array"))
    case JSON_FRAME_SCALAR: return .refused(place, Refusal("not an object: a bare value"))
    case JSON_FRAME_INCOMPLETE where position == piece.count && damage != nil:
      return endStep(piece, place)
    case JSON_FRAME_INCOMPLETE: return .refused(place, .incomplete)
    default: return .refused(place, Refusal("broken JSON: not an object"))
    }
  }

  /// What the end of the file tells: damage, or an array that is still open.
  private mutating func endStep(_ piece: Extent, _ place: RecordPlace? = nil) -> Step {
    guard piece.endsFile && !isEndTold else { return .end }
    isEndTold = true
    let place =
      place
      ?? RecordPlace(
        start: piece.start + position, count: 0, line: line,
        byteOffset: piece.byteOffset + position)
    if let damage { return .refused(place, Refusal(damage)) }
    return between.in_array ? .refused(place, .openArray) : .end
  }

  private mutating func nextOversized(_ piece: Extent) -> Step {
    if position > 0 { return .end }
    position = max(1, piece.count)
    let place = RecordPlace(
      start: piece.start, count: piece.count, line: piece.line, byteOffset: piece.byteOffset)
    return .refused(place, .tooLong(maxRecordBytes))
  }
}
