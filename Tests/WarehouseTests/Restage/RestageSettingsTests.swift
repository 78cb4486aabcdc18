import Testing

@testable import Warehouse

@Suite("Settings of restaging")
struct RestageSettingsTests {
  @Test("are read, with as many slices as the cluster has")
  func read() throws {
    let folder = try ScratchFolder()
    let report = try folder.check(
      """
      [DWH]
      DWH_NODE_TYPE=ra3.4xlarge
      DWH_NUM_NODES=3
      [RESTAGE]
      OUTPUT=s3://bucket/restaged
      COMPRESSION=zstd
      """)
    #expect(report.lines == [])
    let restage = try #require(report.configuration.restage)
    #expect(restage.output == .s3(bucket: "bucket", prefix: "restaged"))
    #expect(restage.compression == .zstd)
    #expect(restage.slices == 12)
    #expect(restage.files == nil)
  }

  @Test("leave nothing to say about lists for COPY: what was restaged has its own")
  func noWork() throws {
    let folder = try ScratchFolder()
    let text =
      "[DWH]\nDWH_CLUSTER_IDENTIFIER=c\n[S3]\nLOG_DATA=s3://lake/l/\nSONG_DATA=s3://lake/s/\n"
    let plain = try folder.check(text)
    #expect(plain.findings.map(\.key) == [.work])
    #expect(plain.configuration.likelyEngine == .redshift)
    let restaged = try folder.check(text + "[RESTAGE]\nOUTPUT=s3://lake/r/\n")
    #expect(restaged.lines == [])
  }

  @Test("mean nothing without an output, and the stages are as ever")
  func absent() throws {
    let folder = try ScratchFolder()
    let report = try folder.check("[RESTAGE]\nSLICES=8\n")
    #expect(report.lines == [])
    #expect(report.configuration.restage == nil)
    #expect(!Stage.all(for: .postgres).map(\.id).contains(.restage))
    #expect(
      Stage.all(for: .postgres, restages: true).map(\.id).prefix(3)
        == [.provision, .restage, .create])
  }

  @Test("say what is wrong", arguments: [("FILES", "0"), ("SLICES", "x"), ("COMPRESSION", "lzo")])
  func wrong(key: String, value: String) throws {
    let folder = try ScratchFolder()
    let report = try folder.check("[RESTAGE]\nOUTPUT=out\n\(key)=\(value)\n")
    #expect(report.findings.map(\.severity) == [.error])
    #expect(report.lines.first?.contains("wrong value \"\(value)\" for RESTAGE.\(key)") == true)
  }

  @Test(
    "say what EMR needs",
    arguments: [("emr", ["EMR_CLUSTER"]), ("emr-serverless", ["EMR_APPLICATION", "EMR_ROLE"])])
  func jobSettings(engine: String, keys: [String]) throws {
    let folder = try ScratchFolder()
    let text = "[RESTAGE]\nOUTPUT=s3://bucket/x/\nENGINE=\(engine)\n"
    let report = try folder.check(text)
    #expect(
      report.findings.map(\.message) == keys.map { "\(engine) needs RESTAGE.\($0)" })
    let whole = try folder.check(
      text + "EMR_CLUSTER=j-2AB\nEMR_APPLICATION=00fab12\n"
        + "EMR_ROLE=arn:aws:iam::123456789012:role/r\n")
    #expect(whole.lines == [])
    #expect(whole.configuration.restage?.emrApplication == "00fab12")
  }

  @Test(
    "refuse an output that lies in a source",
    arguments: [
      ("/data/log", "/data/log/out"), ("/data/log/", "/data/log"),
      ("s3://bkt/log", "s3://bkt/log-x/"),
    ])
  func overlap(source: String, output: String) throws {
    let folder = try ScratchFolder()
    let report = try folder.check(
      "[S3]\nLOG_DATA=\(source)\nSONG_DATA=/songs\n[RESTAGE]\nOUTPUT=\(output)\n")
    #expect(report.findings.map(\.severity) == [.error])
    #expect(report.lines.first?.contains("lies in a source") == true)
  }
}
