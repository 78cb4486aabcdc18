/// Where a warehouse in the cloud answers.
public struct CloudEndpoint: Sendable, Equatable {
  /// The name.
  public var host: String
  /// The port.
  public var port: Int

  /// A name and a port.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }
}

/// What can be done with a cluster or workgroup as it stands.
public enum CloudState: Sendable, Equatable {
  /// It answers.
  case available
  /// It is paused: storage costs, nodes do not.
  case paused
  /// It is on its way from one state to another, by AWS's word for it.
  case changing(String)
  /// It is being deleted.
  case leaving(String)
  /// It stays as it is until somebody acts, by AWS's word for it.
  case broken(String)

  /// AWS's states of a cluster (Redshift API reference, "Cluster", ClusterStatus).
  init(status: String, availability: String?) {
    let status = status.lowercased()
    switch status {
    case "available":
      let isReady = availability.map { $0.lowercased() == "available" } ?? true
      self = isReady ? .available : .changing(availability?.lowercased() ?? status)
    case "paused": self = .paused
    case "deleting", "final-snapshot": self = .leaving(status)
    case "hardware-failure", "storage-full": self = .broken(status)
    case _ where status.hasPrefix("incompatible-"): self = .broken(status)
    default: self = .changing(status)
    }
  }

  /// AWS's word for it.
  public var word: String {
    switch self {
    case .available: "available"
    case .paused: "paused"
    case .changing(let word), .leaving(let word), .broken(let word): word
    }
  }
}

/// A role as a cluster holds it.
public struct CloudClusterRole: Sendable, Equatable {
  /// Its ARN.
  public var arn: String
  /// `in-sync` when it can be used.
  public var status: String
}

/// A Redshift cluster as AWS describes it.
public struct CloudCluster: Sendable, Equatable {
  /// Its identifier, in lower case.
  public var name: String
  /// What can be done with it.
  public var state: CloudState
  /// Its kind of node.
  public var nodeType: String
  /// How many nodes.
  public var nodeCount: Int
  /// Where it answers; nil while it is being made.
  public var endpoint: CloudEndpoint?
  /// Its first database.
  public var database: String?
  /// Its first user.
  public var user: String?
  /// When it was made.
  public var created: Timestamp?
  /// Whether it is encrypted at rest.
  public var isEncrypted: Bool
  /// Whether it has an address on the internet.
  public var isPublic: Bool
  /// How many days the snapshots that AWS makes by itself are kept.
  public var snapshotDays: Int
  /// The network that it lies in.
  public var network: String?
  /// Its security groups.
  public var securityGroups: [String]
  /// Its parameter groups.
  public var parameterGroups: [String]
  /// Its subnet group.
  public var subnetGroup: String?
  /// Its roles.
  public var roles: [CloudClusterRole]
  /// Its tags.
  public var tags: [String: String]
  /// What it is changing into, when AWS says so: "2 nodes".
  public var pending: [String]
  /// How far a resize is, in percent; nil when there is none.
  public var resizePercent: Int?
}

/// A snapshot of a warehouse in the cloud: it stays, and costs, until somebody deletes it.
public struct CloudSnapshot: Sendable, Equatable {
  /// Its name.
  public var name: String
  /// What it is a snapshot of.
  public var source: String
  /// AWS's word for how it stands: `available`, `creating`.
  public var status: String
  /// Whether a person asked for it. AWS deletes the others with the cluster.
  public var isManual: Bool
  /// When it was made.
  public var created: Timestamp?
  /// Its size in bytes; nil when AWS does not say.
  public var bytes: Int?
}

/// A serverless warehouse as AWS describes it.
public struct CloudWorkgroup: Sendable, Equatable {
  /// Its name.
  public var name: String
  /// The namespace that it works on.
  public var namespace: String
  /// Its ARN.
  public var arn: String
  /// What can be done with it.
  public var state: CloudState
  /// Its capacity, in Redshift processing units.
  public var baseCapacity: Int?
  /// Where it answers; nil while it is being made.
  public var endpoint: CloudEndpoint?
  /// When it was made.
  public var created: Timestamp?
  /// Whether it has an address on the internet.
  public var isPublic: Bool
  /// Its security groups.
  public var securityGroups: [String]
  /// Its subnets.
  public var subnets: [String]
  /// The parameters of its server.
  public var parameters: [String: String]
}

/// The data of a serverless warehouse as AWS describes it.
public struct CloudNamespace: Sendable, Equatable {
  /// Its name.
  public var name: String
  /// Its ARN.
  public var arn: String
  /// What can be done with it.
  public var state: CloudState
  /// Its first database.
  public var database: String?
  /// Its first user.
  public var user: String?
  /// The ARNs of its roles.
  public var roles: [String]
  /// When it was made.
  public var created: Timestamp?
}
