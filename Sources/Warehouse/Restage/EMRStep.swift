/// The job as a step of an EMR cluster that runs already.
struct EMRStep: RemoteJob {
  let client: AWSClient
  let cluster: String
  let step: String

  var title: String { "the step \(step) of \(cluster)" }

  /// Adds the step. Called once: each call would add another one.
  static func start(
    _ job: RestageJob, script: String, on cluster: String, _ client: AWSClient,
    _ cancellation: Cancellation
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
              ("Name", .string("sparkify restage")), ("ActionOnFailure", .string("CONTINUE")),
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
      ], purpose: "add a step to the EMR cluster \(cluster)", isRepeatable: false, cancellation)
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
