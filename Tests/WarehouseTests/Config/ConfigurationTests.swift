import Glibc
import Testing

@testable import Warehouse

@Suite struct ConfigurationTests {
  @Test("without any file the warehouse is embedded and the data is the sample")
  func nothing() throws {
    let folder = try ScratchFolder()
    let configuration = try Configuration.load(folder.options())
    #expect(configuration.target == .embedded)
    #expect(configuration.sources == SourceSettings())
    #expect(configuration.pipeline == PipelineSettings())
    #expect(configuration.console == ConsoleSettings())
    #expect(configuration.path == nil)
    #expect(configuration.findings == [])
    #expect(configuration.entries.map(\.id) == ConfigurationKey.allCases)
    #expect(configuration.entries.allSatisfy { $0.origin == .standard && $0.verdict == .right })
    #expect(
      configuration.record.map { "\($0.key)=\($0.value)" } == [
        "PIPELINE.MAX_REJECTS=0", "PIPELINE.MAX_RECORD_BYTES=16 MiB",
        "PIPELINE.CONNECTIONS=\(PipelineSettings.usualConnections)",
        "REDSHIFT.DISTKEY=song_id", "REDSHIFT.SORTKEY=start_time", "REDSHIFT.DIMENSIONS=all",
        "REDSHIFT.ENCODING=stated", "CONSOLE.MOUSE=on", "CONSOLE.THEME=auto", "CONSOLE.ASCII=auto",
        "CONSOLE.FRAME_RATE=30",
      ])
  }

  @Test("a later layer lies over an earlier one, and every value knows where it came from")
  func layers() throws {
    let folder = try ScratchFolder()
    try folder.write(
      "[CLUSTER]\nHOST=file\nDB_NAME=file\nDB_USER=file\nDB_PORT=1\n", to: "dwh.cfg")
    try folder.write(
      "[CLUSTER]\nHOST=local\nDB_NAME=local\nDB_USER=local\nDB_PASSWORD=p\n", to: "dwh_local.cfg")
    let configuration = try Configuration.load(
      folder.options(
        set: ["CLUSTER.HOST=flag", "cluster.host=last"],
        environment: ["PGHOST": "variable", "PGDATABASE": "variable", "PGUSER": ""]))
    #expect(configuration.server.host == "last")
    #expect(configuration.origin(of: .host) == .flag("--set"))
    #expect(configuration.server.database == "variable")
    #expect(configuration.origin(of: .database) == .environment("PGDATABASE"))
    #expect(configuration.server.user == "local")
    #expect(configuration.origin(of: .user) == .file("dwh_local.cfg", line: 4))
    #expect(configuration.server.port == 1)
    #expect(configuration.origin(of: .port) == .file("dwh.cfg", line: 5))
    #expect(configuration.server.password == Secret("p"))
    #expect(configuration.findings == [])
    #expect(configuration.path == folder.path + "/dwh.cfg")
    #expect(configuration.localPath == folder.path + "/dwh_local.cfg")
  }

  @Test("the environment is read under the names of libpq and AWS")
  func environment() throws {
    let folder = try ScratchFolder()
    let configuration = try Configuration.load(
      folder.options(environment: [
        "PGHOST": "/run/postgresql", "PGPORT": "5433", "PGDATABASE": "d", "PGUSER": "u",
        "PGPASSWORD": "p", "PGSERVICE": "s", "PGSSLMODE": "verify-ca", "PGPASSFILE": "pass",
        "PGSSLROOTCERT": "/root.crt", "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_SESSION_TOKEN": "t", "AWS_REGION": "eu-west-1", "AWS_PROFILE": "me",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:5000",
      ]))
    #expect(
      configuration.server
        == ServerSettings(
          host: "/run/postgresql", port: 5433, database: "d", user: "u", password: Secret("p"),
          service: "s", sslMode: .verifyCA, sslRootCertificate: "/root.crt",
          passFile: folder.path + "/pass"))
    var aws = configuration.aws
    aws.surroundings = AWSSurroundings()
    #expect(
      aws
        == AWSSettings(
          accessKey: Secret("k"), secretKey: Secret("x"), sessionToken: Secret("t"),
          region: "eu-west-1", profile: "me", endpoint: "http://127.0.0.1:5000"))
    #expect(configuration.target == .server)
    #expect(configuration.findings == [])
  }

  @Test("two regions in the environment that differ are a warning")
  func twoRegions() throws {
    let folder = try ScratchFolder()
    let report = Configuration.check(
      folder.options(environment: ["AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "us-west-2"]))
    #expect(report.configuration.aws.region == "eu-west-1")
    #expect(
      report.lines == [
        "$AWS_DEFAULT_REGION: warning: another value for AWS.REGION than in $AWS_REGION, which "
          + "counts. Keep one of the two."
      ])
  }

  @Test("a token does not go with a key from another place")
  func strayToken() throws {
    let folder = try ScratchFolder()
    try folder.write("[AWS]\nKEY=k\nSECRET=s\nTOKEN=t\n", to: "dwh_local.cfg")
    let aws = try Configuration.load(
      folder.options(environment: ["AWS_ACCESS_KEY_ID": "k2", "AWS_SECRET_ACCESS_KEY": "s2"])
    ).aws
    #expect(aws.accessKey == Secret("k2"))
    #expect(aws.sessionToken == nil)
  }

  @Test("a service alone means a server")
  func service() throws {
    let folder = try ScratchFolder()
    #expect(try folder.check("[CLUSTER]\nSERVICE=wh\n").configuration.target == .server)
  }

  @Test("a blank override takes a value back to its default")
  func takenBack() throws {
    let folder = try ScratchFolder()
    let report = try folder.check(
      "[CLUSTER]\nHOST=a\n[PIPELINE]\nMAX_REJECTS=9\n",
      set: ["CLUSTER.HOST=", "PIPELINE.MAX_REJECTS="], environment: ["PGHOST": "b"])
    #expect(report.configuration.target == .embedded)
    #expect(report.configuration.pipeline.maxRejects == 0)
    #expect(report.configuration.origin(of: .maxRejects) == .standard)
  }

  @Test("dwh.cfg is looked for here, then in the user's configuration folder")
  func search() throws {
    let folder = try ScratchFolder()
    try folder.write("[CLUSTER]\nHOST=home\n", to: "home/.config/sparkify/dwh.cfg")
    try folder.write("[CLUSTER]\nDB_PASSWORD=p\n", to: "home/.config/sparkify/dwh_local.cfg")
    #expect(try Configuration.load(folder.options()).server.host == "home")
    #expect(try Configuration.load(folder.options()).server.password == Secret("p"))
    try folder.write("[CLUSTER]\nHOST=xdg\n", to: "xdg/sparkify/dwh.cfg")
    let xdg = ["XDG_CONFIG_HOME": folder.path + "/xdg"]
    #expect(try Configuration.load(folder.options(environment: xdg)).server.host == "xdg")
    try folder.write("[CLUSTER]\nHOST=here\n", to: "dwh.cfg")
    #expect(try Configuration.load(folder.options(environment: xdg)).server.host == "here")
    #expect(try Configuration.load(folder.options(environment: xdg)).server.password == nil)
    try folder.write("[CLUSTER]\nHOST=named\n", to: "other/my.cfg")
    #expect(try Configuration.load(folder.options(path: "other/my.cfg")).server.host == "named")
  }

  @Test("a file that was named and is not there is an error with its path")
  func missingFile() throws {
    let folder = try ScratchFolder()
    let error = try #require(throws: WarehouseError.self) {
      try Configuration.load(folder.options(path: "no/such.cfg"))
    }
    #expect(error.kind == .configuration)
    #expect(error.detail == "no/such.cfg")
    #expect(error.message.contains("No such file"))
  }

  @Test(
    "a host is understood in every form that people paste",
    arguments: [
      ("a.example.com", "a.example.com", nil, nil),
      ("a.example.com:5439", "a.example.com", 5439, nil),
      ("a.example.com:5439/dev", "a.example.com", 5439, "dev"),
      ("jdbc:redshift://a.example.com:5439/dev", "a.example.com", 5439, "dev"),
      ("jdbc:redshift://a.example.com/dev?ssl=true", "a.example.com", nil, "dev"),
      ("postgresql://a.example.com", "a.example.com", nil, nil),
      ("127.0.0.1:5432", "127.0.0.1", 5432, nil),
      ("::1", "::1", nil, nil),
      ("[::1]:5432", "::1", 5432, nil),
      ("/var/run/postgresql", "/var/run/postgresql", nil, nil),
    ] as [(String, String, Int?, String?)])
  func hosts(text: String, host: String, port: Int?, database: String?) throws {
    let folder = try ScratchFolder()
    let server = try folder.check("[CLUSTER]\nHOST='\(text)'\n").configuration.server
    #expect(server.host == host)
    #expect(server.port == port)
    #expect(server.database == database)
  }

  @Test(
    "a host that is none is an error",
    arguments: [
      "two words", "https://example.com", "a:port", "a:0", "a:70000", "ann:pw@a", "a\\b", ":5432",
    ])
  func wrongHosts(text: String) throws {
    let folder = try ScratchFolder()
    let report = try folder.check("[CLUSTER]\nHOST=\(text)\n")
    #expect(report.findings.map(\.severity) == [.error])
    #expect(report.findings.first?.hint != nil)
    #expect(!report.lines.joined().contains("pw@"))
  }

  @Test("the port within a host yields to DB_PORT, unless the host lies in a higher layer")
  func impliedPort() throws {
    let folder = try ScratchFolder()
    let text = "[CLUSTER]\nHOST=a:1/x\nDB_PORT=2\n"
    let own = try folder.check(text)
    #expect(own.configuration.server.port == 2)
    #expect(own.configuration.server.database == "x")
    #expect(own.findings.map(\.severity) == [.warning])
    let above = try folder.check(text, set: ["CLUSTER.HOST=b:3"])
    #expect(above.configuration.server.port == 3)
    #expect(above.configuration.origin(of: .port) == .flag("--set"))
    #expect(above.findings == [])
  }

  @Test("a Redshift host is verified in full unless the configuration says otherwise")
  func redshift() throws {
    let folder = try ScratchFolder()
    let name = "dwh.abc.us-west-2.redshift.amazonaws.com"
    let server = try folder.check("[CLUSTER]\nHOST=\(name):5439/dev\n").configuration.server
    #expect(server.sslMode == .verifyFull)
    #expect(server.looksLikeRedshift)
    let own = try folder.check("[CLUSTER]\nHOST=\(name)\nSSLMODE=require\n").configuration.server
    #expect(own.sslMode == .require)
    #expect(try folder.check("[CLUSTER]\nHOST=a\n").configuration.server.sslMode == nil)
  }

  @Test(
    "a source is an address in S3 or a path that starts from its file",
    arguments: [
      ("s3://b-1/log_data", "s3://b-1/log_data"), ("s3a://b-1/log-data/", "s3://b-1/log-data/"),
      ("s3://b-1", "s3://b-1/"), ("/data/logs", "/data/logs"), ("~/logs", "HOME/logs"),
      ("logs/2018", "FOLDER/conf/logs/2018"), ("./logs/", "FOLDER/conf/logs/"),
      ("https://b.example.com/x", nil), ("s3:///x", nil),
    ] as [(String, String?)])
  func sources(text: String, expected: String?) throws {
    let folder = try ScratchFolder()
    let path = try folder.write("[S3]\nLOG_DATA=\(text)\n", to: "conf/dwh.cfg")
    let report = Configuration.check(folder.options(path: path))
    let filled = expected.map {
      $0.contains("HOME")
        ? folder.path + "/home" + $0.dropFirst(4)
        : $0.hasPrefix("FOLDER") ? folder.path + $0.dropFirst(6) : $0
    }
    #expect(report.configuration.sources.logData?.text == filled)
    #expect(report.hasErrors == (expected == nil))
  }

  @Test("sources can be relative to a bucket, and the JSON paths can be auto")
  func bucket() throws {
    let folder = try ScratchFolder()
    let sources = try folder.check(
      "[S3]\nBUCKET=udacity-dend\nLOG_DATA=log_data/\nLOG_JSONPATH='auto'\n"
    ).configuration.sources
    #expect(sources.logData == .s3(bucket: "udacity-dend", prefix: "log_data/"))
    #expect(sources.logJSONPath == .auto)
  }

  @Test(
    "sizes are read with units",
    arguments: [
      ("16MiB", 16 << 20), ("16 MB", 16_000_000), ("1048576", 1 << 20), ("64 kib", 64 << 10),
      ("1GiB", 1 << 30), ("1KiB", 1024), ("1023", nil), ("2 GiB", nil), ("much", nil), ("-1", nil),
      ("99999999999999999999", nil), ("9223372036854775807 GiB", nil),
    ] as [(String, Int?)])
  func sizes(text: String, bytes: Int?) throws {
    let folder = try ScratchFolder()
    let report = try folder.check("[PIPELINE]\nMAX_RECORD_BYTES=\(text)\n")
    #expect(report.configuration.pipeline.maxRecordBytes == bytes ?? 16 << 20)
    #expect(report.hasErrors == (bytes == nil))
  }

  @Test(
    "a wrong value names its key and says what would be right",
    arguments: [
      "CLUSTER.DB_PORT=0", "CLUSTER.DB_PORT=x", "CLUSTER.SSLMODE=maybe", "IAM_ROLE.ARN=role",
      "IAM_ROLE.POLICY_ARN=AmazonS3ReadOnlyAccess", "AWS.REGION=us_west_2", "AWS.ENDPOINT_URL=s3",
      "DWH.DWH_CLUSTER_TYPE=big", "DWH.DWH_NUM_NODES=0", "DWH.DWH_NODE_TYPE=large",
      "DWH.DWH_CLUSTER_IDENTIFIER=my cluster", "DWH.DWH_BASE_CAPACITY=x",
      "INBOUND_RULE.PROTOCOL=http", "INBOUND_RULE.PORT_RANGE=9-1", "INBOUND_RULE.CIDRIP=10.0.0.1",
      "INBOUND_RULE.CIDRIP=10.0.0.256/8", "PIPELINE.MAX_REJECTS=-1", "PIPELINE.CONNECTIONS=0",
      "PIPELINE.READERS=1000", "CONSOLE.MOUSE=maybe", "CONSOLE.ASCII=no way",
      "CONSOLE.FRAME_RATE=60", "CLUSTER.DB_NAME=a\u{1B}[31m",
    ])
  func wrongValues(override: String) throws {
    let folder = try ScratchFolder()
    let report = Configuration.check(folder.options(set: [override]))
    let finding = try #require(report.findings.first)
    #expect(report.findings.count == 1)
    #expect(finding.severity == .error)
    #expect(finding.origin == .flag("--set"))
    #expect(finding.message.hasSuffix("for " + override.prefix { $0 != "=" }))
    #expect(finding.hint?.hasSuffix(".") == true)
    #expect(!finding.text.unicodeScalars.contains("\u{1B}"))
    let entry = report.configuration.entries.first { $0.id == finding.key }
    #expect(entry?.verdict == .error("\(finding.message). \(finding.hint ?? "")"))
  }

  @Test("an override that means nothing is an error")
  func wrongOverrides() throws {
    let folder = try ScratchFolder()
    let report = Configuration.check(
      folder.options(set: ["CLUSTER.HOTS=a", "PIPELINE.REJECTS", "x=y"]))
    #expect(
      report.lines == [
        "--set: error: unknown setting CLUSTER.HOTS. "
          + "An override reads --set CLUSTER.DB_PORT=5439.",
        "--set: error: number 2 is not SECTION.KEY=VALUE. "
          + "An override reads --set CLUSTER.DB_PORT=5439.",
        "--set: error: number 3 is not SECTION.KEY=VALUE. "
          + "An override reads --set CLUSTER.DB_PORT=5439.",
      ])
  }

  @Test("a rule that lets everybody in is a warning")
  func openRule() throws {
    let folder = try ScratchFolder()
    let report = try folder.check("[INBOUND_RULE]\nCIDRIP=0.0.0.0/0\nPORT_RANGE=5439-5440\n")
    #expect(report.findings.map(\.severity) == [.warning])
    #expect(report.configuration.network.ports == 5439...5440)
  }

  @Test("the example that is shipped has no findings and changes nothing")
  func example() throws {
    let root = FileSystem.parent(
      of: FileSystem.parent(of: FileSystem.parent(of: FileSystem.parent(of: #filePath))))
    let folder = try ScratchFolder()
    let text = String(
      decoding: try FileSystem.read(root + "/dwh.cfg.example"), as: UTF8.self)
    let report = try folder.check(text)
    #expect(report.lines == [])
    #expect(report.configuration.target == .embedded)
    let standard = try Configuration.load(try ScratchFolder().options())
    #expect(report.configuration.record.elementsEqual(standard.record, by: ==))
    let named = Set(parse(text).options.compactMap(\.match?.key))
    #expect(Set(ConfigurationKey.allCases).subtracting(named) == [.bucket])
  }

  @Test("the state folder follows the flag, the variables, and the XDG rules")
  func stateFolder() {
    func folder(_ home: String?, _ environment: [String: String]) -> String {
      let options = ConfigurationOptions(
        workingFolder: "/work", homeFolder: "/home/ann", environment: environment)
      return StateFolder(home: home, options: options).path
    }
    #expect(folder(nil, [:]) == "/home/ann/.local/state/sparkify")
    #expect(folder(nil, ["XDG_STATE_HOME": "/state"]) == "/state/sparkify")
    #expect(folder(nil, ["XDG_STATE_HOME": "state"]) == "/home/ann/.local/state/sparkify")
    #expect(folder(nil, ["SPARKIFY_HOME": "s", "XDG_STATE_HOME": "/state"]) == "/work/s")
    #expect(folder("~/t", ["SPARKIFY_HOME": "/s"]) == "/home/ann/t")
  }
}
