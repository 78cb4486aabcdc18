/// The job as a step of an EMR cluster that runs already.
struct EMRStep: RemoteJob {
  let client: AWSClient
  let cluster: String
  let step: String

  var title: String { "the step \(step) of \(cluster)" }

  /// Adds the step. Called once, as each call would add another one: where the answer is lost, the
  /// cluster is asked whether it has the step.
  ///
  /// Not to be cancelled: a step that AWS has added while nobody listened would run and write.
  static func start(
    _ job: RestageJob, script: String, on cluster: String, _ client: AWSClient
  ) throws(RemoteJobFailure) -> EMRStep {
    do throws(WarehouseError) {
      return try add(job, script, cluster, client)
    } catch {
      let isLost = error.kind == .connection
      guard isLost, let found = try? find(job, on: cluster, client) else {
        throw RemoteJobFailure(starting: job, error)
      }
      return found
    }
  }

  /// The step of this run among those that wait, run or are done; nil when there is none.
  private static func find(
    _ job: RestageJob, on cluster: String, _ client: AWSClient
  ) throws(WarehouseError) -> EMRStep? {
    // The newest come first.
    let answer = try client.json(
      .emr, "ListSteps",
      [
        ("ClusterId", .string(cluster)),
        ("StepStates", .array(["PENDING", "RUNNING", "COMPLETED"].map(JSONValue.string))),
      ], purpose: "look for the step of this run on \(cluster)", Cancellation())
    let step = answer["Steps"]?.elements?.first { $0["Name"]?.text == job.title }
    return step?["Id"]?.text.map { EMRStep(client: client, cluster: cluster, step: $0) }
  }

  private static func add(
    _ job: RestageJob, _ script: String, _ cluster: String, _ client: AWSClient
  ) throws(WarehouseError) -> EMRStep {
    let words = ["spark-submit", "--deploy-mode", "cluster", script] + job.arguments
    let answer = try client.json(
      .emr, "AddJobFlowSteps",
      [
        ("JobFlowId", .string(cluster)),
        (
          "Steps",
          .array([
            .object([
              ("Name", .string(job.title)), ("ActionOnFailure", .string("CONTINUE")),
              (
                "HadoopJarStep",
                .object([
                  ("Jar", .string("command-runner.jar")),
                  ("Args", .array(words.map(JSONValue.string))),
                ])
              ),
            ])
          ])
        ),
      ], purpose: "add a step to the EMR cluster \(cluster)", isRepeatable: false,
      Cancellation())
    guard let step = answer["StepIds"]?.elements?.first?.text else {
      throw AWSClient.unreadable(AWSCall(.emr, "AddJobFlowSteps", purpose: "add a step"))
    }
    return EMRStep(client: client, cluster: cluster, step: step)
  }

  func state(_ cancellation: Cancellation) throws(WarehouseError) -> RemoteJobState {
    let answer = try client.json(
      .emr, "DescribeStep", [("ClusterId", .string(cluster)), ("StepId", .string(step))],
      purpose: "look at \(title)", cancellation)
    let status = answer["Step"]?["Status"]
    let name = status?["State"]?.text ?? ""
    let failure = status?["FailureDetails"]
    return RemoteJobState(
      phase: Self.phase(name), name: name.lowercased(),
      detail: failure?["Message"]?.text ?? failure?["Reason"]?.text,
      bill: "the step used \(cluster), whose instances are paid by the time that they run")
  }

  /// The states of a step (EMR API reference, StepStatus).
  private static func phase(_ name: String) -> RemoteJobState.Phase {
    switch name {
    case "COMPLETED": .succeeded
    case "FAILED", "INTERRUPTED": .failed
    case "CANCELLED": .cancelled
    case "RUNNING", "CANCEL_PENDING": .running
    default: .waiting
    }
  }

  func cancel() throws(WarehouseError) {
    _ = try client.json(
      .emr, "CancelSteps",
      [
        ("ClusterId", .string(cluster)), ("StepIds", .array([.string(step)])),
        ("StepCancellationOption", .string("TERMINATE_PROCESS")),
      ], purpose: "cancel \(title)", Cancellation())
  }
}
