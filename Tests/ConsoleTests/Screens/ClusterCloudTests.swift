import Testing

@testable import Console
@testable import Warehouse

@Suite("The Cluster screen and the cloud")
struct ClusterCloudTests {
  /// An hour and a half before the harness's moment.
  private static let made = Timestamp(milliseconds: 1_543_608_000_000 - 5_400_000)

  static func cluster(_ state: CloudState) -> CloudCluster {
    CloudCluster(
      name: "dwh", state: state, nodeType: "ra3.large", nodeCount: 2,
      endpoint: CloudEndpoint(host: "dwh.example.com", port: 5439), database: "sparkify",
      user: "sparkify", created: made, isEncrypted: true, isPublic: true, snapshotDays: 1,
      network: "vpc-1", securityGroups: ["sg-1"], parameterGroups: [], subnetGroup: nil,
      roles: [CloudClusterRole(arn: "arn:aws:iam::1:role/reader", status: "in-sync")], tags: [:],
      pending: [], resizePercent: nil)
  }

  static func status(_ state: CloudState?) -> WarehouseStatus {
    var status = WarehouseStatus(
      configuration: [], facts: [ServerFact(label: "user", value: "sparkify")],
      reachability: [
        ReachabilityStep(name: "AWS", outcome: .passed, detail: "account 1"),
        ReachabilityStep(
          name: "network", outcome: .warning, detail: "no rule lets you in",
          remedy: "Run it again."),
      ], maxRejects: 0, configurationPath: nil)
    status.cloudName = .cluster("dwh")
    status.cloudPlan = "dwh: 2 × ra3.large in us-west-2, $1.086 an hour"
    status.pauseAfter = .seconds(1800)
    status.cloud = CloudStatus(
      name: .cluster("dwh"), region: "us-west-2",
      subject: state.map { .cluster(cluster($0)) } ?? .missing, snapshots: [],
      price: state.flatMap { _ in
        CloudPrice(nodeType: "ra3.large", nodes: 2, region: "us-west-2", configured: nil)
      })
    return status
  }

  private func harness(_ state: CloudState? = .available, columns: Int = 100) -> Harness {
    var harness = Harness(columns: columns, rows: 30)
    harness.press("1")
    _ = harness.model.refreshStatus()
    harness.answer(.statusLoaded(4, Self.status(state)))
    return harness
  }

  @Test("shows how the cluster stands, what it costs, and when it will be paused")
  func facts() {
    var harness = harness(columns: 140)
    let text = harness.text
    #expect(text.contains("available · dwh"))
    #expect(text.contains("2 × ra3.large in us-west-2"))
    #expect(text.contains("$1.086 an hour"))
    #expect(text.contains("at most $1.63 at today's size"))
    #expect(text.contains("30:00 without use"))
    #expect(text.contains("! warning  network"))
    #expect(text.contains("→ Run it again."))
    harness.wait(.seconds(60))
    #expect(harness.text.contains("29:00 without use"))
    #expect(harness.text.contains("at most $1.65"))
  }

  @Test("a run that may have made or resumed the warehouse is followed by a new connection")
  func connectingAgain() {
    for (state, isConnecting) in [(nil, true), (.paused, true), (.available, false)]
      as [(CloudState?, Bool)]
    {
      var harness = harness(state)
      harness.press("2", "a")
      let effects = harness.answer(.runEnded(.succeeded))
      let connects = effects.contains { if case .connect = $0 { true } else { false } }
      #expect(connects == isConnecting)
    }
  }

  @Test("shows each step of the check as soon as it is known, and old ones until then")
  func growing() {
    var harness = harness()
    #expect(harness.press("r") == [.loadStatus(5)])
    #expect(harness.text.contains("checking …"))
    var part = Self.status(.paused)
    part.reachability = [
      ReachabilityStep(name: "AWS", outcome: .failed, detail: "no keys", remedy: "Set some.")
    ]
    part.facts = []
    harness.answer(.cluster(.statusGrew(5, part)))
    #expect(harness.text.contains("no keys"))
    #expect(harness.text.contains("no rule lets you in"))
    #expect(harness.text.contains("paused · dwh"))
    #expect(harness.model.cluster.status.isLoading)
    harness.answer(.cluster(.statusGrew(4, Self.status(.available))))
    #expect(harness.text.contains("no keys"))
  }

  @Test("pauses with one key, shows the steps, and says that nothing is connected then")
  func pausing() {
    var harness = harness()
    #expect(harness.press("z") == [])
    #expect(harness.text.contains("those of others too"))
    #expect(harness.press("y") == [.cluster(.change(.pause))])
    harness.answer(.cluster(.event(.started(.cluster))))
    harness.answer(.cluster(.event(.progressed(.cluster, "pausing, 15 s"))))
    harness.wait(.seconds(15))
    #expect(harness.text.contains("Pause"))
    #expect(harness.text.contains("00:15 elapsed"))
    #expect(harness.text.contains("▶ running  cluster  pausing, 15 s"))
    #expect(harness.press("z") == [])
    #expect(harness.text.contains("pause goes on; c cancels it"))
    harness.answer(.cluster(.event(.finished(.cluster, .changed, "dwh is paused"))))
    #expect(harness.answer(.cluster(.changed(.success(["dwh is paused"])))) == [.loadStatus(5)])
    #expect(harness.text.contains("✓ changed  cluster  dwh is paused"))
    #expect(harness.text.contains("✗ not connected"))
    harness.answer(.statusLoaded(5, Self.status(.paused)))
    harness.press(.escape, .escape)
    #expect(harness.text.contains("Reachability"))
    harness.press("u")
    #expect(harness.text.contains("It costs $1.086 an hour from then on."))
    #expect(harness.press("y") == [.cluster(.change(.resume))])
  }

  @Test("shows what is being done beside how things stand, in little room too")
  func frame() {
    var harness = Harness(columns: 80, rows: 24)
    harness.press("1")
    _ = harness.model.refreshStatus()
    harness.answer(.statusLoaded(4, Self.status(nil)))
    harness.press("p", "y")
    harness.answer(.cluster(.event(.started(.identity))))
    harness.answer(.cluster(.event(.finished(.identity, .kept, "account 1"))))
    harness.answer(.cluster(.event(.started(.cluster))))
    harness.answer(.cluster(.event(.progressed(.cluster, "creating"))))
    harness.wait(.seconds(75))
    #expect(harness.row(1).hasSuffix("┌─ Provision ────────── 01:15 elapsed ─┐"))
    #expect(harness.row(2).hasSuffix("│ ✓ kept     identity  account 1       │"))
    #expect(harness.row(3).hasSuffix("│ ▶ running  cluster   creating        │"))
  }

  @Test("asks before it makes what costs, and reads the configuration again afterwards")
  func provisioning() {
    var harness = harness(nil, columns: 140)
    #expect(harness.text.contains("there is no cluster dwh in us-west-2"))
    #expect(harness.press("p") == [])
    #expect(harness.text.contains("$1.086 an hour"))
    #expect(harness.press("y") == [.cluster(.change(.provision))])
    harness.answer(.cluster(.event(.started(.role))))
    harness.answer(.cluster(.event(.warned(.role, "it may read nothing"))))
    #expect(harness.text.contains("! it may read nothing"))
    let done: Message = .cluster(.changed(.success(["dwh answers"])))
    #expect(harness.answer(done) == [.reloadConfiguration])
    #expect(harness.press("p") == [])
    #expect(harness.press(.escape) == [])
    #expect(harness.model.cluster.operation != nil)
  }

  @Test("says what failed and where, and asks AWS again how things stand")
  func failing() {
    var harness = harness(nil, columns: 140)
    harness.press("p", "y")
    harness.answer(.cluster(.event(.started(.cluster))))
    let error = WarehouseError(
      .server, "could not make the cluster", detail: "InsufficientClusterCapacity",
      hint: "Try later.")
    harness.answer(.cluster(.event(.failed(.cluster, error))))
    #expect(harness.answer(.cluster(.changed(.failure(error)))) == [.loadStatus(5)])
    #expect(harness.text.contains("✗ failed · Esc closes"))
    harness.press(.enter)
    #expect(harness.text.contains("InsufficientClusterCapacity"))
    #expect(harness.text.contains("→ Try later."))
  }

  @Test("cancels the waiting")
  func cancelling() {
    var harness = harness()
    harness.press("z", "y")
    harness.answer(.cluster(.event(.started(.cluster))))
    #expect(harness.press("c") == [.cluster(.cancelChange)])
    #expect(harness.text.contains("stopping"))
    harness.answer(.cluster(.changed(.failure(.cancelled))))
    #expect(harness.text.contains("■ stopped · Esc closes"))
    #expect(harness.text.contains("■ stopped  cluster"))
  }

  @Test("tears down only after the name was typed, and keeps a snapshot unless told not to")
  func tearingDown() {
    var harness = harness()
    harness.press("D")
    harness.type("dw")
    #expect(harness.press(.enter) == [])
    #expect(harness.text.contains("Type dwh, or Esc leaves it."))
    harness.type("h")
    #expect(harness.press(.enter) == [.cluster(.change(.teardown(keepsSnapshot: true)))])
    harness.answer(.cluster(.changed(.failure(.cancelled))))
    harness.press("D")
    harness.type("dwh")
    harness.press(.down, .right)
    #expect(harness.press(.enter) == [.cluster(.change(.teardown(keepsSnapshot: false)))])
  }

  @Test("shows the receipt of a teardown as a text, and as a line where something else is read")
  func receipt() {
    let lines = ["deleted  cluster dwh", "cost     at most about $3.26"]
    var harness = harness()
    harness.press("D")
    harness.type("dwh")
    harness.press(.enter)
    let done: Message = .cluster(.changed(.success(lines)))
    #expect(harness.answer(done) == [.reloadConfiguration])
    #expect(harness.text.contains("Receipt"))
    #expect(lines.allSatisfy { harness.text.contains($0) })
    harness.press(.escape)
    #expect(!harness.text.contains("$3.26"))
    harness.press("D")
    harness.type("dwh")
    harness.press(.enter, "?")
    harness.answer(done)
    #expect(!harness.text.contains("Receipt"))
    #expect(harness.model.notice == .info(lines.joined(separator: "; ")))
  }

  @Test("resizes to a number of nodes")
  func resizing() {
    var harness = harness()
    harness.press("w")
    harness.type("x")
    #expect(harness.press(.enter) == [])
    harness.press(.backspace)
    harness.type("4")
    #expect(harness.press(.enter) == [.cluster(.change(.resize(4)))])
  }

  @Test("asks before a classic resize, which takes hours, and only where nothing else will do")
  func classicResize() {
    var harness = harness()
    harness.press("w")
    harness.type("1")
    harness.press(.enter)
    harness.answer(.cluster(.changed(.failure(WarehouseError(.server, "no", hint: "Wait.")))))
    #expect(!harness.text.contains("No elastic resize"))
    var error = WarehouseError(.server, "could not resize the cluster dwh elastically")
    error.serviceCode = "UnsupportedOperation"
    harness.press(.escape, "w")
    harness.type("1")
    harness.press(.enter)
    harness.answer(.cluster(.changed(.failure(error))))
    #expect(harness.text.contains("No elastic resize"), "\(harness.text)")
    #expect(harness.press("c") == [.cluster(.change(.resize(1, isClassic: true)))])
    harness.answer(.cluster(.changed(.failure(error))))
    #expect(!harness.text.contains("No elastic resize"))
  }

  @Test("says why a key cannot work: no cloud, another state, a run")
  func refusals() {
    var embedded = Harness(columns: 100, rows: 30)
    embedded.press("1", "z")
    #expect(embedded.text.contains("no warehouse in the cloud is configured"))
    var paused = harness(.paused)
    #expect(paused.press("z") == [])
    #expect(paused.text.contains("it is paused"))
    #expect(!paused.row(29).contains("z pause"))
    #expect(paused.row(29).contains("u resume"))
    var running = harness()
    running.press("2", "a", "1", "D")
    #expect(running.text.contains("a run goes on"))
    var missing = harness(nil)
    #expect(missing.press("z") == [])
    #expect(missing.text.contains("p provisions it"))
    // What hung on it may still be there.
    missing.press("D")
    #expect(missing.text.contains("Tear down dwh"))
    missing.type("dwh")
    #expect(missing.press(.enter) == [.cluster(.change(.teardown(keepsSnapshot: true)))])
  }

  @Test("pauses what nobody uses, and counts anew with every key")
  func pauseAfter() {
    var harness = harness()
    harness.wait(.seconds(1799))
    #expect(harness.effects == [])
    harness.press("+")
    harness.wait(.seconds(1799))
    #expect(harness.effects == [])
    harness.wait(.seconds(1))
    #expect(harness.effects == [.cluster(.findWork(1))])
    harness.wait(.seconds(10))
    #expect(harness.effects == [])
    #expect(
      harness.answer(.cluster(.workFound(1, .success(OtherWork()))))
        == [.cluster(.change(.pause))])
    harness.wait(.seconds(3600))
    #expect(harness.effects == [])
  }

  @Test("pauses nothing that others use, or that cannot be asked, and says so")
  func pauseAfterOthers() {
    var run = OtherWork()
    run.isRunGoingOn = true
    var session = OtherWork()
    session.sessions = [17: "ana"]
    let lost = WarehouseError(.connection, "could not connect")
    for (answer, words) in [
      (.success(run), "not paused, a run goes on elsewhere"),
      (.success(session), "not paused, another session works: ana"),
      (.failure(lost), "not paused, could not see whether others work: could not connect"),
    ] as [(Result<OtherWork, WarehouseError>, String)] {
      var harness = harness(columns: 140)
      harness.wait(.seconds(1800))
      #expect(harness.answer(.cluster(.workFound(1, answer))) == [])
      #expect(harness.text.contains(words), "\(harness.text)")
      harness.wait(.seconds(1799))
      #expect(harness.effects == [])
      harness.wait(.seconds(1))
      #expect(harness.effects == [.cluster(.findWork(2))])
      // Somebody is here again.
      harness.press("+")
      #expect(harness.answer(.cluster(.workFound(2, .success(OtherWork())))) == [])
    }
  }

  @Test("takes a file that is written, a table and a source that are read for work")
  func pauseAfterAtWork() {
    let begin: [(inout Harness) -> Void] = [
      { harness in
        harness.model.export = ExportProgress(
          id: 1, request: ExportRequest(source: .text("x"), path: "/tmp/x.csv"), since: .zero)
      },
      { $0.press("3") },
      { $0.press("6") },
    ]
    for begin in begin {
      var harness = harness()
      begin(&harness)
      harness.wait(.seconds(1800))
      #expect(!harness.effects.contains(.cluster(.findWork(1))))
      #expect(harness.text.contains("Nobody uses the cluster"), "\(harness.text)")
    }
  }

  @Test("asks before it pauses what still works, and takes later for an answer")
  func pauseAfterWhileRunning() {
    var harness = harness()
    harness.press("2", "a")
    harness.wait(.seconds(1800))
    #expect(harness.effects == [])
    #expect(harness.text.contains("Nobody uses the cluster"))
    harness.press(.escape)
    harness.wait(.seconds(1799))
    #expect(!harness.text.contains("Nobody uses the cluster"))
    harness.wait(.seconds(1))
    #expect(harness.press("p") == [.cluster(.change(.pause))])
  }

  @Test(
    "follows a warehouse on its way by itself, while it is shown, and connects when it is there")
  func followingByItself() {
    var harness = harness(.changing("creating"))
    harness.press("2")
    harness.wait(.seconds(60))
    #expect(harness.effects == [])
    harness.press("1")
    harness.answer(.statusLoaded(5, Self.status(.changing("creating"))))
    harness.wait(.seconds(10))
    #expect(harness.effects == [.cluster(.look(1))])
    harness.wait(.seconds(60))
    #expect(harness.effects == [])
    let problem = WarehouseError(.connection, "could not ask")
    #expect(harness.answer(.cluster(.looked(1, .failure(problem)))) == [])
    harness.wait(.seconds(10))
    #expect(harness.effects == [.cluster(.look(2))])
    let there = Self.status(.available).cloud
    #expect(harness.answer(.cluster(.looked(1, .success(there)))) == [])
    #expect(harness.answer(.cluster(.looked(2, .success(there)))) == [.connect(2), .loadStatus(6)])
    #expect(harness.text.contains("dwh is available"))
    #expect(harness.text.contains("available · dwh"))
    harness.answer(.statusLoaded(6, Self.status(.available)))
    harness.wait(.seconds(60))
    #expect(harness.effects == [])

    var pausing = self.harness(.changing("pausing"))
    pausing.wait(.seconds(10))
    #expect(
      pausing.answer(.cluster(.looked(1, .success(Self.status(.paused).cloud))))
        == [.loadStatus(5)])
    #expect(pausing.text.contains("✗ not connected"))
  }

  @Test("reminds at the end that the cluster costs, and pauses it on the way out")
  func leaving() {
    var harness = harness()
    harness.press("q")
    #expect(harness.text.contains("It costs $1.086 an hour until it is paused."))
    #expect(harness.text.contains("counts in an open console alone."))
    harness.press(.escape)
    #expect(harness.model.exitStatus == nil)
    harness.press("q", "q")
    #expect(harness.model.exitStatus == 0)

    var pausing = self.harness()
    pausing.press(.control("c"))
    #expect(pausing.press("p") == [.cluster(.change(.pause))])
    pausing.answer(.cluster(.event(.started(.cluster))))
    #expect(pausing.model.exitStatus == nil)
    pausing.answer(.cluster(.event(.progressed(.cluster, "pausing, 0 s"))))
    #expect(pausing.model.exitStatus == 0)

    var paused = self.harness(.paused)
    paused.press("q")
    #expect(paused.model.exitStatus == 0)
  }
}
