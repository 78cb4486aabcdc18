import Testing

@testable import Warehouse

@Suite("Restaging, in the pipeline")
struct RestageTests {
  /// What the star is without restaging.
  private func plainStar(_ source: SourceFolder) async throws -> [String: String] {
    let warehouse = try await TestWarehouse()
    #expect(await warehouse.run(source).outcome == .succeeded)
    return try await warehouse.star()
  }

  private func settings(_ folder: String) -> RestageSettings {
    var restage = RestageSettings(output: .path(folder + "/restaged"))
    restage.slices = 2
    return restage
  }

  @Test("comes before the build, and the star is the same")
  func sameStar() async throws {
    let source = try SourceFolder.small(users: 40)
    let warehouse = try await TestWarehouse()
    let report = await warehouse.run(source, restage: settings(source.path))
    #expect(report.outcome == .succeeded, "\(report.outcome)")
    #expect(report.stagesStarted.prefix(4) == [.provision, .restage, .create, .stageEvents])
    #expect(try await warehouse.star() == plainStar(source))
    let paths = try await warehouse.rows("SELECT path FROM sparkify.source_files ORDER BY 1")
    #expect(paths.count == 4)
    #expect(paths.allSatisfy { $0.contains("/restaged/run-") && $0.hasSuffix(".jsonl.gz") })
    let stage = try await warehouse.rows(
      "SELECT state, stored_rows, rejects FROM sparkify_ops.stage_runs WHERE stage = 'restage'")
    #expect(stage == ["succeeded|160|0"])
  }

  @Test("not done yet is a missing dependency; done once, it serves many loads")
  func dependency() async throws {
    let source = try SourceFolder.small(users: 4)
    let restage = settings(source.path)
    let warehouse = try await TestWarehouse()
    let early = await warehouse.run(source, .only([.create, .stageEvents]), restage: restage)
    #expect(early.failedStage == .stageEvents)
    #expect(early.error?.kind == .dependency)
    #expect(early.error?.message == "could not find restaged events")
    #expect(await warehouse.run(source, .only([.restage]), restage: restage).outcome == .succeeded)
    for _ in 1...2 {
      let report = await warehouse.run(source, .from(.create), restage: restage)
      #expect(report.outcome == .succeeded, "\(report.outcome)")
    }
    #expect(try FileSystem.names(in: source.path + "/restaged").count == 1)
  }

  @Test("records its rejects, fails when there are too many, and leaves nothing then")
  func rejects() async throws {
    let source = try SourceFolder(
      events: [Record.event(), "{\"broken\"", Record.event(item: 1)],
      songs: [Record.song("S1", artist: "A1")])
    let warehouse = try await TestWarehouse()
    let report = await warehouse.run(source, .only([.restage]), restage: settings(source.path))
    #expect(report.failedStage == .restage)
    #expect(report.error?.message == "could not accept 1 rejects in restaging")
    #expect(try FileSystem.names(in: source.path + "/restaged") == [])
    let recorded = try await warehouse.rows(
      "SELECT stage, file, line, raw_text FROM sparkify_ops.rejects")
    #expect(recorded == ["restage|\(source.events)/a.json|2|{\"broken\""])
    let borne = await warehouse.run(source, maxRejects: 1, restage: settings(source.path))
    #expect(borne.outcome == .succeeded, "\(borne.outcome)")
  }

  @Test("from a bucket into a bucket, from which the star is loaded")
  func buckets() async throws {
    let aws = try await AWSStandIn.shared()
    let source = try SourceFolder.small(users: 40)
    for bucket in ["restage-source", "restage-output"] { try aws.makeBucket(bucket) }
    for name in ["log_data/a.json", "song_data/a.json"] {
      try aws.s3.put(FileSystem.read("\(source.path)/\(name)"), to: name, in: "restage-source")
    }
    var restage = RestageSettings(output: .s3(bucket: "restage-output", prefix: "packed"))
    restage.compression = .zstd
    restage.files = 3
    let warehouse = try await TestWarehouse()
    let report = await warehouse.run(
      events: "s3://restage-source/log_data/", songs: "s3://restage-source/song_data/",
      restage: restage, aws: AWSClient(aws.settings))
    #expect(report.outcome == .succeeded, "\(report.outcome)")
    #expect(try await warehouse.star() == plainStar(source))
    let written = try aws.s3.page(of: "restage-output", prefix: "packed/run-").objects
    let names = Set(
      written.map { $0.key.split(separator: "/").dropFirst(2).joined(separator: "/") })
    #expect(
      names.isSuperset(of: [
        "_run.json", "events/_manifest.json", "songs/_manifest.json",
        "events/part-0000.jsonl.zst", "events/part-0002.jsonl.zst",
      ]))
    let manifest = try #require(written.first { $0.key.hasSuffix("events/_manifest.json") })
    let files = try #require(
      RestageManifest.files(in: aws.s3.get(manifest.key, in: "restage-output").bytes))
    for file in files {
      let listed = written.first { "s3://restage-output/" + $0.key == file.location }
      #expect(listed?.size == file.bytes)
    }
  }

  @Test("into a bucket that is not there leaves nothing and says which")
  func noBucket() async throws {
    let source = try SourceFolder.small(users: 2)
    let warehouse = try await TestWarehouse()
    let aws = AWSClient(try await AWSStandIn.shared().settings)
    let report = await warehouse.run(
      source, .only([.restage]),
      restage: RestageSettings(output: .s3(bucket: "no-such-bucket", prefix: "")), aws: aws)
    #expect(report.failedStage == .restage)
    #expect(report.error?.serviceCode == "NoSuchBucket")
  }

  @Test("on EMR Serverless: the job is uploaded and started, and its result is read")
  func serverless() async throws {
    let aws = try await AWSStandIn.shared()
    let client = AWSClient(aws.settings)
    try aws.makeBucket("serverless")
    let application = try client.restJSON(
      .emrServerless, "CreateApplication", method: "POST", path: ["applications"],
      [
        ("clientToken", .string("test")), ("name", .string("test")),
        ("releaseLabel", .string("emr-7.5.0")), ("type", .string("SPARK")),
      ], purpose: "make an application", Cancellation())
    var restage = RestageSettings(output: .s3(bucket: "serverless", prefix: "out/"))
    restage.engine = .emrServerless
    restage.emrApplication = try #require(application["applicationId"]?.text)
    restage.emrRole = "arn:aws:iam::123456789012:role/job"
    restage.poll = .zero
    for kind in ["events", "songs"] {
      try aws.s3.put(Array("{}\n".utf8), to: "in/\(kind)/a.json", in: "serverless")
    }
    let settings = RunSettings(
      eventSource: "s3://serverless/in/events/", songSource: "s3://serverless/in/songs/",
      startedBy: "test", aws: client, restage: restage)
    let listeners = RestageRun.Listeners(log: { _ in }, rejected: { _ in })
    // The stand-in runs nothing: the job ends at once, and has written nothing.
    let empty = RestageRun(settings, restage, name: "run-1", listeners: listeners)
    let error = await Self.perform(empty).failure
    #expect(error?.message == "could not find what the job wrote")
    let run = RestageRun(
      settings, restage, name: "run-2",
      listeners: RestageRun.Listeners(
        log: { line in if line.hasPrefix("uploaded") { Self.writeAsTheJob(to: aws.s3) } },
        rejected: { _ in }))
    let sources = try await Self.perform(run).get()
    #expect(sources.map(\.records) == [1, 1])
    #expect(sources[0].manifest == "s3://serverless/out/run-2/events/_manifest.json")
    let scripts = try aws.s3.page(of: "serverless", prefix: "out/_job/").objects
    #expect(scripts.count == 1)
    #expect(try aws.s3.get(scripts[0].key, in: "serverless").bytes == RestageJob.script)
  }

  /// What the job would write, in the place `run-2`.
  private static func writeAsTheJob(to s3: S3Client) {
    let files: [(address: String, bytes: Int)] = [("s3://serverless/out/run-2/events/part-0", 9)]
    var facts: [String] = []
    for kind in ["events", "songs"] {
      _ = try? s3.put(
        RestageManifest.text(files), to: "out/run-2/\(kind)/_manifest.json", in: "serverless")
      facts.append(
        #""\#(kind)":{"source":"s3://serverless/in/\#(kind)/","records":1,"rejects":0,"#
          + #""compression":"gzip"}"#)
    }
    _ = try? s3.put(
      Array("{\(facts.joined(separator: ","))}".utf8), to: "out/run-2/_run.json",
      in: "serverless")
  }

  private static func perform(_ run: RestageRun) async -> Result<[RestagedSource], any Error> {
    do {
      return .success(
        try await onThread(Cancellation()) { () throws(WarehouseError) in try run.perform() })
    } catch { return .failure(error) }
  }
}
