/// Fetches parts of files ahead of who reads them, several side by side, and hands them on in the
/// order in which they are wanted: waits add up to little, and what is read does not depend on them.
///
/// As many parts are held as are fetched side by side. Its threads end when it is gone.
final class ReadAhead: Sendable {
  /// So many bytes of one file.
  struct Part: Sendable {
    var object: SourceObject
    var offset = 0
    var length: Int
  }

  /// What the threads share; they do not hold the reader itself, which ends them when it goes.
  private final class Shared: Sendable {
    struct State {
      var nextToFetch = 0
      var nextToTake = 0
      var done: [Int: Result<[UInt8], WarehouseError>] = [:]
      var isOver = false
      var failure: WarehouseError?
    }

    let parts: [Part]
    let store: any ObjectStore
    let width: Int
    let cancellation: Cancellation
    let monitor = Monitor(State())

    init(_ parts: [Part], _ store: any ObjectStore, _ width: Int, _ cancellation: Cancellation) {
      self.parts = parts
      self.store = store
      self.width = width
      self.cancellation = cancellation
    }

    /// One thread's work.
    func fetch() {
      while let index = claim() {
        let result = Result { () throws(WarehouseError) in try bytes(of: parts[index]) }
        monitor.change { $0.done[index] = result }
      }
    }

    private func claim() -> Int? {
      monitor.wait { state -> Int?? in
        if state.isOver || state.nextToFetch >= parts.count { return .some(nil) }
        guard state.nextToFetch < state.nextToTake + width else { return nil }
        state.nextToFetch += 1
        return .some(state.nextToFetch - 1)
      }
    }

    private func bytes(of part: Part) throws(WarehouseError) -> [UInt8] {
      let stream = try store.open(part.object, at: part.offset, cancellation)
      var bytes = [UInt8](repeating: 0, count: part.length)
      var count = 0
      while count < part.length {
        let step = bytes.withUnsafeMutableBytes { room in
          Result { () throws(WarehouseError) in
            try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: room[count...]))
          }
        }
        let read = try step.get()
        if read == 0 { break }
        count += read
      }
      bytes.removeLast(part.length - count)
      return bytes
    }
  }

  private let shared: Shared

  /// Begins to fetch `parts` of files in `store`, `width` side by side.
  init(
    _ parts: [Part], in store: any ObjectStore, width: Int, _ cancellation: Cancellation
  ) {
    shared = Shared(parts, store, max(1, min(64, width)), cancellation)
    let wanted = min(shared.width, parts.count)
    let started = (0..<wanted).count { _ in Threads.start { [shared] in shared.fetch() } }
    guard wanted > 0, started == 0 else { return }
    shared.monitor.change {
      $0.failure = WarehouseError(.system, "could not start a thread to read files")
    }
  }

  deinit { shared.monitor.change { $0.isOver = true } }

  /// Waits for the next part's bytes: fewer than were wanted at the file's end. Nil after the last.
  ///
  /// - Throws: why this part could not be read; `.cancelled`.
  func next() throws(WarehouseError) -> [UInt8]? {
    try shared.monitor.wait { state -> Result<[UInt8]?, WarehouseError>? in
      if let failure = state.failure { return .failure(failure) }
      guard state.nextToTake < shared.parts.count else { return .success(nil) }
      guard let bytes = state.done.removeValue(forKey: state.nextToTake) else { return nil }
      state.nextToTake += 1
      return bytes.map { $0 }
    }.get()
  }
}

/// Files that were fetched ahead, as a store: opened once each, in the order in which they come.
struct FetchedStore: ObjectStore {
  let files: ReadAhead

  /// Nobody lists what was listed before.
  func list(_ cancellation: Cancellation) throws(WarehouseError) -> ObjectListing {
    ObjectListing()
  }

  func open(_ object: SourceObject) throws(WarehouseError) -> any ByteStream {
    MemoryStream(try files.next() ?? [])
  }
}
