import Glibc

/// Makes, starts and stops the server of one cluster. Whoever calls it holds the start lock.
struct ServerControl {
  let layout: ClusterLayout
  let account: ServerAccount
  let search: ServerBinaries.Search
  let patience: Patience

  /// How long is waited for what should not take long.
  struct Patience {
    /// How long a server that stops may do nothing before it is ended.
    var standstill = Duration.seconds(20)
    /// How long what a killed server left may stand in the way of the next, once its processes are
    /// gone.
    var remains = Duration.seconds(60)
  }

  /// Sees to it that the server runs and has its database.
  func run(_ progress: (String) -> Void) throws(WarehouseError) -> ConnectionSettings {
    var file = try running(progress)
    if file == nil {
      try removeHalfMade()
      let binaries = try ServerBinaries.find(search, forData: layout.dataVersion)
      if layout.dataVersion == nil { try initialise(binaries, progress) }
      file = try start(binaries, progress)
    }
    let settings = settings(file)
    var reader = settings
    reader.user = EmbeddedCluster.reader
    // Who can log in to read shows that the database is there, too.
    if layout.hasReader, try isAdmitted(reader) { return settings }
    try makeDatabase(settings)
    if layout.hasReader { try makeReader(reader, settings) }
    return settings
  }

  // MARK: Joining

  /// The server that runs already, whoever started it; nil when none does.
  ///
  /// One that starts, recovers or stops is waited for, and one that cannot stop is ended.
  private func running(_ progress: (String) -> Void) throws(WarehouseError) -> PostmasterFile? {
    var answer: PostmasterFile?
    var standstill = Standstill(layout: layout, patience: patience.standstill)
    try wait(progress, "waiting for the warehouse's server") { () throws(WarehouseError) in
      guard let file = PostmasterFile(in: layout.dataFolder), isServer(file.processID) else {
        return true
      }
      guard file.isReady, settings(file).isAnswered else {
        if file.status == "stopping" { standstill.end(file.processID) }
        return false
      }
      answer = file
      return true
    }
    return answer
  }

  private func isServer(_ process: pid_t) -> Bool {
    ProcessTable.isServer(process, of: layout.dataFolder)
  }

  /// How to reach the server that left `file`.
  private func settings(_ file: PostmasterFile?) -> ConnectionSettings {
    ConnectionSettings(
      host: file?.socketFolder ?? layout.socketFolder, port: file?.port ?? 5432,
      database: EmbeddedCluster.database, user: account.name)
  }

  // MARK: Making

  /// Runs `initdb` beside the data's place and renames the result: the place holds a whole cluster
  /// or none, whatever dies in between.
  private func initialise(
    _ binaries: ServerBinaries, _ progress: (String) -> Void
  ) throws(WarehouseError) {
    progress("initialising the warehouse with PostgreSQL \(binaries.version)")
    let folder = "\(layout.folder)/\(Self.halfMade)\(getpid())-\(UInt32.random(in: 0 ... .max))"
    try ClusterLayout.makePrivateFolder(folder, for: account)
    do throws(WarehouseError) {
      let locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
      if let locale { freelocale(locale) }
      let outcome = try Subprocess.run(
        try account.prefix() + [
          binaries.initdb, "-D", folder, "-U", account.name, "-E", "UTF8",
          "--locale=\(locale == nil ? "C" : "C.UTF-8")", "-A", "peer",
        ])
      guard outcome.status == 0 else { throw initialisationFailure(outcome) }
      guard rename(folder, layout.dataFolder) == 0 else {
        throw FileSystem.failure("could not make", layout.dataFolder)
      }
    } catch {
      try? FileSystem.removeTree(folder)
      throw error
    }
  }

  /// What the folder of a cluster is called, up to its number, until it is whole.
  private static let halfMade = "data.new-"

  /// Removes what a program left that was killed while it made a cluster. What its `initdb` still
  /// writes to may stay, until the next start.
  private func removeHalfMade() throws(WarehouseError) {
    for name in try FileSystem.names(in: layout.folder) where name.hasPrefix(Self.halfMade) {
      try? FileSystem.removeTree(layout.folder + "/" + name)
    }
  }

  private func initialisationFailure(_ outcome: Subprocess.Outcome) -> WarehouseError {
    // The first complaint tells; what follows is about tidying up.
    let lines = outcome.output.split(separator: "\n").map(String.init)
    let complaints = lines.filter { $0.contains("error:") || $0.contains("FATAL") }
    let isFull = outcome.output.contains(String(cString: strerror(ENOSPC)))
    return WarehouseError(
      .system, "could not initialise the warehouse in \(layout.dataFolder)",
      detail: (complaints.isEmpty ? lines.suffix(8) : complaints.prefix(8))
        .joined(separator: "\n"),
      hint: isFull ? "Free some space on that disk: a new warehouse takes about 50 MB." : nil)
  }

  private func makeDatabase(_ settings: ConnectionSettings) throws(WarehouseError) {
    do throws(WarehouseError) {
      _ = try PostgresConnection(settings, isAbandoned: { Task.isCancelled })
    } catch  where error.sqlState == ConnectionFailure.unknownDatabase.sqlState {
      var other = settings
      other.database = "postgres"
      let connection = try PostgresConnection(other, isAbandoned: { Task.isCancelled })
      try connection.run(
        script: String(decoding: PackageResources.create_embedded_database_sql, as: UTF8.self))
    }
  }

  /// Sees to it that people's SQL has a login of its own.
  private func makeReader(
    _ reader: ConnectionSettings, _ settings: ConnectionSettings
  ) throws(WarehouseError) {
    let connection = try PostgresConnection(settings, isAbandoned: { Task.isCancelled })
    _ = try connection.run(
      script: String(decoding: PackageResources.create_embedded_reader_sql, as: UTF8.self))
    guard try !isAdmitted(reader) else { return }
    // The server was started by a program that knew of no such login.
    try FileSystem.write(
      Array(ServerTuning.identities(of: account).utf8), to: layout.identities, mode: 0o644)
    _ = try connection.run(script: "SELECT pg_reload_conf()")
    try wait({ _ in }, "waiting for the server to take in its settings", limit: .seconds(30)) {
      () throws(WarehouseError) in try isAdmitted(reader)
    }
  }

  /// Whether the server knows the login and its database. What else may stand in the way, such as a
  /// server that has no connection left, says nothing of that and is thrown.
  private func isAdmitted(_ settings: ConnectionSettings) throws(WarehouseError) -> Bool {
    do throws(WarehouseError) {
      _ = try PostgresConnection(settings, isAbandoned: { Task.isCancelled })
      return true
    } catch {
      let refusals = [ConnectionFailure.unknownUser, .login, .unknownDatabase].map(\.sqlState)
      guard refusals.contains(error.sqlState) else { throw error }
      return false
    }
  }

  // MARK: Starting

  private func start(
    _ binaries: ServerBinaries, _ progress: (String) -> Void
  ) throws(WarehouseError) -> PostmasterFile {
    progress("starting PostgreSQL \(binaries.version)")
    try ClusterLayout.makePrivateFolder(layout.socketFolder, for: account)
    try ServerTuning(
      layout: layout, account: account, version: binaries.version, hasLZ4: binaries.hasLZ4
    ).write()
    let command =
      try account.prefix() + [
        binaries.postgres, "-D", layout.dataFolder, "--config-file=\(layout.settings)",
      ]
    var deadline = ContinuousClock.now + patience.remains
    while true {
      try clearReusedProcessNumber()
      let log = try ServerLog(layout.log)
      let server = try ChildProcess(command, output: log.descriptor)
      if let file = try awaitReady(server, log, progress) { return file }
      let hasRemains = !ProcessTable.processes(in: layout.dataFolder).isEmpty
      guard log.saysInTheWay, hasRemains || ContinuousClock.now < deadline else {
        let isFull = log.lastLines.contains(String(cString: strerror(ENOSPC)))
        throw WarehouseError(
          .system, "could not start the warehouse's server", detail: log.lastLines,
          hint: (isFull ? "Free some space on that disk. " : "")
            + "The server's log is \(layout.log).")
      }
      // A process that waits for a slow disk ends when the disk lets it, minutes later at worst.
      try wait(progress, "waiting for the last server's processes to end") {
        log.isOlder(than: .milliseconds(100))
          && ProcessTable.processes(in: layout.dataFolder).isEmpty
      }
      if hasRemains { deadline = .now + patience.remains }
    }
  }

  /// nil when the server ended instead.
  private func awaitReady(
    _ server: ChildProcess, _ log: borrowing ServerLog, _ progress: (String) -> Void
  ) throws(WarehouseError) -> PostmasterFile? {
    var answer: PostmasterFile?
    var isSlow = false
    var isRecovering = false
    func tell(_ words: String) {
      isSlow = true
      progress(words)
    }
    try wait(tell, "waiting for the server to start") { () throws(WarehouseError) in
      if isSlow, !isRecovering, log.saysRecovery {
        isRecovering = true
        progress("waiting for the server to recover")
      }
      if let file = PostmasterFile(in: layout.dataFolder), file.processID == server.id,
        file.isReady
      {
        answer = file
        return true
      }
      return server.exitStatus != nil
    }
    return answer
  }

  /// Removes lock files whose process number now belongs to another program of the same account:
  /// the server would take that for its living predecessor and never start. (A number that belongs
  /// to nobody, or to another account, it sees through itself.)
  ///
  /// While any process of the dead server remains, they stay: they guard its shared memory.
  private func clearReusedProcessNumber() throws(WarehouseError) {
    for path in [PostmasterFile.path(in: layout.dataFolder), layout.socketLock] {
      guard let file = PostmasterFile(path), kill(file.processID, 0) == 0,
        !isServer(file.processID), ProcessTable.processes(in: layout.dataFolder).isEmpty
      else { continue }
      try FileSystem.remove(path)
    }
  }

  // MARK: Stopping

  /// Asks the server to end its sessions and stop, and waits for that, half a minute at most.
  func stop() {
    guard let file = PostmasterFile(in: layout.dataFolder), isServer(file.processID),
      kill(file.processID, SIGINT) == 0
    else { return }
    // The lock file vanishes a moment before the process does.
    let isGone = { !isServer(file.processID) }
    var standstill = Standstill(layout: layout, patience: patience.standstill)
    try? wait(
      { _ in }, "waiting for the server to stop", limit: .seconds(30), isPatient: true
    ) {
      standstill.end(file.processID)
      return isGone()
    }
    // Empty now, and perhaps in /tmp.
    if isGone() { rmdir(layout.socketFolder) }
  }
}

/// Ends a server that was asked to stop and never will: one that is asked just when it begins to
/// recover from a crash may wait for a process of its own for ever (seen with PostgreSQL 15.18: its
/// postmaster awaits the end of a checkpointer that nobody told to end).
///
/// It is told by its processes, which do nothing. An immediate shutdown loses nothing: the next start
/// recovers.
private struct Standstill {
  let layout: ClusterLayout
  let patience: Duration
  private var work: Int?
  private var start = ContinuousClock.now
  private var next = ContinuousClock.now

  /// So often it is looked at what processes do.
  private static let interval = Duration.seconds(1)

  init(layout: ClusterLayout, patience: Duration) {
    self.layout = layout
    self.patience = patience
  }

  /// To be called again and again while the server stops.
  mutating func end(_ server: pid_t) {
    let now = ContinuousClock.now
    guard now >= next else { return }
    next = now + Self.interval
    let work = ProcessTable.processes(in: layout.dataFolder).filter { $0 != server }
      .reduce(0) { $0 + ProcessTable.ticks(of: $1) }
    if work != self.work { (self.work, start) = (work, now) }
    guard start.duration(to: now) >= patience else { return }
    _ = kill(server, SIGQUIT)
    start = now
  }
}
