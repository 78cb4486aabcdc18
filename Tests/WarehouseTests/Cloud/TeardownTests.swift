import Testing

@testable import Warehouse

@Suite("Tearing a warehouse down")
struct TeardownTests {
  @Test(
    "leaves nothing but a last snapshot, and says so",
    arguments: [CloudFixture.cluster, CloudFixture.serverless])
  func everything(_ text: String) throws {
    let fixture = try CloudFixture(text)
    try fixture.provision()
    let receipt = try fixture.teardown()
    #expect(fixture.count == 0)
    #expect(receipt.remaining == [])
    #expect(receipt.snapshots.count == 1)
    #expect(receipt.snapshots.first?.name.hasPrefix("course-final-") == true)
    #expect(receipt.deleted.contains("role course-s3-read"))
    #expect(receipt.created != nil)
    #expect(try fixture.configuration().target == .embedded)
    #expect(try fixture.configuration().role.arn == nil)
  }

  @Test("lets the data go when asked, and has nothing to do the second time")
  func noSnapshot() throws {
    let fixture = try CloudFixture()
    try fixture.provision()
    #expect(try fixture.teardown(keepsSnapshot: false).snapshots == [])
    fixture.cloud.forgetCalls()
    let again = try fixture.teardown()
    #expect(again.deleted == [])
    #expect(fixture.changes == [])
  }

  @Test("waits for what is being done to the cluster, and resumes one that AWS will not copy")
  func states() throws {
    let busy = try CloudFixture()
    try busy.provision()
    busy.cloud.change {
      $0.clusters["course"]?.ways = ["modifying", "modifying", "available"]
    }
    try busy.teardown()
    #expect(busy.count == 0)
    let paused = try CloudFixture()
    try paused.provision()
    _ = try paused.provisioner().pause(Cancellation())
    paused.cloud.forgetCalls()
    try paused.teardown()
    #expect(paused.count == 0)
    #expect(paused.changes.contains("redshift:ResumeCluster"))
    let unkept = try CloudFixture()
    try unkept.provision()
    _ = try unkept.provisioner().pause(Cancellation())
    unkept.cloud.forgetCalls()
    try unkept.teardown(keepsSnapshot: false)
    #expect(!unkept.changes.contains("redshift:ResumeCluster"))
  }

  @Test("waits for a security group's network cards as long as for the cluster, and says so")
  func networkCards() throws {
    let tries = Tries()
    let refusals = CloudPace(poll: .zero).settles + 10
    let fixture = try CloudFixture { _, operation in
      operation == "DeleteSecurityGroup" && tries.next() <= refusals
        ? .lost(.refused("DependencyViolation", "it has a dependent object")) : .answered
    }
    try fixture.provision()
    #expect(try fixture.teardown(keepsSnapshot: false).remaining == [])
    #expect(fixture.count == 0)
    let looks = fixture.takeEvents().compactMap(\.look)
    #expect(looks.count { $0 == "course-clients is in use" } == refusals)
  }

  @Test("tells the console what it tells the command line: what is gone, its life, its cost")
  func receipt() throws {
    let fixture = try CloudFixture()
    try fixture.provision()
    let provisioner = try fixture.provisioner(set: ["CLUSTER.NODE_PRICE=0.5"])
    let lines = try provisioner.perform(.teardown(keepsSnapshot: true), Cancellation())
    #expect(lines.contains("deleted  cluster course"))
    #expect(lines.contains { $0.hasPrefix("stays    snapshot course-final-") })
    #expect(lines.contains { $0.hasPrefix("lived    ") && $0.hasSuffix(", 2 of ra3.large") })
    let cost = try #require(lines.first { $0.hasPrefix("cost     at most about $") })
    #expect(cost.contains("at its last size") && cost.hasSuffix("by NODE_PRICE"), "\(cost)")
    #expect(
      try fixture.provisioner().perform(.teardown(keepsSnapshot: true), Cancellation()).first
        == "deleted  nothing: there was nothing of ours any more")
  }

  @Test("names a role and a workgroup that AWS goes on showing")
  func remaining() throws {
    for (text, name) in [(CloudFixture.cluster, "role"), (CloudFixture.serverless, "workgroup")] {
      let fixture = try CloudFixture(text)
      try fixture.provision()
      let (cloud, before) = (fixture.cloud, fixture.cloud.look { $0 })
      let own = try fixture.provisioner()
      // What was deleted is shown again from the last look on.
      let provisioner = Provisioner(own.plan, calls: cloud, files: own.files, pace: own.pace) {
        guard $0 == .started(.remains) else { return }
        cloud.change { state in
          state.roles = before.roles
          state.workgroups = before.workgroups
        }
      }
      let receipt = try provisioner.teardown(keepsSnapshot: false, Cancellation())
      #expect(receipt.remaining.contains { $0.hasPrefix(name) }, "\(receipt.remaining)")
    }
  }

  @Test("keeps a role that the configuration names, and says that it stays")
  func givenRole() throws {
    let fixture = try CloudFixture()
    let arn = "arn:aws:iam::999999999999:role/theirs"
    try fixture.provision(set: ["IAM_ROLE.ARN=\(arn)"])
    fixture.cloud.look { #expect($0.roles.isEmpty) }
    let provisioner = try fixture.provisioner(set: ["IAM_ROLE.ARN=\(arn)"])
    let receipt = try provisioner.teardown(keepsSnapshot: false, Cancellation())
    #expect(
      receipt.kept == [
        "role \(arn): the configuration names it, we did not make it"
      ])
  }
}
