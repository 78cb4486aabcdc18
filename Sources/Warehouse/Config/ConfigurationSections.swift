import Glibc

/// The server, as configured. Nil fields are for libpq to decide.
public struct ServerSettings: Sendable, Equatable {
  /// A name, an address, or the folder of a Unix socket.
  public var host: String?
  /// The port.
  public var port: Int?
  /// The database.
  public var database: String?
  /// The user.
  public var user: String?
  /// The user's password.
  public var password: Secret?
  /// A section of libpq's service file.
  public var service: String?
  /// `verify-full` for a Redshift host that says nothing else.
  public var sslMode: SSLMode?
  /// The path of the certificates that a server's must lead to.
  public var sslRootCertificate: String?
  /// The path of libpq's password file.
  public var passFile: String?
  /// Where a Redshift password comes from; nil when nobody said.
  public var login: LoginKind?
  /// Whether the host's name is one that Redshift gives. Only `version()` is proof.
  public var looksLikeRedshift = false
}

/// The role that a cluster reads S3 with.
public struct RoleSettings: Sendable, Equatable {
  /// The role; nil until it is made.
  public var arn: String?
  /// The name of the role to make.
  public var name: String?
  /// The policy that it gets.
  public var policyARN: String?
  /// Its description.
  public var description: String?
}

/// Where the data comes from. Nil means the sample data.
public struct SourceSettings: Sendable, Equatable {
  /// User activity.
  public var logData: DataLocation?
  /// The catalogue.
  public var songData: DataLocation?
  /// How Redshift finds an event's fields.
  public var logJSONPath: JSONPaths?
  /// Where the pipeline may write manifests for Redshift: a bucket and the beginning of keys, which
  /// ends with a slash. Nil when there is no such place.
  public var work: DataLocation?
}

/// What the configuration says about AWS; the credential chain starts from it.
public struct AWSSettings: Sendable, Equatable {
  /// The access key.
  public var accessKey: Secret?
  /// Its secret.
  public var secretKey: Secret?
  /// Its token. Nil when it was set in another place than the key: the two never mix.
  public var sessionToken: Secret?
  /// The region.
  public var region: String?
  /// The profile of the shared files.
  public var profile: String?
  /// Where AWS is asked instead of at its own addresses.
  public var endpoint: String?
  /// Whether requests go without a signature: public buckets alone answer them.
  public var isAnonymous = false
  /// Whether the profile was said louder than the keys: by a flag, or by the environment over a file.
  var prefersProfile = false
  /// Whether the endpoint is a flag's: it then counts for every service.
  var endpointIsFlag = false
  /// What else AWS's tools look at.
  public var surroundings = AWSSurroundings()
}

/// The cluster or workgroup to make.
public struct ClusterSettings: Sendable, Equatable {
  /// One node or several.
  public var type: ClusterType?
  /// How many nodes.
  public var nodeCount: Int?
  /// What kind of node.
  public var nodeType: String?
  /// Its name.
  public var identifier: String?
  /// A serverless workgroup instead.
  public var workgroup: String?
  /// The workgroup's capacity, in Redshift processing units.
  public var baseCapacity: Int?
  /// The namespace that the workgroup works on; nil has the workgroup's name.
  public var namespace: String?
  /// The identifiers of the subnets that it may lie in; none takes those of the default network.
  public var subnets: [String] = []
  /// Whether it has an address on the internet, behind its security group.
  public var isPublic = true
  /// How many days the snapshots that AWS makes by itself are kept.
  public var snapshotDays = 1
  /// How long to wait between two looks at a cluster that changes, in seconds.
  public var pollSeconds = 15
  /// How the console logs in where no password is set.
  public var login = LoginSettings()
  /// How long nobody may use the cluster until the console pauses it; nil never pauses.
  public var pauseAfter: Duration?
  /// What a node, or a processing unit, costs in dollars an hour; nil takes the list price.
  public var unitPrice: Double?
}

/// A login by AWS instead of a password.
public struct LoginSettings: Sendable, Equatable {
  /// Whether it may make the user.
  public var createsUser = false
  /// How long it holds, in seconds; AWS takes 900 to 3600.
  public var seconds = 3600
}

/// Who may reach the cluster.
public struct NetworkSettings: Sendable, Equatable {
  /// The security group to make.
  public var groupName: String?
  /// Its description.
  public var groupDescription: String?
  /// The protocol that is let in.
  public var ruleProtocol: String?
  /// The ports that are let in.
  public var ports: ClosedRange<Int>?
  /// The addresses that are let in, as `address/bits`.
  public var addresses: String?
}

/// How the pipeline works.
public struct PipelineSettings: Sendable, Equatable {
  /// How many rejects a stage bears before it fails.
  public var maxRejects = 0
  /// A longer record is a reject.
  public var maxRecordBytes = 16 << 20
  /// How many connections load at once.
  public var connections = usualConnections
  /// How many files are read at once, at most; nil for what suits the place where they lie.
  public var readers: Int?

  /// Two: further ones gain little, as reading is then the slower part. One where there is but
  /// one processor, as it needs the least work in all.
  public static let usualConnections = sysconf(Int32(_SC_NPROCESSORS_ONLN)) > 1 ? 2 : 1
}

/// How tables lie on Redshift.
public struct RedshiftSettings: Sendable, Equatable {
  /// How the fact is spread over the slices.
  public enum Distribution: String, Sendable, CaseIterable {
    /// By the song: plays lie beside their songs. Plays of no song share a slice.
    case songID = "song_id"
    /// By the artist.
    case artistID = "artist_id"
    /// By the user.
    case userID = "user_id"
    /// Evenly.
    case even
    /// A copy on every node.
    case all
    /// As Redshift sees fit, and changes it.
    case auto
  }

  /// What the fact is sorted by.
  public enum SortKey: String, Sendable, CaseIterable {
    /// The time of the play.
    case startTime = "start_time"
    /// The user.
    case userID = "user_id"
    /// The song.
    case songID = "song_id"
    /// The artist.
    case artistID = "artist_id"
    /// As Redshift sees fit, and changes it.
    case auto
  }

  /// How the dimensions are spread that are not spread with the fact.
  public enum Dimensions: String, Sendable, CaseIterable {
    /// A copy on every node.
    case all
    /// Evenly.
    case even
    /// As Redshift sees fit, and changes it.
    case auto
  }

  /// Who says how columns are stored.
  public enum Encoding: String, Sendable, CaseIterable {
    /// The table's definition.
    case stated
    /// Redshift, and it changes it.
    case auto
  }

  /// How the fact is spread over the slices.
  public var distribution = Distribution.songID
  /// What the fact is sorted by.
  public var sortKey = SortKey.startTime
  /// How the dimensions are spread that are not spread with the fact.
  public var dimensions = Dimensions.all
  /// Who says how columns are stored.
  public var encoding = Encoding.stated

  /// The usual design.
  public init() {}
}

/// How the console looks and answers.
public struct ConsoleSettings: Sendable, Equatable {
  /// Whether the mouse works.
  public var mouse = true
  /// Which colours.
  public var theme = ConsoleTheme.auto
  /// Whether only ASCII is drawn.
  public var ascii = AutomaticChoice.auto
  /// Redraws a second, at most.
  public var frameRate = 30
}
