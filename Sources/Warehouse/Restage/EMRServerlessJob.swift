/// The job on an EMR Serverless application.
struct EMRServerlessJob: RemoteJob {
  let client: AWSClient
  let application: String
  let run: String

  var title: String { "the job \(run) of \(application)" }

  /// EMR ends a job that nobody ended after so long. It is EMR's own usual limit, said outright.
  private static let longestMinutes = 720

  /// Starts the job. The token makes a repeated call start none twice.
  ///
  /// Not to be cancelled: a job that AWS has started while nobody listened would run and cost.
  static func start(
    _ job: RestageJob, script: String, on application: String, role: String, _ client: AWSClient
  ) throws(RemoteJobFailure) -> EMRServerlessJob {
    do throws(WarehouseError) {
      return try ask(job, script, application, role, client)
    } catch { throw RemoteJobFailure(starting: job, error) }
  }

  private static func ask(
    _ job: RestageJob, _ script: String, _ application: String, _ role: String, _ client: AWSClient
  ) throws(WarehouseError) -> EMRServerlessJob {
    let answer = try client.restJSON(
      .emrServerless, "StartJobRun", method: "POST",
      path: ["applications", application, "jobruns"],
      [
        ("clientToken", .string(job.runName)), ("executionRoleArn", .string(role)),
        ("name", .string(job.title)), ("executionTimeoutMinutes", .integer(longestMinutes)),
        (
          "jobDriver",
          .object([
            (
              "sparkSubmit",
              .object([
                ("entryPoint", .string(script)),
                ("entryPointArguments", .array(job.arguments.map(JSONValue.string))),
              ])
            )
          ])
        ),
      ], purpose: "start a job on EMR Serverless", Cancellation())
    guard let run = answer["jobRunId"]?.text else {
      throw AWSClient.unreadable(AWSCall(.emrServerless, "StartJobRun", purpose: "start a job"))
    }
    return EMRServerlessJob(client: client, application: application, run: run)
  }

  private var path: [String] { ["applications", application, "jobruns", run] }

  func state(_ cancellation: Cancellation) throws(WarehouseError) -> RemoteJobState {
    let answer = try client.restJSON(
      .emrServerless, "GetJobRun", method: "GET", path: path, purpose: "look at \(title)",
      cancellation)
    let job = answer["jobRun"]
    let name = job?["state"]?.text ?? ""
    let used = job?["billedResourceUtilization"] ?? job?["totalResourceUtilization"]
    return RemoteJobState(
      phase: Self.phase(name), name: name.lowercased(), detail: job?["stateDetails"]?.text,
      bill: used.flatMap(EMRServerlessBill.init)?.text)
  }

  /// The states of a job run (EMR Serverless API reference, JobRun).
  private static func phase(_ name: String) -> RemoteJobState.Phase {
    switch name {
    case "SUCCESS": .succeeded
    case "FAILED": .failed
    case "CANCELLED": .cancelled
    case "RUNNING", "CANCELLING": .running
    default: .waiting
    }
  }

  func cancel() throws(WarehouseError) {
    _ = try client.restJSON(
      .emrServerless, "CancelJobRun", method: "DELETE", path: path, purpose: "cancel \(title)",
      Cancellation())
  }
}

/// What a job on EMR Serverless is billed for.
struct EMRServerlessBill: Equatable {
  var processorHours: Double
  var memoryHours: Double

  /// Nil when EMR does not say yet.
  init?(_ value: JSONValue) {
    guard let processors = value["vCPUHour"]?.real, let memory = value["memoryGBHour"]?.real
    else { return nil }
    (processorHours, memoryHours) = (processors, memory)
  }

  var dollars: Double {
    PriceList.job(processorHours: processorHours, memoryHours: memoryHours)
  }

  var text: String {
    "billed: \(Self.fixed(processorHours)) vCPU hours and \(Self.fixed(memoryHours)) GB hours, "
      + "about $\(Self.fixed(dollars)) at \(PriceList.jobRegion)'s prices of "
      + "\(PriceList.jobsAsOf); check \(PriceList.jobPage)"
  }

  private static func fixed(_ value: Double) -> String {
    let cents = Int(max(0, min(value, 1e12)) * 1000 + 0.5)
    return "\(cents / 1000).\((cents % 1000).padded(3))"
  }
}
