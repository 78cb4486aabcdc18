import Warehouse

/// What the Cluster screen asks.
protocol ClusterService: Sendable {
  /// What the Cluster screen shows. Never throws: what could not be told is a verdict in it.
  ///
  /// - Parameter tell: hears the status as far as it is known, each time that more is.
  func status(_ tell: @escaping @Sendable (WarehouseStatus) -> Void) async -> WarehouseStatus

  /// Writes the shipped example as a new configuration file.
  func createConfiguration(at path: String) async throws(WarehouseError)

  /// How the warehouse in the cloud stands; nil when the configuration is about none.
  func cloudStatus() async throws(WarehouseError) -> CloudStatus?

  /// What others do on the warehouse now.
  func otherWork() async throws(WarehouseError) -> OtherWork

  /// Does something to the warehouse in the cloud. Cancelling stops the waiting; AWS goes on with
  /// what it was asked for.
  ///
  /// - Returns: what came of it, a line each.
  func change(
    _ operation: CloudOperation, observer: @escaping CloudObserver
  ) async throws(WarehouseError) -> [String]
}

/// What the Cluster screen shows.
struct WarehouseStatus: Equatable, Sendable {
  /// Every value of the configuration.
  var configuration: [ConfigurationEntry]
  /// What the server says of itself, the most important first: label and value.
  var facts: [ServerFact]
  /// Whether it can be reached, step by step.
  var reachability: [ReachabilityStep]
  /// `[PIPELINE] MAX_REJECTS` as it counts now.
  var maxRejects: Int
  /// The file that an editor would open; nil when there is none.
  var configurationPath: String?
  /// Where one can be made; nil when there is one.
  var newConfigurationPath: String?
  /// What was found out about the configuration beside its values: unknown keys, odd lines.
  var findings: [ConfigurationFinding] = []
  /// The warehouse in the cloud that the configuration is about; nil when it is about none.
  var cloudName: CloudName?
  /// How that stands; nil while that is not known.
  var cloud: CloudStatus?
  /// What provisioning would make; nil when the configuration does not say enough.
  var cloudPlan: String?
  /// After how long without use the cluster is paused; nil never.
  var pauseAfter: Duration?

  /// The same with what an earlier status knew and this one does not yet.
  func filled(from earlier: WarehouseStatus?) -> WarehouseStatus {
    guard let earlier, earlier.cloudName == cloudName else { return self }
    var filled = self
    if facts.isEmpty { filled.facts = earlier.facts }
    filled.cloud = cloud ?? earlier.cloud
    let known = Set(reachability.map(\.name))
    filled.reachability += earlier.reachability.filter { !known.contains($0.name) }
    return filled
  }
}

/// Something that the server says of itself.
struct ServerFact: Equatable, Sendable {
  var label: String
  var value: String
}

/// What can be done on the Cluster screen alone.
enum ClusterAction: Hashable, Sendable {
  case check, pause, resume, snapshot, resize, teardown, cancel, putOffPause
}

/// Answers to what the Cluster screen asked for.
enum ClusterMessage: Equatable, Sendable {
  /// A status as far as it is known.
  case statusGrew(Int, WarehouseStatus)
  case event(CloudEvent)
  case changed(Result<[String], WarehouseError>)
  /// How it stands now.
  case looked(Int, Result<CloudStatus?, WarehouseError>)
  /// A new configuration file lies at this path.
  case configurationCreated(String)
  /// What others do.
  case workFound(Int, Result<OtherWork, WarehouseError>)
}

/// What the Cluster screen asks for.
enum ClusterEffect: Equatable, Sendable {
  case change(CloudOperation)
  case cancelChange
  /// Write a new configuration file at this path.
  case createConfiguration(String)
  /// Ask AWS how it stands; the number comes back with the answer.
  case look(Int)
  /// Look what others do; the number comes back with the answer.
  case findWork(Int)
}
