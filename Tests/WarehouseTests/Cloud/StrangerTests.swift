import Testing

@testable import Warehouse

@Suite("A warehouse of the same name that somebody else made")
struct StrangerTests {
  private static func cluster(_ groups: [String] = []) -> RehearsedCluster {
    RehearsedCluster(
      values: ["NodeType": "ra3.large", "NumberOfNodes": "2", "Port": "5439"],
      securityGroups: groups, ways: ["available"])
  }

  @Test(
    "is noticed before anything is made for it",
    arguments: [CloudFixture.cluster, CloudFixture.serverless])
  func early(_ text: String) throws {
    let fixture = try CloudFixture(text)
    fixture.cloud.change { state in
      state.clusters["course"] = Self.cluster()
      state.workgroups["course"] = Self.cluster()
    }
    let error = #expect(throws: WarehouseError.self) { try fixture.provision() }
    #expect(error?.message.hasPrefix("could not take over the ") == true)
    #expect(fixture.changes == [])
  }

  @Test("is noticed when it comes between the look and the call that makes ours")
  func late() throws {
    let fixture = try CloudFixture()
    let own = try fixture.provisioner()
    let calls = Forestalled(cloud: fixture.cloud) { $0.clusters["course"] = Self.cluster() }
    let provisioner = Provisioner(
      own.plan, calls: calls, files: own.files, pace: own.pace, observe: own.observe)
    let error = #expect(throws: WarehouseError.self) { try provisioner.provision(Cancellation()) }
    #expect(error?.message == "could not take over the cluster course")
    #expect(!(try fixture.folder.value.read("dwh.cfg").contains("redshift.amazonaws.com")))
    // What was made for ours goes, and theirs stays.
    let receipt = try fixture.teardown()
    #expect(receipt.kept == ["cluster course: somebody else made it"])
    #expect(receipt.remaining == [])
    #expect(receipt.deleted.contains("role course-s3-read"))
    #expect(fixture.count == 1)
  }

  @Test("keeps what it uses, and HOST, when ours is torn down")
  func used() throws {
    let fixture = try CloudFixture()
    try fixture.provision()
    fixture.cloud.change { $0.clusters["course"]?.tags = [:] }
    let before = fixture.count
    let file = try fixture.folder.value.read("dwh.cfg")
    let receipt = try fixture.teardown()
    #expect(receipt.deleted == [])
    #expect(receipt.kept.count == before)
    #expect(receipt.remaining == [], "what stays on purpose is no remainder")
    #expect(fixture.count == before)
    #expect(try fixture.folder.value.read("dwh.cfg") == file)
  }

  @Test("is left alone on serverless, with the data that it works on")
  func serverless() throws {
    let fixture = try CloudFixture(CloudFixture.serverless)
    try fixture.provision()
    fixture.cloud.change { $0.workgroups["course"]?.tags = [:] }
    let receipt = try fixture.teardown()
    #expect(receipt.deleted == [])
    #expect(receipt.remaining == [])
    fixture.cloud.look { state in
      #expect(state.workgroups.count == 1 && state.namespaces.count == 1)
      #expect(state.roles.count == 1 && state.groups.count == 1)
    }
  }
}

/// A cloud where somebody is quicker: something happens just before a cluster is made.
private struct Forestalled: CloudCalls {
  let cloud: RehearsedCloud
  let before: @Sendable (inout RehearsedCloud.State) -> Void

  func query(
    _ service: AWSService, _ action: String, _ parameters: [(String, String)], purpose: String,
    _ cancellation: Cancellation
  ) throws(WarehouseError) -> XMLElement {
    if action == "CreateCluster" { cloud.change(before) }
    return try cloud.query(service, action, parameters, purpose: purpose, cancellation)
  }

  func json(
    _ service: AWSService, _ operation: String, _ members: [(String, JSONValue)], purpose: String,
    _ cancellation: Cancellation
  ) throws(WarehouseError) -> JSONValue {
    try cloud.json(service, operation, members, purpose: purpose, cancellation)
  }

  func callerAddress(_ cancellation: Cancellation) throws(WarehouseError) -> String {
    try cloud.callerAddress(cancellation)
  }

  func sql(
    _ statement: String, through door: CloudDoor, _ cancellation: Cancellation
  ) throws(WarehouseError) -> [[String?]] {
    try cloud.sql(statement, through: door, cancellation)
  }
}
