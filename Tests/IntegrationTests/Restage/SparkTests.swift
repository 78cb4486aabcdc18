import Foundation
import Synchronization
import Testing

@testable import Warehouse

/// The shipped PySpark job beside the program's own restaging: both must give the same records.
///
/// `make` installs PySpark into `.build/spark`. Starting it takes seconds, so that one run serves
/// everything.
@Suite("Restaging with Spark")
struct SparkTests {
  private static let spark = Program.packageFolder + "/.build/spark/bin/spark-submit"

  /// Records in every layout that sources have, and what is none of them.
  private static func mixedSource() throws -> SourceFolder {
    let odd =
      #"{"ts":1541121934796123456789,"n":1.0E12,"s":"\u00e9\ud83c\udfb5 日本","z":{"b":[1, 2]},"a":-0.0}"#
    let lines = (0..<500).map {
      "{\"index\":\($0),\"text\":\"é \(String(repeating: "x", count: $0))\"}"
    }
    let source = try SourceFolder([
      "log_data/a/lines.json": lines.joined(separator: "\n") + "\n\n  " + odd + " \t\r\n",
      "log_data/a b/pretty.json": "{\n  \"a\": 1,\r\n\t\"b\": \"x  y\\n\"\n}\n{\"c\":2}{\"d\":3}",
      "log_data/c/array.json": "\u{FEFF}[{\"e\":4},\n {\"f\":5}, {\"f\":6}\n]\n",
      "log_data/d/one.jsonl": "{\"g\":\"\u{FFFD}\"}",
      "log_data/d/broken.json": """
      {"h":1}
      {"h":
      {"h":2}
      7
      {"h":03}{"h":3}
      [{"h":4},
      {"h":5
      """,
      "log_data/_hidden/x.json": "{\"i\":8}", "log_data/.x.json": "{\"i\":9}",
      "log_data/other.txt": "{\"j\":9}", "log_data/table.csv.gz": "{\"j\":10}",
      "song_data/a.json": "{\"song\":1}",
    ])
    let packed = source.path + "/log_data/z.json"
    try FileSystem.write(Array("{\"k\":1}\n{\"k\":2}\n".utf8), to: packed)
    _ = try Subprocess.run(["/usr/bin/env", "gzip", packed])
    try FileSystem.write(
      Array("{\"l\":1}\n{\"l\":\"".utf8) + [0xFF] + Array("\"}\n{\"l\":2}\n".utf8),
      to: source.path + "/log_data/stray.json")
    return source
  }

  private func restage(
    _ source: SourceFolder, songs: String, _ engine: RestageEngine
  ) async throws -> (sources: [RestagedSource], told: [String]) {
    var restage = RestageSettings(output: .path("\(source.path)/\(engine.rawValue)"))
    restage.engine = engine
    restage.spark = Self.spark
    restage.files = 3
    let settings = RunSettings(
      eventSource: source.events, songSource: songs, maxRejects: 20, startedBy: "test",
      restage: restage)
    let told = Mutex<[String]>([])
    let run = RestageRun(
      settings, restage,
      listeners: RestageRun.Listeners(
        log: { _ in },
        rejected: { reject in told.withLock { $0.append("\(reject.file):\(reject.line)") } }))
    let sources = try await onThread(Cancellation()) { () throws(WarehouseError) in
      try run.perform()
    }
    return (sources, told.withLock { $0.sorted() })
  }

  /// All lines of restaged files, sorted.
  private func records(_ source: RestagedSource) throws -> [String] {
    try source.files.flatMap { file in
      let text = try Subprocess.run(
        ["/usr/bin/env", "gzip", "-dc", file.location], outputLimit: 1 << 30
      ).output
      return text.split(separator: "\n").map(String.init)
    }.sorted()
  }

  @Test("gives the records that the program gives, the same letter for letter")
  func same() async throws {
    let source = try Self.mixedSource()
    let songs = RealData.cases.isEmpty ? source.songs : RealData.smallSongs
    let (native, told) = try await restage(source, songs: songs, .native)
    let (spark, toldBySpark) = try await restage(source, songs: songs, .spark)
    #expect(told.count == 6)
    #expect(toldBySpark == told)
    for (ours, theirs) in zip(native, spark) {
      let expected = try records(ours)
      #expect(try records(theirs) == expected)
      #expect(theirs.records == ours.records)
      #expect(theirs.records == expected.count)
      #expect(theirs.rejects == ours.rejects)
      #expect(theirs.files.count == ours.files.count)
      for file in theirs.files {
        #expect(try FileSystem.read(file.location).count == file.bytes)
      }
    }
    #expect(native.first?.rejects == 6)
    let kept = try quarantined(spark[0])
    #expect(kept == (try quarantined(native[0])))
    #expect(try FileSystem.names(in: "\(source.path)/spark").count == 1)
  }

  @Test("runs as a step of EMR and on EMR Serverless too, and COPY reads what it made")
  func remote() async throws {
    let source = try SourceFolder.small(users: 4)
    let redshift = try await RedshiftWarehouse("emr", source, own: true)
    try redshift.aws.control("jobs", .object([("spark", .string(Self.spark))]))
    let client = AWSClient(redshift.aws.settings)
    var restage = RestageSettings(output: .s3(bucket: "emr", prefix: "restaged/"))
    restage.files = 2
    restage.poll = .milliseconds(200)
    let flow = try client.json(
      .emr, "RunJobFlow",
      [
        ("Name", .string("test")), ("ReleaseLabel", .string("emr-7.5.0")),
        (
          "Instances",
          .object([
            ("MasterInstanceType", .string("m5.xlarge")), ("InstanceCount", .integer(1)),
            ("KeepJobFlowAliveWhenNoSteps", .boolean(true)),
          ])
        ),
      ], purpose: "make a cluster", Cancellation())
    let application = try client.restJSON(
      .emrServerless, "CreateApplication", method: "POST", path: ["applications"],
      [
        ("clientToken", .string("test")), ("name", .string("test")),
        ("releaseLabel", .string("emr-7.5.0")), ("type", .string("SPARK")),
      ], purpose: "make an application", Cancellation())
    restage.emrCluster = flow["JobFlowId"]?.text
    restage.emrApplication = application["applicationId"]?.text
    restage.emrRole = "arn:aws:iam::123456789012:role/job"

    try redshift.put("{\"ts\": 1,\n", to: "logs/broken.json")

    func run(_ engine: RestageEngine, maxRejects: Int) async -> TestWarehouse.Report {
      restage.engine = engine
      return await redshift.run {
        $0.restage = restage
        $0.maxRejects = maxRejects
      }
    }
    let native = await run(.native, maxRejects: 1)
    #expect(native.outcome == .succeeded, "\(native.error.map(\.description) ?? "")")
    let star = try await redshift.star()
    #expect(star["songplays"]?.count == 12)
    let written = try redshift.objects(under: "restaged/run-")

    let refused = await run(.emr, maxRejects: 0)
    #expect(refused.failedStage == .restage)
    #expect(refused.error?.message == "could not accept 1 rejects in restaging")
    #expect(try redshift.objects(under: "restaged/run-") == written)
    let rejects = try await redshift.session.execute(
      "SELECT run_id, file, line, byte_offset, raw_text FROM sparkify_ops.rejects ORDER BY run_id")
    #expect(rejects.rows.map { Array($0.dropFirst()) }.count == 2)
    #expect(rejects.rows.first?.dropFirst() == rejects.rows.last?.dropFirst())

    let serverless = await run(.emrServerless, maxRejects: 1)
    #expect(serverless.outcome == .succeeded, "\(serverless.error.map(\.description) ?? "")")
    #expect(try await redshift.star() == star)
  }

  /// File and line of what lies in quarantine.
  private func quarantined(_ source: RestagedSource) throws -> [String] {
    let place = FileSystem.parent(of: source.manifest) + "/_quarantine"
    let files =
      FileSystem.isFolder(place)
      ? try FileSystem.names(in: place).map { "\(place)/\($0)" } : [place + ".jsonl"]
    return try files.flatMap { try FileSystem.read($0).split(separator: 0x0A) }.map { line in
      let value = JSONValue(parsing: Array(line))
      return "\(value?["file"]?.text ?? ""):\(value?["line"]?.number ?? 0)"
    }.sorted()
  }

  @Test("that cannot be found is told before anything is done")
  func missing() async throws {
    let source = try SourceFolder.small(users: 1)
    var restage = RestageSettings(output: .path(source.path + "/out"))
    restage.engine = .spark
    restage.spark = "/nowhere/spark-submit"
    let warehouse = try await TestWarehouse()
    let report = await warehouse.run(source, .only([.restage]), restage: restage)
    #expect(report.error?.message == "could not find spark-submit")
    #expect(report.error?.detail == "there is no program /nowhere/spark-submit")
    #expect(!FileSystem.exists(source.path + "/out"))
  }
}
