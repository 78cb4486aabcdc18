import Glibc

/// The private PostgreSQL cluster that the program makes and owns, for one state folder.
///
/// It is reached over a Unix socket by the account that owns it and by root. Any number of
/// consoles share it: a shared file lock says that one uses it, and the last one out stops it. The
/// lock ends with its holder, so a killed console leaves a server that the next one joins.
///
/// Calls block on a thread of the cluster's own and come one after another. Nothing is printed.
public actor EmbeddedCluster {
  private let executor = QueueExecutor(label: "warehouse.cluster")
  /// The cluster's own queue.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  private let stateFolder: String
  private let search: ServerBinaries.Search
  private let patience: ServerControl.Patience
  /// Held shared from the first `ensureRunning` until `leave`.
  private var useLock = FileLock()

  /// The name of the cluster's database.
  public static let database = "sparkify"
  /// The login that may read everything and do nothing else.
  static let reader = "sparkify_reader"

  /// How people's SQL reaches the database that `settings` are for: with the reader's login, or with
  /// the owner's in a cluster of PostgreSQL 13, which has no role that reads everything.
  func reading(_ settings: ConnectionSettings) throws(WarehouseError) -> ConnectionSettings {
    var settings = settings
    if try ClusterLayout(stateFolder: stateFolder).hasReader { settings.user = Self.reader }
    return settings
  }

  /// The cluster of a state folder, which is made with the first start.
  ///
  /// - Parameter binaries: the folder of the server's programs; nil looks at `PGBIN` and then where
  ///   the distributions put them.
  public init(stateFolder: String, binaries: String? = nil) {
    self.init(stateFolder: stateFolder, search: .system(setting: binaries))
  }

  init(
    stateFolder: String, search: ServerBinaries.Search,
    patience: ServerControl.Patience = ServerControl.Patience()
  ) {
    self.stateFolder = stateFolder
    self.search = search
    self.patience = patience
  }

  private func control(_ layout: ClusterLayout, _ account: ServerAccount) -> ServerControl {
    ServerControl(layout: layout, account: account, search: search, patience: patience)
  }

  /// Makes the cluster if there is none, starts it if it does not run, joins it otherwise. Call it
  /// again when a connection was lost: a server that died is started anew and recovers.
  ///
  /// - Parameter progress: hears what takes long, as short phrases for people.
  /// - Returns: how to reach its database.
  /// - Throws: `.system` or `.configuration` with the package to install, the server's own last
  ///   words, or what stands in the way; `.cancelled`. Nothing half-made is left in place.
  public func ensureRunning(
    progress: @Sendable (String) -> Void = { _ in }
  ) async throws(WarehouseError) -> ConnectionSettings {
    try FileSystem.makeFolder(stateFolder, mode: geteuid() == 0 ? 0o755 : 0o700)
    let layout = try ClusterLayout(stateFolder: stateFolder)
    let account = try ServerAccount.serving(layout.dataFolder)
    try FileSystem.makeFolder(layout.folder, mode: account.isForeign ? 0o755 : 0o700)

    let startLock = try FileLock(layout.startLock, owner: account)
    try wait(progress, "waiting for another console to start the warehouse") {
      startLock.tryLock(.exclusive)
    }
    let server = control(layout, account)
    let isNew = !useLock.isOpen
    if isNew { useLock = try FileLock(layout.useLock, owner: account) }
    do throws(WarehouseError) {
      // Only who holds the start lock ever wants this one alone, and only while it does.
      guard useLock.tryLock(.shared) else {
        throw FileSystem.failure("could not lock", layout.useLock)
      }
      return try server.run(progress)
    } catch {
      if isNew { abandonStart(of: server) }
      throw error
    }
  }

  /// Leaves nothing behind of a first start that failed or was cancelled.
  private func abandonStart(of server: ServerControl) {
    if useLock.tryLock(.exclusive) { server.stop() }
    useLock = FileLock()
  }

  /// Stops using the cluster; the last console to leave stops the server.
  ///
  /// Returns when the server is gone, or after half a minute while it still writes its last
  /// checkpoint: it then ends by itself, and the next start waits for it.
  public func leave() async {
    guard useLock.isOpen, let layout = try? ClusterLayout(stateFolder: stateFolder),
      let account = try? ServerAccount.serving(layout.dataFolder),
      let startLock = try? FileLock(layout.startLock, owner: account)
    else { return }
    defer { useLock = FileLock() }
    // Others who leave hold it for a moment; who holds it longer starts the server, and uses it.
    try? wait({ _ in }, "waiting to leave", limit: .seconds(5), isPatient: true) {
      startLock.tryLock(.exclusive)
    }
    guard startLock.tryLock(.exclusive), useLock.tryLock(.exclusive) else { return }
    control(layout, account).stop()
  }

  /// Why its server failed last, in the server's own words; nil when its log does not say.
  public func lastFailure() -> String? {
    (try? ClusterLayout(stateFolder: stateFolder)).flatMap { ServerLog.lastFailure(in: $0.log) }
  }

  /// How the cluster stands, without starting anything.
  public func status() throws(WarehouseError) -> ClusterStatus {
    guard FileSystem.isFolder(stateFolder) else {
      return ClusterStatus(
        state: .absent, version: nil, processID: nil, dataFolder: stateFolder + "/cluster/data",
        socketFolder: nil, log: nil, bytes: 0)
    }
    let layout = try ClusterLayout(stateFolder: stateFolder)
    let file = PostmasterFile(in: layout.dataFolder).flatMap {
      ProcessTable.isServer($0.processID, of: layout.dataFolder) ? $0 : nil
    }
    let state: ClusterStatus.State =
      switch file?.status {
      case _ where layout.dataVersion == nil: .absent
      case _ where file == nil: .stopped
      case "stopping": .stopping
      case "ready": .running
      default: .starting
      }
    return ClusterStatus(
      state: state, version: layout.dataVersion.map(String.init), processID: file?.processID,
      dataFolder: layout.dataFolder, socketFolder: file?.socketFolder,
      log: FileSystem.exists(layout.log) ? layout.log : nil,
      bytes: FileSystem.diskUsage(layout.dataFolder))
  }
}

/// How an embedded cluster stands.
public struct ClusterStatus: Sendable, Equatable {
  /// What its server does.
  public enum State: String, Sendable {
    /// There is no data yet.
    case absent
    /// No server runs.
    case stopped
    /// It starts or recovers.
    case starting
    /// It takes connections.
    case running
    /// It writes its last checkpoint.
    case stopping
  }

  /// What its server does.
  public var state: State
  /// The major version that made the data: "15"; nil without data.
  public var version: String?
  /// The server's process; nil when none runs.
  public var processID: Int32?
  /// Where the data lies, or will.
  public var dataFolder: String
  /// The folder of its socket; nil when no server runs.
  public var socketFolder: String?
  /// The server's log; nil before the first start.
  public var log: String?
  /// What the data takes on the disk.
  public var bytes: Int
}

/// Waits until `condition` holds, looking again ever less often, up to 50 times a second. Blocks.
///
/// - Parameters:
///   - progress: hears `what` after a quarter of a second, once.
///   - isPatient: whether a cancelled task waits all the same.
/// - Throws: `.cancelled` when the task is; `.system` after `limit`.
func wait(
  _ progress: (String) -> Void, _ what: String, limit: Duration = .seconds(600),
  isPatient: Bool = false, until condition: () throws(WarehouseError) -> Bool
) throws(WarehouseError) {
  let start = ContinuousClock.now
  var pause: useconds_t = 1000
  var isSaid = false
  while try !condition() {
    if Task.isCancelled && !isPatient { throw .cancelled }
    let waited = start.duration(to: .now)
    if waited > limit { throw WarehouseError(.system, "gave up \(what)", detail: "after \(limit)") }
    if waited > .milliseconds(250), !isSaid {
      progress(what)
      isSaid = true
    }
    usleep(pause)
    pause = min(pause * 2, 20_000)
  }
}
