import Glibc
import Testing

@testable import Warehouse

@Suite struct ConfigurationSecretTests {
  static let planted = "hunter2"

  /// Everything that can be printed of a configuration.
  private func printed(_ options: ConfigurationOptions) -> String {
    let report = Configuration.check(options)
    var text = "\(report) \(String(reflecting: report)) \(report.lines)"
    dump(report, to: &text)
    text += "\(options) \(String(reflecting: options))"
    dump(options, to: &text)
    text += "\(report.configuration.entries) \(report.configuration.record)"
    do {
      text += "\(try Configuration.load(options))"
    } catch {
      text += "\(error) \(String(reflecting: error))"
      dump(error, to: &text)
    }
    return text
  }

  @Test(
    "a secret is in nothing that is printed, however wrong the file is",
    arguments: [
      "[CLUSTER]\nDB_PASSWORD=hunter2\n", "[CLUSTER]\nDB_PASSWORD='hunter2' # c\n",
      "[CLUSTER]\nDB_PASSWORD hunter2\n", "[CLUSTER]\nhunter2\n",
      "[CLUSTER]\nDB_PASSWORD=a\nDB_PASSWORD=hunter2\n", "[CLUSTER]\nDB_PASWORD=hunter2\n",
      "[CLUSTER]\nDB_PASSWORD=%hunter2\n", "[CLUSTER]\nDB_PASSWORD=a\0hunter2\n",
      "DB_PASSWORD=hunter2\n", "PWD=hunter2\n", "[AWS]\nKEY=hunter2\nSECRET=hunter2\nTOKEN=hunter2",
      "[AWS\nKEY=hunter2\n", "export KEY=hunter2\n", "> KEY=hunter2\n",
      "[CLUSTER]\nHOST=ann:hunter2@example.com\n",
      "[CLUSTER]\nHOST=postgres://ann:hunter2@example.com/dev\n",
      "[CLUSTER]\nHOST=jdbc:redshift://example.com/dev?user=ann&password=hunter2\n",
      "[CLUSTER]\nHOST=bad host;password=hunter2\n",
      "[CLUSTER]\nHOST=host=h password=hunter2\n", "[CLUSTER]\nHOST=h/d password = hunter2\n",
      "[CLUSTER]\nHOST=/run password=hunter2\n", "[CLUSTER]\nDB_PORT=1 sslpassword=hunter2\n",
      "[CLUSTER]\nDB_NAME=dbname=x password=hunter2\n", "[CLUSTER]\nDB_USER=u passwd='hunter2'\n",
      "[CLUSTER]\nSERVICE=secret_x=hunter2\n",
      "[CLUSTER]\nHOST=bad host?password=hunter2\n",
      "[CLUSTER]\nDB_PASSWORD=hunter2\nHOST=%(DB_PASSWORD)s\n",
      "[CLUSTER]\nDB_PASSWORD=hunter2\nDB_PORT=%(DB_PASSWORD)s\n",
      "[CLUSTER]\nDB_PASSWORD=hunter2\nDB_NAME=%(DB_PASSWORD)s\n",
      "[CLUSTER]\nDB_PORT=5439\n  my_password = hunter2\n",
      "[CLUSTER]\nDB_NAME=dev\n  my_password = hunter2\n",
      "[CLUSTER]\na=1\nb=2\nc=hunter2\nd=4\ne=5\n", "[SECRETS]\nPASSWORD=hunter2\n",
      "[AWS]\nENDPOINT_URL=https://ann:hunter2@s3.example.com\n",
      "[DEFAULT]\nDB_PASSWORD=hunter2\n[CLUSTER]\nHOST=a\n",
    ])
  func filesStaySilent(text: String) throws {
    let folder = try ScratchFolder()
    try folder.write(text, to: "dwh.cfg", mode: 0o644)
    #expect(!printed(folder.options()).contains(Self.planted))
  }

  @Test(
    "a secret on the command line or in the environment is not repeated",
    arguments: [
      (["CLUSTER.DB_PASSWORD=hunter2"], [:]), (["CLUSTER.DB_PASWORD=hunter2"], [:]),
      (["hunter2"], [:]), (["DB_PASSWORD=hunter2"], [:]), (["AWS.SECRET=hunter2"], [:]),
      (
        [],
        [
          "PGPASSWORD": "hunter2", "AWS_SECRET_ACCESS_KEY": "hunter2",
          "AWS_SESSION_TOKEN": "hunter2",
        ]
      ),
      ([], ["PGDATABASE": "dbname=x password=hunter2"]),
      (["CLUSTER.DB_NAME=postgres token=hunter2"], [:]),
      ([], ["PGHOST": "postgres://ann:hunter2@a", "AWS_ENDPOINT_URL": "http://ann:hunter2@a"]),
    ] as [([String], [String: String])])
  func surroundingsStaySilent(overrides: [String], environment: [String: String]) throws {
    let folder = try ScratchFolder()
    let options = folder.options(set: overrides, environment: environment)
    #expect(!printed(options).contains(Self.planted))
  }

  @Test("of a value that holds a secret only that is hidden that may hold one")
  func shownValues() throws {
    let folder = try ScratchFolder()
    let report = Configuration.check(
      folder.options(set: ["S3.LOG_DATA=/a/token=5", "S3.SONG_DATA=/a/year=5", "AWS.PROFILE=pwd"]))
    #expect(report.value(.logData) == "•••")
    #expect(report.value(.songData) == "/a/year=5")
    #expect(report.value(.profile) == "pwd")
    #expect(report.configuration.record.allSatisfy { $0.key != "S3.LOG_DATA" })
    let refused = Configuration.check(folder.options(set: ["CLUSTER.DB_NAME=x password=p"]))
    #expect(
      refused.lines == [
        "--set: error: wrong value \"•••\" for CLUSTER.DB_NAME. "
          + "Put the name alone here, and the password into DB_PASSWORD."
      ])
  }

  @Test("a secret that others may read is a warning, by the kind of file")
  func fileModes() throws {
    let text = "[CLUSTER]\nDB_PASSWORD=p\n"
    func warnings(_ name: String, _ mode: mode_t, _ text: String) throws -> [String] {
      let folder = try ScratchFolder()
      try folder.write(text, to: name, mode: mode)
      return Configuration.check(folder.options()).lines
    }
    let warning =
      ":2: warning: others may read this file, and it holds secrets. "
      + "Let only its owner read it (0600)."
    #expect(try warnings("dwh.cfg", 0o644, text) == ["dwh.cfg" + warning])
    #expect(try warnings("dwh.cfg", 0o640, text) == [])
    #expect(try warnings("dwh.cfg", 0o644, "[CLUSTER]\nDB_PASSWORD=<p>\n") == [])
    #expect(try warnings("dwh_local.cfg", 0o640, text) == ["dwh_local.cfg" + warning])
    #expect(try warnings("dwh_local.cfg", 0o600, text) == [])
  }

  /// An index of version 2 with one entry.
  private func index(listing name: String) -> String {
    let head = "DIRC\0\0\0\u{2}\0\0\0\u{1}"
    let fields = String(repeating: "\u{1}", count: 60)
    let length = String(UnicodeScalar(UInt8(name.utf8.count)))
    return head + fields + "\0" + length + name + "\0\0\0"
  }

  @Test("a secret in a file that git tracks is a warning")
  func tracked() throws {
    let folder = try ScratchFolder()
    try folder.write(index(listing: "conf/dwh.cfg"), to: "repo/.git/index")
    let path = try folder.write("[AWS]\nSECRET=s\nKEY=k\n", to: "repo/conf/dwh.cfg")
    let report = Configuration.check(folder.options(path: path))
    #expect(report.findings.map(\.message) == ["git tracks this file, and it holds secrets"])
    try folder.write(index(listing: "conf/dwh.cfg.example"), to: "repo/.git/index")
    #expect(Configuration.check(folder.options(path: path)).findings == [])
    try folder.write("gitdir: ../elsewhere\n", to: "linked/.git")
    try folder.write(index(listing: "dwh.cfg"), to: "elsewhere/index")
    try folder.write("[AWS]\nSECRET=s\nKEY=k\n", to: "linked/dwh.cfg")
    #expect(GitIndex.tracks(folder.path + "/linked/dwh.cfg"))
  }
}
