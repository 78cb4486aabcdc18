import Dispatch
import Glibc
import Synchronization

/// What a PostgreSQL server takes: CPU time, and memory that is its own.
final class ServerWatch: Sendable {
  private struct State {
    var peak = 0
    var isOver = false
  }

  private let postmaster: pid_t
  private let state = Mutex(State())

  /// Looks at the server's memory ten times a second from now on, until `end`.
  init(postmaster: pid_t) {
    self.postmaster = postmaster
    DispatchQueue(label: "bench.watch").async { [self] in
      while !state.withLock({ $0.isOver }) {
        let bytes = privateBytes
        state.withLock { $0.peak = max($0.peak, bytes) }
        usleep(100_000)
      }
    }
  }

  func end() { state.withLock { $0.isOver = true } }

  /// CPU seconds so far: of the postmaster, of those of its children that ended, and of those that
  /// live. Looks again when a child ended meanwhile, as its time may be counted twice or not at all.
  var cpuSeconds: Double {
    while true {
      let before = ProcessFacts.cpu(of: postmaster)
      let living = ProcessFacts.children(of: postmaster).reduce(0) { sum, process in
        sum + (ProcessFacts.cpu(of: process)?.own ?? 0)
      }
      let after = ProcessFacts.cpu(of: postmaster)
      if before?.endedChildren == after?.endedChildren {
        return (after?.own ?? 0) + (after?.endedChildren ?? 0) + living
      }
    }
  }

  /// The most memory that the server's processes had for themselves since the last call.
  func takePeak() -> Int {
    state.withLock { state in
      defer { state.peak = 0 }
      return state.peak
    }
  }

  private var privateBytes: Int {
    ([postmaster] + ProcessFacts.children(of: postmaster))
      .reduce(0) { $0 + ProcessFacts.privateBytes(of: $1) }
  }
}
