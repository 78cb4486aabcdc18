import Glibc
import Synchronization

@testable import Warehouse

/// A started cluster in a folder of its own, gone with the test process.
///
/// Most tests share one and take a fresh database each, so that they can run side by side:
///
///     let session = try await ThrowawayCluster.session()
final class ThrowawayCluster: Sendable {
  /// The cluster's state folder.
  let stateFolder: String
  let cluster: EmbeddedCluster
  /// How to reach its own database, as its owner.
  let settings: ConnectionSettings

  private static let one = Task { try await ThrowawayCluster() }
  private static let template = Task { try await makeTemplate() }
  private static let lastDatabase = Mutex(0)

  /// The one that tests share. It takes 300 connections, and forgets `fsync`.
  static func shared() async throws -> ThrowawayCluster { try await one.value }

  /// A session in a database of its own on the shared cluster.
  static func session(observer: StatementObserver? = nil) async throws -> PostgresSession {
    try await .connect(try await shared().makeDatabase(), observer: observer)
  }

  /// A state folder with a cluster that is initialised and does not run: quicker than `initdb`.
  static func initialisedStateFolder() async throws -> String {
    let folder = try TemporaryFolder.make()
    let copied = try Subprocess.run(
      ["/bin/cp", "-a", try await template.value + "/cluster", folder + "/cluster"])
    guard copied.status == 0 else { throw WarehouseError(.system, copied.output) }
    return folder
  }

  /// Starts one with these settings beyond the product's own.
  init(_ extraSettings: [String] = []) async throws {
    stateFolder = try await Self.initialisedStateFolder()
    cluster = EmbeddedCluster(stateFolder: stateFolder)
    try Self.add(
      ["fsync = off", "max_connections = 300", "shared_buffers = '128MB'"] + extraSettings,
      to: stateFolder)
    settings = try await cluster.ensureRunning()
  }

  /// Makes a fresh database: empty, or a copy of one that nobody is connected to.
  func makeDatabase(like template: ConnectionSettings? = nil) async throws -> ConnectionSettings {
    let name = Self.lastDatabase.withLock { last in
      last += 1
      return "test_\(last)"
    }
    let session = try await PostgresSession.connect(settings)
    let source = (template?.database).map { " TEMPLATE \(Identifier($0).sql)" } ?? ""
    try await session.execute("CREATE DATABASE \(Identifier(name).sql)" + source)
    await session.close()
    var fresh = settings
    fresh.database = name
    return fresh
  }

  /// The server's process, to be killed.
  func serverProcessID() async throws -> pid_t {
    guard let process = try await cluster.status().processID else {
      throw WarehouseError(.system, "no server runs")
    }
    return process
  }

  /// Settings as ALTER SYSTEM would leave them; they win over the product's own.
  static func add(_ settings: [String], to stateFolder: String) throws {
    let path = stateFolder + "/cluster/data/postgresql.auto.conf"
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileSystem.failure("could not write", path) }
    defer { close(descriptor) }
    let text = settings.map { $0 + "\n" }.joined()
    try FileSystem.write(Array(text.utf8), to: descriptor, naming: path)
  }

  private static func makeTemplate() async throws -> String {
    let folder = try TemporaryFolder.make()
    let cluster = EmbeddedCluster(stateFolder: folder)
    _ = try await cluster.ensureRunning()
    await cluster.leave()
    return folder
  }
}
