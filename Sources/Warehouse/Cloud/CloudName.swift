/// The warehouse in the cloud that a configuration is about.
public enum CloudName: Sendable, Equatable {
  case cluster(String)
  case workgroup(String)

  /// What the configuration names, or what the host's name tells; nil when neither is of Redshift.
  public init?(_ configuration: Configuration) {
    let cluster = configuration.cluster
    let host = configuration.server.host.flatMap(RedshiftHost.init)
    switch (cluster.workgroup, cluster.identifier, host) {
    case (let workgroup?, _, _): self = .workgroup(workgroup.lowercased())
    case (nil, let identifier?, _): self = .cluster(identifier.lowercased())
    case (nil, nil, let host?):
      self = host.isServerless ? .workgroup(host.name) : .cluster(host.name)
    case (nil, nil, nil): return nil
    }
  }

  /// The name alone.
  public var text: String {
    switch self {
    case .cluster(let name), .workgroup(let name): name
    }
  }

  /// "the cluster dwh"
  var title: String {
    switch self {
    case .cluster(let name): "the cluster \(name)"
    case .workgroup(let name): "the workgroup \(name)"
    }
  }

  /// The settings to ask AWS with: in the warehouse's own region, where its host's name tells it.
  static func settings(_ configuration: Configuration) -> AWSSettings {
    var settings = configuration.aws
    settings.region = host(of: configuration)?.region ?? settings.region
    return settings
  }

  /// The same for what makes and deletes. A flag is the word of somebody who is there: where it says
  /// another region than the host's name, nobody knows which warehouse is meant.
  ///
  /// - Throws: `.configuration` then.
  static func lifecycleSettings(
    _ configuration: Configuration
  ) throws(WarehouseError) -> AWSSettings {
    if case .flag(let flag) = configuration.origin(of: .region),
      let asked = configuration.aws.region, let host = host(of: configuration),
      host.region != asked
    {
      throw WarehouseError(
        .configuration, "could not tell which warehouse \(host.name) is meant",
        detail: "\(flag) says \(asked), and HOST is in \(host.region)",
        hint: "Leave \(flag) out; or use a dwh.cfg without HOST for a warehouse in \(asked).")
    }
    return settings(configuration)
  }

  /// What the host's name tells, where it names the warehouse that is configured.
  private static func host(of configuration: Configuration) -> RedshiftHost? {
    guard let host = configuration.server.host.flatMap(RedshiftHost.init),
      CloudName(configuration)?.text == host.name
    else { return nil }
    return host
  }
}

/// What the name of a Redshift host tells: `name.hash.region.redshift.amazonaws.com`, or
/// `workgroup.account.region.redshift-serverless.amazonaws.com`.
struct RedshiftHost: Equatable {
  let name: String
  let region: String
  let isServerless: Bool

  /// Nil when the host is named otherwise.
  init?(_ host: String) {
    let labels = host.lowercased().split(separator: ".").map(String.init)
    guard labels.count >= 6, labels[4] == "amazonaws",
      ["redshift", "redshift-serverless"].contains(labels[3]), AWSRegion.isRegion(labels[2])
    else { return nil }
    name = labels[0]
    region = labels[2]
    isServerless = labels[3] == "redshift-serverless"
  }
}
