import Testing

@testable import Warehouse

@Suite("Where the warehouse of a configuration is")
struct PlaceTests {
  private static let host = "reg.c1a2b3.us-west-2.redshift.amazonaws.com"

  private func configuration(
    _ folder: ScratchFolder, host: String = PlaceTests.host, set overrides: [String] = [],
    environment: [String: String] = [:]
  ) throws -> Configuration {
    try folder.write(
      "[CLUSTER]\nHOST=\(host)\n[DWH]\nDWH_CLUSTER_IDENTIFIER=Reg\n", to: "dwh.cfg", mode: 0o644)
    return try Configuration.load(folder.options(set: overrides, environment: environment))
  }

  @Test("is told by HOST before anything but a flag, for all that is asked of AWS")
  func region() throws {
    let folder = try ScratchFolder()
    for environment in [[:], ["AWS_REGION": "eu-west-1"]] {
      let configuration = try configuration(folder, environment: environment)
      #expect(CloudName.settings(configuration).region == "us-west-2")
      #expect(try Provisioner(configuration).plan.region == "us-west-2")
      #expect(try CloudPolicies(configuration).operator.contains(":us-west-2:"))
      _ = try CloudDryRun(configuration, from: .nothing) { provisioner throws(WarehouseError) in
        #expect(provisioner.plan.region == "us-west-2")
      }
    }
  }

  @Test("is not known where a flag says another region than HOST: nothing is begun")
  func flag() throws {
    let folder = try ScratchFolder()
    let same = try configuration(folder, set: ["AWS.REGION=us-west-2"])
    #expect(try Provisioner(same).plan.region == "us-west-2")
    let other = try configuration(folder, set: ["AWS.REGION=eu-west-1"])
    let error = #expect(throws: WarehouseError.self) { try Provisioner(other) }
    #expect(error?.kind == .configuration)
    #expect(error?.detail?.contains("eu-west-1") == true)
    #expect(error?.detail?.contains("HOST is in us-west-2") == true)
    #expect(throws: WarehouseError.self) { try CloudPolicies(other) }
    #expect(throws: WarehouseError.self) {
      try CloudDryRun(other, from: .nothing) { _ throws(WarehouseError) in }
    }
  }

  @Test("is the configured one where HOST is another warehouse's")
  func otherHost() throws {
    let folder = try ScratchFolder()
    let configuration = try configuration(
      folder, host: "old.c1a2b3.eu-west-1.redshift.amazonaws.com",
      set: ["AWS.REGION=ap-northeast-1"])
    #expect(try Provisioner(configuration).plan.region == "ap-northeast-1")
  }

  @Test("is written down with HOST, also when a flag said it")
  func written() throws {
    let fixture = try CloudFixture()
    try fixture.provision(set: ["AWS.REGION=us-west-2"])
    #expect(try fixture.folder.value.read("dwh.cfg").contains("[AWS]\nREGION=us-west-2\n"))
    #expect(try fixture.configuration().aws.region == "us-west-2")
    #expect(fixture.takeEvents().compactMap(\.warning) == [])
    let file = try fixture.folder.value.read("dwh.cfg")
    try fixture.provision(set: ["AWS.REGION=us-west-2"])
    #expect(try fixture.folder.value.read("dwh.cfg") == file)
  }

  @Test("is asked for before a teardown that finds no cluster touches the role of another account")
  func teardown() throws {
    let fixture = try CloudFixture()
    try fixture.provision()
    fixture.cloud.change { $0.clusters = [:] }
    let text = CloudFixture.cluster.split(separator: "\n", omittingEmptySubsequences: false)
      .map {
        $0 == "ARN=''" ? "ARN='arn:aws:iam::999999999999:role/course-s3-read'" : String($0)
      }.joined(separator: "\n")
    try fixture.folder.value.write(text, to: "dwh.cfg", mode: 0o644)
    fixture.cloud.forgetCalls()
    let error = #expect(throws: WarehouseError.self) { try fixture.teardown() }
    #expect(error?.message == "could not find the warehouse course to tear it down")
    #expect(error?.detail?.contains("the account 999999999999") == true)
    #expect(fixture.changes == [])
    #expect(try fixture.folder.value.read("dwh.cfg") == text)
  }
}
