import Testing

@testable import Warehouse

/// All SQL that the program would send to Redshift keeps to Redshift's rules: `Tests/aws/check_sql.py`
/// knows them.
@Suite("SQL for Redshift")
struct SQLCheckTests {
  private static let python = Program.packageFolder + "/.build/python/bin/python"

  /// Checks scripts, by their names; what is wrong with them.
  private func check(_ scripts: [(name: String, text: String)]) throws -> String {
    let folder = try TemporaryFolder.make()
    let paths = try scripts.map { script in
      let path = "\(folder)/\(script.name).sql"
      try FileSystem.write(Array(script.text.utf8), to: path)
      return path
    }
    return try Subprocess.run(
      [Self.python, Program.packageFolder + "/Tests/aws/check_sql.py"] + paths,
      outputLimit: 1 << 20
    ).output.trimmed
  }

  /// What a run would do, in every form that the configuration has for it.
  private static let forms: [(name: String, settings: [String])] =
    [
      ("prefixes", []), ("manifests", ["S3.WORK=s3://lake/work/"]),
      ("somebodys-paths", ["S3.LOG_JSONPATH=s3://other/log_json_path.json"]),
      ("names", ["S3.LOG_JSONPATH=auto"]), ("rejects", ["PIPELINE.MAX_REJECTS=7"]),
      (
        "restaged",
        ["RESTAGE.OUTPUT=s3://lake/restaged/", "RESTAGE.COMPRESSION=zstd", "S3.WORK=s3://lake/w/"]
      ),
      ("auto-sorted", ["REDSHIFT.SORTKEY=auto", "REDSHIFT.DIMENSIONS=auto"]),
    ]
    + RedshiftSettings.Distribution.allCases.map {
      ("distribution-\($0.rawValue)", ["REDSHIFT.DISTKEY=\($0.rawValue)"])
    }

  @Test("of a run, in every form that it can have, keeps to Redshift's rules")
  func runs() async throws {
    let scripts = try Self.forms.map { form in
      let folder = try TemporaryFolder.make()
      let options = ConfigurationOptions(
        overrides: [
          "CLUSTER.HOST=dwh.c1a2b3.us-west-2.redshift.amazonaws.com", "AWS.REGION=us-west-2",
          "IAM_ROLE.ARN=arn:aws:iam::123456789012:role/reader",
          "S3.LOG_DATA=s3://lake/log_data", "S3.SONG_DATA=s3://lake/song_data/",
        ] + form.settings, workingFolder: folder, homeFolder: folder, environment: [:])
      let configuration = try Configuration.load(options)
      let settings = try RunSource(configuration, StateFolder(home: folder, options: options))
        .rehearsedSettings()
      #expect(configuration.likelyEngine == .redshift)
      let steps = try DryRun(.all, engine: .redshift, settings: settings).steps
      #expect(steps.contains { $0.hasPrefix("COPY ") }, "\(form.name)")
      return (form.name, steps.map { $0 + "\n;\n" }.joined())
    }
    #expect(try check(scripts) == "nothing is wrong")
  }

  @Test("of the shipped queries keeps to them too, and what asks the catalogue does")
  func queries() throws {
    let library = QueryLibrary(folders: [Program.packageFolder + "/queries"])
    var scripts: [(name: String, text: String)] = []
    for name in library.names {
      let statements = try #require(try library.query(name)?.script([:])).statements
      scripts.append((name, statements.map(\.sql).joined(separator: ";\n")))
    }
    let folder = Program.packageFolder + "/Sources/Warehouse/SQL"
    for name in try FileSystem.names(in: folder) where name.hasSuffix(".redshift.sql") {
      let bytes = try FileSystem.read("\(folder)/\(name)")
      scripts.append((name, String(decoding: bytes, as: UTF8.self)))
    }
    scripts.append(("health", TableHealth.query(of: StarSchema.published)))
    #expect(scripts.count > 20)
    #expect(try check(scripts) == "nothing is wrong")
  }

  @Test(
    "that breaks a rule is found",
    arguments: [
      ("CREATE TABLE a (b TEXT) DISTSTYLE ALL", "without a length"),
      ("CREATE TABLE a (b INTEGER)", "without DISTSTYLE"),
      ("INSERT INTO a SELECT 1", "without a list of columns"),
      ("BEGIN; TRUNCATE a; COMMIT", "would commit"),
      ("BEGIN; VACUUM a; COMMIT", "cannot run inside a transaction block"),
      ("COPY a (b) FROM 's3://lake/log_data' IAM_ROLE default JSON 'auto'", "without a slash"),
      ("COPY a (b) FROM 's3://l/d/' IAM_ROLE default JSON 's3://l/d/p.json'", "among the data"),
      ("COPY a (b) FROM 's3://l/d/' IAM_ROLE default JSON 'auto' TIMEFORMAT 'EPOCHSECS'", "22023"),
      ("SELECT date_part('weekday', start_time) FROM a", "dow means the same"),
      ("SELECT ts / 1000 FROM a", "drops milliseconds"),
      ("SELECT DISTINCT ON (a) a FROM b", "DISTINCT ON"),
      ("SELECT sum(a) OVER (ORDER BY b) FROM c", "frame clause"),
      ("SELECT string_agg(a, ',') FROM b", "does not exist"),
      ("SELECT 'a", "unterminated"),
    ])
  func found(_ sql: String, _ words: String) throws {
    let told = try check([("wrong", sql), ("right", "SELECT 1")])
    #expect(told.hasPrefix("wrong.sql: ") && told.contains(words), "\(told)")
    #expect(!told.contains("right.sql"))
  }
}
