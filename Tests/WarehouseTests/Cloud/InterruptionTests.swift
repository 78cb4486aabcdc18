import Testing

@testable import Warehouse

/// What may happen to any one call.
enum Mishap: String, CaseIterable {
  /// It does not arrive.
  case lost
  /// It is done, and the answer does not come.
  case unheard
  /// AWS refuses it.
  case refused

  var fate: RehearsedCloud.Fate {
    let cut = WarehouseError(.connection, "the connection was cut")
    switch self {
    case .lost: return .lost(cut)
    case .unheard: return .unheard(cut)
    case .refused:
      var refusal = WarehouseError(.server, "could not do it", detail: "AccessDenied: no")
      refusal.serviceCode = "AccessDenied"
      return .lost(refusal)
    }
  }
}

@Suite("Provisioning that is interrupted")
struct InterruptionTests {
  /// A fixture in which one call goes wrong, the one of this number.
  private func fixture(
    _ text: String, _ mishap: Mishap, at number: Int
  ) throws -> CloudFixture {
    try CloudFixture(text, looks: 1) { made, _ in made == number ? mishap.fate : .answered }
  }

  /// How many calls a whole life takes.
  private func calls(
    _ text: String, _ body: (CloudFixture) throws -> Void
  ) throws -> Int {
    let fixture = try CloudFixture(text, looks: 1)
    try body(fixture)
    return fixture.cloud.calls.count
  }

  @Test(
    "is finished by the next run, whichever call it was",
    arguments: [CloudFixture.cluster, CloudFixture.serverless], Mishap.allCases)
  func provisioning(_ text: String, _ mishap: Mishap) throws {
    let whole = try CloudFixture(text, looks: 1)
    let expected = try whole.provision()
    let file = try whole.folder.value.read("dwh.cfg")
    for number in 1...whole.cloud.calls.count {
      let fixture = try fixture(text, mishap, at: number)
      do {
        // Some calls can fail without harm: what they ask has a usual answer.
        try fixture.provision()
      } catch let error as WarehouseError {
        #expect(error.hint != nil, "call \(number): \(error)")
      }
      #expect(try fixture.provision() == expected, "call \(number)")
      #expect(fixture.count == whole.count, "call \(number)")
      #expect(try fixture.folder.value.read("dwh.cfg") == file)
    }
  }

  @Test(
    "leaves nothing that a teardown does not find, whichever call it was",
    arguments: [CloudFixture.cluster, CloudFixture.serverless], Mishap.allCases)
  func teardownAfterwards(_ text: String, _ mishap: Mishap) throws {
    for number in 1...(try calls(text) { try $0.provision() }) {
      let fixture = try fixture(text, mishap, at: number)
      _ = try? fixture.provision()
      #expect(try fixture.teardown().remaining == [])
      #expect(fixture.count == 0, "call \(number)")
    }
  }

  @Test(
    "is finished by the next teardown, whichever call it was",
    arguments: [CloudFixture.cluster, CloudFixture.serverless], Mishap.allCases)
  func teardown(_ text: String, _ mishap: Mishap) throws {
    let made = try calls(text) { try $0.provision() }
    let all = try calls(text) { fixture in
      try fixture.provision()
      try fixture.teardown()
    }
    for number in (made + 1)...all {
      let fixture = try fixture(text, mishap, at: number)
      try fixture.provision()
      _ = try? fixture.teardown()
      #expect(try fixture.teardown().remaining == [], "call \(number)")
      #expect(fixture.count == 0, "call \(number)")
      fixture.cloud.look { state in #expect(state.snapshots.count == 1, "call \(number)") }
      #expect(try fixture.configuration().server.host == nil)
      #expect(try fixture.configuration().role.arn == nil)
    }
  }

  @Test("succeeds although the answer to any one call is lost and the call is made again")
  func lostAnswers() throws {
    typealias Work = (Provisioner) throws -> Void
    let works: [(name: String, before: Work, work: Work)] = [
      ("resize", { _ in }, { _ = try $0.resize(nodes: 3, Cancellation()) }),
      ("pause", { _ in }, { _ = try $0.pause(Cancellation()) }),
      (
        "resume", { _ = try $0.pause(Cancellation()) }, { _ = try $0.resume(Cancellation()) }
      ),
      ("snapshot", { _ in }, { _ = try $0.snapshot(named: "copy", Cancellation()) }),
      ("teardown", { _ in }, { _ = try $0.teardown(keepsSnapshot: true, Cancellation()) }),
    ]
    for (name, before, work) in works {
      let whole = try CloudFixture(looks: 2)
      try whole.provision()
      try before(whole.provisioner())
      let first = whole.cloud.look { $0.made } + 1
      try work(whole.provisioner())
      for number in first...whole.cloud.look({ $0.made }) {
        let fixture = try CloudFixture(looks: 2) { made, _ in
          made == number ? Mishap.unheard.fate : .answered
        }
        try fixture.provision()
        try before(fixture.provisioner())
        let own = try fixture.provisioner()
        let provisioner = Provisioner(
          own.plan, calls: InsistentCalls(cloud: fixture.cloud), files: own.files, pace: own.pace,
          observe: { _ in })
        #expect(throws: Never.self, "\(name), call \(number)") { try work(provisioner) }
        #expect(!fixture.cloud.calls.contains { $0.contains("Classic=true") })
        let snapshots = ["snapshot", "teardown"].contains(name) ? 1 : 0
        fixture.cloud.look { #expect($0.snapshots.count == snapshots, "\(name), call \(number)") }
      }
    }
  }

  @Test("bears a network that is away while it waits, and ends when nobody answers for long")
  func silence() throws {
    let cut = WarehouseError(.connection, "the connection was cut")
    let whole = try CloudFixture(looks: 3)
    try whole.provision()
    // The looks at a cluster that is being made: after the call that makes it.
    let made = try #require(
      whole.cloud.calls.firstIndex { $0.hasPrefix("redshift:CreateCluster ") })
    let short = try CloudFixture(looks: 3) { number, _ in
      (made + 2..<made + 22).contains(number) ? .lost(cut) : .answered
    }
    try short.provision()
    let told = CloudEvent.progressed(.cluster, "AWS does not answer: the connection was cut")
    #expect(short.takeEvents().count { $0 == told } == 20)
    let long = try CloudFixture(looks: 3) { number, _ in number > made + 1 ? .lost(cut) : .answered
    }
    let error = #expect(throws: WarehouseError.self) { try long.provision() }
    #expect(error?.kind == .connection)
    #expect(long.cloud.calls.count == made + 22)
  }

  @Test("stops at once when somebody asks, and goes on later")
  func cancelling() throws {
    for number in 1...(try calls(CloudFixture.cluster) { try $0.provision() }) {
      let cancellation = Cancellation()
      let fixture = try CloudFixture(looks: 1) { made, _ in
        if made == number { cancellation.cancel() }
        return .answered
      }
      do {
        try fixture.provisioner().provision(cancellation)
      } catch let error as WarehouseError {
        #expect(error == .cancelled)
        #expect(fixture.cloud.calls.count == number)
      }
      try fixture.provision()
      #expect(fixture.count == 5)
    }
  }
}

/// Makes a call again whose answer was lost, as the client for AWS does.
private struct InsistentCalls: CloudCalls {
  let cloud: RehearsedCloud

  func query(
    _ service: AWSService, _ action: String, _ parameters: [(String, String)], purpose: String,
    _ cancellation: Cancellation
  ) throws(WarehouseError) -> XMLElement {
    try insist { () throws(WarehouseError) in
      try cloud.query(service, action, parameters, purpose: purpose, cancellation)
    }
  }

  func json(
    _ service: AWSService, _ operation: String, _ members: [(String, JSONValue)], purpose: String,
    _ cancellation: Cancellation
  ) throws(WarehouseError) -> JSONValue {
    try insist { () throws(WarehouseError) in
      try cloud.json(service, operation, members, purpose: purpose, cancellation)
    }
  }

  func callerAddress(_ cancellation: Cancellation) throws(WarehouseError) -> String {
    try insist { () throws(WarehouseError) in try cloud.callerAddress(cancellation) }
  }

  func sql(
    _ statement: String, through door: CloudDoor, _ cancellation: Cancellation
  ) throws(WarehouseError) -> [[String?]] {
    try cloud.sql(statement, through: door, cancellation)
  }

  private func insist<Answer>(
    _ call: () throws(WarehouseError) -> Answer
  ) throws(WarehouseError) -> Answer {
    do throws(WarehouseError) {
      return try call()
    } catch {
      guard error.kind == .connection else { throw error }
      return try call()
    }
  }
}
