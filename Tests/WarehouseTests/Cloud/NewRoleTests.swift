import Testing

@testable import Warehouse

@Suite("A role that was made a moment ago")
struct NewRoleTests {
  /// What AWS answers to the first calls of an operation.
  private func fixture(
    _ operation: String, _ code: String, _ words: String
  ) throws -> CloudFixture {
    var refusal = WarehouseError(.server, "could not make it", detail: "\(code): \(words)")
    refusal.serviceCode = code
    let tries = Tries()
    return try CloudFixture { [refusal] _, asked in
      asked == operation && tries.next() <= 2 ? .lost(refusal) : .answered
    }
  }

  @Test(
    "is waited for, and the waiting is told",
    arguments: [
      ("InvalidParameterValue", "The IAM role arn:aws:iam::1:role/course-s3-read is not valid"),
      ("UnauthorizedOperation", "Redshift is not authorized to assume IAM Role arn:aws:iam::1"),
      ("InvalidParameterValue", "The role course-s3-read does not exist"),
    ])
  func waiting(_ code: String, _ words: String) throws {
    let fixture = try fixture("CreateCluster", code, words)
    try fixture.provision()
    let looks = fixture.takeEvents().compactMap(\.look)
    #expect(looks.count { $0 == "waiting until AWS knows the role everywhere" } == 2, "\(looks)")
  }

  @Test("is not what keeps a caller out who came by a role himself")
  func denied() throws {
    for words in [
      "User: arn:aws:sts::1:assumed-role/Admin/ana is not authorized to perform: "
        + "redshift:CreateCluster on resource: arn:aws:redshift:us-west-2:1:cluster:course",
      "arn:aws:sts::1:assumed-role/Admin/ana may not do that",
    ] {
      let fixture = try fixture("CreateCluster", "AccessDenied", words)
      let error = #expect(throws: WarehouseError.self) { try fixture.provision() }
      #expect(error?.serviceCode == "AccessDenied")
      #expect(fixture.cloud.calls.count { $0.hasPrefix("redshift:CreateCluster ") } == 1)
    }
  }
}
