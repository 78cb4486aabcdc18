#if DEBUG
  @testable import Console
  @testable import Warehouse

  extension ScriptedService {
    func status(_ tell: @escaping @Sendable (WarehouseStatus) -> Void) async -> WarehouseStatus {
      var status = ScriptedStatus.status(script, maxRejects: maxRejects)
      let steps = status.reachability
      status.reachability = []
      if script.isCloud { ScriptedCloud.fill(&status, cloudState) }
      for step in steps {
        tell(status)
        try? await pause(40)
        status.reachability.append(step)
      }
      return status
    }

    func createConfiguration(at path: String) async throws(WarehouseError) {}
    func otherWork() async throws(WarehouseError) -> OtherWork { OtherWork() }

    func cloudStatus() async throws(WarehouseError) -> CloudStatus? {
      var status = ScriptedStatus.status(script, maxRejects: maxRejects)
      if script.isCloud { ScriptedCloud.fill(&status, cloudState) }
      return status.cloud
    }

    func change(
      _ operation: CloudOperation, observer: @escaping CloudObserver
    ) async throws(WarehouseError) -> [String] {
      do {
        return try await play(operation, observer)
      } catch let error as WarehouseError {
        throw error
      } catch {
        throw .cancelled
      }
    }

    private func play(
      _ operation: CloudOperation, _ observer: CloudObserver
    ) async throws -> [String] {
      for (step, words, note) in ScriptedCloud.steps(operation) {
        observer(.started(step))
        for word in words {
          observer(.progressed(step, word))
          try await pause(700)
        }
        if script.isFailing, step == .cluster {
          let error = ScriptedCloud.failure
          observer(.failed(step, error))
          throw error
        }
        observer(.finished(step, ScriptedCloud.change(operation), note))
      }
      setCloudState(operation == .pause ? .paused : .available)
      if case .teardown = operation { return ScriptedCloud.receipt }
      return ["sparkify-dwh is \(cloudState.word)"]
    }
  }

  /// A cluster that is made up.
  enum ScriptedCloud {
    static let failure = WarehouseError(
      .server, "could not make the cluster sparkify-dwh",
      detail: "InsufficientClusterCapacity: there are no nodes of this type now",
      hint: "Try again later, or with another type of node.")

    static let receipt = [
      "deleted  cluster sparkify-dwh", "deleted  role sparkify-dwh-s3-read",
      "lived    1 h 30 min, 2 of ra3.large",
      "cost     at most about $1.63 at its last size, without storage: 2 × ra3.large at $0.543 an "
        + "hour; list price of March 2026",
    ]

    static func change(_ operation: CloudOperation) -> CloudChange {
      if case .teardown = operation { return .removed }
      return operation == .provision ? .made : .changed
    }

    static func steps(
      _ operation: CloudOperation
    ) -> [(step: CloudStep, words: [String], note: String)] {
      switch operation {
      case .provision:
        [
          (.identity, [], "account 123456789012 as arn:aws:iam::123456789012:user/ana"),
          (.network, [], "3 subnets of vpc-0a1b2c3d; 203.0.113.7/32 comes in"),
          (.access, [], "sparkify-dwh-clients lets 203.0.113.7/32 in on port 5439"),
          (.role, [], "arn:aws:iam::123456789012:role/sparkify-dwh-s3-read"),
          (.parameters, [], "encrypted connections only"),
          (.password, [], "written into dwh_local.cfg"),
          (
            .cluster, ["creating, 0 s", "creating, 15 s", "available, 1 of 3, 30 s"],
            "sparkify-dwh, 2 of ra3.large"
          ),
          (.configuration, [], "HOST and ARN written into dwh.cfg"),
        ]
      case .snapshot: [(.snapshot, ["creating, 0 s"], "sparkify-dwh-snapshot-20181130-200000")]
      case .teardown:
        [
          (.cluster, ["final-snapshot, 0 s", "deleting, 15 s"], "sparkify-dwh is gone"),
          (.role, [], "sparkify-dwh-s3-read is gone"), (.remains, [], "nothing is left"),
        ]
      case .pause: [(.cluster, ["pausing, 0 s", "pausing, 15 s"], "sparkify-dwh is paused")]
      case .resume: [(.cluster, ["resuming, 0 s"], "sparkify-dwh is available")]
      case .resize(let count, _):
        [(.cluster, ["resizing, 0 s"], "sparkify-dwh has \(count) nodes")]
      }
    }

    static func fill(_ status: inout WarehouseStatus, _ state: CloudState) {
      status.cloudName = .cluster("sparkify-dwh")
      status.cloudPlan =
        "sparkify-dwh: 2 × ra3.large in us-west-2, $1.086 an hour (list price of March 2026)"
      status.pauseAfter = .seconds(1800)
      status.cloud = CloudStatus(
        name: .cluster("sparkify-dwh"), region: "us-west-2", subject: .cluster(cluster(state)),
        snapshots: [
          CloudSnapshot(
            name: "sparkify-dwh-snapshot-20181129-170000", source: "sparkify-dwh",
            status: "available", isManual: true, created: made, bytes: 412_000_000)
        ],
        price: CloudPrice(
          nodeType: "ra3.large", nodes: 2, region: "us-west-2", configured: nil))
    }

    private static let made = Timestamp(milliseconds: Timestamp.now().milliseconds - 9_000_000)

    private static func cluster(_ state: CloudState) -> CloudCluster {
      CloudCluster(
        name: "sparkify-dwh", state: state, nodeType: "ra3.large", nodeCount: 2,
        endpoint: CloudEndpoint(
          host: "sparkify-dwh.c1a2b3d4e5f6.us-west-2.redshift.amazonaws.com", port: 5439),
        database: "sparkify", user: "sparkify", created: made, isEncrypted: true, isPublic: true,
        snapshotDays: 1, network: "vpc-0a1b2c3d", securityGroups: ["sg-0a1b2c3d"],
        parameterGroups: [], subnetGroup: nil,
        roles: [
          CloudClusterRole(
            arn: "arn:aws:iam::123456789012:role/sparkify-dwh-s3-read", status: "in-sync")
        ], tags: [:], pending: [], resizePercent: nil)
    }
  }
#endif
