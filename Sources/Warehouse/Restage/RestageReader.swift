/// One thread's work: reads unit after unit and makes chunks of their records.
struct RestageReader: ~Copyable {
  private let core: RestageCore
  private var records: RecordReader
  private var block: Block
  private var spare: Block
  private var unit = 0
  private var chunk: RestageChunk
  /// Chunks that are whole and wait for the unit's turn.
  private var pending: [RestageChunk] = []
  /// Bytes of them that `core` counts as kept.
  private var kept = 0

  init(_ core: RestageCore) throws(WarehouseError) {
    let blocks = (try Block(capacity: core.blockBytes), try Block(capacity: core.blockBytes))
    self.core = core
    (block, spare) = blocks
    records = RecordReader(maxRecordBytes: core.maxRecordBytes, readsMembers: false)
    chunk = RestageChunk(reusing: core.emptyBuffer())
  }

  /// Reads until there are no more units.
  mutating func run() throws(WarehouseError) {
    while let next = core.nextUnit() {
      unit = next
      for file in core.plan.files(of: unit) ?? 0..<0 { try read(file) }
      finishChunk()
      try core.waitForTurn(of: unit)
      try deliver()
      core.endTurn()
    }
  }

  private mutating func read(_ file: Int) throws(WarehouseError) {
    let stream = try core.store.openContent(core.listing[file], core.cancellation)
    var cutter = FileCutter(
      file: file, stream: stream, start: 0, maxRecordBytes: core.maxRecordBytes)
    while true {
      switch try cutter.fill(block, step: core.blockBytes) {
      case .isDone:
        try takeRecords()
        return try empty(block)
      case .needsBlock(let rest):
        try takeRecords()
        if spare.capacity < rest { try spare.resize(to: rest) }
        spare.append(block, from: block.count - rest, count: rest)
        try empty(block)
        swap(&block, &spare)
        cutter.start = 0
      case .needsRoom: try grow()
      }
    }
  }

  /// Makes room for a long record. Only the unit whose turn it is may: so that there is one such
  /// block at a time, and nobody waits for another who waits for its turn.
  private mutating func grow() throws(WarehouseError) {
    try core.waitForTurn(of: unit)
    try deliver()
    block.isGrown = true
    try block.resize(
      to: min(max(block.capacity, 1) * 2, core.maxRecordBytes + 2 * core.blockBytes))
  }

  private func empty(_ block: Block) throws(WarehouseError) {
    block.count = 0
    block.pieces.removeAll(keepingCapacity: true)
    block.isGrown = false
    if block.capacity > core.blockBytes { try block.resize(to: core.blockBytes) }
  }

  private mutating func takeRecords() throws(WarehouseError) {
    for piece in block.pieces {
      records.begin(piece, at: block.text(at: piece.start))
      try takeRecords(of: piece)
      core.counters.add(bytes: piece.storedBytes, files: piece.endsFile ? 1 : 0)
    }
    try core.check()
  }

  private mutating func takeRecords(of piece: Piece) throws(WarehouseError) {
    while true {
      switch records.next() {
      case .record(let place):
        chunk.append(UnsafeBufferPointer(start: block.text(at: place.start), count: place.count))
      case .refused(let place, let refusal):
        let reject = Reject(
          refusal, at: place, in: block, of: core.listing[piece.file].path,
          maxRecordBytes: core.maxRecordBytes)
        try core.reject(reject)
        chunk.rejects.append(reject)
      case .end: return
      }
      if chunk.bytes.count >= core.plan.chunkBytes || chunk.rejects.count >= 100 {
        finishChunk()
        try deliverOrKeep()
      }
    }
  }

  private mutating func finishChunk() {
    if chunk.bytes.isEmpty && chunk.rejects.isEmpty { return }
    pending.append(chunk)
    chunk = RestageChunk(reusing: core.emptyBuffer())
  }

  /// Reads on with what is there kept, while there is room for that; otherwise waits for its turn.
  private mutating func deliverOrKeep() throws(WarehouseError) {
    if core.isTurn(of: unit) { return try deliver() }
    let bytes = pending.last?.weight ?? 0
    if core.keep(bytes) {
      kept += bytes
      return
    }
    try core.waitForTurn(of: unit)
    try deliver()
  }

  private mutating func deliver() throws(WarehouseError) {
    let ready = pending
    pending = []
    core.release(kept)
    kept = 0
    for chunk in ready { try core.deliver(chunk) }
  }
}
