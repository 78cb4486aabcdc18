import Synchronization

/// Where the warehouse is, and the way to a session on it.
///
/// An embedded cluster is made and started at the first session; `leave` gives it up again.
public final class WarehouseTarget: Sendable {
  /// What it was made from.
  public let configuration: Configuration
  /// The private cluster; nil when a server is configured.
  public let cluster: EmbeddedCluster?
  /// Where user and password come from when the configuration names none; nil when it does.
  private let login: TemporaryLogin?
  /// What statements are reported to.
  let observer: StatementObserver?
  /// How the embedded cluster was reached last: as long as that works, nothing else is asked.
  private let reached = Mutex<ConnectionSettings?>(nil)

  /// The target of a configuration.
  ///
  /// - Parameter observer: hears every statement of every session.
  public init(
    configuration: Configuration, stateFolder: StateFolder, observer: StatementObserver? = nil
  ) {
    self.configuration = configuration
    self.observer = observer
    login = TemporaryLogin(configuration, observer: observer)
    cluster =
      switch configuration.target {
      case .embedded:
        EmbeddedCluster(stateFolder: stateFolder.path, binaries: configuration.binaries)
      case .server: nil
      }
  }

  /// Whether AWS is asked for user and password.
  var usesTemporaryLogin: Bool { login != nil }

  static let searchPathStatement = "SET search_path TO \(StarSchema.published), public"

  /// Opens a session. Unqualified names mean the published star first.
  ///
  /// - Parameters:
  ///   - access: what the session is for. One that reads for people may do nothing else on an
  ///     embedded cluster, whatever the SQL; on a server it may what its login may.
  ///   - report: hears what takes long: making, starting or joining the cluster.
  /// - Throws: `.connection`, `.configuration` or `.system` with what would help; `.cancelled`.
  public func openSession(
    for access: SessionAccess = .all,
    _ report: @escaping @Sendable (String) -> Void = { _ in }
  ) async throws(WarehouseError) -> PostgresSession {
    let session = try await connect(access, report)
    do throws(WarehouseError) {
      try await session.execute(Self.searchPathStatement)
      return session
    } catch {
      await session.close()
      throw error
    }
  }

  /// The error with what the embedded server said when it went away, where it said something.
  public func explained(_ error: WarehouseError) async -> WarehouseError {
    guard error.kind == .connection, let words = await cluster?.lastFailure() else { return error }
    var explained = error
    explained.detail = [error.detail, words].compactMap { $0 }.joined(separator: "\n")
    return explained
  }

  /// Stops using the warehouse; the last to leave an embedded cluster stops it.
  public func leave() async { await cluster?.leave() }

  private func connect(
    _ access: SessionAccess, _ report: @escaping @Sendable (String) -> Void
  ) async throws(WarehouseError) -> PostgresSession {
    guard let cluster else {
      // Why AWS gives no login AWS has said already.
      if let login { _ = try await current(login) }
      do throws(WarehouseError) {
        return try await connectToServer()
      } catch {
        throw await explainedByCloud(error)
      }
    }
    if let known = reached.withLock({ $0 }) {
      do throws(WarehouseError) {
        return try await connect(to: cluster, known, access)
      } catch  where error.kind == .connection {
        reached.withLock { $0 = nil }
      }
    }
    let settings = try await cluster.ensureRunning(progress: report)
    reached.withLock { $0 = settings }
    return try await connect(to: cluster, settings, access)
  }

  private func connect(
    to cluster: EmbeddedCluster, _ settings: ConnectionSettings, _ access: SessionAccess
  ) async throws(WarehouseError) -> PostgresSession {
    let login = access == .reading ? try await cluster.reading(settings) : settings
    return try await PostgresSession.connect(login, observer: observer)
  }
}

/// What a session is for.
public enum SessionAccess: Sendable {
  /// The program's own statements, and those that may change things.
  case all
  /// What people ask.
  case reading
}

extension WarehouseTarget {
  func connectToServer() async throws(WarehouseError) -> PostgresSession {
    let settings = ConnectionSettings(configuration.server)
    guard let login else { return try await PostgresSession.connect(settings, observer: observer) }
    do throws(WarehouseError) {
      return try await PostgresSession.connect(
        settings.logged(in: await current(login)), observer: observer)
    } catch  where ["28P01", "28000"].contains(error.sqlState) {
      // It ended earlier than AWS said, or the user was made anew: one more, and no third.
      login.forget()
      return try await PostgresSession.connect(
        settings.logged(in: await current(login)), observer: observer)
    }
  }

  private func current(_ login: TemporaryLogin) async throws(WarehouseError) -> DatabaseLogin {
    let cancellation = Cancellation()
    return try await onThread(cancellation) { () throws(WarehouseError) in
      try login.current(cancellation)
    }
  }
}

extension ConnectionSettings {
  /// What is configured; what is not is libpq's to find.
  public init(_ server: ServerSettings) {
    self.init(
      host: server.host, port: server.port, database: server.database, user: server.user,
      password: server.password,
      sslMode: server.sslMode.flatMap { SSLMode(rawValue: $0.rawValue) },
      sslRootCertificate: server.sslRootCertificate, service: server.service,
      applicationName: "sparkify")
    if let passFile = server.passFile { extra["passfile"] = passFile }
  }
}
