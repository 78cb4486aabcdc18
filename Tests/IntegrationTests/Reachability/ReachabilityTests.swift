import Synchronization
import Testing

@testable import Warehouse

/// What the doctor says of a configuration that holds these settings and nothing else.
func diagnosis(
  _ settings: [String], aws: AWSSettings? = nil
) async throws -> [String: ReachabilityStep] {
  let folder = try TemporaryFolder.make()
  let options = ConfigurationOptions(
    overrides: settings, workingFolder: folder, homeFolder: folder, environment: [:])
  var configuration = try Configuration.load(options)
  if let aws { configuration.aws = aws }
  let stateFolder = StateFolder(home: folder, options: options)
  let target = WarehouseTarget(configuration: configuration, stateFolder: stateFolder)
  let told = Mutex<[ReachabilityStep]>([])
  let steps = await Reachability(target, stateFolder).check { step in
    told.withLock { $0.append(step) }
  }
  await target.leave()
  #expect(told.withLock { $0 } == steps)
  #expect(!steps.contains { "\($0)".contains(TLSServer.password) })
  return Dictionary(uniqueKeysWithValues: steps.map { ($0.name, $0) })
}

@Suite("Reachability")
struct ReachabilityTests {
  @Test("of a server that is as it should be passes every step, each with its time")
  func passes() async throws {
    let steps = try await diagnosis(try await TLSServer.valid.value.settings())
    for name in ["DNS", "TCP", "TLS", "login", "privileges"] {
      #expect(steps[name]?.outcome == .passed, "\(steps)")
      #expect(steps[name]?.duration != nil)
      #expect(steps[name]?.remedy == nil)
    }
    #expect(steps["TLS"]?.detail.hasPrefix("TLSv1.3, ") == true)
    #expect(steps["TLS"]?.detail.contains("certificate of CN=db.example.com to 20") == true)
    #expect(steps["login"]?.detail == "analyst in sparkify")
    #expect(steps["events"]?.outcome == .skipped)
  }

  @Test("tells an unknown authority from a wrong name and from a certificate that has ended")
  func certificates() async throws {
    let server = try await TLSServer.valid.value
    let other = try await TLSServer.expired.value
    let unknown = try await diagnosis(
      server.settings(["CLUSTER.SSLROOTCERT=\(other.authority)"]))
    #expect(unknown["TLS"]?.outcome == .failed)
    #expect(unknown["TLS"]?.detail.hasPrefix("unknown authority: ") == true)
    #expect(unknown["TLS"]?.remedy?.contains("SSLROOTCERT") == true)
    #expect(unknown["login"]?.outcome == .skipped)

    let name = try await diagnosis(server.settings(["CLUSTER.HOST=localhost"]))
    #expect(
      name["TLS"]?.detail
        == "wrong name: the certificate is for CN=db.example.com, not for localhost")
    let anyName = try await diagnosis(
      server.settings(["CLUSTER.HOST=localhost", "CLUSTER.SSLMODE=verify-ca"]))
    #expect(anyName["login"]?.outcome == .passed, "\(anyName)")

    let expired = try await diagnosis(other.settings())
    #expect(expired["TLS"]?.outcome == .failed)
    #expect(expired["TLS"]?.detail.hasPrefix("expired: the certificate ended on 20") == true)
    let unchecked = try await diagnosis(other.settings(["CLUSTER.SSLMODE=require"]))
    #expect(unchecked["TLS"]?.outcome == .passed)
    #expect(unchecked["TLS"]?.detail.contains("unchecked: expired") == true)
  }

  @Test("tells a server without encryption, one that hangs up and one that never answers")
  func noEncryption() async throws {
    let plain = try await PlainServer.one.value
    let required = try await diagnosis(plain.settings(["CLUSTER.SSLMODE=require"]))
    #expect(
      required["TLS"]?.detail == "the server does not offer TLS, and SSLMODE is require")
    #expect(required["login"]?.outcome == .skipped)
    let preferred = try await diagnosis(plain.settings(["CLUSTER.SSLMODE=prefer"]))
    #expect(preferred["TLS"]?.outcome == .warning)
    #expect(preferred["login"]?.outcome == .passed)
    let off = try await diagnosis(plain.settings(["CLUSTER.SSLMODE=disable"]))
    #expect(off["TLS"]?.outcome == .skipped)
  }

  @Test("tells a closed port and an unknown name, and tries nothing behind them")
  func noWay() async throws {
    let port = try MuteListener.freePort()
    let closed = try await diagnosis(["CLUSTER.HOST=127.0.0.1", "CLUSTER.DB_PORT=\(port)"])
    #expect(closed["DNS"]?.outcome == .passed)
    #expect(closed["TCP"]?.outcome == .failed)
    #expect(closed["TCP"]?.detail == "port \(port): Connection refused")
    #expect(closed["TCP"]?.remedy?.contains("DB_PORT") == true)
    for name in ["TLS", "login", "privileges"] { #expect(closed[name]?.outcome == .skipped) }
    // Too long for a label of a name: refused by the resolver itself, nobody is asked.
    let name = String(repeating: "x", count: 70)
    let unknown = try await diagnosis(["CLUSTER.HOST=\(name)"])
    #expect(unknown["DNS"]?.outcome == .failed)
    #expect(unknown["TCP"]?.outcome == .skipped)
  }

  @Test("tells a wrong password from a user who may not make schemas")
  func people() async throws {
    let server = try await TLSServer.valid.value
    let wrong = try await diagnosis(server.settings(["CLUSTER.DB_PASSWORD=another"]))
    #expect(wrong["TLS"]?.outcome == .passed)
    #expect(wrong["login"]?.outcome == .failed)
    #expect(wrong["login"]?.remedy == ConnectionFailure.login.hint)
    #expect(wrong["privileges"]?.outcome == .skipped)
    let guest = try await diagnosis(server.settings(user: "guest"))
    #expect(guest["login"]?.outcome == .passed)
    #expect(guest["privileges"]?.outcome == .failed)
    #expect(guest["privileges"]?.remedy?.contains("GRANT CREATE ON DATABASE") == true)
  }

  @Test("tells schemas that are there and belong to somebody else")
  func foreignSchemas() async throws {
    let server = try await PlainServer.one.value
    let owner = try await PostgresSession.connect(server.cluster.settings)
    try await owner.execute("CREATE SCHEMA sparkify_build")
    let steps = try await diagnosis(server.settings(["CLUSTER.SSLMODE=disable"]))
    #expect(
      steps["privileges"]?.detail == "may create schemas, but not use and fill sparkify_build")
    await owner.close()
  }

  @Test("looks at the sources: folders that are there, and those that are not")
  func folders() async throws {
    let folder = try TemporaryFolder.make()
    let steps = try await diagnosis([
      "CLUSTER.HOST=/nonexistent", "S3.LOG_DATA=\(folder)", "S3.SONG_DATA=\(folder)/none",
    ])
    #expect(steps["DNS"]?.outcome == .skipped)
    #expect(steps["login"]?.remedy == ConnectionFailure.noSocket.hint)
    #expect(steps["events"]?.outcome == .passed)
    #expect(steps["songs"]?.outcome == .failed)
    #expect(steps["songs"]?.remedy?.contains("S3.SONG_DATA") == true)
  }

  @Test("looks into buckets: what can be listed, an empty prefix, no such bucket")
  func buckets() async throws {
    let aws = try await AWSStandIn.shared()
    try aws.makeBucket("doctor-sources")
    try aws.s3.put(Array("{}".utf8), to: "log_data/a.json", in: "doctor-sources")
    let steps = try await diagnosis(
      [
        "CLUSTER.HOST=/nonexistent", "S3.LOG_DATA=s3://doctor-sources/log_data/",
        "S3.SONG_DATA=s3://doctor-sources/song_data/",
        "S3.LOG_JSONPATH=s3://doctor-nowhere/log_json_path.json",
      ], aws: aws.settings)
    #expect(
      steps["events"]?.detail
        == "s3://doctor-sources/log_data/ can be listed, in us-west-2", "\(steps)")
    #expect(steps["songs"]?.outcome == .failed)
    #expect(steps["songs"]?.detail == "no object in doctor-sources begins with song_data/")
    #expect(steps["JSON paths"]?.outcome == .failed)
    #expect(steps["JSON paths"]?.detail.contains("NoSuchBucket") == true)
  }

  @Test("of the embedded warehouse starts it")
  func embedded() async throws {
    let steps = try await diagnosis([])
    #expect(steps["server"]?.outcome == .passed, "\(steps)")
    #expect(steps["login"]?.outcome == .passed)
    #expect(steps["privileges"]?.outcome == .passed)
    #expect(steps["TLS"] == nil)
  }
}

/// A PostgreSQL on the loopback that does not encrypt.
private struct PlainServer: Sendable {
  let cluster: ThrowawayCluster
  let port: Int

  static let one = Task {
    let (cluster, port) = try await TLSServer.start(in: TemporaryFolder.make())
    return PlainServer(cluster: cluster, port: port)
  }

  func settings(_ more: [String]) -> [String] {
    [
      "CLUSTER.HOST=127.0.0.1", "CLUSTER.DB_PORT=\(port)", "CLUSTER.DB_NAME=sparkify",
      "CLUSTER.DB_USER=analyst", "CLUSTER.DB_PASSWORD=\(TLSServer.password)",
    ] + more
  }
}
