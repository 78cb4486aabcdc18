/// How to reach a server. All of it is optional: what is nil is left to libpq, which then looks at
/// the service file, `PG*` variables, the password file and its own defaults, in that order.
public struct ConnectionSettings: Sendable, Equatable {
  /// How far the connection is encrypted and the server's certificate checked; libpq's names.
  public enum SSLMode: String, Sendable, CaseIterable {
    /// Never encrypted.
    case disable
    /// Encrypted only when the server insists.
    case allow
    /// Encrypted when the server can.
    case prefer
    /// Encrypted, the certificate unchecked.
    case require
    /// Encrypted, the certificate's issuer checked.
    case verifyCA = "verify-ca"
    /// Encrypted, issuer and host name checked.
    case verifyFull = "verify-full"
  }

  /// A host's name or address, or the folder of a Unix socket when it begins with `/`.
  public var host: String?
  /// The TCP port, or the number in the socket's name.
  public var port: Int?
  /// The database.
  public var database: String?
  /// The role to log in as.
  public var user: String?
  /// The password; nil leaves it to the password file.
  public var password: Secret?
  /// Encryption; nil is libpq's choice, or `verifyFull` for a host of Amazon Redshift.
  public var sslMode: SSLMode?
  /// The file with the certificates to trust.
  public var sslRootCertificate: String?
  /// An entry of the service file.
  public var service: String?
  /// The name that the server lists the session under; nil shows the program's name.
  public var applicationName: String?
  /// The longest wait for each of the server's addresses, in whole seconds; zero waits for ever.
  /// nil is what libpq's own sources say, or 15 seconds when they say nothing.
  public var connectTimeout: Duration?
  /// Further libpq keywords, for what has no field here. A field wins over the same keyword.
  public var extra: [String: String]

  /// Settings; what is left out is libpq's to find.
  public init(
    host: String? = nil, port: Int? = nil, database: String? = nil, user: String? = nil,
    password: Secret? = nil, sslMode: SSLMode? = nil, sslRootCertificate: String? = nil,
    service: String? = nil, applicationName: String? = nil, connectTimeout: Duration? = nil,
    extra: [String: String] = [:]
  ) {
    self.host = host
    self.port = port
    self.database = database
    self.user = user
    self.password = password
    self.sslMode = sslMode
    self.sslRootCertificate = sslRootCertificate
    self.service = service
    self.applicationName = applicationName
    self.connectTimeout = connectTimeout
    self.extra = extra
  }

  /// Whether the host is named as AWS names Redshift's clusters and serverless workgroups.
  ///
  /// Only the connection's safety hangs on this; which engine answers is asked of the server.
  public var isRedshiftHost: Bool {
    guard let host = host?.lowercased() else { return false }
    let names = host.split(separator: ".")
    return (names.contains("redshift") || names.contains("redshift-serverless"))
      && (host.hasSuffix(".amazonaws.com") || host.hasSuffix(".amazonaws.com.cn"))
  }

  /// Host and port, or the socket's folder, for people. Never a secret.
  public var title: String {
    if let host, !host.isEmpty {
      return host.hasPrefix("/") ? host : port.map { "\(host):\($0)" } ?? host
    }
    return service.map { "service \($0)" } ?? "the warehouse"
  }
}
