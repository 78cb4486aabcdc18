/// All settings, typed, and where each came from.
///
/// Our defaults lie under `dwh.cfg`, that under `dwh_local.cfg` beside it, that under the
/// environment, and that under `--set`. A blank or a placeholder in a file sets nothing; a blank
/// after `--set` takes a value back to its default.
public struct Configuration: Sendable {
  /// Where the warehouse is.
  public enum Target: Sendable, Equatable {
    /// A private cluster that the program makes and owns.
    case embedded
    /// The server of `server`.
    case server
  }

  /// `server` when a host or a service is configured.
  public var target: Target { server.host == nil && server.service == nil ? .embedded : .server }
  /// What the warehouse probably is, as far as the configuration tells; only `version()` is proof.
  ///
  /// A server counts as Redshift by its name or its port, or where a cluster, a workgroup or the role
  /// that Redshift reads S3 with is configured.
  public var likelyEngine: Engine {
    guard target == .server else { return asksForCloud ? .redshift : .postgres }
    let isRedshift =
      server.looksLikeRedshift || server.port == 5439 || role.arn != nil
      || cluster.identifier != nil || cluster.workgroup != nil
    return isRedshift ? .redshift : .postgres
  }
  /// Whether a warehouse at AWS is configured by its name, whether it is there or not.
  public var asksForCloud: Bool { cluster.identifier != nil || cluster.workgroup != nil }
  /// The server. Its user and password also serve a cluster that is still to be made.
  public internal(set) var server = ServerSettings()
  /// The role that a cluster reads S3 with.
  public internal(set) var role = RoleSettings()
  /// Where the data comes from.
  public internal(set) var sources = SourceSettings()
  /// Keys, region, endpoint.
  public internal(set) var aws = AWSSettings()
  /// The cluster to make.
  public internal(set) var cluster = ClusterSettings()
  /// Who may reach it.
  public internal(set) var network = NetworkSettings()
  /// How sources are packed anew before they are loaded; nil when they are not.
  public internal(set) var restage: RestageSettings?
  /// How the pipeline works.
  public internal(set) var pipeline = PipelineSettings()
  /// How tables lie on Redshift.
  public internal(set) var redshift = RedshiftSettings()
  /// How the console looks and answers.
  public internal(set) var console = ConsoleSettings()
  /// The folder with `initdb` and `postgres`; nil finds it.
  public internal(set) var binaries: String?

  /// The `dwh.cfg` that was read, an absolute path; nil when there is none.
  public internal(set) var path: String?
  /// The `dwh_local.cfg` that was read, an absolute path; nil when there is none.
  public internal(set) var localPath: String?
  /// Every setting, in a fixed order, set or not.
  public internal(set) var entries: [ConfigurationEntry] = []
  /// All notes and warnings; errors too when it comes from a report.
  public internal(set) var findings: [ConfigurationFinding] = []

  /// Reads the configuration. Blocks for a few small files.
  ///
  /// - Throws: `.configuration` with every error there is, when there is any.
  public static func load(
    _ options: ConfigurationOptions
  ) throws(WarehouseError) -> Configuration {
    let report = check(options)
    if let error = report.error { throw error }
    return report.configuration
  }

  /// Reads the configuration and tells everything about it, errors included. Blocks as `load`.
  public static func check(_ options: ConfigurationOptions) -> ConfigurationReport {
    var reader = ConfigurationReader(options)
    let configuration = reader.configuration()
    return ConfigurationReport(
      configuration: configuration, findings: configuration.findings)
  }

  /// Where a setting's value came from.
  public func origin(of key: ConfigurationKey) -> ConfigurationOrigin {
    entries.first { $0.id == key }?.origin ?? .standard
  }

  /// Everything that is set and no secret, for the record of a run: "SECTION.KEY" and value.
  public var record: [(key: String, value: String)] {
    entries.compactMap { entry in
      guard let value = entry.value, value != Self.mask else { return nil }
      return (entry.id.rawValue, value)
    }
  }

  /// What stands for a secret.
  static let mask = "•••"
}
