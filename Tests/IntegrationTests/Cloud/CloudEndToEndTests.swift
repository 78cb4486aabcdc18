import Foundation
import Glibc
import Synchronization
import Testing

@testable import Warehouse

/// The whole way at a stand-in for AWS: from an empty account to a published star on Redshift, and
/// back to nothing. The program does all of it, as a person would call it.
@Suite("From an empty account to a star on Redshift and back")
struct CloudEndToEndTests {
  @Test("provision, load, query and tear down: the star is PostgreSQL's, row for row")
  func sample() async throws {
    try await wholeWay(try await Self.sampleFolder(songs: 60, events: 600))
  }

  @Test("the same when the sources are restaged first: COPY reads them by the manifest")
  func restaged() async throws {
    let account = try await wholeWay(
      try await Self.sampleFolder(songs: 60, events: 600),
      settings: [
        "DWH_NODE_TYPE=ra3.4xlarge", "DWH_NUM_NODES=2", "[RESTAGE]", "OUTPUT=s3://lake/restaged/",
        "COMPRESSION=zstd",
      ])
    let written = try account.aws.s3.page(of: "lake", prefix: "restaged/run-").objects.map(\.key)
    #expect(written.count { $0.hasSuffix("/events/_manifest.json") } == 1)
    #expect(written.contains { $0.hasSuffix("/songs/part-0000.jsonl.zst") })
    // As many as the cluster says that it has slices: two a node there, whatever its type.
    #expect(written.count { $0.contains("/events/part-") } == 4)
  }

  @Test(
    "the same on serverless, with a password and with logins by AWS, and a last snapshot is kept",
    arguments: ["generated", "temporary"])
  func serverless(_ login: String) async throws {
    let source = try await Self.sampleFolder(songs: 20, events: 200)
    let account = try await CloudAccount(
      source, settings: ["DWH_WORKGROUP=\(CloudAccount.warehouse)"], login: login)
    let first = try await account.run("run")
    try require(first)
    #expect(
      first.output.contains("login changed: iam:tests may make schemas now")
        == (login == "temporary"), "\(first.output)")
    try await expectPostgresStar(account, source, queries: false)
    let status = try await account.run("cluster", "status")
    #expect(status.output.contains("workgroup   available, 8 units"), "\(status.all)")
    for step in ["login", "privileges", "role", "COPY events", "COPY songs"] {
      #expect(status.output.contains("✓ ok       \(step)"), "\(status.all)")
    }
    // Who is no superuser does not see how tables lie.
    let health = login == "temporary" ? "\ntable health " : "\nsongplays "
    #expect(status.output.contains(health), "\(status.all)")
    let charged = status.output.split(separator: "\n").first { $0.hasPrefix("charged ") }
    #expect((charged == nil) == (login == "temporary"), "\(status.all)")
    #expect(charged?.contains(/\d unit hours since 20\d\d-\d\d-\d\d, about \$\d/) != false)
    let again = try await account.run("cluster", "provision")
    #expect(
      again.output.contains("iam:tests may make schemas\n") == (login == "temporary"),
      "\(again.all)")
    let receipt = try await account.run("cluster", "teardown", "--confirm", CloudAccount.warehouse)
    try require(receipt)
    #expect(receipt.output.contains("stays    snapshot \(CloudAccount.warehouse)-final-"))
    #expect(try account.remains() == [])
  }

  @Test("the operator's policy suffices for a role that somebody else made, and for serverless")
  func policies() async throws {
    let source = try await Self.sampleFolder(songs: 10, events: 50)
    for settings in [[], ["DWH_WORKGROUP=\(CloudAccount.warehouse)"]] {
      let account = try await CloudAccount(source, settings: settings)
      let statement = "{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}"
      let role = try account.aws.makeRole(
        "theirs", policy: "{\"Version\":\"2012-10-17\",\"Statement\":[\(statement)]}")
      let given = ["--set", "IAM_ROLE.ARN=\(role)"]
      let setUp = try account.aws.calls().count
      let policy = try await account.run(["cluster", "policy", "operator"] + given)
      try require(policy)
      for command in [
        ["provision"], ["snapshot"], ["teardown", "--confirm", CloudAccount.warehouse],
      ] {
        try require(try await account.run(["cluster"] + command + given))
      }
      #expect(try account.aws.refused(by: policy.output, after: setUp) == [])
      let without = policy.output.replacing("iam:PassRole", with: "iam:GetRole")
      #expect(
        try account.aws.refused(by: without, after: setUp) == ["iam:PassRole \(role)"])
    }
  }

  @Test("a run alone, from nothing: it makes the warehouse, and resumes it when it is paused")
  func runAlone() async throws {
    let source = try await Self.sampleFolder(songs: 40, events: 300)
    let account = try await CloudAccount(source)
    let before = try account.remains()
    let rehearsed = try await account.run("run", "--dry-run")
    try require(rehearsed)
    #expect(rehearsed.output.contains("--   redshift:CreateCluster"))
    #expect(rehearsed.output.contains("role/\(CloudAccount.warehouse)-s3-read'"))
    let refused = try await account.run("run", "check")
    #expect(refused.status == 2 && refused.errors.contains("not made yet"), "\(refused.all)")
    let local = try await account.run("run", "--set", "S3.LOG_DATA=\(source)/log_data")
    #expect(local.errors.contains("Redshift reads files from S3 alone"), "\(local.all)")
    #expect(try account.remains() == before)

    let first = try await account.run("run")
    try require(first)
    #expect(first.output.contains("provision: cluster made"), "\(first.output)")
    try await expectPostgresStar(account, source)

    let asked = try account.aws.calls().count
    try require(try await account.run("run", "create"))
    try require(try await account.run("run", "provision"))
    let calls = try account.aws.calls().dropFirst(asked)
    #expect(!calls.contains { $0.hasPrefix("redshift:") || $0.hasPrefix("ec2:") }, "\(calls)")

    try require(try await account.run("cluster", "pause"))
    let second = try await account.run("run", "--json")
    try require(second)
    #expect(second.events.contains { $0.name == "progress" && $0.stage == "provision" })
    #expect(try account.aws.calls().count { $0 == "redshift:CreateCluster" } == 1)
    #expect(try account.aws.calls().contains("redshift:ResumeCluster"))
  }

  @Test("a run that is interrupted while it provisions ends with 130, and the same command goes on")
  func interrupted() async throws {
    let account = try await CloudAccount(try await Self.sampleFolder(songs: 10, events: 50))
    // So long between two looks that the signal comes while it waits.
    let program = try Program(
      ["run", "--json", "--set", "DWH.DWH_POLL_SECONDS=300"],
      environment: ["AWS_EC2_METADATA_DISABLED": "true"], workingFolder: account.folder)
    try await eventually("it waits for the cluster") {
      program.output.contains("cluster: ")
    }
    program.send(SIGINT)
    let outcome = try await program.outcome()
    #expect(outcome.status == 130, "\(outcome.all)")
    try require(try await account.run("run"))
    #expect(try account.aws.calls().count { $0 == "redshift:CreateCluster" } == 1)
  }

  @Test("lists tables and columns, and exports rows that have no key")
  func looking() async throws {
    let account = try await CloudAccount(try await Self.sampleFolder(songs: 20, events: 100))
    try await require(account.run("run"))
    let tables = try await account.run("tables", "--format", "csv")
    try require(tables)
    #expect(tables.output.contains("sparkify,songs,table,20,"), "\(tables.output)")
    let columns = try await account.run("tables", "songs", "--format", "csv")
    try require(columns)
    #expect(columns.output.contains("song_id"))
    let session = try await account.session()
    let browse = Browse(session)
    let table = try #require(
      try await browse.tables().first { $0.name == TableName("sparkify", "staging_songs") })
    let browsed = try await browse.table(table)
    let run = QueryRun(Browse.export(BrowseQuery(browsed), columns: [0]))
    let rows = Mutex(0)
    _ = try await run.perform(on: session, gate: RowGate(limit: .max)) { event in
      if case .rows(let found) = event { rows.withLock { $0 += found.count } }
    }
    #expect(rows.withLock { $0 } == 20)
  }

  @Test("the same with the real data", arguments: RealData.cases)
  func realData(_ folder: String) async throws {
    let source = try TemporaryFolder.make()
    try FileSystem.makeFolder(source + "/song_data")
    let manager = FileManager.default
    try manager.copyItem(atPath: RealData.events, toPath: source + "/log_data")
    try manager.copyItem(atPath: RealData.allSongs, toPath: source + "/song_data/all.jsonl")
    try await wholeWay(source)
  }

  @discardableResult
  private func wholeWay(_ source: String, settings: [String] = []) async throws -> CloudAccount {
    let account = try await CloudAccount(source, settings: settings)
    let setUp = try account.aws.calls().count
    let policy = try await account.run("cluster", "policy", "operator")
    try require(policy)
    try await require(account.run("cluster", "provision"))
    #expect(try account.remains().contains("cluster \(CloudAccount.warehouse)"))
    try await require(account.run("run"))
    try await expectPostgresStar(account, source)
    let receipt = try await account.run(
      "cluster", "teardown", "--confirm", CloudAccount.warehouse, "--no-snapshot")
    try require(receipt)
    #expect(try account.remains() == [])
    #expect(receipt.output.contains("receipt for \(CloudAccount.warehouse)"))
    #expect(try account.aws.refused(by: policy.output, after: setUp) == [])
    // What bears another mark is left alone by the policy.
    let other = policy.output.replacing("Tag/\(CloudPlan.tag)", with: "Tag/other")
    let refused = try account.aws.refused(by: other, after: setUp)
    for action in ["AuthorizeSecurityGroupIngress", "DeleteSecurityGroup", "CreateTags"] {
      #expect(refused.contains { $0.hasPrefix("ec2:\(action) arn:") }, "\(action): \(refused)")
    }
    return account
  }

  // MARK: Parts

  /// A folder with a sample of this size.
  static func sampleFolder(songs: Int, events: Int) async throws -> String {
    let folder = try TemporaryFolder.make() + "/sample"
    let made = try await Program.run([
      "sample", "--songs", "\(songs)", "--events", "\(events)", "--out", folder,
    ])
    try #require(made.status == 0, "\(made.all)")
    return folder
  }

  private func require(_ outcome: Program.Outcome) throws {
    try #require(outcome.status == 0, "\(outcome.all)")
  }

  /// Compares every table, summaries too, and every shipped query's answer with what PostgreSQL has
  /// of the same files.
  private func expectPostgresStar(
    _ account: CloudAccount, _ source: String, queries: Bool = true
  ) async throws {
    let postgres = try await TestWarehouse()
    let report = await postgres.run(events: source + "/log_data", songs: source + "/song_data")
    try #require(report.outcome == .succeeded)
    let redshift = try await account.session()
    try await redshift.execute("SET extra_float_digits TO 2")
    for (table, columns) in try await Self.tables(postgres) {
      let list = columns.map { Identifier($0).sql }.joined(separator: ", ")
      let sql = Statement(
        "SELECT \(list) FROM \(TableName(StarSchema.published, table).sql) ORDER BY \(list)")
      let (expected, found) = try await (
        postgres.session.execute(sql).rows, redshift.execute(sql).rows
      )
      #expect(found.count == expected.count, "\(table)")
      #expect(found == expected, "\(table)")
    }
    guard queries else { return }
    for query in QueryLibrary(folders: [Program.packageFolder + "/queries"]).names {
      let arguments = ["query", query, "--format", "csv"]
      let there = try await account.run(arguments)
      let here = try await Program.run(postgres.arguments + arguments)
      try #require(there.status == 0, "\(query): \(there.all)")
      #expect(there.output == here.output, "\(query)")
    }
    try await expectRowsBehind(redshift, postgres)
  }

  /// Compares how many rows are behind the first row of every shipped query.
  private func expectRowsBehind(
    _ redshift: PostgresSession, _ postgres: TestWarehouse
  ) async throws {
    try await postgres.session.execute("SET search_path TO sparkify")
    try await redshift.execute("SET search_path TO sparkify")
    let library = QueryLibrary(folders: [Program.packageFolder + "/queries"])
    for name in library.names {
      let query = try #require(try library.query(name))
      let statement = try #require(query.script([:]).statements.first)
      let result = try await postgres.session.execute(statement)
      guard let row = result.rows.first else { continue }
      let behind = try #require(try query.rowsBehind(row, columns: result.columns, [:]), "\(name)")
      let there = try await redshift.execute(behind).rows.count
      let here = try await postgres.session.execute(behind).rows.count
      #expect(there == here, "\(name)")
    }
  }

  /// The published tables and their columns, without the place in the source, which COPY does not
  /// tell.
  private static func tables(
    _ warehouse: TestWarehouse
  ) async throws -> [(String, [String])] {
    let rows = try await warehouse.session.execute(
      Statement(
        """
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = $1 AND column_name NOT LIKE 'source%' ORDER BY table_name, column_name
        """, .text(StarSchema.published))
    ).rows
    var tables: [String: [String]] = [:]
    for row in rows { tables[row[0] ?? "", default: []].append(row[1] ?? "") }
    return tables.filter { $0.key != "source_files" }.sorted { $0.key < $1.key }
  }
}
