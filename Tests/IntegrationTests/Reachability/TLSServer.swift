import Glibc

@testable import Warehouse

/// A PostgreSQL that encrypts, with a certificate of an authority of its own.
struct TLSServer: Sendable {
  let port: Int
  private let cluster: ThrowawayCluster
  /// The file with the authority's certificate.
  let authority: String
  static let password = "a password, never shown"

  /// Its certificate is for 127.0.0.1 alone, and valid.
  static let valid = Task { try await TLSServer(days: 30) }
  /// Its certificate ended a day ago.
  static let expired = Task { try await TLSServer(days: -1) }

  private init(days: Int) async throws {
    let folder = try TemporaryFolder.make()
    try Self.makeCertificates(in: folder, days: days)
    (cluster, port) = try await Self.start(
      in: folder,
      [
        "ssl = on", "ssl_cert_file = '\(folder)/server.crt'",
        "ssl_key_file = '\(folder)/server.key'",
      ])
    authority = folder + "/ca.crt"
  }

  /// Starts a server on the loopback that asks for passwords, with two users: `analyst`, who may
  /// create schemas, and `guest`.
  static func start(
    in folder: String, _ settings: [String] = []
  ) async throws -> (cluster: ThrowawayCluster, port: Int) {
    let port = try MuteListener.freePort()
    let rules = """
      local all all peer map=sparkify
      host all all 127.0.0.1/32 scram-sha-256

      """
    try FileSystem.write(Array(rules.utf8), to: folder + "/pg_hba.conf", mode: 0o644)
    let cluster = try await ThrowawayCluster(
      [
        "listen_addresses = '127.0.0.1'", "port = \(port)", "hba_file = '\(folder)/pg_hba.conf'",
      ] + settings)
    let owner = try await PostgresSession.connect(cluster.settings)
    for name in ["analyst", "guest"] {
      try await owner.execute("CREATE ROLE \(name) LOGIN PASSWORD '\(password)'")
    }
    try await owner.execute("GRANT CREATE ON DATABASE sparkify TO analyst")
    await owner.close()
    return (cluster, port)
  }

  /// Makes a fresh database that `analyst` owns: how to reach it over TCP, as this user.
  func makeDatabase() async throws -> ConnectionSettings {
    let name = try await cluster.makeDatabase().database ?? ""
    let owner = try await PostgresSession.connect(cluster.settings)
    try await owner.execute("ALTER DATABASE \(Identifier(name).sql) OWNER TO analyst")
    await owner.close()
    return ConnectionSettings(
      host: "127.0.0.1", port: port, database: name, user: "analyst",
      password: Secret(Self.password), sslMode: .verifyFull, sslRootCertificate: authority)
  }

  private static func makeCertificates(in folder: String, days: Int) throws {
    try openssl(
      in: folder,
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=Authority "
        + "-keyout ca.key -out ca.crt")
    try openssl(
      in: folder,
      "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=db.example.com "
        + "-keyout server.key -out server.csr")
    try FileSystem.write(Array("subjectAltName=IP:127.0.0.1\n".utf8), to: folder + "/names")
    try openssl(
      in: folder,
      "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days \(days) "
        + "-extfile names -out server.crt")
    // The server's account must own its key.
    guard getuid() == 0, let account = getpwnam("postgres") else { return }
    for file in ["/server.key", "/server.crt", "/ca.crt"] {
      _ = chown(folder + file, account.pointee.pw_uid, account.pointee.pw_gid)
    }
  }

  private static func openssl(in folder: String, _ words: String) throws {
    let done = try Subprocess.run(
      ["/usr/bin/env", "-C", folder, "openssl"] + words.split(separator: " ").map(String.init))
    guard done.status == 0 else { throw WarehouseError(.system, done.output) }
  }

  /// The settings that lead there, as `--set` says them.
  func settings(_ more: [String] = [], user: String = "analyst") -> [String] {
    [
      "CLUSTER.HOST=127.0.0.1", "CLUSTER.DB_PORT=\(port)", "CLUSTER.DB_NAME=sparkify",
      "CLUSTER.DB_USER=\(user)", "CLUSTER.DB_PASSWORD=\(Self.password)",
      "CLUSTER.SSLMODE=verify-full", "CLUSTER.SSLROOTCERT=\(authority)",
    ] + more
  }
}
