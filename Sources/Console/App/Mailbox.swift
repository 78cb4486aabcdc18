import Glibc

/// Carries messages from any task or thread to the one that sleeps in `wait`.
final class Mailbox<Item: Sendable>: Sendable {
  private let items = Locked<[Item]>([])
  private let readEnd: Int32
  private let writeEnd: Int32

  /// An empty mailbox. When the system has no pipe left, `wait` still ends at its timeout.
  init() {
    var ends: [Int32] = [-1, -1]
    if pipe(&ends) == 0 {
      for end in ends {
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      }
    }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// Leaves an item and wakes who waits. Never blocks.
  func post(_ item: Item) {
    let isFirst = items.withLock {
      $0.append(item)
      return $0.count == 1
    }
    if isFirst { _ = write(writeEnd, "!", 1) }
  }

  /// What `wait` found.
  struct Wake {
    var items: [Item] = []
    /// Descriptors that can be read.
    var readable: Set<Int32> = []
    /// Whether one of them was closed at its other end.
    var isHungUp = false
  }

  /// Sleeps until a descriptor has bytes, an item is there, or the time is over; nil waits for ever.
  func wait(for descriptors: [Int32], timeout: Duration?) -> Wake {
    var waits = (descriptors + [readEnd]).map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    // Rounded up, so that the moment has come when it ends.
    let limit = timeout.map { Int32(clamping: max(0, $0.milliseconds + 1)) } ?? -1
    // An interrupted call returns too: the signal's byte is in its pipe by now.
    _ = poll(&waits, nfds_t(waits.count), limit)
    var wake = Wake()
    for entry in waits where entry.revents != 0 {
      wake.readable.insert(entry.fd)
      if Int32(entry.revents) & (POLLHUP | POLLERR | POLLNVAL) != 0, entry.fd != readEnd {
        wake.isHungUp = true
      }
    }
    if wake.readable.contains(readEnd) {
      var bytes: (UInt64, UInt64) = (0, 0)
      _ = read(readEnd, &bytes, 16)
    }
    wake.items = items.withLock {
      let taken = $0
      $0 = []
      return taken
    }
    return wake
  }
}
