import Glibc
import Testing

@testable import Warehouse

/// A cluster that also listens on the loopback and asks for a password there.
private struct TCPServer {
  let cluster: ThrowawayCluster
  /// With everything that is needed.
  let settings: ConnectionSettings

  static let password = "correct horse % 'battery\\ staple"

  static let one = Task {
    let folder = try TemporaryFolder.make()
    let rules = "local all all peer map=sparkify\nhost all analyst 127.0.0.1/32 scram-sha-256\n"
    try FileSystem.write(Array(rules.utf8), to: folder + "/pg_hba.conf", mode: 0o644)
    let port = try MuteListener.freePort()
    let cluster = try await ThrowawayCluster([
      "listen_addresses = '127.0.0.1'", "port = \(port)", "hba_file = '\(folder)/pg_hba.conf'",
    ])
    let owner = try await PostgresSession.connect(cluster.settings)
    try await owner.execute(
      "CREATE ROLE analyst LOGIN PASSWORD 'correct horse % ''battery\\ staple'")
    let settings = ConnectionSettings(
      host: "127.0.0.1", port: port, database: "sparkify", user: "analyst",
      password: Secret(password))
    return TCPServer(cluster: cluster, settings: settings)
  }
}

@Suite("Connecting")
struct ConnectTests {
  /// The error of connecting with the right settings after `change`.
  private func refusal(
    _ change: (inout ConnectionSettings) -> Void,
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) async throws -> WarehouseError {
    var settings = try await TCPServer.one.value.settings
    change(&settings)
    let changed = settings
    let error = try await failure(sourceLocation: sourceLocation) { () throws(WarehouseError) in
      try await PostgresSession.connect(changed)
    }
    #expect(!error.description.contains("battery"), sourceLocation: sourceLocation)
    return error
  }

  @Test("works over TCP with a password of any characters")
  func password() async throws {
    let session = try await PostgresSession.connect(try await TCPServer.one.value.settings)
    let row = try await session.execute(
      "SELECT current_user, current_setting('application_name'), inet_server_addr()")
    #expect(row.rows == [["analyst", "sparkify", "127.0.0.1"]])
  }

  @Test("takes the password from the password file when none is given")
  func passwordFile() async throws {
    var settings = try await TCPServer.one.value.settings
    let file = try TemporaryFolder.make() + "/pgpass"
    let line =
      "127.0.0.1:\(settings.port ?? 0):*:analyst:"
      + "correct horse % 'battery\\\\ staple\n"
    try FileSystem.write(Array(line.utf8), to: file, mode: 0o600)
    settings.password = nil
    settings.extra["passfile"] = file
    settings.applicationName = "from a file"
    let session = try await PostgresSession.connect(settings)
    #expect(try await session.execute("SHOW application_name").scalar == "from a file")
  }

  @Test("takes all from a service of the service file, in a process of its own environment")
  func service() async throws {
    let settings = try await TCPServer.one.value.settings
    let file = try TemporaryFolder.make() + "/services.conf"
    let text = """
      [warehouse]
      host=127.0.0.1
      port=\(settings.port ?? 0)
      dbname=sparkify
      user=analyst
      password=\(TCPServer.password)

      """
    try FileSystem.write(Array(text.utf8), to: file, mode: 0o600)
    await #expect(processExitsWith: .success) { [file = file as String] in
      setenv("PGSERVICEFILE", file, 1)
      let named = try await PostgresSession.connect(ConnectionSettings(service: "warehouse"))
      #expect(try await named.execute("SELECT current_user").scalar == "analyst")
      setenv("PGSERVICE", "warehouse", 1)
      setenv("PGAPPNAME", "by environment", 1)
      let ambient = try await PostgresSession.connect(ConnectionSettings())
      #expect(try await ambient.execute("SHOW application_name").scalar == "by environment")
    }
    let unknown = try await failure { () throws(WarehouseError) in
      try await PostgresSession.connect(ConnectionSettings(service: "no such service"))
    }
    #expect(unknown.kind == .configuration)
    #expect(unknown.hint == ConnectionFailure.settings.hint)
  }

  @Test("tells a wrong password, user or database, each with a remedy, and not worth a retry")
  func refusedLogins() async throws {
    let password = try await refusal { $0.password = Secret("wrong battery") }
    #expect(password.kind == .connection)
    #expect(
      password.detail?.hasSuffix(#"password authentication failed for user "analyst""#) == true)
    #expect(password.hint == ConnectionFailure.login.hint)
    #expect(!password.isTransient)
    let none = try await refusal {
      $0.password = nil
      $0.extra["passfile"] = "/nonexistent"
    }
    #expect(none.detail?.hasSuffix("no password supplied") == true)
    #expect(none.hint == ConnectionFailure.login.hint)
    let user = try await refusal { $0.user = "nobody" }
    #expect(user.hint == ConnectionFailure.notAdmitted.hint)
    let database = try await refusal { $0.database = "nowhere" }
    #expect(database.detail?.hasSuffix(#"database "nowhere" does not exist"#) == true)
    #expect(database.hint == ConnectionFailure.unknownDatabase.hint)
    #expect(!database.isTransient)
  }

  @Test("tells a closed port, an unknown host and missing encryption, each with a remedy")
  func unreachable() async throws {
    let free = try MuteListener.freePort()
    let port = try await refusal { $0.port = free }
    #expect(port.message == "could not connect to 127.0.0.1:\(free)")
    #expect(port.hint == ConnectionFailure.refused.hint)
    #expect(port.detail?.contains("Is the server running") == true)
    #expect(port.detail?.contains("\t") == false)
    #expect(port.isTransient)
    // Too long for a label of a name: refused by the resolver itself, nobody is asked.
    let host = try await refusal { $0.host = String(repeating: "x", count: 70) }
    #expect(host.hint == ConnectionFailure.unknownHost.hint)
    let socket = try await refusal { $0.host = "/nonexistent" }
    #expect(socket.hint == ConnectionFailure.noSocket.hint)
    let encryption = try await refusal { $0.sslMode = .require }
    #expect(encryption.detail?.contains("server does not support SSL") == true)
    #expect(encryption.hint == ConnectionFailure.encryption.hint)
    let option = try await refusal { $0.extra["no_such_option"] = "1" }
    #expect(option.kind == .configuration)
    #expect(option.detail?.contains("no_such_option") == true)
  }

  @Test("gives up on a server that does not answer, when the time is over")
  func timeout() async throws {
    let listener = try MuteListener()
    let port = listener.port
    let error = try await refusal {
      $0.port = port
      $0.connectTimeout = .seconds(1)
    }
    #expect(error.kind == .connection)
    #expect(error.hint == ConnectionFailure.timedOut.hint)
    #expect(listener.peerHungUp())
  }

  @Test("stops at once when its task is cancelled, and hangs up")
  func cancelled() async throws {
    let listener = try MuteListener()
    let settings = ConnectionSettings(host: "127.0.0.1", port: listener.port)
    let task = Task { try await PostgresSession.connect(settings) }
    var incoming = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
    // Never a blocking wait: tests share few threads.
    try await eventually("the connection arrives") { poll(&incoming, 1, 0) == 1 }
    task.cancel()
    #expect(await task.result.failure == .cancelled)
    #expect(listener.peerHungUp())
  }
}
