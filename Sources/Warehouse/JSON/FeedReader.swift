import CSimdJSON

/// One thread's work: reads file after file into blocks and publishes them.
///
/// Small files share a block. Of a large one, each block ends where a record ends.
final class FeedReader {
  private let core: FeedCore
  private var block: Block?

  init(_ core: FeedCore) { self.core = core }

  /// Reads until there are no more files. Returns what went wrong, if anything did.
  func run() -> WarehouseError? {
    do throws(WarehouseError) {
      while let file = core.nextFile() { try read(file) }
      if let block { core.publish(block) }
      block = nil
      return nil
    } catch {
      return error
    }
  }

  private func read(_ file: Int) throws(WarehouseError) {
    let stream = try core.store.openContent(core.listing[file], core.cancellation)
    // A file begins in a block only where there is room worth a call to the system.
    if let block, block.room.count < max(1, core.blockBytes / 8) { try replace(block) }
    var cutter = FileCutter(
      file: file, stream: stream, start: block?.count ?? 0, maxRecordBytes: core.maxRecordBytes)
    while true {
      let block = try currentBlock()
      switch try cutter.fill(block, step: core.blockBytes) {
      case .isDone: return
      case .needsBlock(let rest):
        try replace(block, keeping: rest)
        cutter.start = 0
      case .needsRoom:
        try core.permitGrowth(of: block)
        try block.resize(
          to: min(max(block.capacity, 1) * 2, core.maxRecordBytes + 2 * core.blockBytes))
      }
    }
  }

  private func currentBlock() throws(WarehouseError) -> Block {
    if let block { return block }
    let block = try core.emptyBlock()
    self.block = block
    return block
  }

  /// Publishes `old`, whose last `rest` bytes go on in a new block.
  private func replace(_ old: Block, keeping rest: Int = 0) throws(WarehouseError) {
    let new = try core.emptyBlock()
    if new.capacity < rest { try new.resize(to: rest) }
    new.append(old, from: old.count - rest, count: rest)
    old.count -= rest
    block = new
    core.publish(old)
  }
}
