import Synchronization

@testable import Warehouse

/// A warehouse to be made in the rehearsed cloud, with its configuration in a folder of its own.
final class CloudFixture: Sendable {
  let folder: ScratchFolderBox
  let cloud: RehearsedCloud
  private let events = Mutex<[CloudEvent]>([])

  static let cluster = """
    # kept
    [CLUSTER]
    HOST=
    DB_NAME = dwh
    DB_USER = dwhuser

    [IAM_ROLE]
    ARN=''
    [S3]
    LOG_DATA='s3://course/log_data/'
    SONG_DATA='s3://course/song_data/'
    LOG_JSONPATH='s3://course/paths.json'
    [DWH]
    DWH_CLUSTER_IDENTIFIER=Course
    DWH_NUM_NODES=2

    """
  static let serverless = """
    [S3]
    LOG_DATA='s3://course/log_data/'
    [DWH]
    DWH_WORKGROUP=course

    """

  init(
    _ text: String = CloudFixture.cluster, looks: Int = 2,
    fate: @escaping @Sendable (Int, String) -> RehearsedCloud.Fate = { _, _ in .answered }
  ) throws {
    folder = ScratchFolderBox(try ScratchFolder())
    try folder.value.write(text, to: "dwh.cfg", mode: 0o644)
    cloud = RehearsedCloud(looks: looks, fate: fate)
  }

  func configuration(set overrides: [String] = []) throws -> Configuration {
    try Configuration.load(folder.value.options(set: overrides))
  }

  /// A provisioner of what the files say now.
  func provisioner(set overrides: [String] = [], polls: Int = 100) throws -> Provisioner {
    let configuration = try configuration(set: overrides)
    var pace = CloudPace(poll: .zero)
    pace.polls = polls
    return Provisioner(
      try CloudPlan(configuration, region: "us-west-2"), calls: cloud,
      files: CloudFiles(configuration), pace: pace,
      observe: { event in self.events.withLock { $0.append(event) } })
  }

  @discardableResult
  func provision(set overrides: [String] = []) throws -> CloudWarehouse {
    try provisioner(set: overrides).provision(Cancellation())
  }

  @discardableResult
  func teardown(keepsSnapshot: Bool = true) throws -> TeardownReceipt {
    try provisioner().teardown(keepsSnapshot: keepsSnapshot, Cancellation())
  }

  /// What was told so far; told only once.
  func takeEvents() -> [CloudEvent] {
    events.withLock { events in
      defer { events = [] }
      return events
    }
  }

  /// The operations that were asked for and change something.
  var changes: [String] {
    cloud.calls.map { String($0.prefix { $0 != " " }) }.filter { call in
      !["Get", "Describe", "List"].contains { call.contains(":" + $0) }
    }
  }

  /// How many things there are at AWS.
  var count: Int {
    cloud.look { state in
      state.roles.count + state.groups.count + state.subnetGroups.count
        + state.parameterGroups.count + state.clusters.count + state.namespaces.count
        + state.workgroups.count
    }
  }
}

/// `@unchecked`: a test's folder never changes its path, and the file system takes any thread.
struct ScratchFolderBox: @unchecked Sendable {
  let value: ScratchFolder
  init(_ value: ScratchFolder) { self.value = value }
}

extension CloudEvent {
  /// The change of a finished step.
  var change: CloudChange? {
    if case .finished(_, let change, _) = self { change } else { nil }
  }

  /// What a look found, without the time.
  var look: String? {
    guard case .progressed(_, let words) = self else { return nil }
    return words.split(separator: ",").dropLast().joined(separator: ",")
  }

  /// The words of a warning.
  var warning: String? {
    if case .warned(_, let words) = self { words } else { nil }
  }
}

/// Counts, on any thread.
final class Tries: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}
