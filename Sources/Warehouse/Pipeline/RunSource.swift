/// Turns a configuration into the settings of a run, which loads sample data when it names no
/// source.
public struct RunSource: Sendable {
  private let configuration: Configuration
  private let stateFolder: StateFolder
  private let observer: StatementObserver?

  /// The sources of a configuration.
  ///
  /// - Parameter observer: hears of the calls to AWS, where a source lies in a bucket.
  public init(
    _ configuration: Configuration, _ stateFolder: StateFolder,
    observer: StatementObserver? = nil
  ) {
    self.configuration = configuration
    self.stateFolder = stateFolder
    self.observer = observer
  }

  /// Whether the run reads the sample.
  public var isSample: Bool {
    configuration.sources.logData == nil && configuration.sources.songData == nil
  }

  /// Where the sample lies.
  public var sampleFolder: String { stateFolder.path + "/sample" }

  /// The settings of a run. Its first stage that reads the sample makes it.
  ///
  /// - Parameter report: hears what AWS shows to be wrong with this machine.
  /// - Throws: `.configuration` when one of the two sources is missing.
  public func settings(
    _ overrides: RunOverrides? = nil, report: @escaping @Sendable (String) -> Void
  ) throws(WarehouseError) -> RunSettings {
    var settings = try plannedSettings(overrides, report: report)
    guard isSample else { return settings }
    settings.makeSources = { log throws(WarehouseError) in try await makeSample(log) }
    return settings
  }

  /// Makes the sample where it is missing.
  ///
  /// - Parameter report: hears what takes long.
  public func makeSample(_ report: @Sendable (String) -> Void) async throws(WarehouseError) {
    if !FileSystem.exists(sampleFolder) { report("making sample data in \(sampleFolder)") }
    _ = try await Sample.make(SampleOptions(), in: sampleFolder)
  }

  /// The settings as they will be; nothing is made.
  ///
  /// - Parameter report: hears what AWS shows to be wrong with this machine.
  public func plannedSettings(
    _ overrides: RunOverrides? = nil, report: (@Sendable (String) -> Void)? = nil
  ) throws(WarehouseError) -> RunSettings {
    let configuration = overrides.map(configuration.overridden(by:)) ?? configuration
    let sources = configuration.sources
    let events =
      isSample
      ? sampleFolder + "/log_data"
      : try path(of: sources.logData, named: .logData, beside: "songs")
    let songs =
      isSample
      ? sampleFolder + "/song_data"
      : try path(of: sources.songData, named: .songData, beside: "events")
    var settings = RunSettings(
      eventSource: events, songSource: songs,
      maxRejects: configuration.pipeline.maxRejects,
      maxRecordBytes: configuration.pipeline.maxRecordBytes,
      connections: configuration.pipeline.connections, readers: configuration.pipeline.readers,
      startedBy: Account.current, configuration: configuration.record,
      aws: AWSClient(configuration.aws, observer: observer, notice: report),
      restage: configuration.restage)
    settings.copy = CopySettings(
      roleARN: configuration.role.arn, work: sources.work, eventPaths: sources.logJSONPath,
      owner: configuration.copyOwner)
    settings.redshift = configuration.redshift
    return settings
  }

  /// The settings as they will be, with what would be asked of AWS before, where the configuration
  /// names a warehouse there. Nothing is asked.
  ///
  /// - Throws: as `plannedSettings`; `.configuration` for what AWS would refuse.
  public func rehearsedSettings(
    _ overrides: RunOverrides? = nil
  ) throws(WarehouseError) -> RunSettings {
    var settings = try plannedSettings(overrides)
    if let login = TemporaryLogin(configuration, isRehearsed: true) {
      settings.login = ["-- call: \(login.call)"]
    }
    guard configuration.asksForCloud else { return settings }
    var role: String?
    let plan = try CloudDryRun(configuration, from: .nothing) { cloud throws(WarehouseError) in
      role = try cloud.provision(Cancellation()).roleARN
    }
    // COPY will name the role that is made, not the cluster's default one.
    settings.copy.roleARN = settings.copy.roleARN ?? role
    let title =
      configuration.target == .server
      ? "-- where the warehouse does not answer, and is missing or paused, ask AWS:"
      : "-- ask AWS for the warehouse:"
    settings.provisioning = [title] + plan.calls.map { "--   " + $0 }
    return settings
  }

  private func path(
    of location: DataLocation?, named key: ConfigurationKey, beside other: String
  ) throws(WarehouseError) -> String {
    switch location {
    case .path, .s3: return location?.text ?? ""
    case nil:
      throw WarehouseError(
        .configuration, "there is no \(key.rawValue)",
        detail: "the configuration names a source for the \(other) only",
        hint: "Name both sources, or none to load sample data.")
    }
  }
}
