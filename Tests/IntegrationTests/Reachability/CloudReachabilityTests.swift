import Testing

@testable import Warehouse

@Suite("Reachability of a cluster")
struct CloudReachabilityTests {
  private static let trust = """
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
      "Principal": {"Service": [SERVICES]}, "Action": "sts:AssumeRole"}]}
    """

  private func makeRole(
    _ aws: AWSStandIn, _ name: String, trusting services: [String] = ["redshift.amazonaws.com"]
  ) throws -> String {
    let list = services.map { "\"\($0)\"" }.joined(separator: ", ")
    let answer = try aws.ask(
      .iam, "CreateRole",
      [
        ("RoleName", name),
        ("AssumeRolePolicyDocument", Self.trust.replacing("SERVICES", with: list)),
      ])
    return try #require(answer.text("Role", "Arn"))
  }

  private func settings(_ name: String, role: String? = nil) throws -> [String] {
    let port = try MuteListener.freePort()
    return [
      "CLUSTER.HOST=127.0.0.1", "CLUSTER.DB_PORT=\(port)", "CLUSTER.DB_PASSWORD=x",
      "DWH.DWH_CLUSTER_IDENTIFIER=\(name)",
    ] + (role.map { ["IAM_ROLE.ARN=\($0)"] } ?? [])
  }

  @Test("of one that is there and has its role passes these steps, and goes on to the network")
  func available() async throws {
    let aws = try await AWSStandIn.shared()
    let role = try makeRole(aws, "doctor-reader")
    try aws.orderCluster("doctor-one", role: role)
    let steps = try await diagnosis(try settings("doctor-one", role: role), aws: aws.settings)
    #expect(steps["AWS"]?.outcome == .passed, "\(steps)")
    #expect(steps["cluster"]?.detail == "available, 2 × ra3.large")
    #expect(steps["role"]?.outcome == .passed)
    #expect(steps["TCP"]?.outcome == .failed)
    #expect(steps["login"]?.outcome == .skipped)
  }

  @Test("of one that is paused says so, and tries no connection")
  func paused() async throws {
    let aws = try await AWSStandIn.shared()
    try aws.orderCluster("doctor-paused")
    try aws.ask(.redshift, "PauseCluster", [("ClusterIdentifier", "doctor-paused")])
    try aws.look(at: "doctor-paused", until: .paused)
    let steps = try await diagnosis(try settings("doctor-paused"), aws: aws.settings)
    #expect(steps["cluster"]?.outcome == .failed)
    #expect(steps["cluster"]?.detail == "it is paused")
    #expect(steps["cluster"]?.remedy?.contains("cluster resume") == true)
    for name in ["DNS", "TCP", "TLS", "login", "privileges"] {
      #expect(steps[name]?.outcome == .skipped)
      #expect(steps[name]?.detail == "it is paused")
    }
  }

  @Test("of one that is not there says what would make it")
  func missing() async throws {
    let aws = try await AWSStandIn.shared()
    let steps = try await diagnosis(try settings("doctor-none"), aws: aws.settings)
    #expect(steps["cluster"]?.detail == "there is no cluster doctor-none in us-west-2")
    #expect(steps["cluster"]?.remedy?.contains("cluster provision") == true)
    #expect(steps["network"]?.outcome == .skipped)
  }

  @Test("of a workgroup tells whether it is there, on its way or missing, and has its role")
  func workgroup() async throws {
    let aws = try await AWSStandIn.shared()
    let services = ["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"]
    let role = try makeRole(aws, "doctor-units", trusting: services)
    let other = try makeRole(aws, "doctor-other-units", trusting: services)
    try aws.orderWorkgroup("doctor-units", roles: [role])
    func steps(_ name: String, role: String? = nil) async throws -> [String: ReachabilityStep] {
      let port = try MuteListener.freePort()
      return try await diagnosis(
        [
          "CLUSTER.HOST=127.0.0.1", "CLUSTER.DB_PORT=\(port)", "CLUSTER.DB_PASSWORD=x",
          "DWH.DWH_WORKGROUP=\(name)",
        ] + (role.map { ["IAM_ROLE.ARN=\($0)"] } ?? []), aws: aws.settings)
    }
    let there = try await steps("doctor-units", role: role)
    #expect(there["workgroup"]?.detail == "available, 8 units", "\(there)")
    #expect(there["role"]?.outcome == .passed)
    #expect(there["TCP"]?.outcome == .failed)
    #expect(
      try await steps("doctor-units", role: other)["role"]?.detail
        == "\(other) is not attached to the workgroup doctor-units")
    try aws.orderWorkgroup("doctor-new-units", waits: false)
    let new = try await steps("doctor-new-units")
    #expect(new["workgroup"]?.outcome == .failed)
    #expect(new["workgroup"]?.detail == "it is creating")
    #expect(new["login"]?.outcome == .skipped)
    let none = try await steps("doctor-no-units")
    #expect(none["workgroup"]?.detail == "there is no workgroup doctor-no-units in us-west-2")
    #expect(none["workgroup"]?.remedy?.contains("cluster provision") == true)
  }

  @Test("tells a role that is not there, one that Redshift may not take, and one not attached")
  func roles() async throws {
    let aws = try await AWSStandIn.shared()
    try aws.orderCluster("doctor-roles")
    func role(_ arn: String) async throws -> ReachabilityStep? {
      try await diagnosis(try settings("doctor-roles", role: arn), aws: aws.settings)["role"]
    }
    let none = try await role("arn:aws:iam::123456789012:role/doctor-none")
    #expect(none?.outcome == .failed)
    #expect(none?.detail == "there is no role doctor-none")
    let closed = try makeRole(aws, "doctor-closed", trusting: ["ec2.amazonaws.com"])
    #expect(
      try await role(closed)?.detail == "doctor-closed is there, but Redshift may not take it")
    let loose = try makeRole(aws, "doctor-loose")
    #expect(
      try await role(loose)?.detail == "\(loose) is not attached to the cluster doctor-roles")
  }

  @Test("without keys that AWS knows ends at AWS, and still looks at the sources")
  func unknownKeys() async throws {
    let aws = try await AWSStandIn.shared()
    var wrong = aws.settings
    wrong.accessKey = Secret("AKIDNOBODY")
    let steps = try await diagnosis(
      try settings("doctor-one") + ["S3.LOG_DATA=/nonexistent", "S3.SONG_DATA=/tmp"], aws: wrong)
    #expect(steps["AWS"]?.outcome == .failed)
    #expect(steps["AWS"]?.remedy?.contains("correct them") == true)
    #expect(steps["cluster"]?.outcome == .skipped)
    #expect(steps["events"]?.outcome == .failed)
    #expect(steps["songs"]?.outcome == .passed)
  }

  @Test("lets COPY try whether the role reads the sources, and says what it lacks")
  func copying() async throws {
    let redshift = try await RedshiftWarehouse("doctor-copy", try SourceFolder.small(users: 1))
    let half = try redshift.aws.makeRole(
      "doctor-half",
      policy: """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
        "Action":["s3:GetObject","s3:ListBucket"],\
        "Resource":["arn:aws:s3:::doctor-copy","arn:aws:s3:::doctor-copy/songs/*"]}]}
        """)
    let closed = try redshift.aws.makeCluster("doctor-copy-closed", roles: [half])
    func steps(
      _ server: ConnectionSettings, role: String?
    ) async throws -> [String: ReachabilityStep] {
      try await diagnosis(
        [
          "CLUSTER.HOST=\(server.host ?? "")", "CLUSTER.DB_PORT=\(server.port ?? 0)",
          "CLUSTER.DB_NAME=\(server.database ?? "")", "CLUSTER.DB_USER=\(server.user ?? "")",
          "CLUSTER.DB_PASSWORD=\(server.password?.reveal() ?? "")",
          "CLUSTER.SSLMODE=verify-full", "CLUSTER.SSLROOTCERT=\(redshift.aws.authority)",
          "S3.LOG_DATA=s3://doctor-copy/logs/", "S3.SONG_DATA=s3://doctor-copy/songs/",
        ] + (role.map { ["IAM_ROLE.ARN=\($0)"] } ?? []), aws: redshift.aws.settings)
    }
    let open = try await steps(redshift.settings, role: redshift.runSettings.copy.roleARN)
    for name in ["COPY events", "COPY songs"] {
      #expect(open[name]?.outcome == .passed, "\(open)")
    }
    let refused = try await steps(closed, role: half)
    #expect(refused["COPY songs"]?.outcome == .passed, "\(refused)")
    #expect(refused["COPY events"]?.outcome == .failed)
    #expect(refused["COPY events"]?.remedy?.contains("s3:GetObject") == true)
    #expect(refused["events"]?.outcome == .passed)
  }

  @Test("writes to the work area and leaves nothing there")
  func workArea() async throws {
    let aws = try await AWSStandIn.shared()
    try aws.makeBucket("doctor-work")
    let settings = ["CLUSTER.HOST=/nonexistent", "S3.WORK=s3://doctor-work/area/"]
    let steps = try await diagnosis(settings, aws: aws.settings)
    #expect(steps["work area"]?.detail == "s3://doctor-work/area/ can be written", "\(steps)")
    #expect(try aws.s3.page(of: "doctor-work", prefix: "").objects.isEmpty)
    let none = try await diagnosis(
      ["CLUSTER.HOST=/nonexistent", "S3.WORK=s3://doctor-no-work/area/"], aws: aws.settings)
    #expect(none["work area"]?.outcome == .failed)
  }

  @Test("comes with what AWS says of the cluster, and what it costs")
  func status() async throws {
    let aws = try await AWSStandIn.shared()
    try aws.orderCluster("doctor-status")
    try aws.ask(
      .redshift, "CreateClusterSnapshot",
      [("ClusterIdentifier", "doctor-status"), ("SnapshotIdentifier", "doctor-kept")])
    let options = ConfigurationOptions(
      overrides: try settings("doctor-status"), workingFolder: "/tmp", homeFolder: "/tmp",
      environment: [:])
    var configuration = try Configuration.load(options)
    configuration.aws = aws.settings
    let status = try #require(try await CloudStatus.asked(configuration))
    #expect(status.state == .available)
    #expect(status.costsByTheHour)
    #expect(status.price?.hourText == "$1.086 an hour")
    #expect(status.snapshots.filter(\.isManual).map(\.name) == ["doctor-kept"])
    let labels = status.facts(at: .now()).map(\.label)
    #expect(labels.prefix(3) == ["cluster", "cost", "since made"])
  }
}
