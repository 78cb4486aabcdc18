import Glibc

/// A lock on a file (`flock`), which ends with its holder, however that ends.
struct FileLock: ~Copyable {
  enum Kind: Sendable {
    case shared
    case exclusive
  }

  private let descriptor: Int32

  /// No lock.
  init() { descriptor = -1 }

  /// Opens the file, and makes it when there is none; locks nothing yet.
  ///
  /// - Parameter owner: whom the file shall belong to when root makes it for another account.
  init(_ path: String, owner: ServerAccount) throws(WarehouseError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw FileSystem.failure("could not open the lock", path) }
    if owner.isForeign { _ = fchown(descriptor, owner.userID, owner.groupID) }
    self.descriptor = descriptor
  }

  deinit {
    guard descriptor >= 0 else { return }
    // Closing is not enough: a child that is being started shares the lock until it runs.
    _ = flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Whether there is a file behind it.
  var isOpen: Bool { descriptor >= 0 }

  /// Takes the lock, or changes the kind of the one held. Never blocks.
  func tryLock(_ kind: Kind) -> Bool {
    let operation =
      switch kind {
      case .shared: LOCK_SH
      case .exclusive: LOCK_EX
      }
    return flock(descriptor, operation | LOCK_NB) == 0
  }
}
