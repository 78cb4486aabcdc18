import Testing

@testable import Warehouse

@Suite("A temporary login")
struct TemporaryLoginTests {
  private func configuration(
    _ settings: [String], _ aws: AWSSettings? = nil
  ) throws -> Configuration {
    let folder = try TemporaryFolder.make()
    var configuration = try Configuration.load(
      ConfigurationOptions(
        overrides: settings, workingFolder: folder, homeFolder: folder, environment: [:]))
    if let aws { configuration.aws = aws }
    return configuration
  }

  @Test("comes from AWS for a cluster, with AWS's prefix before the user, and is kept")
  func cluster() async throws {
    let aws = try await AWSStandIn.shared()
    try aws.orderCluster("doctor-login")
    let settings = [
      "CLUSTER.HOST=127.0.0.1", "DWH.DWH_CLUSTER_IDENTIFIER=Doctor-Login",
      "CLUSTER.DB_USER=boss", "CLUSTER.LOGIN_SECONDS=900",
    ]
    let login = try #require(TemporaryLogin(try configuration(settings, aws.settings)))
    let first = try login.current(Cancellation())
    #expect(first.user == "IAM:boss")
    #expect(!first.password.isEmpty)
    let left = first.expiration.milliseconds - Timestamp.now().milliseconds
    #expect(left <= 900_000)
    #expect(try login.current(Cancellation()) == first)
    login.forget()
    #expect(try login.current(Cancellation()).password != first.password)

    let making = try #require(
      TemporaryLogin(
        try configuration(
          settings + ["CLUSTER.AUTO_CREATE_USER=on", "CLUSTER.DB_USER=ana"], aws.settings)))
    #expect(try making.current(Cancellation()).user == "IAMA:ana")
  }

  @Test("opens sessions, and is asked for anew when the server says that it has ended")
  func sessions() async throws {
    // Its own: another test's logins must not end here.
    let aws = try await AWSStandIn.own()
    let cluster = try aws.orderCluster("doctor-iam")
    let endpoint = try #require(cluster.endpoint)
    let folder = try TemporaryFolder.make()
    let configuration = try configuration(
      [
        "CLUSTER.HOST=\(endpoint.host)", "CLUSTER.DB_PORT=\(endpoint.port)",
        "CLUSTER.DB_NAME=dev", "CLUSTER.DB_USER=boss", "CLUSTER.SSLMODE=verify-full",
        "CLUSTER.SSLROOTCERT=\(aws.authority)", "DWH.DWH_CLUSTER_IDENTIFIER=doctor-iam",
      ], aws.settings)
    let target = WarehouseTarget(
      configuration: configuration,
      stateFolder: StateFolder(
        home: folder,
        options: ConfigurationOptions(
          workingFolder: folder, homeFolder: folder, environment: [:])))
    let first = try await target.openSession()
    #expect(await first.engine == .redshift)
    await first.close()
    try aws.control("expire", .object([]))
    let second = try await target.openSession()
    #expect(try await second.execute("SELECT 1").scalar == "1")
    await second.close()
    let asked = try aws.calls().count { $0 == "redshift:GetClusterCredentials" }
    #expect(asked == 2)
  }

  @Test("to a workgroup is for the caller's own user, is kept, and asked for anew when it ended")
  func workgroup() async throws {
    let aws = try await AWSStandIn.own()
    let endpoint = try #require(try aws.orderWorkgroup("doctor-caller")?.endpoint)
    let configuration = try configuration(
      [
        "CLUSTER.HOST=\(endpoint.host)", "CLUSTER.DB_PORT=\(endpoint.port)",
        "CLUSTER.DB_NAME=dev", "CLUSTER.DB_USER=ignored", "CLUSTER.SSLMODE=verify-full",
        "CLUSTER.SSLROOTCERT=\(aws.authority)", "DWH.DWH_WORKGROUP=doctor-caller",
      ], aws.settings)
    let login = try #require(TemporaryLogin(configuration))
    let first = try login.current(Cancellation())
    #expect(first.user == "IAM:tests")
    #expect(try login.current(Cancellation()) == first)
    login.forget()
    #expect(try login.current(Cancellation()).password != first.password)
    let folder = try TemporaryFolder.make()
    let target = WarehouseTarget(
      configuration: configuration,
      stateFolder: StateFolder(
        home: folder,
        options: ConfigurationOptions(
          workingFolder: folder, homeFolder: folder, environment: [:])))
    for _ in 1...2 {
      let session = try await target.openSession()
      #expect(try await session.execute("SELECT current_user").scalar == "iam:tests")
      let refusal = await #expect(throws: WarehouseError.self) {
        try await session.execute("CREATE SCHEMA mine")
      }
      #expect(refusal?.sqlState == "42501")
      await session.close()
      try aws.control("expire", .object([]))
    }
    #expect(try aws.calls().count { $0 == "redshift-serverless:GetCredentials" } == 4)
  }

  @Test("of a cluster that is not there says so")
  func missing() async throws {
    let aws = try await AWSStandIn.shared()
    let login = try #require(
      TemporaryLogin(
        try configuration(
          ["CLUSTER.HOST=127.0.0.1", "CLUSTER.CLUSTER_IDENTIFIER=none", "CLUSTER.DB_USER=ana"],
          aws.settings)))
    let error = #expect(throws: WarehouseError.self) { try login.current(Cancellation()) }
    #expect(error?.message == "could not get a temporary login for the cluster none")
    #expect(error?.serviceCode == "ClusterNotFound")
  }

  @Test("is asked for only where a Redshift is configured without a password")
  func condition() throws {
    let cluster = ["CLUSTER.HOST=127.0.0.1", "DWH.DWH_CLUSTER_IDENTIFIER=dwh"]
    #expect(TemporaryLogin(try configuration(cluster))?.warehouse == .cluster("dwh"))
    #expect(TemporaryLogin(try configuration(cluster + ["CLUSTER.DB_PASSWORD=x"])) == nil)
    #expect(TemporaryLogin(try configuration(cluster + ["CLUSTER.PASSFILE=/x"])) == nil)
    #expect(TemporaryLogin(try configuration(["CLUSTER.HOST=127.0.0.1"])) == nil)
    #expect(TemporaryLogin(try configuration([])) == nil)
    let host = "CLUSTER.HOST=dwh.c1a2b3.eu-west-1.redshift.amazonaws.com"
    #expect(TemporaryLogin(try configuration([host]))?.warehouse == .cluster("dwh"))
    let group = "CLUSTER.HOST=wg.123456789012.eu-west-1.redshift-serverless.amazonaws.com"
    #expect(TemporaryLogin(try configuration([group]))?.warehouse == .workgroup("wg"))
  }

  @Test("goes over encrypted connections alone")
  func encryption() throws {
    let login = DatabaseLogin(
      user: "IAM:ana", password: Secret("x"), expiration: Timestamp(milliseconds: 0))
    var settings = ConnectionSettings(host: "127.0.0.1", sslMode: .prefer)
    #expect(try settings.logged(in: login).sslMode == .require)
    settings.sslMode = .verifyCA
    #expect(try settings.logged(in: login).sslMode == .verifyCA)
    settings.sslMode = .disable
    #expect(throws: WarehouseError.self) { try settings.logged(in: login) }
    #expect("\(login)".contains("•••"))
  }
}
