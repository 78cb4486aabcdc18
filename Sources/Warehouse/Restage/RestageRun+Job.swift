/// Restaging by the PySpark job, on this machine or on EMR.
extension RestageRun {
  /// - Throws: `.configuration` when the engine cannot reach the sources or the output.
  func requireReach(of output: RestageOutput) throws(WarehouseError) {
    guard restage.engine != .native else { return }
    try job([], output).requireReach()
  }

  private func job(_ listings: [ObjectListing], _ output: RestageOutput) -> RestageJob {
    let largest = listings.map(\.totalBytes).max() ?? 0
    return RestageJob(
      settings: settings, restage: restage, output: output,
      fileCount: restage.fileCount(forBytes: largest))
  }

  /// Runs the job and reads what it wrote.
  func runJob(
    _ listings: [ObjectListing], _ output: RestageOutput
  ) throws(WarehouseError) -> [RestagedSource] {
    let job = job(listings, output)
    do throws(RemoteJobFailure) {
      try perform(job)
    } catch {
      throw ended(error, output)
    }
    _ = tellRejects(in: output)
    do throws(WarehouseError) {
      return try read(output)
    } catch {
      throw explained(error, output.remove(), output)
    }
  }

  /// The error of a job that failed, with what is left of its output, which is removed where nothing
  /// writes to it any more.
  private func ended(_ failure: RemoteJobFailure, _ output: RestageOutput) -> WarehouseError {
    let error = failure.error
    guard !failure.mayRun else {
      listeners.log("left alone, as the job may still write: \(output.place)")
      return error
    }
    guard error.kind != .cancelled else { return explained(error, output.remove(), output) }
    let count = tellRejects(in: output)
    let leftover = output.remove()
    do throws(WarehouseError) {
      try settings.requireFewRejects(count, in: "restaging")
    } catch let tooMany {
      return explained(tooMany, leftover, output)
    }
    return explained(error, leftover, output)
  }

  /// Tells what the job set aside; how much it is, as far as that can be read.
  private func tellRejects(in output: RestageOutput) -> Int {
    do throws(WarehouseError) {
      let quarantine = try RestageQuarantine(in: output, cancellation)
      for reject in quarantine.rejects { listeners.rejected(reject) }
      // On this machine the job has told their number already.
      if restage.engine != .spark {
        for _ in 0..<quarantine.count { _ = counters.addReject() }
      }
      if quarantine.count > quarantine.rejects.count {
        listeners.log(
          "\(quarantine.count) records were set aside; the first \(quarantine.rejects.count) are "
            + "recorded")
      }
      return quarantine.count
    } catch {
      listeners.log("could not read what the job set aside: \(error.message)")
      return 0
    }
  }

  private func perform(_ job: RestageJob) throws(RemoteJobFailure) {
    switch restage.engine {
    case .native: break
    case .spark:
      try asFailure { () throws(WarehouseError) in
        try SparkProcess(job).run(cancellation, line: hear)
      }
    case .emr: try runStep(job)
    case .emrServerless: try runServerless(job)
    }
  }

  /// What fails before or after a job leaves none running.
  private func asFailure<Value>(
    _ body: () throws(WarehouseError) -> Value
  ) throws(RemoteJobFailure) -> Value {
    do throws(WarehouseError) { return try body() } catch { throw RemoteJobFailure(error) }
  }

  private func hear(_ line: RestageJobLine) {
    if let log = line.log { listeners.log(log) }
    counters.add(rows: line.records)
    for _ in 0..<max(0, min(line.rejects, 1 << 20)) { _ = counters.addReject() }
  }

  private func runStep(_ job: RestageJob) throws(RemoteJobFailure) {
    guard let cluster = restage.emrCluster else { throw missing("RESTAGE.EMR_CLUSTER") }
    let (client, script) = try asFailure { () throws(WarehouseError) in try upload(job) }
    let step = try EMRStep.start(job, script: script, on: cluster, client)
    try RemoteJobWatch(interval: restage.poll).follow(step, cancellation, log: listeners.log)
  }

  private func runServerless(_ job: RestageJob) throws(RemoteJobFailure) {
    guard let application = restage.emrApplication else {
      throw missing("RESTAGE.EMR_APPLICATION")
    }
    guard let role = restage.emrRole else { throw missing("RESTAGE.EMR_ROLE") }
    let (client, script) = try asFailure { () throws(WarehouseError) in try upload(job) }
    let run = try EMRServerlessJob.start(
      job, script: script, on: application, role: role, client)
    try RemoteJobWatch(interval: restage.poll).follow(run, cancellation, log: listeners.log)
  }

  private func missing(_ key: String) -> RemoteJobFailure {
    RemoteJobFailure(
      WarehouseError(
        .configuration, "could not restage with \(restage.engine.rawValue)",
        detail: "there is no \(key)", hint: "Set \(key)."))
  }

  /// Puts the script beside the runs, under a name that tells its text: the same one is written
  /// over itself.
  private func upload(_ job: RestageJob) throws(WarehouseError) -> (AWSClient, script: String) {
    guard let client = settings.aws, case .bucket(let s3, let bucket, let prefix) = job.output
    else { throw WarehouseError(.configuration, "there is no access to AWS") }
    let folder = prefix.dropLast(name.utf8.count + 1)
    let key = "\(folder)_job/restage-\(Digest.md5(RestageJob.script).hex).py"
    try s3.put(RestageJob.script, to: key, in: bucket, type: "text/x-python", cancellation)
    listeners.log("uploaded s3://\(bucket)/\(key)")
    return (client, "s3://\(bucket)/\(key)")
  }

  private func read(_ output: RestageOutput) throws(WarehouseError) -> [RestagedSource] {
    let search = RestageSearch(restage: restage, aws: settings.aws, cancellation: cancellation)
    return try SourceKind.allCases.map { kind throws(WarehouseError) in
      guard let source = try search.restaged(kind, of: settings.source(of: kind), in: name)
      else {
        throw WarehouseError(
          .input, "could not find what the job wrote", detail: output.place,
          hint: "Its log tells whether it ended before its time.")
      }
      return source
    }
  }
}
