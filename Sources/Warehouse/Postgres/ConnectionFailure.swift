import Glibc

/// Why a connection did not come about, as far as libpq's words tell.
public enum ConnectionFailure: String, Sendable, CaseIterable {
  /// A keyword, a value or a service that libpq does not know.
  case settings
  /// No address belongs to the host's name.
  case unknownHost
  /// Nobody listens on that port.
  case refused
  /// Nobody listens on that socket.
  case noSocket
  /// The socket's folder is closed to this user.
  case forbiddenSocket
  /// No way to that address.
  case unreachable
  /// Nothing answered in time.
  case timedOut
  /// Encryption was asked for and did not come about, or a certificate was not accepted.
  case encryption
  /// The password or another proof of identity was wrong or missing.
  case login
  /// No such role.
  case unknownUser
  /// The server's access rules have no line for this user, database and address.
  case notAdmitted
  /// No such database.
  case unknownDatabase
  /// All connections are taken.
  case full
  /// The server starts, stops or recovers.
  case notReady
  /// Anything else.
  case other

  /// Finds the reason in libpq's message. Its words may be in the user's language; what is not
  /// recognised is `other`, and the message still tells.
  public init(message: String) {
    let found = Self.marks.first { $0.1.contains { message.contains($0) } }
    self = found?.0 ?? .other
  }

  /// The most telling first: a message may name several addresses.
  private static var marks: [(ConnectionFailure, [String])] {
    func words(_ code: Int32) -> String { String(cString: strerror(code)) }
    return [
      (
        .login, ["password authentication failed", "no password supplied", "authentication failed"]
      ),
      (.unknownDatabase, ["FATAL:  database "]),
      (.unknownUser, ["FATAL:  role "]),
      (.notAdmitted, ["no pg_hba.conf entry", "pg_hba.conf rejects", "not permitted to log in"]),
      (.full, ["too many clients", "remaining connection slots", "too many connections"]),
      (.notReady, ["is starting up", "is shutting down", "in recovery mode", "not yet accepting"]),
      (.encryption, ["SSL", "certificate", "GSSAPI"]),
      (
        .settings,
        ["invalid connection option", "definition of service", "service file", "invalid"]
      ),
      (.unknownHost, ["could not translate host name"]),
      (.timedOut, ["timeout expired", words(ETIMEDOUT)]),
      (.refused, [words(ECONNREFUSED)]),
      (.unreachable, [words(ENETUNREACH), words(EHOSTUNREACH)]),
      (.noSocket, [words(ENOENT)]),
      (.forbiddenSocket, [words(EACCES)]),
    ]
  }

  /// What would be right, as a whole sentence.
  public var hint: String? {
    switch self {
    case .settings: "Correct the connection settings or the service file."
    case .unknownHost: "Check the spelling of the host, and that names can be resolved."
    case .refused: "Check the host and the port, and that the server runs and listens there."
    case .noSocket: "Check the socket's folder and the port, and that the server runs."
    case .forbiddenSocket: "Use an account that may open the socket, or connect over TCP."
    case .unreachable: "Check the network, and that the host's address is right."
    case .timedOut:
      "Check the host and the port, and that no firewall or security group drops the packets."
    case .encryption:
      "Check sslmode and the root certificate, and that the server offers encryption."
    case .login: "Check the user and the password (or the line for it in the password file)."
    case .unknownUser: "Check the user, or create the role on the server."
    case .notAdmitted:
      "Have the server's pg_hba.conf admit this user, database and address, or change sslmode."
    case .unknownDatabase: "Check the database's name, or create it."
    case .full: "Close other sessions, or try again later."
    case .notReady: "Try again in a moment."
    case .other: nil
    }
  }

  /// The SQLSTATE that belongs to the failure. libpq keeps the server's own to itself until it is
  /// connected; without one a wrong password would count as worth a retry.
  var sqlState: String? {
    switch self {
    case .login: "28P01"
    case .unknownUser, .notAdmitted: "28000"
    case .unknownDatabase: "3D000"
    case .full: "53300"
    case .notReady: "57P03"
    default: nil
    }
  }

  /// The error for people who wanted to connect to `title`.
  func error(connectingTo title: String, message: String) -> WarehouseError {
    WarehouseError(
      self == .settings ? .configuration : .connection, "could not connect to \(title)",
      detail: message.isEmpty ? nil : message, hint: hint, sqlState: sqlState)
  }
}
