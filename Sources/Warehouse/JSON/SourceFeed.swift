/// How a source is read.
public struct FeedOptions: Sendable {
  /// How many consumers (COPY connections) will take from the feed.
  public var consumers = 2
  /// The longest record that is accepted, in bytes; a longer one is a reject.
  public var maxRecordBytes = 16 << 20
  /// How many rejects are allowed. Reading stops early, with an error, at a thousand more.
  public var maxRejects = 0
  /// How many files are read at once, at most; nil for what suits the place where they lie. Of large
  /// ones on a disk never more than two.
  public var maxReaders: Int?

  /// Bytes a block; nil for what suits the files.
  var blockBytes: Int?
  /// Threads that read; nil for what suits the files.
  var readers: Int?

  /// Two consumers, records of 16 MiB, no rejects allowed.
  public init() {}
}

/// Reads the files of a listing on threads of its own, ahead of those that take from it, in blocks
/// whose number is bounded: memory is flat, however large or many the files are.
///
/// When the feed and all its row sources are gone, the threads end; `cancel()` ends them earlier.
public final class SourceFeed: Sendable {
  let core: FeedCore

  /// Starts to read.
  ///
  /// - Parameter rejected: hears of each record that cannot be stored, from any thread. It may block,
  ///   and reading waits for it then.
  public init(
    _ listing: ObjectListing, in store: some ObjectStore, options: FeedOptions = FeedOptions(),
    rejected: @escaping @Sendable (Reject) -> Void
  ) {
    core = FeedCore(listing: listing, store: store, options: options, rejected: rejected)
    core.start()
  }

  deinit { core.stop(.cancelled) }

  /// How far the consumers are; `elapsed` is left to the caller, who knows when the stage began.
  public var progress: Progress { core.counters.progress(of: core.listing) }

  /// Makes everything that waits for the feed throw `.cancelled`, and ends its threads.
  public func cancel() { core.stop(.cancelled) }

  /// The rows of `table` in this feed's records, for one COPY. Several share the feed's records.
  public func rows(for table: StagingTable) -> StagingRows { StagingRows(self, table) }
}

/// What the threads of a feed share.
final class FeedCore: Sendable {
  private struct State {
    var nextFile = 0
    var runningReaders = 0
    var blockCount = 0
    var free: [Block] = []
    var ready: [Block] = []
    var hasGrownBlock = false
    var failure: WarehouseError?
  }

  let listing: ObjectListing
  let store: any ObjectStore
  let counters = FeedCounters()
  /// Ends the reads that are under way when the feed stops.
  let cancellation = Cancellation()
  let blockBytes: Int
  let maxRecordBytes: Int
  private let readers: Int
  private let blockLimit: Int
  private let rejectLimit: Int
  private let maxRejects: Int
  private let rejected: @Sendable (Reject) -> Void
  private let monitor = Monitor(State())

  init(
    listing: ObjectListing, store: some ObjectStore, options: FeedOptions,
    rejected: @escaping @Sendable (Reject) -> Void
  ) {
    self.listing = listing
    self.store = store
    self.rejected = rejected
    maxRecordBytes = max(1, options.maxRecordBytes)
    maxRejects = max(0, options.maxRejects)
    rejectLimit = min(maxRejects, Int.max - 1000) + 1000
    // Small files are waited for, not worked on: many threads wait side by side, each with a
    // small block. Of large ones two threads read more than two connections can store.
    let isSmall = listing.hasSmallFiles
    let onDisk = min(options.maxReaders ?? 32, isSmall ? max(2, listing.count / 32) : 2)
    // Far away, each read is a wait: as many as are allowed, and half as many where one brings much.
    let wanted = store.preferredReaders.map { options.maxReaders ?? (isSmall ? $0 : $0 / 2) }
    readers = min(listing.count, max(1, options.readers ?? wanted ?? onDisk))
    blockBytes = max(1, options.blockBytes ?? (isSmall ? 64 << 10 : 256 << 10))
    blockLimit = readers + 2 * max(1, options.consumers) + 2
  }

  func start() {
    monitor.change { $0.runningReaders = readers }
    for _ in 0..<readers {
      let isStarted = Threads.start { [self] in
        let failure = FeedReader(self).run()
        if let failure { stop(failure) }
        monitor.change { $0.runningReaders -= 1 }
      }
      guard isStarted else {
        monitor.change { $0.runningReaders -= 1 }
        continue
      }
    }
    let isAlone = readers > 0 && monitor.look { $0.runningReaders == 0 && $0.nextFile == 0 }
    if isAlone { stop(WarehouseError(.system, "could not start a thread to read files")) }
  }

  /// Ends everything. The first reason is the one that is told.
  func stop(_ reason: WarehouseError) {
    monitor.change { state in
      state.failure = state.failure ?? reason
      state.ready = []
      state.free = []
    }
    cancellation.cancel()
  }

  // MARK: - For the threads that read

  /// The next file to read, by its place in the listing; nil when there is none.
  func nextFile() -> Int? {
    monitor.note { state in
      guard state.failure == nil, state.nextFile < listing.count else { return nil }
      state.nextFile += 1
      return state.nextFile - 1
    }
  }

  /// Waits for an empty block.
  func emptyBlock() throws(WarehouseError) -> Block {
    let block = try monitor.wait { state -> Result<Block?, WarehouseError>? in
      if let failure = state.failure { return .failure(failure) }
      if let block = state.free.popLast() { return .success(block) }
      guard state.blockCount < blockLimit else { return nil }
      state.blockCount += 1
      return .success(nil)
    }.get()
    return if let block { block } else { try Block(capacity: blockBytes) }
  }

  /// Waits until no other block is larger than blocks are.
  func permitGrowth(of block: Block) throws(WarehouseError) {
    if block.isGrown { return }
    try monitor.wait { state -> Result<Void, WarehouseError>? in
      if let failure = state.failure { return .failure(failure) }
      if state.hasGrownBlock { return nil }
      state.hasGrownBlock = true
      return .success(())
    }.get()
    block.isGrown = true
  }

  /// Hands a filled block to whoever takes it.
  func publish(_ block: Block) {
    monitor.change { state in
      if state.failure == nil { state.ready.append(block) }
    }
  }

  // MARK: - For those that take

  /// Waits for the next filled block; nil when all files are read.
  func take() throws(WarehouseError) -> Block? {
    try monitor.wait { state -> Result<Block?, WarehouseError>? in
      if let failure = state.failure { return .failure(failure) }
      if !state.ready.isEmpty { return .success(state.ready.removeFirst()) }
      return state.runningReaders == 0 ? .success(nil) : nil
    }.get()
  }

  /// Gives an emptied block back.
  func giveBack(_ block: Block) {
    block.count = 0
    block.pieces.removeAll(keepingCapacity: true)
    let wasGrown = block.isGrown
    block.isGrown = false
    // A block that cannot be made smaller stays large, which does no harm.
    if block.capacity > blockBytes { try? block.resize(to: blockBytes) }
    monitor.change { state in
      if wasGrown { state.hasGrownBlock = false }
      if state.failure == nil { state.free.append(block) }
    }
  }

  /// - Throws: why the feed stopped, when it did.
  func check() throws(WarehouseError) {
    if let failure = monitor.look({ $0.failure }) { throw failure }
  }

  /// Counts and tells a reject.
  ///
  /// - Throws: `.input` when there are far too many to go on.
  func reject(_ reject: Reject) throws(WarehouseError) {
    let count = counters.addReject()
    guard count <= rejectLimit else {
      stop(.tooManyRejects(count - 1, allowed: maxRejects, last: reject))
      return try check()
    }
    rejected(reject)
  }
}

extension WarehouseError {
  /// Reading has no use any more: there are far more rejects than are allowed.
  static func tooManyRejects(_ count: Int, allowed: Int, last: Reject) -> WarehouseError {
    WarehouseError(
      .input, "could not store too many records: reading stopped after \(count) rejects",
      detail: "the last one: \(last.file), line \(last.line): \(last.reason)",
      hint: "\(allowed) are allowed by MAX_REJECTS. Look at the rejects: a whole file of "
        + "another kind may be among the source files.")
  }
}
