/// What the threads of a restaging share: whose turn it is, and what waits for each output file.
///
/// Units are read side by side, but go on in the order of the listing: a thread that is ahead waits
/// for its turn. What is written therefore does not depend on who was faster.
final class RestageCore: Sendable {
  private struct Lane {
    var waiting: [RestageChunk] = []
    /// Bytes that went this way so far.
    var assigned = 0
    /// Bytes that it still gets before another takes its place; 0 while it is not written.
    var left = 0
  }

  private struct State {
    var nextUnit = 0
    /// The unit whose records go on now.
    var turn = 0
    var lanes: [Lane]
    var rejects: [Reject] = []
    /// Bytes that threads keep whose turn has not come.
    var ahead = 0
    var free: [[UInt8]] = []
    var failure: WarehouseError?

    /// The file of some that has the least so far.
    func least(_ isMeant: (Lane) -> Bool) -> Int? {
      lanes.indices.filter { isMeant(lanes[$0]) }
        .min { lanes[$0].assigned < lanes[$1].assigned }
    }
  }

  let store: any ObjectStore
  let listing: ObjectListing
  let plan: RestagePlan
  let maxRecordBytes: Int
  let blockBytes: Int
  let counters: FeedCounters
  /// Ends the reads that are under way when all is stopped.
  let cancellation = Cancellation()
  private let maxRejects: Int
  private let rejected: @Sendable (Reject) -> Void
  private let monitor: Monitor<State>
  // Who waits for what: each output file for its chunks, on the channel of its own number, and
  // behind those the file of rejects, who waits for his turn, and the one whose turn it is.
  private var rejectChannel: Int { plan.fileCount }
  private var turnChannel: Int { plan.fileCount + 1 }
  private var roomChannel: Int { plan.fileCount + 2 }
  /// So many chunks wait for an output file, so that a thread that has to wait for a processor does
  /// not keep the others waiting.
  private var patience: Int { max(2, 8 / plan.writerCount) }
  /// So many bytes are kept by all threads that are ahead: most of a usual day's file, so that the
  /// next one is read while the records of this one go on.
  private static let aheadBytes = 8 << 20

  init(
    _ listing: ObjectListing, in store: any ObjectStore, plan: RestagePlan, settings: RunSettings,
    counters: FeedCounters, rejected: @escaping @Sendable (Reject) -> Void
  ) {
    self.listing = listing
    self.store = store
    self.plan = plan
    self.counters = counters
    self.rejected = rejected
    maxRecordBytes = max(1, settings.maxRecordBytes)
    maxRejects = max(0, settings.maxRejects)
    blockBytes = listing.hasSmallFiles ? 64 << 10 : 256 << 10
    var lanes = Array(repeating: Lane(), count: plan.fileCount)
    for lane in 0..<plan.writerCount { lanes[lane].left = plan.runBytes }
    monitor = Monitor(State(lanes: lanes), channelCount: plan.fileCount + 3)
  }

  /// Ends everything. The first reason is the one that is told.
  func stop(_ reason: WarehouseError) {
    cancellation.cancel()
    monitor.change { state in
      state.failure = state.failure ?? reason
      for lane in state.lanes.indices { state.lanes[lane].waiting = [] }
      state.rejects = []
      state.free = []
    }
  }

  /// - Throws: why everything stopped, when it did.
  func check() throws(WarehouseError) {
    if let failure = monitor.look({ $0.failure }) { throw failure }
  }

  // MARK: - For the threads that read

  /// The next unit to read; nil when there is none.
  func nextUnit() -> Int? {
    monitor.note { state in
      guard state.failure == nil, state.nextUnit < plan.unitStarts.count else { return nil }
      state.nextUnit += 1
      return state.nextUnit - 1
    }
  }

  /// Whether it is the turn of `unit`.
  func isTurn(of unit: Int) -> Bool { monitor.look { $0.turn == unit } }

  /// Whether a thread whose turn has not come may keep so many bytes more, and read on.
  func keep(_ bytes: Int) -> Bool {
    monitor.note { state in
      guard state.ahead + bytes <= Self.aheadBytes else { return false }
      state.ahead += bytes
      return true
    }
  }

  /// What was kept goes on.
  func release(_ bytes: Int) {
    if bytes > 0 { monitor.note { $0.ahead -= bytes } }
  }

  /// Waits until it is the turn of `unit`.
  func waitForTurn(of unit: Int) throws(WarehouseError) {
    try monitor.wait(on: turnChannel, waking: { _ in [] }) {
      state -> Result<Void, WarehouseError>? in
      if let failure = state.failure { return .failure(failure) }
      return state.turn == unit ? .success(()) : nil
    }.get()
  }

  /// It is the next unit's turn.
  func endTurn() {
    monitor.change(waking: { $0 == plan.unitStarts.count ? nil : [turnChannel] }) { state in
      state.turn += 1
      return state.turn
    }
  }

  /// Memory for a chunk.
  func emptyBuffer() -> [UInt8] {
    if let used = monitor.note({ $0.free.popLast() }) { return used }
    var buffer: [UInt8] = []
    // A chunk ends with the record that fills it. Left to itself the buffer would grow by doubling.
    buffer.reserveCapacity(plan.chunkBytes + (8 << 10))
    return buffer
  }

  /// Sends a chunk of the unit whose turn it is on its way: into the file that has the least so far
  /// of those that are written at the time.
  func deliver(_ chunk: RestageChunk) throws(WarehouseError) {
    var concerned: [Int] = []
    try monitor.wait(on: roomChannel, waking: { _ in concerned }) {
      state -> Result<Void, WarehouseError>? in
      if let failure = state.failure { return .failure(failure) }
      guard state.rejects.count < 1000 else { return nil }
      concerned = chunk.rejects.isEmpty ? [] : [rejectChannel]
      if !chunk.bytes.isEmpty {
        guard let lane = state.least({ $0.left > 0 }),
          state.lanes[lane].waiting.count < patience
        else { return nil }
        concerned.append(lane)
        state.lanes[lane].waiting.append(chunk)
        state.lanes[lane].assigned += chunk.bytes.count
        state.lanes[lane].left -= chunk.bytes.count
        if state.lanes[lane].left <= 0, let next = state.least({ $0.left <= 0 }) {
          state.lanes[lane].left = 0
          state.lanes[next].left = plan.runBytes
        }
      }
      state.rejects += chunk.rejects
      return .success(())
    }.get()
    counters.add(rows: chunk.records)
  }

  /// Counts and tells a reject.
  ///
  /// - Throws: `.input` when there are far too many to go on.
  func reject(_ reject: Reject) throws(WarehouseError) {
    let count = counters.addReject()
    guard count <= min(maxRejects, Int.max - 1000) + 1000 else {
      stop(.tooManyRejects(count - 1, allowed: maxRejects, last: reject))
      return try check()
    }
    rejected(reject)
  }

  // MARK: - For the threads that write

  /// Waits for the next chunk of an output file; nil when it has all.
  func take(lane: Int) throws(WarehouseError) -> RestageChunk? {
    try monitor.wait(on: lane, waking: { _ in [roomChannel] }) {
      state -> Result<RestageChunk?, WarehouseError>? in
      if let failure = state.failure { return .failure(failure) }
      if !state.lanes[lane].waiting.isEmpty {
        return .success(state.lanes[lane].waiting.removeFirst())
      }
      return state.turn == plan.unitStarts.count ? .success(nil) : nil
    }.get()
  }

  /// Waits until it is known whether an output file will have anything in it.
  func hasAny(lane: Int) throws(WarehouseError) -> Bool {
    try monitor.wait(on: lane, waking: { _ in [] }) { state -> Result<Bool, WarehouseError>? in
      if let failure = state.failure { return .failure(failure) }
      if state.lanes[lane].assigned > 0 { return .success(true) }
      return state.turn == plan.unitStarts.count ? .success(false) : nil
    }.get()
  }

  /// Waits for rejects; none when there are no more.
  func takeRejects() throws(WarehouseError) -> [Reject] {
    try monitor.wait(on: rejectChannel, waking: { _ in [roomChannel] }) {
      state -> Result<[Reject], WarehouseError>? in
      if let failure = state.failure { return .failure(failure) }
      guard !state.rejects.isEmpty || state.turn == plan.unitStarts.count else { return nil }
      defer { state.rejects = [] }
      return .success(state.rejects)
    }.get()
  }

  /// Gives the memory of a chunk back.
  func giveBack(_ chunk: RestageChunk) {
    monitor.note { state in
      let most = patience * plan.writerCount + Self.aheadBytes / plan.chunkBytes
      if state.failure == nil && state.free.count < most {
        state.free.append(chunk.bytes)
      }
    }
  }
}
