import Glibc

/// State behind a lock, and a way to sleep until it changes.
///
/// Whoever sleeps does so on a channel, and whoever changes the state wakes the channels that are
/// concerned: where many sleep, waking all of them at each change costs more than the work.
///
/// `@unchecked`: `state` is touched only by the thread that holds `mutex`, and the two pointers
/// never change. POSIX lets any thread use these objects until they are destroyed, which happens
/// when nobody holds the monitor any more.
final class Monitor<State>: @unchecked Sendable {
  private var state: State
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let channels: UnsafeMutableBufferPointer<pthread_cond_t>

  /// - Parameter channelCount: how many channels there are; at least 1.
  init(_ state: sending State, channelCount: Int = 1) {
    self.state = state
    mutex = .allocate(capacity: 1)
    channels = .allocate(capacity: max(1, channelCount))
    mutex.initialize(to: pthread_mutex_t())
    channels.initialize(repeating: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    for channel in channels.indices { pthread_cond_init(&channels[channel], nil) }
  }

  deinit {
    for channel in channels.indices { pthread_cond_destroy(&channels[channel]) }
    pthread_mutex_destroy(mutex)
    channels.deallocate()
    mutex.deallocate()
  }

  /// Changes the state, and wakes all that wait for a change.
  func change<Value>(_ body: (inout State) -> Value) -> Value {
    change(waking: { _ in nil }, body)
  }

  /// Changes the state, and wakes those that are concerned; nil is all of them.
  @discardableResult
  func change<Value>(
    waking concerned: (Value) -> [Int]?, _ body: (inout State) -> Value
  ) -> Value {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    let value = body(&state)
    wake(concerned(value))
    return value
  }

  /// Changes what nobody waits for, and wakes nobody.
  func note<Value>(_ body: (inout State) -> Value) -> Value {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(&state)
  }

  /// Looks at the state without changing what others wait for.
  func look<Value>(_ body: (State) -> Value) -> Value {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(state)
  }

  /// Sleeps until `body` gives a value. It may change the state when it gives one, which wakes all.
  func wait<Value>(_ body: (inout State) -> Value?) -> Value {
    wait(on: 0, waking: { _ in nil }, body)
  }

  /// Sleeps on a channel until `body` gives a value. It may change the state when it gives one:
  /// `concerned` says whom that wakes; nil is all.
  func wait<Value>(
    on channel: Int, waking concerned: (Value) -> [Int]?, _ body: (inout State) -> Value?
  ) -> Value {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      if let value = body(&state) {
        wake(concerned(value))
        return value
      }
      pthread_cond_wait(&channels[channel], mutex)
    }
  }

  private func wake(_ concerned: [Int]?) {
    if let concerned {
      for channel in concerned { pthread_cond_broadcast(&channels[channel]) }
    } else {
      for channel in channels.indices { pthread_cond_broadcast(&channels[channel]) }
    }
  }
}
