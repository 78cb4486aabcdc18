import CSimdJSON

/// Reads the parts of a plan, and counts what the records in them are like.
struct ProfileReader: ~Copyable {
  private let store: any ObjectStore
  private let listing: ObjectListing
  private let table: StagingTable
  private let options: ProfileOptions
  private let maxRecordBytes: Int
  private let cancellation: Cancellation
  private let deadline: ContinuousClock.Instant

  private var reader: RecordReader
  private var encoder: RowEncoder
  private var rows: RowBuffer
  private var tallies: [FieldTally] = []
  /// The tally that stood at each place of the record before: members mostly keep their order.
  private var guesses: [Int] = []
  private var profile = SourceProfile()
  private var objectCount = 0
  private var refusedByColumn: [String: Int] = [:]
  private var refusals: [(file: Int, refusal: ProfiledRefusal)] = []
  private var filesRead: Set<Int> = []

  /// So many refusals of one column are kept.
  private static let refusalLimit = 25
  /// At most so many bytes are read to find lines: of files that are at hand, and of others.
  private static let lineBytes = (near: 1 << 30, far: 64 << 20)
  /// Files up to this size are fetched ahead whole.
  private static let smallBytes = 256 << 10
  /// Members with other names than the first so many are not counted: a hostile file could have
  /// millions.
  private static let fieldLimit = 500

  init(
    _ store: any ObjectStore, _ listing: ObjectListing, _ table: StagingTable,
    _ options: ProfileOptions, maxRecordBytes: Int, _ cancellation: Cancellation
  ) {
    self.store = store
    self.listing = listing
    self.table = table
    self.options = options
    self.maxRecordBytes = maxRecordBytes
    self.cancellation = cancellation
    deadline = .now + options.duration
    reader = RecordReader(maxRecordBytes: maxRecordBytes)
    encoder = RowEncoder(table)
    rows = RowBuffer(batch: 0, largestRow: encoder.largestRow)
  }

  /// Reads everything that is planned, or as much as there is time for.
  mutating func run() throws(WarehouseError) -> SourceProfile {
    let plan = ProfilePlan(listing, options)
    profile.fileCount = listing.count
    profile.totalBytes = listing.totalBytes
    try readWindows(plan)
    try readFronts(plan)
    try readWholeFiles(plan.parts.filter { $0.length == nil }.map(\.file))
    profile.isWhole = plan.isWhole && !profile.isCutByTime
    profile.filesRead = filesRead.count
    try findLines()
    finish()
    return profile
  }

  /// Whether there is time left.
  private mutating func hasTime() throws(WarehouseError) -> Bool {
    try cancellation.check()
    if ContinuousClock.now >= deadline { profile.isCutByTime = true }
    return !profile.isCutByTime
  }

  // MARK: Whole files, and fronts

  /// Reads files as a load does, in one go; small ones that are far away are fetched ahead.
  private mutating func readWholeFiles(_ files: [Int]) throws(WarehouseError) {
    guard options.readers > 1 else { return try readThroughFeed(files, limit: nil) }
    let small = files.filter { listing.size(at: $0) <= Self.smallBytes }
    let parts = small.map { ReadAhead.Part(object: listing[$0], length: listing.size(at: $0)) }
    let ahead = ReadAhead(parts, in: store, width: options.readers, cancellation)
    try readThroughFeed(small, limit: nil, from: FetchedStore(files: ahead))
    try readThroughFeed(files.filter { listing.size(at: $0) > Self.smallBytes }, limit: nil)
  }

  private mutating func readFronts(_ plan: ProfilePlan) throws(WarehouseError) {
    for part in plan.parts where part.offset == 0 && part.length != nil {
      guard listing.compression(at: part.file) != .none else { continue }
      try readThroughFeed([part.file], limit: part.length)
    }
  }

  private mutating func readThroughFeed(
    _ files: [Int], limit: Int?, from fetched: FetchedStore? = nil
  ) throws(WarehouseError) {
    guard !files.isEmpty, try hasTime() else { return }
    var feedOptions = FeedOptions()
    feedOptions.consumers = 1
    feedOptions.maxRecordBytes = maxRecordBytes
    feedOptions.blockBytes = ProfilePlan.window
    // One reader, so that the same files give the same answer.
    feedOptions.readers = 1
    let part = ObjectListing(files.map { listing[$0] })
    let source: any ObjectStore = fetched ?? store
    let feed = SourceFeed(part, in: source, options: feedOptions) { _ in }
    var left = limit ?? .max
    while left > 0, try hasTime(), let block = try feed.core.take() {
      for piece in block.pieces where files.indices.contains(piece.file) {
        read(piece, of: block, file: files[piece.file], hasLines: true)
        left -= piece.count
      }
      feed.core.giveBack(block)
    }
  }

  // MARK: Parts of large files

  private mutating func readWindows(_ plan: ProfilePlan) throws(WarehouseError) {
    var unread: Set<Int> = []
    let windows = plan.parts.filter {
      $0.length != nil && listing.compression(at: $0.file) == .none
    }
    let parts = windows.map {
      ReadAhead.Part(object: listing[$0.file], offset: $0.offset, length: $0.length ?? 0)
    }
    let ahead = ReadAhead(parts, in: store, width: options.readers, cancellation)
    for window in windows {
      guard try hasTime(), let bytes = try ahead.next() else { return }
      if try !readWindow(window, bytes) { unread.insert(window.file) }
    }
    // Files without a line between records, such as an array on one line, can be read from their
    // start alone.
    for file in unread.subtracting(filesRead).sorted() {
      try readThroughFeed([file], limit: options.bytes / max(1, plan.fileCount))
    }
  }

  /// Whether a record begins in it.
  private mutating func readWindow(
    _ part: ProfilePlan.Part, _ bytes: [UInt8]
  ) throws(WarehouseError) -> Bool {
    let block = try Block(capacity: max(1, bytes.count))
    block.room.copyBytes(from: bytes)
    block.count = bytes.count
    let isAtEnd = bytes.count < part.length ?? 0
    let text = UnsafeBufferPointer(start: block.text(at: 0), count: block.count)
    guard let start = part.offset == 0 ? 0 : text.firstBoundary else { return false }
    var column = 0
    let end =
      isAtEnd
      ? text.count : json_last_boundary(block.text(at: 0), start, text.count, &column)
    guard end > start else { return false }
    var piece = Piece(
      file: part.file, start: start, count: end - start, line: 1,
      byteOffset: part.offset + start, between: json_between())
    piece.endsFile = isAtEnd
    read(piece, of: block, file: part.file, hasLines: part.offset == 0)
    return true
  }

  // MARK: Records

  private mutating func read(_ piece: Piece, of block: Block, file: Int, hasLines: Bool) {
    filesRead.insert(file)
    profile.bytesRead += piece.count
    reader.begin(piece, at: block.text(at: piece.start))
    while true {
      switch reader.next() {
      case .record(let place):
        profile.recordCount += 1
        objectCount += 1
        let known = hasLines ? place.line : nil
        countMembers(file, known, place.byteOffset)
        rows.cut(to: 0)
        let refusal = encoder.append(&reader.parser, file: 1, line: place.line, to: &rows)
        if let refusal { refuse(refusal, place, known, file, block) }
      case .refused(let place, let refusal):
        profile.recordCount += 1
        refuse(refusal, place, hasLines ? place.line : nil, file, block)
      case .end: return
      }
    }
  }

  private mutating func countMembers(_ file: Int, _ line: Int?, _ byteOffset: Int) {
    // The closure below must not capture `self`, which is not copyable.
    var (tallies, guesses) = (self.tallies, self.guesses)
    (self.tallies, self.guesses) = ([], [])
    let (listing, limit) = (listing, options.distinctLimit)
    var place = 0
    reader.parser.forEachBatch { members in
      for member in members {
        let index = Self.tally(of: member, at: place, &tallies, &guesses)
        place += 1
        guard let index else { continue }
        tallies[index].take(member, limit: limit) {
          SourcePlace(file: listing[file].path, line: line, byteOffset: byteOffset)
        }
      }
    }
    (self.tallies, self.guesses) = (tallies, guesses)
  }

  /// The place of a member's tally, which is made when there is none; nil when there are too many.
  private static func tally(
    of member: json_member, at place: Int, _ tallies: inout [FieldTally], _ guesses: inout [Int]
  ) -> Int? {
    if place < guesses.count, tallies[guesses[place]].isName(of: member) { return guesses[place] }
    var found = tallies.firstIndex { $0.isName(of: member) }
    if found == nil, tallies.count < fieldLimit {
      let name = UnsafeBufferPointer(start: member.key, count: member.key_length)
      tallies.append(FieldTally(Array(name)))
      found = tallies.count - 1
    }
    guard let found else { return nil }
    if place < guesses.count {
      guesses[place] = found
    } else if place == guesses.count {
      guesses.append(found)
    }
    return found
  }

  private mutating func refuse(
    _ refusal: Refusal, _ place: RecordPlace, _ line: Int?, _ file: Int, _ block: Block
  ) {
    profile.refusedCount += 1
    let column = refusal.column ?? ""
    refusedByColumn[column, default: 0] += 1
    guard refusedByColumn[column, default: 0] <= Self.refusalLimit else { return }
    let known = SourcePlace(file: listing[file].path, line: line, byteOffset: place.byteOffset)
    refusals.append(
      (
        file,
        ProfiledRefusal(
          place: known, column: refusal.column, reason: refusal.reason,
          rawText: String(cutting: block.text(at: place.start), place.count))
      ))
  }

  // MARK: The end

  private mutating func finish() {
    var fields = tallies.map { $0.profile(records: objectCount, limit: options.distinctLimit) }
    for column in table.columns {
      guard let name = column.value.member else { continue }
      if let index = fields.firstIndex(where: { $0.name == name }) {
        fields[index].columns.append(column)
      } else {
        var field = FieldProfile(name: name, columns: [column])
        field.missingCount = objectCount
        fields.append(field)
      }
    }
    for index in fields.indices {
      let columns = Set(fields[index].columns.map(\.name))
      fields[index].refusedCount = columns.reduce(0) { $0 + refusedByColumn[$1, default: 0] }
    }
    profile.fields = fields
    profile.refusals = refusals.map(\.refusal)
  }

  /// The lines of refusals that were found in the middle of a file: newlines are counted from the
  /// file's start, as long as that does not take too much.
  private mutating func findLines() throws(WarehouseError) {
    refusals.sort {
      ($0.file, $0.refusal.place.byteOffset) < ($1.file, $1.refusal.place.byteOffset)
    }
    var left = options.readers > 1 ? Self.lineBytes.far : Self.lineBytes.near
    let end = ContinuousClock.now + options.duration
    let files = Set(refusals.filter { $0.refusal.place.line == nil }.map(\.file)).sorted()
    for file in files {
      let wanted = refusals.indices.filter {
        refusals[$0].file == file && refusals[$0].refusal.place.line == nil
      }
      let offsets = wanted.map { refusals[$0].refusal.place.byteOffset }.filter { $0 <= left }
      guard let last = offsets.last else { continue }
      left -= last
      let lines = try lines(at: offsets, of: file, until: end)
      for (index, line) in zip(wanted, lines) { refusals[index].refusal.place.line = line }
    }
  }

  /// The lines at which bytes of a file stand, in rising order; fewer when time is over or the file
  /// has become shorter.
  private func lines(
    at offsets: [Int], of file: Int, until end: ContinuousClock.Instant
  ) throws(WarehouseError) -> [Int] {
    let stream = try store.open(listing[file], at: 0, cancellation)
    let block = try Block(capacity: 256 << 10)
    var lines: [Int] = []
    var (line, position) = (1, 0)
    while lines.count < offsets.count {
      try cancellation.check()
      if ContinuousClock.now >= end { break }
      block.count = try stream.read(into: block.room)
      if block.count == 0 { break }
      var done = 0
      while lines.count < offsets.count, offsets[lines.count] - position <= block.count {
        let next = offsets[lines.count] - position
        line += json_count_newlines(block.text(at: done), max(0, next - done))
        done = max(done, next)
        lines.append(line)
      }
      line += json_count_newlines(block.text(at: done), block.count - done)
      position += block.count
      block.count = 0
    }
    return lines
  }
}

extension StagingValue {
  /// The member that it is made from; nil when it comes from elsewhere.
  fileprivate var member: String? {
    switch self {
    case .member(let name), .epochMilliseconds(let name): name
    case .sourceFile, .sourceLine: nil
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The first `{` or `[` that is the first in its line, after a line that ended with `}` or `]`:
  /// in valid JSON a place between two records, always (see `json_last_boundary`).
  fileprivate var firstBoundary: Int? {
    var follows = false
    var hasNewline = false
    for index in indices {
      switch self[index] {
      case 0x0A: hasNewline = follows
      case 0x20, 0x09, 0x0D: continue
      case UInt8(ascii: "{") where hasNewline: return index
      case UInt8(ascii: "[") where hasNewline: return index
      case UInt8(ascii: "}"), UInt8(ascii: "]"): (follows, hasNewline) = (true, false)
      default: (follows, hasNewline) = (false, false)
      }
    }
    return nil
  }
}
