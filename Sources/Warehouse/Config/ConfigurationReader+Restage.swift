/// The section of restaging.
extension ConfigurationReader {
  mutating func restage(_ configuration: Configuration) -> RestageSettings? {
    let output = source(.restageOutput, bucket: nil)
    // Without an output nothing is restaged, and no default means anything.
    let isUsed = output != nil
    let files = number(.restageFiles, in: 1...RestageSettings.mostFiles)
    let slices = number(.restageSlices, in: 1...RestageSettings.mostFiles)
    let compression = word(
      .restageCompression, standard: isUsed ? RestageCompression.gzip : nil)
    let engine = word(.restageEngine, standard: isUsed ? RestageEngine.native : nil)
    let spark = path(.spark)
    let cluster = identifier(.emrCluster)
    let application = applicationID()
    let role = arn(.emrRole, of: ":role/", "arn:aws:iam::123456789012:role/emrJobRole")
    guard let output else { return nil }
    refuseOverlap(of: output, with: configuration.sources)
    var restage = RestageSettings(output: output)
    restage.files = files
    restage.slices = slices ?? configuration.cluster.sliceCount
    restage.asksForSlices = slices == nil && files == nil
    restage.compression = compression ?? .gzip
    restage.engine = engine ?? .native
    restage.spark = spark
    restage.emrCluster = cluster
    restage.emrApplication = application
    restage.emrRole = role
    requireJobSettings(restage)
    return restage
  }

  /// What EMR cannot do without.
  private mutating func requireJobSettings(_ restage: RestageSettings) {
    var missing: [ConfigurationKey] = []
    switch restage.engine {
    case .native, .spark: break
    case .emr: if restage.emrCluster == nil { missing = [.emrCluster] }
    case .emrServerless:
      if restage.emrApplication == nil { missing.append(.emrApplication) }
      if restage.emrRole == nil { missing.append(.emrRole) }
    }
    guard let setting = layers.setting(.restageEngine) else { return }
    for key in missing {
      findings.append(
        ConfigurationFinding(
          .error, setting.origin, "\(restage.engine.rawValue) needs \(key.rawValue)",
          hint: "Set it, or take another RESTAGE.ENGINE.", key: .restageEngine))
    }
  }

  private mutating func applicationID() -> String? {
    read(.emrApplication, hint: "It reads like 00fabcdefghij123.") { text in
      text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
        ? text : nil
    }
  }

  /// A source that held restaged files would be read twice as much at the next run.
  private mutating func refuseOverlap(of output: DataLocation, with sources: SourceSettings) {
    guard let setting = layers.setting(.restageOutput) else { return }
    for source in [sources.logData, sources.songData].compactMap({ $0 })
    where output.folderText.hasPrefix(source.folderText) {
      findings.append(
        ConfigurationFinding(
          .error, setting.origin, "\(output.text.shown) lies in a source, \(source.text.shown)",
          hint: "Name a place outside of the sources: what is written there would be read as data.",
          key: .restageOutput))
    }
  }
}

extension DataLocation {
  /// With a slash at the end of a path; of a bucket, what keys begin with.
  fileprivate var folderText: String {
    switch self {
    case .path(let path): path.hasSuffix("/") ? path : path + "/"
    case .s3: text
    }
  }
}

extension ClusterSettings {
  /// How many slices it has, by its node type ("Amazon Redshift provisioned clusters", Amazon
  /// Redshift Management Guide); two a node where the type is not known.
  var sliceCount: Int {
    let perNode =
      switch nodeType {
      case "ra3.4xlarge": 4
      case "ra3.16xlarge", "dc2.8xlarge": 16
      default: 2
      }
    return min((nodeCount ?? 2) * perNode, RestageSettings.mostFiles)
  }
}
