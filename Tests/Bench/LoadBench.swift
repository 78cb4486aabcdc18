import Glibc
import Warehouse

/// The floors and the load itself, once.
struct Round {
  var read = Cost()
  var copy = Cost()
  var loads = Cost()
  var run = RunMeasurement()
  /// Restaging and its floor, by the compressor.
  var restages: [RestageMeasurement.Compressor: (restage: Cost, floor: Cost)] = [:]
  /// The load of a scale below, to compare the CPU time for one event with.
  var smaller: RunMeasurement?
}

/// Measures loads and floors in turns and reports.
struct LoadBench {
  let options: BenchOptions

  private var scale: Scale { options.scale }
  private var home: String { options.folder + "/home" }
  private func data(_ scale: Scale) -> String { "\(options.folder)/\(scale.rawValue)/data" }

  func run() async throws(WarehouseError) {
    try makeData(scale)
    if scale == .large { try makeData(.medium) }
    makeFolder(home)
    let cluster = EmbeddedCluster(stateFolder: home)
    let connection = try await cluster.ensureRunning { say($0) }
    do throws(WarehouseError) {
      try await measureAll(cluster, connection)
    } catch {
      await cluster.leave()
      throw error
    }
    await cluster.leave()
  }

  private func measureAll(
    _ cluster: EmbeddedCluster, _ connection: ConnectionSettings
  ) async throws(WarehouseError) {
    guard !options.isOfScreensOnly else {
      return say((try await measureQueries(connection) + measureScreens()).table(width: 48))
    }
    guard let postmaster = try await cluster.status().processID else {
      throw WarehouseError(.system, "could not find the server's process")
    }
    let server = ServerWatch(postmaster: postmaster)
    let rounds = try await measure(connection, server)
    server.end()
    var report = LoadReport(scale: scale, rounds: rounds)
    say(report.text)
    report.others = try await measureQueries(connection) + measureScreens() + measureOthers()
    say(report.others.table(width: 48))
    if let path = options.jsonFile { try OutputFile(path).write(report.json) }
  }

  private func measureQueries(
    _ connection: ConnectionSettings
  ) async throws(WarehouseError) -> [Goal] {
    say("measuring the saved queries")
    return [try await QueryBench(connection: connection, folder: "queries").run()]
  }

  /// The console over what was loaded last.
  private func measureScreens() throws(WarehouseError) -> [Goal] {
    say("measuring the screens, 120 × 40")
    do {
      return try ScreenBench(options: options, home: home, data: data(scale)).run()
    } catch {
      throw WarehouseError(.system, "could not measure the screens", detail: "\(error)")
    }
  }

  /// What leaves another star behind comes last.
  private func measureOthers() throws(WarehouseError) -> [Goal] {
    say("measuring cancels, sample data and many files")
    // The moments of a long stage are those of a longer one, too.
    let cancelled = data(scale == .large ? .medium : scale)
    return [try CancelBench(options: options, home: home, data: cancelled).run()]
      + (try SampleBench(options: options, home: home).run())
  }

  private func measure(
    _ connection: ConnectionSettings, _ server: ServerWatch
  ) async throws(WarehouseError) -> [Round] {
    let folder = "\(options.folder)/\(scale.rawValue)"
    let floors = Floors(
      connection: connection, server: server, events: data(scale) + "/log_data",
      rowFiles: ["\(folder)/rows-1", "\(folder)/rows-2"])
    try floors.makeRows()
    var rounds: [Round] = []
    for number in 1...options.repeats {
      var round = Round()
      if scale == .large { round.smaller = try await load(.medium, connection, server) }
      round.run = try await load(scale, connection, server)
      round.loads = try await floors.runLoads()
      round.copy = try await floors.copyRows()
      round.read = try await floors.readFiles()
      round.restages = try restages()
      let ratio = fixed(round.run.seconds / round.copy.seconds, 1)
      say(
        "\(number) of \(options.repeats): load \(fixed(round.run.seconds, 1)) s, raw COPY "
          + "\(fixed(round.copy.seconds, 1)) s, ratio \(ratio)")
      rounds.append(round)
    }
    return rounds
  }

  /// Each compressor's floor just before the restaging that it stands beside.
  private func restages() throws(WarehouseError) -> [RestageMeasurement.Compressor: (
    restage: Cost, floor: Cost
  )] {
    let measurement = RestageMeasurement(
      program: options.program, home: home, data: data(scale), folder: options.folder)
    var costs: [RestageMeasurement.Compressor: (restage: Cost, floor: Cost)] = [:]
    for compressor in RestageMeasurement.Compressor.allCases {
      guard let floor = try measurement.floor(compressor) else { continue }
      costs[compressor] = (try measurement.restage(compressor), floor)
    }
    return costs
  }

  /// One load, begun when nothing waits to be written.
  private func load(
    _ scale: Scale, _ connection: ConnectionSettings, _ server: ServerWatch
  ) async throws(WarehouseError) -> RunMeasurement {
    let session = try await PostgresSession.connect(connection)
    try await session.execute("CHECKPOINT")
    await session.close()
    return try RunMeasurement.take(
      program: options.program, home: home, data: data(scale), server: server)
  }

  /// Makes the data of a scale, unless it is there.
  private func makeData(_ scale: Scale) throws(WarehouseError) {
    makeFolder(options.folder)
    makeFolder("\(options.folder)/\(scale.rawValue)")
    let start = ContinuousClock.now
    var said = ""
    let outcome = try Child.run([
      options.program, "sample", "--songs", String(scale.songs), "--events", String(scale.events),
      "--song-files", "lines", "--out", data(scale),
    ]) { _, line in said += line + "\n" }
    guard outcome.status == 0 else {
      throw WarehouseError(.system, "could not make the data of scale \(scale.rawValue)")
    }
    if said.contains("was there already") { return }
    let seconds = (ContinuousClock.now - start).inSeconds
    say(
      said + "sample: \(fixed(seconds, 1)) s, \(fixed(outcome.cpuSeconds, 1)) CPU s, "
        + "\(Int(Double(scale.events) / outcome.cpuSeconds)) events a CPU second, "
        + "peak \(megabytes(outcome.peakBytes)) MB")
    // Rows of other data are of no use.
    for part in 1...2 { unlink("\(options.folder)/\(scale.rawValue)/rows-\(part)") }
  }

  private func makeFolder(_ path: String) { mkdir(path, 0o755) }
}
