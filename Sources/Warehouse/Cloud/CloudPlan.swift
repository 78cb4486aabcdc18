/// What a warehouse in the cloud shall be: what provisioning compares with what is there.
public struct CloudPlan: Sendable, Equatable {
  /// What computes.
  public enum Shape: Sendable, Equatable {
    /// Nodes that cost while they are not paused. No type takes the usual one.
    case cluster(nodeType: String?, nodes: Int)
    /// Capacity that costs while queries run, in Redshift processing units, on a namespace.
    case serverless(namespace: String, capacity: Int)
  }

  /// How the first user logs in.
  public enum Login: Sendable, Equatable {
    /// With the operator's password.
    case password(Secret)
    /// With a password that is made and written into `dwh_local.cfg`.
    case generated
    /// With temporary ones from AWS; the password that the API asks for is made and forgotten.
    case temporary
  }

  /// The role that the warehouse reads S3 with.
  public enum Role: Sendable, Equatable {
    /// Made by somebody else, and left alone.
    case given(arn: String)
    /// To be made under this name.
    case own(name: String)
  }

  /// The cluster's or the workgroup's name, in lower case.
  public var name: String
  /// The region.
  public var region: String
  /// What computes.
  public var shape: Shape
  /// The first database.
  public var database: String
  /// The first user.
  public var user: String
  /// The port.
  public var port: Int
  /// How the first user logs in.
  public var login: Login
  /// The role.
  public var role: Role
  /// The description of a role to be made.
  public var roleDescription: String
  /// A policy that the operator wants on the role besides the least one.
  public var policyARN: String?
  /// The security group.
  public var groupName: String
  /// Its description.
  public var groupDescription: String
  /// Who may reach it, as `address/bits`; nil asks for this machine's own address.
  public var addresses: String?
  /// The subnets; none takes those of the default network.
  public var subnets: [String]
  /// Whether it has an address on the internet, behind its security group.
  public var isPublic: Bool
  /// How many days the snapshots that AWS makes by itself are kept.
  public var snapshotDays: Int
  /// What the role may read, all keys that begin so.
  public var readable: [DataLocation]
  /// The one object that the role may read besides: the file that names an event's fields.
  public var readableFile: DataLocation?
  /// Where the operator writes what the warehouse shall read.
  public var writable: [DataLocation]
  /// How sources are packed anew; nil when they are not.
  public var restage: RestageSettings?
  /// Whether a temporary login asks AWS for a user by its name; else AWS takes the caller's.
  public var namesUser: Bool
  /// Whether a temporary login may make that user.
  public var createsUser: Bool
  /// Dollars an hour for each node or unit, instead of the list's; nil takes the list's.
  public var unitPrice: Double?
  /// Where temporary logins of a cluster lead; nil when none are asked for.
  var temporaryLogin: LoginPlace?
  /// How long to wait between two looks.
  public var poll: Duration

  /// A database of a cluster that a login is asked for.
  struct LoginPlace: Sendable, Equatable {
    var cluster: String
    var database: String
  }

  /// The subnet group of a cluster.
  var subnetGroup: String { name + "-subnets" }
  /// The parameter group of a cluster.
  var parameterGroup: String { name + "-parameters" }

  /// What marks everything that is made.
  var tags: [(key: String, value: String)] { [(Self.tag, name)] }

  /// The key of the tag whose value is the warehouse's name.
  static let tag = "sparkify:warehouse"

  /// `aws`, or the name of another partition, as ARNs begin with it.
  var partition: String { Self.partition(of: region) }

  static func partition(of region: String) -> String {
    if region.hasPrefix("cn-") { return "aws-cn" }
    return region.hasPrefix("us-gov-") ? "aws-us-gov" : "aws"
  }
}
