import Glibc
import Testing

@testable import Warehouse

@Suite("Provisioning")
struct ProvisionTests {
  @Test("makes a cluster with every safety field said outright, and writes where it answers")
  func cluster() throws {
    let fixture = try CloudFixture()
    let warehouse = try fixture.provision()
    #expect(warehouse.endpoint.host == "course.id.region.redshift.amazonaws.com")
    let create = try #require(fixture.cloud.calls.first { $0.contains("CreateCluster ") })
    for field in [
      "ClusterIdentifier=course", "NodeType=ra3.large", "NumberOfNodes=2", "Encrypted=true",
      "PubliclyAccessible=true", "Port=5439", "AutomatedSnapshotRetentionPeriod=1",
      "ClusterParameterGroupName=course-parameters", "ClusterSubnetGroupName=course-subnets",
      "VpcSecurityGroupIds.VpcSecurityGroupId.1=sg-course-clients",
      "IamRoles.IamRoleArn.1=\(RehearsedRole.arn("course-s3-read"))",
      "Tags.Tag.1.Key=sparkify:warehouse", "MasterUserPassword=•••",
    ] {
      #expect(create.contains(field), "\(field) in \(create)")
    }
    fixture.cloud.look { state in
      #expect(state.parameters["course-parameters"] == ["require_ssl": "true"])
      let rule = EC2Rule(transport: "tcp", first: 5439, last: 5439, addresses: "203.0.113.7/32")
      #expect(state.groups["sg-course-clients"]?.rules == [rule])
    }
    let file = try fixture.folder.value.read("dwh.cfg")
    #expect(
      file == """
        # kept
        [CLUSTER]
        HOST=course.id.region.redshift.amazonaws.com
        DB_NAME = dwh
        DB_USER = dwhuser
        DB_PORT=5439

        [IAM_ROLE]
        ARN='\(RehearsedRole.arn("course-s3-read"))'
        [S3]
        LOG_DATA='s3://course/log_data/'
        SONG_DATA='s3://course/song_data/'
        LOG_JSONPATH='s3://course/paths.json'
        [DWH]
        DWH_CLUSTER_IDENTIFIER=Course
        DWH_NUM_NODES=2

        [AWS]
        REGION=us-west-2

        """)
  }

  @Test("writes a generated password for its owner alone, and says it nowhere")
  func generatedPassword() throws {
    let fixture = try CloudFixture()
    try fixture.provision()
    let path = fixture.folder.value.path + "/dwh_local.cfg"
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    let password = try #require(try fixture.configuration().server.password)
    #expect(MasterPassword.fault(in: password) == nil)
    #expect(!"\(fixture.takeEvents())".contains(password.reveal()))
    #expect(!fixture.cloud.calls.contains { $0.contains(password.reveal()) })
    #expect(!(try fixture.folder.value.read("dwh.cfg")).contains(password.reveal()))
    // The next run goes on with it.
    try fixture.provision()
    #expect(try fixture.configuration().server.password == password)
  }

  @Test("makes no password to keep where logins are temporary, and takes the operator's")
  func otherPasswords() throws {
    let temporary = try CloudFixture()
    try temporary.provision(set: ["CLUSTER.LOGIN=temporary"])
    #expect(!FileSystem.exists(temporary.folder.value.path + "/dwh_local.cfg"))
    let own = try CloudFixture()
    try own.folder.value.write("[CLUSTER]\nDB_PASSWORD=Secret-of-1\n", to: "dwh_local.cfg")
    try own.provision()
    #expect(try own.folder.value.read("dwh_local.cfg") == "[CLUSTER]\nDB_PASSWORD=Secret-of-1\n")
  }

  @Test("lets the user of AWS's logins make schemas on serverless, whoever knows the password")
  func caller() throws {
    let fixture = try CloudFixture(CloudFixture.serverless)
    let login = ["CLUSTER.LOGIN=temporary"]
    func statements() throws -> [String] {
      fixture.cloud.forgetCalls()
      try fixture.provision(set: login)
      return fixture.cloud.calls.filter { $0.hasPrefix("sql ") || $0.contains(":UpdateNamespace") }
        .map { $0.hasPrefix("sql") ? String($0.prefix { $0 != "," }) : $0 }
    }
    let look = "sql as IAM:you: SELECT current_user"
    let grant = "sql as sparkify: GRANT CREATE ON DATABASE \"sparkify\" TO \"IAM:you\""
    #expect(try statements() == [look, grant])
    #expect(try statements() == [look])
    fixture.cloud.change { $0.mayCreate = [] }
    let renewed = try statements()
    #expect(renewed.count == 3 && renewed.first == look && renewed.last == grant)
    #expect(renewed[1].contains("\"adminUserPassword\":\"•••\""), "\(renewed[1])")
  }

  @Test(
    "changes nothing the second time",
    arguments: [CloudFixture.cluster, CloudFixture.serverless])
  func idempotence(_ text: String) throws {
    let fixture = try CloudFixture(text)
    let first = try fixture.provision()
    let file = try fixture.folder.value.read("dwh.cfg")
    fixture.cloud.forgetCalls()
    _ = fixture.takeEvents()
    #expect(try fixture.provision() == first)
    #expect(fixture.changes == ["checkip:GetAddress"].filter { !$0.contains(":Get") })
    #expect(Set(fixture.takeEvents().compactMap(\.change)) == [.kept])
    #expect(try fixture.folder.value.read("dwh.cfg") == file)
  }

  @Test("brings back what somebody changed, and tells what it does not change by itself")
  func drift() throws {
    let fixture = try CloudFixture()
    try fixture.provision()
    fixture.cloud.change { state in
      state.roles["course-s3-read"]?.trust = "{}"
      state.roles["course-s3-read"]?.policies = [:]
      state.groups["sg-course-clients"]?.rules = [
        EC2Rule(transport: "tcp", first: 5439, last: 5439, addresses: "0.0.0.0/0")
      ]
      state.parameters = [:]
      state.clusters["course"]?.values["PubliclyAccessible"] = "false"
      state.clusters["course"]?.values["NumberOfNodes"] = "4"
      state.clusters["course"]?.securityGroups = []
      state.clusters["course"]?.roles = []
    }
    _ = fixture.takeEvents()
    try fixture.provision()
    fixture.cloud.look { state in
      #expect(state.roles["course-s3-read"]?.trust.contains("redshift.amazonaws.com") == true)
      #expect(state.roles["course-s3-read"]?.policies.count == 1)
      #expect(state.groups["sg-course-clients"]?.rules.map(\.addresses) == ["203.0.113.7/32"])
      #expect(state.parameters["course-parameters"] == ["require_ssl": "true"])
      #expect(state.clusters["course"]?.values["PubliclyAccessible"] == "true")
      #expect(state.clusters["course"]?.securityGroups == ["sg-course-clients"])
      #expect(state.clusters["course"]?.roles == [RehearsedRole.arn("course-s3-read")])
      #expect(state.clusters["course"]?.values["NumberOfNodes"] == "4")
    }
    #expect(
      fixture.takeEvents().compactMap(\.warning) == [
        "it has 4 of ra3.large, and 2 of ra3.large is configured: "
          + "`sparkify cluster resize` changes that"
      ])
  }

  @Test("shuts out whoever was let in besides: other groups, prefix lists, other address families")
  func otherRules() throws {
    let fixture = try CloudFixture()
    try fixture.provision()
    func rule(_ who: String, owner: String? = nil) -> EC2Rule {
      EC2Rule(transport: "tcp", first: 5439, last: 5439, addresses: who, owner: owner)
    }
    fixture.cloud.change { state in
      state.groups["sg-course-clients"]?.rules.formUnion([
        rule("sg-0a1b2c", owner: "999999999999"), rule("pl-0a1b2c"), rule("2001:db8::/32"),
      ])
    }
    _ = fixture.takeEvents()
    try fixture.provision()
    fixture.cloud.look { state in
      #expect(state.groups["sg-course-clients"]?.rules == [rule("203.0.113.7/32")])
    }
    let told = fixture.takeEvents().compactMap { event in
      if case .finished(.access, .changed, let words) = event { words } else { nil }
    }
    #expect(told.first?.contains("pl-0a1b2c is shut out; sg-0a1b2c is shut out") == true)
  }

  @Test("takes over nothing that somebody else made")
  func foreign() throws {
    for (spoil, words): (@Sendable (inout RehearsedCloud.State) -> Void, String) in [
      ({ $0.roles["course-s3-read"]?.tags = [:] }, "the role course-s3-read"),
      ({ $0.groups["sg-course-clients"]?.tags = [:] }, "the security group course-clients"),
      ({ $0.clusters["course"]?.tags = [:] }, "the cluster course"),
      ({ $0.subnetGroups["course-subnets"]?.tags = [:] }, "the subnet group course-subnets"),
    ] {
      let fixture = try CloudFixture()
      try fixture.provision()
      fixture.cloud.change(spoil)
      fixture.cloud.forgetCalls()
      let error = #expect(throws: WarehouseError.self) { try fixture.provision() }
      #expect(error?.message == "could not take over \(words)")
      #expect(error?.kind == .configuration)
      #expect(fixture.changes.isEmpty, "\(fixture.changes)")
      // A teardown leaves it alone, too.
      _ = try? fixture.teardown()
      #expect(fixture.count > 0)
    }
  }

  @Test("waits until a cluster that blinks is steady, and gives up in the end")
  func blinking() throws {
    let fixture = try CloudFixture()
    try fixture.provision()
    fixture.cloud.change { state in
      state.clusters["course"]?.ways = [
        "available", "modifying", "available", "available", "modifying", "available",
      ]
    }
    _ = fixture.takeEvents()
    try fixture.provision()
    let looks = fixture.takeEvents().compactMap(\.look)
    #expect(
      looks == [
        "available, 1 of 3", "modifying", "available, 1 of 3", "available, 2 of 3",
      ])
    fixture.cloud.change { $0.clusters["course"]?.ways = ["maintenance"] }
    let provisioner = try fixture.provisioner(polls: 5)
    let error = #expect(throws: WarehouseError.self) {
      try provisioner.provision(Cancellation())
    }
    #expect(error?.message == "could not wait longer for the cluster course")
    #expect(error?.detail == "it is still maintenance")
  }

  @Test("refuses retired nodes and wrong networks before anything is made")
  func refusals() throws {
    let fixture = try CloudFixture()
    for (set, words) in [
      ("DWH.DWH_NODE_TYPE=dc2.large", "could not order nodes of type dc2.large"),
      ("DWH.DWH_NODE_TYPE=ra9.huge", "could not order nodes of type ra9.huge in us-west-2"),
      ("CLUSTER.DB_PORT=5500", "could not make a warehouse on port 5500"),
      ("DWH.DWH_CLUSTER_TYPE=single-node", "could not make a single-node cluster of 2 nodes"),
      ("CLUSTER.DB_PASSWORD=short", "could not use DB_PASSWORD for a Redshift warehouse"),
      ("CLUSTER.LOGIN=password", "there is no password for the warehouse"),
      ("DWH.DWH_PUBLIC=off", "could not tell who may reach a private warehouse"),
      ("DWH.DWH_CLUSTER_IDENTIFIER=a--b", "could not name a warehouse \"a--b\""),
    ] {
      let error = #expect(throws: WarehouseError.self) { try fixture.provision(set: [set]) }
      #expect(error?.message == words)
      #expect(error?.kind == .configuration)
      #expect(error?.hint != nil)
    }
    #expect(fixture.changes.isEmpty)
  }

  @Test("takes the next node type where the usual one is not offered, and no dearer one")
  func offers() throws {
    let fixture = try CloudFixture()
    fixture.cloud.change { state in
      state.nodeTypes = ["ra3.16xlarge", "ra3.4xlarge", "rg.large", "dc2.large"]
    }
    let error = #expect(throws: WarehouseError.self) { try fixture.provision() }
    #expect(error?.kind == .configuration)
    #expect(error?.detail == "there are ra3.4xlarge, ra3.16xlarge, rg.large")
    #expect(fixture.changes.isEmpty)
    fixture.cloud.change { $0.nodeTypes = ["ra3.16xlarge", "ra3.4xlarge", "ra3.xlplus"] }
    try fixture.provision()
    fixture.cloud.look { state in
      #expect(state.clusters["course"]?.values["NodeType"] == "ra3.xlplus")
    }
    let warnings = fixture.takeEvents().compactMap(\.warning)
    #expect(warnings.first?.hasPrefix("ra3.large is not offered in us-west-2") == true)
  }

  @Test("resumes a paused cluster, and waits for one that is being deleted")
  func states() throws {
    let fixture = try CloudFixture()
    try fixture.provision()
    #expect(try fixture.provisioner().pause(Cancellation()).state == .paused)
    #expect(try fixture.provisioner().pause(Cancellation()).state == .paused)
    try fixture.provision()
    fixture.cloud.look { #expect($0.clusters["course"]?.status == "available") }
    fixture.cloud.change { $0.clusters["course"]?.ways = ["deleting", "deleting", nil] }
    fixture.cloud.forgetCalls()
    try fixture.provision()
    #expect(fixture.changes.contains("redshift:CreateCluster"))
  }

  @Test("pauses, resumes, copies and resizes, and says why where it cannot")
  func lifecycle() throws {
    let fixture = try CloudFixture()
    let none = #expect(throws: WarehouseError.self) {
      try fixture.provisioner().pause(Cancellation())
    }
    #expect(none?.message == "there is no warehouse course in us-west-2")
    try fixture.provision()
    let snapshot = try fixture.provisioner().snapshot(named: "before", Cancellation())
    #expect(snapshot.status == "available")
    #expect(try fixture.provisioner().resize(nodes: 4, Cancellation()).nodeCount == 4)
    _ = fixture.takeEvents()
    fixture.cloud.forgetCalls()
    let inelastic = #expect(throws: WarehouseError.self) {
      try fixture.provisioner().resize(nodes: 1, Cancellation())
    }
    #expect(inelastic?.asksForClassicResize == true)
    #expect(inelastic?.hint?.contains("`sparkify cluster resize --classic`") == true)
    #expect(!fixture.cloud.calls.contains { $0.contains("Classic=true") })
    #expect(
      try fixture.provisioner().resize(nodes: 1, isClassic: true, Cancellation()).nodeCount == 1)
    #expect(
      fixture.takeEvents().compactMap(\.warning).first?.contains("a classic resize") == true)
    _ = try fixture.provisioner().pause(Cancellation())
    let paused = #expect(throws: WarehouseError.self) {
      try fixture.provisioner().resize(nodes: 2, Cancellation())
    }
    #expect(paused?.hint == "Run `sparkify cluster resume` first.")
    #expect(try fixture.provisioner().resume(Cancellation()).state == .available)
    let serverless = try CloudFixture(CloudFixture.serverless)
    try serverless.provision()
    #expect(try serverless.provisioner().resize(capacity: 32, Cancellation()).baseCapacity == 32)
    let unpausable = #expect(throws: WarehouseError.self) {
      try serverless.provisioner().pause(Cancellation())
    }
    #expect(unpausable?.kind == .usage)
  }

  @Test("lets nobody in by default: no address, no rule")
  func address() throws {
    let fixture = try CloudFixture(fate: { _, operation in
      operation == "GetAddress"
        ? .lost(WarehouseError(.connection, "could not find this machine's own address"))
        : .answered
    })
    let error = #expect(throws: WarehouseError.self) { try fixture.provision() }
    #expect(error?.hint?.contains("INBOUND_RULE.CIDRIP") == true)
    #expect(fixture.changes.isEmpty)
    try fixture.provision(set: ["INBOUND_RULE.CIDRIP=198.51.100.0/24"])
    fixture.cloud.look { state in
      #expect(state.groups["sg-course-clients"]?.rules.map(\.addresses) == ["198.51.100.0/24"])
    }
  }

  @Test(
    "takes one address for an address and nothing else",
    arguments: [
      ("203.0.113.7\n", "203.0.113.7/32"), ("2001:DB8::7", "2001:db8::7/128"), ("0.0.0.0", nil),
      ("0.0.0.0/0", nil), ("203.0.113.7 1.2.3.4", nil), ("<html>", nil), ("", nil), ("1.2.3", nil),
      ("256.1.1.1", nil), ("::", nil), ("1.2.3.4/0", nil), ("+1.2.3.4", nil),
    ])
  func addresses(_ text: String, _ range: String?) {
    #expect(CallerAddress.range(of: text) == range)
  }
}
