/// Rejects on their way from the reading threads into the journal.
///
/// It holds so many bytes and no more: who finds rejects faster than they are recorded waits.
final class RejectSpool: Sendable {
  /// The first of a stage are told one by one; all are recorded.
  static let told = 20
  /// So many are recorded at a time, by one statement; a cancel waits for no more.
  static let batch = RunJournal.rowsAtOnce

  private struct State {
    var waiting: [Reject] = []
    var bytes = 0
    var isClosed = false
    var taken = 0
  }

  private let monitor = Monitor(State())
  private let room: Int

  /// - Parameter room: the bytes of text that may wait.
  init(room: Int = 4 << 20) { self.room = room }

  /// Adds a reject; blocks while there is no room, until the spool is closed.
  func add(_ reject: Reject) {
    monitor.wait { state -> Void? in
      guard state.bytes < room else {
        // Once closed, what finds no room is dropped: nobody takes all of it any more.
        return state.isClosed ? () : nil
      }
      state.waiting.append(reject)
      state.bytes += reject.size
      return ()
    }
  }

  /// The next ones in order, and how many of them are among the first of the stage.
  func take() -> (rejects: [Reject], told: Int) {
    monitor.change { state in
      let rejects = Array(state.waiting.prefix(Self.batch))
      state.waiting.removeFirst(rejects.count)
      state.bytes -= rejects.reduce(0) { $0 + $1.size }
      let told = min(rejects.count, max(0, Self.told - state.taken))
      state.taken += rejects.count
      return (rejects, told)
    }
  }

  /// How many were taken beyond those that are told.
  var untold: Int { monitor.look { max(0, $0.taken - Self.told) } }

  /// Lets everybody pass: the stage is over, one way or another.
  func close() { monitor.change { $0.isClosed = true } }
}

extension Reject {
  /// About the bytes that it takes.
  fileprivate var size: Int { 200 + file.utf8.count + reason.utf8.count + rawText.utf8.count }
}
