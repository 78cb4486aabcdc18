/// Every setting that there is, under its canonical `SECTION.KEY`.
///
/// The public Sparkify projects spell most of them in several ways; `ConfigurationKey.aliases`
/// lists which are read.
public enum ConfigurationKey: String, Sendable, CaseIterable {
  /// The server; none means the embedded warehouse.
  case host = "CLUSTER.HOST"
  /// The server's port.
  case port = "CLUSTER.DB_PORT"
  /// The database.
  case database = "CLUSTER.DB_NAME"
  /// The user.
  case user = "CLUSTER.DB_USER"
  /// The user's password.
  case password = "CLUSTER.DB_PASSWORD"
  /// A section of libpq's service file.
  case service = "CLUSTER.SERVICE"
  /// libpq's `sslmode`.
  case sslMode = "CLUSTER.SSLMODE"
  /// The certificates that a server's must lead to.
  case sslRootCertificate = "CLUSTER.SSLROOTCERT"
  /// libpq's password file.
  case passFile = "CLUSTER.PASSFILE"
  /// Whether a login by AWS may make the user.
  case autoCreateUser = "CLUSTER.AUTO_CREATE_USER"
  /// How long a login by AWS holds, in seconds.
  case loginSeconds = "CLUSTER.LOGIN_SECONDS"
  /// After how long a cluster that nobody uses is paused.
  case pauseAfter = "CLUSTER.PAUSE_AFTER"
  /// What a node costs, in dollars an hour.
  case nodePrice = "CLUSTER.NODE_PRICE"
  /// Where a Redshift password comes from.
  case login = "CLUSTER.LOGIN"

  /// The role that the cluster reads S3 with.
  case roleARN = "IAM_ROLE.ARN"
  /// The role to make.
  case roleName = "IAM_ROLE.NAME"
  /// The policy that the role gets.
  case policyARN = "IAM_ROLE.POLICY_ARN"
  /// The role's description.
  case roleDescription = "IAM_ROLE.DESCRIPTION"

  /// User activity.
  case logData = "S3.LOG_DATA"
  /// How Redshift finds an event's fields.
  case logJSONPath = "S3.LOG_JSONPATH"
  /// The catalogue.
  case songData = "S3.SONG_DATA"
  /// The bucket that relative sources lie in.
  case bucket = "S3.BUCKET"
  /// Where the pipeline puts what Redshift's COPY is told in files.
  case work = "S3.WORK"

  /// The access key.
  case accessKey = "AWS.KEY"
  /// The secret of the access key.
  case secretKey = "AWS.SECRET"
  /// The token of a temporary access key.
  case sessionToken = "AWS.TOKEN"
  /// The region.
  case region = "AWS.REGION"
  /// The profile of the shared AWS files.
  case profile = "AWS.PROFILE"
  /// Where AWS is asked instead of at its own addresses.
  case endpoint = "AWS.ENDPOINT_URL"
  /// Whether requests go without a signature.
  case anonymous = "AWS.ANONYMOUS"

  /// One node or several.
  case clusterType = "DWH.DWH_CLUSTER_TYPE"
  /// How many nodes.
  case nodeCount = "DWH.DWH_NUM_NODES"
  /// What kind of node.
  case nodeType = "DWH.DWH_NODE_TYPE"
  /// The cluster's name.
  case clusterIdentifier = "DWH.DWH_CLUSTER_IDENTIFIER"
  /// A serverless workgroup instead of a cluster.
  case workgroup = "DWH.DWH_WORKGROUP"
  /// The workgroup's capacity.
  case baseCapacity = "DWH.DWH_BASE_CAPACITY"
  /// The namespace that the workgroup works on.
  case namespace = "DWH.DWH_NAMESPACE"
  /// The subnets that the cluster may lie in.
  case subnets = "DWH.DWH_SUBNETS"
  /// Whether the cluster has an address on the internet.
  case isPublic = "DWH.DWH_PUBLIC"
  /// How long the snapshots that AWS makes by itself are kept.
  case snapshotDays = "DWH.DWH_SNAPSHOT_DAYS"
  /// How long to wait between two looks at a cluster that changes.
  case pollSeconds = "DWH.DWH_POLL_SECONDS"

  /// The security group to make.
  case groupName = "SECURITY_GROUP.NAME"
  /// Its description.
  case groupDescription = "SECURITY_GROUP.DESCRIPTION"
  /// The protocol that is let in.
  case ruleProtocol = "INBOUND_RULE.PROTOCOL"
  /// The ports that are let in.
  case rulePorts = "INBOUND_RULE.PORT_RANGE"
  /// The addresses that are let in.
  case ruleAddresses = "INBOUND_RULE.CIDRIP"

  /// Where restaged files go; none means that nothing is restaged.
  case restageOutput = "RESTAGE.OUTPUT"
  /// How many files a source becomes.
  case restageFiles = "RESTAGE.FILES"
  /// How many slices read them.
  case restageSlices = "RESTAGE.SLICES"
  /// How they are compressed.
  case restageCompression = "RESTAGE.COMPRESSION"
  /// What restages.
  case restageEngine = "RESTAGE.ENGINE"
  /// Where spark-submit is.
  case spark = "RESTAGE.SPARK"
  /// The EMR cluster that gets a step.
  case emrCluster = "RESTAGE.EMR_CLUSTER"
  /// The EMR Serverless application that runs a job.
  case emrApplication = "RESTAGE.EMR_APPLICATION"
  /// The role that the job runs as.
  case emrRole = "RESTAGE.EMR_ROLE"

  /// How many rejects a stage bears.
  case maxRejects = "PIPELINE.MAX_REJECTS"
  /// The longest record, in bytes.
  case maxRecordBytes = "PIPELINE.MAX_RECORD_BYTES"
  /// How many connections load at once.
  case connections = "PIPELINE.CONNECTIONS"
  /// How many files are read at once.
  case readers = "PIPELINE.READERS"

  /// How Redshift spreads the fact.
  case distribution = "REDSHIFT.DISTKEY"
  /// What Redshift sorts the fact by.
  case sortKey = "REDSHIFT.SORTKEY"
  /// How Redshift spreads the dimensions.
  case dimensions = "REDSHIFT.DIMENSIONS"
  /// Whether tables state how Redshift stores each column.
  case encoding = "REDSHIFT.ENCODING"

  /// Whether the mouse works.
  case mouse = "CONSOLE.MOUSE"
  /// Which colours.
  case theme = "CONSOLE.THEME"
  /// Whether only ASCII is drawn.
  case ascii = "CONSOLE.ASCII"
  /// Redraws a second, at most.
  case frameRate = "CONSOLE.FRAME_RATE"

  /// The folder with `initdb` and `postgres`.
  case binaries = "EMBEDDED.BINARIES"

  /// The canonical section.
  public var section: String { String(rawValue.prefix { $0 != "." }) }
  /// The canonical name within the section.
  public var name: String { String(rawValue.drop { $0 != "." }.dropFirst()) }

  /// Whether the value must never be shown.
  public var isSecret: Bool {
    switch self {
    case .password, .accessKey, .secretKey, .sessionToken: true
    default: false
    }
  }

  /// The environment variables that set it; the first that is set counts.
  var variables: [String] {
    switch self {
    case .host: ["PGHOST"]
    case .port: ["PGPORT"]
    case .database: ["PGDATABASE"]
    case .user: ["PGUSER"]
    case .password: ["PGPASSWORD"]
    case .service: ["PGSERVICE"]
    case .sslMode: ["PGSSLMODE"]
    case .sslRootCertificate: ["PGSSLROOTCERT"]
    case .passFile: ["PGPASSFILE"]
    case .accessKey: ["AWS_ACCESS_KEY_ID"]
    case .secretKey: ["AWS_SECRET_ACCESS_KEY"]
    case .sessionToken: ["AWS_SESSION_TOKEN"]
    case .region: ["AWS_REGION", "AWS_DEFAULT_REGION"]
    case .profile: ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]
    case .endpoint: ["AWS_ENDPOINT_URL"]
    default: []
    }
  }
}
