import Synchronization

/// A user and a password that AWS gave for a while.
public struct DatabaseLogin: Sendable, Equatable {
  /// As the server wants it: with `IAM:` or `IAMA:` in front where AWS put it there.
  public var user: String
  /// Never shown.
  public var password: Secret
  /// When it ends. Sessions that are open then stay open.
  public var expiration: Timestamp
}

/// Logs in to Redshift without a password of one's own: asks AWS for one, keeps it, and asks again
/// two minutes before its end.
///
/// The calls and what they answer: Redshift API reference, `GetClusterCredentials` and
/// `GetClusterCredentialsWithIAM`; Redshift Serverless API reference, `GetCredentials`.
public final class TemporaryLogin: Sendable {
  private static let margin: Int64 = 120_000

  let warehouse: CloudName
  private let client: AWSClient
  private let user: String?
  private let database: String
  private let settings: LoginSettings
  private let known = Mutex<DatabaseLogin?>(nil)
  /// Held while AWS is asked, so that many sessions ask once.
  private let asking = Mutex(())

  /// The warehouse that logins are asked for; nil when the configuration leads to no Redshift, and
  /// when it says a password, a password file or a service and not `LOGIN=temporary`.
  ///
  /// - Parameter isRehearsed: whether the host may still be missing, since nothing is asked.
  static func warehouse(of configuration: Configuration, isRehearsed: Bool) -> CloudName? {
    let server = configuration.server
    let isWanted =
      server.login.map { $0 == .temporary }
      ?? (server.password == nil && server.passFile == nil)
    let hasHost =
      server.host.map { !$0.hasPrefix("/") } ?? (isRehearsed && server.login == .temporary)
    guard isWanted, hasHost, server.service == nil else { return nil }
    return CloudName(configuration)
  }

  /// Nil when none are asked for, see `warehouse(of:isRehearsed:)`.
  ///
  /// - Parameter isRehearsed: whether the host may still be missing, since nothing is asked.
  public init?(
    _ configuration: Configuration, observer: StatementObserver? = nil, isRehearsed: Bool = false
  ) {
    let server = configuration.server
    guard let warehouse = Self.warehouse(of: configuration, isRehearsed: isRehearsed) else {
      return nil
    }
    self.warehouse = warehouse
    client = AWSClient(CloudName.settings(configuration), observer: observer)
    user = server.user
    database = server.database ?? "dev"
    settings = configuration.cluster.login
  }

  /// The login. Blocks when AWS must be asked.
  ///
  /// - Throws: an error that says who can act; `.cancelled`.
  public func current(_ cancellation: Cancellation) throws(WarehouseError) -> DatabaseLogin {
    if let fresh { return fresh }
    return try asking.withLock { _ in
      Result { () throws(WarehouseError) in
        if let fresh { return fresh }
        let login = try ask(cancellation)
        known.withLock { $0 = login }
        return login
      }
    }.get()
  }

  /// What is asked of AWS, as the command log names it.
  var call: String {
    switch (warehouse, user) {
    case (.cluster(let name), let user?):
      "redshift:GetClusterCredentials ClusterIdentifier=\(name.lowercased()) DbUser=\(user)"
    case (.cluster(let name), nil):
      "redshift:GetClusterCredentialsWithIAM ClusterIdentifier=\(name.lowercased())"
    case (.workgroup(let name), _): "redshift-serverless:GetCredentials workgroupName=\(name)"
    }
  }

  /// Asks again the next time: the server did not accept this one.
  public func forget() { known.withLock { $0 = nil } }

  private var fresh: DatabaseLogin? {
    known.withLock { $0 }.flatMap { login in
      login.expiration.milliseconds - Timestamp.now().milliseconds > Self.margin ? login : nil
    }
  }

  private func ask(_ cancellation: Cancellation) throws(WarehouseError) -> DatabaseLogin {
    switch (warehouse, user) {
    case (.cluster(let name), let user?):
      try askCluster(
        name, "GetClusterCredentials",
        [("DbUser", user), ("AutoCreate", settings.createsUser ? "true" : "false")], cancellation)
    case (.cluster(let name), nil):
      try askCluster(name, "GetClusterCredentialsWithIAM", [], cancellation)
    case (.workgroup(let name), _): try askWorkgroup(name, cancellation)
    }
  }

  private func askCluster(
    _ name: String, _ action: String, _ more: [(String, String)], _ cancellation: Cancellation
  ) throws(WarehouseError) -> DatabaseLogin {
    let purpose = "get a temporary login for the cluster \(name)"
    let answer = try client.query(
      .redshift, action,
      [
        ("ClusterIdentifier", name.lowercased()), ("DbName", database),
        ("DurationSeconds", "\(settings.seconds)"),
      ] + more, purpose: purpose, cancellation)
    guard let user = answer.text("DbUser"), let password = answer.text("DbPassword"),
      let end = answer.text("Expiration").flatMap(Timestamp.init(iso8601:))
    else { throw Self.unreadable(purpose) }
    return DatabaseLogin(user: user, password: Secret(password), expiration: end)
  }

  /// A workgroup's user is always that of the caller's identity.
  private func askWorkgroup(
    _ name: String, _ cancellation: Cancellation
  ) throws(WarehouseError) -> DatabaseLogin {
    let purpose = "get a temporary login for the workgroup \(name)"
    let answer = try client.json(
      .redshiftServerless, "GetCredentials",
      [
        ("workgroupName", .string(name)), ("dbName", .string(database)),
        ("durationSeconds", .integer(settings.seconds)),
      ], purpose: purpose, cancellation)
    guard let user = answer["dbUser"]?.text, let password = answer["dbPassword"]?.text,
      let end = answer["expiration"]?.real, (0...1e11).contains(end)
    else { throw Self.unreadable(purpose) }
    return DatabaseLogin(
      user: user, password: Secret(password),
      expiration: Timestamp(milliseconds: Int64(end * 1000)))
  }

  static func unreadable(_ purpose: String) -> WarehouseError {
    WarehouseError(
      .connection, "could not \(purpose)", detail: "the answer holds no user and password",
      hint: "Look at the endpoint: something else than AWS may answer there.")
  }
}

extension ConnectionSettings {
  /// The same with a login by AWS, which holds on encrypted connections only.
  ///
  /// - Throws: `.configuration` when encryption is ruled out.
  func logged(in login: DatabaseLogin) throws(WarehouseError) -> ConnectionSettings {
    var settings = self
    settings.user = login.user
    settings.password = login.password
    switch effectiveSSLMode {
    case .disable:
      throw WarehouseError(
        .configuration, "could not use a temporary login without encryption",
        detail: "SSLMODE is disable",
        hint: "Set SSLMODE to verify-full, or at least to require.")
    case .allow, .prefer: settings.sslMode = .require
    case .require, .verifyCA, .verifyFull: break
    }
    return settings
  }
}
