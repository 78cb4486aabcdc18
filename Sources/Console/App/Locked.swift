import Glibc

/// A value behind a POSIX lock.
///
/// The standard `Mutex` has the kernel hand a contended lock over (FUTEX_LOCK_PI), which the
/// thread sanitizer does not see: it then reports races that are none.
///
/// `@unchecked`: `value` is touched only by the thread that holds `mutex`, and the pointer never
/// changes.
final class Locked<Value>: @unchecked Sendable {
  private var value: Value
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  init(_ value: sending Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Looks at the value or changes it, alone. `body` must not take the lock again.
  func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(&value)
  }
}
