import Glibc

/// The job on this machine: `spark-submit` as a child process.
struct SparkProcess: Sendable {
  let job: RestageJob
  /// The path of `spark-submit`.
  let program: String

  /// Finds `spark-submit`: as configured, or on the PATH.
  ///
  /// - Throws: `.configuration` when there is none.
  init(_ job: RestageJob) throws(WarehouseError) {
    self.job = job
    if let configured = job.restage.spark {
      program = FileSystem.isFolder(configured) ? configured + "/spark-submit" : configured
    } else {
      let folders = getenv("PATH").map { String(cString: $0) } ?? ""
      program =
        folders.split(separator: ":").map { "\($0)/spark-submit" }
        .first(where: FileSystem.isExecutable) ?? ""
    }
    guard FileSystem.isExecutable(program) else {
      throw WarehouseError(
        .configuration, "could not find spark-submit",
        detail: program.isEmpty ? "it is not on the PATH" : "there is no program \(program)",
        hint: "Install pyspark and Java 17, and set RESTAGE.SPARK to spark-submit's path.")
    }
  }

  /// All of the command: nothing of Spark listens on more than the loopback.
  func command(script: String) -> [String] {
    let folder = FileSystem.parent(of: program)
    var variables = [
      "PATH=\(folder):\(getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin")",
      "LC_ALL=C.UTF-8", "SPARK_LOCAL_IP=127.0.0.1",
    ]
    // In an environment of Python's, Spark must work with the Python of that environment.
    let python = folder + "/python3"
    if FileSystem.isExecutable(python) { variables.append("PYSPARK_PYTHON=\(python)") }
    if let java = getenv("JAVA_HOME") { variables.append("JAVA_HOME=\(String(cString: java))") }
    return ["/usr/bin/env"] + variables + [
      program, "--master", "local[*]", "--conf", "spark.driver.host=127.0.0.1",
      "--conf", "spark.driver.bindAddress=127.0.0.1", "--conf", "spark.ui.enabled=false", script,
    ] + job.arguments
  }

  /// Runs it to its end. Blocks; a cancel ends it first.
  ///
  /// - Throws: `.system` with the last that it said, when it failed; `.cancelled`.
  func run(
    _ cancellation: Cancellation, line: (RestageJobLine) -> Void
  ) throws(WarehouseError) {
    let script = "\(job.output.place).py"
    try FileSystem.makeFolder(FileSystem.parent(of: script))
    try FileSystem.create(script, String(decoding: RestageJob.script, as: UTF8.self))
    defer { unlink(script) }
    var last: [String] = []
    let status = try Subprocess.follow(command(script: script), cancellation) { text in
      if let told = RestageJobLine(text) { return line(told) }
      last.append(String(text))
      if last.count > 20 { last.removeFirst() }
    }
    guard status != 0 else { return }
    let words = last.last { $0.hasPrefix("could not") }
    throw WarehouseError(
      words == nil ? .system : .input, words ?? "could not restage with Spark",
      detail: words == nil ? "status \(status): " + (last.last ?? "") : nil,
      hint: words == nil ? "Spark's own words are in the log of this run." : nil)
  }
}

extension Subprocess {
  /// Runs a program to its end and hands on each line that it writes, as it comes. Blocks.
  ///
  /// - Returns: its exit status, or 128 and the signal's number.
  /// - Throws: `.system` when it cannot be started; `.cancelled`, once it has ended.
  static func follow(
    _ arguments: [String], _ cancellation: Cancellation, line: (Substring) -> Void
  ) throws(WarehouseError) -> Int32 {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw FileSystem.failure("could not start", arguments.first ?? "")
    }
    defer { close(ends[0]) }
    let started = Result { () throws(WarehouseError) in try spawn(arguments, output: ends[1]) }
    close(ends[1])
    let process = try started.get()
    readLines(ends[0], of: process, cancellation, line)
    let status = wait(for: process)
    try cancellation.check()
    return status
  }

  /// Ends when nobody writes any more. A program that was asked to end has two seconds for it.
  private static func readLines(
    _ descriptor: Int32, of process: pid_t, _ cancellation: Cancellation,
    _ line: (Substring) -> Void
  ) {
    var pending = ""
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    var cancelledAt: ContinuousClock.Instant?
    while true {
      if cancellation.isCancelled {
        if cancelledAt == nil { kill(-process, SIGTERM) }
        let since = cancelledAt ?? .now
        cancelledAt = since
        if since.duration(to: .now) > .seconds(2) { kill(-process, SIGKILL) }
      }
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 50) > 0 else { continue }
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      pending += String(decoding: chunk[..<count], as: UTF8.self)
      while let newline = pending.utf8.firstIndex(of: 0x0A) {
        line(pending[..<newline])
        pending.removeSubrange(...newline)
      }
      // A line without an end is not kept for ever.
      if pending.utf8.count > 64 << 10 { pending = "" }
    }
    if !pending.isEmpty { line(pending[...]) }
  }
}
