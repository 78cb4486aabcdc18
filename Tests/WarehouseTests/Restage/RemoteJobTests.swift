import Synchronization
import Testing

@testable import Warehouse

@Suite("The job on EMR")
struct RemoteJobTests {
  private let cancellation = Cancellation()
  private let watch = RemoteJobWatch(interval: .zero, patience: 3)

  private func job() throws -> RestageJob {
    let settings = RunSettings(
      eventSource: "s3://source/log_data/", songSource: "s3://source/song data/",
      maxRejects: 7, startedBy: "test")
    var restage = RestageSettings(output: .s3(bucket: "output", prefix: "restaged"))
    restage.engine = .emr
    return RestageJob(
      settings: settings, restage: restage,
      output: .bucket(S3Client(client(0)), name: "output", prefix: "restaged/run-1/"),
      fileCount: 8)
  }

  private func client(_ port: Int) -> AWSClient {
    AWSClient(.test(endpoint: "http://127.0.0.1:\(port)"))
  }

  private func step(_ states: String...) throws -> (ScriptedServer, EMRStep) {
    let server = try ScriptedServer(
      states.map { ScriptedServer.answer("200 OK", "{\"Step\":{\"Status\":\($0)}}") })
    return (server, EMRStep(client: client(server.port), cluster: "j-1", step: "s-1"))
  }

  @Test("gets sources, output, files and limits as words, none of them through a shell")
  func words() throws {
    #expect(
      try job().arguments == [
        "--source", "events=s3://source/log_data/", "--name", "events=s3://source/log_data/",
        "--source", "songs=s3://source/song data/", "--name", "songs=s3://source/song data/",
        "--output", "s3://output/restaged/run-1", "--files", "8", "--compression", "gzip",
        "--max-rejects", "7", "--max-record-bytes", "16777216",
      ])
  }

  @Test("becomes a step of a cluster, which is watched to its end")
  func step() throws {
    let server = try ScriptedServer(
      [
        #"{"StepIds":["s-7"]}"#, #"{"Step":{"Status":{"State":"PENDING"}}}"#,
        #"{"Step":{"Status":{"State":"RUNNING"}}}"#, #"{"Step":{"Status":{"State":"RUNNING"}}}"#,
        #"{"Step":{"Status":{"State":"COMPLETED"}}}"#,
      ].map { ScriptedServer.answer("200 OK", $0) })
    let step = try EMRStep.start(
      job(), script: "s3://output/job.py", on: "j-1", client(server.port))
    #expect(step.title == "the step s-7 of j-1")
    var lines: [String] = []
    try watch.follow(step, cancellation) { lines.append($0) }
    #expect(
      lines == [
        "the step s-7 of j-1: pending", "the step s-7 of j-1: running",
        "the step s-7 of j-1: completed",
        "the step used j-1, whose instances are paid by the time that they run",
      ])
    let asked = try #require(server.requests.first)
    #expect(asked.contains("X-Amz-Target: ElasticMapReduce.AddJobFlowSteps"))
    #expect(asked.contains(#""spark-submit","--deploy-mode","cluster","s3://output/job.py""#))
    #expect(asked.contains("/us-west-2/elasticmapreduce/aws4_request"))
  }

  @Test("that fails is an error with EMR's own reason")
  func failed() throws {
    let (server, step) = try step(
      #"{"State":"FAILED","FailureDetails":{"Reason":"Unknown Error.","Message":"exit 1"}}"#)
    let failure = #expect(throws: RemoteJobFailure.self) {
      try watch.follow(step, cancellation) { _ in }
    }
    #expect(failure?.mayRun == false)
    #expect(failure?.error.kind == .server)
    #expect(failure?.error.message == "could not restage: the step s-1 of j-1 ended as failed")
    #expect(failure?.error.detail == "exit 1")
    #expect(server.requests.count == 1)
  }

  @Test("that is cancelled is ended, and watched until it has")
  func cancelled() throws {
    let (server, step) = try step(
      #"{"State":"RUNNING"}"#, "{}", #"{"State":"CANCEL_PENDING"}"#, #"{"State":"CANCELLED"}"#)
    var lines: [String] = []
    let failure = #expect(throws: RemoteJobFailure.self) {
      try watch.follow(step, cancellation) { line in
        lines.append(line)
        cancellation.cancel()
      }
    }
    #expect(failure == RemoteJobFailure(.cancelled))
    #expect(server.requests[1].contains("ElasticMapReduce.CancelSteps"))
    #expect(server.requests.count == 4)
    #expect(lines.last == "the step s-1 of j-1: cancelled")
  }

  @Test("that does not end when it is cancelled is told as such")
  func endless() throws {
    let (server, step) = try step(#"{"State":"RUNNING"}"#)
    cancellation.cancel()
    let failure = #expect(throws: RemoteJobFailure.self) {
      try watch.follow(step, cancellation) { _ in }
    }
    #expect(failure?.error.message == "could not see the end of the step s-1 of j-1")
    #expect(failure?.mayRun == true)
    #expect(server.requests.count == 4)
  }

  @Test("is found again where the answer that names it was lost, and never added twice")
  func lostAnswer() throws {
    let steps =
      #"{"Steps":[{"Id":"s-8","Name":"other"},{"Id":"s-9","Name":"sparkify restage run-1"}]}"#
    let server = try ScriptedServer(["", ScriptedServer.answer("200 OK", steps)])
    let step = try EMRStep.start(job(), script: "s3://o/job.py", on: "j-1", client(server.port))
    #expect(step.step == "s-9")
    let targets = server.requests.map { request in
      ["AddJobFlowSteps", "ListSteps"].first { request.contains("ElasticMapReduce.\($0)") }
    }
    #expect(targets == ["AddJobFlowSteps", "ListSteps"])
    let none = try ScriptedServer(["", ScriptedServer.answer("200 OK", #"{"Steps":[]}"#)])
    let failure = #expect(throws: RemoteJobFailure.self) {
      try EMRStep.start(job(), script: "s3://o/job.py", on: "j-1", client(none.port))
    }
    #expect(failure?.mayRun == true)
    #expect(failure?.error.hint?.contains("\"sparkify restage run-1\"") == true)
  }

  @Test("is started whole or not at all: a cancel waits for the answer, then ends the job")
  func cancelledAtStart() throws {
    cancellation.cancel()
    let server = try ScriptedServer(
      [
        #"{"applicationId":"00a","jobRunId":"00r"}"#, "{}", #"{"jobRun":{"state":"CANCELLED"}}"#,
      ].map { ScriptedServer.answer("200 OK", $0) })
    let run = try EMRServerlessJob.start(
      job(), script: "s3://o/job.py", on: "00a", role: "r", client(server.port))
    let failure = #expect(throws: RemoteJobFailure.self) {
      try watch.follow(run, cancellation) { _ in }
    }
    #expect(failure == RemoteJobFailure(.cancelled))
    #expect(server.requests[1].hasPrefix("DELETE /applications/00a/jobruns/00r "))
  }

  @Test("is looked at again after looks that fail; when all do it is cancelled and told of")
  func failingLooks() throws {
    let broken = ScriptedServer.answer("400 Bad Request", #"{"__type":"InternalServerException"}"#)
    let done = ScriptedServer.answer("200 OK", #"{"Step":{"Status":{"State":"COMPLETED"}}}"#)
    let server = try ScriptedServer([broken, broken, done])
    let step = EMRStep(client: client(server.port), cluster: "j-1", step: "s-1")
    var lines: [String] = []
    try watch.follow(step, cancellation) { lines.append($0) }
    #expect(lines.count { $0.hasSuffix(": asking again") } == 2)
    let mute = try ScriptedServer([broken])
    let failure = #expect(throws: RemoteJobFailure.self) {
      try watch.follow(
        EMRStep(client: client(mute.port), cluster: "j-1", step: "s-1"), cancellation
      ) { _ in }
    }
    #expect(failure?.mayRun == true)
    #expect(failure?.error.hint?.contains("may still run") == true)
    #expect(mute.requests.last?.contains("ElasticMapReduce.CancelSteps") == true)
  }

  @Test("runs on EMR Serverless, and says what is paid for it")
  func serverless() throws {
    let server = try ScriptedServer(
      [
        #"{"applicationId":"00a","jobRunId":"00r"}"#, #"{"jobRun":{"state":"SCHEDULED"}}"#,
        #"""
        {"jobRun":{"state":"SUCCESS","billedResourceUtilization":
        {"vCPUHour":1.5,"memoryGBHour":6.0,"storageGBHour":0.0}}}
        """#,
      ].map { ScriptedServer.answer("200 OK", $0) })
    let run = try EMRServerlessJob.start(
      job(), script: "s3://output/job.py", on: "00a", role: "arn:aws:iam::1:role/r",
      client(server.port))
    var lines: [String] = []
    try watch.follow(run, cancellation) { lines.append($0) }
    #expect(
      lines == [
        "the job 00r of 00a: scheduled", "the job 00r of 00a: success",
        "billed: 1.500 vCPU hours and 6.000 GB hours, about $0.114 at us-east-1's prices of 2024; "
          + "check https://aws.amazon.com/emr/pricing/",
      ])
    let asked = try #require(server.requests.first)
    #expect(asked.hasPrefix("POST /applications/00a/jobruns HTTP/1.1"))
    #expect(asked.contains(#""clientToken":"run-1""#))
    #expect(asked.contains(#""name":"sparkify restage run-1","executionTimeoutMinutes":720"#))
    #expect(server.requests[1].hasPrefix("GET /applications/00a/jobruns/00r HTTP/1.1"))
  }

  @Test("is refused where it cannot reach what it must", arguments: RestageEngine.allCases)
  func reach(engine: RestageEngine) throws {
    for (place, reaches) in [
      ("s3://bucket/x", engine == .emr || engine == .emrServerless), ("/x", engine == .spark),
    ] {
      var restage = RestageSettings(output: .path("/out"))
      restage.engine = engine
      let settings = RunSettings(eventSource: place, songSource: place, startedBy: "test")
      let output =
        place == "/x"
        ? RestageOutput.folder("/out/run-1")
        : .bucket(S3Client(client(0)), name: "bucket", prefix: "out/run-1/")
      let job = RestageJob(settings: settings, restage: restage, output: output, fileCount: 1)
      if reaches || (engine == .native && place != "/x") {
        #expect(throws: Never.self) { try job.requireReach() }
      } else if engine != .native {
        #expect(throws: WarehouseError.self) { try job.requireReach() }
      }
    }
  }

  @Test("tells how far it is in lines of its own, among Spark's")
  func lines() {
    #expect(RestageJobLine("26/11/21 INFO Executor: started") == nil)
    #expect(RestageJobLine("{broken") == nil)
    let line = RestageJobLine(#"{"log": "events: 3 records", "records": 3, "rejects": 1}"#)
    #expect(line?.log == "events: 3 records")
    #expect(line?.records == 3)
    #expect(line?.rejects == 1)
    #expect(RestageJobLine(#"{"tasks": 1, "of": 4}"#)?.log == nil)
  }
}
