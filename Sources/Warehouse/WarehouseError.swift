/// What went wrong, in words for the person who can act on it.
///
/// `message` is one line, lower case, without a full stop, and names what could not be done.
/// `detail` says where and why (the server's own words stand unchanged); `hint` is a whole
/// sentence that says what would be right. No field ever holds a secret.
public struct WarehouseError: Error, Sendable, Equatable {
  /// Who can act, and how.
  public enum Kind: String, Sendable, CaseIterable {
    /// A wrong value in a configuration file, a flag or the environment.
    case configuration
    /// The command line was wrong.
    case usage
    /// No connection to the warehouse, or it was lost.
    case connection
    /// The server refused a statement.
    case server
    /// A source file cannot be read, or holds more rejects than are allowed.
    case input
    /// A stage cannot run because something before it is missing.
    case dependency
    /// Checks found rows that must not be published.
    case check
    /// Another run holds the warehouse.
    case locked
    /// The operating system refused: a file, a folder, a process, the disk.
    case system
    /// Somebody asked for it to stop. Cancelled is not failed.
    case cancelled
  }

  /// Who can act.
  public var kind: Kind
  /// One line: "could not …".
  public var message: String
  /// Where and why.
  public var detail: String?
  /// What would be right, as a whole sentence.
  public var hint: String?
  /// The five characters of the server's SQLSTATE, when a server spoke.
  public var sqlState: String?
  /// One-based position in the statement, in characters, when the server named one.
  public var position: Int?
  /// AWS's name of the error, "NoSuchKey", when AWS spoke.
  public var serviceCode: String?

  /// Makes an error.
  public init(
    _ kind: Kind, _ message: String, detail: String? = nil, hint: String? = nil,
    sqlState: String? = nil, position: Int? = nil
  ) {
    self.kind = kind
    self.message = message
    self.detail = detail
    self.hint = hint
    self.sqlState = sqlState
    self.position = position
  }

  /// The error of something that was asked to stop.
  public static let cancelled = WarehouseError(.cancelled, "cancelled")

  /// Whether doing the same again may succeed without anybody changing anything.
  ///
  /// Connection failures (SQLSTATE class 08), serialization failures and deadlocks (class 40),
  /// too many connections (53300) and a server that starts or stops (57P01 to 57P03); PostgreSQL
  /// documentation, appendix A "PostgreSQL Error Codes".
  public var isTransient: Bool {
    if kind == .connection && sqlState == nil { return true }
    guard let sqlState else { return false }
    return sqlState.hasPrefix("08") || sqlState.hasPrefix("40")
      || ["53300", "57P01", "57P02", "57P03"].contains(sqlState)
  }
}

extension WarehouseError: CustomStringConvertible {
  /// All that is known, one thing a line.
  public var description: String {
    var lines = [message]
    if let detail { lines.append(detail) }
    if let hint { lines.append(hint) }
    return lines.joined(separator: "\n")
  }
}
