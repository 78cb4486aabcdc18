import Glibc
import Synchronization
import Testing

@testable import Warehouse

@Suite("The embedded cluster")
struct EmbeddedClusterTests {
  /// A folder of programs in which `initdb` is a shell script of ours.
  private static func programs(initdb: String) throws -> String {
    let folder = try TemporaryFolder.make()
    let scripts = ["postgres": "echo 'postgres (PostgreSQL) 15.18'", "initdb": initdb]
    for (name, script) in scripts {
      try TemporaryFolder.makeProgram("\(folder)/\(name)", script: script)
    }
    return folder
  }

  @Test("is made at the first start, reached over its socket alone, and stopped on leaving")
  func firstStart() async throws {
    let folder = try TemporaryFolder.make() + "/it's a \"home\", ä"
    let cluster = EmbeddedCluster(stateFolder: folder)
    #expect(try await cluster.status().state == .absent)
    let phrases = Mutex<[String]>([])
    let settings = try await cluster.ensureRunning { phrase in
      phrases.withLock { $0.append(phrase) }
    }
    #expect(phrases.withLock { $0.first }?.hasPrefix("initialising the warehouse") == true)

    let session = try await PostgresSession.connect(settings)
    let row = try await session.execute(
      """
      SELECT current_database(), current_setting('listen_addresses'), current_setting('fsync'),
        current_setting('full_page_writes'), current_setting('wal_level'),
        pg_encoding_to_char(encoding), inet_server_addr() IS NULL
      FROM pg_database WHERE datname = current_database()
      """)
    #expect(row.rows == [["sparkify", "", "on", "on", "minimal", "UTF8", "t"]])
    let rules = try await session.execute(
      "SELECT type, auth_method, options FROM pg_hba_file_rules")
    #expect(rules.rows == [["local", "peer", "{map=sparkify}"]])

    let running = try await cluster.status()
    #expect(running.state == .running)
    #expect(running.bytes > 10 << 20)
    #expect(running.version.flatMap { Int($0) } ?? 0 >= 13)
    let process = try #require(running.processID)
    #expect(getsid(process) == process, "a ctrl-C at the terminal does not reach it")
    for path in [running.dataFolder, try #require(running.socketFolder)] {
      var status = stat()
      #expect(lstat(path, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o700)
      #expect(status.st_uid != 0)
    }

    await cluster.leave()
    #expect(!ProcessTable.isAlive(process))
    let stopped = try await cluster.status()
    #expect(stopped.state == .stopped)
    #expect(stopped.processID == nil)
  }

  @Test(
    "says what a slow start waits for: to recover only where the server says so",
    arguments: [
      ("starting PostgreSQL 15.18", "start"),
      ("database system was not properly shut down; automatic recovery in progress", "recover"),
    ])
  func slowStart(words: String, wait: String) async throws {
    let folder = try await ThrowawayCluster.initialisedStateFolder()
    let version = String(
      decoding: try FileSystem.read(folder + "/cluster/data/PG_VERSION"), as: UTF8.self
    ).trimmed
    let programs = try Self.programs(initdb: "exit 1")
    try TemporaryFolder.makeProgram(
      "\(programs)/postgres",
      script: """
        case "$1" in -D) echo 'LOG:  \(words)'; sleep 1; exit 1;; esac
        echo 'postgres (PostgreSQL) \(version).0'
        """)
    let phrases = Mutex<[String]>([])
    let cluster = EmbeddedCluster(stateFolder: folder, binaries: programs)
    _ = try await failure { () async throws(WarehouseError) in
      try await cluster.ensureRunning { phrase in phrases.withLock { $0.append(phrase) } }
    }
    let told = phrases.withLock { $0 }.filter { $0.hasPrefix("waiting for the server to") }
    #expect(told.last == "waiting for the server to \(wait)", "\(told)")
    #expect(told.contains("waiting for the server to recover") == (wait == "recover"))
  }

  @Test("is started by one of several consoles that come at once, and stopped by the last to leave")
  func shared() async throws {
    let folder = try TemporaryFolder.make()
    let consoles = (1...3).map { _ in EmbeddedCluster(stateFolder: folder) }
    let all = try await withThrowingTaskGroup(of: ConnectionSettings.self) { group in
      for console in consoles { group.addTask { try await console.ensureRunning() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(all.map(\.host)).count == 1)
    let process = try #require(try await consoles[0].status().processID)
    await consoles[0].leave()
    await consoles[0].leave()
    await consoles[1].leave()
    #expect(ProcessTable.isAlive(process))
    let session = try await PostgresSession.connect(all[2])
    #expect(try await session.execute("SELECT 1").scalar == "1")
    await consoles[2].leave()
    #expect(!ProcessTable.isAlive(process))
  }

  @Test("is stopped when several consoles leave at once")
  func leavingAtOnce() async throws {
    let folder = try await ThrowawayCluster.initialisedStateFolder()
    let consoles = (1...4).map { _ in EmbeddedCluster(stateFolder: folder) }
    for _ in 1...5 {
      for console in consoles { _ = try await console.ensureRunning() }
      await withTaskGroup(of: Void.self) { group in
        for console in consoles { group.addTask { await console.leave() } }
      }
      #expect(try await consoles[0].status().state == .stopped)
    }
  }

  @Test("is stopped by the last to leave also when another holds the start lock for a moment")
  func leavingMeanwhile() async throws {
    let folder = try await ThrowawayCluster.initialisedStateFolder()
    let cluster = EmbeddedCluster(stateFolder: folder)
    _ = try await cluster.ensureRunning()
    let path = folder + "/cluster/start.lock"
    func opened() throws -> Int {
      try FileSystem.names(in: "/proc/self/fd").count {
        (try? FileSystem.resolved("/proc/self/fd/\($0)")) == path
      }
    }
    let leaving: Task<Void, Never>
    do {
      let other = try FileLock(path, owner: try ServerAccount.serving(folder + "/cluster/data"))
      let isHeld = other.tryLock(.exclusive)
      #expect(isHeld)
      leaving = Task { await cluster.leave() }
      try await eventually("the one who leaves wants it too") { try opened() == 2 }
      withExtendedLifetime(other) {}
    }
    await leaving.value
    #expect(try await cluster.status().state == .stopped)
  }

  @Test("outlives a console that was killed; the next one joins it and stops it")
  func killedConsole() async throws {
    let folder = try await ThrowawayCluster.initialisedStateFolder()
    // Stands for another console: a process that holds the lock as one does.
    let sink = open("/dev/null", O_WRONLY | O_CLOEXEC)
    defer { close(sink) }
    let other = try ChildProcess(
      ["/usr/bin/flock", "--shared", folder + "/cluster/use.lock", "/bin/sleep", "600"],
      output: sink)
    let first = EmbeddedCluster(stateFolder: folder)
    _ = try await first.ensureRunning()
    let process = try #require(try await first.status().processID)
    try await eventually("the other console holds the lock") {
      let account = try ServerAccount.serving(folder + "/cluster/data")
      return try !FileLock(folder + "/cluster/use.lock", owner: account).tryLock(.exclusive)
    }
    let next = EmbeddedCluster(stateFolder: folder)
    await first.leave()
    #expect(ProcessTable.isAlive(process), "the other console still uses it")
    kill(-other.id, SIGKILL)
    try await eventually("the other console is dead") { other.exitStatus != nil }
    _ = try await next.ensureRunning()
    #expect(try await next.status().processID == process)
    await next.leave()
    #expect(!ProcessTable.isAlive(process))
  }

  @Test("recovers after its server was killed, with all that was committed", arguments: [1, 2])
  func killedServer(consoles count: Int) async throws {
    let folder = try await ThrowawayCluster.initialisedStateFolder()
    let consoles = (1...count).map { _ in EmbeddedCluster(stateFolder: folder) }
    for console in consoles { _ = try await console.ensureRunning() }
    let session = try await PostgresSession.connect(try await consoles[0].ensureRunning())
    try await session.execute("SET synchronous_commit = on")
    try await session.execute("CREATE TABLE t AS SELECT generate_series(1, 1000) AS n")
    let process = try #require(try await consoles[0].status().processID)
    kill(process, SIGKILL)
    let lost = try await failure { () throws(WarehouseError) in
      while true { try await session.execute("SELECT 1") }
    }
    #expect(lost.kind == .connection)
    // All of them notice and ask at once.
    let again = try await withThrowingTaskGroup(of: ConnectionSettings.self) { group in
      for console in consoles { group.addTask { try await console.ensureRunning() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let fresh = try await PostgresSession.connect(again[0])
    #expect(try await fresh.execute("SELECT count(*) FROM t").scalar == "1000")
    #expect(try await consoles[0].status().processID != process)
    for console in consoles { await console.leave() }
    #expect(try await consoles[0].status().state == .stopped)
  }

  @Test("ends a server that cannot stop, at the next start and on leaving: nothing is lost")
  func standstill() async throws {
    let cluster = EmbeddedCluster(
      stateFolder: try TemporaryFolder.make(), search: .system(setting: nil),
      patience: .init(standstill: .seconds(1)))
    var session = try await PostgresSession.connect(try await cluster.ensureRunning())
    try await session.execute("SET synchronous_commit = on")
    try await session.execute("CREATE TABLE t AS SELECT generate_series(1, 1000) AS n")
    let first = try #require(try await cluster.status().processID)
    kill(try await checkpointer(session), SIGSTOP)
    kill(first, SIGINT)
    try await eventually("it stops") { try await cluster.status().state == .stopping }

    session = try await PostgresSession.connect(try await cluster.ensureRunning())
    #expect(try await session.execute("SELECT count(*) FROM t").scalar == "1000")
    let second = try #require(try await cluster.status().processID)
    #expect(second != first)
    kill(try await checkpointer(session), SIGSTOP)
    await cluster.leave()
    #expect(!ProcessTable.isAlive(second))
  }

  @Test("waits for what remains of a server that was killed, as long as that takes")
  func remains() async throws {
    let cluster = EmbeddedCluster(
      stateFolder: try TemporaryFolder.make(), search: .system(setting: nil),
      patience: .init(remains: .zero))
    let session = try await PostgresSession.connect(try await cluster.ensureRunning())
    let server = try #require(try await cluster.status().processID)
    let remains = try await checkpointer(session)
    kill(remains, SIGSTOP)
    kill(server, SIGKILL)
    let again = try await cluster.ensureRunning { phrase in
      // What a slow disk let go: it ends as soon as it can.
      if phrase.contains("processes to end") { kill(remains, SIGCONT) }
    }
    let fresh = try await PostgresSession.connect(again)
    #expect(try await fresh.execute("SELECT 1").scalar == "1")
    await cluster.leave()
  }

  /// The process that a server awaits the end of when it stops.
  private func checkpointer(_ session: PostgresSession) async throws -> pid_t {
    let pid = try await session.execute(
      "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
    return try #require(pid.scalar.flatMap { pid_t($0) })
  }

  @Test("starts over a lock file that a crash left, whoever has its process number now")
  func staleLockFiles() async throws {
    let folder = try await ThrowawayCluster.initialisedStateFolder()
    let data = folder + "/cluster/data"
    let account = try ServerAccount.serving(data)
    let sink = open("/dev/null", O_WRONLY | O_CLOEXEC)
    defer { close(sink) }
    // A process of the same account: the server itself would take it for its predecessor.
    let stranger = try ChildProcess(
      try account.prefix() + ["/bin/sleep", "600"], output: sink)
    let ended = try ChildProcess(["/bin/true"], output: sink)
    try await eventually("it has ended") { ended.exitStatus != nil }
    let cluster = EmbeddedCluster(stateFolder: folder)
    for process in [stranger.id, ended.id] {
      try ClusterLayout.makePrivateFolder(folder + "/cluster/socket", for: account)
      let text = "\(process)\n\(data)\n1541100000\n5432\n\(folder)/cluster/socket\n\n\nready   \n"
      for path in [data + "/postmaster.pid", folder + "/cluster/socket/.s.PGSQL.5432.lock"] {
        try FileSystem.write(Array(text.utf8), to: path, mode: 0o644)
        #expect(!account.isForeign || chown(path, account.userID, account.groupID) == 0)
      }
      #expect(try await cluster.status().state != .running)
      let settings = try await cluster.ensureRunning()
      let session = try await PostgresSession.connect(settings)
      #expect(try await session.execute("SELECT 1").scalar == "1")
      await cluster.leave()
    }
    #expect(stranger.exitStatus == nil)
    kill(-stranger.id, SIGKILL)
  }

  @Test("is made anew when a first start was killed or cancelled half-way")
  func halfMade() async throws {
    let folder = try TemporaryFolder.make()
    let leftover = folder + "/cluster/data.new-1-2/base/1"
    try FileSystem.makeFolder(leftover)
    try FileSystem.write([1], to: leftover + "/PG_VERSION")
    // An initdb that makes a part and then takes for ever.
    let programs = try Self.programs(
      initdb: "mkdir -p \"$2/base\"; touch \"$2/PG_VERSION\"; sleep 600")
    let slow = EmbeddedCluster(stateFolder: folder, binaries: programs)
    let start = Task { try await slow.ensureRunning() }
    try await eventually("initdb has made a part") {
      try FileSystem.names(in: folder + "/cluster").contains {
        FileSystem.exists("\(folder)/cluster/\($0)/PG_VERSION")
      }
    }
    start.cancel()
    #expect(await start.result.failure == .cancelled)
    #expect(
      try FileSystem.names(in: folder + "/cluster").filter { $0.hasPrefix("data") } == [])
    let cluster = EmbeddedCluster(stateFolder: folder)
    _ = try await cluster.ensureRunning()
    #expect(try await cluster.status().state == .running)
    #expect(!FileSystem.exists(folder + "/cluster/data.new-1-2"))
    await cluster.leave()
  }

  @Test("leaves nothing half-made when the disk is full, and says so")
  func diskFull() async throws {
    let folder = try TemporaryFolder.make()
    // Stands for initdb on a full disk, with its words; the real one is the same to us.
    let programs = try Self.programs(
      initdb: """
        echo "fixing permissions on existing directory $2 ... ok"
        echo 'initdb: error: could not write file "x": No space left on device' >&2
        echo "initdb: removing contents of data directory" >&2
        exit 1
        """)
    let cluster = EmbeddedCluster(stateFolder: folder, binaries: programs)
    let error = try await failure { () throws(WarehouseError) in
      try await cluster.ensureRunning()
    }
    #expect(error.kind == .system)
    #expect(error.detail == #"initdb: error: could not write file "x": No space left on device"#)
    #expect(error.hint?.hasPrefix("Free some space") == true)
    #expect(
      try FileSystem.names(in: folder + "/cluster").filter { $0.hasPrefix("data") } == [])
  }

  @Test("says in the server's words why it does not start")
  func brokenSettings() async throws {
    let folder = try await ThrowawayCluster.initialisedStateFolder()
    try ThrowawayCluster.add(["shared_buffers = 'lots'"], to: folder)
    let cluster = EmbeddedCluster(stateFolder: folder)
    let error = try await failure { () throws(WarehouseError) in
      try await cluster.ensureRunning()
    }
    #expect(error.message == "could not start the warehouse's server")
    #expect(
      error.detail?.contains(#"invalid value for parameter "shared_buffers": "lots""#) == true)
    #expect(error.hint?.contains("/cluster/server.log") == true)
    let account = try ServerAccount.serving(folder + "/cluster/data")
    let isFree = try FileLock(folder + "/cluster/use.lock", owner: account).tryLock(.exclusive)
    #expect(isFree, "nobody uses it")
  }

  @Test("finds a short place for its socket when its folder's path is long")
  func longPath() async throws {
    let folder = try TemporaryFolder.make() + "/" + String(repeating: "long/", count: 30)
    let cluster = EmbeddedCluster(stateFolder: folder)
    let settings = try await cluster.ensureRunning()
    let host = try #require(settings.host)
    #expect(!host.hasPrefix(folder))
    let session = try await PostgresSession.connect(settings)
    #expect(try await session.execute("SELECT 1").scalar == "1")
    await cluster.leave()
    #expect(!FileSystem.exists(host))
  }
}
