import Warehouse

/// What the program answers to whoever started it.
enum ExitStatus: Int32, Sendable {
  case done = 0
  case failed = 1
  /// Wrong usage or configuration.
  case misused = 2
  case checksFailed = 3
  /// 128 and the number of SIGINT, as shells say it.
  case cancelled = 130

  /// The status for an error.
  init(_ error: WarehouseError) {
    switch error.kind {
    case .usage, .configuration: self = .misused
    case .check: self = .checksFailed
    case .cancelled: self = .cancelled
    case .connection, .server, .input, .dependency, .locked, .system: self = .failed
    }
  }
}
